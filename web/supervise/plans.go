package supervise

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/web/page"
)

// plansView is the year's plan: each quota, what is done of it by the checks themselves, and when the rest is due.
type plansView struct {
	page.Base
	Year     int
	Before   int
	After    int
	Sums     []page.Tab
	Pressing []PlanRow // short or missed, the soonest first
	Rest     []PlanRow // of them
	Regimes  []planRegime
	Calendar yearView
	Report   bool // printed as a report: what was done, beside what was planned
	MadeOn   string
	Whole    bool // of all regimes
	PlansOwn bool // the reader plans or checks for some of them
}

// planRegime is one regime with its quotas.
type planRegime struct {
	Title, Law string
	Rows       []PlanRow
}

// PlanRow is one quota in one period.
type PlanRow struct {
	Address, Title, Regime, Law, Whom string
	Target, Period, By                string
	Done                              string // of the target, in its smallest parts
	Planned, ToDo                     int    // further parts that are planned; parts that are not
	Light                             page.Light
	Bar                               barView
	Override                          string
	Why                               string
	Due                               calendar.Date
}

// barView is a bar against its target, in hundredths of its width.
type barView struct {
	Done, Planned int
	Class, Says   string
}

// planState is the light of a state.
func planState(w page.Words, p plan.Progress) page.Light {
	switch p.State {
	case plan.Met:
		return page.Light{Class: "green", Text: w.T("plans.met")}
	case plan.Missed:
		return page.Light{Class: "red", Text: w.T("plans.missed", "n", p.Whole-p.Parts)}
	case plan.Short:
		return page.Light{Class: "amber", Text: w.T("plans.short", "n", p.Whole-p.Parts, "days", p.Left)}
	case plan.Unknown:
		return page.Light{Class: "still", Text: w.T("plans.nobody")}
	}
	if p.Period.Start > w.Today {
		return page.Light{Class: "still", Text: w.T("plans.later")}
	}
	return page.Light{Class: "calm", Text: w.T("plans.running", "days", p.Left)}
}

// planTarget is what a quota asks of one period.
func planTarget(w page.Words, p plan.Progress) string {
	var out []string
	switch {
	case p.Share > 0 && p.Each > 1:
		out = append(out, w.T("plans.target.each", "n", p.Each))
	case p.Share == 100:
		out = append(out, w.T("plans.target.all", "times", p.Times, "of", p.Population))
	case p.Share > 0:
		out = append(out, w.T("plans.target.share", "times", p.Times, "share", p.Share, "n", plan.RoundUp(p.Share, p.Population), "of", p.Population))
	case p.Objects > 0:
		out = append(out, w.T("plans.target.outing", "times", p.Times, "n", p.Objects))
	default:
		out = append(out, w.T("plans.target.times", "times", p.Times))
	}
	for _, s := range p.Strata {
		out = append(out, w.T("plans.target.stratum", "title", w.L(s.Title), "share", s.Share))
	}
	if p.Staff > 2 {
		out = append(out, w.T("plans.target.staff", "n", p.Staff))
	}
	return strings.Join(out, w.T("plans.semicolon"))
}

// ShowPlan puts an entry into words.
func ShowPlan(a *page.Ask, p plan.Progress) PlanRow {
	q := p.Quota
	x := PlanRow{Address: "/plans/" + p.ID(), Title: a.L(q.Title), Regime: a.L(q.Regime().Title), Law: laws(a.Words, q.Law), Whom: a.L(q.Whom), Target: planTarget(a.Words, p),
		Period: planPeriod(a.Words, p.Period), By: a.Date(p.Period.End), Planned: p.Planning, ToDo: max(0, p.Whole-p.Parts-p.Planning), Light: planState(a.Words, p), Why: q.Why, Due: p.Period.End}
	x.Done = a.T("plans.done-of", "n", p.Parts, "of", p.Whole)
	x.Bar = bar(p)
	x.Bar.Says = a.T("plans.bar", "done", p.Parts, "more", p.Planning, "of", p.Whole)
	if o := p.Override; o != nil {
		key := "plans.override.won"
		if !p.Won {
			key = "plans.override.told"
		}
		x.Override = a.T(key, "document", o.Document, "day", a.Date(o.Day), "who", a.Name(o.By))
	}
	return x
}

func bar(p plan.Progress) barView {
	v := barView{Class: "s-" + string(p.State)}
	if p.Whole > 0 {
		v.Done = 100 * p.Parts / p.Whole
		v.Planned = min(100-v.Done, (100*p.Planning+p.Whole-1)/p.Whole)
	}
	return v
}

// laws are clauses of the list as people say them.
func laws(w page.Words, keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = cited(w, k)
	}
	return strings.Join(out, w.T("list.comma"))
}

// planPeriod is a period as people say it.
func planPeriod(w page.Words, p plan.Period) string {
	year, part, _ := strings.Cut(p.Name, "-")
	switch {
	case part == "":
		return w.T("plans.period.year", "year", year)
	case part[0] == 'H':
		return w.T("plans.period.half-"+part[1:], "year", year)
	case part[0] == 'Q':
		return w.T("plans.period.quarter", "year", year, "n", part[1:])
	}
	return w.T("plans.period.month", "year", year, "n", strings.TrimPrefix(part, "0"))
}

