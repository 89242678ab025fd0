package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/refusal"
)

// calendarView is one year's schedule as twelve months, with the versions of it that were loaded; or, before a schedule is
// loaded, what it would move.
type calendarView struct {
	base
	Year      int
	Years     []int
	Published bool
	Number    string // of the State Council's notice
	Source    string
	Months    []monthView
	Faults    []string // of a schedule's file, by line
	Loaded    []loadedView
	Example   string // of the file's format
	Preview   *previewView
	NotKept   int // the first year that is kept, of one before it
}

// loadedView is one version of a year's schedule.
type loadedView struct {
	Seq           uint64
	Title, Notice string
	Now           bool
	File          string // where it is downloaded
}

// previewView is a schedule that is not yet loaded.
type previewView struct {
	Changed bool   // what was previewed before has changed meanwhile
	Same    bool   // it is the one that counts already
	Text    string // the schedule, on one line
	Sum     string // SHA-256 of the text
	Version string // of the schedules that it was held against
	Moves   movesView
	Doubts  []string // what looks wrong in it
}

func calendarPage(a *ask) error {
	v, err := a.calendarView(a.askedYear(), nil)
	if err != nil {
		return err
	}
	return a.draw(http.StatusOK, "calendar", v)
}

// askedYear is the year in the address, else the present one.
func (a *ask) askedYear() int {
	if y, err := strconv.Atoi(a.Query("year")); err == nil && y >= 1950 && y <= 2199 {
		return y
	}
	y, _, _ := a.today.YMD()
	return y
}

func (a *ask) calendarView(year int, bad []string) (calendarView, error) {
	v := calendarView{base: a.base(a.T("admin.calendar"), "admin"), Year: year, Years: a.years(year), Faults: bad}
	s, ok := a.office.Calendar.Schedule(v.Year)
	if ok {
		v.Published, v.Number, v.Source = s.Published, s.Notice, s.Source
	}
	if years := a.office.Calendar.Years(); len(years) > 0 && year < years[0] {
		v.NotKept = years[0]
	}
	v.Months = a.yearMonths(a.office.Calendar, year)
	all, err := change.Schedules(a.s.engine, year)
	if err != nil {
		return v, err
	}
	for i, x := range all {
		l := loadedView{Seq: x.Seq, Notice: x.Schedule.Notice, Now: i == 0, File: fmt.Sprintf("/admin/calendar/%d.json?v=%d", year, x.Seq)}
		switch {
		case x.Seq > 0:
			l.Title = a.T("calendar.by", "who", or(a.Name(x.By), a.T("calendar.operator")), "at", a.Moment(x.At))
		default:
			l.Title = a.T("calendar.brought")
		}
		if !x.Schedule.Published {
			l.Notice = a.T("calendar.not-published")
		}
		v.Loaded = append(v.Loaded, l)
	}
	v.Example = string(calendar.Schedule{Year: 2026, Published: true, Notice: "国办发明电〔2025〕7号", Source: "https://www.gov.cn/…",
		Off:  []calendar.Holiday{{Name: "元旦", Dates: []calendar.Date{calendar.Of(2026, 1, 1), calendar.Of(2026, 1, 2), calendar.Of(2026, 1, 3)}}},
		Work: []calendar.Date{calendar.Of(2026, 1, 4)}}.File())
	return v, nil
}

// years are those that have a schedule, next year, and the one asked for.
func (a *ask) years(asked int) []int {
	now, _, _ := a.today.YMD()
	years := append(slices.Clone(a.office.Calendar.Years()), now, now+1, asked)
	slices.Sort(years)
	return slices.Compact(years)
}

func (a *ask) yearMonths(cal *calendar.Calendar, year int) []monthView {
	var months []monthView
	for m := 1; m <= 12; m++ {
		months = append(months, a.month(cal, calendar.Of(year, m, 1), calendar.Of(year+m/12, m%12+1, 1)))
	}
	return months
}

