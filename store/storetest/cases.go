package storetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

func empty(t *testing.T, s ledger.Store) {
	_, err := s.Case(1)
	notFound(t, "case", err)
	_, err = s.Record("person", "liwei")
	notFound(t, "record", err)
	_, err = s.Blob(strings.Repeat("0", 64))
	notFound(t, "blob", err)
	equal(t, "events", len(must[[]ledger.Sealed](t)(s.Events(1, 0, 0))), 0)
	equal(t, "records", len(must[[]ledger.Record](t)(s.Records("person", "", 0))), 0)
	equal(t, "versions", len(must[[]ledger.Record](t)(s.Versions("person", "liwei"))), 0)
	equal(t, "entries", len(must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "due"}))), 0)
	equal(t, "ledger", len(must[[]ledger.LedgerRow](t)(s.Ledger(0, 0))), 0)
	equal(t, "counter", must[uint64](t)(s.Counter("case")), uint64(0))
	equal(t, "dump", dumped(t, s), "")
}

func snapshots(t *testing.T, s ledger.Store) {
	w := next(42, ledger.Sealed{}, 2)
	commit(t, s, cases(w))
	equal(t, "case", must[ledger.Snapshot](t)(s.Case(42)), ledger.Snapshot{Seq: 2, Data: w.Snapshot})
	w = next(42, last(w), 1)
	commit(t, s, cases(w))
	equal(t, "case", must[ledger.Snapshot](t)(s.Case(42)), ledger.Snapshot{Seq: 3, Data: w.Snapshot})
	_, err := s.Case(41)
	notFound(t, "the case before", err)
	_, err = s.Case(43)
	notFound(t, "the case behind", err)
}

func eventsInOrder(t *testing.T, s ledger.Store) {
	w, other := next(7, ledger.Sealed{}, 300), next(8, ledger.Sealed{}, 1)
	commit(t, s, cases(w, other))
	for _, c := range []struct {
		after uint64
		limit int
		want  []ledger.Sealed
	}{
		{0, 0, w.Events},
		{0, 2, w.Events[:2]},
		{254, 3, w.Events[254:257]},
		{299, 0, w.Events[299:]},
		{299, 9, w.Events[299:]},
		{300, 0, nil},
		{1 << 63, 0, nil},
	} {
		got := must[[]ledger.Sealed](t)(s.Events(7, c.after, c.limit))
		if len(got) != len(c.want) || len(got) > 0 && !sameEvents(got, c.want) {
			t.Errorf("events after %d, limit %d: %d of them, want %d", c.after, c.limit, len(got), len(c.want))
		}
	}
}

func sameEvents(a, b []ledger.Sealed) bool {
	for i := range a {
		if a[i].Seq != b[i].Seq || a[i].Hash != b[i].Hash || string(a[i].Data) != string(b[i].Data) {
			return false
		}
	}
	return len(a) == len(b)
}

