package supervise

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// planEntryView is one quota in one period: how it stands, what it is made of, and what is done about it.
type planEntryView struct {
	page.Base
	Row       PlanRow
	ID        string
	Periods   []planPeriodView
	Rounds    []roundView
	Units     []unitView
	UnitsN    int // of the population
	UnitsOpen int // that no check covers and none is planned for
	UnitsAll  bool
	Make      *makeView
	Mades     []madeView
	Opening   bool // some of their checks are still to be opened
	Draws     []drawnLine
	MayPlan   bool
	Overrides []string
	Override  *overrideView
	Faults    page.Faults
	Unmet     []page.Unmet
}

type planPeriodView struct {
	Title, Address string
	Light          page.Light
	Now            bool
}

type roundView struct {
	Title, Have string
	Strata      []string
	Light       page.Light
}

// unitView is one object of the population.
type unitView struct {
	ID, Name, Address, Sub string
	Until                  page.Light
	Last                   string // its last check
	Year                   int    // visits of this year that the ceiling counts
	State                  page.Light
	On                     bool
	Case                   string
	covered                bool
}

// overrideView is the form of a superior's figures.
type overrideView struct {
	Times, Objects, Share, Each, Staff, Ceiling string
	From, To, Document, Day                     string
	Asks                                        map[string]bool
	Strata                                      []strataView
}

type strataView struct{ Mark, Title, Share string }

// PlanEntry is the entry that the address names.
func PlanEntry(a *page.Ask) (plan.Entry, error) { return a.Site.Options.Plans.Find(a.Param("id")) }

func PlanEntryPage(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	return drawPlan(a, http.StatusOK, e, planForm{})
}

// planForm is what one of the page's forms was sent with, and what is wrong with it.
type planForm struct {
	making   *plan.Making
	all      bool
	override *plan.Override
	typed    map[string]string
	err      *refusal.Error
}

func drawPlan(a *page.Ask, status int, e plan.Entry, f planForm) error {
	b := a.Site.Options.Plans
	p, err := b.Progress(e)
	if err != nil {
		return err
	}
	r := e.Quota.Regime()
	v := planEntryView{Base: a.Base(a.L(e.Quota.Title)+" · "+planPeriod(a.Words, e.Period), "plans"), ID: e.ID(), Row: ShowPlan(a, p), MayPlan: b.May(a.ID(), r)}
	for _, x := range e.Quota.Of(e.Period.Year) {
		at := plan.Entry{Quota: e.Quota, Period: x}
		y, err := b.Progress(at)
		if err != nil {
			return err
		}
		v.Periods = append(v.Periods, planPeriodView{Title: planPeriod(a.Words, x), Address: "/plans/" + at.ID(), Light: planState(a.Words, y), Now: x.Name == e.Period.Name})
	}
	planRounds(a, &v, p)
	if err := planUnits(a, &v, e, p, f); err != nil {
		return err
	}
	if err := planMades(a, &v, e); err != nil {
		return err
	}
	if v.Draws, err = drawnLines(a, e); err != nil {
		return err
	}
	if b.Opens(a.ID(), r) && len(v.Units) > 0 {
		if v.Make, err = planMake(a, e, f); err != nil {
			return err
		}
	}
	os, err := b.Overrides(e.Quota)
	if err != nil {
		return err
	}
	for _, o := range slices.Backward(os) {
		v.Overrides = append(v.Overrides, overrideLine(a, e.Quota, o))
	}
	if v.MayPlan {
		v.Override = overrideForm(a, e, p, f)
	}
	if f.err != nil {
		v.Faults = a.Faults(f.err, planTitles(a, v.Make))
		for _, c := range f.err.Conditions {
			v.Unmet = append(v.Unmet, a.Condition(c))
		}
		if len(f.err.Conditions)+len(f.err.Fields) == 0 {
			v.Unmet = append(v.Unmet, page.Unmet{Text: a.Told(f.err.Code, f.err.Args)})
		}
	}
	return a.Draw(status, "planentry", v)
}

