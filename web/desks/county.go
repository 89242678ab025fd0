package desks

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
	"dossier/web/figures"
	"dossier/web/page"
	"dossier/web/supervise"
)

// countyView is the county on one screen, for whoever leads: no names of those who claim or inform, only how much and where.
type countyView struct {
	page.Base
	Day    string
	Tiles  []tileView
	Waits  []waitView
	Quotas []supervise.PlanRow
	Year   []tileView
}

// tileView is one number that leads on.
type tileView struct{ Title, Value, Sub, Address, Class string }

// waitView is how much waits for a post or a person, and since when.
type waitView struct {
	Whom, Since string
	N, Late     int
	Address     string
	Share       int // of the longest, in percent: the bar
}

// soonDays is within how many working days a due day is near.
const soonDays = 3

// CountyPage gathers what is open now from the lists' rows, and what the year brought from the statistics.
func CountyPage(a *page.Ask) error {
	v := countyView{Base: a.Base(a.T("county.title"), "statistics"), Day: a.Date(a.Today) + " " + a.Weekday(a.Today)}
	v.Wide = true
	if err := countyNow(a, &v); err != nil {
		return err
	}
	if err := countyYear(a, &v); err != nil {
		return err
	}
	if err := countyQuotas(a, &v); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "county", v)
}

// countyNow counts what is open: late, near, where it waits, and what waits for the reader.
func countyNow(a *page.Ask, v *countyView) error {
	mine, err := desk.Of(a.Site.Engine, a.ID())
	if err != nil {
		return err
	}
	n, err := engine.Counted(a.Site.Engine, "county/"+a.Today.String(), func(rows []*listing.Row) *openCounts {
		return countOpen(rows, a.Today, a.Site.Engine.Office().Calendar.Shift(a.Today, soonDays))
	})
	if err != nil {
		return err
	}
	red := func(n int, class string) string {
		if n > 0 {
			return class
		}
		return ""
	}
	v.Tiles = []tileView{
		{a.T("county.mine"), strconv.Itoa(len(mine.Gates) + len(mine.Tasks)), a.T("county.gates", "n", len(mine.Gates)), "/approvals", ""},
		{a.T("county.late"), strconv.Itoa(n.late), a.T("county.of", "n", n.open), "/cases?overdue=1", red(n.late, "red")},
		{a.T("county.soon"), strconv.Itoa(n.soon), a.T("county.within", "n", soonDays), "/cases?due_before=" + n.near.String(), red(n.soon, "amber")},
		{a.T("county.open"), strconv.Itoa(n.open), a.T("county.unassigned", "n", n.unassigned), "/cases?open=1", ""},
	}
	most := 1
	put := func(whom, address string, p *pile) {
		most = max(most, p.n)
		v.Waits = append(v.Waits, waitView{Whom: whom, Address: address, Since: a.Date(p.since), N: p.n, Late: p.late})
	}
	for post, p := range n.posts {
		put(a.Post(post), "/cases?open=1", p)
	}
	for id, p := range n.people {
		put(a.Name(id), "/cases?officer="+string(id)+"&open=1", p)
	}
	slices.SortFunc(v.Waits, func(x, y waitView) int { return cmp.Or(y.N-x.N, y.Late-x.Late, cmp.Compare(x.Whom, y.Whom)) })
	v.Waits = v.Waits[:min(len(v.Waits), 12)]
	for i := range v.Waits {
		v.Waits[i].Share = v.Waits[i].N * 100 / most
	}
	return nil
}

// openCounts are the open cases counted: those late, those near, those of nobody, and where they wait.
type openCounts struct {
	open, late, soon, unassigned int
	near                         calendar.Date // the last day that is
	posts                        map[procedure.Actor]*pile
	people                       map[office.PersonID]*pile
}

// pile is what waits for somebody, how much of it is late, and since when the first does.
type pile struct {
	n, late int
	since   calendar.Date
}

func countOpen(rows []*listing.Row, today, near calendar.Date) *openCounts {
	n := &openCounts{open: len(rows), near: near, posts: map[procedure.Actor]*pile{}, people: map[office.PersonID]*pile{}}
	for _, r := range rows {
		due := calendar.Date(0)
		for i := range r.Clocks {
			if k := &r.Clocks[i]; !k.Window && !k.Party && k.Due != 0 && (due == 0 || k.Due < due) {
				due = k.Due
			}
		}
		switch {
		case due == 0:
		case due < today:
			n.late++
		case due <= near:
			n.soon++
		}
		if len(r.Officers) == 0 {
			n.unassigned++
		}
		for i := range r.Waits {
			w := &r.Waits[i]
			add := func(p *pile) {
				if p.n++; due != 0 && due < today {
					p.late++
				}
				if p.since == 0 || w.Since < p.since {
					p.since = w.Since
				}
			}
			for _, x := range w.Posts {
				add(of(n.posts, x))
			}
			for _, x := range w.People {
				add(of(n.people, x))
			}
		}
	}
	return n
}

// of gives what stands under a key, new where nothing does.
func of[K comparable, V any](m map[K]*V, k K) *V {
	v := m[k]
	if v == nil {
		v = new(V)
		m[k] = v
	}
	return v
}

// countyYear are the year's wages and cases.
func countyYear(a *page.Ask, v *countyView) error {
	year, _, _ := a.Today.YMD()
	q := statistics.Query{From: calendar.Of(year, 1, 1), To: a.Today}
	f, before, err := a.Site.Statistics.Both(q)
	if err != nil {
		return err
	}
	for _, m := range a.Site.Statistics.Measures {
		if m.Headline {
			v.Year = append(v.Year, tileView{figures.InUnit(a, a.L(m.Title), m.Unit), figures.Figure(a, m.Unit, f.Total.Cell(m.ID)), a.T("county.before", "n", figures.Figure(a, m.Unit, before.Total.Cell(m.ID))), figures.CasesBehind(q, "measure", m.ID), ""})
		}
	}
	return nil
}

// countyQuotas are the quotas that are short or missed.
func countyQuotas(a *page.Ask, v *countyView) error {
	all, err := a.Site.Options.Plans.Read(a.Today)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State == plan.Missed || p.State == plan.Short {
			v.Quotas = append(v.Quotas, supervise.ShowPlan(a, p))
		}
	}
	slices.SortStableFunc(v.Quotas, func(x, y supervise.PlanRow) int { return cmp.Compare(x.Due, y.Due) })
	return nil
}
