package supervise

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/draw"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// drawView is an entry's random selections: what would be drawn from, the sheet that waits for its seed, and what was drawn.
type drawView struct {
	page.Base
	Row     PlanRow
	ID      string
	MayPlan bool
	Waiting *drawnView  // frozen, and its seed not stated yet
	Drawn   []drawnView // the newest first
	Fresh   *freshView  // a sheet as it would be frozen now
	Today   string
	Number  string
	Stated  string
	Make    *makeView
	Faults  page.Faults
	Unmet   []page.Unmet
}

type objectLine struct {
	ID, Name, Risk, Marks string
	Visits, Tickets       int
	Full                  bool
}

// freshView is what would be frozen, and the form that asks for it.
type freshView struct {
	Fault    string
	Count    string
	Trip     string
	Exempt   string
	Officers []page.Option
	Objects  []objectLine
	N, More  int
	Facts    []string
	Recusals []recusalView
	Units    []page.Option
}

type recusalView struct {
	I       int
	Officer string
	Object  string
}

func DrawPlanPage(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	return drawDraw(a, http.StatusOK, e, planForm{})
}

// mostObjects is how many objects of a sheet a page shows: the sheet itself has all of them.
const mostObjects = 200

func drawDraw(a *page.Ask, status int, e plan.Entry, f planForm) error {
	b := a.Site.Options.Plans
	p, err := b.Progress(e)
	if err != nil {
		return err
	}
	v := drawView{Base: a.Base(a.T("draw.title", "plan", a.L(e.Quota.Title), "period", planPeriod(a.Words, e.Period)), "plans"), ID: e.ID(), Row: ShowPlan(a, p), MayPlan: b.May(a.ID(), e.Quota.Regime()),
		Today: a.Today.String()}
	v.Number, v.Stated = f.typed["number"], f.typed["stated"]
	ds, err := b.Draws(e)
	if err != nil {
		return err
	}
	ms, err := b.MadeOf(e)
	if err != nil {
		return err
	}
	for i, d := range slices.Backward(ds) {
		x, err := showDrawn(a, e, d)
		if err != nil {
			return err
		}
		x.Made = slices.ContainsFunc(ms, func(m plan.Made) bool { return m.Draw == d.N })
		if d.Seed == "" {
			v.Waiting = &x
			continue
		}
		x.Last = i == len(ds)-1
		x.MayPublish = v.MayPlan && x.Public == ""
		v.Drawn = append(v.Drawn, x)
	}
	if len(v.Drawn) > 0 && v.Drawn[0].Last && !v.Drawn[0].Made && b.Opens(a.ID(), e.Quota.Regime()) {
		if v.Make, err = planMake(a, e, f); err != nil {
			return err
		}
		if v.Make != nil {
			v.Make.Draw = strconv.Itoa(v.Drawn[0].N)
		}
	}
	if v.MayPlan {
		v.Fresh = fresh(a, e, f)
	}
	if f.err != nil {
		titles := planTitles(a, v.Make)
		for _, key := range []string{"number", "count", "trip", "population"} {
			titles[key] = a.T("draw.field." + key)
		}
		v.Faults = a.Faults(f.err, titles)
		for _, c := range f.err.Conditions {
			v.Unmet = append(v.Unmet, a.Condition(c))
		}
	}
	return a.Draw(status, "plandraw", v)
}

func markTitle(a *page.Ask, e plan.Entry, mark string) string {
	for _, s := range e.Quota.Strata {
		if s.Mark == mark {
			return a.L(s.Title)
		}
	}
	return mark
}

func objectLines(a *page.Ask, s *draw.Sheet) (lines []objectLine, more int) {
	for i, o := range s.Objects {
		if i == mostObjects {
			return lines, len(s.Objects) - i
		}
		_, tickets := s.Find(o.ID)
		lines = append(lines, objectLine{ID: o.ID, Name: o.Name, Risk: o.Risk, Visits: o.Visits, Tickets: tickets, Marks: strings.Join(o.Marks, a.T("list.comma")),
			Full: s.Ceiling > 0 && s.Exempt == "" && o.Visits >= s.Ceiling})
	}
	return lines, 0
}

// recusalRows is how many recusals the form has room for.
const recusalRows = 4

// fresh is what would be drawn from now, by what the form says.
func fresh(a *page.Ask, e plan.Entry, f planForm) *freshView {
	v := &freshView{Count: f.typed["count"], Trip: f.typed["trip"], Exempt: f.typed["exempt"]}
	w, _ := drawWanted(a, f.typed)
	for _, id := range a.Office.Holders(e.Quota.Regime().Staff, a.Today) {
		v.Officers = append(v.Officers, page.Option{Value: string(id), Label: a.Name(id), On: slices.Contains(w.Without, id)})
	}
	for i := range recusalRows {
		n := strconv.Itoa(i)
		v.Recusals = append(v.Recusals, recusalView{I: i, Officer: f.typed["recused."+n], Object: f.typed["from."+n]})
	}
	s, err := a.Site.Options.Plans.Sheet(e, w)
	if err == nil {
		_, err = s.Freeze()
	}
	if x := refusal.As(err); x != nil {
		for _, c := range x.Conditions {
			v.Fault += a.Condition(c).Text
		}
	} else if fault, ok := err.(*draw.Fault); ok {
		v.Fault = a.Condition(refusal.Condition{Code: refusal.Code(fault.Code), Args: refusal.Args{"of": fault.Of, "need": strconv.Itoa(fault.Need), "have": strconv.Itoa(fault.Have)}}).Text
	}
	if s == nil {
		return v
	}
	v.N, v.Facts = len(s.Objects), sheetFacts(a, e, s)
	v.Objects, v.More = objectLines(a, s)
	for _, o := range s.Objects[:min(len(s.Objects), mostObjects)] {
		v.Units = append(v.Units, page.Option{Value: o.ID, Label: o.Name})
	}
	return v
}