// planTitles are the labels of the page's fields, for what is wrong with them.
func planTitles(a *page.Ask, m *makeView) map[string]string {
	out := map[string]string{}
	for _, key := range []string{"day", "objects", "team", "reason", "times", "share", "each", "staff", "ceiling", "from", "to", "document"} {
		out[key] = a.T("plans.field." + key)
	}
	if m != nil {
		for _, p := range m.Parts {
			for _, f := range p.Fields {
				out[f.Field] = f.Label
			}
		}
	}
	return out
}

func planRounds(a *page.Ask, v *planEntryView, p plan.Progress) {
	for i, r := range p.Rounds {
		x := roundView{Title: a.T("plans.round", "n", i+1, "from", a.Day(r.Start), "to", a.Day(r.End)), Have: a.T("plans.round.have", "have", r.Have, "need", r.Need, "more", r.Planned)}
		for _, s := range r.Strata {
			x.Strata = append(x.Strata, a.T("plans.round.stratum", "title", a.L(s.Title), "have", s.Have, "need", s.Need, "of", s.Of))
		}
		if r.Done {
			x.Light = page.Light{Class: "green", Text: a.T("plans.met")}
		}
		v.Rounds = append(v.Rounds, x)
	}
}

// mostUnits is how many objects a page shows unless all are asked for.
const mostUnits = 100

// planUnits are the population, those first that nobody has checked and no plan will.
func planUnits(a *page.Ask, v *planEntryView, e plan.Entry, p plan.Progress, f planForm) error {
	looks, err := a.Site.Options.Plans.Looks(e)
	if err != nil {
		return err
	}
	v.UnitsN, v.UnitsAll = len(looks), page.Yes(a.Query("all"))
	chosen := map[string]bool{}
	if f.making != nil {
		for _, id := range f.making.Objects {
			chosen[id] = true
		}
	}
	for _, l := range looks {
		x := unitView{ID: l.Unit.ID, Name: l.Unit.Name, Year: l.Year, On: chosen[l.Unit.ID], Sub: strings.Join(slices.Compact([]string{l.Unit.ID, l.Unit.Values["township"].Text, l.Unit.Values["phone"].Text}), " ")}
		if kind, n, ok := cutLast(l.Unit.Object, "-"); ok {
			x.Address = "/registry/" + kind + "/" + n
		}
		if l.Unit.Until != 0 {
			x.Until = until(a, l.Unit.Until)
		}
		if l.Last != 0 {
			x.Last = a.Date(l.Last)
		}
		switch {
		case l.Done > 0:
			x.State, x.covered = page.Light{Class: "green", Text: a.T("plans.unit.done", "n", l.Done)}, true
		case l.Planned > 0:
			x.State, x.covered = page.Light{Class: "calm", Text: a.T("plans.unit.planned")}, true
			if l.Due != 0 {
				x.State.Text = a.T("plans.unit.planned-on", "day", a.Day(l.Due))
			}
		}
		if l.Case != 0 {
			x.Case = page.CaseLink(l.Case)
		}
		if !x.covered {
			v.UnitsOpen++
		}
		v.Units = append(v.Units, x)
	}
	slices.SortStableFunc(v.Units, func(x, y unitView) int {
		if x.covered != y.covered {
			if x.covered {
				return 1
			}
			return -1
		}
		return 0
	})
	if !v.UnitsAll && len(v.Units) > mostUnits {
		v.Units = v.Units[:mostUnits]
	}
	return nil
}

// overrideLine is a superior's figures in words.
func overrideLine(a *page.Ask, q *plan.Quota, o plan.Override) string {
	p := plan.Progress{Entry: plan.Entry{Quota: q}, Figures: o.Figures}
	target := planTarget(a.Words, p)
	if o.Share > 0 {
		target = a.T("plans.target.share-only", "times", o.Times, "share", o.Share)
	}
	return a.T("plans.override.line", "from", a.Date(o.From), "to", a.Date(o.To), "target", target, "document", o.Document, "day", a.Date(o.Day), "who", a.Name(o.By), "at", a.Moment(o.At))
}

