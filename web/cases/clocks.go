package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/web/page"
)

// clockView is one clock in words. Value and Max draw how far it has run.
type clockView struct {
	ID, Title, Due, Left string
	Rest                 string // how long, from when, by which article
	Warning              bool   // beside the law's due dates
	Light                page.Light
	Value, Max           int
	Provisional          bool
	Explain              string // where it is explained
}

// caseClocks puts the open clocks first, the law's due dates before the rest, and says what would move them.
func caseClocks(a *page.Ask, v *caseView, view *desk.CaseView) {
	var later []clockView
	clocks := slices.Clone(view.Clocks)
	slices.SortStableFunc(clocks, func(x, y rules.Running) int { return cmp.Compare(x.Due, y.Due) })
	for _, c := range clocks {
		x := clock(a, view, c)
		switch {
		case !c.Open():
			v.Over = append(v.Over, x)
		case c.Def.Kind == procedure.Legal || c.Def.Kind == "":
			v.Clocks = append(v.Clocks, x)
			v.WhatIf = append(v.WhatIf, whatIf(a, c)...)
		case c.Def.Kind == procedure.Party && c.Due != 0 && c.Due < a.Today: // its end lets the office act
			v.Clocks = append(v.Clocks, x)
		case c.Def.Kind == procedure.Party, c.Def.Kind == procedure.Window:
			v.Theirs = append(v.Theirs, x)
		default:
			later = append(later, x)
		}
	}
	v.Clocks = append(v.Clocks, later...)
}

func clock(a *page.Ask, view *desk.CaseView, c rules.Running) clockView {
	x := clockView{ID: string(c.ID), Title: a.ClockTitle(c), Warning: c.Def.Kind == procedure.Warning, Provisional: c.Provisional,
		Explain: fmt.Sprintf("/cases/%d/deadline/%s", view.Case.ID, c.ID)}
	if p := c.Party(); p != "" && len(view.Parties) > 1 {
		x.Title = a.T("party.clock", "clock", a.L(c.Def.Title), "party", p)
	}
	window := c.Def.Kind == procedure.Window
	switch {
	case !c.Open():
		x.Due, x.Left = a.Day(c.Ended), a.T("clock."+string(c.State))
		if c.Ended == 0 {
			x.Due = a.DueDay(c.Due, c.Provisional)
		}
	case c.State == rules.SuspendedClock:
		x.Due = a.T("clock.undue")
		x.Light = page.Light{Class: "still", Text: a.T("light.suspended", "left", a.Units(c.Remaining, c.Unit))}
	default:
		x.Due = a.Day(c.Due) + " " + a.Weekday(c.Due)
		x.Light = a.Light(c.Remaining, c.Unit, c.Due, window, c.Def.Kind == procedure.Party, c.Provisional)
		if c.Def.Kind == procedure.Warning && c.Due < a.Today { // a warning is no due date: never red
			x.Light = page.Light{Class: "amber", Text: a.T("light.warned", "past", a.Units(int(a.Today-c.Due), calendar.Days))}
			if c.Provisional {
				x.Light.Text += a.T("light.provisional")
			}
		}
	}
	if c.Open() {
		x.Left = x.Light.Text
	}
	var rest []string
	if p := period(a.Words, c); p != "" {
		rest = append(rest, a.T("clock.from", "period", p, "fact", a.L(desk.Begins(view.Edition, view.Case, c)), "day", a.Day(c.Start)))
	}
	switch c.Def.Kind {
	case procedure.Warning:
		rest = append(rest, a.T("clock.warning"))
	case procedure.Window:
		rest = append(rest, a.T("clock.window"))
	case procedure.Party:
		rest = append(rest, a.T("clock.party"))
	case procedure.Target:
		rest = append(rest, a.T("clock.target"))
	}
	if law := a.Cites(c.Def.Law); law != "" {
		rest = append(rest, law)
	}
	x.Rest = strings.Join(rest, " · ")
	if total := Length(c.Run); total > 0 && c.Open() && c.Unit == c.Run.Period.Unit {
		x.Max, x.Value = total, min(total, max(0, total-c.Remaining))
	}
	return x
}

// Length is the run's period with its extensions, in units.
func Length(r calendar.Run) int {
	n := r.Period.N
	for _, e := range r.Extend {
		n += e.N
	}
	return n
}

// period is how long the run is, extensions named apart.
func period(w page.Words, c rules.Running) string {
	if c.Run.Period.N == 0 {
		return ""
	}
	p := w.Units(c.Run.Period.N, c.Run.Period.Unit)
	for _, e := range c.Run.Extend {
		p += " + " + w.Units(e.N, e.Unit)
	}
	return p
}

// whatIf says where the due date would go if the clock were suspended today, or extended as far as it may be.
func whatIf(a *page.Ask, c rules.Running) []string {
	var lines []string
	if len(c.Def.Stopped) > 0 && c.State == rules.RunningClock {
		lines = append(lines, a.T("whatif.suspend", "clock", a.ClockTitle(c), "left", a.Units(c.Remaining, c.Unit)))
	}
	if x := c.Def.Extend; x != nil && x.Field == nil && len(c.Run.Extend) < max(x.Times, 1) && c.Due != 0 {
		run := c.Run
		run.Extend = append(append([]calendar.Period{}, run.Extend...), x.Period)
		if res, err := a.Office.Calendar.Due(run); err == nil && res.Due != 0 {
			lines = append(lines, a.T("whatif.extend", "clock", a.ClockTitle(c), "due", a.DueDay(res.Due, res.Provisional)))
		}
	}
	return lines
}
