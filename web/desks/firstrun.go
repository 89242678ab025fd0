package desks

import (
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/web/page"
)

// firstRun is what a new office has to set yet, each with where it is set; nothing for who isn't its administrator, nor in the demo county, which is set up. Of each
// group of settings it is those with which a new office begins: all that can't be without a value, or one of the others.
func firstRun(a *page.Ask) []page.LinkView {
	if !a.Who.Holds(office.Admin, a.Today) || a.Site.Options.Demo {
		return nil
	}
	var todo []page.LinkView
	active := 0
	for _, p := range a.Office.People() {
		if p.Active(a.Today) {
			active++
		}
	}
	if active < 2 {
		todo = append(todo, page.LinkView{Text: a.T("first.people"), Address: "/admin/new-person"})
	}
	for _, g := range a.Office.Groups {
		var lacks []string
		enough := false
		for _, s := range g.Shapes {
			switch {
			case !s.Begin:
			case !kept(a.Office.Settings()[s.Name]):
				lacks = append(lacks, a.SettingTitle(s.Name))
			case !s.Required:
				enough = true
			}
		}
		if len(lacks) > 0 && !enough {
			todo = append(todo, page.LinkView{Text: a.T("first.settings", "name", a.L(g.Title), "names", strings.Join(lacks, " · ")), Address: "/admin/settings#g-" + g.ID})
		}
	}
	if y, _, _ := a.Today.YMD(); a.Office.Calendar.Provisional(a.Today, calendar.Of(y, 12, 31)) {
		todo = append(todo, page.LinkView{Text: a.T("first.calendar"), Address: "/admin/calendar"})
	}
	return todo
}

// kept tells whether the office gave a setting a value: the program brings none of those with which an office begins.
func kept(rows []office.SettingRow) bool {
	return slices.ContainsFunc(rows, func(r office.SettingRow) bool { return r.Value != "" })
}
