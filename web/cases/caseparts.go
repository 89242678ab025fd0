package cases

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/page"
)

type documentView struct {
	N                        int
	Title, Number, Day, Code string
	Address, Copy            string
	Void, Mended             bool
	Scan, Scanned            string // its signed scan beside it, with its pages and its day
}

type paperView struct {
	Title, Address string
	Signed         []string
	Back           bool // its request was withdrawn or returned, and nobody decides on it now
}

type fileView struct {
	N                              int
	Name, Proves, By, Address, Doc string
	Kind, Size                     string
	Gone                           bool
}

type tableView struct {
	Title   string
	Columns []page.ColumnView
	Rows    [][]string
	Sums    []string
}

// lackView is something that the file still lacks, with the button that makes it or where it is made.
type lackView struct {
	Title, Party, Action, Address, Where string
	Clauses                              []page.Clause
}

type findingView struct {
	Text, Action, Day, Fix, Address string
	Clauses                         []page.Clause
}

// shared is a value of the case as people read it.
func shared(a *page.Ask, view *desk.CaseView, id procedure.FieldID, v procedure.Value) string {
	if f := sharedField(view.Edition, id); f != nil {
		return a.Value(f, v)
	}
	return v.String()
}

// sharedField finds the field that asks for a value of the case, in the order of the procedure's forms.
func sharedField(ed *procedure.Edition, id procedure.FieldID) *procedure.Field {
	for _, form := range ed.Named() {
		if f := ed.Forms[form]; f != nil {
			if x := f.Field(id); x != nil && x.Shared {
				return x
			}
		}
	}
	return nil
}

func caseDocuments(a *page.Ask, v *caseView, view *desk.CaseView) {
	c, ed := view.Case, view.Edition
	title := func(id procedure.FormID) string {
		if f := ed.Forms[id]; f != nil {
			return a.L(f.Title)
		}
		return string(id)
	}
	for _, d := range c.Issued {
		v.Issued = append(v.Issued, documentView{N: d.N, Title: title(d.Form), Number: d.Number, Day: a.Day(d.Day), Code: d.Code,
			Void: d.Void != 0, Mended: d.Mended != 0, Address: fmt.Sprintf("/cases/%d/documents/%d.pdf", c.ID, d.N), Copy: fmt.Sprintf("/cases/%d/documents/%d/copy.pdf", c.ID, d.N)})
	}
	for _, p := range c.Papers {
		if !p.Open {
			continue
		}
		x := paperView{Title: title(p.Form), Address: fmt.Sprintf("/cases/%d/papers/%d.pdf", c.ID, p.P)}
		if p.For != "" {
			x.Title += "（" + p.For + "）"
		}
		if w, d := c.Walk(p.Walk), page.WalkOf(ed.Def, p.Walk); p.Walk != procedure.Main && w != nil && d != nil && w.State == d.States[0].ID {
			x.Back = true
		}
		for _, f := range p.Parts {
			if f.Past == 0 {
				part := string(f.Part)
				if form := ed.Forms[p.Form]; form != nil && form.Part(f.Part) != nil {
					part = a.L(form.Part(f.Part).Title)
				}
				x.Signed = append(x.Signed, a.T("paper.signed", "part", part, "who", a.Signer(f.By, f.For), "day", a.Day(f.Day)))
			}
		}
		v.Papers = append(v.Papers, x)
	}
	for _, f := range c.Files {
		x := fileView{N: f.N, Name: f.Name, Proves: f.Proves, By: a.T("file.by", "who", a.Name(f.By), "day", a.Day(f.Day)), Gone: f.Superseded != 0, Kind: f.Type, Size: size(a.Words, f.Size)}
		if view.Veil == casefile.Open { // nobody else may open it
			x.Address = fmt.Sprintf("/cases/%d/files/%d", c.ID, f.N)
		}
		if d := c.Document(f.Doc); d != nil && f.Superseded == 0 {
			x.Doc = a.T("file.scan", "document", title(d.Form)+" "+d.Number)
			v.Issued[f.Doc-1].Scanned = a.T("document.scan-of", "pages", strconv.Itoa(f.Pages), "day", a.Day(f.Day))
			if x.Address != "" {
				v.Issued[f.Doc-1].Scan = fmt.Sprintf("/cases/%d/documents/%d/beside", c.ID, f.Doc)
			}
			if f.Pages == 0 {
				v.Issued[f.Doc-1].Scanned = a.T("document.scan")
			}
		}
		v.Files = append(v.Files, x)
	}
}

