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
