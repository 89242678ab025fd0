package rules

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// mine are the runs of a clock that an action of this walk asks about: of one that runs once for each instance of a side
// walk, the instance's own.
func (s *View) mine(id procedure.ClockID) []Running {
	return slices.DeleteFunc(s.RunsOf(id), func(r Running) bool {
		k := casefile.ParseKey(r.Key)
		return k.Walk != "" && k.Walk != string(s.Walk)
	})
}

func beforeDue(s *View, a procedure.Arg) (bool, refusal.Args) {
	c := s.Edition.Def.Clock(procedure.ClockID(a.Text))
	stops := c != nil && s.Action != nil && len(c.Stopped) > 0 && s.Action.Makes(procedure.Item{Fact: c.Stopped[0]})
	for _, r := range s.mine(procedure.ClockID(a.Text)) {
		if r.Ended != 0 && r.Ended < s.Day || r.State == VoidClock {
			continue
		}
		if r.Due == 0 { // suspended: what stands still has not run out, and can't be suspended again
			return !stops, refusal.Args{"clock": a.Text, "due": "", "day": s.Day.String()}
		}
		if s.Day > r.Due || stops && s.Day == r.Due {
			return false, s.dueArgs(r, a.Text)
		}
		return true, nil
	}
	return false, refusal.Args{"clock": a.Text, "day": s.Day.String()}
}

// extendable asks whether the run that counts on the fact day may be lengthened once more: what is approved above the
// clock's `times` would change nothing.
func extendable(s *View, a procedure.Arg) (bool, refusal.Args) {
	c := s.Edition.Def.Clock(procedure.ClockID(a.Text))
	if c == nil || c.Extend == nil {
		return false, refusal.Args{"clock": a.Text, "times": "0"}
	}
	for _, r := range s.mine(c.ID) {
		if r.State == VoidClock || r.Ended != 0 && r.Ended < s.Day {
			continue
		}
		n := 0
		for _, d := range s.Case.Days {
			if d.Fact == c.Extend.At && s.seen(d) && d.Day >= r.Start {
				n++
			}
		}
		return n < max(1, c.Extend.Times), refusal.Args{"clock": a.Text, "times": strconv.Itoa(max(1, c.Extend.Times))}
	}
	return true, nil
}

func notAfterDue(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, r := range s.mine(procedure.ClockID(a.Text)) {
		if r.Due != 0 && s.Day > r.Due && (r.Ended == 0 || r.Ended > r.Due) && r.State != VoidClock && r.State != WaivedWindow {
			return false, s.dueArgs(r, a.Text)
		}
	}
	return true, nil
}

// dueArgs name a clock, its due day, and whether that is provisional.
func (s *View) dueArgs(r Running, clock string) refusal.Args {
	args := refusal.Args{"clock": clock, "due": r.Due.String(), "day": s.Day.String()}
	if r.Provisional {
		args[refusal.ProvisionalArg] = "due"
	}
	return args
}

func windowOver(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, id := range a.Strings() {
		for _, r := range s.mine(procedure.ClockID(id)) {
			if r.State == VoidClock && (r.Due != 0 || r.Struck) || r.Ended != 0 && r.Ended <= s.Day {
				continue
			}
			if r.Due == 0 || s.Day <= r.Due {
				return false, s.dueArgs(r, id)
			}
		}
	}
	return true, nil
}

func windowOpen(s *View, a procedure.Arg) (bool, refusal.Args) {
	args := refusal.Args{"clock": a.Text, "day": s.Day.String()}
	again := s.Action != nil && slices.ContainsFunc(s.Action.Fact.Values(), func(fs []procedure.FactID) bool {
		return slices.ContainsFunc(fs, func(f procedure.FactID) bool {
			c := s.Edition.Def.Clock(procedure.ClockID(a.Text))
			return c != nil && slices.Contains(c.Until, f) // what the party may do again until its time is over
		})
	})
	for _, r := range s.mine(procedure.ClockID(a.Text)) {
		gone := r.Ended != 0 && s.Day > r.Ended && (r.State == WaivedWindow || !again)
		if s.Day >= r.Start && (r.Due == 0 || s.Day <= r.Due) && r.State != VoidClock && !gone {
			return true, nil
		}
		args = s.dueArgs(r, a.Text)
	}
	return false, args
}

// inTime asks a window of what a party sent: by post it was done on the day on which it was posted.
func inTime(s *View, a procedure.Arg) (bool, refusal.Args) {
	x := *s
	if p := a.Named["posted"].Text; p != "" {
		if day, err := s.fixed(p); err == nil && day <= s.Day {
			x.Day = day
		}
	}
	return windowOpen(&x, a.Named["clock"])
}

func allSet(s *View, a procedure.Arg) (bool, refusal.Args) {
	var missing []string
	for _, f := range a.Strings() {
		if !s.Set(procedure.FactID(f)) {
			missing = append(missing, f)
		}
	}
	return len(missing) == 0, refusal.Args{"facts": strings.Join(missing, " ")}
}

func noneSet(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, f := range a.Strings() {
		if len(s.days(procedure.FactID(f))) > 0 {
			return false, refusal.Args{"facts": f}
		}
	}
	return true, nil
}

// setForNamed tells whether the fact is set: of one kept per respondent, for each respondent that the action's values
// name, so that one party need not wait for another; where they name none, for any.
func (s *View) setForNamed(id procedure.FactID) bool {
	days := s.days(id)
	if f := s.Edition.Def.Fact(id); f == nil || !slices.Contains(f.Per, "respondent") {
		return s.Set(id)
	}
	for _, who := range s.Values["respondent"].Strings() {
		if !slices.ContainsFunc(days, func(d casefile.Day) bool { return casefile.ParseKey(d.Key).Meets(casefile.Key{Respondent: who}) }) {
			return false
		}
	}
	return len(days) > 0
}

func anySet(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, f := range a.Strings() {
		if s.setForNamed(procedure.FactID(f)) {
			return true, nil
		}
	}
	return false, refusal.Args{"facts": strings.Join(a.Strings(), " ")}
}

func since(s *View, a procedure.Arg) (bool, refusal.Args) {
	fs := a.Strings()
	if len(fs) != 2 {
		return false, nil
	}
	two, has := s.Latest(procedure.FactID(fs[1]))
	follows := func(d casefile.Day) bool { return !has || d.Day > two.Day || d.Day == two.Day && d.Seq >= two.Seq }
	args := refusal.Args{"facts": fs[0]}
	if f := s.Edition.Def.Fact(procedure.FactID(fs[0])); f != nil && len(f.Per) > 0 {
		days, expected := s.days(f.ID), s.expected(f)
		for _, k := range expected {
			if !slices.ContainsFunc(days, func(d casefile.Day) bool { return casefile.ParseKey(d.Key).Meets(k) && follows(d) }) {
				return false, args
			}
		}
		if len(expected) > 0 {
			return true, args
		}
	}
	one, ok := s.Latest(procedure.FactID(fs[0]))
	return ok && follows(one), args
}

func ahead(s *View, a procedure.Arg) (bool, refusal.Args) {
	d, err := s.fixed(a.Named["day"].Text)
	p, err2 := calendar.ParsePeriod(a.Named["by"].Text)
	args := refusal.Args{"period": a.Named["by"].Text} // while nobody knows before which day
	if err != nil || err2 != nil {
		return false, args
	}
	last, ok := s.Office.Calendar.Back(d, p)
	args["due"], args["day"] = last.String(), d.String()
	return ok && s.Day <= last, args
}
