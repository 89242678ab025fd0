package rules

import (
	"slices"

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
