package acting

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dossier/documents/sheet"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/takeover"
	"dossier/web/page"
)

// importView is the page on which cases begun on paper are taken over: a sheet is chosen, tried, and taken over.
type importView struct {
	page.Base
	Workflows []page.Option
	Workflow  procedure.WorkflowID
	Procedure string // its title
	Fault     string // of the file
	MaxMB     int

	Tried     bool
	Changed   bool // what was tried is no longer what would be taken over
	Rows      int
	Good      []tookView
	Late      int // of the good ones, those that something is overdue in
	Before    []tookView
	Heads     []string // of the bad rows: the columns that something is wrong in
	Bad       [][]page.BadCell
	Left      string
	Data, Sum string // the sheet itself, carried by the page, and its hash
	Took      []tookView
	Done      bool
	Address   string
}

// tookView is one row: what it would bring, or the case that it became.
type tookView struct {
	N       int
	Number  string
	Party   string
	State   string
	Clocks  []importClock
	People  string
	Similar []page.RowView
	Case    casefile.CaseID
}

type importClock struct {
	Title, Due string
	Light      page.Light
}

// takesOver tells whether the person may put cases of the procedure where they stand: the second of its line, or those
// after, their own post or one lent to them.
func takesOver(a *page.Ask, d *procedure.Definition) bool {
	if len(d.Line) < 2 {
		return false
	}
	return slices.ContainsFunc(d.Line[1:], func(post procedure.Actor) bool {
		return a.Who.Holds(post, a.Today) || len(a.Office.Lent(a.ID(), post, a.Today)) > 0
	})
}

// MayTakeOver tells whether there is a procedure whose cases the person may take over.
func MayTakeOver(a *page.Ask) bool {
	return slices.ContainsFunc(a.Site.Engine.Workflows(), func(ed *procedure.Edition) bool { return takesOver(a, ed.Def) })
}

// takingOver finds the procedure that the address names; forbidden for whoever may not take over its cases.
func takingOver(a *page.Ask) (*procedure.Edition, error) {
	ed := a.Site.Engine.Workflow(procedure.WorkflowID(a.Param("workflow")))
	if ed == nil {
		return nil, a.NotFound()
	}
	a.Of(ed)
	if !takesOver(a, ed.Def) {
		return nil, &refusal.Error{Code: refusal.NotYourGate, Args: refusal.Args{"action": "open-at", "by": string(ed.Def.Line[min(1, len(ed.Def.Line)-1)]), "who": a.Who.Name}}
	}
	return ed, nil
}

// ImportPage offers the template and takes the sheet.
func ImportPage(a *page.Ask) error {
	for _, ed := range taken(a) {
		if a.Param("workflow") == "" || a.Param("workflow") == string(ed.Def.ID) {
			return a.Draw(http.StatusOK, "import", showImport(a, ed))
		}
	}
	return &refusal.Error{Code: refusal.Forbidden, Args: refusal.Args{"who": a.Who.Name}}
}

func showImport(a *page.Ask, ed *procedure.Edition) importView {
	a.Of(ed)
	v := importView{Base: a.Base(a.T("import.title"), "cases"), Workflow: ed.Def.ID, Procedure: a.L(ed.Def.Title), MaxMB: sheet.MaxFile >> 20,
		Address: "/cases/begun/" + string(ed.Def.ID)}
	for _, x := range taken(a) {
		v.Workflows = append(v.Workflows, page.Option{Value: string(x.Def.ID), Label: a.L(x.Def.Title), On: x == ed})
	}
	return v
}

// taken are the procedures whose cases the person may take over, the usual one first.
func taken(a *page.Ask) []*procedure.Edition {
	eds := slices.DeleteFunc(slices.Clone(a.Site.Engine.Workflows()), func(ed *procedure.Edition) bool { return !takesOver(a, ed.Def) })
	slices.SortStableFunc(eds, func(x, y *procedure.Edition) int {
		switch {
		case x.Def.Usual == y.Def.Usual:
			return 0
		case x.Def.Usual:
			return -1
		}
		return 1
	})
	return eds
}

