package engine

import (
	"dossier/engine/calendar"
	"slices"
	"strconv"
	"strings"
)

// mine are the runs of a clock that an action of this walk asks about: of one that runs once for each instance of a side
// walk, the instance's own.
func (s *scope) mine(id ClockID) []Running {
	return slices.DeleteFunc(s.runsOf(id), func(r Running) bool {
		k := parseKey(r.Key)
		return k.walk != "" && k.walk != string(s.walk)
	})
}

func beforeDue(s *scope, a Arg) (bool, Args) {
	c := s.ed.Def.Clock(ClockID(a.Text))
	stops := false
	if c != nil && s.act != nil && len(c.Stopped) > 0 {
		for _, fs := range s.act.Fact.Values() {
			for _, f := range fs {
				stops = stops || f == c.Stopped[0]
			}
		}
	}
	for _, r := range s.mine(ClockID(a.Text)) {
		if r.Ended != 0 && r.Ended < s.day || r.State == VoidClock {
			continue
		}
		if r.Due == 0 { // suspended: what stands still has not run out, and can't be suspended again
			return !stops, Args{"clock": a.Text, "due": "", "day": s.day.String()}
		}
		if s.day > r.Due || stops && s.day == r.Due {
			return false, s.dueArgs(r, a.Text)
		}
		return true, nil
	}
	return false, Args{"clock": a.Text, "day": s.day.String()}
}

// extendable asks whether the run that counts on the fact day may be lengthened once more: what is approved above the
// clock's `times` would change nothing.
func extendable(s *scope, a Arg) (bool, Args) {
	c := s.ed.Def.Clock(ClockID(a.Text))
	if c == nil || c.Extend == nil {
		return false, Args{"clock": a.Text, "times": "0"}
	}
	for _, r := range s.mine(c.ID) {
		if r.State == VoidClock || r.Ended != 0 && r.Ended < s.day {
			continue
		}
		n := 0
		for _, d := range s.c.Days {
			if d.Fact == c.Extend.At && s.seen(d) && d.Day >= r.Start {
				n++
			}
		}
		return n < max(1, c.Extend.Times), Args{"clock": a.Text, "times": strconv.Itoa(max(1, c.Extend.Times))}
	}
	return true, nil
}

func notAfterDue(s *scope, a Arg) (bool, Args) {
	for _, r := range s.mine(ClockID(a.Text)) {
		if r.Due != 0 && s.day > r.Due && (r.Ended == 0 || r.Ended > r.Due) && r.State != VoidClock && r.State != WaivedWindow {
			return false, s.dueArgs(r, a.Text)
		}
	}
	return true, nil
}

// dueArgs name a clock, its due day, and whether that is provisional.
func (s *scope) dueArgs(r Running, clock string) Args {
	args := Args{"clock": clock, "due": r.Due.String(), "day": s.day.String()}
	if r.Provisional {
		args[provisionalArg] = "due"
	}
	return args
}

func windowOver(s *scope, a Arg) (bool, Args) {
	for _, id := range a.Strings() {
		for _, r := range s.mine(ClockID(id)) {
			if r.State == VoidClock || r.Ended != 0 && r.Ended <= s.day {
				continue
			}
			if r.Due == 0 || s.day <= r.Due {
				return false, s.dueArgs(r, id)
			}
		}
	}
	return true, nil
}

func windowOpen(s *scope, a Arg) (bool, Args) {
	args := Args{"clock": a.Text, "day": s.day.String()}
	again := s.act != nil && slices.ContainsFunc(s.act.Fact.Values(), func(fs []FactID) bool {
		return slices.ContainsFunc(fs, func(f FactID) bool {
			c := s.ed.Def.Clock(ClockID(a.Text))
			return c != nil && slices.Contains(c.Until, f) // what the party may do again until its time is over
		})
	})
	for _, r := range s.mine(ClockID(a.Text)) {
		gone := r.Ended != 0 && s.day > r.Ended && (r.State == WaivedWindow || !again)
		if s.day >= r.Start && (r.Due == 0 || s.day <= r.Due) && r.State != VoidClock && !gone {
			return true, nil
		}
		args = s.dueArgs(r, a.Text)
	}
	return false, args
}

func allSet(s *scope, a Arg) (bool, Args) {
	var missing []string
	for _, f := range a.Strings() {
		if !s.set(FactID(f)) {
			missing = append(missing, f)
		}
	}
	return len(missing) == 0, Args{"facts": strings.Join(missing, " ")}
}

func noneSet(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		if len(s.days(FactID(f))) > 0 {
			return false, Args{"facts": f}
		}
	}
	return true, nil
}

// setForNamed tells whether the fact is set: of one kept per respondent, for each respondent that the action's values
// name, so that one party need not wait for another; where they name none, for any.
func (s *scope) setForNamed(id FactID) bool {
	days := s.days(id)
	if f := s.ed.Def.Fact(id); f == nil || !slices.Contains(f.Per, "respondent") {
		return s.set(id)
	}
	for _, who := range s.values["respondent"].Strings() {
		if !slices.ContainsFunc(days, func(d Day) bool { return parseKey(d.Key).meets(key{respondent: who}) }) {
			return false
		}
	}
	return len(days) > 0
}

func anySet(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		if s.setForNamed(FactID(f)) {
			return true, nil
		}
	}
	return false, Args{"facts": strings.Join(a.Strings(), " ")}
}

func since(s *scope, a Arg) (bool, Args) {
	fs := a.Strings()
	if len(fs) != 2 {
		return false, nil
	}
	two, has := s.latest(FactID(fs[1]))
	follows := func(d Day) bool { return !has || d.Day > two.Day || d.Day == two.Day && d.Seq >= two.Seq }
	args := Args{"facts": fs[0]}
	if f := s.ed.Def.Fact(FactID(fs[0])); f != nil && len(f.Per) > 0 && len(s.expected(f)) > 0 {
		days := s.days(f.ID)
		for _, k := range s.expected(f) {
			if !slices.ContainsFunc(days, func(d Day) bool { return parseKey(d.Key).meets(k) && follows(d) }) {
				return false, args
			}
		}
		return true, args
	}
	one, ok := s.latest(FactID(fs[0]))
	return ok && follows(one), args
}

func ahead(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["day"].Text)
	v, _ := s.value(r.Form, r.Field)
	if len(v.Text) < 10 {
		return false, Args{"by": a.Named["by"].Text}
	}
	d, err := calendar.Parse(v.Text[:10])
	p, err2 := calendar.ParsePeriod(a.Named["by"].Text)
	if err != nil || err2 != nil {
		return false, Args{"by": a.Named["by"].Text}
	}
	last, ok := s.office.Calendar.Back(d, p)
	return ok && s.day <= last, Args{"by": p.String(), "last": last.String(), "day": d.String()}
}
