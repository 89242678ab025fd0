package casefile

import (
	"maps"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Find writes into the event which of the findings open now are new and which of the old are gone. Where the office or the
// version changed, one that would be told otherwise now, or that stands at another guard, is told anew with the answer that it
// was given.
func (ev *Event) Find(old, open []Finding) {
	again := ev.Action == Rechecked || ev.Adopts != nil
	for _, f := range open {
		i := slices.IndexFunc(old, f.at)
		if i >= 0 && (!again || old[i].Code == f.Code && maps.Equal(old[i].Args, f.Args)) {
			continue
		}
		if again {
			if j := slices.IndexFunc(old, f.same); j >= 0 {
				f.Answered = old[j].Answered
			}
			if i >= 0 {
				ev.Cleared = append(ev.Cleared, old[i])
			}
		}
		ev.Findings = append(ev.Findings, f)
	}
	for _, o := range old {
		if o.Seq != ev.Seq && !slices.ContainsFunc(open, o.at) {
			ev.Cleared = append(ev.Cleared, o)
		}
	}
}

// at tells whether another finding is of the same guard of the same action.
func (f Finding) at(o Finding) bool { return o.Seq == f.Seq && o.Guard == f.Guard }

// same tells whether another finding says the same of the same action, wherever the guard stands.
func (f Finding) same(o Finding) bool { return o.Seq == f.Seq && o.Code == f.Code }

// Found are the findings that the event opens, those that go, and those that are only told otherwise now.
func (ev *Event) Found() (opens, clears, restates []Finding) {
	for _, f := range ev.Findings {
		if slices.ContainsFunc(ev.Cleared, f.same) {
			restates = append(restates, f)
		} else {
			opens = append(opens, f)
		}
	}
	for _, f := range ev.Cleared {
		if !slices.ContainsFunc(ev.Findings, f.same) {
			clears = append(clears, f)
		}
	}
	return opens, clears, restates
}

// DaysOf are the fact days of an action as they now are: those of the facts that it set, which corrections can have
// moved apart, or its own when none of them stands.
func (c *Case) DaysOf(x Taken) []calendar.Date {
	var days []calendar.Date
	for _, d := range c.Days {
		day := d.Day
		if d.Raw != 0 {
			day = d.Raw
		}
		if d.Seq == x.Seq && d.Void == 0 && !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	if days == nil {
		days = []calendar.Date{x.Day}
	}
	return days
}

// ActionOf finds the action that was taken.
func ActionOf(ed *procedure.Edition, x Taken) (*procedure.Action, procedure.WalkID) {
	if x.Walk == procedure.Main && x.From == "" {
		return &ed.Def.Open, procedure.Main
	}
	w := ed.WalkOf(x.Walk)
	if w == nil || w.State(x.From) == nil {
		return nil, x.Walk
	}
	return w.State(x.From).Action(x.Action), x.Walk
}

// Typed are the values that the event wrote, and the parts that it wrote them in.
func (c *Case) Typed(seq uint64) (procedure.Values, []procedure.FormPart) {
	values, fills := procedure.Values{}, []procedure.FormPart(nil)
	for i := range c.Papers {
		for _, p := range c.Papers[i].Parts {
			if p.Seq == seq {
				maps.Copy(values, p.Values)
				fills = append(fills, procedure.FormPart{Form: c.Papers[i].Form, Part: p.Part})
			}
		}
	}
	return values, fills
}
