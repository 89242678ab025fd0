package storetest

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// verifyLedger reads the ledgers, checks their chains and that no head is named twice, and gives the newest heads. A store may write
// several ledgers; in each the heads of one thing come in their order.
func verifyLedger(t *testing.T, s ledger.Store) map[string]ledger.LedgerHead {
	t.Helper()
	type version struct {
		what string
		seq  uint64
	}
	heads, named, last := map[string]ledger.LedgerHead{}, map[version]bool{}, map[string]uint64{}
	var n uint64
	var prev string
	for {
		rows := must[[]ledger.LedgerRow](t)(s.Ledger(n, 10))
		if len(rows) == 0 {
			return heads
		}
		for _, row := range rows {
			if l := ledger.LedgerOf(row.N); l > ledger.LedgerOf(n) { // another ledger begins
				n, prev = ledger.Begins(l), ""
				clear(last)
			}
			want, _, err := ledger.NextRow(n+1, prev, row.Heads)
			if err != nil || row.N != want.N || row.Prev != want.Prev || row.Hash != want.Hash {
				t.Fatalf("ledger row %d: %+v does not follow %q: %v", n+1, row, prev, err)
			}
			for _, h := range row.Heads {
				if h.Seq <= last[h.What] || named[version{h.What, h.Seq}] {
					t.Fatalf("ledger row %d: %s at %d after %d", row.N, h.What, h.Seq, last[h.What])
				}
				last[h.What], named[version{h.What, h.Seq}] = h.Seq, true
				if h.Seq > heads[h.What].Seq {
					heads[h.What] = h
				}
			}
			n, prev = row.N, row.Hash
		}
	}
}

func ledgers(t *testing.T, s ledger.Store) {
	a, b := next(1, ledger.Sealed{}, 2), next(2, ledger.Sealed{}, 1)
	c := cases(a, b)
	p := record("person", "liwei", 0, "p")
	p.Ledgered = true
	c.Records = []ledger.RecordWrite{p, record("session", "x", 0, "s")}
	commit(t, s, c)
	commit(t, s, records(record("session", "x", 1, "s"))) // leaves no head, so no row
	a = next(1, last(a), 3)
	commit(t, s, cases(a))
	rows := must[[]ledger.LedgerRow](t)(s.Ledger(0, 0))
	if len(rows) != 2 {
		t.Fatalf("%d rows, want 2", len(rows))
	}
	equal(t, "first row", rows[0].Heads, c.Heads())
	equal(t, "second row", rows[1].Heads, []ledger.LedgerHead{{What: "case/1", Seq: 5, Hash: last(a).Hash}})
	equal(t, "after a row", must[[]ledger.LedgerRow](t)(s.Ledger(1, 0)), rows[1:])
	equal(t, "at most one", must[[]ledger.LedgerRow](t)(s.Ledger(0, 1)), rows[:1])
	verifyLedger(t, s)
}

// crowd runs f in n goroutines and waits for them.
func crowd(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func writers(t *testing.T, s ledger.Store) {
	const n, each = 64, 8
	heads := make([]ledger.Sealed, n)
	crowd(n, func(i int) {
		id := casefile.CaseID(i + 1)
		for k := range each {
			w := next(id, heads[i], 1)
			w.Put = []ledger.Key{{Index: "n", Key: fmt.Sprintf("%03d", k), ID: fmt.Sprint(id)}}
			if err := s.Commit(context.Background(), cases(w)); err != nil {
				t.Errorf("case %d: %v", id, err)
				return
			}
			heads[i] = last(w)
			// what was acknowledged can be read at once
			if c, err := s.Case(id); err != nil || c.Seq != heads[i].Seq {
				t.Errorf("case %d is at %d (%v), want %d", id, c.Seq, err, heads[i].Seq)
			}
		}
	})
	book := verifyLedger(t, s)
	for i, head := range heads {
		id := casefile.CaseID(i + 1)
		equal(t, "head", book[fmt.Sprintf("case/%d", id)], ledger.LedgerHead{What: fmt.Sprintf("case/%d", id), Seq: each, Hash: head.Hash})
		equal(t, "events", len(must[[]ledger.Sealed](t)(s.Events(id, 0, 0))), each)
	}
	equal(t, "entries", len(must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "n"}))), n*each)
}

