package desks

import (
	"slices"

	"dossier/engine/plan"
	"dossier/web/acting"
	"dossier/web/page"
	"dossier/web/supervise"
)

// taskView is a check that waits for the reader.
type taskView struct {
	Name, Address, Phone, Kind, Last, Check string
	Due                                     string
	Light                                   page.Light
}

// checksDue are the checks that wait for the reader, those of this month and what is late, and the quotas of theirs that run short.
func checksDue(a *page.Ask) (tasks []taskView, more int, short []supervise.PlanRow, err error) {
	b := a.Site.Options.Plans
	if !slices.ContainsFunc(b.Quotas.Regimes, func(r plan.Regime) bool { return b.On(&r) && supervise.Planning(a, &r) }) {
		return nil, 0, nil, nil
	}
	all, err := b.Tasks(a.ID())
	if err != nil {
		return nil, 0, nil, err
	}
	y, m, _ := a.Today.YMD()
	for _, t := range all {
		if ty, tm, _ := t.Due.YMD(); t.Due > a.Today && (ty != y || tm != m) {
			continue
		}
		if len(tasks) == acting.MostTasks {
			more++
			continue
		}
		x := taskView{Name: t.Object, Kind: a.L(t.Regime.Title), Address: page.CaseLink(t.Case), Check: page.CaseLink(t.Case) + "/phone"}
		if t.Unit != nil {
			x.Name, x.Phone = t.Unit.Name, t.Unit.Values["phone"].Text
		}
		if t.Last != 0 {
			x.Last = a.T("plans.task.last", "day", a.Date(t.Last))
		} else {
			x.Last = a.T("plans.task.never")
		}
		switch {
		case t.Due == 0:
			x.Due = a.T("plans.task.no-day")
		case t.Due < a.Today:
			x.Due, x.Light = a.Day(t.Due), page.Light{Class: "red", Text: a.T("plans.task.late", "n", int(a.Today-t.Due))}
		case t.Due == a.Today:
			x.Due, x.Light = a.Day(t.Due), page.Light{Class: "amber", Text: a.T("plans.task.today")}
		default:
			x.Due = a.Day(t.Due)
		}
		tasks = append(tasks, x)
	}
	ps, err := b.Read(a.Today)
	if err != nil {
		return nil, 0, nil, err
	}
	for _, p := range ps {
		if p.State == plan.Short && supervise.Planning(a, p.Quota.Regime()) {
			short = append(short, supervise.ShowPlan(a, p))
		}
	}
	return tasks, more, short[:min(len(short), supervise.MostPressing)], nil
}
