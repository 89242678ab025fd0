package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"dossier/engine/calendar"
)

// calendarView is one year's schedule as twelve months.
type calendarView struct {
	base
	Year      int
	Years     []int
	Published bool
	Number    string // of the State Council's notice
	Source    string
	Months    []monthView
	Faults    []string // of a schedule's file, by line
}

func calendarPage(a *ask) error {
	return a.draw(http.StatusOK, "calendar", a.calendarView(nil))
}

func (a *ask) calendarView(bad []string) calendarView {
	v := calendarView{base: a.base(a.T("admin.calendar"), "admin"), Years: a.office.Calendar.Years(), Faults: bad}
	now, _, _ := a.today.YMD()
	v.Year = now
	if y, err := strconv.Atoi(a.Query("year")); err == nil && y >= 1950 && y <= 2199 {
		v.Year = y
	}
	if s, ok := a.office.Calendar.Schedule(v.Year); ok {
		v.Published, v.Number, v.Source = s.Published, s.Notice, s.Source
	}
	for m := 1; m <= 12; m++ {
		first := calendar.Of(v.Year, m, 1)
		next := calendar.Of(v.Year+m/12, m%12+1, 1)
		v.Months = append(v.Months, a.month(first, next))
	}
	return v
}

// month is one month with what each day is by itself.
func (a *ask) month(first, next calendar.Date) monthView {
	m := monthView{Title: a.monthTitle(first), Sum: a.T("calendar.workdays", "n", a.office.Calendar.Count(first-1, next-1))}
	week := make([]dayView, (int(first.Weekday())+6)%7, 7)
	for i := range week {
		week[i].Class = "none"
	}
	for d := first; d < next; d++ {
		day := a.day(d, calendar.Day{Date: d, Why: a.office.Calendar.Day(d)}, true)
		if d == a.today {
			day.Class += " today"
		}
		if week = append(week, day); len(week) == 7 {
			m.Weeks, week = append(m.Weeks, week), nil
		}
	}
	for len(week) > 0 && len(week) < 7 {
		week = append(week, dayView{Class: "none"})
	}
	if len(week) > 0 {
		m.Weeks = append(m.Weeks, week)
	}
	return m
}

// loadSchedule takes a year's schedule as a file; what is wrong in it is told by line.
func loadSchedule(a *ask) error {
	if err := a.admin(); err != nil {
		return err
	}
	f, h, err := a.Request.FormFile("file")
	if err != nil {
		return a.draw(http.StatusUnprocessableEntity, "calendar", a.calendarView([]string{a.T("calendar.no-file")}))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return err
	}
	s, err := calendar.ParseSchedule(h.Filename, data)
	var faults calendar.Faults
	if errors.As(err, &faults) {
		var lines []string
		for _, x := range faults {
			lines = append(lines, x.Error())
		}
		return a.draw(http.StatusUnprocessableEntity, "calendar", a.calendarView(lines))
	}
	if err != nil {
		return err
	}
	if err := a.s.engine.LoadSchedule(a.Request.Context(), a.id(), s); err != nil {
		return err
	}
	a.say("calendar.loaded", "year", s.Year)
	return a.see("/admin/calendar?year=" + strconv.Itoa(s.Year))
}
