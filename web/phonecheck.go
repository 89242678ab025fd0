package web

import (
	"fmt"
	"net/http"
	"slices"

	"dossier/engine/plan"
	"dossier/engine/procedure"
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
	Field   *fieldView // nil of an item
	Head    cellView   // the item, of a checklist
	Cells   []cellView // what is said of it
	Columns []columnView
}

// phonePage leads through a check: to the form of the action that records it where the case stands before it, else to the
// step that comes first.
func phonePage(a *ask) error {
	view, err := a.caseView()
	if err != nil {
		return err
	}
	here := fmt.Sprintf("/cases/%d", view.Case.ID)
	records := a.recording(view.Edition)
	next := procedure.ActionID("")
	for _, x := range view.Actions {
		switch {
		case x.Builtin || len(x.Missing) > 0:
		case slices.Contains(records, x.Action):
			a.Request.URL.RawQuery = ""
			t := &act{ask: a, edition: view.Edition, view: view, action: x.Action}
			return t.phone()
		case x.Moves && next == "":
			next = x.Action
		}
	}
	if next == "" || len(records) == 0 {
		return a.see(here)
	}
	return a.see(here + "/do/" + string(next) + "?back=" + here + "/phone")
}

// recording are the actions by which a check of the procedure is recorded: they set the fact that a quota counts.
func (a *ask) recording(ed *procedure.Edition) []procedure.ActionID {
	var facts []procedure.FactID
	for i := range a.s.opt.Plans.Quotas.Regimes {
		if r := &a.s.opt.Plans.Quotas.Regimes[i]; slices.Contains(r.Workflows, string(ed.Def.ID)) {
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
				f.Hint, f.Optional = or(f.Hint, a.T("phone.if")), true
			}
			v.Screens = append(v.Screens, screens(&p.Fields[i], p.Title)...)
		}
	}
	for i := range v.Screens {
		v.Screens[i].N, v.Screens[i].Of = i+1, len(v.Screens)+1
	}
	return a.draw(http.StatusOK, "phone", v)
}

// screens are those of a field: of a checklist (a table whose first column offers its items) one an item.
func screens(f *fieldView, part string) []screenView {
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
			if slices.ContainsFunc(r[0].Options, func(o option) bool { return o.On && o.Value == item.Value }) {
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

// taskView is a check that waits for the reader.
type taskView struct {
	Name, Address, Phone, Kind, Last, Check string
	Due                                     string
	Light                                   light
}

// mostTasks is how many checks stand on the desk.
const mostTasks = 12

// checksDue are the checks that wait for the reader, those of this month and what is late, and the quotas of theirs that run short.
func (a *ask) checksDue() (tasks []taskView, more int, short []planRow, err error) {
	b := a.s.opt.Plans
	if !slices.ContainsFunc(b.Quotas.Regimes, func(r plan.Regime) bool { return b.On(&r) && a.planning(&r) }) {
		return nil, 0, nil, nil
	}
	all, err := b.Tasks(a.id())
	if err != nil {
		return nil, 0, nil, err
	}
	y, m, _ := a.today.YMD()
	for _, t := range all {
		if ty, tm, _ := t.Due.YMD(); t.Due > a.today && (ty != y || tm != m) {
			continue
		}
		if len(tasks) == mostTasks {
			more++
			continue
		}
		x := taskView{Name: t.Object, Kind: a.L(t.Regime.Title), Address: caseLink(t.Case), Check: caseLink(t.Case) + "/phone"}
		if t.Unit != nil {
			x.Name, x.Phone = t.Unit.Name, t.Unit.Values["phone"].Text
		}
		if t.Last != 0 {
			x.Last = a.T("plans.task.last", "day", a.Date(t.Last))
		} else {
			x.Last = a.T("plans.task.never")
		}
		switch {
		case t.Due == 0:
			x.Due = a.T("plans.task.no-day")
		case t.Due < a.today:
			x.Due, x.Light = a.Day(t.Due), light{"red", a.T("plans.task.late", "n", int(a.today-t.Due))}
		case t.Due == a.today:
			x.Due, x.Light = a.Day(t.Due), light{"amber", a.T("plans.task.today")}
		default:
			x.Due = a.Day(t.Due)
		}
		tasks = append(tasks, x)
	}
	ps, err := b.Read(a.today)
	if err != nil {
		return nil, 0, nil, err
	}
	for _, p := range ps {
		if p.State == plan.Short && a.planning(p.Quota.Regime()) {
			short = append(short, a.planRow(p))
		}
	}
	return tasks, more, short[:min(len(short), mostPressing)], nil
}
