// Package storetest holds every store to the text of [engine.Store]. Each test of the suite is one promise, by its name.
package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// Damager is what open has to give: a store, and a way to spoil a blob behind its back.
type Damager interface {
	ledger.Store
	// DamageBlob changes one bit of a blob where it is kept.
	DamageBlob(sha string) error
}

// Run runs the suite. open gives an empty store, a [Damager], that nobody else uses, and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) ledger.Store) {
	promises := []struct {
		name string
		test func(t *testing.T, s ledger.Store)
	}{
		{"an empty store has nothing", empty},
		{"a case is its last snapshot", snapshots},
		{"events come in their order, after one, at most so many", eventsInOrder},
		{"the numbers of cases sort as numbers", caseNumbers},
		{"a case that rests is read as any other, and wakes", resting},
		{"a snapshot can be rebuilt without an event", rebuilt},
		{"an entry that is dropped and put stays", dropThenPut},
		{"bytes and texts come back as they were", verbatim},

		{"a stale case conflicts and leaves nothing", staleCase},
		{"a stale record conflicts and leaves nothing", staleRecord},
		{"a stale counter conflicts and leaves nothing", staleCounter},
		{"a stale check conflicts and leaves nothing", staleCheck},
		{"a change that rests on every case conflicts with whatever came between", cameBetween},
		{"what can't be kept is refused and leaves nothing", refused},
		{"a cancelled change is not written", cancelled},

		{"records come in the order of their ids", recordsInOrder},
		{"a ledgered record keeps its versions", versions},
		{"a deleted record is not found and can be new again", deleted},
		{"a ledgered record stays ledgered", staysLedgered},

		{"a scan has a prefix, two bounds and two directions", scanBounds},
		{"a scan answers as a sorted list would", scanModel},
		{"ten thousand entries page through both ways", scanPages},
		{"a scan of leads passes over those that begin alike", scanLeads},
		{"entries and their numbers come back whatever ends their keys", scanNumbered},
		{"a cursor outlives the entry that it came from", scanCursor},

		{"the ledger names what was written and its chain holds", ledgers},
		{"sixty-four writers lose nothing", writers},
		{"numbers taken from one counter have no gaps", counterGaps},
		{"what is given out ahead is written in turn", inTurn},
		{"of two changes on one case one wins", oneWins},
		{"two changes at once both count", bothCount},

		{"a blob is its bytes", blobs},
		{"a damaged blob is found and can be mended", damagedBlob},
		{"a dump has a fixed order and shape", dump},
		{"a backup is written while commits go on", backupWhile},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.test(t, open(t)) })
	}
}

// event is the event after prev, sealed.
func event(prev string, seq uint64, text string) ledger.Sealed {
	data := fmt.Appendf(nil, `{"seq":%d,"text":%q}`, seq, text)
	return ledger.Sealed{Seq: seq, Data: data, Hash: ledger.Chain(prev, data)}
}

// next is a write of n more events to a case whose last event is head (the zero value: a new case).
func next(id casefile.CaseID, head ledger.Sealed, n int) ledger.CaseWrite {
	w := ledger.CaseWrite{ID: id, Read: head.Seq}
	for range n {
		head = event(head.Hash, head.Seq+1, fmt.Sprintf("case %d", id))
		w.Events = append(w.Events, head)
	}
	w.Snapshot = fmt.Appendf(nil, `{"id":%d,"seq":%d}`, id, head.Seq)
	return w
}

// last is the last event of a write.
func last(w ledger.CaseWrite) ledger.Sealed { return w.Events[len(w.Events)-1] }

func cases(ws ...ledger.CaseWrite) ledger.Commit { return ledger.Commit{Cases: ws} }

func record(kind, id string, read uint64, text string) ledger.RecordWrite {
	return ledger.RecordWrite{Kind: kind, ID: id, Read: read, Data: json.RawMessage(fmt.Sprintf("%q", text))}
}

func records(ws ...ledger.RecordWrite) ledger.Commit { return ledger.Commit{Records: ws} }

func commit(t *testing.T, s ledger.Store, c ledger.Commit) {
	t.Helper()
	if err := s.Commit(context.Background(), c); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// must is a result that has to come without an error.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func notFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("%s: %v, want ErrNotFound", what, err)
	}
}

// dumped is everything in the store, one row a line.
func dumped(t *testing.T, s ledger.Store) string {
	t.Helper()
	var b bytes.Buffer
	err := s.Dump(func(bucket string, key, value []byte) error {
		_, err := fmt.Fprintf(&b, "%s %q %q\n", bucket, key, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// conflicts commits a change that has to fail with this conflict and to leave nothing.
func conflicts(t *testing.T, s ledger.Store, c ledger.Commit, what, id string) {
	t.Helper()
	before := dumped(t, s)
	err := s.Commit(context.Background(), c)
	var conflict *ledger.Conflict
	if !errors.As(err, &conflict) || *conflict != (ledger.Conflict{What: what, ID: id}) {
		t.Errorf("commit: %v, want a conflict of %s %s", err, what, id)
	}
	if after := dumped(t, s); after != before {
		t.Errorf("the conflict left something:\n%s\nbefore:\n%s", after, before)
	}
}
