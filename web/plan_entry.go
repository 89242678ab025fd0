package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// planEntryView is one quota in one period: how it stands, what it is made of, and what is done about it.
type planEntryView struct {
	base
	Row       planRow
	ID        string
	Periods   []planPeriodView
	Rounds    []roundView
	Units     []unitView
	UnitsN    int // of the population
	UnitsOpen int // that no check covers and none is planned for
	UnitsAll  bool
	Make      *makeView
	Mades     []madeView
	Draws     []drawnLine
	MayPlan   bool
	Overrides []string
	Override  *overrideView
	Faults    faults
	Unmet     []unmet
}

type planPeriodView struct {
	Title, Address string
	Light          light
	Now            bool
}

type roundView struct {
	Title, Have string
	Strata      []string
	Light       light
}

// unitView is one object of the population.
type unitView struct {
	ID, Name, Address, Sub string
	Until                  light
	Last                   string // its last check
	Year                   int    // visits of this year that the ceiling counts
	State                  light
	On                     bool
	Case                   string
	covered                bool
}

// makeView is the form by which a plan makes its checks.
type makeView struct {
	Here, Draw string
	Key        string
	Day        fieldView
	Officers   []option
	InCharge   []option
	Parts      []partView
	Reason     string
	All        bool // all that are not covered
	Objects    []option
}

