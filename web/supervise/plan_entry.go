package supervise

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
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

// makeView is the form by which a plan makes its checks.
type makeView struct {
	Here, Draw string
	Key        string
	Day        page.FieldView
	Officers   []page.Option
	InCharge   []page.Option
	Parts      []page.PartView
	Reason     string
	All        bool // all that are not covered
	Objects    []page.Option
}

// madeView are the checks of one press.
type madeView struct {
	N                int
	Title, By        string
	Reason, Approved string
	MayApprove       bool
	Waiting, Refused int // of its checks
	MayGoOn          bool
	Checks           []madeCheck
	More             int
}

type madeCheck struct{ Name, Team, Address, Number, Fault string }

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

// planMake is the form that makes checks.
func planMake(a *page.Ask, e plan.Entry, f planForm) (*makeView, error) {
	b := a.Site.Options.Plans
	blank, err := b.Asked(a.ID(), e)
	if err != nil {
		if refusal.As(err) != nil {
			return nil, nil // its procedure can't be opened now
		}
		return nil, err
	}
	m := f.making
	if m == nil {
		m = &plan.Making{Day: a.Today, Values: procedure.Values{}}
		for i := range blank.Parts {
			for j := range blank.Parts[i].Part.Fields {
				if x := &blank.Parts[i].Part.Fields[j]; x.Type == procedure.LongText && blank.Parts[i].Asked[x.ID] {
					m.Values[x.ID] = procedure.TextValue(zh(a, "plans.matter", "plan", e.Quota.Title.ZH, "period", zhPeriod(a, e.Period)))
				}
			}
		}
	}
	key, _, err := secret.New(a.Site.Engine.Random)
	if err != nil {
		return nil, err
	}
	v := &makeView{Key: key, Here: "/plans/" + e.ID() + "/checks", Reason: m.Reason, All: f.all,
		Day: page.FieldView{Kind: "line", ID: "f-day", Name: "day", Label: a.T("plans.field.day"), Type: "date", Class: "short", Value: m.Day.String()}}
	if m.Day == 0 {
		v.Day.Value = ""
	}
	for i := range blank.Parts {
		blank.Parts[i].Values = m.Values
	}
	bad := page.Faults(nil)
	if f.err != nil && f.making != nil {
		bad = a.Faults(f.err, planTitles(a, nil))
		v.Day.Fault = bad.At("day")
	}
	v.Parts = a.FieldsOf(blank, bad, nil)
	for i, id := range a.Office.Holders(e.Quota.Regime().Staff, a.Today) {
		on := slices.Contains(m.Team, id) || len(m.Team) == 0 && i < 2
		v.Officers = append(v.Officers, page.Option{Value: string(id), Label: a.Name(id), On: on})
		v.InCharge = append(v.InCharge, page.Option{Value: string(id), Label: a.Name(id), On: len(m.Team) > 0 && m.Team[0] == id || len(m.Team) == 0 && i == 0})
	}
	return v, nil
}

// zh is Chinese words, whatever the page's language: they go on paper.
func zh(a *page.Ask, key string, pairs ...any) string {
	w := a.Words
	w.Language = "zh"
	return w.T(key, pairs...)
}

func zhPeriod(a *page.Ask, p plan.Period) string {
	w := a.Words
	w.Language = "zh"
	return planPeriod(w, p)
}

// mostMade is how many checks of one press are shown.
const mostMade = 60

