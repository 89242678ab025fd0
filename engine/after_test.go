package engine_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// TestAfter: whoever wants to know hears of each commit that moved a case, of those that the office moves at large, and
// of nothing that was refused.
func TestAfter(t *testing.T) {
	s := newStage(t, brought)
	s.play(t, "../testdata/labour-alerts.yaml")
	var mu sync.Mutex
	var heard []casefile.CaseID
	s.After = func(id casefile.CaseID) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, id)
	}
	want := func(what string, ids ...casefile.CaseID) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(heard, ids) {
			t.Errorf("%s: heard %v, want %v", what, heard, ids)
		}
		heard = nil
	}
	do := func(who office.PersonID, a procedure.ActionID, v procedure.Values) error {
		_, err := s.Do(t.Context(), casefile.Command{Case: 1, Action: a, Actor: who, Values: v})
		return err
	}
	if err := do("孙队", "supervise", nil); err == nil {
		t.Fatal("a captain supervises")
	}
	want("refused")
	if err := do("孙队", "note", procedure.Values{"text": procedure.TextValue("已约谈")}); err != nil {
		t.Fatal(err)
	}
	want("a note", 1)
	p := *s.Office().Person("李察")
	seq, err := access.PersonSeq(s.Engine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	w := ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Read: seq, Data: data, Ledgered: true}
	if err := change.KeepRecords(t.Context(), s.Engine, w); err != nil {
		t.Fatal(err)
	}
	want("a person", 0)
	if err := change.KeepRecords(t.Context(), s.Engine, ledger.RecordWrite{Kind: "draft", ID: "x", Data: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	want("what is nobody's case")
	if err := change.KeepRecords(t.Context(), s.Engine, ledger.RecordWrite{Kind: ledger.KindSetting, ID: "statement", Data: []byte(`[{"value":"5 workdays"}]`), Ledgered: true}); err != nil {
		t.Fatal(err)
	}
	want("a setting", 0)
}
