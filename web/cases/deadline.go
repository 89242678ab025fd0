package cases

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
	"dossier/web/page"
)

// deadlineView explains one due date: its segments with their articles, and each day counted or not.
type deadlineView struct {
	page.Base
	CaseLink, CaseName string
	Clock              string
	Light              page.Light
	Facts              []page.KnownView
	Segments           []segmentView
	Counted, Stopped   int
	Months             []MonthView
	Unit               string
	Law                string
	PDF                string
}

// segmentView is a stretch of days that all count, or all stand still.
type segmentView struct {
	Title, From, To     string
	Counted, NotCounted string
	Papers              string
	Clauses             []page.Clause
}

type MonthView struct {
	Title, Sum string
	Weeks      [][]DayView
}

// DayView is one day of a month; Class "" is a plain one, "out" one outside the run, "none" no day at all.
type DayView struct {
	Day         int
	Class       string
	Count, Mark string
	Title       string
}

func DeadlinePage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	x, err := desk.Explain(a.Site.Engine, a.ID(), view.Case.ID, procedure.ClockID(a.Param("clock")))
	if err != nil {
		return err
	}
	c := clock(a, view, x.Running)
	v := deadlineView{Base: a.Base(a.T("deadline.title")+" · "+c.Title, "cases"), Clock: c.Title, Light: c.Light, Unit: string(x.Run.Period.Unit),
		CaseLink: fmt.Sprintf("/cases/%d", view.Case.ID), CaseName: view.Case.Number() + " " + view.Party(),
		Law: a.Cites(x.Law)}
	start := a.L(x.Begins)
	v.Facts = []page.KnownView{
		{Label: a.T("deadline.period"), Value: period(a.Words, x.Running)},
		{Label: start, Value: a.Date(x.Start) + " " + a.Weekday(x.Start)},
		{Label: a.T("deadline.due"), Value: page.Or(dueText(a, x.Running), a.T("clock.undue"))},
		{Label: a.T("deadline.law"), Value: v.Law},
	}
	if x.Raw != 0 && x.Raw != x.Due {
		v.Facts = slices.Insert(v.Facts, 2, page.KnownView{Label: a.T("deadline.raw"), Value: a.T("deadline.rolls", "day", a.Date(x.Raw)+" "+a.Weekday(x.Raw))})
	}
	segments(a, &v, x)
	v.PDF = v.CaseLink + "/deadline/" + string(x.ID) + "/sheet.pdf"
	v.Months = months(a, x, start)
	return a.Draw(http.StatusOK, "deadline", v)
}

// DeadlineFile answers with the deadline sheet as paper, for the file.
func DeadlineFile(a *page.Ask) error {
	id, err := a.CaseID()
	if err != nil {
		return err
	}
	data, err := desk.DeadlinePDF(a.Site.Engine, a.ID(), id, procedure.ClockID(a.Param("clock")))
	if err != nil {
		return err
	}
	a.Pdf(data, a.T("deadline.file", "case", id))
	return nil
}

func dueText(a *page.Ask, c rules.Running) string {
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
func segments(a *page.Ask, v *deadlineView, x *paper.Explained) {
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
func months(a *page.Ask, x *paper.Explained, start string) []MonthView {
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
	var months []MonthView
	y, m, _ := x.Start.YMD()
	for first := calendar.Of(y, m, 1); first <= last && len(months) < 60; first = calendar.Of(y, m, 1) {
		y, m = y+m/12, m%12+1
		next := calendar.Of(y, m, 1)
		month := MonthView{Title: MonthTitle(a.Words, first)}
		lead := (int(first.Weekday()) + 6) % 7 // the week begins on Monday
		week := make([]DayView, lead, 7)
		for i := range week {
			week[i].Class = "none"
		}
		sum, full := 0, 0
		for d := first; d < next; d++ {
			t, ok := told[d]
			day := Day(a, d, t, ok)
			if ok && t.Counted {
				sum, full = sum+1, t.N
			}
			if n := stands[d]; n > 0 {
				day.Count = a.T("day.stands", "n", n)
			}
			switch {
			case d == x.Start:
				day.Class, day.Count, day.Title = "key", page.Cut(start, 2), start
			case d == x.Due:
				day.Class += " due"
			case key[d]:
				day.Class += " key"
			}
			if d == a.Today {
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
				week = append(week, DayView{Class: "none"})
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

func Day(a *page.Ask, d calendar.Date, t calendar.Day, told bool) DayView {
	_, _, n := d.YMD()
	v := DayView{Day: n, Class: "out"}
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

func MonthTitle(w page.Words, first calendar.Date) string {
	y, m, _ := first.YMD()
	if w.EN() {
		return w.Date(first)[2:]
	}
	return fmt.Sprintf("%d年%d月", y, m)
}