func planMades(a *page.Ask, v *planEntryView, e plan.Entry) error {
	b := a.Site.Options.Plans
	ms, err := b.MadeOf(e)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(ms) {
		x := madeView{N: m.N, Title: a.T("plans.made", "n", m.N, "checks", len(m.Checks), "day", a.Date(m.Day)), By: a.T("plans.made.by", "who", a.Name(m.By), "at", a.Moment(m.At)),
			Reason: m.Reason, Waiting: m.Waiting(), Refused: m.Refused(), MayGoOn: m.By == a.ID() && m.Waiting() == 0 && m.Refused() > 0, MayApprove: m.Approved == "" && m.By != a.ID() && b.Approves(a.ID(), e.Quota.Regime())}
		if m.Draw > 0 {
			x.Title += a.T("plans.made.draw", "n", m.Draw)
		}
		if m.Approved != "" {
			x.Approved = a.T("plans.approved", "who", a.Name(m.Approved), "at", a.Moment(m.ApprovedAt))
		}
		v.Opening = v.Opening || x.Waiting > 0
		slices.SortStableFunc(m.Checks, func(x, y plan.Check) int { return strings.Compare(y.Fault, x.Fault) }) // what was refused first
		for _, c := range m.Checks {
			if len(x.Checks) == mostMade {
				x.More = len(m.Checks) - mostMade
				break
			}
			y := madeCheck{Name: c.Name, Team: a.Names(c.Team), Fault: c.Fault}
			if c.Case != 0 {
				y.Address = page.CaseLink(c.Case)
				y.Number = page.Or(a.Site.Engine.NumberOf(strconv.FormatInt(int64(c.Case), 10)), a.T("plans.open"))
			}
			x.Checks = append(x.Checks, y)
		}
		v.Mades = append(v.Mades, x)
	}
	return nil
}

// MakeChecks makes the checks that were chosen, or drawn.
func MakeChecks(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	form := a.Request.PostForm
	t := page.Decode(form)
	f := planForm{making: &plan.Making{Objects: form["object"], Reason: a.PostForm("reason"), Values: t.Values, Key: t.Key}, all: page.Yes(a.PostForm("all"))}
	m := f.making
	m.Draw, _ = strconv.Atoi(a.PostForm("draw"))
	m.Day, _ = calendar.Parse(a.PostForm("day")) // what is no day is missing
	charge := office.PersonID(a.PostForm("in-charge"))
	for _, id := range form["officer"] {
		if id := office.PersonID(id); id == charge {
			m.Team = slices.Insert(m.Team, 0, id)
		} else {
			m.Team = append(m.Team, id)
		}
	}
	if blank, err := a.Site.Options.Plans.Asked(a.ID(), e); err == nil {
		m.Values = page.Shape(t.Values, blank.Parts)
	}
	if f.all && m.Draw == 0 {
		looks, err := a.Site.Options.Plans.Looks(e)
		if err != nil {
			return err
		}
		for _, l := range looks {
			if l.Done+l.Planned == 0 && !slices.Contains(m.Objects, l.Unit.ID) {
				m.Objects = append(m.Objects, l.Unit.ID)
			}
		}
	}
	made, err := a.Site.Options.Plans.Make(a.Request.Context(), a.ID(), e, *m)
	if f.err = refusal.As(err); f.err != nil && (f.err.Code == refusal.FieldInvalid || f.err.Code == refusal.ConditionUnmet) {
		if m.Draw > 0 {
			return drawDraw(a, http.StatusUnprocessableEntity, e, f)
		}
		return drawPlan(a, http.StatusUnprocessableEntity, e, f)
	}
	if err != nil {
		return err
	}
	return sayMade(a, e, made)
}

// sayMade tells how many checks of a press are open now.
func sayMade(a *page.Ask, e plan.Entry, made *plan.Made) error {
	key := "plans.made.said"
	if made.Waiting() > 0 {
		key = "plans.made.opening"
	}
	a.Say(key, "n", made.Open(), "of", len(made.Checks))
	return a.See("/plans/" + e.ID() + "#made-" + strconv.Itoa(made.N))
}

// GoOn tries once more the checks that a press had refused.
func GoOn(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	made, err := a.Site.Options.Plans.Resume(a.Request.Context(), a.ID(), e, n)
	if err != nil {
		return err
	}
	return sayMade(a, e, made)
}

// ApproveChecks approves the checks of one press.
func ApproveChecks(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	if err := a.Site.Options.Plans.Approve(a.Request.Context(), a.ID(), e, n); err != nil {
		return err
	}
	a.Say("plans.approved.said")
	return a.See("/plans/" + e.ID() + "#made-" + strconv.Itoa(n))
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
