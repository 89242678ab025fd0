package alert_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// counted is a store that counts the cases read from it.
type counted struct {
	ledger.Store
	cases atomic.Int64
}

func (c *counted) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	c.cases.Add(1)
	return c.Store.Case(id)
}

// county is a stage with many cases, each with two running clocks: those that cross thresholds on the days of rounds, and
// beside them as many whose thresholds are over as have them to come.
type county struct {
	*stage
	store *counted
	due   int
}

// rounds are the days from 25 March to 15 April on which the due cases cross a threshold, each with how many are told of one
// case: of the investigation, due on 10 April, or of the ninety days, due on the 9th.
var rounds = []struct{ month, day, told int }{{3, 25, 1}, {3, 26, 1}, {4, 7, 1}, {4, 9, 1 + 2}, {4, 10, 2}, {4, 13, 3}, {4, 15, 3}}

// samples are the three kinds of cases: due, over, to come.
var samples = []string{
	"case: over, date: 2025-07-01, as: clerk, do: open, with: {source: complaint}", "case: over, date: 2025-07-02, as: clerk, do: submit-filing",
	"case: over, date: 2025-07-03, as: reviewer, do: pass-filing", "case: over, date: 2025-07-04, as: captain, do: approve-filing",
	"case: due, date: 2026-01-05, as: clerk, do: open, with: {source: complaint}", "case: due, date: 2026-01-08, as: clerk, do: submit-filing",
	"case: due, date: 2026-01-09, as: reviewer, do: pass-filing", "case: due, date: 2026-01-09, as: captain, do: approve-filing",
	"case: later, date: 2026-03-16, as: clerk, do: open, with: {source: complaint}", "case: later, date: 2026-03-17, as: clerk, do: submit-filing",
	"case: later, date: 2026-03-18, as: reviewer, do: pass-filing", "case: later, date: 2026-03-20, as: captain, do: approve-filing"}

