package engine_test

import (
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// A clock that is set back by some minutes leaves no act before the one that it follows; further back nothing is recorded,
// whichever way it comes, until the clock has caught up, and a program that starts then knows it too.
func TestClockSetBack(t *testing.T) {
	s := staffed(t)
	s.KeepTime()
	s.on(day(t, "03-02"))
	id := s.begin(t, "papers", filed[:2]...)
	last := *s.now
	*s.now = last.Add(-4 * time.Minute)
	s.take(t, id, filed[2])
	evs, err := desk.Events(s.Engine, office.System, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, ev := range evs {
		if i > 0 && ev.At.Before(evs[i-1].At) {
			t.Errorf("event %d is of %s, before the one that it follows, %s", ev.Seq, ev.At, evs[i-1].At)
		}
	}

	again, err := engine.New(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	again.KeepTime()
	before := s.dump(t)
	for name, e := range map[string]*engine.Engine{"the same program": s.Engine, "one started again": again} {
		*s.now = last.Add(-6 * time.Minute)
		s.Engine = e
		if x := s.refuse(t, refusal.ClockBack, id, "officer", "wait"); x.Args["last"] != "2026-03-02 09:00" || x.Args["now"] != "2026-03-02 08:54" {
			t.Errorf("%s: the refusal says %v", name, x.Args)
		}
		_, err := change.LoadSchedule(t.Context(), e, "", of2027())
		if x := refusal.As(err); x == nil || x.Code != refusal.ClockBack {
			t.Errorf("%s: a schedule is loaded: %v", name, err)
		}
		if _, err := e.Sweep(t.Context()); err != nil { // nothing is due: nothing is refused
			t.Errorf("%s: %v", name, err)
		}
		if s.dump(t) != before {
			t.Errorf("%s: something was written", name)
		}
		*s.now = last.Add(-5 * time.Minute)
		if err := e.Forward(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.take(t, id, "officer wait")
	s.prove(t)
}
