package cases

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/lacks"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/rules"
	"dossier/engine/selfcheck"
	"dossier/engine/typed"
	"dossier/web/page"
)

// reviewView is the self-check of one case: what is broken with what mends it, and what was asked and is in order.
type reviewView struct {
	page.Base
	CaseLink, CaseName string
	Points             int
	Broken             []brokenView
	Kept               []keptView
}

// brokenView is a rule that the case breaks, with each place.
type brokenView struct {
	Title, Severity, Class string
	Points                 int
	Places                 []string
	Mend                   string
	Do                     page.LinkView // the action that mends it, where the reader may take it now
	Clauses                []page.Clause
}

type keptView struct {
	Title   string
	Clauses []page.Clause
}

// ReviewPage asks the rules of the case as it stands now. Nothing of it is kept.
func ReviewPage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	asked := a.Site.Options.Reviews.Of(view.Case.Workflow)
	if len(asked) == 0 {
		return a.NotFound()
	}
	address := "/cases/" + strconv.FormatInt(int64(view.Case.ID), 10)
	r := review.Look(asked, File(a, view), a.Office.Calendar)
	v := reviewView{Base: a.Base(a.T("review.title"), "cases"), CaseLink: address, CaseName: strings.TrimSpace(view.Case.Number() + " " + view.Party()), Points: r.Points}
	last := ""
	for _, m := range r.Marks {
		if m.Rule.ID != last {
			last = m.Rule.ID
			b := brokenView{Title: a.L(m.Rule.Title), Severity: a.T("review." + string(m.Rule.Severity)), Points: m.Rule.Points, Mend: a.L(m.Rule.Mend),
				Clauses: a.Clauses(m.Rule.Law), Class: "amber"}
			if m.Rule.Severity == review.Grave {
				b.Class = "red"
			}
			if slices.ContainsFunc(view.Actions, func(x desk.Available) bool { return x.Action == m.Rule.By }) {
				b.Do = page.LinkView{Text: a.ActionTitle(view.Edition.Def, m.Rule.By), Address: address + "/do/" + string(m.Rule.By)}
			}
			v.Broken = append(v.Broken, b)
		}
		b := &v.Broken[len(v.Broken)-1]
		b.Places = append(b.Places, marked(a, view, m))
	}
	for _, k := range r.Kept {
		v.Kept = append(v.Kept, keptView{a.L(k.Title), a.Clauses(k.Law)})
	}
	return a.Draw(http.StatusOK, "review", v)
}

// Reviewing is which files are asked for by the address, with what is wrong in it.
func Reviewing(a *page.Ask) (q selfcheck.Query, faults []string) {
	year, _, _ := a.Today.YMD()
	q.Of, q.Seed = procedure.WorkflowID(a.Query("workflow")), page.Cut(page.Or(a.Query("seed"), a.Today.String()), 40)
	day := func(name string, by calendar.Date) calendar.Date {
		s := page.Or(a.Query(name), by.String())
		d, err := typed.Date(s)
		if err != nil {
			faults = append(faults, a.T("plan.no-day", "field", a.T("reviews."+name), "text", page.Cut(s, 20)))
		}
		return d
	}
	q.From, q.To = day("from", calendar.Of(year, 1, 1)), day("to", a.Today)
	if len(faults) == 0 && q.To < q.From {
		faults = append(faults, a.T("reviews.backward"))
	}
	if n, err := strconv.Atoi(a.Query("draw")); err == nil {
		q.Draw = max(0, n)
	}
	if q.Of != "" && a.Site.Engine.Workflow(q.Of) == nil {
		faults = append(faults, a.T("reviews.no-procedure"))
	}
	return q, faults
}

// File is the case as the rules look at it.
func File(a *page.Ask, view *desk.CaseView) *review.File {
	return &review.File{Case: view.Case, Edition: view.Edition, Clocks: view.Clocks, Today: view.Today,
		Lacks: lacks.Due(rules.NewView(view.Edition, a.Office, view.Case, view.Today, view.Today))}
}

// marked says where a rule is broken.
func marked(a *page.Ask, view *desk.CaseView, m review.Mark) string {
	def, ed := view.Edition.Def, view.Edition
	if m.Lack != nil {
		return a.T("review.at.owed", "what", a.Items(ed, m.Lack), "party", m.Lack.Party, "law", a.Cites(m.Lack.Law))
	}
	paper := string(m.At)
	if f := ed.Forms[m.At]; f != nil {
		paper = a.L(f.Title)
	}
	if m.N > 0 && m.N <= len(view.Case.Issued) {
		paper = strings.TrimSpace(paper + " " + view.Case.Issued[m.N-1].Number)
	}
	key := "review.at." + m.Rule.Check.Name()
	if m.Day == 0 {
		key += "-undone"
		if !a.Has(key) {
			key = strings.TrimSuffix(key, "-undone")
		}
	}
	found := func(i int) string {
		if i < len(m.Found) {
			return page.Short(m.Found[i], 40)
		}
		return ""
	}
	args := []any{"paper", paper, "day", a.Date(m.Day), "due", a.Date(m.Due), "found", found(0), "there", found(1)}
	if f := def.Fact(m.Fact); f != nil {
		args = append(args, "fact", a.L(f.Title))
	}
	if c := def.Clock(m.Clock); c != nil {
		args = append(args, "clock", a.L(c.Title))
	}
	if f := ed.Forms[m.At]; f != nil && len(m.Found) == 1 {
		if field := f.Field(procedure.FieldID(m.Found[0])); field != nil {
			args = append(args, "field", a.L(field.Title))
		}
	}
	if _, ok := m.Rule.Check.(review.Open); ok {
		args = append(args, "action", a.ActionTitle(def, procedure.ActionID(found(0))))
	}
	return a.T(key, args...)
}
