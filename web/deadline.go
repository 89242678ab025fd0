package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/calendar"
)

// deadlineView explains one due date: its segments with their articles, and each day counted or not.
type deadlineView struct {
	base
	CaseLink, CaseName string
	Clock              string
	Light              light
	Facts              []knownView
	Segments           []segmentView
	Counted, Stopped   int
	Months             []monthView
	Unit               string
	Law                string
}

// segmentView is a stretch of days that all count, or all stand still.
type segmentView struct {
	Title, From, To     string
	Counted, NotCounted string
	Law, Papers         string
}

type monthView struct {
	Title, Sum string
	Weeks      [][]dayView
}

// dayView is one day of a month; Class "" is a plain one, "out" one outside the run, "none" no day at all.
type dayView struct {
	Day         int
	Class       string
	Count, Mark string
	Title       string
}

func deadlinePage(a *ask) error {
	view, err := a.caseView()
	if err != nil {
		return err
	}
	x, err := a.s.engine.Explain(a.Request.Context(), a.id(), view.Case.ID, engine.ClockID(a.Param("clock")))
	if err != nil {
		return err
	}
	c := a.clock(view, x.Running)
	v := deadlineView{base: a.base(a.T("deadline.title")+" · "+c.Title, "cases"), Clock: c.Title, Light: c.Light, Unit: string(x.Unit),
		CaseLink: fmt.Sprintf("/cases/%d", view.Case.ID), CaseName: view.Case.Number() + " " + view.Case.Shared["employer"].Text,
		Law: a.Cites(x.Law)}
	start := a.startTitle(view, x.Running)
	v.Facts = []knownView{
		{a.T("deadline.period"), a.period(x.Running)},
		{start, a.Date(x.Start) + " " + a.Weekday(x.Start)},
		{a.T("deadline.due"), or(a.dueText(x.Running), a.T("clock.undue"))},
		{a.T("deadline.law"), v.Law},
	}
	if x.Raw != 0 && x.Raw != x.Due {
		v.Facts = slices.Insert(v.Facts, 2, knownView{a.T("deadline.raw"), a.T("deadline.rolls", "day", a.Date(x.Raw)+" "+a.Weekday(x.Raw))})
	}
	a.segments(&v, view, x)
	v.Months = a.months(x, start)
	return a.draw(http.StatusOK, "deadline", v)
}

func (a *ask) dueText(c engine.Running) string {
	if c.Due == 0 {
		return ""
	}
	s := a.Date(c.Due) + " " + a.Weekday(c.Due)
	if c.Provisional {
		s += a.T("light.provisional")
	}
	return s
}

// segments cuts the run where it was suspended and resumed, and where an extension begins.
func (a *ask) segments(v *deadlineView, view *engine.CaseView, x *engine.Explained) {
	if len(x.Days) == 0 {
		return
	}
	law := v.Law
	add := func(title, law, papers string, days []calendar.Day, still bool) {
		if len(days) == 0 {
			return
		}
		counted, stood := 0, 0
		for _, d := range days {
			if d.Counted {
				counted++
			}
			if d.Paused && d.Why.Code == calendar.Suspended {
				stood++
			}
		}
		s := segmentView{Title: title, From: a.Day(days[0].Date), To: a.Day(days[len(days)-1].Date), Counted: "—", NotCounted: "—", Law: law, Papers: papers}
		if still {
			s.NotCounted = strconv.Itoa(stood)
			v.Stopped += stood
		} else {
			s.Counted = strconv.Itoa(counted)
			v.Counted += counted
		}
		v.Segments = append(v.Segments, s)
	}
	papers := a.papersOf(view, x.StartSeq)
	title := a.T("deadline.runs")
	rest := x.Days
	for _, p := range x.Run.Pauses {
		n := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.Date > p.From })
		if n < 0 {
			break
		}
		add(title, law, papers, rest[:n], false)
		rest = rest[n:]
		n = len(rest)
		if p.To != 0 {
			if i := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.Date > p.To }); i >= 0 {
				n = i
			}
		}
		add(a.T("deadline.stands"), a.factLaw(view, x.Def.Stopped, 0), a.papersOn(view, x.Def.Stopped, 0, p.From), rest[:n], true)
		rest = rest[n:]
		title, papers = a.T("deadline.resumed"), a.papersOn(view, x.Def.Stopped, 1, p.To)
		law = a.factLaw(view, x.Def.Stopped, 1)
	}
	if len(x.Run.Extend) > 0 && x.Def.Extend != nil {
		n := slices.IndexFunc(rest, func(d calendar.Day) bool { return d.N > x.Run.Period.N })
		if n >= 0 {
			add(title, law, papers, rest[:n], false)
			rest = rest[n:]
			title, law = a.T("deadline.extended"), a.factLaw(view, []engine.FactID{x.Def.Extend.At}, 0)
			papers = a.papersOn(view, []engine.FactID{x.Def.Extend.At}, 0, 0)
		}
	}
	add(title, law, papers, rest, false)
}

