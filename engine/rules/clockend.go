package rules

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// waived is the day on which the party gave up this run of a window, 0 when it did not.
func (s *View) waived(c *procedure.Clock, st start) calendar.Date {
	for _, d := range s.days(c.WaivedBy) {
		if d.Seq >= st.seq && casefile.ParseKey(d.Key).Meets(st.key) {
			return d.Day
		}
	}
	return 0
}

// ended is the day of the first fact that ends the run. A fact dated before the run's start ends nothing.
func (s *View) ended(c *procedure.Clock, st start) calendar.Date {
	var day calendar.Date
	for _, id := range c.Until {
		f := s.Edition.Def.Fact(id)
		if f != nil && len(f.Per) > 0 && st.key.Doc == "" && st.key.Walk == "" && (st.key.Respondent == "" || slices.Contains(f.Per, "document")) { // a run for all of them ends with the last of them
			if last := s.all(f, st); last != 0 && (day == 0 || last < day) {
				day = last
			}
			continue
		}
		for _, d := range s.Case.Days {
			if d.Fact != id || !s.seen(d) || !casefile.ParseKey(d.Key).Meets(st.key) || (s.View != nil || d.Off != nil) && !s.about(&d) {
				continue
			}
			if !st.back && (d.Day < st.day || d.Day == st.day && d.Seq < st.seq) {
				continue
			}
			if st.back && d.Seq < st.seq {
				continue
			}
			if day == 0 || d.Day < day {
				day = d.Day
			}
			if f != nil && f.Keep == procedure.First {
				break
			}
		}
	}
	return day
}

// struck tells whether a run is void: what it rested on was set aside, or the party was freed, after it began and while it
// still ran.
func (s *View) struck(c *procedure.Clock, st start, ended calendar.Date) bool {
	for _, id := range c.VoidBy {
		for _, d := range s.days(id) {
			if d.Seq >= st.seq && (ended == 0 || ended >= d.Day) && SameParty(casefile.ParseKey(d.Key), st.key) {
				return true
			}
		}
	}
	return false
}

// all is the day on which a fact kept per document or respondent was set for the last of them, 0 while one lacks.
func (s *View) all(f *procedure.Fact, st start) calendar.Date {
	if !s.Set(f.ID) {
		return 0
	}
	var last calendar.Date
	for _, d := range s.days(f.ID) {
		if d.Day > st.day || d.Day == st.day && d.Seq >= st.seq {
			last = max(last, d.Day)
		}
	}
	return last
}

// extensions are the approved extensions of the run.
func (s *View) extensions(c *procedure.Clock, st start, unit calendar.Unit) []calendar.Period {
	if c.Extend == nil {
		return nil
	}
	var ps []calendar.Period
	for _, d := range s.Case.Days {
		if d.Fact != c.Extend.At || !s.seen(d) || s.View != nil && !s.about(&d) || !SameParty(casefile.ParseKey(d.Key), st.key) || d.Day < st.day || d.Seq < st.seq || len(ps) >= max(1, c.Extend.Times) {
			continue
		}
		p := c.Extend.Period
		if c.Extend.Field != nil {
			v, _ := s.valueAt(*c.Extend.Field, d.Seq)
			n, err := strconv.Atoi(v.Text)
			if err != nil || n < 1 {
				continue
			}
			p = calendar.Period{N: n, Unit: unit}
		}
		ps = append(ps, p)
	}
	return ps
}

// renewed is the day to which the office last moved the end of a run that a person fixed, that day itself where it didn't.
func (s *View) renewed(c *procedure.Clock, st start, by calendar.Date) calendar.Date {
	for _, d := range s.days(c.Extend.At) {
		if v, _ := s.valueAt(*c.Extend.Field, d.Seq); d.Seq >= st.seq && casefile.ParseKey(d.Key).Meets(st.key) {
			if day, err := calendar.Parse(v.Text); err == nil {
				by = day
			}
		}
	}
	return by
}

// valueAt is the value of a form's field as it stood when the event was recorded, that event included.
func (s *View) valueAt(ref procedure.FieldRef, seq uint64) (procedure.Value, bool) {
	t := *s
	t.Upto, t.Fills = min(seq+1, s.Upto), nil
	return t.Value(ref.Form, ref.Field)
}

// pauses are the suspensions of the run, in the order of their days, whatever order they were told in. A resumption ends
// the suspensions that were recorded before it; two that overlap are one.
func (s *View) pauses(c *procedure.Clock, st start) []calendar.Pause {
	if len(c.Stopped) != 2 {
		return nil
	}
	from, to := s.days(c.Stopped[0]), s.days(c.Stopped[1])
	var ps []calendar.Pause
	for _, f := range from {
		p := calendar.Pause{From: f.Day}
		if i := slices.IndexFunc(to, func(t casefile.Day) bool { return t.Seq > f.Seq }); i >= 0 {
			p.To = to[i].Day
		}
		if f.Day >= st.day && (p.To == 0 || p.To > p.From) {
			ps = append(ps, p)
		}
	}
	slices.SortStableFunc(ps, func(a, b calendar.Pause) int { return int(a.From) - int(b.From) })
	out := ps[:0]
	for _, p := range ps {
		n := len(out) - 1
		switch {
		case n < 0 || out[n].To != 0 && out[n].To < p.From:
			out = append(out, p)
		case p.To == 0 || out[n].To == 0:
			out[n].To = 0
		default:
			out[n].To = max(out[n].To, p.To)
		}
	}
	return out
}
