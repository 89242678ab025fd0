package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// apiDue is one due date: the answer of `dossier deadline --json`.
type apiDue struct {
	Due         calendar.Date  `json:"due,omitempty"` // absent while a pause is open
	Raw         calendar.Date  `json:"raw,omitempty"` // of days and months, the date before rolling
	Open        bool           `json:"open,omitempty"`
	Provisional bool           `json:"provisional"`
	Remaining   int            `json:"remaining"`
	Unit        calendar.Unit  `json:"unit"`
	Days        []calendar.Day `json:"days,omitempty"` // with explain=1
}

// apiDeadline counts one period: from, for, extend, pause (A..B, several), on, explain.
func apiDeadline(a *page.Ask) error {
	var run calendar.Run
	var faults []refusal.FieldFault
	wrong := func(path, why string) {
		faults = append(faults, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: refusal.Args{"field": path}})
	}
	var err error
	if run.Start, err = reading.Date(a.Query("from")); err != nil {
		wrong("from", "field.date")
	}
	if run.Period, err = calendar.ParsePeriod(a.Query("for")); err != nil {
		wrong("for", "field.period")
	}
	if s := a.Query("extend"); s != "" {
		p, err := calendar.ParsePeriod(s)
		if err != nil {
			wrong("extend", "field.period")
		}
		run.Extend = []calendar.Period{p}
	}
	for i, s := range a.QueryArray("pause") {
		p, err := readPause(s)
		if err != nil {
			wrong(fmt.Sprintf("pause[%d]", i), "field.date")
		}
		run.Pauses = append(run.Pauses, p)
	}
	on := a.Today
	if s := a.Query("on"); s != "" {
		if on, err = reading.Date(s); err != nil {
			wrong("on", "field.date")
		}
	}
	if len(faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: faults}
	}
	cal := a.Office.Calendar
	res, err := cal.Due(run)
	if err != nil {
		return refused(a, err)
	}
	out := apiDue{Due: res.Due, Open: res.Open, Provisional: res.Provisional, Unit: run.Period.Unit, Remaining: cal.Remaining(run, on)}
	if out.Unit != calendar.Workdays {
		out.Raw = res.Raw
	}
	if page.Yes(a.Query("explain")) {
		through := res.Due
		if res.Open {
			through = max(on, run.Pauses[len(run.Pauses)-1].From)
		}
		if out.Days, err = cal.Explain(run, through); err != nil {
			return refused(a, err)
		}
	}
	return a.Json(http.StatusOK, out)
}

// readPause reads A..B, or A.. for a pause still open.
func readPause(s string) (p calendar.Pause, err error) {
	from, to, found := strings.Cut(s, "..")
	if !found {
		return p, errors.New("not a pause")
	}
	if p.From, err = reading.Date(from); err != nil || to == "" {
		return p, err
	}
	p.To, err = reading.Date(to)
	return p, err
}

// refused tells which parameter the calendar's refusal is about.
func refused(a *page.Ask, err error) error {
	var r *calendar.Refusal
	if !errors.As(err, &r) {
		return err
	}
	path := "for"
	switch r.Code {
	case calendar.ExtendUnit:
		path = "extend"
	case calendar.MonthsPaused, calendar.PauseBeforeStart, calendar.PauseAfterDue, calendar.PauseBackward, calendar.PausesOverlap, calendar.RestDay:
		path = fmt.Sprintf("pause[%d]", r.Pause)
	}
	why := r.ZH()
	if a.EN() {
		why = r.EN()
	}
	return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: path, Code: refusal.FieldInvalid, Why: why}}}
}
