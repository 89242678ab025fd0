package desks

import (
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/handover"
	"dossier/engine/refusal"
	"dossier/web/acting"
	"dossier/web/page"
)

// casesView is the list of cases with its filters.
type casesView struct {
	page.Base
	Filter    caseFilter
	Workflows []page.Option
	States    []page.Option
	Officers  []page.Option
	Rows      []page.RowView
	Next      string // address of the next page
	First     string // address of the first page, on a later one
	Fault     string
	MayOpen   bool
	HandOver  string // where the cases of the officer who is asked for are handed over; "" where the reader may not
	MayTake   bool   // over cases begun on paper
	Sheet     string // the list as it is filtered, as a spreadsheet
}

// caseFilter is what was asked, as it was typed.
type caseFilter struct {
	Text, DueBefore string
	Open, Overdue   bool
}

func CasesPage(a *page.Ask) error {
	q, fault := a.CaseQuery()
	v := casesView{Base: a.Base(a.T("cases.title"), "cases"), MayOpen: a.MayOpen(), MayTake: acting.MayTakeOver(a)}
	v.Base.Query, v.Wide = q.Text, true
	v.Filter = caseFilter{Text: q.Text, DueBefore: a.Query("due_before"), Open: q.Open, Overdue: q.Overdue}
	if fault != "" {
		v.Fault, q.DueBefore = a.T(fault), 0
	}
	if q.Text != "" && a.Query("after") == "" && len(a.Request.URL.Query()) == 1 {
		id, err := a.Site.Engine.Resolve(q.Text)
		if err == nil && a.Site.Engine.Sees(a.ID(), id) { // else the list says that it finds nothing
			return a.See("/cases/" + strconv.FormatInt(int64(id), 10))
		}
		if e := refusal.As(err); err != nil && (e == nil || e.Code != refusal.NotFound) {
			return err
		}
	}
	found, err := desk.Find(a.Site.Engine, a.ID(), q)
	if err != nil {
		return err
	}
	v.Rows = a.Site.RowViews(a.Words, found.Rows, false)
	if len(v.Rows) > 0 {
		v.Sheet = "/ledgers/cases.xlsx" + strings.TrimPrefix(a.With("after", ""), a.Request.URL.Path)
	}
	if found.Next != "" {
		v.Next = a.With("after", found.Next)
	}
	if q.After != "" {
		v.First = a.With("after", "")
	}
	for _, ed := range a.Site.Engine.Workflows() {
		on := q.Workflow == ed.Def.ID
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: on})
		if on {
			for _, st := range ed.Def.Main.States {
				v.States = append(v.States, page.Option{Value: string(st.ID), Label: a.L(st.Title), On: q.State == st.ID})
			}
		}
	}
	for _, p := range a.Office.People() {
		has, err := desk.HasCases(a.Site.Engine, p.ID)
		if err != nil {
			return err
		}
		if has || q.Officer == p.ID {
			v.Officers = append(v.Officers, page.Option{Value: string(p.ID), Label: p.Name, On: q.Officer == p.ID})
		}
	}
	if a.Office.Person(q.Officer) != nil && handover.HandsOver(a.Site.Engine, a.ID()) {
		v.HandOver = page.HandOverAt(q.Officer)
	}
	return a.Draw(http.StatusOK, "cases", v)
}
