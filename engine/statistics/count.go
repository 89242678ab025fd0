package statistics

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/listing"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
)

// memory is what is counted over: the facts, and their sums by day. What is counted of a fact stands on days of its own, so
// that a fact that changes is taken out of the sums as it was and put in as it is, and a period's figures are the sums of
// its days, whatever the number of cases.
type memory struct {
	facts facts
	words *listing.Words // of the facts
	days  map[calendar.Date]*tally
}

func newMemory() memory {
	return memory{words: listing.NewWords(), days: map[calendar.Date]*tally{}}
}

// put remembers a fact, in the place of what the case told before.
func (m *memory) put(f *fact) {
	if was := (fact{}); m.facts.read(f.id, &was) {
		m.take(&was, -1)
	}
	m.facts.write(f)
	m.take(f, 1)
}

// tally is what is counted on one day, or in a period.
type tally struct {
	rows   [timeless]map[class]*cells // by dimension
	clocks map[int32]*spread
	gates  map[class]*spread
	fines  map[class]*fined
}

// fined is how often a tier of a standard was applied, and what it came to.
type fined struct{ n, fine, took int64 }

// class is a row's number among the words, of one procedure's cases.
type class struct{ workflow, row int32 }

type cells [measures]int64

// spread counts how long things took, exactly, by number of days.
type spread struct {
	took                   map[int32]int // how many took that many days
	n, kept, broken, still int           // broken: of gates, sent back
}

func newTally() *tally {
	t := &tally{clocks: map[int32]*spread{}, gates: map[class]*spread{}, fines: map[class]*fined{}}
	for i := range t.rows {
		t.rows[i] = map[class]*cells{}
	}
	return t
}

// one gives what stands under a key, new where nothing does.
func one[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}

// rank is the least number of days within which the share of those counted, in percent, was done: the nearest rank.
func (s *spread) rank(percent int) int {
	want := (s.n*percent + 99) / 100
	for _, d := range slices.Sorted(maps.Keys(s.took)) {
		if want -= s.took[d]; want <= 0 {
			return int(d)
		}
	}
	return 0
}

func (s *spread) add(days int32, n int) {
	if s.took == nil {
		s.took = map[int32]int{}
	}
	s.n += n
	if s.took[days] += n; s.took[days] == 0 {
		delete(s.took, days)
	}
}

func (s *spread) join(o *spread) {
	for d, n := range o.took {
		s.add(d, n)
	}
	s.kept, s.broken, s.still = s.kept+o.kept, s.broken+o.broken, s.still+o.still
}

// take puts a fact into the sums of its days, or takes it out with sign -1.
func (m *memory) take(f *fact, sign int) {
	on := func(d calendar.Date) *tally {
		t := m.days[d]
		if t == nil {
			t = newTally()
			m.days[d] = t
		}
		return t
	}
	for i := range counters {
		counters[i].each(f, func(day calendar.Date, n int64) {
			t := on(day)
			for dim := range t.rows {
				one(t.rows[dim], class{f.class[0], f.class[dim]})[i] += int64(sign) * n
			}
		})
	}
	for i := range f.runs {
		r := &f.runs[i]
		if r.done != 0 {
			s := one(on(r.done).clocks, r.clock)
			s.add(r.used, sign)
			s.still += sign * int(r.still)
		}
		if day, kept := r.verdict(); kept {
			one(on(day).clocks, r.clock).kept += sign
		} else if day != 0 {
			one(on(day).clocks, r.clock).broken += sign
		}
	}
	for i := range f.gates {
		g := &f.gates[i]
		s := one(on(g.day).gates, class{f.class[0], g.post})
		s.add(g.took, sign)
		if g.back {
			s.broken += sign
		}
	}
	for i := range f.charges {
		c := &f.charges[i]
		x := one(on(f.decided).fines, class{f.class[0], c.class})
		x.n, x.fine, x.took = x.n+int64(sign), x.fine+int64(sign)*c.fine, x.took+int64(sign)*c.took
	}
}

// verdict is the day on which a run of a clock was kept, or on which it was broken: the day after its due day. 0: neither is
// known, for the clock stands still.
func (r *run) verdict() (day calendar.Date, kept bool) {
	switch {
	case r.done != 0 && (r.due == 0 || r.done <= r.due):
		return r.done, true
	case r.due != 0:
		return r.due + 1, false
	}
	return 0, false
}

