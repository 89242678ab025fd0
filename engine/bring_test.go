package engine_test

import (
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
)

// A newer program that brings another schedule changes nothing until it is brought: then it moves what lay in that year as a
// load does, on each case's record, and what the office loaded itself stays in front of it.
func TestNewProgramBringsASchedule(t *testing.T) {
	s := clocked(t, "set-one 2026-12-21")
	bring := func() []string {
		t.Helper()
		moves, err := change.Bring(t.Context(), s.Engine)
		if err != nil {
			t.Fatal(err)
		}
		s.prove(t)
		return only(movedTo(moves), "plain")
	}
	newer := func(year calendar.Schedule) {
		t.Helper()
		c := s.Config
		c.Calendar = c.Calendar.With(year)
		e, err := engine.New(c)
		if err != nil {
			t.Fatal(err)
		}
		s.Engine = e
		s.prove(t) // the entries in the store are those that the engine derives, though the program brings another schedule
	}
	same(t, "brought for the first time", bring(), []string{})
	newer(of2027(calendar.Of(2027, 1, 1)))
	same(t, "brought", bring(), []string{"1: plain 2027-01-04? → 2027-01-05"})
	same(t, "brought again", bring(), []string{})
	steps, err := desk.History(t.Context(), s.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	if last := steps[len(steps)-1]; last.Action != casefile.Rechecked || last.Values["notice"].String() != "国办发明电〔2026〕9号" {
		t.Errorf("the last step is %s %v", last.Action, last.Values)
	}
	same(t, "loaded by the office", only(s.load(t, of2027(calendar.Of(2027, 1, 1), calendar.Of(2027, 1, 4))), "plain"), []string{"1: plain 2027-01-05 → 2027-01-06"})
	newer(of2027())
	same(t, "the office's own stays", bring(), []string{})
}
