package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
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
	PDF                string
}

// segmentView is a stretch of days that all count, or all stand still.
type segmentView struct {
	Title, From, To     string
	Counted, NotCounted string
	Papers              string
	Clauses             []clause
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
	x, err := desk.Explain(a.s.engine, a.id(), view.Case.ID, procedure.ClockID(a.Param("clock")))
	if err != nil {
		return err
	}
	c := a.clock(view, x.Running)
	v := deadlineView{base: a.base(a.T("deadline.title")+" · "+c.Title, "cases"), Clock: c.Title, Light: c.Light, Unit: string(x.Run.Period.Unit),
		CaseLink: fmt.Sprintf("/cases/%d", view.Case.ID), CaseName: view.Case.Number() + " " + view.Party(),
		Law: a.Cites(x.Law)}
	start := a.L(x.Begins)
	v.Facts = []knownView{
		{a.T("deadline.period"), a.period(x.Running)},
		{start, a.Date(x.Start) + " " + a.Weekday(x.Start)},
		{a.T("deadline.due"), or(a.dueText(x.Running), a.T("clock.undue"))},
		{a.T("deadline.law"), v.Law},
	}
	if x.Raw != 0 && x.Raw != x.Due {
		v.Facts = slices.Insert(v.Facts, 2, knownView{a.T("deadline.raw"), a.T("deadline.rolls", "day", a.Date(x.Raw)+" "+a.Weekday(x.Raw))})
	}
	a.segments(&v, x)
	v.PDF = v.CaseLink + "/deadline/" + string(x.ID) + "/sheet.pdf"
	v.Months = a.months(x, start)
	return a.draw(http.StatusOK, "deadline", v)
}

// deadlineFile answers with the deadline sheet as paper, for the file.
func deadlineFile(a *ask) error {
	id, err := a.caseID()
	if err != nil {
		return err
	}
	data, err := desk.DeadlinePDF(a.s.engine, a.id(), id, procedure.ClockID(a.Param("clock")))
	if err != nil {
		return err
	}
	a.pdf(data, a.T("deadline.file", "case", id))
	return nil
}

func (a *ask) dueText(c rules.Running) string {
	if c.Due == 0 {
		return ""
	}
	s := a.Date(c.Due) + " " + a.Weekday(c.Due)
	if c.Provisional {
		s += a.T("light.provisional")
	}
	return s
}

// segments are the rows of the table, with their sum.
func (a *ask) segments(v *deadlineView, x *paper.Explained) {
	for _, g := range x.Segments {
		s := segmentView{Title: a.L(g.Title), From: a.Day(g.From), To: a.Day(g.To), Counted: "—", NotCounted: "—", Clauses: a.Clauses(g.Law)}
		if g.Still {
			s.NotCounted = strconv.Itoa(g.Stopped)
		} else {
			s.Counted = strconv.Itoa(g.Counted)
		}
		var papers []string
		for _, p := range g.Papers {
			papers = append(papers, strings.TrimSpace(a.L(p.Title)+" "+p.Number))
		}
		s.Papers = strings.Join(papers, a.T("list.comma"))
		v.Segments = append(v.Segments, s)
		v.Counted += g.Counted
		v.Stopped += g.Stopped
	}
}

// months draws the run as calendars, from the month of its start through that of its last day.
func (a *ask) months(x *paper.Explained, start string) []monthView {
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
		sum, full := 0, 0
		for d := first; d < next; d++ {
			t, ok := told[d]
			day := a.day(d, t, ok)
			if ok && t.Counted {
				sum, full = sum+1, t.N
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
		if x.Run.Period.Unit == calendar.Months {
			if month.Sum = ""; full > 0 {
				month.Sum = a.T("day.month", "n", full)
			}
		}
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
