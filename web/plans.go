package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/engine/procedure"
)

// plansView is the year's plan: each quota, what is done of it by the checks themselves, and when the rest is due.
type plansView struct {
	base
	Year     int
	Before   int
	After    int
	Sums     []tab
	Pressing []planRow // short or missed, the soonest first
	Rest     []planRow // of them
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
	Rows       []planRow
}

// planRow is one quota in one period.
type planRow struct {
	Address, Title, Regime, Law, Whom string
	Target, Period, By                string
	Done                              string // of the target, in its smallest parts
	Planned, ToDo                     int    // further parts that are planned; parts that are not
	Light                             light
	Bar                               barView
	Override                          string
	Why                               string
	due                               calendar.Date
}

// barView is a bar against its target, in hundredths of its width.
type barView struct {
	Done, Planned int
	Class, Says   string
}

// planState is the light of a state.
func (w words) planState(p plan.Progress) light {
	switch p.State {
	case plan.Met:
		return light{"green", w.T("plans.met")}
	case plan.Missed:
		return light{"red", w.T("plans.missed", "n", p.Whole-p.Parts)}
	case plan.Short:
		return light{"amber", w.T("plans.short", "n", p.Whole-p.Parts, "days", p.Left)}
	case plan.Unknown:
		return light{"still", w.T("plans.nobody")}
	}
	if p.Period.Start > w.today {
		return light{"still", w.T("plans.later")}
	}
	return light{"calm", w.T("plans.running", "days", p.Left)}
}

// planTarget is what a quota asks of one period.
func (w words) planTarget(p plan.Progress) string {
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

// planRow puts an entry into words.
func (a *ask) planRow(p plan.Progress) planRow {
	q := p.Quota
	x := planRow{Address: "/plans/" + p.ID(), Title: a.L(q.Title), Regime: a.L(q.Regime().Title), Law: a.laws(q.Law), Whom: a.L(q.Whom), Target: a.planTarget(p),
		Period: a.planPeriod(p.Period), By: a.Date(p.Period.End), Planned: p.Planning, ToDo: max(0, p.Whole-p.Parts-p.Planning), Light: a.planState(p), Why: q.Why, due: p.Period.End}
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
func (w words) laws(keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = w.cited(k)
	}
	return strings.Join(out, w.T("list.comma"))
}

// planPeriod is a period as people say it.
func (w words) planPeriod(p plan.Period) string {
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

func plansPage(a *ask) error { return a.drawPlans("plans", false) }

// planReportPage is the year's plan with what was done, to be printed.
func planReportPage(a *ask) error { return a.drawPlans("planreport", true) }

// planYear is the year that the address asks for, the present one by default.
func (a *ask) planYear() int {
	year, _, _ := a.today.YMD()
	if n, err := strconv.Atoi(a.Query("year")); err == nil && n >= 2000 && n <= 2100 {
		return n
	}
	return year
}

func (a *ask) drawPlans(name string, report bool) error {
	year := a.planYear()
	all, err := a.s.opt.Plans.Calendar(year)
	if err != nil {
		return err
	}
	v := plansView{base: a.base(a.T("plans.title", "year", year), "plans"), Year: year, Before: year - 1, After: year + 1, Report: report, MadeOn: a.Date(a.today)}
	v.Wide = true
	var count [5]int
	whose := a.Query("of")
	for _, ps := range all {
		if len(ps) == 0 || whose == "mine" && !a.planning(ps[0].Quota.Regime()) {
			continue
		}
		now := present(ps, a.today)
		row := a.planRow(ps[now])
		if report {
			row = a.planRow(summed(ps))
			row.Period, row.By = a.T("plans.period.year", "year", year), ""
			row.Target = a.planTarget(ps[now])
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
			v.Regimes = append(v.Regimes, planRegime{Title: a.L(r.Title), Law: a.cited(r.Law)})
		}
		last := &v.Regimes[len(v.Regimes)-1]
		last.Rows = append(last.Rows, row)
		a.yearRow(&v.Calendar, ps)
	}
	a.yearFrame(&v.Calendar, year)
	slices.SortStableFunc(v.Pressing, func(x, y planRow) int { return int(x.due - y.due) })
	if n := min(len(v.Pressing), mostPressing); n < len(v.Pressing) {
		v.Pressing, v.Rest = v.Pressing[:n], v.Pressing[n:]
	}
	for i, key := range []string{"missed", "short", "running", "met", "unknown"} {
		class := []string{"red", "amber", "", "", ""}[i]
		if count[i] == 0 {
			class = ""
		}
		v.Sums = append(v.Sums, tab{Title: a.T("plans.sum." + key), Count: count[i], Class: class})
	}
	v.Whole = whose != "mine"
	v.PlansOwn = slices.ContainsFunc(a.s.opt.Plans.Quotas.All(), func(q *plan.Quota) bool { return a.planning(q.Regime()) })
	return a.draw(http.StatusOK, name, v)
}

// mostPressing is how many of the quotas that are short stand on top at once.
const mostPressing = 6

// planning tells whether the reader plans or checks for the regime.
func (a *ask) planning(r *plan.Regime) bool {
	return a.s.opt.Plans.May(a.id(), r) || a.s.opt.Plans.Opens(a.id(), r) || a.office.Holds(a.id(), r.Staff, a.today)
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
func (w words) cited(key string) string {
	c, err := procedure.ParseCitation(key)
	if err != nil {
		return key
	}
	return w.Cites(procedure.Law{Cites: []procedure.Citation{c}})
}
