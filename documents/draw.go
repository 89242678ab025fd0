package documents

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/documents/layout"
	"dossier/engine/paper"
	"dossier/engine/procedure"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// drawing maps one sheet to a page.
type drawing struct {
	s paper.Sheet
	p *Print
}

// arranged lays out a form that says nothing of its paper: its fields as a clerk would arrange them, an opinion per gate.
func arranged(f *procedure.Form) *Print {
	p := &Print{Page: "form"}
	for i, part := range f.Parts {
		gate := false
		for _, x := range part.Fields {
			switch {
			case x.Opinion:
				gate = true
			case x.Type == procedure.LongText:
				p.Rows = append(p.Rows, Row{Long: x.ID})
			case x.Type == procedure.Table:
				p.Rows = append(p.Rows, Row{Table: x.ID, Sums: true})
			default:
				p.Rows = append(p.Rows, Row{Cells: []Cell{{Field: x.ID}}})
			}
		}
		if gate || i > 0 {
			p.Rows = append(p.Rows, Row{Opinion: part.ID})
		}
	}
	return p
}

func (d *drawing) page() layout.Page {
	title := d.title()
	if len(d.p.Titles) > 0 {
		title = d.fill(d.p.Titles[0])
	}
	switch d.p.Page {
	case "prose":
		return d.prose()
	case "record":
		return layout.Record{Title: title, Number: d.number(), Head: d.rows(d.p.Rows), Lines: d.said(), Signs: d.p.Signs}
	}
	f := layout.Form{Title: title, Number: d.number(), Rows: d.rows(d.p.Rows)}
	for _, n := range d.p.Notes {
		f.Notes = append(f.Notes, d.fill(n))
	}
	return f
}

// title is what the paper is called.
func (d *drawing) title() string {
	if d.s.Title != "" {
		return d.s.Title
	}
	return d.s.Form.Title.ZH
}

func (d *drawing) number() string {
	if d.s.Draft {
		return ""
	}
	return d.s.Number
}

// value is a field as printed, or one of the paper's own words.
func (d *drawing) value(id string) string {
	switch id {
	case "title":
		return d.title()
	case "number":
		return d.s.Number
	case "case-number":
		return d.s.CaseNumber
	case "party":
		return d.s.Party
	case "cause":
		return d.s.Cause
	case "day":
		if d.s.Draft {
			return ""
		}
		return d.s.Day.Han()
	case "bureau":
		return d.s.Bureau
	case "brigade":
		return d.s.Brigade
	case "procedure":
		return d.s.Procedure
	}
	if name, ok := strings.CutPrefix(id, procedure.SettingWord); ok && d.s.Settings != nil {
		return d.s.Settings(name)
	}
	field, col, nested := strings.Cut(id, ".")
	if nested && d.s.Form.Part(procedure.PartID(field)) != nil {
		sig, signed := d.s.Signed[procedure.PartID(field)]
		switch {
		case col == "signers":
			return strings.Join(sig.Names, "、")
		case col == "signed-on" && signed:
			return sig.Day.Han()
		}
		return sig.Values[procedure.FieldID(col)]
	}
	if d.early(procedure.FieldID(field)) {
		return ""
	}
	v := d.s.Values[procedure.FieldID(field)]
	if nested {
		return v.Sums[procedure.FieldID(col)]
	}
	return v.Text
}

func (d *drawing) label(id procedure.FieldID, given string) string {
	if given != "" {
		return given
	}
	if f := d.field(id); f != nil {
		return f.Title.ZH
	}
	return map[procedure.FieldID]string{"number": "文号", "case-number": "案号", "party": "当事人", "cause": "案由", "day": "日期", "bureau": "机关", "brigade": "承办机构", "procedure": "办理事项", "title": "名称"}[id]
}

func (d *drawing) rows(rows []Row) []layout.Row {
	var out []layout.Row
	for _, r := range rows {
		if !d.holds(r.When) || r.Optional && d.vacant(r) {
			continue
		}
		switch {
		case r.Rows != nil:
			out = append(out, d.rows(r.Rows)...)
		case r.Turn:
			out = append(out, layout.Turn{})
		case r.Long != "":
			out = append(out, layout.Long{Label: d.label(r.Long, r.Label), Text: d.value(string(r.Long)), Height: r.Height})
		case r.Opinion != "":
			out = append(out, d.opinion(r))
		case r.Table != "":
			if label := r.Label; label != "" {
				out = append(out, layout.Heading{Text: label})
			}
			t := d.table(r.Table, r.Columns, r.Sums)
			if len(t.Rows) == 0 {
				t.Rows = empty(r.Lines, len(t.Columns))
			}
			out = append(out, t)
		case r.Heading != "":
			out = append(out, layout.Heading{Text: d.fill(r.Heading)})
		case r.Body != "":
			out = append(out, layout.Long{Label: r.Label, Text: d.fill(r.Body), Height: r.Height})
		default:
			f := layout.Fields{Widths: r.Widths, Height: r.Height}
			for _, c := range r.Cells {
				v := d.value(string(c.Field))
				if c.Text != "" {
					v = d.cell(c.Text)
				}
				day := c.Day
				if x := d.field(c.Field); x != nil && c.Text == "" && isDay(x) {
					day = true
				}
				f.Items = append(f.Items, layout.Field{Label: d.label(c.Field, c.Label), Value: v, Day: day, Sign: c.Sign})
			}
			out = append(out, f)
		}
	}
	return out
}