// resting holds a store to a list of cases that come to rest, go on, and rest again.
func resting(t *testing.T, s ledger.Store) {
	r := rand.New(rand.NewPCG(7, 8))
	type whole struct {
		events   []ledger.Sealed
		snapshot []byte
	}
	all := map[casefile.CaseID]*whole{}
	for range 60 {
		var c ledger.Commit
		for _, i := range r.Perm(30)[:1+r.IntN(30)] {
			id := casefile.CaseID(1 + i)
			x := all[id]
			if x == nil {
				x = &whole{}
				all[id] = x
			}
			w := ledger.CaseWrite{ID: id, Read: uint64(len(x.events)), Rests: r.IntN(2) == 0}
			head := ledger.Sealed{}
			if w.Read > 0 {
				head = x.events[w.Read-1]
			}
			for range 1 + r.IntN(5) {
				size := r.IntN(2000)
				if r.IntN(100) == 0 {
					size = 300_000
				}
				head = event(head.Hash, head.Seq+1, strings.Repeat("办", size/3)+fmt.Sprint(r.Uint64()))
				w.Events = append(w.Events, head)
			}
			if w.Read > 0 && r.IntN(5) == 0 { // a snapshot that is made again
				w.Events = nil
			}
			x.events = append(x.events, w.Events...)
			x.snapshot = fmt.Appendf(nil, "%s{%d %d}", []string{"", "\xf5", "\xf6", "\x28\xb5\x2f\xfd"}[r.IntN(4)], id, r.Uint64())
			w.Snapshot = bytes.Clone(x.snapshot)
			c.Cases = append(c.Cases, w)
		}
		commit(t, s, c)
	}
	var want strings.Builder
	for _, id := range slices.Sorted(maps.Keys(all)) {
		x := all[id]
		equal(t, fmt.Sprint("case ", id), must[ledger.Snapshot](t)(s.Case(id)), ledger.Snapshot{Seq: uint64(len(x.events)), Data: x.snapshot})
		for range 20 {
			after, limit := r.IntN(len(x.events)+2), r.IntN(len(x.events)+2)
			some := x.events[min(after, len(x.events)):]
			if limit > 0 {
				some = some[:min(limit, len(some))]
			}
			if got := must[[]ledger.Sealed](t)(s.Events(id, uint64(after), limit)); !sameEvents(got, some) {
				t.Errorf("case %d has %d events after %d, at most %d; want %d", id, len(got), after, limit, len(some))
			}
		}
		for _, e := range x.events {
			fmt.Fprintf(&want, "%d %d %s %x\n", id, e.Seq, e.Hash, e.Data)
		}
		fmt.Fprintf(&want, "%d snapshot %x\n", id, x.snapshot)
	}
	var got strings.Builder
	if err := s.Dump(func(bucket string, key, value []byte) error {
		if bucket != "cases" {
			return nil
		}
		id, seq := binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
		if seq == 1<<64-1 {
			fmt.Fprintf(&got, "%d snapshot %x\n", id, value[8:])
		} else {
			fmt.Fprintf(&got, "%d %d %x %x\n", id, seq, value[:32], value[32:])
		}
		return nil
	}); err != nil || got.String() != want.String() {
		t.Errorf("dumped %d bytes, want %d (%v)", got.Len(), want.Len(), err)
	}
}

func caseNumbers(t *testing.T, s ledger.Store) {
	ids := []casefile.CaseID{1, 255, 256, 65536, 1 << 40, 1<<63 - 1}
	for _, id := range ids {
		commit(t, s, cases(next(id, ledger.Sealed{}, 2)))
	}
	for _, id := range ids {
		events := must[[]ledger.Sealed](t)(s.Events(id, 0, 0))
		if want := next(id, ledger.Sealed{}, 2).Events; !sameEvents(events, want) {
			t.Errorf("case %d has %d events: %v", id, len(events), events)
		}
	}
}

func rebuilt(t *testing.T, s ledger.Store) {
	w := next(1, ledger.Sealed{}, 3)
	w.Put = []ledger.Key{{Index: "due", Key: "2026-01-05", ID: "1", Value: []byte("old")}}
	commit(t, s, cases(w))
	head := must[[]ledger.LedgerRow](t)(s.Ledger(0, 0))
	commit(t, s, cases(ledger.CaseWrite{ID: 1, Read: 3, Snapshot: []byte("anew"), Drop: w.Put}))
	equal(t, "case", must[ledger.Snapshot](t)(s.Case(1)), ledger.Snapshot{Seq: 3, Data: []byte("anew")})
	commit(t, s, cases(ledger.CaseWrite{ID: 1, Read: 3, Put: w.Put}))
	equal(t, "case", must[ledger.Snapshot](t)(s.Case(1)), ledger.Snapshot{Seq: 3, Data: []byte("anew")})
	equal(t, "entries", len(must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "due"}))), 1)
	equal(t, "ledger", must[[]ledger.LedgerRow](t)(s.Ledger(0, 0)), head)
	conflicts(t, s, cases(ledger.CaseWrite{ID: 1, Read: 2, Snapshot: []byte("late")}), "case", "1")
}

func dropThenPut(t *testing.T, s ledger.Store) {
	k := ledger.Key{Index: "state", Key: "intake", ID: "1", Value: []byte("one")}
	w := next(1, ledger.Sealed{}, 1)
	w.Put = []ledger.Key{k}
	commit(t, s, cases(w))
	k.Value = []byte("two")
	w = next(1, last(w), 1)
	w.Drop, w.Put = []ledger.Key{{Index: k.Index, Key: k.Key, ID: k.ID}}, []ledger.Key{k}
	commit(t, s, cases(w))
	got := must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "state"}))
	if len(got) != 1 || string(got[0].Value) != "two" {
		t.Errorf("entries %+v, want the new value", got)
	}
	w = next(1, last(w), 1)
	w.Drop = []ledger.Key{k}
	commit(t, s, cases(w))
	equal(t, "entries", len(must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: "state"}))), 0)
}

