package engine_test

import (
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/seeds/scenario"
)

// What a file lacks is made where the case may still come, never at a place that it has left behind: the answer that a
// complainant is owed is not sought at the desk that registers, once the case is filed.
func TestLackIsMadeAhead(t *testing.T) {
	s := newStage(t, brought)
	sc, err := scenario.Read("t.yaml", []byte(`title: t
workflow: labour-case
fill: true
people: {clerk: 王窗, officer: [李察, 赵办], reviewer: 钱审, captain: 孙队, leader: 周局}
steps:
  - {date: 2026-01-05, as: clerk, do: open, with: {source: complaint}}
  - {date: 2026-01-08, as: clerk, do: submit-filing}
  - {date: 2026-01-09, as: reviewer, do: pass-filing}
  - {date: 2026-01-09, as: captain, do: approve-filing}
`), calendar.Of(2026, 1, 5), cal)
	if err != nil {
		t.Fatal(err)
	}
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: s.Engine, At: s.now}, t.Output()); err != nil {
		t.Fatal(err)
	}
	view, err := desk.View(s.Engine, "孙队", 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Lacks) < 5 {
		t.Fatalf("a case that was just filed lacks %d things", len(view.Lacks))
	}
	main := view.Edition.Def.Main
	for _, l := range view.Lacks {
		if l.Action != nil && l.Walk.ID == main.ID && main.Index(l.State.ID) < main.Index(view.Case.Main()) {
			t.Errorf("%s is to be made by %s in %s, which the case has left", l.Form, l.Action.ID, l.State.ID)
		}
	}
}
