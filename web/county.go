package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
)

// countyView is the county on one screen, for whoever leads: no names of those who claim or inform, only how much and where.
type countyView struct {
	base
	Day    string
	Tiles  []tileView
	Waits  []waitView
	Quotas []quotaView
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

type quotaView struct{ Title, Said, Light, Class string }

// soonDays is within how many working days a due day is near.
const soonDays = 3

// countyPage gathers what is open now from the lists' rows, and what the year brought from the statistics.
func countyPage(a *ask) error {
	v := countyView{base: a.base(a.T("county.title"), "statistics"), Day: a.Date(a.today) + " " + a.Weekday(a.today)}
	v.Wide = true
	if err := a.countyNow(&v); err != nil {
		return err
	}
	if err := a.countyYear(&v); err != nil {
		return err
	}
	if err := a.countyQuotas(&v); err != nil {
		return err
	}
	return a.draw(http.StatusOK, "county", v)
}

// countyNow counts what is open: late, near, where it waits, and what waits for the reader.
func (a *ask) countyNow(v *countyView) error {
	mine, err := desk.Of(a.s.engine, a.id())
	if err != nil {
		return err
	}
	open, late, soon, unassigned := 0, 0, 0, 0
	near := a.office.Calendar.Shift(a.today, soonDays)
	type pile struct {
		n, late int
		since   calendar.Date
	}
	piles := map[procedure.Actor]*pile{}
	err = desk.EachRow(a.s.engine, listing.IndexOpen, "", func(r listing.Row) {
		open++
		due := calendar.Date(0)
		for _, k := range r.Clocks {
			if !k.Window && !k.Party && k.Due != 0 && (due == 0 || k.Due < due) {
				due = k.Due
			}
		}
		switch {
		case due == 0:
		case due < a.today:
			late++
		case due <= near:
			soon++
		}
		if len(r.Officers) == 0 {
			unassigned++
		}
		for _, w := range r.Waits {
			whom := slices.Clone(w.Posts)
			for _, p := range w.People {
				whom = append(whom, "@"+procedure.Actor(p))
			}
			for _, x := range whom {
				p := piles[x]
				if p == nil {
					p = &pile{}
					piles[x] = p
				}
				if p.n++; due != 0 && due < a.today {
					p.late++
				}
				if p.since == 0 || w.Since < p.since {
					p.since = w.Since
				}
			}
		}
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
		{a.T("county.late"), strconv.Itoa(late), a.T("county.of", "n", open), "/cases?overdue=1", red(late, "red")},
		{a.T("county.soon"), strconv.Itoa(soon), a.T("county.within", "n", soonDays), "/cases?due_before=" + near.String(), red(soon, "amber")},
		{a.T("county.open"), strconv.Itoa(open), a.T("county.unassigned", "n", unassigned), "/cases?open=1", ""},
	}
	most := 1
	for whom, p := range piles {
		x := waitView{Since: a.Date(p.since), N: p.n, Late: p.late}
		if id, ok := cutAt(whom); ok {
			x.Whom, x.Address = a.Name(id), "/cases?officer="+string(id)+"&open=1"
		} else {
			x.Whom, x.Address = a.Post(whom), "/cases?open=1"
		}
		most = max(most, p.n)
		v.Waits = append(v.Waits, x)
	}
	slices.SortFunc(v.Waits, func(x, y waitView) int { return cmp.Or(y.N-x.N, y.Late-x.Late, cmp.Compare(x.Whom, y.Whom)) })
	v.Waits = v.Waits[:min(len(v.Waits), 12)]
	for i := range v.Waits {
		v.Waits[i].Share = v.Waits[i].N * 100 / most
	}
	return nil
}

// countyYear are the year's wages and cases.
func (a *ask) countyYear(v *countyView) error {
	year, _, _ := a.today.YMD()
	q := statistics.Query{From: calendar.Of(year, 1, 1), To: a.today}
	f, before, err := a.s.statistics.Both(q)
	if err != nil {
		return err
	}
	for _, m := range a.s.statistics.Measures {
		if m.Headline {
			v.Year = append(v.Year, tileView{a.L(m.Title), a.figure(m.Unit, f.Total.Cell(m.ID)), a.T("county.before", "n", a.figure(m.Unit, before.Total.Cell(m.ID))), casesBehind(q, "measure", m.ID), ""})
		}
	}
	return nil
}

// countyQuotas are the quotas that are short or missed.
func (a *ask) countyQuotas(v *countyView) error {
	all, err := a.s.opt.Plans.Read(a.today)
	if err != nil {
		return err
	}
	for _, p := range all {
		x := quotaView{Title: a.L(p.Entry.Quota.Title), Said: a.T("county.quota", "done", p.Done, "of", p.Times, "left", p.Left)}
		switch p.State {
		case plan.Missed:
			x.Light, x.Class = a.T("county.missed"), "red"
		case plan.Short:
			x.Light, x.Class = a.T("county.short"), "amber"
		default:
			continue
		}
		v.Quotas = append(v.Quotas, x)
	}
	return nil
}
