package engine_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/seeds/scenario"
)

// A case is the sum of its events: after every scenario, applying the sealed events again gives the very snapshot, the
// hashes chain, the index entries of the store are those that the case has, and its days of alerts are among them.
func TestEventsAreTheCase(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range some(files) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, brought)
			s.play(t, file)
			if s.cases(t) == 0 && slices.ContainsFunc(read(t, file).Steps, func(st scenario.Step) bool { return st.Expect.Refuse == "" }) {
				t.Fatal("no cases")
			}
			s.prove(t)
			s.redraw(t)
			s.foretold(t)
		})
	}
}

// prove holds each case of the store to its events.
func (s *stage) prove(t testing.TB) {
	t.Helper()
	n := s.cases(t)
	stored := s.entries(t)
	for id := casefile.CaseID(1); id <= n; id++ {
		c := s.replay(t, id)
		snap, err := s.store.Case(id)
		if err != nil {
			t.Fatal(err)
		}
		data, err := Canonical(c)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, snap.Data) || snap.Seq != c.Seq {
			t.Errorf("case %d: the events give\n%s\nthe store has\n%s", id, data, snap.Data)
		}
		want := map[string]string{}
		for _, k := range Entries(s.Engine, s.edition(t, c.Edition), c) {
			want[k.Index+" "+k.Key] = string(k.Value)
		}
		if !maps.Equal(want, stored[id]) {
			for _, k := range slices.Sorted(maps.Keys(want)) {
				if got, ok := stored[id][k]; !ok || got != want[k] {
					t.Errorf("case %d: entry %s: want %q, the store has %q", id, k, want[k], got)
				}
			}
			for _, k := range slices.Sorted(maps.Keys(stored[id])) {
				if _, ok := want[k]; !ok {
					t.Errorf("case %d: entry %s should not be there", id, k)
				}
			}
		}
	}
}

// redraw holds each document to what its events give.
func (s *stage) redraw(t testing.TB) {
	t.Helper()
	for id := casefile.CaseID(1); id <= s.cases(t); id++ {
		c := s.replay(t, id)
		for i := range c.Issued {
			doc := &c.Issued[i]
			again, err := Redrawn(s.Engine, c, doc)
			if err != nil {
				t.Fatal(err)
			}
			if issued, err := s.store.Blob(doc.SHA256); err != nil || !bytes.Equal(issued, again) {
				t.Errorf("case %d: document %d (%s) drawn again is another: %v", id, doc.N, doc.Form, err)
			}
		}
	}
}

// replay applies the sealed events of a case, holding them to their chain.
func (s *stage) replay(t testing.TB, id casefile.CaseID) *casefile.Case {
	t.Helper()
	sealed, err := s.store.Events(id, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var c *casefile.Case
	var ed *procedure.Edition
	head := ""
	for i, x := range sealed {
		var ev casefile.Event
		if err := json.Unmarshal(x.Data, &ev); err != nil {
			t.Fatalf("case %d event %d: %v", id, x.Seq, err)
		}
		for _, by := range []*casefile.Opening{ev.Open, ev.Adopts} {
			if by != nil {
				ed = s.edition(t, by.Edition)
			}
		}
		if want := ledger.Chain(head, x.Data); x.Hash != want || ev.Prev != head {
			t.Errorf("case %d event %d: hash %s after %s, want %s after %s", id, x.Seq, x.Hash, ev.Prev, want, head)
		}
		if x.Seq != uint64(i+1) || ev.Seq != x.Seq || ev.Case != id {
			t.Errorf("case %d: event %d says it is event %d of case %d and is stored as %d", id, i+1, ev.Seq, ev.Case, x.Seq)
		}
		if again, err := Canonical(ev); err != nil || !bytes.Equal(again, x.Data) {
			t.Errorf("case %d event %d: read and written again it is\n%s\nnot\n%s (%v)", id, x.Seq, again, x.Data, err)
		}
		before, _ := Canonical(c)
		after := Apply(ed, c, &ev)
		if now, _ := Canonical(c); !bytes.Equal(before, now) {
			t.Errorf("case %d event %d: applying it changed the case before it", id, x.Seq)
		}
		c, head = after, x.Hash
		c.Head = head
	}
	return c
}

// entries are all index entries of the store, by case.
func (s *stage) entries(t testing.TB) map[casefile.CaseID]map[string]string {
	t.Helper()
	out := map[casefile.CaseID]map[string]string{}
	for _, index := range Indexes {
		cursor := ""
		for {
			es, err := s.store.Scan(ledger.Scan{Index: index, After: cursor})
			if err != nil {
				t.Fatal(err)
			}
			if len(es) == 0 {
				break
			}
			for _, e := range es {
				cursor = e.Cursor
				var id casefile.CaseID
				if err := json.Unmarshal([]byte(e.ID), &id); err != nil {
					t.Fatalf("entry %s %s is of %q", index, e.Key.Key, e.ID)
				}
				if out[id] == nil {
					out[id] = map[string]string{}
				}
				out[id][index+" "+e.Key.Key] = string(e.Value)
			}
		}
	}
	return out
}