func (d *drawing) opinion(r Row) layout.Opinion {
	part := d.s.Form.Part(r.Opinion)
	o := layout.Opinion{Label: r.Label, Note: r.Note, Height: r.Height}
	if o.Label == "" && part != nil {
		o.Label = part.Title.ZH
	}
	field := r.Text
	if field == "" && part != nil && part.Opinion() != nil {
		field = part.Opinion().ID
	}
	sig, signed := d.s.Signed[r.Opinion]
	if signed {
		if part != nil && slices.ContainsFunc(part.Fields, func(f procedure.Field) bool { return f.ID == field }) {
			o.Text = d.own(part, field)
		}
		o.Signers, o.Day = sig.Names, sig.Day.Han()
	}
	for len(o.Signers) < max(1, r.Pens) {
		o.Signers = append(o.Signers, "")
	}
	return o
}

// own is the value of a field in this very part: parts may each have an `opinion`.
func (d *drawing) own(part *procedure.Part, field procedure.FieldID) string {
	if sig, ok := d.s.Signed[part.ID]; ok {
		if v, ok := sig.Values[field]; ok {
			return v
		}
	}
	return d.s.Values[field].Text
}

func (d *drawing) table(id procedure.FieldID, cols []TableColumn, sums bool) layout.Table {
	f := d.s.Form.Field(id)
	v := d.s.Values[id]
	if len(cols) == 0 && f != nil {
		for _, c := range f.Columns {
			cols = append(cols, TableColumn{Field: c.ID})
		}
	}
	cols = d.used(id, cols)
	t := layout.Table{}
	money := map[procedure.FieldID]bool{}
	for _, c := range cols {
		x := layout.Column{Title: c.Title, Width: c.Width}
		if c.Field == RowNumber {
			x.Title, x.Align = "序号", layout.Center
		}
		if f != nil {
			for _, fc := range f.Columns {
				if fc.ID == c.Field {
					if x.Title == "" {
						x.Title = fc.Title.ZH
					}
					money[c.Field] = fc.Type == procedure.Money || fc.Shows != nil
				}
			}
		}
		switch {
		case c.Align == "left":
			x.Align = layout.Left
		case c.Align == "centre":
			x.Align = layout.Center
		case c.Align == "right" || money[c.Field]:
			x.Align = layout.Right
		}
		t.Columns = append(t.Columns, x)
	}
	for n, row := range v.Rows {
		var cells []string
		for _, c := range cols {
			if c.Field == RowNumber {
				cells = append(cells, strconv.Itoa(n+1))
				continue
			}
			cells = append(cells, row[c.Field])
		}
		t.Rows = append(t.Rows, cells)
	}
	if sums {
		for i, c := range cols {
			s := ""
			switch {
			case i == 0:
				s = "合计"
			case c.Count != "" && len(v.Rows) > 0:
				s = strconv.Itoa(len(v.Rows)) + c.Count
			case money[c.Field]:
				s = v.Sums[c.Field]
			}
			t.Sums = append(t.Sums, s)
		}
	}
	return t
}

// used are the columns of which a row has something to say, all on a blank form; the widest takes the room of the others.
func (d *drawing) used(id procedure.FieldID, cols []TableColumn) []TableColumn {
	rows := d.s.Values[id].Rows
	var left []TableColumn
	room := 0.0
	for _, c := range cols {
		if c.Field != RowNumber && len(rows) > 0 && !slices.ContainsFunc(rows, func(r map[procedure.FieldID]string) bool { return r[c.Field] != "" }) {
			room += c.Width
			continue
		}
		left = append(left, c)
	}
	if room == 0 || len(left) == 0 {
		return cols
	}
	widest := 0
	for i, c := range left {
		if c.Width > left[widest].Width {
			widest = i
		}
	}
	left[widest].Width += room
	return left
}

func (d *drawing) prose() layout.Prose {
	p := layout.Prose{Number: d.number(), Addressee: d.fill(d.p.Addressee), Blocks: d.blocks(d.p.Text), After: d.blocks(d.p.After)}
	for _, t := range d.p.Titles {
		p.Titles = append(p.Titles, d.fill(t))
	}
	if len(p.Titles) == 0 {
		p.Titles = []string{d.s.Bureau, d.title()}
	}
	if !d.p.Unsigned {
		name := d.s.Bureau
		if d.p.Signer != "" {
			name = d.fill(d.p.Signer)
		}
		p.Signature = &layout.Signature{Name: name, Day: d.value("day"), Seal: d.p.Seal}
	}
	return p
}

func (d *drawing) blocks(bs []Block) []layout.Block {
	var out []layout.Block
	for _, b := range bs {
		if !d.holds(b.When) || b.Optional && !d.blank() && !d.filled(b) {
			continue
		}
		switch {
		case b.Text != nil:
			out = append(out, d.blocks(b.Text)...)
		case b.Head != "":
			out = append(out, layout.Subhead{Text: d.fill(b.Head), Level: 1})
		case b.Head2 != "":
			out = append(out, layout.Subhead{Text: d.fill(b.Head2), Level: 2})
		case b.Contact != nil:
			out = append(out, layout.Contact{Lines: d.fills(b.Contact)})
		case b.Table != "":
			t := d.table(b.Table, b.Columns, b.Sums)
			if len(t.Rows) == 0 {
				t.Rows = empty(0, len(t.Columns))
			}
			out = append(out, t)
		case b.List != "":
			out = append(out, d.list(b.List))
		case b.Receipt != "":
			out = append(out, layout.Receipt{Title: b.Receipt, Lines: d.fills(b.Lines)})
		case b.Turn:
			out = append(out, layout.Turn{})
		case b.Blank:
			out = append(out, layout.Blank{})
		default:
			p := layout.Paragraph{Text: d.fill(b.Para), Flush: b.Flush}
			if b.Centre {
				p.Align = layout.Center
			}
			out = append(out, p)
		}
	}
	return out
}

func (d *drawing) fills(ts []string) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = d.fill(t)
	}
	return out
}
