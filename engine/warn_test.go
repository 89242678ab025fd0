package engine_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// foretold lives every case of the store day by day, from event to event and a year beyond the last: a person who is to be
// told of something that they were not to be told of the day before is told on a day of the index of alerts. On all other
// days nobody need look at the case.
func (s *stage) foretold(t *testing.T) {
	t.Helper()
	for id := casefile.CaseID(1); id <= s.cases(t); id++ {
		s.live(t, id)
	}
}

// live takes a case through the days between its events.
func (s *stage) live(t *testing.T, id casefile.CaseID) {
	t.Helper()
	sealed, err := s.store.Events(id, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	events := make([]casefile.Event, len(sealed))
	for i, x := range sealed {
		if err := json.Unmarshal(x.Data, &events[i]); err != nil {
			t.Fatal(err)
		}
	}
	var c *casefile.Case
	ed := s.edition(t, events[0].Open.Edition)
	for i := range events {
		c = Apply(ed, c, &events[i])
		from := calendar.In(events[i].At)
		to := from.Add(366)
		if i+1 < len(events) {
			to = min(to, calendar.In(events[i+1].At)-1)
		}
		if to <= from {
			continue
		}
		listed := map[string]bool{}
		for _, k := range Entries(s.Engine, ed, c) {
			if k.Index == "alert" {
				listed[k.Key[:len("2026-01-02")]] = true
			}
		}
		known := s.crossed(ed, c, from)
		for day := from + 1; day <= to; day++ {
			now := s.crossed(ed, c, day)
			for x := range now {
				if !known[x] && !listed[day.String()] {
					t.Errorf("case %d after event %d (%s): %s on %s, which is not listed", id, i+1, events[i].Action, x, day)
				}
			}
			known = now
		}
	}
}

// crossed names who is to be told of what on a day.
func (s *stage) crossed(ed *procedure.Edition, c *casefile.Case, day calendar.Date) map[string]bool {
	m := map[string]bool{}
	for _, w := range WarningsOn(s.Engine, ed, c, day) {
		for _, r := range w.To {
			m[fmt.Sprintf("%s %s %d of %s to %s", w.Clock, w.Of, w.Threshold, w.Due, r.Person)] = true
		}
	}
	return m
}
