package web

import (
	"net/http"

	"dossier/engine/desk"
	"dossier/engine/procedure"
)

// newView offers the procedures that the person may open.
type newView struct {
	base
	Workflows []newWorkflow
}

type newWorkflow struct {
	ID          procedure.WorkflowID
	Title, Law  string
	States      int
	HalfFilled  bool
	ElsewhereBy string // who opens it, when the reader may not
}

func newPage(a *ask) error {
	v := newView{base: a.base(a.T("new.title"), "cases")}
	for _, ed := range a.s.engine.Workflows() {
		w := newWorkflow{ID: ed.Def.ID, Title: a.L(ed.Def.Title), Law: ed.Def.Cite(ed.Def.Source, a.lang)}
		if !a.opens(ed.Def) {
			w.ElsewhereBy = a.openers(ed.Def)
		}
		saved, err := desk.SavedOf(a.s.engine, desk.Draft{Person: a.id(), Workflow: ed.Def.ID, Action: ed.Def.Open.ID})
		if err != nil {
			return err
		}
		w.HalfFilled = len(saved) > 0
		v.Workflows = append(v.Workflows, w)
	}
	return a.draw(http.StatusOK, "new", v)
}

// openers names the posts that open a procedure.
func (a *ask) openers(d *procedure.Definition) string {
	names, seen := "", map[procedure.Actor]bool{}
	for _, by := range d.Open.By.Values() {
		for _, post := range by {
			if !seen[post] {
				seen[post] = true
				if names != "" {
					names += a.T("list.comma")
				}
				names += a.Post(post)
			}
		}
	}
	return names
}
