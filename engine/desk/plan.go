package desk

import (
	"slices"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// PlanKind says what a line of a plan is about.
type PlanKind string

const (
	PlanSuspend PlanKind = "suspend" // the clock stands still from the day on
	PlanExtend  PlanKind = "extend"  // the clock is extended as far as it may be
	PlanStart   PlanKind = "start"   // the clock starts, its fact being set on the day
	PlanBefore  PlanKind = "before"  // the clock must have run out before the action is taken on the day
)

// Planned is one line of a plan: what would follow from a day, or by when something must happen for it.
type Planned struct {
	Kind        PlanKind
	Clock       rules.Running // as it would be; of PlanBefore, as it runs already: zero when it doesn't yet
	Def         *procedure.Clock
	Was         calendar.Date   // its due day now
	Left        int             // of PlanSuspend: what is left of it, in its unit
	Fact        procedure.Label // of PlanStart and PlanBefore: what starts it
	Action      procedure.Label // of PlanBefore: what is to be done on the day
	By          calendar.Date   // of PlanBefore: the last day for the fact; 0 when the clock runs already
	Provisional bool
	Law         procedure.Law
}

// Plan says what would follow if the case's clocks were suspended, extended or started on a day, and by when what must
// come before the actions still ahead has to happen so that they can be taken on that day. Resume is the day on which
// what is suspended goes on; 0 leaves it open. Nothing is written.
func Plan(e *engine.Engine, who office.PersonID, id casefile.CaseID, day, resume calendar.Date) ([]Planned, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	if day == 0 {
		day = t.Today
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	return append(append(planRuns(s, day, resume), planStarts(s, day)...), planBefore(s, day)...), nil
}

// planRuns says where the due days of what runs would go.
func planRuns(s *rules.View, day, resume calendar.Date) []Planned {
	var out []Planned
	cal := s.Office.Calendar
	for _, r := range s.Clocks() {
		if r.State != rules.RunningClock && r.State != rules.OverdueClock {
			continue
		}
		if len(r.Def.Stopped) > 0 {
			x := r
			x.Run.Pauses = append(slices.Clone(r.Run.Pauses), calendar.Pause{From: day, To: resume})
			if res, err := cal.Due(x.Run); err == nil {
				x.Due, x.Provisional = res.Due, res.Provisional
				out = append(out, Planned{Kind: PlanSuspend, Clock: x, Def: r.Def, Was: r.Due, Left: res.Left, Provisional: res.Provisional, Law: lawOf(s, r.Def.Stopped[0])})
			}
		}
		if ext := r.Def.Extend; ext != nil && ext.Field == nil && len(r.Run.Extend) < max(ext.Times, 1) {
			x := r
			x.Run.Extend = append(slices.Clone(r.Run.Extend), ext.Period)
			if res, err := cal.Due(x.Run); err == nil {
				x.Due, x.Provisional = res.Due, res.Provisional
				out = append(out, Planned{Kind: PlanExtend, Clock: x, Def: r.Def, Was: r.Due, Provisional: res.Provisional, Law: lawOf(s, ext.At)})
			}
		}
	}
	return out
}

func lawOf(s *rules.View, f procedure.FactID) procedure.Law {
	if x := s.Edition.Def.Fact(f); x != nil {
		return x.Law
	}
	return procedure.Law{}
}

// planStarts says when the clocks would be due that facts not yet on record start.
func planStarts(s *rules.View, day calendar.Date) []Planned {
	var out []Planned
	for i := range s.Edition.Def.Clocks {
		c := &s.Edition.Def.Clocks[i]
		if !s.Holds(c.When) {
			continue
		}
		for _, src := range c.From.Sources {
			fact := s.Edition.Def.Fact(src.Fact)
			if _, set := s.Latest(src.Fact); fact == nil || set {
				continue
			}
			period, by, ok := s.Within(c, day)
			if !ok || by != 0 {
				continue
			}
			r := rules.Running{ID: c.ID, Def: c, Start: day, Unit: period.Unit, State: rules.RunningClock, Run: calendar.Run{Start: day, Period: period}}
			res, err := s.Office.Calendar.Due(r.Run)
			if err != nil {
				continue
			}
			r.Due, r.Raw, r.Provisional = res.Due, res.Raw, res.Provisional
			out = append(out, Planned{Kind: PlanStart, Clock: r, Def: c, Fact: fact.Title, Provisional: res.Provisional, Law: c.Law})
			break
		}
	}
	return out
}

// planBefore goes back from the actions of the main walk that are ahead and wait for a period to run out.
func planBefore(s *rules.View, day calendar.Date) []Planned {
	var out []Planned
	order := stageOrder(s.Edition)
	now := order[s.Case.Main()]
	for i := range s.Edition.Def.Main.States {
		st := &s.Edition.Def.Main.States[i]
		if order[st.ID] < now {
			continue
		}
		for j := range st.Actions {
			a := &st.Actions[j]
			var lines []Planned
			for k := range a.Guards {
				g := &a.Guards[k]
				if g.Name != "window-over" || g.Soft {
					continue
				}
				for _, id := range g.Arg.Strings() {
					lines = before(s, lines, procedure.ClockID(id), day, g.Law)
				}
			}
			for _, l := range lines {
				l.Action = a.Title
				same := func(x Planned) bool {
					return x.Kind == PlanBefore && x.Action == l.Action && x.Def == l.Def && x.Fact == l.Fact
				}
				if !slices.ContainsFunc(out, same) {
					out = append(out, l)
				}
			}
		}
	}
	return out
}

// stageOrder numbers the states by the stage line, those without a stage by the state before them.
func stageOrder(ed *procedure.Edition) map[procedure.StateID]int {
	order, at, n := map[procedure.StateID]int{}, map[string]int{}, 0
	for i := range ed.Def.Main.States {
		st := &ed.Def.Main.States[i]
		if st.Stage.ZH != "" {
			if _, ok := at[st.Stage.ZH]; !ok {
				at[st.Stage.ZH] = len(at) + 1
			}
			n = at[st.Stage.ZH]
		}
		order[st.ID] = n
	}
	return order
}

// before adds what one clock asks of those that wait for its end on a day.
func before(s *rules.View, lines []Planned, id procedure.ClockID, day calendar.Date, law procedure.Law) []Planned {
	c := s.Edition.Def.Clock(id)
	if c == nil || !s.Holds(c.When) {
		return lines
	}
	line := Planned{Kind: PlanBefore, Def: c, Law: law}
	if rs := s.RunsOf(id); len(rs) > 0 {
		line.Clock = rs[len(rs)-1]
		line.Provisional = line.Clock.Provisional
		if line.Clock.Ended == 0 && line.Clock.Due != 0 {
			lines = append(lines, line)
		}
		return lines
	}
	period, by, ok := s.Within(c, s.Today)
	if !ok || by != 0 {
		return lines
	}
	cause := cause(s, day, period)
	if cause == 0 {
		return lines
	}
	for _, src := range c.From.Sources {
		switch fact := s.Edition.Def.Fact(src.Fact); {
		case fact != nil:
			x := line
			x.Fact, x.By, x.Provisional = fact.Title, cause, s.Office.Calendar.Provisional(cause, day)
			lines = append(lines, x)
		case s.Depth < 4:
			for _, inner := range src.EndOf { // it starts when another ends: that one has to be over by then
				s.Depth++
				lines = before(s, lines, inner, cause+1, law)
				s.Depth--
			}
		}
	}
	return lines
}

// cause is the last day from which a period is over before a day.
func cause(s *rules.View, day calendar.Date, p calendar.Period) calendar.Date {
	cal := s.Office.Calendar
	cause, ok := cal.Back(day, p)
	for range 40 {
		if !ok {
			return 0
		}
		if res, err := cal.Due(calendar.Run{Start: cause, Period: p}); err == nil && res.Due < day {
			return cause
		}
		cause = cal.Shift(cause, -1) // its end would roll off rest days onto the day or behind it
	}
	return 0
}