// ImportTemplate answers with the empty sheet of a procedure.
func ImportTemplate(a *page.Ask) error {
	ed, err := takingOver(a)
	if err != nil {
		return err
	}
	data, err := sheet.NewCases(ed).Template()
	if err != nil {
		return err
	}
	a.Writer.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.T("import.file", "workflow", ed.Def.Title.ZH)))
	a.Data(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data)
	return nil
}

// TryImport tries the sheet that was sent, and keeps nothing of it: the page that answers carries it on.
func TryImport(a *page.Ask) error {
	ed, err := takingOver(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	v := showImport(a, ed)
	if a.Request.MultipartForm == nil || len(a.Request.MultipartForm.File["file"]) == 0 {
		v.Fault = a.T("import.no-file")
		return a.Draw(http.StatusUnprocessableEntity, "import", v)
	}
	data, err := page.Content(a.Request.MultipartForm.File["file"][0])
	if err != nil {
		return err
	}
	status, _, err := tried(a, &v, ed, data)
	if err != nil {
		return err
	}
	return a.Draw(status, "import", v)
}

// tried puts what is wrong with the sheet, or what it would bring, on the page.
func tried(a *page.Ask, v *importView, ed *procedure.Edition, data []byte) (int, []sheet.Trial, error) {
	c := sheet.NewCases(ed)
	s, err := c.Read(data, a.Office)
	if x := refusal.As(err); x != nil {
		v.Fault = strings.Join(page.Texts(a.Faults(x, nil)), " ")
		return http.StatusUnprocessableEntity, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	trials, err := c.Try(a.Request.Context(), a.Site.Engine, a.ID(), s, a.Language)
	if err != nil {
		return 0, nil, err
	}
	v.Tried, v.Rows, v.Left = true, len(trials), strings.Join(s.Left, a.T("list.comma"))
	sum := sha256.Sum256(data)
	v.Data, v.Sum = base64.StdEncoding.EncodeToString(data), hex.EncodeToString(sum[:])
	var bad []sheet.Trial
	for _, t := range trials {
		switch {
		case t.Prior != 0:
			v.Before = append(v.Before, tookView{N: t.N, Party: t.Party, Case: t.Prior})
		case !t.Good():
			bad = append(bad, t)
		default:
			x := showTook(a, t)
			late := slices.ContainsFunc(x.Clocks, func(k importClock) bool { return k.Light.Class == "red" })
			if v.Good = append(v.Good, x); late {
				v.Late++
			}
		}
	}
	v.Heads, v.Bad = badRows(a, c, bad)
	if len(bad) > 0 {
		return http.StatusUnprocessableEntity, trials, nil
	}
	return http.StatusOK, trials, nil
}

// showTook is a good row with the clocks that would run.
func showTook(a *page.Ask, t sheet.Trial) tookView {
	v := tookView{N: t.N, Number: t.Texts["numbers.case"], Party: t.Party, State: a.L(t.State), People: a.Names(people(t.Begun.At["officers"])), Similar: a.Site.RowViews(a.Words, t.Similar, false)}
	for _, k := range t.Clocks {
		if !k.Open() || k.Def.Kind == procedure.Warning || t.Ended {
			continue
		}
		x := importClock{Title: a.ClockTitle(k), Due: a.Day(k.Due)}
		if k.State == rules.SuspendedClock {
			x.Due, x.Light = "", page.Light{Class: "still", Text: a.T("light.suspended", "left", a.Units(k.Remaining, k.Unit))}
		} else {
			x.Light = a.Light(k.Remaining, k.Unit, k.Due, k.Def.Kind == procedure.Window, k.Def.Kind == procedure.Party, k.Provisional)
		}
		v.Clocks = append(v.Clocks, x)
	}
	return v
}

func people(v procedure.Value) []office.PersonID {
	var ids []office.PersonID
	for _, s := range v.Strings() {
		ids = append(ids, office.PersonID(s))
	}
	return ids
}

// badRows are the bad rows with the columns that something is wrong in, each fault in its cell.
func badRows(a *page.Ask, c *sheet.Cases, bad []sheet.Trial) (heads []string, rows [][]page.BadCell) {
	wrong := map[string]bool{c.Party(): true}
	for _, t := range bad {
		for _, f := range t.Flaws {
			wrong[f.Path] = true
		}
	}
	var columns []sheet.CaseColumn
	for _, x := range c.Columns {
		if wrong[x.Path] {
			columns = append(columns, x)
			heads = append(heads, x.Title)
		}
	}
	for _, t := range bad {
		row := []page.BadCell{{Text: a.T("import.row-n", "n", t.N)}}
		for _, x := range columns {
			cell := page.BadCell{Title: x.Title, Text: t.Texts[x.Path]}
			for _, f := range t.Flaws {
				if f.Path != x.Path {
					continue
				}
				say := f.Text
				if f.Place != x.Title {
					say = f.Place + a.T("colon") + say
				}
				cell.Faults = append(cell.Faults, say)
			}
			for _, o := range x.Options {
				if o.Value == cell.Text {
					cell.Text = a.L(o.Label)
				}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return heads, rows
}

// TakeOver takes over the cases of the sheet that the page carried: all of them, or those that are right where that was
// chosen. It is tried again first; when it is another than was seen, nothing is taken over and it is shown anew.
func TakeOver(a *page.Ask) error {
	ed, err := takingOver(a)
	if err != nil {
		return err
	}
	if err := a.Parse(); err != nil {
		return err
	}
	v := showImport(a, ed)
	data, err := base64.StdEncoding.DecodeString(a.PostForm("data"))
	sum := sha256.Sum256(data)
	if err != nil || hex.EncodeToString(sum[:]) != a.PostForm("sum") {
		v.Fault = a.T("import.lost")
		return a.Draw(http.StatusUnprocessableEntity, "import", v)
	}
	status, trials, err := tried(a, &v, ed, data)
	if err != nil {
		return err
	}
	good := fmt.Sprint(len(v.Good))
	again := len(v.Good) == 0 && len(v.Before) > 0 // a second press: all is done
	if trials == nil || len(v.Bad) > 0 && a.PostForm("which") != "good" || a.PostForm("good") != good && !again {
		v.Changed = trials != nil
		return a.Draw(max(status, http.StatusUnprocessableEntity), "import", v)
	}
	v.Done = true
	trials = slices.DeleteFunc(trials, func(t sheet.Trial) bool { return !t.Good() })
	begun := make([]takeover.Begun, len(trials))
	for i, t := range trials {
		begun[i] = t.Begun
		begun[i].Actor = a.ID()
	}
	for len(trials) > 0 {
		outs, err := takeover.BeginAll(a.Request.Context(), a.Site.Engine, begun)
		for i, out := range outs {
			x := showTook(a, trials[i])
			x.Case, x.Number = out.Case.ID, out.Case.Number()
			v.Took = append(v.Took, x)
		}
		trials, begun = trials[len(outs):], begun[len(outs):]
		if x := refusal.As(err); x != nil { // something came between: it is told, and the rest goes on
			t := trials[0]
			v.Bad = append(v.Bad, []page.BadCell{{Text: a.T("import.row-n", "n", t.N)}, {Title: a.T("import.party"), Text: t.Party, Faults: append([]string{a.Told(x.Code, x.Args)}, page.Texts(a.Faults(x, nil))...)}})
			trials, begun = trials[1:], begun[1:]
		} else if err != nil {
			return err
		}
	}
	return a.Draw(http.StatusOK, "import", v)
}
