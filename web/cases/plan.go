package cases

import (
	"net/http"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// planView answers what would follow from a day: forward, if a clock stood still, were extended or began then; backward,
// by when what must come before an action has to happen.
type planView struct {
	page.Base
	ID             string
	CaseName       string
	Day, Resume    string
	Faults         []string
	On             string
	Runs, Starts   []planLine
	Before         []planLine
	MaySuspend     bool
	Asked          bool
	NothingPlanned bool
}

type planLine struct {
	Title, Then, Law string
	Late             bool // the day is gone
	Provisional      bool
}

func PlanPage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	c := view.Case
	v := planView{Base: a.Base(a.T("plan.title"), "cases"), ID: strconv.FormatInt(int64(c.ID), 10), CaseName: c.Number() + " " + view.Party(),
		Day: a.Query("day"), Resume: a.Query("resume"), Asked: a.Query("day") != ""}
	day, resume := a.Today, calendar.Date(0)
	read := func(name, text string, into *calendar.Date) {
		if text == "" {
			return
		}
		d, err := reading.Date(text)
		if err != nil {
			v.Faults = append(v.Faults, a.T("plan.no-day", "field", a.T(name), "text", page.Cut(text, 20)))
			return
		}
		*into = d
	}
	read("plan.day", v.Day, &day)
	read("plan.resume", v.Resume, &resume)
	if resume != 0 && resume <= day {
		v.Faults = append(v.Faults, a.T("plan.backward"))
		resume = 0
	}
	v.Day, v.On = day.String(), a.Date(day)+" "+a.Weekday(day)
	lines, err := desk.Plan(a.Site.Engine, a.ID(), c.ID, day, resume)
	if err != nil {
		return err
	}
	for _, p := range lines {
		planned(a, &v, p, resume)
	}
	v.NothingPlanned = len(v.Runs)+len(v.Starts)+len(v.Before) == 0
	status := http.StatusOK
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return a.Draw(status, "plan", v)
}

func planned(a *page.Ask, v *planView, p desk.Planned, resume calendar.Date) {
	x := planLine{Law: a.Cites(p.Law), Provisional: p.Provisional}
	due := func() string { return a.Day(p.Clock.Due) + " " + a.Weekday(p.Clock.Due) }
	clock := a.L(p.Def.Title)
	switch p.Kind {
	case desk.PlanSuspend:
		v.MaySuspend = true
		x.Title = a.T("plan.suspend", "clock", a.ClockTitle(p.Clock))
		x.Then = a.T("plan.suspended", "left", a.Units(p.Left, p.Clock.Unit))
		if resume != 0 {
			x.Then = a.T("plan.moves", "was", page.Or(a.Day(p.Was), a.T("then.undue")), "due", due())
		}
		v.Runs = append(v.Runs, x)
	case desk.PlanExtend:
		x.Title = a.T("plan.extend", "clock", a.ClockTitle(p.Clock))
		x.Then = a.T("plan.moves", "was", page.Or(a.Day(p.Was), a.T("then.undue")), "due", due())
		v.Runs = append(v.Runs, x)
	case desk.PlanStart:
		x.Title = a.T("plan.start", "fact", a.L(p.Fact), "clock", clock)
		x.Then = a.T("plan.starts", "period", period(a.Words, p.Clock), "due", due())
		v.Starts = append(v.Starts, x)
	case desk.PlanBefore:
		x.Title = a.L(p.Action)
		if p.By == 0 {
			x.Then = a.T("plan.runs", "clock", a.ClockTitle(p.Clock), "due", due())
			x.Late = p.Clock.Due.String() >= v.Day
		} else {
			x.Then = a.T("plan.by", "fact", a.L(p.Fact), "clock", clock, "day", a.Day(p.By)+" "+a.Weekday(p.By))
			x.Late = p.By < a.Today
		}
		v.Before = append(v.Before, x)
	}
}
