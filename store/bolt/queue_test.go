package bolt

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/group"
)

// idle is a store without a queue, so that a test says what is committed together.
func idle(t *testing.T) *Store {
	t.Helper()
	db := newDatabase(t)
	if err := migrate(db, 0, migrations); err != nil {
		t.Fatal(err)
	}
	return &Store{db: db}
}

func oneEvent(id casefile.CaseID, read uint64) ledger.Commit {
	e := ledger.Sealed{Seq: read + 1, Data: fmt.Append(nil, id, read), Hash: ledger.Chain("", fmt.Append(nil, id, read))}
	return ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: read, Events: []ledger.Sealed{e}, Snapshot: e.Data}}}
}

func TestGroup(t *testing.T) {
	s := idle(t)
	var changes []*group.Change
	for _, c := range []ledger.Commit{
		oneEvent(1, 0),
		oneEvent(2, 0),
		oneEvent(1, 0), // read what the first has moved
		oneEvent(1, 1), // read what the first wrote
		{Counters: []ledger.CounterWrite{{Name: "n", Read: 0, Value: 1}}},
		{Counters: []ledger.CounterWrite{{Name: "n", Read: 0, Value: 1}}},
		{Counters: []ledger.CounterWrite{{Name: "n", Read: 1, Value: 2}}},
	} {
		changes = append(changes, group.NewChange(c))
	}
	s.write(0, changes)
	for i, want := range []string{"", "", "case 1 has moved", "", "", "counter n has moved", ""} {
		got := ""
		if err := changes[i].Answered(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("change %d: %q, want %q", i, got, want)
		}
	}
	rows, err := s.Ledger(0, 0)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d ledger rows (%v), want one for the group", len(rows), err)
	}
	var whats string
	for _, h := range rows[0].Heads {
		whats += fmt.Sprintf("%s@%d ", h.What, h.Seq)
	}
	if whats != "case/1@1 case/2@1 case/1@2 " {
		t.Errorf("heads %s", whats)
	}
	if n, err := s.Counter("n"); n != 2 || err != nil {
		t.Errorf("counter %d, %v", n, err)
	}
}

// A file that turns out damaged is not written to any more, and stays readable as far as it goes.
func TestDamageStopsWriting(t *testing.T) {
	s := idle(t)
	answer := func(c ledger.Commit) error {
		w := group.NewChange(c)
		s.write(0, []*group.Change{w})
		return w.Answered()
	}
	n := ledger.Commit{Counters: []ledger.CounterWrite{{Name: "n", Value: 1}}}
	if err := answer(n); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error { return tx.DeleteBucket(bucketCases) }); err != nil {
		t.Fatal(err)
	}
	n.Counters[0].Read, n.Counters[0].Value = 1, 2
	for _, c := range []ledger.Commit{oneEvent(1, 0), n} {
		if err := answer(c); !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("commit: %v, want ErrDamaged", err)
		}
	}
	if n, err := s.Counter("n"); n != 1 || err != nil {
		t.Errorf("counter %d, %v", n, err)
	}
}
