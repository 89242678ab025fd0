package statistics

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

var start = calendar.Of(2025, 1, 1)

// randomCounty are facts of a county that never was, of two years.
func randomCounty(r *rand.Rand, n int) *memory {
	pick := func(ws ...string) string { return ws[r.IntN(len(ws))] }
	maybe := func(after calendar.Date) calendar.Date {
		if after == 0 || r.IntN(4) == 0 {
			return 0
		}
		return after + calendar.Date(r.IntN(120))
	}
	facts := make([]listing.Fact, n)
	for i := range facts {
		f := &facts[i]
		*f = listing.Fact{Case: casefile.CaseID(i + 1), Workflow: procedure.WorkflowID(pick("a", "b")), State: procedure.StateID(pick("x", "y")), Officer: office.PersonID(pick("", "p", "q")),
			Source: pick("", "s", "t"), Category: pick("", "u", "u,v"), Industry: pick("", "i"), Township: pick("", "东", "西"), Handling: pick("", "h"), Marked: r.IntN(2) == 0,
			Opened: start + calendar.Date(r.IntN(730)), Workers: r.IntN(4), Claimed: r.Int64N(1e7), Wages: r.Int64N(1e7), Fined: r.Int64N(1e6)}
		f.Filed = maybe(f.Opened)
		f.Decided = maybe(f.Filed)
		f.Ended = maybe(max(f.Decided, f.Filed, f.Opened))
		for range r.IntN(4) {
			run := listing.FactRun{Clock: procedure.ClockID(pick("filing", "decision")), Start: f.Opened, Due: f.Opened + calendar.Date(r.IntN(60)), Done: maybe(f.Opened), Workdays: true}
			if run.Done != 0 {
				run.Used = int(run.Done - run.Start)
			}
			f.Runs = append(f.Runs, run)
		}
		for range r.IntN(4) {
			came := f.Opened + calendar.Date(r.IntN(60))
			f.Gates = append(f.Gates, listing.FactGate{State: "x", By: "p", As: procedure.Actor(pick("captain", "leader")), Came: came, Day: came + calendar.Date(r.IntN(9)), Returned: r.IntN(5) == 0})
		}
		for range r.IntN(3) {
			f.Paid = append(f.Paid, listing.FactPaid{Day: f.Opened + calendar.Date(r.IntN(300)), Fen: 1 + r.Int64N(1e6), Wages: r.IntN(2) == 0})
		}
		for range r.IntN(3) {
			f.Charges = append(f.Charges, listing.FactCharge{Standard: penalty.ID(pick("x/1", "x/2")), Tier: penalty.Tiers()[r.IntN(5)], Fine: r.Int64N(1e6), Took: r.Int64N(1e6)})
		}
	}
	m := newMemory()
	for i := range facts {
		x := factOf(m.words, &facts[i])
		m.put(&x)
	}
	return &m
}

