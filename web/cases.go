package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/handover"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// casesView is the list of cases with its filters.
type casesView struct {
	base
	Filter    caseFilter
	Workflows []option
	States    []option
	Officers  []option
	Rows      []rowView
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

// option is one choice of a list.
type option struct {
	Value, Label, Sub string
	On                bool
}

func casesPage(a *ask) error {
	q, fault := a.caseQuery()
	v := casesView{base: a.base(a.T("cases.title"), "cases"), MayOpen: a.mayOpen(), MayTake: a.mayTakeOver()}
	v.base.Query, v.Wide = q.Text, true
	v.Filter = caseFilter{Text: q.Text, DueBefore: a.Query("due_before"), Open: q.Open, Overdue: q.Overdue}
	if fault != "" {
		v.Fault, q.DueBefore = a.T(fault), 0
	}
	if q.Text != "" && a.Query("after") == "" && len(a.Request.URL.Query()) == 1 {
		id, err := a.s.engine.Resolve(q.Text)
		if err == nil && a.s.engine.Sees(a.id(), id) { // else the list says that it finds nothing
			return a.see("/cases/" + strconv.FormatInt(int64(id), 10))
		}
		if e := refusal.As(err); err != nil && (e == nil || e.Code != refusal.NotFound) {
			return err
		}
	}
	found, err := desk.Find(a.s.engine, a.id(), q)
	if err != nil {
		return err
	}
	v.Rows = a.s.rowViews(a.words, found.Rows, false)
	if len(v.Rows) > 0 {
		v.Sheet = "/ledgers/cases.xlsx" + strings.TrimPrefix(a.with("after", ""), a.Request.URL.Path)
	}
	if found.Next != "" {
		v.Next = a.with("after", found.Next)
	}
	if q.After != "" {
		v.First = a.with("after", "")
	}
	for _, ed := range a.s.engine.Workflows() {
		on := q.Workflow == ed.Def.ID
		v.Workflows = append(v.Workflows, option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: on})
		if on {
			for _, st := range ed.Def.Main.States {
				v.States = append(v.States, option{Value: string(st.ID), Label: a.L(st.Title), On: q.State == st.ID})
			}
		}
	}
	for _, p := range a.office.People() {
		if p.Active(a.today) || q.Officer == p.ID {
			v.Officers = append(v.Officers, option{Value: string(p.ID), Label: p.Name, On: q.Officer == p.ID})
		}
	}
	if a.office.Person(q.Officer) != nil && handover.HandsOver(a.s.engine, a.id()) {
		v.HandOver = handOverAt(q.Officer)
	}
	return a.draw(http.StatusOK, "cases", v)
}

// caseQuery reads the filters from the address; the second answer is the fault of a day that is none.
func (a *ask) caseQuery() (desk.Query, string) {
	q := desk.Query{
		Text:     strings.TrimSpace(cut(a.Query("q"), 100)),
		Workflow: procedure.WorkflowID(a.Query("workflow")),
		State:    procedure.StateID(a.Query("state")),
		Officer:  office.PersonID(a.Query("officer")),
		Overdue:  yes(a.Query("overdue")),
		Open:     yes(a.Query("open")),
		After:    a.Query("after"),
	}
	if n, err := strconv.Atoi(a.Query("limit")); err == nil && n > 0 {
		q.Limit = min(n, 200)
	}
	if s := a.Query("due_before"); s != "" {
		d, err := reading.Date(s)
		if err != nil {
			return q, "field.date"
		}
		q.DueBefore = d
	}
	return q, ""
}

func yes(s string) bool { return s == "1" || s == "true" || s == "yes" || s == "on" }

// cut is the beginning of a text, at most n characters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// with is the present address with one parameter changed, or taken out by "".
func (a *ask) with(name, value string) string {
	q := url.Values{}
	for k, vs := range a.Request.URL.Query() {
		for _, v := range vs {
			if v != "" {
				q.Add(k, v)
			}
		}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return a.Request.URL.Path
	}
	return a.Request.URL.Path + "?" + q.Encode()
}