// size is a number of bytes as people read it.
func size(w page.Words, n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// caseParties shows the values of the case: its tables as tables, the rest as a list.
func caseParties(a *page.Ask, v *caseView, view *desk.CaseView) {
	seen := map[procedure.FieldID]bool{}
	for _, id := range view.Edition.Named() {
		form := view.Edition.Forms[id]
		if form == nil {
			continue
		}
		for _, p := range form.Parts {
			for i := range p.Fields {
				f := &p.Fields[i]
				x := view.Case.Shared[f.ID]
				if !f.Shared || seen[f.ID] || x.Empty() {
					continue
				}
				seen[f.ID] = true
				if f.Type == procedure.Table {
					v.Tables = append(v.Tables, tableOf(a, f, x))
				} else {
					v.Known = append(v.Known, page.KnownView{Label: a.L(f.Title), Value: a.Value(f, x)})
				}
			}
		}
	}
}

// tableOf is a table value to be read.
func tableOf(a *page.Ask, f *procedure.Field, value procedure.Value) tableView {
	in := page.FieldView{}
	a.Table(&in, f, value, nil, -page.BlankRows)
	t := tableView{Title: a.L(f.Title), Columns: in.Columns, Sums: in.Sums}
	for _, row := range in.Rows {
		var cells []string
		for j, c := range row {
			s := c.Value
			if f.Columns[j].Type == procedure.Money {
				s = a.Money(s)
			}
			for _, o := range c.Options {
				if o.On {
					s = o.Label
				}
			}
			cells = append(cells, s)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func caseFindings(a *page.Ask, v *caseView, view *desk.CaseView) {
	def := view.Edition.Def
	for _, f := range view.Case.Findings {
		if f.Answered != 0 {
			continue
		}
		u := a.Condition(refusal.Condition{Code: refusal.Code(f.Code), Args: f.Args, Law: procedure.Law{Cites: f.Law}})
		x := findingView{Text: u.Text, Clauses: u.Clauses, Action: a.ActionTitle(def, f.Action), Fix: a.ActionTitle(def, f.Fix)}
		for _, t := range view.Case.Taken {
			if t.Seq == f.Seq {
				x.Day = a.Day(t.Day)
			}
		}
		x.Address = fmt.Sprintf("/cases/%d/do/%s", view.Case.ID, f.Fix)
		if f.Fix == "answer-finding" {
			x.Address += "?v.finding=" + string(f.Action)
		}
		v.Findings = append(v.Findings, x)
	}
}

// caseLacks parts what the file still lacks: what the reader can make now stands first, each with its button.
func caseLacks(a *page.Ask, v *caseView, view *desk.CaseView) {
	for _, l := range view.Lacks {
		x := lackView{Title: a.Items(view.Edition, &l.Lack), Party: l.Party, Clauses: a.Clauses(l.Law)}
		i := -1
		if l.Action != nil {
			x.Action = a.ActionTitle(view.Edition.Def, l.Action.ID)
			i = slices.IndexFunc(view.Actions, func(y desk.Available) bool { return y.Action == l.Action.ID })
			x.Where = a.T("lacks.where", "state", a.L(l.State.Title), "action", x.Action)
			if l.Walk.ID != procedure.Main {
				x.Where = a.T("lacks.where", "state", a.L(l.Walk.Title), "action", x.Action)
			}
		}
		if i < 0 {
			v.Later = append(v.Later, x)
			continue
		}
		x.Address = page.Address(desk.Draft{Case: view.Case.ID, Action: l.Action.ID, Walk: SideOnly(view.Actions[i].Walk)})
		v.Lacks = append(v.Lacks, x)
	}
}

// caseScans tells which issued papers have no signed scan yet, each with the button that takes it in.
func caseScans(a *page.Ask, v *caseView, view *desk.CaseView) {
	may := slices.ContainsFunc(view.Actions, func(x desk.Available) bool { return x.Action == "attach" })
	for _, m := range a.Unscanned(view) {
		d := view.Case.Document(m.N)
		x := lackView{Title: a.T("file.scan", "document", strings.TrimSpace(a.L(view.Edition.Forms[m.At].Title)+" "+d.Number)), Party: view.Case.Papers[d.P-1].Party(), Clauses: a.Clauses(m.Rule.Law)}
		if may {
			x.Action, x.Address = a.T("lacks.attach"), fmt.Sprintf("/cases/%d/do/attach?v.document=%d", view.Case.ID, m.N)
		}
		v.Scans = append(v.Scans, x)
	}
}