func PlansPage(a *page.Ask) error { return drawPlans(a, "plans", false) }

// PlanReportPage is the year's plan with what was done, to be printed.
func PlanReportPage(a *page.Ask) error { return drawPlans(a, "planreport", true) }

// PlanYear is the year that the address asks for, the present one by default.
func PlanYear(a *page.Ask) int {
	year, _, _ := a.Today.YMD()
	if n, err := strconv.Atoi(a.Query("year")); err == nil && n >= 2000 && n <= 2100 {
		return n
	}
	return year
}

func drawPlans(a *page.Ask, name string, report bool) error {
	year := PlanYear(a)
	all, err := a.Site.Options.Plans.Calendar(year)
	if err != nil {
		return err
	}
	v := plansView{Base: a.Base(a.T("plans.title", "year", year), "plans"), Year: year, Before: year - 1, After: year + 1, Report: report, MadeOn: a.Date(a.Today)}
	v.Wide = true
	var count [5]int
	whose := a.Query("of")
	for _, ps := range all {
		if len(ps) == 0 || whose == "mine" && !Planning(a, ps[0].Quota.Regime()) {
			continue
		}
		now := present(ps, a.Today)
		row := ShowPlan(a, ps[now])
		if report {
			row = ShowPlan(a, summed(ps))
			row.Period, row.By = a.T("plans.period.year", "year", year), ""
			row.Target = planTarget(a.Words, ps[now])
			if len(ps) > 1 {
				row.Target = a.T("plans.every-"+string(ps[now].Quota.Per), "target", row.Target)
			}
		}
		for i, s := range []plan.State{plan.Missed, plan.Short, plan.Running, plan.Met, plan.Unknown} {
			if ps[now].State == s {
				count[i]++
			}
		}
		if s := ps[now].State; s == plan.Short || s == plan.Missed {
			v.Pressing = append(v.Pressing, row)
		}
		r := ps[now].Quota.Regime()
		if n := len(v.Regimes); n == 0 || v.Regimes[n-1].Title != a.L(r.Title) {
			v.Regimes = append(v.Regimes, planRegime{Title: a.L(r.Title), Law: cited(a.Words, r.Law)})
		}
		last := &v.Regimes[len(v.Regimes)-1]
		last.Rows = append(last.Rows, row)
		yearRow(a, &v.Calendar, ps)
	}
	yearFrame(a, &v.Calendar, year)
	slices.SortStableFunc(v.Pressing, func(x, y PlanRow) int { return int(x.Due - y.Due) })
	if n := min(len(v.Pressing), MostPressing); n < len(v.Pressing) {
		v.Pressing, v.Rest = v.Pressing[:n], v.Pressing[n:]
	}
	for i, key := range []string{"missed", "short", "running", "met", "unknown"} {
		class := []string{"red", "amber", "", "", ""}[i]
		if count[i] == 0 {
			class = ""
		}
		v.Sums = append(v.Sums, page.Tab{Title: a.T("plans.sum." + key), Count: count[i], Class: class})
	}
	v.Whole = whose != "mine"
	v.PlansOwn = slices.ContainsFunc(a.Site.Options.Plans.Quotas.All(), func(q *plan.Quota) bool { return Planning(a, q.Regime()) })
	return a.Draw(http.StatusOK, name, v)
}

// MostPressing is how many of the quotas that are short stand on top at once.
const MostPressing = 6

// Planning tells whether the reader plans or checks for the regime.
func Planning(a *page.Ask, r *plan.Regime) bool {
	return a.Site.Options.Plans.May(a.ID(), r) || a.Site.Options.Plans.Opens(a.ID(), r) || a.Office.Holds(a.ID(), r.Staff, a.Today)
}

// present is the index of the period in which the day lies, of a year that is over or to come its last or first.
func present(ps []plan.Progress, day calendar.Date) int {
	for i, p := range ps {
		if day <= p.Period.End {
			return i
		}
	}
	return len(ps) - 1
}

// summed is what a year's periods come to together.
func summed(ps []plan.Progress) plan.Progress {
	sum := ps[0]
	sum.Parts, sum.Planning, sum.Whole = 0, 0, 0
	states := map[plan.State]int{}
	for _, p := range ps {
		sum.Parts += p.Parts
		sum.Planning += p.Planning
		sum.Whole += p.Whole
		sum.Left, sum.Period = p.Left, p.Period
		states[p.State]++
		if p.Override != nil {
			sum.Override, sum.Won = p.Override, p.Won
		}
	}
	for _, s := range []plan.State{plan.Missed, plan.Short, plan.Running, plan.Unknown, plan.Met} {
		if states[s] > 0 {
			sum.State = s
			break
		}
	}
	return sum
}

// cited is a clause as people say it, from its key: "list/四(一)二".
func cited(w page.Words, key string) string {
	c, err := procedure.ParseCitation(key)
	if err != nil {
		return key
	}
	return w.Cites(procedure.Law{Cites: []procedure.Citation{c}})
}
