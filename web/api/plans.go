package api

import (
	"net/http"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/web/page"
	"dossier/web/supervise"
)

// apiPlan is a quota in one period as the API answers it.
type apiPlan struct {
	ID         string        `json:"id"`
	Regime     string        `json:"regime"`
	Title      string        `json:"title"`
	Law        []string      `json:"law"`
	From       calendar.Date `json:"from"`
	By         calendar.Date `json:"by"`
	Times      int           `json:"times"`
	Objects    int           `json:"objects,omitempty"`
	Share      int           `json:"share,omitempty"`
	Each       int           `json:"each,omitempty"`
	Population int           `json:"population"`
	Done       int           `json:"done"`    // in its smallest parts
	Planned    int           `json:"planned"` // further parts
	ToDo       int           `json:"toDo"`
	Of         int           `json:"of"`
	State      plan.State    `json:"state"`
	Override   string        `json:"override,omitempty"` // the superior's document whose figures hold
	Checks     []apiMade     `json:"checks,omitempty"`
	Draws      []apiDraw     `json:"draws,omitempty"`
}

type apiMade struct {
	N      int           `json:"n"`
	Day    calendar.Date `json:"day"`
	Draw   int           `json:"draw,omitempty"`
	Checks []apiCheck    `json:"checks"`
}

type apiCheck struct {
	Object string            `json:"object"`
	Name   string            `json:"name"`
	Team   []office.PersonID `json:"team"`
	Case   casefile.CaseID   `json:"case,omitempty"`
	Fault  string            `json:"fault,omitempty"`
}

type apiDraw struct {
	N      int        `json:"n"`
	Hash   string     `json:"hash"`
	Number string     `json:"number,omitempty"`
	Seed   string     `json:"seed,omitempty"`
	Again  int        `json:"redrawOf,omitempty"`
	Same   bool       `json:"same"` // drawn again it is the same
	Picks  []apiCheck `json:"picks,omitempty"`
}

func tellPlan(a *page.Ask, p plan.Progress) apiPlan {
	q := p.Quota
	x := apiPlan{ID: p.ID(), Regime: q.Regime().Name, Title: a.L(q.Title), Law: q.Law, From: p.Period.Start, By: p.Period.End, Times: p.Times, Objects: p.Objects, Share: p.Share, Each: p.Each,
		Population: p.Population, Done: p.Parts, Planned: p.Planning, ToDo: max(0, p.Whole-p.Parts-p.Planning), Of: p.Whole, State: p.State}
	if p.Won {
		x.Override = p.Override.Document
	}
	return x
}

// apiPlans are the quotas of a year, a period each.
func apiPlans(a *page.Ask) error {
	all, err := a.Site.Options.Plans.Calendar(supervise.PlanYear(a))
	if err != nil {
		return err
	}
	list := []apiPlan{}
	for _, ps := range all {
		for _, p := range ps {
			list = append(list, tellPlan(a, p))
		}
	}
	return a.Json(http.StatusOK, map[string]any{"plans": list})
}

// apiPlanEntry is one of them with the checks that it made and its draws.
func apiPlanEntry(a *page.Ask) error {
	e, err := supervise.PlanEntry(a)
	if err != nil {
		return err
	}
	return answerPlan(a, http.StatusOK, e)
}

func answerPlan(a *page.Ask, status int, e plan.Entry) error {
	b := a.Site.Options.Plans
	p, err := b.Progress(e)
	if err != nil {
		return err
	}
	x := tellPlan(a, p)
	ms, err := b.MadeOf(e)
	if err != nil {
		return err
	}
	for _, m := range ms {
		y := apiMade{N: m.N, Day: m.Day, Draw: m.Draw}
		for _, c := range m.Checks {
			y.Checks = append(y.Checks, apiCheck{c.Object, c.Name, c.Team, c.Case, c.Fault})
		}
		x.Checks = append(x.Checks, y)
	}
	ds, err := b.Draws(e)
	if err != nil {
		return err
	}
	for _, d := range ds {
		y := apiDraw{N: d.N, Hash: d.Hash, Number: d.Number, Seed: d.Seed, Again: d.Again, Same: d.Seed != "" && d.Same()}
		for _, pick := range d.Picks {
			y.Picks = append(y.Picks, apiCheck{Object: pick.Object, Team: supervise.OfficersOf(pick.Team)})
		}
		x.Draws = append(x.Draws, y)
	}
	return a.Json(status, x)
}

// apiMakeChecks makes checks of a plan: of the objects chosen, or of a draw.
func apiMakeChecks(a *page.Ask) error {
	e, err := supervise.PlanEntry(a)
	if err != nil {
		return err
	}
	var x struct {
		Draw    int               `json:"draw"`
		Objects []string          `json:"objects"`
		Team    []office.PersonID `json:"team"`
		Day     day               `json:"day"`
		Reason  string            `json:"reason"`
		Values  procedure.Values  `json:"values"`
	}
	if err := body(a, &x); err != nil {
		return err
	}
	on, err := x.Day.of("day")
	if err != nil {
		return err
	}
	if _, err := a.Site.Options.Plans.Make(a.Request.Context(), a.ID(), e, plan.Making{Draw: x.Draw, Objects: x.Objects, Team: x.Team, Day: on, Reason: x.Reason, Values: x.Values, Key: key(a)}); err != nil {
		return err
	}
	return answerPlan(a, http.StatusCreated, e)
}