// count sums the days of a period up.
func (m *memory) count(q Query) *Figures {
	m.prepare(&q)
	rows, total := map[int32]*cells{}, &cells{}
	clocks, gates, fines := map[int32]*spread{}, map[int32]*spread{}, map[int32]*fined{}
	add := func(day calendar.Date, k class, c *cells, measures []int, sign int64, to func(i int) int) {
		for _, i := range measures {
			total[to(i)] += sign * c[i]
			if q.By != "" {
				one(rows, q.row(k.row, day))[to(i)] += sign * c[i]
			}
		}
	}
	dim := max(0, min(q.axis, timeless-1))
	itself := func(i int) int { return i }
	standing := func(int) int { return openAt }
	moved := map[int32]int64{} // of what is open, by the row of a month, quarter or year; what came before the period under its first
	for day, t := range m.days {
		if day > q.To {
			continue
		}
		for k, c := range t.rows[dim] {
			if !q.of(k.workflow) {
				continue
			}
			if q.timed() {
				n := c[receivedAlone[0]] - c[doneAlone[0]]
				total[openAt] += n
				moved[q.row(0, max(day, q.From))] += n
			} else {
				add(q.To, k, c, receivedAlone, 1, standing)
				add(q.To, k, c, doneAlone, -1, standing)
			}
			if day >= q.From {
				add(day, k, c, allMeasures, 1, itself)
			}
		}
		if day < q.From {
			continue
		}
		for k, s := range t.clocks {
			one(clocks, k).join(s)
		}
		for k, s := range t.gates {
			if q.of(k.workflow) {
				one(gates, k.row).join(s)
			}
		}
		for k, x := range t.fines {
			if q.of(k.workflow) {
				sum := one(fines, k.row)
				sum.n, sum.fine, sum.took = sum.n+x.n, sum.fine+x.fine, sum.took+x.took
			}
		}
	}
	if q.timed() {
		open := int64(0)
		for n := q.row(0, q.From); n <= q.row(0, q.To); n++ {
			if open += moved[n]; open != 0 {
				one(rows, n)[openAt] = open
			}
		}
	}
	return m.figures(q, rows, total, clocks, gates, fines)
}

// What is open on a day is what was received by then less what was done by then. Told by months, each row tells its last
// day, and the total the last of the period.
var (
	openAt        = index("cases-open")
	receivedAlone = []int{index("cases-received")}
	doneAlone     = []int{index("cases-done")}
	allMeasures   = func() (all []int) {
		for i := range measures {
			all = append(all, i)
		}
		return all
	}()
)

// prepare says the question in the words' numbers.
func (m *memory) prepare(q *Query) {
	q.axis = slices.Index(Dimensions, q.By)
	q.only = -1 // a procedure of which no case was read
	if n, ok := m.words.Find(string(q.Only)); ok {
		q.only = n
	}
}

// of tells whether the question is about the procedure.
func (q *Query) of(workflow int32) bool { return q.Only == "" || workflow == q.only }

func (m *memory) figures(q Query, rows map[int32]*cells, total *cells, clocks, gates map[int32]*spread, fines map[int32]*fined) *Figures {
	out := &Figures{Query: q, Total: Row{Cells: *total}}
	for n, c := range rows {
		if *c != (cells{}) {
			out.Rows = append(out.Rows, Row{q.key(m.words, n), *c})
		}
	}
	slices.SortFunc(out.Rows, func(x, y Row) int { return cmp.Compare(x.Key, y.Key) })
	for k, s := range clocks {
		name := strings.Split(m.words.Text[k], "/")
		if s.n+s.kept+s.broken > 0 && (q.Only == "" || string(q.Only) == name[0]) {
			out.Clocks = append(out.Clocks, ClockRow{procedure.WorkflowID(name[0]), procedure.ClockID(name[1]), calendar.Unit(name[2]), s.n, s.kept, s.broken, s.rank(50), s.rank(90), s.still})
		}
	}
	slices.SortFunc(out.Clocks, func(x, y ClockRow) int {
		return cmp.Or(cmp.Compare(x.Workflow, y.Workflow), cmp.Compare(x.Clock, y.Clock), cmp.Compare(x.Unit, y.Unit))
	})
	for k, s := range gates {
		if s.n > 0 {
			out.Gates = append(out.Gates, GateRow{procedure.Actor(m.words.Text[k]), s.n, s.broken, s.rank(50), s.rank(90)})
		}
	}
	slices.SortFunc(out.Gates, func(x, y GateRow) int { return cmp.Compare(x.Post, y.Post) })
	for k, x := range fines {
		if x.n > 0 {
			id, tier, _ := strings.Cut(m.words.Text[k], " ")
			out.Penalties = append(out.Penalties, PenaltyRow{penalty.ID(id), penalty.Tier(tier), int(x.n), x.fine, x.took})
		}
	}
	tiers := penalty.Tiers()
	slices.SortFunc(out.Penalties, func(x, y PenaltyRow) int {
		return cmp.Or(cmp.Compare(x.Standard, y.Standard), slices.Index(tiers, x.Tier)-slices.Index(tiers, y.Tier))
	})
	return out
}
