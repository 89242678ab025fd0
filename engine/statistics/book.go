package statistics

import (
	"maps"
	"slices"
	"sync"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Book answers questions over an engine's record. It remembers the facts that it read, and before each answer follows the
// ledger for the cases that moved since; nothing of it is kept. It is used concurrently.
type Book struct {
	Engine   *engine.Engine
	Measures []Measure

	mu sync.RWMutex
	memory
	since   string // the first month that was read; "" none
	mark    ledger.Mark
	texts   listing.Intern
	damaged map[casefile.CaseID]string
}

// New makes the book of an office.
func New(e *engine.Engine, measures []Measure) *Book { return &Book{Engine: e, Measures: measures} }

// Procedures are those of which cases may be counted.
func (b *Book) Procedures() []procedure.WorkflowID {
	var ids []procedure.WorkflowID
	for _, ed := range b.Engine.Workflows() {
		ids = append(ids, ed.Def.ID)
	}
	return ids
}

// read brings the memory up to date, and back to a day. What is done after a day is needed to tell what was open on it, so
// everything from its month on is read.
func (b *Book) read(from calendar.Date) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since != "" {
		news, err := b.Engine.Since(b.mark)
		if err != nil {
			return err
		}
		if news.Lost || news.Office { // other days may be due now
			b.since = ""
		} else {
			for _, id := range news.Cases {
				b.again(id)
			}
			b.mark = news.To
		}
	}
	if b.since == "" {
		mark, err := b.Engine.LastRow()
		if err != nil {
			return err
		}
		b.memory, b.texts = newMemory(), listing.Intern{}
		b.damaged, b.mark = map[casefile.CaseID]string{}, mark
	}
	month := listing.Month(from)
	if b.since != "" && b.since <= month {
		return nil
	}
	if err := b.scan(month, b.since); err != nil {
		b.since = ""
		return err
	}
	b.since = month
	return nil
}

// scan reads the facts of the months from one on and before another; "" has no end.
func (b *Book) scan(from, to string) error {
	last, err := b.Engine.Store.Counter(ledger.CounterCase)
	if err != nil {
		return err
	}
	scan := ledger.Scan{Index: listing.IndexFact, From: from, To: to, Limit: 5000}
	for {
		es, err := b.Engine.Store.Scan(scan)
		if err != nil {
			return err
		}
		for _, en := range es {
			id := casefile.CaseID(procedure.Int(en.ID))
			if b.facts.has(id) {
				continue // it stands under several months, or has moved since
			}
			f, err := listing.ReadFact(en.Value, b.texts)
			if err != nil || f.Case != id || uint64(id) > last {
				b.damaged[id] = "row"
				continue
			}
			b.keep(factOf(b.words, &f))
		}
		if len(es) < scan.Limit {
			return nil
		}
		scan.After = es[len(es)-1].Cursor
	}
}

func (b *Book) keep(f fact) {
	delete(b.damaged, f.id)
	b.put(&f)
}

// again reads one case that moved.
func (b *Book) again(id casefile.CaseID) {
	d, err := b.Engine.Read(id)
	if err != nil {
		b.damaged[id] = err.Error()
		return
	}
	day := d.Case.LastDay()
	f := listing.FactOf(rules.NewView(d.Edition, b.Engine.Office(), d.Case, day, day))
	b.keep(factOf(b.words, &f))
}

// unread are the cases that are not counted, in order.
func (b *Book) unread() []Damaged {
	var out []Damaged
	for _, id := range slices.Sorted(maps.Keys(b.damaged)) {
		if !b.facts.has(id) {
			out = append(out, Damaged{id, b.damaged[id]})
		}
	}
	return out
}

// Answer counts. Its error is the fault of the question, or of the store.
func (b *Book) Answer(q Query) (*Figures, error) {
	q.Known = b.Procedures()
	if err := q.Fault(); err != nil {
		return nil, err
	}
	q.To = min(q.To, b.Engine.Today()) // what is due later is not late yet
	if err := b.read(q.From); err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := b.count(q)
	out.Damaged = b.unread()
	return out, nil
}

// Cases are the cases behind a figure, the newest first, each with what it adds to it.
func (b *Book) Cases(x Behind) ([]Part, error) {
	x.Known = b.Procedures()
	if err := x.Fault(); err != nil {
		return nil, err
	}
	x.To = min(x.To, b.Engine.Today())
	if err := b.read(x.From); err != nil {
		return nil, err
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []Part
	b.behind(&x)
	for f := range b.facts.all {
		if !x.of(f.class[0]) {
			continue
		}
		if n := b.adds(&x, f); n != 0 {
			out = append(out, Part{f.id, n})
		}
	}
	slices.SortFunc(out, func(x, y Part) int { return int(y.Case) - int(x.Case) })
	return out, nil
}

// Part is a case with what it adds to a figure.
type Part struct {
	Case casefile.CaseID
	N    int64
}

// behind says the question in the words' numbers.
func (m *memory) behind(x *Behind) {
	m.prepare(&x.Query)
	if x.on = x.To; x.timed() && !x.Total {
		x.on = x.lastDay(m.words, x.Key)
	}
}

// adds is what a fact adds to the figure that is asked about.
func (m *memory) adds(x *Behind, f *fact) (n int64) {
	within := func(d calendar.Date) bool { return d != 0 && d >= x.From && d <= x.To }
	at := index(x.Measure)
	counts := func(day calendar.Date, v int64) {
		dim := max(0, min(x.axis, timeless-1))
		if x.Total || x.key(m.words, x.row(f.class[dim], day)) == x.Key {
			n += v
		}
	}
	switch {
	case x.Measure == OfClock:
		for i := range f.runs {
			r := &f.runs[i]
			if m.words.Text[r.clock] != x.Row {
				continue
			}
			day, kept := r.verdict()
			n += bit(x.Column == ColumnDone && within(r.done) || x.Column == ColumnKept && kept && within(day) || x.Column == ColumnLate && !kept && within(day))
		}
	case x.Measure == OfGate:
		for i := range f.gates {
			g := &f.gates[i]
			n += bit(within(g.day) && m.words.Text[g.post] == x.Row && (x.Column == ColumnSigned || g.back))
		}
	case x.Measure == OfPenalty:
		for i := range f.charges {
			if c := &f.charges[i]; within(f.decided) && m.words.Text[c.class] == x.Row {
				n += map[string]int64{ColumnViolations: 1, ColumnFined: c.fine, ColumnTook: c.took}[x.Column]
			}
		}
	case at == openAt:
		if on := x.on; f.opened != 0 && f.opened <= on && (f.ended == 0 || f.ended > on) {
			counts(on, 1)
		}
	case at >= 0:
		counters[at].each(f, func(day calendar.Date, v int64) {
			if within(day) {
				counts(day, v)
			}
		})
	}
	return n
}

// The measures of the tables of clocks, of gates and of penalties.
const (
	OfClock   = "clock"
	OfGate    = "gate"
	OfPenalty = "penalty"
)

// Their columns.
const (
	ColumnDone     = "done"
	ColumnKept     = "in-time"
	ColumnLate     = "late"
	ColumnSigned   = "signed"
	ColumnReturned = "sent-back"

	ColumnViolations = "punished"
	ColumnFined      = "sum-fined"
	ColumnTook       = "sum-taken"
)
