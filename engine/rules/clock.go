package rules

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// start is one cause from which a clock runs.
type start struct {
	key  casefile.Key
	day  calendar.Date
	seq  uint64
	back bool // day is the day to count backward from
}

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

// starts gives the causes of a clock's present runs.
func (s *View) starts(c *procedure.Clock) []start {
	if c.From.FirstOf {
		return s.notBefore(c, s.firstOf(c))
	}
	var all []start
	for _, src := range c.From.Sources {
		all = append(all, s.sources(c, src)...)
	}
	if len(c.From.Sources) < 2 || len(all) < 2 {
		return s.notBefore(c, all)
	}
	best := all[0] // the latest of several causes: one run
	for _, st := range all[1:] {
		if st.day > best.day || st.day == best.day && st.seq > best.seq {
			best = st
		}
	}
	return []start{best}
}

// notBefore moves the starts of a clock to the day on which the clocks end that it can't precede.
func (s *View) notBefore(c *procedure.Clock, all []start) []start {
	for _, id := range c.NotEarly {
		for _, r := range s.RunsOf(id) {
			end := r.Due
			if r.Ended != 0 {
				end = r.Ended
			}
			for i := range all {
				if all[i].day != 0 && casefile.ParseKey(r.Key).Meets(all[i].key) && r.State != VoidClock {
					all[i].day = max(all[i].day, end)
				}
			}
		}
	}
	return all
}

// firstOf gives for each document and respondent the first of the sources that is set. They keep the order of the last
// source, so that a run bears the same number whichever of the sources it starts from.
func (s *View) firstOf(c *procedure.Clock) []start {
	var all, order []start
	for _, src := range c.From.Sources {
		order = s.sources(c, src)
		before := all
		for _, st := range order {
			if !slices.ContainsFunc(before, func(x start) bool { return x.key.Meets(st.key) }) {
				all = append(all, st)
			}
		}
	}
	at := func(st start) int {
		if i := slices.IndexFunc(order, func(x start) bool { return x.key.Meets(st.key) }); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b start) int { return at(a) - at(b) })
	return all
}

func (s *View) sources(c *procedure.Clock, src procedure.Source) []start {
	var ss []start
	switch {
	case src.Fact != "" || src.BeforeFact != "":
		id := src.Fact
		if id == "" {
			id = src.BeforeFact
		}
		f := s.Edition.Def.Fact(id)
		for _, d := range s.days(id) {
			k := casefile.ParseKey(d.Key)
			if !s.isOf(k, c.Of) {
				continue
			}
			st := start{k, d.Day, d.Seq, src.BeforeFact != ""}
			if f != nil && len(f.Per) == 0 && k.Walk == "" && len(ss) > 0 { // a fact kept each without a key: the latest
				if st.day >= ss[0].day {
					ss[0] = st
				}
				continue
			}
			ss = append(ss, st)
		}
	case len(src.Ends()) > 0:
		for _, id := range src.Ends() {
			for _, r := range s.RunsOf(id) {
				end := r.Due
				if r.Ended != 0 {
					end = r.Ended
				}
				if k := casefile.ParseKey(r.Key); end == 0 || r.Struck && c.From.FirstOf || !s.isOf(k, c.Of) {
					continue
				}
				waits := r.Struck || src.RunOut && r.Ended != 0 // ended by what the party did: its time did not run out
				if waits {
					end = 0
				}
				st := start{key: casefile.ParseKey(r.Key), day: end, seq: r.StartSeq, back: src.BeforeEnd != ""}
				merged := false
				for i := range ss {
					if ss[i].key == st.key {
						merged = true
						switch {
						case waits:
							ss[i].day = 0
						case st.day > ss[i].day && (!src.RunOut || ss[i].day != 0):
							ss[i] = st
						}
					}
				}
				if !merged {
					ss = append(ss, st)
				}
			}
		}
	default:
		ref := src.Date
		if ref == nil {
			ref = src.BeforeDate
		}
		if v, f := s.dated(*ref, casefile.Key{}); v != 0 {
			ss = append(ss, start{day: v, seq: f, back: src.BeforeDate != nil})
		}
	}
	return ss
}

// isOf tells whether the key's document is of one of the forms; where it names none, or the forms are not named, it is.
func (s *View) isOf(k casefile.Key, of []procedure.FormID) bool {
	d := s.Case.Document(procedure.Int(k.Doc))
	return len(of) == 0 || d == nil || slices.Contains(of, d.Form)
}

// dated is the day in a form's field, and the event that wrote it: of the document that the key names, where it is of that
// form, else of the latest paper.
func (s *View) dated(ref procedure.FieldRef, k casefile.Key) (calendar.Date, uint64) {
	of := s.Case.Document(procedure.Int(k.Doc))
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		if p.Form != ref.Form || !p.Concerns(s.View) || of != nil && of.Form == ref.Form && of.P != p.P {
			continue
		}
		for j := len(p.Parts) - 1; j >= 0; j-- {
			if f := &p.Parts[j]; s.counts(f) {
				if v, ok := f.Values[ref.Field]; ok && v.Text != "" {
					d, err := calendar.Parse(v.Text[:min(10, len(v.Text))])
					if err == nil {
						return d, f.Seq
					}
				}
			}
		}
	}
	return 0, 0
}

// Within is the clock's length on the day it starts; false when a person has not fixed the date, or no setting says it.
func (s *View) Within(c *procedure.Clock, on calendar.Date, k casefile.Key) (p calendar.Period, by calendar.Date, ok bool) {
	w := c.Within
	if len(c.Lengths) > 0 {
		w, _ = Choose(s, c.Lengths)
	}
	switch {
	case w.SameDay:
		return p, on, true
	case w.Yearly != nil:
		return p, s.yearly(w.Yearly, on), true
	case w.Period != nil:
		return *w.Period, 0, true
	case w.Setting != "":
		p, err := calendar.ParsePeriod(s.Office.Text(w.Setting, on))
		return p, 0, err == nil
	default:
		by, _ = s.dated(*w.Date, k)
		return p, by, by != 0
	}
}

// yearly is the day of the year that a person gave, else the next on or after the start.
func (s *View) yearly(y *procedure.Yearly, on calendar.Date) calendar.Date {
	if y.Of != nil {
		if v, _ := s.Value(y.Of.Form, y.Of.Field); v.Text != "" {
			return calendar.Of(procedure.Int(v.Text), y.Month, y.Day)
		}
	}
	year, _, _ := on.YMD()
	if due := calendar.Of(year, y.Month, y.Day); due >= on {
		return due
	}
	return calendar.Of(year+1, y.Month, y.Day)
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
