package acting

import (
	"net/http"
	"slices"

	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/web/page"
)

// newView offers the procedures that the person may open.
type newView struct {
	page.Base
	Workflows []newWorkflow
}

type newWorkflow struct {
	ID          procedure.WorkflowID
	Title, Law  string
	HalfFilled  bool
	ElsewhereBy string // who opens it, when the reader may not
}

func (w newWorkflow) rank() int {
	switch {
	case w.ElsewhereBy != "":
		return 2
	case w.HalfFilled:
		return 0
	}
	return 1
}

// NewPage lists what cases there are to open.
func NewPage(a *page.Ask) error {
	v := newView{Base: a.Base(a.T("new.title"), "cases")}
	for _, ed := range a.Site.Engine.Workflows() {
		w := newWorkflow{ID: ed.Def.ID, Title: a.L(ed.Def.Title), Law: ed.Def.Cite(ed.Def.Source, a.Language)}
		if !a.Opens(ed.Def) {
			w.ElsewhereBy = openers(a, ed.Def)
		}
		saved, err := desk.SavedOf(a.Site.Engine, desk.Draft{Person: a.ID(), Workflow: ed.Def.ID, Action: ed.Def.Open.ID})
		if err != nil {
			return err
		}
		w.HalfFilled = len(saved) > 0
		v.Workflows = append(v.Workflows, w)
	}
	// those that one opens first, half-filled ones before them
	slices.SortStableFunc(v.Workflows, func(x, y newWorkflow) int { return x.rank() - y.rank() })
	return a.Draw(http.StatusOK, "new", v)
}

// openers names the posts that open a procedure.
func openers(a *page.Ask, d *procedure.Definition) string {
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