func verbatim(t *testing.T, s ledger.Store) {
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	w := next(1, ledger.Sealed{}, 1)
	w.Snapshot = data
	w.Events[0].Data = data
	w.Events[0].Hash = ledger.Chain("", data)
	name := "𬭚𠮷 a/b:%\u00a0\n\x01"
	w.Put = []ledger.Key{{Index: name, Key: name, ID: name, Value: data}}
	c := cases(w)
	c.Records = []ledger.RecordWrite{{Kind: name, ID: name, Data: []byte(`{"a": 1 ,"中":"文"}`)}}
	c.Counters = []ledger.CounterWrite{{Name: name, Value: 1<<64 - 1}}
	commit(t, s, c)
	equal(t, "snapshot", string(must[ledger.Snapshot](t)(s.Case(1)).Data) == string(data), true)
	equal(t, "event", string(must[[]ledger.Sealed](t)(s.Events(1, 0, 0))[0].Data) == string(data), true)
	r := must[ledger.Record](t)(s.Record(name, name))
	equal(t, "record", string(r.Data), `{"a": 1 ,"中":"文"}`)
	equal(t, "record", r.Kind == name && r.ID == name && r.Seq == 1, true)
	equal(t, "counter", must[uint64](t)(s.Counter(name)), uint64(1<<64-1))
	e := must[[]ledger.Entry](t)(s.Scan(ledger.Scan{Index: name}))[0]
	equal(t, "entry", e.Index == name && e.Key.Key == name && e.ID == name && string(e.Value) == string(data), true)
	data[0]++ // what was read is the reader's own
	equal(t, "snapshot", must[ledger.Snapshot](t)(s.Case(1)).Data[0], data[0]-1)
}

// full is a change that writes something of every sort.
func full(id casefile.CaseID) ledger.Commit {
	c := cases(next(id, ledger.Sealed{}, 1))
	c.Cases[0].Put = []ledger.Key{{Index: "due", Key: "2026-01-05", ID: "9"}}
	c.Records = []ledger.RecordWrite{record("person", "new", 0, "n")}
	c.Records[0].Ledgered = true
	c.Records[0].Put = []ledger.Key{{Index: "name", Key: "n", ID: "new"}}
	c.Counters = []ledger.CounterWrite{{Name: "fresh", Value: 1}}
	return c
}

func staleCase(t *testing.T, s ledger.Store) {
	w := next(1, ledger.Sealed{}, 2)
	commit(t, s, cases(w))
	for _, read := range []uint64{0, 1, 3} {
		c := full(2)
		c.Cases = append(c.Cases, next(1, ledger.Sealed{Seq: read}, 1))
		conflicts(t, s, c, "case", "1")
	}
	c := full(2)
	c.Cases = append(c.Cases, next(3, ledger.Sealed{Seq: 1}, 1))
	conflicts(t, s, c, "case", "3")
}

func staleRecord(t *testing.T, s ledger.Store) {
	commit(t, s, records(record("session", "a", 0, "1")))
	commit(t, s, records(record("session", "a", 1, "2")))
	for _, read := range []uint64{0, 1, 3} {
		c := full(2)
		c.Records = append(c.Records, record("session", "a", read, "late"))
		conflicts(t, s, c, "record", "session/a")
	}
	c := full(2)
	c.Records = append(c.Records, ledger.RecordWrite{Kind: "session", ID: "b", Read: 1, Delete: true})
	conflicts(t, s, c, "record", "session/b")
}

func staleCounter(t *testing.T, s ledger.Store) {
	commit(t, s, ledger.Commit{Counters: []ledger.CounterWrite{{Name: "doc/告/2026", Read: 0, Value: 5}}})
	for _, read := range []uint64{0, 4, 6} {
		c := full(2)
		c.Counters = append(c.Counters, ledger.CounterWrite{Name: "doc/告/2026", Read: read, Value: read + 1})
		conflicts(t, s, c, "counter", "doc/告/2026")
	}
	equal(t, "counter", must[uint64](t)(s.Counter("doc/告/2026")), uint64(5))
}