// factLaw is the citation of one of a clock's facts.
func (a *ask) factLaw(view *engine.CaseView, facts []engine.FactID, i int) string {
	if i < len(facts) {
		if f := view.Edition.Def.Fact(facts[i]); f != nil {
			return a.Cites(f.Law)
		}
	}
	return ""
}

// papersOn are the documents of the event that set a fact on that day; day 0 is any.
func (a *ask) papersOn(view *engine.CaseView, facts []engine.FactID, i int, day calendar.Date) string {
	if i >= len(facts) {
		return ""
	}
	for _, d := range view.Case.Days {
		if d.Fact == facts[i] && d.Void == 0 && (day == 0 || d.Day == day) {
			return a.papersOf(view, d.Seq)
		}
	}
	return ""
}

// papersOf are the documents that an event issued.
func (a *ask) papersOf(view *engine.CaseView, seq uint64) string {
	s := ""
	for _, d := range view.Case.Issued {
		if d.Seq == seq && d.Void == 0 {
			if s != "" {
				s += a.T("list.comma")
			}
			s += a.titleIn(view.Edition, d.Form) + " " + d.Number
		}
	}
	return s
}

// months draws the run as calendars, from the month of its start through that of its last day.
func (a *ask) months(x *engine.Explained, start string) []monthView {
	if len(x.Days) == 0 {
		return nil
	}
	told := map[calendar.Date]calendar.Day{}
	paused, stands := 0, map[calendar.Date]int{}
	for _, d := range x.Days {
		told[d.Date] = d
		if d.Paused && d.Why.Code == calendar.Suspended {
			paused++
			stands[d.Date] = paused
		}
	}
	key := map[calendar.Date]bool{}
	for _, p := range x.Run.Pauses {
		key[p.From], key[p.To] = true, true
	}
	last := x.Days[len(x.Days)-1].Date
	var months []monthView
	y, m, _ := x.Start.YMD()
	for first := calendar.Of(y, m, 1); first <= last && len(months) < 60; first = calendar.Of(y, m, 1) {
		y, m = y+m/12, m%12+1
		next := calendar.Of(y, m, 1)
		month := monthView{Title: a.monthTitle(first)}
		lead := (int(first.Weekday()) + 6) % 7 // the week begins on Monday
		week := make([]dayView, lead, 7)
		for i := range week {
			week[i].Class = "none"
		}
		sum := 0
		for d := first; d < next; d++ {
			t, ok := told[d]
			day := a.day(d, t, ok)
			if ok && t.Counted {
				sum++
			}
			if n := stands[d]; n > 0 {
				day.Count = a.T("day.stands", "n", n)
			}
			switch {
			case d == x.Start:
				day.Class, day.Count, day.Title = "key", cut(start, 2), start
			case d == x.Due:
				day.Class += " due"
			case key[d]:
				day.Class += " key"
			}
			if d == a.today {
				day.Class += " today"
			}
			week = append(week, day)
			if len(week) == 7 {
				month.Weeks = append(month.Weeks, week)
				week = nil
			}
		}
		if len(week) > 0 {
			for len(week) < 7 {
				week = append(week, dayView{Class: "none"})
			}
			month.Weeks = append(month.Weeks, week)
		}
		month.Sum = a.T("day.sum", "n", sum)
		months = append(months, month)
	}
	return months
}

func (a *ask) day(d calendar.Date, t calendar.Day, told bool) dayView {
	_, _, n := d.YMD()
	v := dayView{Day: n, Class: "out"}
	if !told {
		return v
	}
	v.Class, v.Title = "", t.Why.ZH()
	if a.EN() {
		v.Title = t.Why.EN()
	}
	if t.Counted && t.N > 0 {
		v.Count = strconv.Itoa(t.N)
	}
	switch t.Why.Code {
	case calendar.MakeUp:
		v.Mark = a.T("day.make-up")
	case calendar.Weekend:
		v.Class, v.Count = "rest", a.T("day.rest")
	case calendar.HolidayDay:
		v.Class, v.Count = "holiday", a.T("day.holiday")
	case calendar.Suspended:
		v.Class = "paused"
	}
	return v
}

func (w words) monthTitle(first calendar.Date) string {
	y, m, _ := first.YMD()
	if w.EN() {
		return w.Date(first)[2:]
	}
	return fmt.Sprintf("%d年%d月", y, m)
}

// WeekHead is the days of the week over a calendar, Monday first.
func (w words) WeekHead() []string {
	if w.EN() {
		return []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	}
	return []string{"一", "二", "三", "四", "五", "六", "日"}
}