// drawWanted reads what a sheet is asked for.
func drawWanted(a *page.Ask, t map[string]string) (w plan.Wanted, bad *refusal.Error) {
	var fs []refusal.FieldFault
	number := func(name string, into *int) {
		if t[name] == "" {
			return
		}
		n, err := strconv.Atoi(t[name])
		if err != nil || n < 1 || n > draw.MaxObjects {
			fs = append(fs, refusal.FieldFault{Path: name, Code: refusal.FieldInvalid, Why: "field.plan-times"})
			return
		}
		*into = n
	}
	number("count", &w.Count)
	number("trip", &w.Trip)
	w.Exempt = page.Cut(t["exempt"], 200)
	for _, id := range strings.Fields(t["without"]) {
		w.Without = append(w.Without, office.PersonID(id))
	}
	for i := range recusalRows {
		n := strconv.Itoa(i)
		who, from := office.PersonID(t["recused."+n]), t["from."+n]
		if who == "" || from == "" {
			continue
		}
		if w.Recused == nil {
			w.Recused = map[office.PersonID][]string{}
		}
		if !slices.Contains(w.Recused[who], from) {
			w.Recused[who] = append(w.Recused[who], from)
		}
	}
	if len(fs) > 0 {
		return w, &refusal.Error{Code: refusal.FieldInvalid, Fields: fs}
	}
	return w, nil
}

// drawTyped reads the form: several values of one name are parted by spaces.
func drawTyped(a *page.Ask) (map[string]string, error) {
	if err := a.Parse(); err != nil {
		return nil, err
	}
	form := url.Values(a.Request.PostForm)
	if m := a.Request.MultipartForm; m != nil {
		form = m.Value
	}
	t := map[string]string{}
	for name, vs := range form {
		t[name] = strings.TrimSpace(strings.Join(vs, " "))
	}
	return t, nil
}

// FreezeDraw freezes a sheet: of the registry, or of the list that was sent.
func FreezeDraw(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	t, err := drawTyped(a)
	if err != nil {
		return err
	}
	w, bad := drawWanted(a, t)
	if bad != nil {
		return drawRefused(a, e, t, bad)
	}
	if m := a.Request.MultipartForm; m != nil && len(m.File["population"]) > 0 && m.File["population"][0].Filename != "" {
		data, err := page.Content(m.File["population"][0])
		if err != nil {
			return err
		}
		marks := map[string]string{}
		for _, s := range e.Quota.Strata {
			marks[s.Title.ZH] = s.Mark
		}
		if w.Units, err = sheet.Population(data, marks); err != nil {
			return drawRefused(a, e, t, err)
		}
	}
	if t["then"] == "look" {
		return drawDraw(a, http.StatusOK, e, planForm{typed: t})
	}
	s, err := a.Site.Options.Plans.Sheet(e, w)
	if err == nil {
		_, err = a.Site.Options.Plans.Freeze(a.Request.Context(), a.ID(), e, s)
	}
	if err != nil {
		return drawRefused(a, e, t, err)
	}
	a.Say("draw.frozen")
	return a.See("/plans/" + e.ID() + "/draw")
}

// drawRefused shows the page with why it can't be; what is not the form's to mend goes on.
func drawRefused(a *page.Ask, e plan.Entry, t map[string]string, err error) error {
	x := refusal.As(err)
	if x == nil || x.Code != refusal.FieldInvalid && x.Code != refusal.ConditionUnmet {
		return err
	}
	return drawDraw(a, http.StatusUnprocessableEntity, e, planForm{typed: t, err: x})
}

// DrawNow draws from the sheet that waits, with the number that was stated.
func DrawNow(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	t, err := drawTyped(a)
	if err != nil {
		return err
	}
	seed, err := draw.ParseSeed(page.Or(t["seed-day"], a.Today.String()) + "/" + t["number"])
	if err != nil {
		return drawRefused(a, e, t, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "number", Code: refusal.FieldInvalid, Why: "field.seed-number"}}})
	}
	d, err := a.Site.Options.Plans.Draw(a.Request.Context(), a.ID(), e, nil, seed, page.Cut(t["stated"], 100))
	if err != nil {
		return drawRefused(a, e, t, err)
	}
	a.Say("draw.drawn", "number", d.Number)
	return a.See("/plans/" + e.ID() + "/draw")
}

// DrawAgain freezes the sheet of a redraw, with its reason.
func DrawAgain(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	t, err := drawTyped(a)
	if err != nil {
		return err
	}
	s, err := a.Site.Options.Plans.Again(e, page.Cut(t["reason"], 200), strings.Fields(t["out"])...)
	if err == nil {
		_, err = a.Site.Options.Plans.Freeze(a.Request.Context(), a.ID(), e, s)
	}
	if err != nil {
		return drawRefused(a, e, t, err)
	}
	a.Say("draw.frozen")
	return a.See("/plans/" + e.ID() + "/draw")
}

// PublishDraw lets whoever has the address read the result.
func PublishDraw(a *page.Ask) error {
	e, err := PlanEntry(a)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(a.Param("n"))
	if err := a.Site.Options.Plans.Publish(a.Request.Context(), a.ID(), e, n); err != nil {
		return err
	}
	a.Say("draw.published")
	return a.See("/plans/" + e.ID() + "/draw")
}
