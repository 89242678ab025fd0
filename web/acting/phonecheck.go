package acting

import (
	"fmt"
	"net/http"
	"slices"

	"dossier/engine/procedure"
	"dossier/web/page"
)

// phoneView is a check as it is filled on a phone: one item a screen, photographs, the signature of the unit's head. What is
// filled stays on the phone until it is sent; the page's script says what is not.
type phoneView struct {
	actView
	Unit    string
	Screens []screenView
	Attach  string // where photographs and the signature go
	Case    string
}

// screenView is one screen: a field, or one item of a checklist.
type screenView struct {
	N, Of   int
	Title   string
	Part    string
	Field   *page.FieldView // nil of an item
	Head    page.CellView   // the item, of a checklist
	Cells   []page.CellView // what is said of it
	Columns []page.ColumnView
}

// PhonePage leads through a check: to the form of the action that records it where the case stands before it, else to the
// step that comes first.
func PhonePage(a *page.Ask) error {
	view, err := a.CaseView()
	if err != nil {
		return err
	}
	here := fmt.Sprintf("/cases/%d", view.Case.ID)
	records := recording(a, view.Edition)
	next := procedure.ActionID("")
	for _, x := range view.Actions {
		switch {
		case x.Builtin || len(x.Missing) > 0:
		case slices.Contains(records, x.Action):
			a.Request.URL.RawQuery = ""
			t := &act{Ask: a, edition: view.Edition, view: view, action: x.Action}
			return t.phone()
		case x.Moves && next == "":
			next = x.Action
		}
	}
	if next == "" || len(records) == 0 {
		return a.See(here)
	}
	return a.See(here + "/do/" + string(next) + "?back=" + here + "/phone")
}

// recording are the actions by which a check of the procedure is recorded: they set the fact that a quota counts.
func recording(a *page.Ask, ed *procedure.Edition) []procedure.ActionID {
	var facts []procedure.FactID
	for i := range a.Site.Options.Plans.Quotas.Regimes {
		if r := &a.Site.Options.Plans.Quotas.Regimes[i]; slices.Contains(r.Workflows, ed.Def.ID) {
			facts = append(facts, r.Fact)
		}
	}
	var out []procedure.ActionID
	ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, x *procedure.Action) {
		for _, fs := range x.Fact.Values() {
			if slices.ContainsFunc(fs, func(f procedure.FactID) bool { return slices.Contains(facts, f) }) {
				out = append(out, x.ID)
			}
		}
	})
	return out
}

// phone shows the form, screen by screen.
func (a *act) phone() error {
	b, err := a.blank(nil)
	if err != nil {
		return err
	}
	preset(b)
	may := map[string]bool{} // asked only if something else is so: there is no line by which to ask again, so all of them are shown
	for _, p := range b.Parts {
		for i := range p.Part.Fields {
			if f := &p.Part.Fields[i]; f.When != nil && !p.Asked[f.ID] {
				p.Asked[f.ID], may[string(f.ID)] = true, true
			}
		}
	}
	form, err := a.form(b, nil, nil, nil)
	if err != nil {
		return err
	}
	v := phoneView{actView: form, Unit: a.view.Party(), Attach: fmt.Sprintf("/cases/%d/do/attach", a.view.Case.ID), Case: fmt.Sprintf("/cases/%d", a.view.Case.ID)}
	v.BackTo = v.Case
	for _, p := range v.Parts {
		for i := range p.Fields {
			if f := &p.Fields[i]; may[f.Field] {
				f.Hint, f.Optional = page.Or(f.Hint, a.T("phone.if")), true
			}
			v.Screens = append(v.Screens, screens(&p.Fields[i], p.Title)...)
		}
	}
	for i := range v.Screens {
		v.Screens[i].N, v.Screens[i].Of = i+1, len(v.Screens)+1
	}
	return a.Draw(http.StatusOK, "phone", v)
}

// screens are those of a field: of a checklist (a table whose first column offers its items) one an item.
func screens(f *page.FieldView, part string) []screenView {
	if f.Kind == "shown" {
		return nil
	}
	if f.Kind != "table" || len(f.Rows) == 0 || len(f.Rows[0]) < 2 || len(f.Rows[0][0].Options) == 0 {
		return []screenView{{Title: f.Label, Part: part, Field: f}}
	}
	var out []screenView
	for i, item := range f.Rows[0][0].Options {
		row := f.Rows[len(f.Rows)-1] // an empty one
		for _, r := range f.Rows {
			if slices.ContainsFunc(r[0].Options, func(o page.Option) bool { return o.On && o.Value == item.Value }) {
				row = r
			}
		}
		s := screenView{Title: item.Label, Part: f.Label, Columns: f.Columns[1:]}
		for j, c := range row {
			column := c.Name[lastDot(c.Name)+1:]
			c.Name = fmt.Sprintf("%s.%d.%s", f.Name, i, column)
			c.ID = fmt.Sprintf("%s-%d-%s", f.ID, i, column)
			if j == 0 {
				c.Value = item.Value
				s.Head = c
			} else if c.Asked {
				s.Cells = append(s.Cells, c)
			}
		}
		out = append(out, s)
	}
	return out
}

func lastDot(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// MostTasks is how many checks stand on the desk.
const MostTasks = 12