// madeView are the checks of one press.
type madeView struct {
	N                int
	Title, By        string
	Reason, Approved string
	MayApprove       bool
	Left             int
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

// planEntry is the entry that the address names.
func (a *ask) planEntry() (plan.Entry, error) { return a.s.opt.Plans.Find(a.Param("id")) }

func planEntryPage(a *ask) error {
	e, err := a.planEntry()
	if err != nil {
		return err
	}
	return a.drawPlan(http.StatusOK, e, planForm{})
}

// planForm is what one of the page's forms was sent with, and what is wrong with it.
type planForm struct {
	making   *plan.Making
	all      bool
	override *plan.Override
	typed    map[string]string
	err      *refusal.Error
}

func (a *ask) drawPlan(status int, e plan.Entry, f planForm) error {
	b := a.s.opt.Plans
	p, err := b.Progress(e)
	if err != nil {
		return err
	}
	r := e.Quota.Regime()
	v := planEntryView{base: a.base(a.L(e.Quota.Title)+" · "+a.planPeriod(e.Period), "plans"), ID: e.ID(), Row: a.planRow(p), MayPlan: b.May(a.id(), r)}
	for _, x := range e.Quota.Of(e.Period.Year) {
		at := plan.Entry{Quota: e.Quota, Period: x}
		y, err := b.Progress(at)
		if err != nil {
			return err
		}
		v.Periods = append(v.Periods, planPeriodView{Title: a.planPeriod(x), Address: "/plans/" + at.ID(), Light: a.planState(y), Now: x.Name == e.Period.Name})
	}
	a.planRounds(&v, p)
	if err := a.planUnits(&v, e, p, f); err != nil {
		return err
	}
	if err := a.planMades(&v, e); err != nil {
		return err
	}
	if v.Draws, err = a.drawnLines(e); err != nil {
		return err
	}
	if b.Opens(a.id(), r) && len(v.Units) > 0 {
		if v.Make, err = a.planMake(e, f); err != nil {
			return err
		}
	}
	os, err := b.Overrides(e.Quota)
	if err != nil {
		return err
	}
	for _, o := range slices.Backward(os) {
		v.Overrides = append(v.Overrides, a.overrideLine(e.Quota, o))
	}
	if v.MayPlan {
		v.Override = a.overrideForm(e, p, f)
	}
	if f.err != nil {
		v.Faults = a.faults(f.err, a.planTitles(v.Make))
		for _, c := range f.err.Conditions {
			v.Unmet = append(v.Unmet, a.condition(c))
		}
		if len(f.err.Conditions)+len(f.err.Fields) == 0 {
			v.Unmet = append(v.Unmet, unmet{Text: a.told(f.err.Code, f.err.Args)})
		}
	}
	return a.draw(status, "planentry", v)
}

// planTitles are the labels of the page's fields, for what is wrong with them.
func (a *ask) planTitles(m *makeView) map[string]string {
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

func (a *ask) planRounds(v *planEntryView, p plan.Progress) {
	for i, r := range p.Rounds {
		x := roundView{Title: a.T("plans.round", "n", i+1, "from", a.Day(r.Start), "to", a.Day(r.End)), Have: a.T("plans.round.have", "have", r.Have, "need", r.Need, "more", r.Planned)}
		for _, s := range r.Strata {
			x.Strata = append(x.Strata, a.T("plans.round.stratum", "title", a.L(s.Title), "have", s.Have, "need", s.Need, "of", s.Of))
		}
		if r.Done {
			x.Light = light{"green", a.T("plans.met")}
		}
		v.Rounds = append(v.Rounds, x)
	}
}

// mostUnits is how many objects a page shows unless all are asked for.
const mostUnits = 100

// planUnits are the population, those first that nobody has checked and no plan will.
func (a *ask) planUnits(v *planEntryView, e plan.Entry, p plan.Progress, f planForm) error {
	looks, err := a.s.opt.Plans.Looks(e)
	if err != nil {
		return err
	}
	v.UnitsN, v.UnitsAll = len(looks), yes(a.Query("all"))
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
			x.Until = a.until(l.Unit.Until)
		}
		if l.Last != 0 {
			x.Last = a.Date(l.Last)
		}
		switch {
		case l.Done > 0:
			x.State, x.covered = light{"green", a.T("plans.unit.done", "n", l.Done)}, true
		case l.Planned > 0:
			x.State, x.covered = light{"calm", a.T("plans.unit.planned")}, true
			if l.Due != 0 {
				x.State.Text = a.T("plans.unit.planned-on", "day", a.Day(l.Due))
			}
		}
		if l.Case != 0 {
			x.Case = caseLink(l.Case)
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

func caseLink(id casefile.CaseID) string { return "/cases/" + strconv.FormatInt(int64(id), 10) }

// planMake is the form that makes checks.
func (a *ask) planMake(e plan.Entry, f planForm) (*makeView, error) {
	b := a.s.opt.Plans
	blank, err := b.Asked(a.id(), e)
	if err != nil {
		if refusal.As(err) != nil {
			return nil, nil // its procedure can't be opened now
		}
		return nil, err
	}
	m := f.making
	if m == nil {
		m = &plan.Making{Day: a.today, Values: procedure.Values{}}
		for i := range blank.Parts {
			for j := range blank.Parts[i].Part.Fields {
				if x := &blank.Parts[i].Part.Fields[j]; x.Type == procedure.LongText && blank.Parts[i].Asked[x.ID] {
					m.Values[x.ID] = procedure.TextValue(a.zh("plans.matter", "plan", e.Quota.Title.ZH, "period", a.zhPeriod(e.Period)))
				}
			}
		}
	}
	key, _, err := secret.New(a.s.engine.Random)
	if err != nil {
		return nil, err
	}
	v := &makeView{Key: key, Here: "/plans/" + e.ID() + "/checks", Reason: m.Reason, All: f.all,
		Day: fieldView{Kind: "line", ID: "f-day", Name: "day", Label: a.T("plans.field.day"), Type: "date", Class: "short", Value: m.Day.String()}}
	if m.Day == 0 {
		v.Day.Value = ""
	}
	for i := range blank.Parts {
		blank.Parts[i].Values = m.Values
	}
	bad := faults(nil)
	if f.err != nil && f.making != nil {
		bad = a.faults(f.err, a.planTitles(nil))
		v.Day.Fault = bad.At("day")
	}
	v.Parts = a.fieldsOf(blank, bad, nil)
	for i, id := range a.office.Holders(e.Quota.Regime().Staff, a.today) {
		on := slices.Contains(m.Team, id) || len(m.Team) == 0 && i < 2
		v.Officers = append(v.Officers, option{Value: string(id), Label: a.Name(id), On: on})
		v.InCharge = append(v.InCharge, option{Value: string(id), Label: a.Name(id), On: len(m.Team) > 0 && m.Team[0] == id || len(m.Team) == 0 && i == 0})
	}
	return v, nil
}

// zh is Chinese words, whatever the page's language: they go on paper.
func (a *ask) zh(key string, pairs ...any) string {
	w := a.words
	w.lang = "zh"
	return w.T(key, pairs...)
}

func (a *ask) zhPeriod(p plan.Period) string {
	w := a.words
	w.lang = "zh"
	return w.planPeriod(p)
}

// mostMade is how many checks of one press are shown.
const mostMade = 60

func (a *ask) planMades(v *planEntryView, e plan.Entry) error {
	b := a.s.opt.Plans
	ms, err := b.MadeOf(e)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(ms) {
		x := madeView{N: m.N, Title: a.T("plans.made", "n", m.N, "checks", len(m.Checks), "day", a.Date(m.Day)), By: a.T("plans.made.by", "who", a.Name(m.By), "at", a.Moment(m.At)),
			Reason: m.Reason, Left: m.Left(), MayGoOn: m.By == a.id() && m.Left() > 0, MayApprove: m.Approved == "" && m.By != a.id() && b.Approves(a.id(), e.Quota.Regime())}
		if m.Draw > 0 {
			x.Title += a.T("plans.made.draw", "n", m.Draw)
		}
		if m.Approved != "" {
			x.Approved = a.T("plans.approved", "who", a.Name(m.Approved), "at", a.Moment(m.ApprovedAt))
		}
		for _, c := range m.Checks {
			if len(x.Checks) == mostMade {
				x.More = len(m.Checks) - mostMade
				break
			}
			y := madeCheck{Name: c.Name, Team: a.Names(c.Team), Fault: c.Fault}
			if c.Case != 0 {
				y.Address = caseLink(c.Case)
				y.Number = or(a.s.engine.NumberOf(strconv.FormatInt(int64(c.Case), 10)), a.T("plans.open"))
			}
			x.Checks = append(x.Checks, y)
		}
		v.Mades = append(v.Mades, x)
	}
	return nil
}

// makeChecks makes the checks that were chosen, or drawn.
func makeChecks(a *ask) error {
	e, err := a.planEntry()
	if err != nil {
		return err
	}
	if err := a.parse(); err != nil {
		return err
	}
	form := a.Request.PostForm
	t := decode(form)
	f := planForm{making: &plan.Making{Objects: form["object"], Reason: a.PostForm("reason"), Values: t.Values, Key: t.Key}, all: yes(a.PostForm("all"))}
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
	if blank, err := a.s.opt.Plans.Asked(a.id(), e); err == nil {
		m.Values = shape(t.Values, blank.Parts)
	}
	if f.all && m.Draw == 0 {
		looks, err := a.s.opt.Plans.Looks(e)
		if err != nil {
			return err
		}
		for _, l := range looks {
			if l.Done+l.Planned == 0 && !slices.Contains(m.Objects, l.Unit.ID) {
				m.Objects = append(m.Objects, l.Unit.ID)
			}
		}
	}
	made, err := a.s.opt.Plans.Make(a.Request.Context(), a.id(), e, *m)
	if f.err = refusal.As(err); f.err != nil && (f.err.Code == refusal.FieldInvalid || f.err.Code == refusal.ConditionUnmet) {
		if m.Draw > 0 {
			return a.drawDraw(http.StatusUnprocessableEntity, e, f)
		}
		return a.drawPlan(http.StatusUnprocessableEntity, e, f)
	}
	if err != nil {
		return err
	}
	a.say("plans.made.said", "n", len(made.Checks)-made.Left(), "of", len(made.Checks))
	return a.see("/plans/" + e.ID() + "#made-" + strconv.Itoa(made.N))
}

// goOn opens the checks that a press left.
func goOn(a *ask) error {
	e, err := a.planEntry()
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	made, err := a.s.opt.Plans.Resume(a.Request.Context(), a.id(), e, n)
	if err != nil {
		return err
	}
	a.say("plans.made.said", "n", len(made.Checks)-made.Left(), "of", len(made.Checks))
	return a.see("/plans/" + e.ID() + "#made-" + strconv.Itoa(n))
}

// approveChecks approves the checks of one press.
func approveChecks(a *ask) error {
	e, err := a.planEntry()
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	if err := a.s.opt.Plans.Approve(a.Request.Context(), a.id(), e, n); err != nil {
		return err
	}
	a.say("plans.approved.said")
	return a.see("/plans/" + e.ID() + "#made-" + strconv.Itoa(n))
}

// overrideLine is a superior's figures in words.
func (a *ask) overrideLine(q *plan.Quota, o plan.Override) string {
	p := plan.Progress{Entry: plan.Entry{Quota: q}, Figures: o.Figures}
	target := a.planTarget(p)
	if o.Share > 0 {
		target = a.T("plans.target.share-only", "times", o.Times, "share", o.Share)
	}
	return a.T("plans.override.line", "from", a.Date(o.From), "to", a.Date(o.To), "target", target, "document", o.Document, "day", a.Date(o.Day), "who", a.Name(o.By), "at", a.Moment(o.At))
}

// overrideForm asks only those figures that the quota has.
func (a *ask) overrideForm(e plan.Entry, p plan.Progress, f planForm) *overrideView {
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

// keepOverride enters a superior's figures.
func keepOverride(a *ask) error {
	e, err := a.planEntry()
	if err != nil {
		return err
	}
	if err := a.parse(); err != nil {
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
		n, err := strconv.Atoi(or(s, "0"))
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
		err = a.s.opt.Plans.Override(a.Request.Context(), a.id(), q, o)
	}
	if f.err = refusal.As(err); f.err != nil && f.err.Code != refusal.NotYourGate {
		f.override = &o
		return a.drawPlan(http.StatusUnprocessableEntity, e, f)
	}
	if err != nil {
		return err
	}
	a.say("plans.override.kept")
	return a.see("/plans/" + e.ID())
}
