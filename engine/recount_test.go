package engine_test

import (
	"context"
	"errors"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// meanwhile is a store in which something happens once, when a case is read.
type meanwhile struct {
	ledger.Store
	at casefile.CaseID
	do func()
}

func (m *meanwhile) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	if do := m.do; do != nil && id == m.at {
		m.do = nil
		do()
	}
	return m.Store.Case(id)
}

// TestActsWhileCountedAnew: while the cases are counted anew, others act on those that were counted, on those that weren't,
// open more and change the office; all of them end up counted by what was loaded. What is stopped has written nothing.
func TestActsWhileCountedAnew(t *testing.T) {
	s := newStage(t, scratch)
	s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer"})
	s.on(calendar.Of(2026, 12, 21))
	set := func() casefile.CaseID {
		t.Helper()
		id := s.begin(t, "clocks")
		s.do(t, id, "officer", "set-one", func(c *casefile.Command) { c.Day = calendar.Of(2026, 12, 21) })
		return id
	}
	set()
	set()
	ended := s.begin(t, "clocks")
	during := func(at casefile.CaseID, do func()) { s.Engine.Store = &meanwhile{s.store, at, do} }

	before := s.dump(t)
	ctx, stop := context.WithCancel(t.Context())
	during(2, stop)
	if _, err := change.LoadSchedule(ctx, s.Engine, "", of2027(calendar.Of(2027, 1, 1))); !errors.Is(err, context.Canceled) || s.dump(t) != before {
		t.Errorf("stopped: %v", err)
	}

	var notes []uint64
	during(2, func() {
		for _, id := range []casefile.CaseID{1, 2, ended} {
			out := s.do(t, id, "officer", "note", func(c *casefile.Command) { c.Values = texts("text=meanwhile") })
			notes = append(notes, out.Case.Seq)
		}
		set()
	})
	moves, err := change.LoadSchedule(t.Context(), s.Engine, "", of2027(calendar.Of(2027, 1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	moved := "plain 2027-01-04? → 2027-01-05"
	same(t, "loaded while others act", only(movedTo(moves), "plain"), []string{"1: " + moved, "2: " + moved, "4: " + moved})
	for i, id := range []casefile.CaseID{1, 2} {
		if last := s.last(t, id); last.Action != casefile.Rechecked || last.Seq != notes[i]+1 {
			t.Errorf("case %d ends with %d %s, the note was %d", id, last.Seq, last.Action, notes[i])
		}
	}
	if len(notes) != 3 {
		t.Errorf("%d notes were made meanwhile", len(notes))
	}
	s.prove(t)

	during(1, func() {
		s.hire(t, map[office.PersonID]procedure.Actor{"second": "officer"}) // counts the open cases itself, and is written first
		s.lend(t, "officer", "second", "officer")
	})
	moves, err = change.LoadSchedule(t.Context(), s.Engine, "", of2027(calendar.Of(2027, 1, 1), calendar.Of(2027, 1, 4)))
	if err != nil {
		t.Fatal(err)
	}
	moved = "plain 2027-01-05 → 2027-01-06"
	same(t, "loaded while the office changes", only(movedTo(moves), "plain"), []string{"1: " + moved, "2: " + moved, "4: " + moved})
	if s.Office().Person("second") == nil || len(s.Office().Delegates("officer", s.Today())) != 1 {
		t.Error("the office that was written meanwhile is lost")
	}
	s.prove(t)
}