// overrideForm asks only those figures that the quota has.
func overrideForm(a *page.Ask, e plan.Entry, p plan.Progress, f planForm) *overrideView {
	q := e.Quota
	v := &overrideView{Asks: map[string]bool{"times": true, "objects": q.Objects > 0, "share": q.Share > 0, "each": q.Each > 0, "staff": q.Staff > 0 || q.Share > 0 || q.Objects > 0, "ceiling": len(q.Regime().Of) > 0},
		Times: digitsOf(p.Times), Objects: digitsOf(p.Objects), Share: digitsOf(p.Share), Each: digitsOf(p.Each), Staff: digitsOf(p.Staff), Ceiling: digitsOf(p.Ceiling),
		From: e.Period.Start.String(), To: calendar.Of(e.Period.Year, 12, 31).String()}
	for _, s := range p.Strata {
		v.Strata = append(v.Strata, strataView{s.Mark, a.L(s.Title), digitsOf(s.Share)})
	}
	if f.override != nil {
		t := f.typed
		v.Times, v.Objects, v.Share, v.Each, v.Staff, v.Ceiling = t["times"], t["objects"], t["share"], t["each"], t["staff"], t["ceiling"]
		v.From, v.To, v.Document, v.Day = t["from"], t["to"], t["document"], t["day"]
		for i, s := range v.Strata {
			v.Strata[i].Share = t["strata."+s.Mark]
		}
	}
	return v
}

func digitsOf(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// KeepOverride enters a superior's figures.
func KeepOverride(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	f := planForm{typed: map[string]string{}}
	for name, vs := range a.Request.PostForm {
		f.typed[name] = strings.TrimSpace(vs[0])
	}
	q := e.Quota
	o := plan.Override{Figures: q.Figures, Document: f.typed["document"]}
	var bad []refusal.FieldFault
	number := func(name, why string, into *int) {
		s, asked := f.typed[name]
		if !asked {
			return
		}
		n, err := strconv.Atoi(page.Or(s, "0"))
		if err != nil {
			bad = append(bad, refusal.FieldFault{Path: name, Code: refusal.FieldInvalid, Why: why})
			return
		}
		*into = n
	}
	number("times", "field.plan-times", &o.Times)
	number("objects", "field.plan-times", &o.Objects)
	number("share", "field.plan-share", &o.Share)
	number("each", "field.plan-times", &o.Each)
	number("staff", "field.plan-staff", &o.Staff)
	number("ceiling", "field.plan-times", &o.Ceiling)
	o.Strata = slices.Clone(q.Strata)
	for i := range o.Strata {
		number("strata."+o.Strata[i].Mark, "field.plan-share", &o.Strata[i].Share)
	}
	for name, into := range map[string]*calendar.Date{"from": &o.From, "to": &o.To, "day": &o.Day} {
		d, err := calendar.Parse(f.typed[name])
		if f.typed[name] != "" && err != nil {
			bad = append(bad, refusal.FieldFault{Path: name, Code: refusal.FieldInvalid, Why: "field.date"})
		}
		*into = d
	}
	slices.SortFunc(bad, func(x, y refusal.FieldFault) int { return strings.Compare(x.Path, y.Path) })
	if len(bad) > 0 {
		err = &refusal.Error{Code: refusal.FieldInvalid, Fields: bad}
	} else {
		err = a.Site.Options.Plans.Override(a.Request.Context(), a.ID(), q, o)
	}
	if f.err = refusal.As(err); f.err != nil && f.err.Code != refusal.NotYourGate {
		f.override = &o
		return drawPlan(a, http.StatusUnprocessableEntity, e, f)
	}
	if err != nil {
		return err
	}
	a.Say("plans.override.kept")
	return a.See("/plans/" + e.ID())
}
