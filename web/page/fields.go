package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// PartView is one part of a form as the page asks it.
type PartView struct {
	Key    string // "LJ04.body": which part of which form
	Title  string
	Form   string // the form's title, on the first part of each form
	Fields []FieldView
}

// FieldView is one blank as the page draws it. Kind chooses the block of the template.
type FieldView struct {
	Over     string // the heading that stands over it and those that follow
	Kind     string // line, area, choose (a list), pick (several), shown, table, file
	ID       string // "f-employer": what a fault links to
	Name     string // "v.employer"
	Field    string
	Label    string
	Hint     string
	Clauses  []Clause
	Fault    string
	Optional bool
	Known    bool // it came from the record
	Choose   bool // one must be chosen, and none is
	Half     bool // two of them stand side by side
	Value    string
	Options  []Option
	Rest     []Option // people who are seldom meant, behind a fold
	Phrases  []string
	Cites    []citeGroup // articles that a text of provisions may cite
	Type     string      // of an input line: text, date, datetime-local, tel
	Mode     string      // its keyboard
	Class    string      // its width
	Max      int
	Columns  []ColumnView
	Rows     [][]CellView
	Sums     []string
	Adds     bool   // some column is added up
	Paste    string // what was to be read in and could not be
	Again    string // files that have to be chosen again
	Cards    bool   // a row has more cells than a line takes
	Lists    []offerList
	People   []*office.Person // whom a cell of people may name
	Proofs   []Option         // what a cell of evidence is chosen from
}

// citeGroup is an act with the articles of which the list has the words.
type citeGroup struct {
	Act      string
	Articles []Option
}

