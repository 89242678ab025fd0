package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"dossier/engine/ledger"
)

func ids(rs []ledger.Record) []string {
	var list []string
	for _, r := range rs {
		list = append(list, r.ID)
	}
	return list
}

func recordsInOrder(t *testing.T, s ledger.Store) {
	var c ledger.Commit
	for _, id := range []string{"b", "a", "ab", "甲", "乙", "𠮷", "a/b", "a\x01"} {
		c.Records = append(c.Records, record("person", id, 0, id))
	}
	c.Records = append(c.Records, record("person2", "x", 0, "x"), record("perso", "nx", 0, "y"), record("persona", "z", 0, "z"))
	commit(t, s, c)
	sorted := []string{"a", "a\x01", "a/b", "ab", "b", "乙", "甲", "𠮷"}
	for _, q := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 0, sorted}, {"", 3, sorted[:3]}, {"a", 2, sorted[1:3]}, {"a0", 1, sorted[3:4]}, {"乙", 0, sorted[6:]}, {"𠮷", 0, nil},
	} {
		equal(t, "ids after "+q.after, ids(must[[]ledger.Record](t)(s.Records("person", q.after, q.limit))), q.want)
	}
	rs := must[[]ledger.Record](t)(s.Records("perso", "", 0))
	equal(t, "records", rs, []ledger.Record{{Kind: "perso", ID: "nx", Seq: 1, Data: json.RawMessage(`"y"`)}})
}

func versions(t *testing.T, s ledger.Store) {
	want := []ledger.Record{}
	for i, text := range []string{"one", "two", "three"} {
		w := record("person", "liwei", uint64(i), text)
		w.Ledgered = true
		commit(t, s, records(w, record("saved", "liwei", uint64(i), text)))
		want = append(want, ledger.Record{Kind: "person", ID: "liwei", Seq: uint64(i) + 1, Data: w.Data})
	}
	equal(t, "record", must[ledger.Record](t)(s.Record("person", "liwei")), want[2])
	equal(t, "versions", must[[]ledger.Record](t)(s.Versions("person", "liwei")), want)
	equal(t, "versions of a neighbour", len(must[[]ledger.Record](t)(s.Versions("person", "liwe"))), 0)
	equal(t, "versions of what is not ledgered", len(must[[]ledger.Record](t)(s.Versions("saved", "liwei"))), 0)
	for i, row := range must[[]ledger.LedgerRow](t)(s.Ledger(0, 0)) {
		equal(t, "heads", row.Heads, []ledger.LedgerHead{{What: "person/liwei", Seq: uint64(i) + 1, Hash: ledger.Chain("", want[i].Data)}})
	}
}

func deleted(t *testing.T, s ledger.Store) {
	for _, ledgered := range []bool{false, true} {
		kind := map[bool]string{false: "session", true: "person"}[ledgered]
		write := func(read uint64, text string, del bool) ledger.RecordWrite {
			w := record(kind, "x", read, text)
			w.Ledgered, w.Delete = ledgered, del
			return w
		}
		commit(t, s, records(write(0, "one", false), record(kind, "y", 0, "neighbour")))
		commit(t, s, records(write(1, "gone", true)))
		_, err := s.Record(kind, "x")
		notFound(t, "a deleted "+kind, err)
		equal(t, "ids", ids(must[[]ledger.Record](t)(s.Records(kind, "", 1))), []string{"y"})
		conflicts(t, s, records(write(1, "late", false)), "record", kind+"/x")
		conflicts(t, s, records(write(2, "late", true)), "record", kind+"/x")

		c := records(write(0, "anew", false))
		c.Checks = []ledger.Check{{Kind: kind, ID: "x", Seq: 0}}
		commit(t, s, c)
		equal(t, "the change is the caller's", c.Records[0].Read, uint64(0))
		r := must[ledger.Record](t)(s.Record(kind, "x"))
		equal(t, "data", string(r.Data), `"anew"`)
		if !ledgered {
			continue
		}
		equal(t, "its number goes on", r.Seq, uint64(3))
		vs := must[[]ledger.Record](t)(s.Versions(kind, "x"))
		if len(vs) != 3 || string(vs[1].Data) != `"gone"` || vs[2].Seq != 3 {
			t.Errorf("versions %v, want one, gone and anew", vs)
		}
		rows := must[[]ledger.LedgerRow](t)(s.Ledger(0, 0))
		equal(t, "the ledger's last head", rows[len(rows)-1].Heads, []ledger.LedgerHead{{What: "person/x", Seq: 3, Hash: ledger.Chain("", r.Data)}})
	}
}

func staysLedgered(t *testing.T, s ledger.Store) {
	w := record("setting", "x", 0, "one")
	commit(t, s, records(w))
	w = record("setting", "x", 1, "two")
	w.Ledgered = true
	commit(t, s, records(w))
	err := s.Commit(context.Background(), records(record("setting", "x", 2, "three")))
	var conflict *ledger.Conflict
	if err == nil || errors.As(err, &conflict) {
		t.Errorf("commit: %v, want a refusal", err)
	}
	equal(t, "record", must[ledger.Record](t)(s.Record("setting", "x")).Seq, uint64(2))
}