// Whatever the county and the period: the rows of each table add up to its total, all tables have the same total, a period's
// parts add up to the period, and the cases behind each figure are what it is made of.
func TestPartsAreTheWhole(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := randomCounty(r, 300)
		q := Query{From: start + calendar.Date(r.IntN(300))}
		q.To = q.From + calendar.Date(r.IntN(400))
		whole := m.count(q)
		for _, by := range Dimensions {
			q := q
			q.By = by
			got := m.count(q)
			if got.Total.Cells != whole.Total.Cells {
				t.Fatalf("seed %d, %s: the total is another", seed, by)
			}
			var sum Row
			for _, row := range got.Rows {
				for i, n := range row.Cells {
					sum.Cells[i] += n
					if behind := total(m, Behind{Query: q, Measure: counters[i].id, Key: row.Key}); behind != n {
						t.Errorf("seed %d, %s=%q, %s: %d, the cases behind it make %d", seed, by, row.Key, counters[i].id, n, behind)
					}
				}
			}
			if slices.Index(Dimensions, by) >= timeless { // what lasts is told on each row's last day
				if sum.Cells[openAt] = 0; len(got.Rows) > 0 {
					sum.Cells[openAt] = got.Rows[len(got.Rows)-1].Cells[openAt]
				}
			}
			if sum.Cells != whole.Total.Cells {
				t.Errorf("seed %d, %s: the rows make %v, the total is %v", seed, by, sum.Cells, whole.Total.Cells)
			}
		}
		for i, n := range whole.Total.Cells {
			if behind := total(m, Behind{Query: q, Measure: counters[i].id, Total: true}); behind != n {
				t.Errorf("seed %d, %s: %d, behind it %d", seed, counters[i].id, n, behind)
			}
		}
		for _, c := range whole.Clocks {
			row := fmt.Sprintf("%s/%s/%s", c.Workflow, c.Clock, c.Unit)
			done, kept, late := total(m, Behind{Query: q, Measure: OfClock, Row: row, Column: ColumnDone}), total(m, Behind{Query: q, Measure: OfClock, Row: row, Column: ColumnKept}), total(m, Behind{Query: q, Measure: OfClock, Row: row, Column: ColumnLate})
			if int(done) != c.Done || int(kept) != c.InTime || int(late) != c.Late || c.Median > c.Ninth {
				t.Errorf("seed %d, %s: %+v; behind it %d done, %d in time, %d late", seed, row, c, done, kept, late)
			}
		}
		for _, g := range whole.Gates {
			signed, back := total(m, Behind{Query: q, Measure: OfGate, Row: string(g.Post), Column: ColumnSigned}), total(m, Behind{Query: q, Measure: OfGate, Row: string(g.Post), Column: ColumnReturned})
			if int(signed) != g.Signed || int(back) != g.Returned {
				t.Errorf("seed %d, %s: %+v; behind it %d signed, %d sent back", seed, g.Post, g, signed, back)
			}
		}
		var punished PenaltyRow
		for _, p := range whole.Penalties {
			at := func(column string) int64 {
				return total(m, Behind{Query: q, Measure: OfPenalty, Row: string(p.Standard) + " " + string(p.Tier), Column: column})
			}
			if n, fine, took := at(ColumnViolations), at(ColumnFined), at(ColumnTook); int(n) != p.N || fine != p.Fine || took != p.Took {
				t.Errorf("seed %d, %s: %+v; behind it %d, %d fined, %d taken", seed, p.Standard, p, n, fine, took)
			}
			punished.N, punished.Fine, punished.Took = punished.N+p.N, punished.Fine+p.Fine, punished.Took+p.Took
		}
		for f := range m.facts.all {
			if f.decided >= q.From && f.decided <= q.To {
				for _, c := range f.charges {
					punished.N, punished.Fine, punished.Took = punished.N-1, punished.Fine-c.fine, punished.Took-c.took
				}
			}
		}
		if punished != (PenaltyRow{}) {
			t.Errorf("seed %d: the rows of penalties are %+v more than what was decided", seed, punished)
		}
		if q.From == q.To {
			continue
		}
		middle := q.From + (q.To-q.From)/2
		first, second := q, q
		first.To, second.From = middle, middle+1
		a, b := m.count(first), m.count(second)
		for i := range counters {
			if i != openAt && a.Total.Cells[i]+b.Total.Cells[i] != whole.Total.Cells[i] {
				t.Errorf("seed %d, %s: the parts of the period make %d, the period %d", seed, counters[i].id, a.Total.Cells[i]+b.Total.Cells[i], whole.Total.Cells[i])
			}
		}
	}
}

func total(m *memory, x Behind) (n int64) {
	m.behind(&x)
	for f := range m.facts.all {
		n += m.adds(&x, f)
	}
	return n
}