func staleCheck(t *testing.T, s ledger.Store) {
	commit(t, s, records(record("office", "posts", 0, "1")))
	for _, seq := range []uint64{0, 2} {
		c := full(2)
		c.Checks = []ledger.Check{{Kind: "office", ID: "posts", Seq: seq}}
		conflicts(t, s, c, "record", "office/posts")
	}
	c := full(2)
	c.Checks = []ledger.Check{{Kind: "office", ID: "none", Seq: 1}}
	conflicts(t, s, c, "record", "office/none")
	c.Checks = []ledger.Check{{Kind: "office", ID: "posts", Seq: 1}, {Kind: "office", ID: "none", Seq: 0}}
	commit(t, s, c)
}

func cameBetween(t *testing.T, s ledger.Store) {
	rests := func(id casefile.CaseID, n uint64) ledger.Commit {
		c := cases(next(id, ledger.Sealed{}, 1))
		c.Upto = &ledger.Mark{N: n}
		return c
	}
	w := next(7, ledger.Sealed{}, 1)
	commit(t, s, cases(w))
	conflicts(t, s, rests(1, 0), "ledger", "")
	commit(t, s, records(record("session", "a", 0, "1"))) // leaves no head
	commit(t, s, rests(1, 1))
	conflicts(t, s, rests(2, 1), "ledger", "")
}

func refused(t *testing.T, s ledger.Store) {
	key := func(index, k, id string) ledger.Commit {
		c := full(1)
		c.Cases[0].Put = []ledger.Key{{Index: index, Key: k, ID: id}}
		return c
	}
	edit := func(f func(c *ledger.Commit)) ledger.Commit {
		c := full(1)
		f(&c)
		return c
	}
	for name, c := range map[string]ledger.Commit{
		"NUL in an index":       key("a\x00b", "k", "1"),
		"NUL in a key":          key("a", "k\x00", "1"),
		"NUL in an id":          key("a", "k", "\x00"),
		"not UTF-8":             key("a", "\xff", "1"),
		"an index without name": key("", "k", "1"),
		"a key of 10 MB":        key("a", strings.Repeat("长", 10<<20/3), "1"),
		"case 0":                edit(func(c *ledger.Commit) { c.Cases[0].ID = 0 }),
		"case -1":               edit(func(c *ledger.Commit) { c.Cases[0].ID = -1 }),
		"a case without events": edit(func(c *ledger.Commit) { c.Cases[0].Events = nil }),
		"no snapshot":           edit(func(c *ledger.Commit) { c.Cases[0].Snapshot = nil }),
		"a gap in the events":   edit(func(c *ledger.Commit) { c.Cases[0].Events[0].Seq = 2 }),
		"no hash":               edit(func(c *ledger.Commit) { c.Cases[0].Events[0].Hash = "" }),
		"a hash in capitals":    edit(func(c *ledger.Commit) { c.Cases[0].Events[0].Hash = strings.Repeat("A", 64) }),
		"a case twice":          edit(func(c *ledger.Commit) { c.Cases = append(c.Cases, c.Cases[0]) }),
		"a record twice":        edit(func(c *ledger.Commit) { c.Records = append(c.Records, c.Records[0]) }),
		"a counter twice":       edit(func(c *ledger.Commit) { c.Counters = append(c.Counters, c.Counters[0]) }),
		"a record without kind": edit(func(c *ledger.Commit) { c.Records[0].Kind = "" }),
		"NUL in a record's id":  edit(func(c *ledger.Commit) { c.Records[0].ID = "a\x00b" }),
		"NUL in a counter":      edit(func(c *ledger.Commit) { c.Counters[0].Name = "a\x00b" }),
	} {
		err := s.Commit(context.Background(), c)
		var conflict *ledger.Conflict
		if err == nil || errors.As(err, &conflict) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	equal(t, "what was left", dumped(t, s), "")
	commit(t, s, full(1))
}

func cancelled(t *testing.T, s ledger.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Commit(ctx, full(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v, want Canceled", err)
	}
	equal(t, "what was left", dumped(t, s), "")
}
