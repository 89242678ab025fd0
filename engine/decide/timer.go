package decide

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/lacks"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Expired fires every timer that is due and not provisional, one after another, in the order of their days. Its fact
// day is the day after the due day however late the sweep; recorded is now.
func (t *Sitting) Expired(d *Docket) error {
	for range 16 { // a timer can start the next; a procedure whose timers never end is refused here
		r, ok := t.Due(d.Edition, d.Case)
		if !ok {
			return nil
		}
		cmd := casefile.Command{Case: d.Case.ID, Action: r.Def.OnExpiry, Actor: office.System, Day: r.Due.Add(1)}
		if r.Parties != nil {
			cmd.Values = procedure.Values{procedure.RespondentField: {List: r.Parties}}
		}
		parts, bad := t.Parts(d.Edition, d.Case, &cmd)
		if bad != nil {
			return nil
		}
		for i := range parts {
			after, ev, err := t.Act(d.Edition, d.Case, &parts[i])
			if err != nil {
				return nil // what the timer would do is not possible here: it waits
			}
			d.Case, d.Events = after, append(d.Events, ev)
		}
	}
	return nil
}

// Due is the first clock whose time has run out and that acts by itself.
func (t *Sitting) Due(ed *procedure.Edition, c *casefile.Case) (rules.Running, bool) {
	var best rules.Running
	if c == nil || !Acts(ed) {
		return best, false
	}
	s := rules.NewView(ed, t.Office, c, t.Today, t.Today)
	for _, r := range s.Clocks() {
		if r.Def.OnExpiry == "" || r.Provisional || r.State != rules.OverdueClock && r.State != rules.OverWindow || r.Due == 0 {
			continue
		}
		if len(Spots(ed, c, r.Def.OnExpiry)) == 0 {
			continue
		}
		if best.Due == 0 || r.Due < best.Due {
			best = r
		}
	}
	return best, best.Due != 0
}

// Acts tells whether the procedure has a clock that acts by itself.
func Acts(ed *procedure.Edition) bool { return ed.Acts() }

// late tells whether an event sets a fact on a day before something that is already on record.
func late(before *casefile.Case, ev *casefile.Event) bool {
	var last calendar.Date
	for _, x := range before.Taken {
		last = max(last, x.Day)
	}
	return slices.ContainsFunc(ev.Days, func(d casefile.DaySet) bool { return d.Day < last })
}

func finding(seq uint64, a *procedure.Action, guard int, c *refusal.Condition) casefile.Finding {
	f := casefile.Finding{Seq: seq, Action: a.ID, Guard: guard, Code: string(c.Code), Law: c.Law.Cites, Args: c.Args, Fix: "answer-finding", Party: c.Args["party"]}
	if guard >= 0 && a.Guards[guard].Finding != "" {
		f.Fix = a.Guards[guard].Finding
	}
	return f
}

// mends tells whether an event is what a finding of a condition that didn't block asks for.
func mends(before *casefile.Case, ev *casefile.Event) bool {
	return slices.ContainsFunc(before.Findings, func(f casefile.Finding) bool { return f.Fix == ev.Action && f.Answered == 0 })
}

// mended tells whether what a condition that doesn't block asks for was done after the action, for that party.
func mended(c *casefile.Case, x casefile.Taken, g *procedure.Guard, party string) bool {
	return g.Soft && g.Finding != "" && slices.ContainsFunc(c.Taken, func(t casefile.Taken) bool {
		return t.Action == g.Finding && t.Seq > x.Seq && (party == "" || casefile.Overlap(t.Parties, []string{party}))
	})
}

// Recheck asks each guard of each action already taken again, on the facts as they now are, and writes into the event
// which findings open and which are gone.
func (t *Sitting) Recheck(ed *procedure.Edition, c *casefile.Case, ev *casefile.Event) {
	var open []casefile.Finding
	for _, x := range c.Taken {
		a, walk := casefile.ActionOf(ed, x)
		if a == nil { // another version of the procedure: what was found stays until it is answered
			for _, f := range c.Findings {
				if f.Seq == x.Seq && f.Answered == 0 {
					open = append(open, f)
				}
			}
		}
		if a == nil || x.Seq == ev.Seq {
			continue
		}
		s := t.View(ed, c, x.Day)
		s.Today = calendar.In(x.At)
		s.Back = true
		s.Upto, s.Action, s.Walk, s.Actor, s.Behalf = x.Seq, a, walk, x.By, x.For
		s.Concern(x.Parties)
		s.Values, s.Fills = c.Typed(x.Seq)
		days := c.DaysOf(x)
		for i := range a.Guards {
			sides := slices.DeleteFunc(s.Sides(), func(v *rules.View) bool { return mended(c, x, &a.Guards[i], v.Party) })
			if s.Momentary(&a.Guards[i]) || len(sides) == 0 {
				continue
			}
			for _, s.Day = range days {
				s.Runs = nil
				conds := lacks.Ask(s, &a.Guards[i], sides)
				for j := range conds {
					open = append(open, finding(x.Seq, a, i, &conds[j]))
				}
				if len(conds) > 0 {
					break
				}
			}
		}
		for _, d := range c.Days {
			f := ed.Def.Fact(d.Fact)
			if d.Seq != x.Seq || d.Void != 0 || f == nil || f.After == "" {
				continue
			}
			if cause, ok := s.Latest(f.After); ok && d.Day < cause.Day {
				open = append(open, finding(x.Seq, a, -1, &refusal.Condition{Code: refusal.FactBeforeCause, Law: f.Law,
					Args: refusal.Args{"cause": string(f.After), "limit": cause.Day.String(), "day": d.Day.String()}}))
				break
			}
		}
	}
	ev.Find(c.Findings, open)
}