// counterGaps lets everybody take the next number, again after each conflict.
func counterGaps(t *testing.T, s ledger.Store) {
	const n, each = 64, 4
	taken := make([][]uint64, n)
	crowd(n, func(i int) {
		for k := range each {
			for {
				read, err := s.Counter("doc")
				if err != nil {
					t.Error(err)
					return
				}
				c := cases(next(casefile.CaseID(1+i*each+k), ledger.Sealed{}, 1))
				c.Counters = []ledger.CounterWrite{{Name: "doc", Read: read, Value: read + 1}}
				err = s.Commit(context.Background(), c)
				var conflict *ledger.Conflict
				if errors.As(err, &conflict) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				taken[i] = append(taken[i], read+1)
				break
			}
		}
	})
	seen := map[uint64]bool{}
	for _, list := range taken {
		for _, v := range list {
			if seen[v] || v < 1 || v > n*each {
				t.Errorf("number %d was given twice or is out of range", v)
			}
			seen[v] = true
		}
	}
	equal(t, "numbers", len(seen), n*each)
	equal(t, "counter", must[uint64](t)(s.Counter("doc")), uint64(n*each))
	equal(t, "heads", len(verifyLedger(t, s)), n*each)
}

// inTurn gives numbers out ahead: each change rests on what the one before it writes, and is sent as soon as that has its place.
// Others that touch none of it are written meanwhile.
func inTurn(t *testing.T, s ledger.Store) {
	const n = 200
	var wg sync.WaitGroup
	send := func(c ledger.Commit) {
		begun := make(chan struct{})
		c.Begun = func() { close(begun) }
		wg.Go(func() {
			if err := s.Commit(context.Background(), c); err != nil {
				t.Error(err)
			}
		})
		<-begun
	}
	var head ledger.Sealed
	for i := range uint64(n) {
		w := next(1, head, 1)
		head = last(w)
		c := cases(w)
		c.Counters = []ledger.CounterWrite{{Name: "doc", Read: i, Value: i + 1}}
		send(c)
		send(cases(next(casefile.CaseID(2+i), ledger.Sealed{}, 1)))
	}
	wg.Wait()
	equal(t, "counter", must[uint64](t)(s.Counter("doc")), uint64(n))
	equal(t, "case", must[ledger.Snapshot](t)(s.Case(1)).Seq, uint64(n))
	equal(t, "heads", len(verifyLedger(t, s)), n+1)
}

func oneWins(t *testing.T, s ledger.Store) {
	w := next(1, ledger.Sealed{}, 1)
	commit(t, s, cases(w))
	for round := range 20 {
		var mu sync.Mutex
		won := []ledger.Sealed{}
		crowd(8, func(i int) {
			e := event(last(w).Hash, uint64(round)+2, fmt.Sprint(i))
			c := cases(ledger.CaseWrite{ID: 1, Read: last(w).Seq, Events: []ledger.Sealed{e}, Snapshot: e.Data})
			err := s.Commit(context.Background(), c)
			var conflict *ledger.Conflict
			switch {
			case err == nil:
				mu.Lock()
				won = append(won, e)
				mu.Unlock()
			case !errors.As(err, &conflict):
				t.Error(err)
			}
		})
		if len(won) != 1 {
			t.Fatalf("round %d: %d of 8 changes won", round, len(won))
		}
		equal(t, "case", must[ledger.Snapshot](t)(s.Case(1)), ledger.Snapshot{Seq: won[0].Seq, Data: won[0].Data})
		w.Events = won
	}
	verifyLedger(t, s)
}

// bothCount sends changes of which some conflict together with others that don't: a conflict is nobody else's.
func bothCount(t *testing.T, s ledger.Store) {
	commit(t, s, records(record("office", "posts", 0, "1")))
	for round := range 20 {
		crowd(16, func(i int) {
			c := cases(next(casefile.CaseID(1+round*16+i), ledger.Sealed{}, 1))
			if i%2 == 1 {
				c.Checks = []ledger.Check{{Kind: "office", ID: "posts", Seq: 9}}
			}
			err := s.Commit(context.Background(), c)
			var conflict *ledger.Conflict
			if i%2 == 0 && err != nil || i%2 == 1 && !errors.As(err, &conflict) {
				t.Errorf("round %d, change %d: %v", round, i, err)
			}
		})
	}
	equal(t, "heads", len(verifyLedger(t, s)), 20*8)
}

func backupWhile(t *testing.T, s ledger.Store) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var head ledger.Sealed
		for {
			select {
			case <-stop:
				return
			default:
			}
			w := next(1, head, 1)
			w.Snapshot = bytes.Repeat([]byte("x"), 50_000)
			if err := s.Commit(context.Background(), cases(w)); err != nil {
				t.Error(err)
				return
			}
			head = last(w)
		}
	})
	for range 5 {
		var b bytes.Buffer
		if err := s.Backup(&b); err != nil {
			t.Error(err)
		}
		if _, err := tar.NewReader(&b).Next(); err != nil {
			t.Errorf("the backup is no tar: %v", err)
		}
	}
	close(stop)
	wg.Wait()
	verifyLedger(t, s)
}
