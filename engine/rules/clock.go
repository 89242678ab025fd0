package rules

import (
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Clocks derives every run of every clock of the case, in the order of the procedure.
func (s *View) Clocks() []Running {
	if s.Runs == nil {
		runs, all := []Running{}, s // kept when all are there: a clock may start at the end of one that stands after it
		if s.View != nil {
			all = s.Of()
		}
		for i := range s.Edition.Def.Clocks {
			runs = append(runs, all.clock(&s.Edition.Def.Clocks[i])...)
		}
		for w := range s.Edition.Def.Sides {
			for i := range s.Edition.Def.Sides[w].Clocks {
				runs = append(runs, all.clock(&s.Edition.Def.Sides[w].Clocks[i])...)
			}
		}
		s.Runs = runs
	}
	return s.Runs
}

// RunsOf gives the runs of one clock, of those respondents who are looked at.
func (s *View) RunsOf(id procedure.ClockID) []Running {
	if s.Runs != nil {
		var rs []Running
		for _, r := range s.Runs {
			if r.Def.ID == id && casefile.Overlap(r.Parties, s.View) {
				rs = append(rs, r)
			}
		}
		return rs
	}
	c := s.Edition.Def.Clock(id)
	if c == nil || s.Depth > 8 { // a clock that starts at the end of another; the loader refuses circles
		return nil
	}
	s.Depth++
	defer func() { s.Depth-- }()
	if s.View == nil {
		return s.clock(c)
	}
	var rs []Running
	for _, r := range s.Of().clock(c) {
		if casefile.Overlap(r.Parties, s.View) {
			rs = append(rs, r)
		}
	}
	return rs
}

// clock derives the runs of one clock: one, or one for each key of the fact it starts from.
func (s *View) clock(c *procedure.Clock) []Running {
	if s.Case.Apart() && s.View == nil {
		return s.clockApart(c)
	}
	if c.When != nil && !s.Several() && !s.Holds(c.When) {
		return nil
	}
	var rs []Running
	for i, st := range s.starts(c) {
		if r, ok := s.runAt(c, st); ok {
			r.ID = numbered(c.ID, i)
			rs = append(rs, r)
		}
	}
	return rs
}

// numbered is the id of a clock's run: from the second on with a number.
func numbered(id procedure.ClockID, i int) procedure.ClockID {
	if i > 0 {
		id += procedure.ClockID("-" + strconv.Itoa(i+1))
	}
	return id
}

// runAt counts the run that begins with a cause, as the respondent sees it whose it is; false where there is none.
func (s *View) runAt(c *procedure.Clock, st start) (Running, bool) {
	if st.day == 0 {
		return Running{}, false // it waits for its start; its number stays its own
	}
	if d := s.Case.Document(procedure.Int(st.key.Doc)); d != nil && !s.InForce(*d) {
		return Running{}, false // a void document starts nothing; its number stays its own
	}
	party := ""
	if s.Several() {
		if party = s.partyOf(st.key); party != "" && party != s.Party {
			s = s.Of(party)
		}
		if c.When != nil && !s.Holds(c.When) {
			return Running{}, false
		}
	}
	r, ok := s.run(c, st)
	if party != "" {
		r.Parties = []string{party}
	}
	return r, ok
}

// run counts one run of a clock.
func (s *View) run(c *procedure.Clock, st start) (Running, bool) {
	period, by, ok := s.Within(c, st.day, st.key)
	if !ok {
		return Running{}, false
	}
	if by != 0 && c.Extend != nil {
		by = s.renewed(c, st, by)
	}
	cal := s.Office.Calendar
	r := Running{Def: c, Key: st.key.String(), Start: st.day, StartSeq: st.seq, Unit: period.Unit}
	if by != 0 {
		r.Unit = calendar.Days
	}
	if st.back {
		due, ok := cal.Back(st.day, period)
		if !ok {
			return Running{}, false
		}
		r.Due, r.Raw, r.Provisional = due, due, cal.Provisional(due, st.day-1)
		r.Run = calendar.Run{Start: st.day, By: due, Period: period}
	} else {
		if c.Exact {
			by = st.day.Add(period.N)
		}
		r.Run = calendar.Run{Start: st.day, Period: period, By: by}
		if by == 0 {
			r.Run.Extend = s.extensions(c, st, period.Unit)
			r.Run.Pauses = s.pauses(c, st)
		}
	}
	ended, waived := s.ended(c, st), s.waived(c, st)
	var res calendar.Result
	for {
		var err error
		res, err = cal.Due(r.Run)
		if err == nil || res.Due != 0 || res.Open {
			break
		}
		if n := len(r.Run.Pauses); n > 0 { // facts corrected so that a pause is impossible now: a finding says so, the clock goes on
			r.Run.Pauses = r.Run.Pauses[:n-1]
			continue
		}
		return Running{}, false
	}
	r.Due, r.Raw, r.Provisional = res.Due, res.Raw, res.Provisional || r.Provisional
	switch {
	case s.struck(c, st, ended):
		r.State, r.Struck = VoidClock, true
	case c.Extend != nil && by != 0 && by < st.day: // it had passed when the party got it: until the office sets another, none runs
		r.State, r.Due, r.Raw, r.Ended = VoidClock, 0, 0, ended
	case waived != 0:
		r.State, r.Ended = WaivedWindow, waived
	case ended != 0:
		r.Ended = ended
		r.State = MetClock
		if r.Due != 0 && ended > r.Due {
			r.State = MissedClock
		}
	case c.Kind != procedure.Window && s.Case.Ended != 0 && s.Case.Ended < s.Upto && (st.seq < s.Case.Ended || st.seq == s.Case.Ended && !s.Edition.StartsAtEnd(c)):
		r.State = VoidClock
	case res.Open:
		r.State, r.Remaining = SuspendedClock, res.Left
	case s.Today > r.Due && c.Kind == procedure.Window:
		r.State = OverWindow
	case s.Today > r.Due:
		r.State = OverdueClock
	default:
		r.State = RunningClock
	}
	if r.State == RunningClock || r.State == OverdueClock || r.State == OverWindow {
		r.Remaining = remaining(cal, r, s.Today)
	}
	return r, true
}

// remaining counts from today to the due date in the clock's own unit.
func remaining(cal *calendar.Calendar, r Running, today calendar.Date) int {
	if r.Run.By != 0 && r.Unit == calendar.Workdays { // counted backward
		return cal.Count(today, r.Due)
	}
	return cal.Remaining(r.Run, today)
}