// newCounty opens a county with so many cases, so many of which come due. All but the samples are copies of them, written
// straight into the store: the index entries by which lists and passes find cases are what the engine wrote of the sample,
// under another number. Of a copy that comes due the snapshot is too; any other has an empty one, as small as its single
// event, so that a million clocks fit on a disk, and a pass that looked at it would fail.
func newCounty(t testing.TB, due, all int) *county {
	t.Helper()
	st, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: t.Name(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &county{store: &counted{Store: st}, due: due}
	c.stage = newStageOn(t, c.store, samples...)
	c.at(3, 24, 8, 0)
	c.pass() // of the three themselves
	kinds := [3]ledger.CaseWrite{}
	for i := range kinds {
		kinds[i] = c.sample(casefile.CaseID(i + 1))
	}
	const bulk = 500
	var commit ledger.Commit
	for n := 4; n <= all+2; n++ { // the sample that is due is one of them
		kind := kinds[(n%2)*2]
		kind.Snapshot = []byte("{}")
		if n < due+3 {
			kind = kinds[1]
		}
		commit.Cases = append(commit.Cases, under(kind, casefile.CaseID(n)))
		if len(commit.Cases) == bulk || n == all+2 {
			if err := st.Commit(t.Context(), commit); err != nil {
				t.Fatal(err)
			}
			commit.Cases = nil
		}
	}
	if err := c.Reach(t.Context(), calendar.Of(2026, 3, 24)); err != nil {
		t.Fatal(err)
	}
	return c
}

// sample reads what the engine wrote of a case.
func (c *county) sample(id casefile.CaseID) ledger.CaseWrite {
	c.t.Helper()
	snap, err := c.store.Case(id)
	if err != nil {
		c.t.Fatal(err)
	}
	w := ledger.CaseWrite{ID: id, Snapshot: snap.Data, Events: []ledger.Sealed{{Seq: 1, Data: []byte("{}"), Hash: ledger.Chain("", []byte("{}"))}}}
	for _, index := range []string{"row", "open", "flow", "state", "officer", "due", "timer", "alert", "wait"} {
		es, err := c.store.Scan(ledger.Scan{Index: index})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range es {
			if e.ID == strconv.Itoa(int(id)) {
				w.Put = append(w.Put, e.Key)
			}
		}
	}
	if !slices.ContainsFunc(w.Put, func(k ledger.Key) bool { return k.Index == "alert" }) {
		c.t.Fatalf("case %d has no days of alerts", id)
	}
	return w
}

// under is the same case under another number.
func under(w ledger.CaseWrite, id casefile.CaseID) ledger.CaseWrite {
	was, now := fmt.Sprintf("%012d", w.ID), fmt.Sprintf("%012d", id)
	field := func(id casefile.CaseID) string { return fmt.Sprintf(`"id":%d,`, id) }
	put := slices.Clone(w.Put)
	for i := range put {
		put[i].Key, put[i].ID = strings.Replace(put[i].Key, was, now, 1), strconv.Itoa(int(id))
	}
	w.Put, w.Snapshot = put, []byte(strings.Replace(string(w.Snapshot), field(w.ID), field(id), 1))
	w.ID = id
	return w
}

// round makes the pass of a day and gives how long it took and how many cases it read.
func (c *county) round(i int) (took time.Duration, read int64) {
	c.t.Helper()
	r := rounds[i]
	c.at(r.month, r.day, 8, 0)
	before, begun := c.store.cases.Load(), time.Now()
	n := c.pass()
	took = time.Since(begun)
	if n != c.due*r.told {
		c.t.Errorf("on %d-%d %d were told, want %d of each of %d cases", r.month, r.day, n, r.told, c.due)
	}
	return took, c.store.cases.Load() - before
}

// TestCostFollowsWhatIsDue: a pass reads the cases that have something to tell, however many others there are; one with
// nothing to tell reads none.
func TestCostFollowsWhatIsDue(t *testing.T) {
	few, many := newCounty(t, 50, 50), newCounty(t, 50, 5000)
	for i := range rounds {
		_, least := few.round(i)
		if _, read := many.round(i); read > least || read > int64(many.due)+1 {
			t.Errorf("round %d: %d cases read among 5 000, %d among 50", i, read, least)
		}
		before := many.store.cases.Load()
		if many.pass(); many.store.cases.Load() != before {
			t.Errorf("round %d: the pass after it read %d cases", i, many.store.cases.Load()-before)
		}
	}
}

// TestCopies: a copy is told of as the case itself is.
func TestCopies(t *testing.T) {
	c := newCounty(t, 2, 3)
	c.round(0)
	c.round(1)
	for _, id := range []casefile.CaseID{2, 4} {
		all, err := c.OfCase(t.Context(), id)
		if err != nil || len(all) == 0 || all[len(all)-1].Clock != "investigation" || all[len(all)-1].Threshold != 10 {
			data, _ := json.Marshal(all)
			t.Errorf("case %d: %s, %v", id, data, err)
		}
	}
}

// BenchmarkSweep makes the passes of seven days on which 1 000 cases cross a threshold: in a county of 1 000 000 running clocks
// and in one of 2 000, turn by turn. "of-small" is the first one's time divided by the other's; the target is 2.
func BenchmarkSweep(b *testing.B) {
	const due = 1000
	small := newCounty(b, due, due)
	large := newCounty(b, due, 500_000)
	b.ResetTimer()
	var took [2][]time.Duration
	for i := range rounds {
		for j, c := range []*county{small, large} {
			t, _ := c.round(i)
			took[j] = append(took[j], t)
		}
	}
	var ratios []float64
	var sum time.Duration
	for i := range rounds {
		ratios = append(ratios, took[1][i].Seconds()/took[0][i].Seconds())
		sum += took[1][i]
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "of-small")
	b.ReportMetric(float64(sum.Milliseconds())/float64(len(rounds)), "ms/pass")
	b.ReportMetric(0, "ns/op")
}
