package admin

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
	"dossier/web/cases"
	"dossier/web/page"

	"dossier/engine/text"
)

// calendarView is one year's schedule as twelve months, with the versions of it that were loaded; or, before a schedule is
// loaded, what it would move.
type calendarView struct {
	page.Base
	Year      int
	Years     []int
	Published bool
	Number    string // of the State Council's notice
	Source    string
	Months    []cases.MonthView
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
	Moves   cases.MovesView
	Doubts  []string // what looks wrong in it
}

func CalendarPage(a *page.Ask) error {
	v, err := showCalendar(a, askedYear(a), nil)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "calendar", v)
}

// askedYear is the year in the address, else the present one.
func askedYear(a *page.Ask) int {
	if y, err := strconv.Atoi(a.Query("year")); err == nil && y >= 1950 && y <= 2199 {
		return y
	}
	y, _, _ := a.Today.YMD()
	return y
}

func showCalendar(a *page.Ask, year int, bad []string) (calendarView, error) {
	v := calendarView{Base: a.Base(a.T("admin.calendar"), "admin"), Year: year, Years: years(a, year), Faults: bad}
	s, ok := a.Office.Calendar.Schedule(v.Year)
	if ok {
		v.Published, v.Number, v.Source = s.Published, s.Notice, s.Source
	}
	if years := a.Office.Calendar.Years(); len(years) > 0 && year < years[0] {
		v.NotKept = years[0]
	}
	v.Months = yearMonths(a, a.Office.Calendar, year)
	all, err := change.Schedules(a.Site.Engine, year)
	if err != nil {
		return v, err
	}
	for i, x := range all {
		l := loadedView{Seq: x.Seq, Notice: x.Schedule.Notice, Now: i == 0, File: fmt.Sprintf("/admin/calendar/%d.json?v=%d", year, x.Seq)}
		switch {
		case x.Seq > 0:
			l.Title = a.T("calendar.by", "who", page.Or(a.Name(x.By), a.T("calendar.operator")), "at", a.Moment(x.At))
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
func years(a *page.Ask, asked int) []int {
	now, _, _ := a.Today.YMD()
	years := append(slices.Clone(a.Office.Calendar.Years()), now, now+1, asked)
	slices.Sort(years)
	return slices.Compact(years)
}

func yearMonths(a *page.Ask, cal *calendar.Calendar, year int) []cases.MonthView {
	var months []cases.MonthView
	for m := 1; m <= 12; m++ {
		months = append(months, month(a, cal, calendar.Of(year, m, 1), calendar.Of(year+m/12, m%12+1, 1)))
	}
	return months
}

// month is one month with what each day is by itself.
func month(a *page.Ask, cal *calendar.Calendar, first, next calendar.Date) cases.MonthView {
	m := cases.MonthView{Title: cases.MonthTitle(a.Words, first), Sum: a.T("calendar.workdays", "n", cal.Count(first-1, next-1))}
	week := make([]cases.DayView, (int(first.Weekday())+6)%7, 7)
	for i := range week {
		week[i].Class = "none"
	}
	for d := first; d < next; d++ {
		day := cases.Day(a, d, calendar.Day{Date: d, Why: cal.Day(d)}, true)
		if d == a.Today {
			day.Class += " today"
		}
		if week = append(week, day); len(week) == 7 {
			m.Weeks, week = append(m.Weeks, week), nil
		}
	}
	for len(week) > 0 && len(week) < 7 {
		week = append(week, cases.DayView{Class: "none"})
	}
	if len(week) > 0 {
		m.Weeks = append(m.Weeks, week)
	}
	return m
}

// ScheduleFile answers with a version of a year's schedule as a file; without one, that which counts.
func ScheduleFile(a *page.Ask) error {
	name, ok := strings.CutSuffix(a.Param("file"), ".json")
	year, err := strconv.Atoi(name)
	if !ok || err != nil || year < 1950 || year > 2199 {
		return a.NotFound()
	}
	s, err := scheduleOf(a, year, a.Query("v"))
	if err != nil {
		return err
	}
	a.Header("Content-Disposition", fmt.Sprintf("attachment; filename=\"%d.json\"", year))
	a.Data(http.StatusOK, "application/json; charset=utf-8", s.File())
	return nil
}

// scheduleOf is a version of a year's schedule by its number, "" for the one that counts.
func scheduleOf(a *page.Ask, year int, version string) (calendar.Schedule, error) {
	all, err := change.Schedules(a.Site.Engine, year)
	if err != nil {
		return calendar.Schedule{}, err
	}
	for _, x := range all {
		if version == "" || version == strconv.FormatUint(x.Seq, 10) {
			return x.Schedule, nil
		}
	}
	return calendar.Schedule{}, a.NotFound()
}

// PreviewSchedule takes a year's schedule as a file, or a version of it that was loaded before, and shows what loading it
// would move. What is wrong in a file is told by line. Nothing is loaded yet.
func PreviewSchedule(a *page.Ask) error {
	if again := a.PostForm("again"); again != "" {
		year, err := strconv.Atoi(a.PostForm("year"))
		if err != nil {
			return a.NotFound()
		}
		s, err := scheduleOf(a, year, again)
		if err != nil {
			return err
		}
		return drawPreview(a, s, false)
	}
	if text := a.PostForm("notice"); strings.TrimSpace(text) != "" {
		s, err := calendar.ParseNotice(a.T("calendar.notice-file"), text)
		if err != nil {
			return refuseFaults(a, err)
		}
		return drawPreview(a, s, false)
	}
	f, h, err := a.Request.FormFile("file")
	if err != nil {
		return refuseSchedule(a, a.T("calendar.no-file"))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return err
	}
	s, err := calendar.ParseSchedule(h.Filename, data)
	if err != nil {
		return refuseFaults(a, err)
	}
	return drawPreview(a, s, false)
}

func refuseFaults(a *page.Ask, err error) error {
	var faults text.Faults
	if !errors.As(err, &faults) {
		return err
	}
	var lines []string
	for _, x := range faults {
		lines = append(lines, x.In(a.Language))
	}
	return refuseSchedule(a, lines...)
}

func refuseSchedule(a *page.Ask, lines ...string) error {
	v, err := showCalendar(a, askedYear(a), lines)
	if err != nil {
		return err
	}
	return a.Draw(http.StatusUnprocessableEntity, "calendar", v)
}

// drawPreview shows what a schedule would move. Changed says that it was shown before and is not what it was.
func drawPreview(a *page.Ask, s calendar.Schedule, changed bool) error {
	moves, err := change.PreviewSchedule(a.Request.Context(), a.Site.Engine, a.ID(), s)
	if err != nil {
		return err
	}
	v, err := showCalendar(a, s.Year, nil)
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	v.Preview = &previewView{Changed: changed, Text: string(text), Sum: sumOf(string(text)), Version: a.Office.Calendar.Version(), Moves: cases.ShowMoves(a, moves, false)}
	v.Preview.Moves.Sum = movesSum(a, v.Preview.Moves)
	for _, d := range s.Doubts() {
		v.Preview.Doubts = append(v.Preview.Doubts, a.Doubt(d))
	}
	next := a.Office.Calendar.With(s)
	v.Preview.Same = next.Version() == a.Office.Calendar.Version()
	v.Title, v.Published, v.Number, v.Months = a.T("calendar.preview"), s.Published, s.Notice, yearMonths(a, next, s.Year)
	status := http.StatusOK
	if changed {
		status = http.StatusConflict
	}
	return a.Draw(status, "calendar", v)
}

// movesSum says in a sentence how much a schedule moves.
func movesSum(a *page.Ask, m cases.MovesView) string {
	if m.Clocks+m.Firm == 0 {
		return a.T("calendar.nothing")
	}
	s := a.T("calendar.sum", "cases", m.Dated, "clocks", m.Clocks)
	if m.Firm > 0 {
		s += a.T("calendar.firm", "n", m.Firm)
	}
	return s
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// LoadSchedule loads the schedule that the page previewed. It is read again: what was altered on the way is refused, and
// when another schedule counts by now, the preview is shown anew.
func LoadSchedule(a *page.Ask) error {
	text := a.PostForm("schedule")
	if text == "" || sumOf(text) != a.PostForm("sum") {
		return refuseSchedule(a, a.T("calendar.altered"))
	}
	s, err := calendar.ParseSchedule(a.T("calendar.file"), []byte(text))
	if err != nil {
		return refuseFaults(a, err)
	}
	back := "/admin/calendar?year=" + strconv.Itoa(s.Year)
	switch now := a.Office.Calendar.Version(); {
	case now == a.Office.Calendar.With(s).Version():
		a.Say("calendar.already", "year", s.Year)
		return a.See(back)
	case now != a.PostForm("version"):
		return drawPreview(a, s, true)
	}
	moves, err := change.LoadSchedule(a.Request.Context(), a.Site.Engine, a.ID(), s)
	if e := refusal.As(err); e != nil && e.Code == refusal.CaseMovedOn {
		a.Office = a.Site.Engine.Office()
		return drawPreview(a, s, true)
	}
	if err != nil {
		return err
	}
	a.Say("calendar.loaded", "year", s.Year, "sum", movesSum(a, cases.ShowMoves(a, moves, false)))
	return a.See(back)
}
