package figures

import (
	"strconv"

	"dossier/documents/sheet"
	"dossier/engine/plan"
	"dossier/engine/statistics"
	"dossier/web/page"
)

// quotaFigures is how one quota was kept in the periods that have a day among those counted.
type quotaFigures struct {
	Title, Regime, Whom string
	Done, Of, Planned   int
	Met, Missed, Runs   int // periods
	Periods             []quotaPeriod
}

type quotaPeriod struct {
	Title, Address, Class string
}

// quotas are the plan's figures of a period of statistics: of all procedures, for a quota is of a regime and not of one of them.
func quotas(a *page.Ask, q statistics.Query) (out []quotaFigures, err error) {
	if q.Only != "" {
		return nil, nil
	}
	all, err := a.Site.Options.Plans.Between(q.From, q.To, a.Language)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, t := range all {
		i, known := at[t.Quota]
		if !known {
			i = len(out)
			at[t.Quota] = i
			out = append(out, quotaFigures{Title: t.Title, Regime: t.Regime, Whom: t.Whom})
		}
		x := &out[i]
		x.Done, x.Of, x.Planned = x.Done+t.Done, x.Of+t.Of, x.Planned+t.Planned
		switch t.State {
		case plan.Met:
			x.Met++
		case plan.Missed:
			x.Missed++
		default:
			x.Runs++
		}
		x.Periods = append(x.Periods, quotaPeriod{a.T("statistics.quota.period", "from", a.Date(t.From), "to", a.Date(t.To), "done", t.Done, "of", t.Of), "/plans/" + t.Entry, "s-" + string(t.State)})
	}
	return out, nil
}

// quotasGrid is the same as a sheet.
func quotasGrid(a *page.Ask, all []quotaFigures) sheet.Grid {
	g := sheet.Grid{Name: a.T("statistics.quotas"), Still: 1}
	for i, k := range []string{"quota", "quota.regime", "quota.whom", "quota.done", "quota.of", "quota.planned", "quota.met", "quota.missed", "quota.runs"} {
		c := sheet.Column{Title: a.T("statistics." + k), Kind: sheet.NumberColumn}
		if i < 3 {
			c.Kind, c.Width = sheet.TextColumn, 26
		}
		g.Columns = append(g.Columns, c)
	}
	for _, x := range all {
		row := []string{x.Title, x.Regime, x.Whom}
		for _, n := range []int{x.Done, x.Of, x.Planned, x.Met, x.Missed, x.Runs} {
			row = append(row, strconv.Itoa(n))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
