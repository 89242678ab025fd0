package engine

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// News is what the ledgers name after a mark.
type News struct {
	Cases  []casefile.CaseID // each once, in the order in which they first moved
	Kinds  map[string]bool   // of the records that were written
	Office bool              // people, delegations, settings or schedules too: any case may be another now
	Lost   bool              // a row of the mark is not in its ledger: anything may have happened
	To     ledger.Mark       // the last rows
}

// Since reads what was committed after a mark. It is how to follow the record without missing anything: what a commit wrote
// and the ledger's row of it are there together or not at all. The cost follows what was committed.
func (e *Engine) Since(m ledger.Mark) (News, error) {
	news, err := e.Follow(m)
	if err == nil && news.Office {
		err = e.ReloadOffice() // whoever acts on the news sees the office at least as new as they are
	}
	return news, err
}

// Follow reads what was committed after a mark.
func (e *Engine) Follow(m ledger.Mark) (News, error) {
	news := News{Kinds: map[string]bool{}, To: m}
	for _, row := range m.Rows() {
		rows, err := e.Store.Ledger(row.N-1, 1)
		if err != nil {
			return news, err
		}
		news.Lost = news.Lost || len(rows) != 1 || rows[0].N != row.N || rows[0].Hash != row.Hash
	}
	if news.Lost {
		to, err := e.LastRow()
		news.To = to
		return news, err
	}
	seen := map[casefile.CaseID]bool{}
	for at := m.At(0); ; {
		rows, err := e.Store.Ledger(at.N, 500)
		if err != nil || len(rows) == 0 {
			return news, err
		}
		for _, r := range rows {
			if l := ledger.LedgerOf(r.N); l != ledger.LedgerOf(at.N) { // another ledger begins: on from where its mark is
				at = m.At(l)
				if r.N <= at.N {
					break
				}
			}
			for _, h := range r.Heads {
				if id, ok := ledger.CaseOf(h.What); ok {
					if !seen[id] {
						seen[id] = true
						news.Cases = append(news.Cases, id)
					}
					continue
				}
				kind, _, _ := strings.Cut(h.What, "/")
				news.Kinds[kind] = true
				news.Office = news.Office || ledger.RecordWrite{Kind: kind}.Office()
			}
			at = ledger.Mark{N: r.N, Hash: r.Hash}
			news.To = news.To.With(at)
		}
	}
}

// LastRow marks the ledgers' ends; the zero Mark where all are empty. They are found without reading all of them: rows are
// numbered without a gap.
func (e *Engine) LastRow() (ledger.Mark, error) {
	var all ledger.Mark
	for l := uint64(0); ; {
		last, err := e.lastRow(l)
		if err != nil {
			return all, err
		}
		if last.Hash != "" {
			all = all.With(last)
		}
		rows, err := e.Store.Ledger(ledger.Begins(l+1), 1) // the next ledger that there is
		if err != nil || len(rows) == 0 {
			return all, err
		}
		l = ledger.LedgerOf(rows[0].N)
	}
}

// Totals are how many cases are on record, and how many rows the ledgers have together.
func (e *Engine) Totals() (cases, rows uint64, err error) {
	if cases, err = e.Store.Counter(ledger.CounterCase); err != nil {
		return 0, 0, err
	}
	end, err := e.LastRow()
	for _, m := range append(end.Others, end) {
		rows += m.N - ledger.Begins(ledger.LedgerOf(m.N))
	}
	return cases, rows, err
}

// lastRow is the end of one ledger; without a hash where it is empty.
func (e *Engine) lastRow(book uint64) (ledger.Mark, error) {
	last := ledger.Mark{N: ledger.Begins(book)}
	there := func(n uint64) (bool, error) { // whether the ledger has a row after the n-th
		rows, err := e.Store.Ledger(n, 1)
		if err != nil || len(rows) == 0 || ledger.LedgerOf(rows[0].N) != book {
			return false, err
		}
		if rows[0].N > last.N {
			last = ledger.Mark{N: rows[0].N, Hash: rows[0].Hash}
		}
		return true, nil
	}
	step := uint64(1)
	for { // past the end, by doubling
		more, err := there(last.N + step - 1)
		if err != nil {
			return last, err
		}
		if !more {
			break
		}
		step *= 2
	}
	for ; step > 0; step /= 2 { // and back to it, by halving
		if _, err := there(last.N + step - 1); err != nil {
			return last, err
		}
	}
	return last, nil
}

// Forward refuses to record anything while this machine's clock stands far before what is on record.
func (e *Engine) Forward() error { return e.latest.forward(e.Now()) }

// Recorded tells that something was recorded at this moment: nothing will be before it.
func (e *Engine) Recorded(at time.Time) { e.latest.raise(at) }

// lookBack is in how many of a ledger's last rows the last act is looked for: acts stand beside records of the office.
const lookBack = 100

// KeepTime tells, before the first act, that Now is a machine's clock: nothing is recorded before what is on record. When
// that was stands at the ledgers' ends. What can't be read is left out: it is verify that tells of damage, and it needs an
// engine.
func (e *Engine) KeepTime() {
	e.latest.machine = true
	end, _ := e.LastRow()
	for _, m := range append(end.Others, end) {
		rows, _ := e.Store.Ledger(max(ledger.Begins(ledger.LedgerOf(m.N)), m.N-min(m.N, lookBack)), lookBack)
		for _, r := range slices.Backward(rows) {
			if at, ok := e.recordedIn(r); ok {
				e.latest.raise(at)
				break
			}
		}
	}
}

// recordedIn is the moment of a ledger's row that wrote a case: all that one row writes happened at once.
func (e *Engine) recordedIn(r ledger.LedgerRow) (time.Time, bool) {
	var ev struct{ At time.Time }
	for _, h := range r.Heads {
		id, ok := ledger.CaseOf(h.What)
		if !ok || h.Seq == 0 {
			continue
		}
		events, err := e.Store.Events(id, h.Seq-1, 1)
		if err != nil || len(events) == 0 {
			continue
		}
		err = json.Unmarshal(events[0].Data, &ev)
		return ev.At, err == nil
	}
	return time.Time{}, false
}
