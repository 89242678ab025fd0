package page

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/lacks"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/review"
	reading "dossier/engine/typed"
)

type KnownView struct{ Label, Value string }

// Value is a value as people read it, by the type of its field.
func (a *Ask) Value(f *procedure.Field, v procedure.Value) string {
	var out []string
	for _, s := range v.Strings() {
		switch f.Type {
		case procedure.YesNo:
			s = a.T(s)
		case procedure.Money:
			s = a.T("row.yuan", "sum", a.Money(s))
		case procedure.DateType:
			if d, err := reading.Date(s); err == nil {
				s = a.Date(d)
			}
		case procedure.CaseRef:
			if n, err := strconv.Atoi(s); err == nil && a.Site.Engine.Sees(a.ID(), casefile.CaseID(n)) {
				s = a.Site.Engine.NumberOf(s)
			}
		case procedure.PersonType, procedure.People:
			s = a.Name(office.PersonID(s))
		case procedure.ChoiceType, procedure.Choices:
			for _, c := range f.Choices {
				if c.Value == s {
					s = a.L(c.Label)
					break
				}
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, a.T("list.comma"))
}

// Signer is who signed, a delegate with whom they stood in for.
func (w Words) Signer(by, behalf office.PersonID) string {
	if behalf == "" || behalf == by {
		return w.Name(by)
	}
	return w.T("signed.for", "who", w.Name(by), "for", w.Name(behalf))
}

// Unscanned are the issued papers that are owed a signed scan by the rules that a file is checked by.
func (a *Ask) Unscanned(view *desk.CaseView) []review.Mark {
	asked := slices.DeleteFunc(slices.Clone(a.Site.Options.Reviews.Of(view.Case.Workflow)), func(r review.Rule) bool { _, ok := r.Check.(review.Unsigned); return !ok })
	return review.Look(asked, &review.File{Case: view.Case, Edition: view.Edition, Today: view.Today}, a.Office.Calendar).Marks
}

// Items are the titles of what is owed, of which one is enough.
func (a *Ask) Items(ed *procedure.Edition, l *lacks.Lack) string {
	var titles []string
	for _, it := range l.Items() {
		titles = append(titles, a.item(ed, it))
	}
	return strings.Join(titles, a.T("lacks.or"))
}

// item is the title of a paper or a day.
func (a *Ask) item(ed *procedure.Edition, it procedure.Item) string {
	if f := ed.Forms[it.Form]; f != nil {
		return a.L(f.Title)
	}
	if f := ed.Def.Fact(it.Fact); f != nil {
		return a.L(f.Title)
	}
	return string(it.Form) + string(it.Fact)
}