// What is open in a table by months is what was open on the last day of each: counted by hand here, and by the period that
// ends with the month.
func TestOpenOnEachMonthsLastDay(t *testing.T) {
	m := newMemory()
	for i, x := range [][2]string{{"2025-11-30", "2026-02-28"}, {"2026-01-31", ""}, {"2026-02-01", "2026-02-20"}, {"2026-03-31", "2026-04-01"}, {"2025-06-01", "2025-07-01"}} {
		f := listing.Fact{Case: casefile.CaseID(i + 1), Workflow: "a"}
		f.Opened, _ = calendar.Parse(x[0])
		f.Ended, _ = calendar.Parse(x[1])
		x := factOf(m.words, &f)
		m.put(&x)
	}
	q := Query{From: calendar.Of(2026, 1, 10), To: calendar.Of(2026, 4, 15), By: ByMonth}
	var got []string
	for _, r := range m.count(q).Rows {
		got = append(got, fmt.Sprint(r.Key, " ", r.Cells[openAt]))
		if n := total(&m, Behind{Query: q, Measure: "cases-open", Key: r.Key}); n != r.Cells[openAt] {
			t.Errorf("%s: %d cases behind %d", r.Key, n, r.Cells[openAt])
		}
	}
	if want := []string{"2026-01 2", "2026-02 1", "2026-03 2", "2026-04 1"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	r := rand.New(rand.NewPCG(9, 9))
	county := randomCounty(r, 400)
	for _, by := range []Dimension{ByMonth, ByQuarter, ByYear} {
		q := Query{From: start + 40, To: start + 700, By: by}
		for _, row := range county.count(q).Rows {
			q := q
			county.prepare(&q)
			alone := Query{From: q.From, To: q.lastDay(county.words, row.Key)}
			if n := county.count(alone).Total.Cells[openAt]; n != row.Cells[openAt] {
				t.Errorf("%s: %d open on %s, the table says %d", row.Key, n, alone.To, row.Cells[openAt])
			}
		}
	}
}

// A fact that changes leaves no trace of what it was: the sums are those of the facts as they are.
func TestChangedFacts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	m, other := randomCounty(r, 200), randomCounty(r, 200)
	for f := range other.facts.all {
		if r.IntN(2) == 0 {
			continue
		}
		for dim, n := range f.class {
			f.class[dim] = m.words.Of(other.words.Text[n])
		}
		for i := range f.charges {
			f.charges[i].class = m.words.Of(other.words.Text[f.charges[i].class])
		}
		for i := range f.runs {
			f.runs[i].clock = m.words.Of(other.words.Text[f.runs[i].clock])
		}
		for i := range f.gates {
			f.gates[i].post = m.words.Of(other.words.Text[f.gates[i].post])
		}
		m.put(f)
	}
	anew := newMemory()
	anew.words = m.words
	for f := range m.facts.all {
		anew.put(f)
	}
	for _, by := range Dimensions {
		q := Query{From: start, To: start + 400, By: by}
		if got, want := fmt.Sprint(m.count(q)), fmt.Sprint(anew.count(q)); got != want {
			t.Errorf("by %s:\n%s\nwant\n%s", by, got, want)
		}
	}
}

func TestRanks(t *testing.T) {
	s := &spread{}
	for _, d := range []int32{2, 5, 9, 30} {
		s.add(d, 1)
	}
	if a, b := s.rank(50), s.rank(90); a != 5 || b != 30 {
		t.Errorf("median %d, ninth %d", a, b)
	}
	if n := (&spread{}).rank(50); n != 0 {
		t.Errorf("of nothing: %d", n)
	}
}

func TestYearBefore(t *testing.T) {
	for _, x := range [][2]string{{"2026-03-31", "2025-03-31"}, {"2024-02-29", "2023-02-28"}, {"2025-02-28", "2024-02-29"}, {"2026-12-31", "2025-12-31"}, {"2026-01-01", "2025-01-01"}} {
		d, _ := calendar.Parse(x[0])
		if got := yearBefore(d).String(); got != x[1] {
			t.Errorf("%s: %s, want %s", x[0], got, x[1])
		}
	}
}

// A question that has no answer says what is wrong with it, all at once.
func TestFaults(t *testing.T) {
	q := Query{From: start, To: start - 1, By: "colour", Only: "nothing", Known: []procedure.WorkflowID{"labour-case"}}
	if err := q.Fault(); err == nil || len(refusal.As(err).Fields) != 3 {
		t.Errorf("%v", err)
	}
	if err := (Query{From: start, To: start}).Fault(); err != nil {
		t.Error(err)
	}
}

func BenchmarkYear(b *testing.B) {
	m := randomCounty(rand.New(rand.NewPCG(1, 1)), 1_000_000)
	q := Query{From: start, To: start + 364, By: BySource}
	for b.Loop() {
		m.count(q)
	}
}
