package admin

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"dossier/engine/change"
	"dossier/engine/procedure"
	"dossier/engine/procedure/diagram"
	"dossier/engine/text"
	"dossier/web/page"
)

// proceduresView lists the procedures in force.
type proceduresView struct {
	page.Base
	Procedures []procedureRow
	Reloads    bool   // the office's own files can be read again
	Faults     string // what is wrong with them, as it was just found
}

type procedureRow struct {
	ID, Title, Law, Hash           string
	Version, States, Clocks, Forms int
}

func ProceduresPage(a *page.Ask) error { return drawProcedures(a, http.StatusOK, "") }

// Reload reads the office's own files again. Where they are at fault, each fault is shown with its place, and what was read
// before goes on.
func Reload(a *page.Ask) error {
	if a.Site.Options.Reload == nil {
		return a.See("/admin/procedures")
	}
	if err := a.Site.Options.Reload(a.Request.Context()); err != nil {
		return drawProcedures(a, http.StatusUnprocessableEntity, text.Told(a.Language, err))
	}
	a.Say("procedures.reloaded")
	return a.See("/admin/procedures")
}

func drawProcedures(a *page.Ask, status int, faults string) error {
	v := proceduresView{Base: a.Base(a.T("admin.procedures"), "admin"), Faults: faults}
	v.Reloads = v.Admin && a.Site.Options.Reload != nil
	for _, ed := range a.Site.Engine.Workflows() {
		r := procedureRow{ID: string(ed.Def.ID), Title: a.L(ed.Def.Title), Law: ed.Def.Cite(ed.Def.Source, a.Language), Hash: page.Cut(ed.Hash, 12),
			Version: ed.Def.Version, States: len(ed.Def.Main.States), Clocks: len(ed.Def.Clocks), Forms: len(ed.Def.Forms())}
		v.Procedures = append(v.Procedures, r)
	}
	return a.Draw(status, "procedures", v)
}

// procedureView is one procedure: its diagram, and its clocks and actions with their articles.
type procedureView struct {
	page.Base
	Procedure procedureRow
	Diagram   template.HTML
	Clauses   []page.Clause // of where the procedure comes from
	Clocks    []lawRow
	Facts     []lawRow
	Actions   []lawRow
	Forms     []lawRow
	Lit       []lawRow // the action that the picture marks
	Undrawn   bool     // it has no place in the picture, as opening has none
	Text      string   // where the procedure's own text is; "" when it isn't at hand
	Older     int      // open cases on an older version, told to the administrator
}

// lawRow is a part of a procedure with its articles, each a link to its text.
type lawRow struct {
	Anchor, Title, Sub string
	Clauses            []page.Clause
	Line               page.LinkView // where it stands in the procedure's text, where that is known
}

func ProcedurePage(a *page.Ask) error {
	ed := a.Site.Engine.Workflow(procedure.WorkflowID(a.Param("id")))
	if ed == nil {
		return a.NotFound()
	}
	a.Of(ed)
	d := ed.Def
	v := procedureView{Base: a.Base(a.L(d.Title), "admin"), Diagram: template.HTML(diagram.SVG(d, a.EN(), procedure.ActionID(a.Query("lit"))))}
	v.Wide, v.Undrawn = true, !strings.Contains(string(v.Diagram), ` id="lit"`)
	v.Procedure = procedureRow{ID: string(d.ID), Title: a.L(d.Title), Law: d.Cite(d.Source, a.Language), Version: d.Version, Hash: ed.Hash}
	v.Clauses = a.Clauses(procedure.Law{Cites: []procedure.Citation{d.Source}})
	lines := map[string]int{}
	if a.Site.Options.Source != nil {
		if text, at := a.Site.Options.Source(ed.Hash); len(text) > 0 {
			v.Text, lines = "/admin/procedures/"+string(d.ID)+"/text", at
		}
	}
	row := func(kind, id, title, sub string, law procedure.Law) lawRow {
		r := lawRow{Anchor: kind + "-" + id, Title: title, Sub: sub, Clauses: a.Clauses(law)}
		if n := lines[kind+"/"+id]; n > 0 {
			r.Line = page.LinkView{Text: a.T("procedure.line", "n", n), Address: v.Text + "#L" + strconv.Itoa(n)}
		}
		return r
	}
	for i := range d.Clocks {
		c := &d.Clocks[i]
		v.Clocks = append(v.Clocks, row("clock", string(c.ID), a.L(c.Title), a.T("clock-kind."+page.Or(string(c.Kind), string(procedure.Legal)))+" "+within(a, c), c.Law))
	}
	for i := range d.Sides {
		for j := range d.Sides[i].Clocks {
			c := &d.Sides[i].Clocks[j]
			v.Clocks = append(v.Clocks, row("clock", string(c.ID), a.L(c.Title), a.T("clock-kind."+page.Or(string(c.Kind), string(procedure.Legal)))+" "+within(a, c), c.Law))
		}
	}
	for i := range d.Facts {
		f := &d.Facts[i]
		v.Facts = append(v.Facts, row("fact", string(f.ID), a.L(f.Title), "", f.Law))
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
		r := row("action", string(act.ID), a.L(act.Title), strings.Join(by, a.T("list.comma")), act.Law)
		if r.Anchor == "action-"+a.Query("lit") {
			v.Lit = append(v.Lit, r)
		}
		v.Actions = append(v.Actions, r)
	})
	for _, id := range d.Forms() {
		if f := ed.Forms[id]; f != nil {
			v.Forms = append(v.Forms, row("form", string(id), a.L(f.Title), string(id), f.Law))
		}
	}
	if v.Admin {
		var err error
		if v.Older, err = change.OnOlder(a.Request.Context(), a.Site.Engine, d.ID); err != nil {
			return err
		}
	}
	return a.Draw(http.StatusOK, "procedure", v)
}

// within is how long a clock is, as far as the procedure itself says.
func within(a *page.Ask, c *procedure.Clock) string {
	switch {
	case c.Within.Period != nil:
		return a.Units(c.Within.Period.N, c.Within.Period.Unit)
	case c.Within.SameDay:
		return a.T("clock.same-day")
	case c.Within.Yearly != nil:
		return a.T("clock.yearly", "month", c.Within.Yearly.Month, "day", c.Within.Yearly.Day)
	case c.Within.Setting != "":
		row, _ := a.Office.Setting(c.Within.Setting, a.Today)
		return settingValue(a.Words, row.Value)
	}
	return ""
}
