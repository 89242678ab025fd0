package engine

import (
	"context"
	"slices"

	"dossier/engine/calendar"
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
	Clock       Running // as it would be; of PlanBefore, as it runs already: zero when it doesn't yet
	Def         *Clock
	Was         calendar.Date // its due day now
	Left        int           // of PlanSuspend: what is left of it, in its unit
	Fact        Label         // of PlanStart and PlanBefore: what starts it
	Action      Label         // of PlanBefore: what is to be done on the day
	By          calendar.Date // of PlanBefore: the last day for the fact; 0 when the clock runs already
	Provisional bool
	Law         Law
}

// Plan says what would follow if the case's clocks were suspended, extended or started on a day, and by when what must
// come before the actions still ahead has to happen so that they can be taken on that day. Resume is the day on which
// what is suspended goes on; 0 leaves it open. Nothing is written.
func (e *Engine) Plan(_ context.Context, who PersonID, id CaseID, day, resume calendar.Date) ([]Planned, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	if day == 0 {
		day = t.today
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	return append(append(s.planRuns(day, resume), s.planStarts(day)...), s.planBefore(day)...), nil
}

// planRuns says where the due days of what runs would go.
func (s *scope) planRuns(day, resume calendar.Date) []Planned {
	var out []Planned
	cal := s.office.Calendar
	for _, r := range s.clocks() {
		if r.State != RunningClock && r.State != OverdueClock {
			continue
		}
		if len(r.Def.Stopped) > 0 {
			x := r
			x.Run.Pauses = append(slices.Clone(r.Run.Pauses), calendar.Pause{From: day, To: resume})
			if res, err := cal.Due(x.Run); err == nil {
				x.Due, x.Provisional = res.Due, res.Provisional
				out = append(out, Planned{Kind: PlanSuspend, Clock: x, Def: r.Def, Was: r.Due, Left: res.Left, Provisional: res.Provisional, Law: s.lawOf(r.Def.Stopped[0])})
			}
		}
		if ext := r.Def.Extend; ext != nil && ext.Field == nil && len(r.Run.Extend) < max(ext.Times, 1) {
			x := r
			x.Run.Extend = append(slices.Clone(r.Run.Extend), ext.Period)
			if res, err := cal.Due(x.Run); err == nil {
				x.Due, x.Provisional = res.Due, res.Provisional
				out = append(out, Planned{Kind: PlanExtend, Clock: x, Def: r.Def, Was: r.Due, Provisional: res.Provisional, Law: s.lawOf(ext.At)})
			}
		}
	}
	return out
}

func (s *scope) lawOf(f FactID) Law {
	if x := s.ed.Def.Fact(f); x != nil {
		return x.Law
	}
	return Law{}
}

// planStarts says when the clocks would be due that facts not yet on record start.
func (s *scope) planStarts(day calendar.Date) []Planned {
	var out []Planned
	for i := range s.ed.Def.Clocks {
		c := &s.ed.Def.Clocks[i]
		if !s.holds(c.When) {
			continue
		}
		for _, src := range c.From.Sources {
			fact := s.ed.Def.Fact(src.Fact)
			if _, set := s.latest(src.Fact); fact == nil || set {
				continue
			}
			period, by, ok := s.within(c, day)
			if !ok || by != 0 {
				continue
			}
			r := Running{ID: c.ID, Def: c, Start: day, Unit: period.Unit, State: RunningClock, Run: calendar.Run{Start: day, Period: period}}
			res, err := s.office.Calendar.Due(r.Run)
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
func (s *scope) planBefore(day calendar.Date) []Planned {
	var out []Planned
	order := stageOrder(s.ed)
	now := order[s.c.Main()]
	for i := range s.ed.Def.Main.States {
		st := &s.ed.Def.Main.States[i]
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
					lines = s.before(lines, ClockID(id), day, g.Law)
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
func stageOrder(ed *Edition) map[StateID]int {
	order, at, n := map[StateID]int{}, map[string]int{}, 0
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
func (s *scope) before(lines []Planned, id ClockID, day calendar.Date, law Law) []Planned {
	c := s.ed.Def.Clock(id)
	if c == nil || !s.holds(c.When) {
		return lines
	}
	line := Planned{Kind: PlanBefore, Def: c, Law: law}
	if rs := s.runsOf(id); len(rs) > 0 {
		line.Clock = rs[len(rs)-1]
		line.Provisional = line.Clock.Provisional
		if line.Clock.Ended == 0 && line.Clock.Due != 0 {
			lines = append(lines, line)
		}
		return lines
	}
	period, by, ok := s.within(c, s.today)
	if !ok || by != 0 {
		return lines
	}
	cause := s.cause(day, period)
	if cause == 0 {
		return lines
	}
	for _, src := range c.From.Sources {
		switch fact := s.ed.Def.Fact(src.Fact); {
		case fact != nil:
			x := line
			x.Fact, x.By, x.Provisional = fact.Title, cause, s.office.Calendar.Provisional(cause, day)
			lines = append(lines, x)
		case s.depth < 4:
			for _, inner := range src.EndOf { // it starts when another ends: that one has to be over by then
				s.depth++
				lines = s.before(lines, inner, cause+1, law)
				s.depth--
			}
		}
	}
	return lines
}

// cause is the last day from which a period is over before a day.
func (s *scope) cause(day calendar.Date, p calendar.Period) calendar.Date {
	cal := s.office.Calendar
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