// cites are the articles of these acts, each as it is cited and how it begins.
func (w Words) cites(acts []string) []citeGroup {
	if w.List == nil {
		return nil
	}
	var groups []citeGroup
	for _, id := range acts {
		act := w.List.Act(id)
		if act == nil {
			continue
		}
		g := citeGroup{Act: act.Title}
		for _, x := range act.Articles {
			if len(x.Text) > 0 {
				cite := text.Cite(act.Title, x.N, text.ZH)
				g.Articles = append(g.Articles, Option{Value: cite, Label: strings.TrimPrefix(cite, text.Cite(act.Title, "", text.ZH)), Sub: shortened(x.Text[0], 40)})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// shortened is the beginning of a text.
func shortened(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// offerList is what the inputs of a table may be filled with.
type offerList struct {
	ID      string
	Options []Option
}

// manyColumns is from how many columns on a row of a table is a card, not a line.
const manyColumns = 9

type ColumnView struct {
	Label, Class string
	Optional     bool
	Sum          string // "money" or "number" where its sum stands below
	Less         string // "2-3" where it is one column less another, by their places
}

// CellView is one cell of a table. Asked is false for a computed one.
type CellView struct {
	Asked   bool
	ID      string
	Name    string
	Label   string
	Value   string
	Class   string
	Type    string
	Mode    string
	Fault   string
	Options []Option
	Several bool   // a list of boxes
	Long    bool   // several lines
	List    string // the id of the words that it offers
	Picked  string // what is chosen of several, in words
}

// Describe is the ids that tell more about the input: its hint and its fault.
func (f FieldView) Describe() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Fault != "" {
		ids = append(ids, f.ID+"-fault")
	}
	return strings.Join(ids, " ")
}

// BlankRows is how many empty rows stand under those of a table.
const BlankRows = 2

// FieldsOf draws the fields of a blank. More gives extra empty rows to tables by field.
func (a *Ask) FieldsOf(b *desk.Blank, bad Faults, more map[procedure.FieldID]int) []PartView {
	var parts []PartView
	seen := map[procedure.FieldID]bool{}
	for i, p := range b.Parts {
		v := PartView{Key: string(p.Form.ID) + "." + string(p.Part.ID), Title: a.L(p.Part.Title)}
		if b.Builtin { // its page bears that title already
			v.Title = ""
		} else if i == 0 || b.Parts[i-1].Form != p.Form {
			v.Form = a.L(p.Form.Title)
		}
		over := ""
		for j := range p.Part.Fields {
			f := &p.Part.Fields[j]
			if h := a.L(f.Heading); h != "" {
				over = h
			}
			if seen[f.ID] || !p.Asked[f.ID] {
				continue // one answer serves every form that asks it
			}
			seen[f.ID] = true
			x := a.FieldOf(f, p, b, bad, more[f.ID])
			if x.Kind == "shown" && x.Value == "" {
				continue // there will be something to show later
			}
			x.Over, over = over, ""
			v.Fields = append(v.Fields, x)
		}
		if len(v.Fields) > 0 {
			parts = append(parts, v)
		}
	}
	return parts
}

func (a *Ask) FieldOf(f *procedure.Field, p desk.BlankPart, b *desk.Blank, bad Faults, more int) FieldView {
	value := p.Values[f.ID]
	v := FieldView{Kind: "line", ID: "f-" + string(f.ID), Name: "v." + string(f.ID), Field: string(f.ID), Label: a.L(f.Title), Hint: a.L(f.Hint),
		Clauses: a.Clauses(f.Law), Fault: bad.At(string(f.ID)), Optional: !f.Required, Known: p.Known[f.ID] && !value.Empty(),
		Value: value.Text, Type: "text", Phrases: f.Phrases, Cites: a.cites(f.Provisions)}
	switch {
	case f.Shows != nil:
		v.Kind, v.Value = "shown", p.Shown[f.ID].Text
		return v
	case p.Kept[f.ID]: // it has no input, so that nothing of it can be sent
		v.Kind, v.Value = "shown", a.T("field.kept")
		return v
	}
	switch f.Type {
	case procedure.Text:
		v.Max = f.Max
	case procedure.LongText:
		v.Kind = "area"
	case procedure.DateType:
		v.Type, v.Class, v.Half = "date", "short", true
	case procedure.DateTime:
		v.Type, v.Half, v.Value = "datetime-local", true, strings.Replace(value.Text, " ", "T", 1)
	case procedure.Money:
		v.Mode, v.Class, v.Half, v.Hint = "decimal", "money", true, Or(v.Hint, a.T("field.yuan"))
	case procedure.Number:
		v.Mode, v.Class, v.Half = "numeric", "short", true
		if f.Max != 0 {
			v.Hint = Or(v.Hint, a.T("field.from-to", "min", f.Min, "max", f.Max))
		}
	case procedure.Phone:
		v.Type, v.Class, v.Half = "tel", "short", true
	case procedure.IDNumber, procedure.CreditCode:
		v.Half = true
	case procedure.CaseRef:
		v.Class, v.Half, v.Hint = "short", true, Or(v.Hint, a.T("field.case-hint"))
	case procedure.YesNo:
		v.Kind, v.Half = "choose", true
		v.Options = []Option{{Value: "yes", Label: a.T("yes"), On: value.Text == "yes"}, {Value: "no", Label: a.T("no"), On: value.Text == "no"}}
	case procedure.ChoiceType, procedure.Choices:
		v.Kind = "choose"
		if f.Type == procedure.Choices {
			v.Kind = "pick"
		}
		for _, c := range f.Choices {
			v.Options = append(v.Options, Option{Value: c.Value, Label: a.L(c.Label), On: value.Has(c.Value)})
		}
	case procedure.PersonType, procedure.People:
		v.Kind = "choose"
		if f.Type == procedure.People {
			v.Kind = "pick"
		}
		v.Options, v.Rest = a.offered(f, p, b, value)
	case procedure.Document:
		v.Kind, v.Options = "pick", a.documents(f, b, value)
	case procedure.Respondent:
		v.Kind = "pick"
		for _, name := range b.Respondents {
			v.Options = append(v.Options, Option{Value: name, Label: name, On: value.Has(name)})
		}
	case procedure.File:
		v.Kind, v.Name = "file", "file."+string(f.ID)
	case procedure.Table:
		v.People = b.People[f.ID]
		for _, x := range b.Proofs {
			v.Proofs = append(v.Proofs, Option{Value: string(x.ID), Label: x.Title, Sub: x.Proves})
		}
		a.Table(&v, f, value, bad, more)
	}
	if v.Kind == "choose" {
		v.Choose = !v.Optional && !slices.ContainsFunc(v.Options, func(o Option) bool { return o.On })
		if len(v.Options) > 6 {
			v.Kind = "select"
		}
		v.Half = v.Half || halfWide(v.Kind, v.Options)
	}
	return v
}

// halfWide tells whether a choice has room beside another field: a list none of whose options is long, or radios in one line.
func halfWide(kind string, options []Option) bool {
	sum, most := 0, 0
	for _, o := range options {
		n := utf8.RuneCountInString(o.Label + o.Sub)
		sum, most = sum+n+3, max(most, utf8.RuneCountInString(o.Label)) // a radio and its gap are as wide as three characters
	}
	return kind == "select" && most <= 16 || kind != "select" && sum <= 20
}

func (a *Ask) documents(f *procedure.Field, b *desk.Blank, value procedure.Value) []Option {
	var os []Option
	for _, d := range Named(f, b.Documents) {
		n := strconv.Itoa(d.N)
		os = append(os, Option{Value: n, Label: a.FormTitle(b, d.Form) + " " + d.Number, Sub: a.Day(d.Day), On: value.Has(n)})
	}
	return os
}

// FormTitle is a form's title as far as the blank knows it, else its code.
func (a *Ask) FormTitle(b *desk.Blank, id procedure.FormID) string {
	for _, p := range b.Parts {
		if p.Form.ID == id {
			return a.L(p.Form.Title)
		}
	}
	for _, ed := range a.Site.Engine.Workflows() {
		if f := ed.Forms[id]; f != nil {
			return a.L(f.Title)
		}
	}
	return string(id)
}

// Table draws the rows that there are, some empty ones, and the sums of the columns that are numbers.
func (a *Ask) Table(v *FieldView, f *procedure.Field, value procedure.Value, bad Faults, more int) {
	v.Kind, v.Name, v.Cards = "table", "t."+string(f.ID), len(f.Columns) >= manyColumns
	v.Lists = a.offers(v.ID, f)
	blankRows := BlankRows
	if v.Cards {
		blankRows, more = 0, (more+4)/5

		if len(value.Rows) == 0 {
			blankRows = 1
		}
	}
	sums := make([]int64, len(f.Columns))
	for _, c := range f.Columns {
		col := ColumnView{Label: a.L(c.Title), Class: columnClass(&c), Optional: !c.Required && c.Shows == nil}
		if col.Class == "num" {
			if col.Sum = "money"; c.Type == procedure.Number {
				col.Sum = "number"
			}
			v.Adds = true
		}
		if c.Shows != nil && len(c.Shows.Less) == 2 {
			at := func(id procedure.FieldID) int {
				return slices.IndexFunc(f.Columns, func(x procedure.Field) bool { return x.ID == id })
			}
			col.Less = fmt.Sprintf("%d-%d", at(c.Shows.Less[0]), at(c.Shows.Less[1]))
		}
		v.Columns = append(v.Columns, col)
	}
	for i := range len(value.Rows) + blankRows + more {
		cells := procedure.Cells{}
		if i < len(value.Rows) {
			cells = value.Rows[i]
		}
		var row []CellView
		for j := range f.Columns {
			c := &f.Columns[j]
			path := string(f.ID) + "[" + strconv.Itoa(i) + "]." + string(c.ID)
			cell := CellView{Asked: c.Shows == nil, ID: "f-" + path, Name: v.Name + "." + strconv.Itoa(i) + "." + string(c.ID), Label: a.L(c.Title),
				Value: cells[c.ID], Class: columnClass(c), Type: "text", Fault: bad.Cell(path)}
			switch {
			case c.Shows != nil && len(c.Shows.Less) == 2 && len(cells) > 0:
				less, err1 := procedure.ParseMoney(Or(cells[c.Shows.Less[1]], "0"))
				from, err2 := procedure.ParseMoney(Or(cells[c.Shows.Less[0]], "0"))
				if err1 == nil && err2 == nil {
					cell.Value = a.Money(procedure.FormatMoney(from - less))
				}
			case c.Type == procedure.Money:
				cell.Mode = "decimal"
			case c.Type == procedure.Number:
				cell.Mode = "numeric"
			case c.Type == procedure.DateType:
				cell.Type = "date"
			case c.Type == procedure.Standard:
				cell.List = v.ID + "-" + string(c.ID)
			}
			a.cellChoices(&cell, c, v, cells[c.ID])
			if columnClass(c) == "num" {
				if fen, err := procedure.ParseMoney(cell.Value); err == nil {
					sums[j] += fen
				}
			}
			row = append(row, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	for j, c := range f.Columns {
		switch {
		case columnClass(&c) == "num" && c.Type != procedure.Number && sums[j] != 0:
			v.Sums = append(v.Sums, a.Money(procedure.FormatMoney(sums[j])))
		case c.Type == procedure.Number && sums[j] != 0:
			v.Sums = append(v.Sums, strconv.FormatInt(sums[j]/100, 10))
		case j == 0 && len(value.Rows) > 0:
			v.Sums = append(v.Sums, a.T("table.sum", "n", len(value.Rows)))
		default:
			v.Sums = append(v.Sums, "")
		}
	}
}

// cellChoices are what a cell is chosen from. Several in one cell of a line are typed by their words; on a card they are boxes.
func (a *Ask) cellChoices(cell *CellView, c *procedure.Field, v *FieldView, is string) {
	cell.Long = v.Cards && (c.Type == procedure.LongText || c.Shows != nil && strings.Contains(is, "\n"))
	chosen := strings.Fields(is)
	switch {
	case c.Type == procedure.Grounds:
		cell.Several = true
		if book := a.Office.Standards; book != nil {
			for _, g := range book.Circumstances("") {
				cell.Options = append(cell.Options, Option{Value: g.ID, Label: g.Title, Sub: strings.Join(penalty.Names(g.Tiers), "、") + "，" + g.Law.In(a.Language), On: slices.Contains(chosen, g.ID)})
			}
		}
	case c.Type == procedure.PersonType:
		cell.Options = a.people(v.People, procedure.TextValue(is), nil)
	case c.Type == procedure.Evidence:
		cell.Several = true
		for _, o := range v.Proofs {
			o.On = slices.Contains(chosen, o.Value)
			cell.Options = append(cell.Options, o)
		}
	case c.Type == procedure.Choices && !v.Cards:
		cell.Value = a.Value(c, procedure.Value{List: chosen})
		return
	default:
		cell.Several = c.Type == procedure.Choices
		for _, o := range c.Choices {
			cell.Options = append(cell.Options, Option{Value: o.Value, Label: a.L(o.Label), On: slices.Contains(chosen, o.Value)})
		}
		if on := func(o Option) bool { return o.On }; !cell.Several && len(c.Choices) > 0 && is != "" && !slices.ContainsFunc(cell.Options, on) {
			cell.Options = append(cell.Options, Option{Value: is, Label: is, On: true}) // what was pasted and is none of them stands until it is mended
		}
	}
	var words []string
	for _, o := range cell.Options {
		if o.On {
			words = append(words, o.Label)
		}
	}
	cell.Picked = strings.Join(words, a.T("list.comma"))
}

// offers are the lists from which cells of the table are chosen by searching: the standards that hold today, and those
// that held, with their law.
func (a *Ask) offers(id string, f *procedure.Field) []offerList {
	var lists []offerList
	for i := range f.Columns {
		c := &f.Columns[i]
		if c.Type != procedure.Standard || a.Office.Standards == nil {
			continue
		}
		l := offerList{ID: id + "-" + string(c.ID)}
		for _, s := range a.Office.Standards.Standards() {
			words := s.Title + " · " + s.Basis.In(a.Language) + " · " + s.Main().In(a.Language)
			if s.To != 0 {
				words += " · " + a.T("penalty.ended", "day", a.Date(s.To))
			}
			l.Options = append(l.Options, Option{Value: string(s.ID), Label: words})
		}
		lists = append(lists, l)
	}
	return lists
}

// columnClass sets what is a number to the right.
func columnClass(c *procedure.Field) string {
	if c.Type == procedure.IDNumber || c.Type == procedure.CreditCode {
		return "code" // eighteen characters are seen at once
	}
	if c.Type == procedure.Money || c.Type == procedure.Number || c.Shows != nil && len(c.Shows.Less) > 0 {
		return "num"
	}
	return ""
}
