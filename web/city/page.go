package city

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/web/figures"
	"dossier/web/page"
)

type cityView struct {
	page.Base
	From, To string
	Faults   []string
	Heads    []headView
	Counties []countyRow
	Sum      []string
	SumLate  string
	Lacks    string // whom the sum doesn't hold
	Late     []lateCounty
}

// Columns are those beside the county's name.
func (v cityView) Columns() int { return len(v.Heads) + 1 }

type headView struct{ Title, Means string }

// countyRow is one county's figures beside each other, or why there are none.
type countyRow struct {
	Name, Address, Why string
	Late               string
	Cells              []string
}

// lateCounty is what is late in one county.
type lateCounty struct {
	Name, All string // where all of them are
	N         string
	Cases     []lateRow
}

// lateRow is a case that is late. It is opened, and supervised, in its county, by somebody who may there: no token may.
type lateRow struct{ Number, Procedure, State, Due, Days, Address, Supervise string }

// mostShown are how many late cases of a county are shown; its own list has all.
const mostShown = 10

// Page is the counties beside each other, of this year up to today where the address names no other period.
func Page(a *page.Ask) error {
	counties := a.Site.Options.Counties
	if len(counties) == 0 {
		return a.NotFound()
	}
	v := cityView{Base: a.Base(a.T("city.title"), "statistics")}
	v.Wide = true
	year, _, _ := a.Today.YMD()
	from, to := calendar.Of(year, 1, 1), a.Today
	for _, x := range []struct {
		name string
		day  *calendar.Date
	}{{"from", &from}, {"to", &to}} {
		text := a.Query(x.name)
		if text == "" {
			continue
		}
		d, err := calendar.Parse(text)
		if err != nil {
			v.Faults = append(v.Faults, a.T("plan.no-day", "field", a.T("statistics."+x.name), "text", page.Cut(text, 20)))
			continue
		}
		*x.day = d
	}
	v.From, v.To = from.String(), to.String()
	if len(v.Faults) == 0 && to < from {
		v.Faults = []string{a.T("city.backward")}
	}
	if len(v.Faults) > 0 {
		return a.Draw(http.StatusUnprocessableEntity, "city", v)
	}
	show(a, &v, counties, readAll(a.Request.Context(), counties, from, to, a.Today))
	return a.Draw(http.StatusOK, "city", v)
}

// show sums up what the counties answered. What one of them doesn't count, the sum says that it lacks.
func show(a *page.Ask, v *cityView, counties []page.County, all []read) {
	measures := a.Site.Statistics.Measures
	sums, late, more := make([]int64, len(measures)), 0, false
	var lacking []string
	for _, m := range measures {
		v.Heads = append(v.Heads, headView{figures.InUnit(a, a.L(m.Title), m.Unit), a.L(m.Means)})
	}
	for i, r := range all {
		c := counties[i]
		row := countyRow{Name: c.Name, Address: c.Address + "/county"}
		if r.err != nil {
			a.Site.Options.Log.Warn("a county can't be read", "county", c.Name, "err", r.err)
			row.Why = a.T(why(r.err))
			lacking, v.Counties = append(lacking, c.Name), append(v.Counties, row)
			continue
		}
		lacks := false
		for k, m := range measures {
			n, counted := r.figures[m.ID]
			if !counted { // by another version of the program
				row.Cells, lacks = append(row.Cells, "—"), true
				continue
			}
			sums[k] += n
			row.Cells = append(row.Cells, figures.Figure(a, m.Unit, n))
		}
		if lacks {
			lacking = append(lacking, c.Name)
		}
		late, more = late+len(r.late), more || r.more
		row.Late = count(len(r.late), r.more)
		v.Counties = append(v.Counties, row)
		if len(r.late) > 0 {
			v.Late = append(v.Late, lateOf(a, c, r))
		}
	}
	for k, m := range measures {
		v.Sum = append(v.Sum, figures.Figure(a, m.Unit, sums[k]))
	}
	v.SumLate = count(late, more)
	if len(lacking) > 0 {
		v.Lacks = a.T("city.lacks", "counties", strings.Join(lacking, a.T("list.comma")))
	}
}

func lateOf(a *page.Ask, c page.County, r read) lateCounty {
	x := lateCounty{Name: c.Name, All: c.Address + "/cases?overdue=1", N: count(len(r.late), r.more)}
	for _, k := range r.late[:min(len(r.late), mostShown)] {
		at := c.Address + page.CaseLink(k.ID)
		row := lateRow{Number: cmp.Or(k.Number, k.Intake, "#"+strconv.FormatInt(int64(k.ID), 10)), Procedure: string(k.Workflow), State: string(k.State), Address: at, Supervise: at + "/do/supervise"}
		if ed := a.Site.Engine.Workflow(k.Workflow); ed != nil {
			row.Procedure, row.State = a.L(ed.Def.Title), a.Site.StateTitle(a.Words, k.Workflow, procedure.Main, k.State)
		}
		if k.due != 0 {
			row.Due, row.Days = a.Date(k.due), strconv.Itoa(int(a.Today-k.due))
		}
		x.Cases = append(x.Cases, row)
	}
	return x
}

// count is a number of cases, of which there may be more than were asked for.
func count(n int, more bool) string {
	if more {
		return strconv.Itoa(n) + "+"
	}
	return strconv.Itoa(n)
}

// why is the key of the words for why a county has no figures.
func why(err error) string {
	var no refused
	switch {
	case !errors.As(err, &no):
		return "city.away"
	case no.status == http.StatusUnauthorized, no.status == http.StatusForbidden:
		return "city.token"
	}
	return "city.unready"
}
