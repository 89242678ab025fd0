package web

import (
	"html/template"
	"net/http"
	"strings"

	"dossier/engine/change"
	"dossier/engine/procedure"
	"dossier/engine/procedure/diagram"
)

// proceduresView lists the procedures in force.
type proceduresView struct {
	base
	Procedures []procedureRow
}

type procedureRow struct {
	ID, Title, Law, Hash           string
	Version, States, Clocks, Forms int
}

func proceduresPage(a *ask) error {
	v := proceduresView{base: a.base(a.T("admin.procedures"), "admin")}
	for _, ed := range a.s.engine.Workflows() {
		r := procedureRow{ID: string(ed.Def.ID), Title: a.L(ed.Def.Title), Law: ed.Def.Cite(ed.Def.Source, a.lang), Hash: cut(ed.Hash, 12),
			Version: ed.Def.Version, States: len(ed.Def.Main.States), Clocks: len(ed.Def.Clocks), Forms: len(ed.Def.Forms())}
		v.Procedures = append(v.Procedures, r)
	}
	return a.draw(http.StatusOK, "procedures", v)
}

// procedureView is one procedure: its diagram, and its clocks and actions with their articles.
type procedureView struct {
	base
	Procedure procedureRow
	Diagram   template.HTML
	Clocks    []lawRow
	Facts     []lawRow
	Actions   []lawRow
	Older     int // open cases on an older version, told to the administrator
}

type lawRow struct{ Title, Sub, Law string }

func procedurePage(a *ask) error {
	ed := a.s.engine.Workflow(procedure.WorkflowID(a.Param("id")))
	if ed == nil {
		return a.notFound()
	}
	a.of(ed)
	d := ed.Def
	v := procedureView{base: a.base(a.L(d.Title), "admin"), Diagram: template.HTML(diagram.SVG(d, a.EN()))}
	v.Wide = true
	v.Procedure = procedureRow{ID: string(d.ID), Title: a.L(d.Title), Law: d.Cite(d.Source, a.lang), Version: d.Version, Hash: ed.Hash}
	for i := range d.Clocks {
		c := &d.Clocks[i]
		v.Clocks = append(v.Clocks, lawRow{a.L(c.Title), a.T("clock-kind."+or(string(c.Kind), string(procedure.Legal))) + " " + a.within(c), a.Cites(c.Law)})
	}
	for i := range d.Facts {
		f := &d.Facts[i]
		v.Facts = append(v.Facts, lawRow{a.L(f.Title), "", a.Cites(f.Law)})
	}
	seen := map[procedure.ActionID]bool{}
	d.Each(func(_ *procedure.Walk, st *procedure.State, act *procedure.Action) {
		if seen[act.ID] {
			return
		}
		seen[act.ID] = true
		var by []string
		for _, posts := range act.By.Values() {
			for _, p := range posts {
				if name := a.Post(p); !strings.Contains(strings.Join(by, " "), name) {
					by = append(by, name)
				}
			}
		}
		v.Actions = append(v.Actions, lawRow{a.L(act.Title), strings.Join(by, a.T("list.comma")), a.Cites(act.Law)})
	})
	if v.Admin {
		var err error
		if v.Older, err = change.OnOlder(a.Request.Context(), a.s.engine, d.ID); err != nil {
			return err
		}
	}
	return a.draw(http.StatusOK, "procedure", v)
}

// within is how long a clock is, as far as the procedure itself says.
func (a *ask) within(c *procedure.Clock) string {
	switch {
	case c.Within.Period != nil:
		return a.Units(c.Within.Period.N, c.Within.Period.Unit)
	case c.Within.Setting != "":
		row, _ := a.office.Setting(c.Within.Setting, a.today)
		return row.Value
	}
	return ""
}
