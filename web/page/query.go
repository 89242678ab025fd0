package page

import (
	"net/url"
	"strconv"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	reading "dossier/engine/typed"
)

// CaseQuery reads the filters from the address; the second answer is the fault of a day that is none.
func (a *Ask) CaseQuery() (desk.Query, string) {
	q := desk.Query{
		Text:     strings.TrimSpace(Cut(a.Query("q"), 100)),
		Workflow: procedure.WorkflowID(a.Query("workflow")),
		State:    procedure.StateID(a.Query("state")),
		Officer:  office.PersonID(a.Query("officer")),
		Overdue:  Yes(a.Query("overdue")),
		Open:     Yes(a.Query("open")),
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

// With is the present address with one parameter changed, or taken out by "".
func (a *Ask) With(name, value string) string {
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