// month is one month with what each day is by itself.
func (a *ask) month(cal *calendar.Calendar, first, next calendar.Date) monthView {
	m := monthView{Title: a.monthTitle(first), Sum: a.T("calendar.workdays", "n", cal.Count(first-1, next-1))}
	week := make([]dayView, (int(first.Weekday())+6)%7, 7)
	for i := range week {
		week[i].Class = "none"
	}
	for d := first; d < next; d++ {
		day := a.day(d, calendar.Day{Date: d, Why: cal.Day(d)}, true)
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

// scheduleFile answers with a version of a year's schedule as a file; without one, that which counts.
func scheduleFile(a *ask) error {
	name, ok := strings.CutSuffix(a.Param("file"), ".json")
	year, err := strconv.Atoi(name)
	if !ok || err != nil || year < 1950 || year > 2199 {
		return a.notFound()
	}
	s, err := a.scheduleOf(year, a.Query("v"))
	if err != nil {
		return err
	}
	a.Header("Content-Disposition", fmt.Sprintf("attachment; filename=\"%d.json\"", year))
	a.Data(http.StatusOK, "application/json; charset=utf-8", s.File())
	return nil
}

// scheduleOf is a version of a year's schedule by its number, "" for the one that counts.
func (a *ask) scheduleOf(year int, version string) (calendar.Schedule, error) {
	all, err := change.Schedules(a.s.engine, year)
	if err != nil {
		return calendar.Schedule{}, err
	}
	for _, x := range all {
		if version == "" || version == strconv.FormatUint(x.Seq, 10) {
			return x.Schedule, nil
		}
	}
	return calendar.Schedule{}, a.notFound()
}

// previewSchedule takes a year's schedule as a file, or a version of it that was loaded before, and shows what loading it
// would move. What is wrong in a file is told by line. Nothing is loaded yet.
func previewSchedule(a *ask) error {
	if again := a.PostForm("again"); again != "" {
		year, err := strconv.Atoi(a.PostForm("year"))
		if err != nil {
			return a.notFound()
		}
		s, err := a.scheduleOf(year, again)
		if err != nil {
			return err
		}
		return a.drawPreview(s, false)
	}
	if text := a.PostForm("notice"); strings.TrimSpace(text) != "" {
		s, err := calendar.ParseNotice(a.T("calendar.notice-file"), text)
		if err != nil {
			return a.refuseFaults(err)
		}
		return a.drawPreview(s, false)
	}
	f, h, err := a.Request.FormFile("file")
	if err != nil {
		return a.refuseSchedule(a.T("calendar.no-file"))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return err
	}
	s, err := calendar.ParseSchedule(h.Filename, data)
	if err != nil {
		return a.refuseFaults(err)
	}
	return a.drawPreview(s, false)
}

func (a *ask) refuseFaults(err error) error {
	var faults calendar.Faults
	if !errors.As(err, &faults) {
		return err
	}
	var lines []string
	for _, x := range faults {
		lines = append(lines, x.Error())
	}
	return a.refuseSchedule(lines...)
}

func (a *ask) refuseSchedule(lines ...string) error {
	v, err := a.calendarView(a.askedYear(), lines)
	if err != nil {
		return err
	}
	return a.draw(http.StatusUnprocessableEntity, "calendar", v)
}

// drawPreview shows what a schedule would move. Changed says that it was shown before and is not what it was.
func (a *ask) drawPreview(s calendar.Schedule, changed bool) error {
	moves, err := change.PreviewSchedule(a.Request.Context(), a.s.engine, a.id(), s)
	if err != nil {
		return err
	}
	v, err := a.calendarView(s.Year, nil)
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	v.Preview = &previewView{Changed: changed, Text: string(text), Sum: sumOf(string(text)), Version: a.office.Calendar.Version(), Moves: a.movesView(moves, false)}
	v.Preview.Moves.Sum = a.movesSum(v.Preview.Moves)
	for _, d := range s.Doubts() {
		v.Preview.Doubts = append(v.Preview.Doubts, a.Doubt(d))
	}
	next := a.office.Calendar.With(s)
	v.Preview.Same = next.Version() == a.office.Calendar.Version()
	v.Title, v.Published, v.Number, v.Months = a.T("calendar.preview"), s.Published, s.Notice, a.yearMonths(next, s.Year)
	status := http.StatusOK
	if changed {
		status = http.StatusConflict
	}
	return a.draw(status, "calendar", v)
}

// movesSum says in a sentence how much a schedule moves.
func (a *ask) movesSum(m movesView) string {
	if m.clocks+m.firm == 0 {
		return a.T("calendar.nothing")
	}
	s := a.T("calendar.sum", "cases", m.dated, "clocks", m.clocks)
	if m.firm > 0 {
		s += a.T("calendar.firm", "n", m.firm)
	}
	return s
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// loadSchedule loads the schedule that the page previewed. It is read again: what was altered on the way is refused, and
// when another schedule counts by now, the preview is shown anew.
func loadSchedule(a *ask) error {
	text := a.PostForm("schedule")
	if text == "" || sumOf(text) != a.PostForm("sum") {
		return a.refuseSchedule(a.T("calendar.altered"))
	}
	s, err := calendar.ParseSchedule(a.T("calendar.file"), []byte(text))
	if err != nil {
		return a.refuseFaults(err)
	}
	back := "/admin/calendar?year=" + strconv.Itoa(s.Year)
	switch now := a.office.Calendar.Version(); {
	case now == a.office.Calendar.With(s).Version():
		a.say("calendar.already", "year", s.Year)
		return a.see(back)
	case now != a.PostForm("version"):
		return a.drawPreview(s, true)
	}
	moves, err := change.LoadSchedule(a.Request.Context(), a.s.engine, a.id(), s)
	if e := refusal.As(err); e != nil && e.Code == refusal.CaseMovedOn {
		a.office = a.s.engine.Office()
		return a.drawPreview(s, true)
	}
	if err != nil {
		return err
	}
	a.say("calendar.loaded", "year", s.Year, "sum", a.movesSum(a.movesView(moves, false)))
	return a.see(back)
}
