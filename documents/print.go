package documents

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// Print is how a form is laid out on paper, as the `print:` of its file says it: see README.md.
type Print struct {
	Page      string           // form, prose or record
	Twin      procedure.FormID // the form whose grid this one shares on purpose
	Rows      []Row            // of a form; of a record, its head
	Notes     []string
	Titles    []string // of prose; of a form or record, one that stands instead of its name
	Addressee string
	Text      []Block
	Unsigned  bool   // prose without the bureau's signature and seal
	Signer    string // who signs instead of the bureau
	Seal      bool
	After     []Block
	Lines     []Said // of a record: what was said and found, in order
	Signs     []string
}

// Said is a piece of a record's body: a field (paragraphs, of which those that begin with 问： or 答： are somebody's words;
// or a table of questions and answers), or a text with places.
type Said struct {
	When  *procedure.Test
	Field procedure.FieldID
	Para  string
}

// Row is one row of a table page. Exactly one of its ways is set. A row that is optional is left out when it has no value
// to show; a blank form shows it for the pen.
type Row struct {
	When     *procedure.Test
	Rows     []Row // with When
	Optional bool
	Cells    []Cell
	Widths   []float64
	Long     procedure.FieldID
	Label    string
	Height   float64
	Opinion  procedure.PartID
	Text     procedure.FieldID // of an opinion: the field that it shows
	Note     string
	Pens     int // how many sign
	Table    procedure.FieldID
	Columns  []TableColumn
	Sums     bool
	Lines    int // of a table without rows yet: how many empty rows the pen gets, 5 if it isn't said
	Heading  string
	Body     string // a text of its own, with places, over the whole width
	Turn     bool   // what follows begins a page
}

// Cell is a label with a value.
type Cell struct {
	Field procedure.FieldID // or one of the paper's own words: see own
	Label string
	Text  string // instead of a field: a text with places
	Day   bool
	Sign  bool
}

// TableColumn is a column of a table on paper.
type TableColumn struct {
	Field procedure.FieldID
	Title string
	Width float64
	Align string
}

// Block is a part of a prose document. Exactly one of its ways is set. A block that is optional is left out like a [Row].
type Block struct {
	When     *procedure.Test
	Text     []Block // with When, or of several blocks that are optional together
	Optional bool    // left out when none of its places has a value; a blank form has it
	Para     string
	Flush    bool
	Centre   bool
	Head     string
	Head2    string
	Contact  []string
	Table    procedure.FieldID
	Columns  []TableColumn
	Sums     bool
	List     string // TABLE.COLUMN: each row a numbered paragraph; or a field of choices: each that was chosen
	Receipt  string
	Lines    []string
	Blank    bool
	Turn     bool // a new page
}

// own are the words that every paper knows beside its form's fields.
var own = []string{"number", "case-number", "party", "cause", "day", "bureau", "brigade"}

// signing are the words that a layout may ask of a part beside its fields, as in {approval.signers}: who signed it, and when.
var signing = []string{"signers", "signed-on"}

var place = regexp.MustCompile(`\{([a-z0-9-]+(?:\.[a-z0-9-]+)?)(?::([a-z]+))?\}`)

// printer reads the `print:` of one form.
type printer struct {
	*grammar.Reader
	form *procedure.Form
}

// readPrint reads a layout; faults go into r.
func readPrint(r *grammar.Reader, form *procedure.Form, n *strictyaml.Node) *Print {
	p := &printer{r, form}
	x := &Print{}
	if n == nil || !p.Keys(n, "page", "twin", "rows", "notes", "titles", "addressee", "text", "signature", "after", "lines", "signs") {
		return x
	}
	p.Require(n, "page")
	x.Page = p.String(n.Get("page"))
	if pages := []string{"form", "prose", "record"}; x.Page != "" && !slices.Contains(pages, x.Page) {
		p.Fault(n.Get("page"), fmt.Sprintf("no page %q", x.Page), strictyaml.Offer(x.Page, pages))
	}
	x.Twin = procedure.FormID(p.String(n.Get("twin")))
	x.Rows = p.rows(n.Get("rows"))
	x.Notes = p.texts(n.Get("notes"))
	x.Titles = p.texts(n.Get("titles"))
	x.Addressee = p.text(n.Get("addressee"))
	x.Text = p.blocks(n.Get("text"))
	x.After = p.blocks(n.Get("after"))
	if s := n.Get("signature"); s != nil {
		switch {
		case s.Kind == strictyaml.Scalar && s.Text == "none":
			x.Unsigned = true
		case p.Keys(s, "name", "seal"):
			x.Signer = p.text(s.Get("name"))
			x.Seal = p.Bool(s.Get("seal"))
		}
	} else {
		x.Seal = true
	}
	x.Lines = p.said(n.Get("lines"))
	x.Signs = p.Strings(n.Get("signs"))
	return x
}

func (p *printer) texts(n *strictyaml.Node) []string {
	var ts []string
	if n != nil && n.Kind == strictyaml.Scalar {
		return []string{p.text(n)}
	}
	for _, x := range p.List(n) {
		ts = append(ts, p.text(x))
	}
	return ts
}

// text reads a text and checks its places: {field}, {field:capital}.
func (p *printer) text(n *strictyaml.Node) string {
	if n == nil {
		return ""
	}
	t := p.String(n)
	for _, m := range place.FindAllStringSubmatch(t, -1) {
		p.known(n, m[1])
		if how := m[2]; how != "" && !slices.Contains([]string{"capital", "count", "sum", "boxes", "lines"}, how) {
			p.Fault(n, fmt.Sprintf("no way %q to write a value", how), "write {field}, {field:capital} for a sum in words, {table:count}, {table.column:sum}, {choice:boxes} for each of its words with a box, or {field:lines} for room to write when it is empty")
		}
	}
	if strings.Contains(place.ReplaceAllString(t, ""), "{") {
		p.Fault(n, "a place that can't be read", "write {field}")
	}
	return t
}

// known checks the name of a field of the form, or one of the paper's own words; "table.column" and "part.field" too.
func (p *printer) known(n *strictyaml.Node, name string) {
	if slices.Contains(own, name) || strings.HasPrefix(name, "setting-") {
		return
	}
	field, col, nested := strings.Cut(name, ".")
	if part := p.form.Part(procedure.PartID(field)); nested && part != nil {
		if !slices.Contains(signing, col) && !slices.ContainsFunc(part.Fields, func(f procedure.Field) bool { return string(f.ID) == col }) {
			p.Fault(n, fmt.Sprintf("part %q has no field %q", field, col), "")
		}
		return
	}
	f := p.form.Field(procedure.FieldID(field))
	if f == nil {
		p.Fault(n, fmt.Sprintf("form %s has no field %q", p.form.ID, field), strictyaml.Offer(field, append(p.names(), own...)))
		return
	}
	if f.Shows != nil && f.Shows.Value.Field != "" {
		return // its columns are another form's
	}
	if col != "" && !slices.ContainsFunc(f.Columns, func(c procedure.Field) bool { return string(c.ID) == col }) {
		p.Fault(n, fmt.Sprintf("table %q has no column %q", field, col), "")
	}
}

func (p *printer) names() []string {
	var ns []string
	for _, part := range p.form.Parts {
		for _, f := range part.Fields {
			ns = append(ns, string(f.ID))
		}
	}
	return ns
}

func (p *printer) field(n *strictyaml.Node) procedure.FieldID {
	if n == nil {
		return ""
	}
	name := p.String(n)
	p.known(n, name)
	return procedure.FieldID(name)
}

func (p *printer) rows(n *strictyaml.Node) []Row {
	var rows []Row
	for _, x := range p.List(n) {
		if x.Kind == strictyaml.List {
			rows = append(rows, Row{Cells: p.cells(x)})
			continue
		}
		if !p.Keys(x, "when", "rows", "optional", "fields", "widths", "long", "label", "height", "opinion", "text", "note", "pens", "table",
			"columns", "sums", "lines", "heading", "body", "turn") {
			continue
		}
		r := Row{When: p.test(x.Get("when")), Rows: p.rows(x.Get("rows")), Optional: p.Bool(x.Get("optional")), Lines: p.Int(x.Get("lines")), Long: p.field(x.Get("long")), Label: p.String(x.Get("label")),
			Height: p.number(x.Get("height")), Text: p.field(x.Get("text")), Note: p.String(x.Get("note")), Pens: p.Int(x.Get("pens")),
			Table: p.field(x.Get("table")), Sums: p.Bool(x.Get("sums")), Heading: p.text(x.Get("heading")), Body: p.text(x.Get("body")), Turn: p.Bool(x.Get("turn"))}
		if f := x.Get("fields"); f != nil {
			r.Cells = p.cells(f)
		}
		for _, w := range p.List(x.Get("widths")) {
			r.Widths = append(r.Widths, p.number(w))
		}
		if len(r.Widths) > 0 && len(r.Widths) != 2*len(r.Cells) {
			p.Fault(x.Get("widths"), fmt.Sprintf("%d widths for %d fields", len(r.Widths), len(r.Cells)), "give a label's and a value's width for each field")
		}
		if o := x.Get("opinion"); o != nil {
			r.Opinion = procedure.PartID(p.String(o))
			if p.form.Part(r.Opinion) == nil {
				p.Fault(o, fmt.Sprintf("form %s has no part %q", p.form.ID, r.Opinion), "")
			}
		}
		r.Columns = p.columns(x.Get("columns"), r.Table)
		rows = append(rows, r)
	}
	return rows
}

// test reads a test on fields of this form; a layout knows no guards and no other forms.
func (p *printer) test(n *strictyaml.Node) *procedure.Test {
	t := p.Test(n)
	if t == nil {
		return nil
	}
	if t.Is != nil {
		p.Fault(n, "a layout can't ask a guard", "test fields of this form")
	}
	for _, x := range t.Fields {
		name := string(x.Field)
		if x.Form != "" {
			name = string(x.Form) + "." + name
		}
		p.known(n, name)
		f := p.form.Field(x.Field)
		if f == nil || f.Type != procedure.ChoiceType && f.Type != procedure.Choices {
			continue
		}
		for _, v := range x.Values {
			if v != "none" && v != "any" && !slices.ContainsFunc(f.Choices, func(c procedure.Allowed) bool { return c.Value == v }) {
				p.Fault(n, fmt.Sprintf("field %q has no choice %q", x.Field, v), "")
			}
		}
	}
	return t
}

// said reads the body of a record: a field, or a list of fields, texts and {when: TEST, field or para}.
func (p *printer) said(n *strictyaml.Node) []Said {
	if n == nil {
		return nil
	}
	if n.Kind == strictyaml.Scalar {
		return []Said{{Field: p.field(n)}}
	}
	var all []Said
	for _, x := range p.List(n) {
		switch {
		case x.Kind == strictyaml.Scalar && p.form.Field(procedure.FieldID(x.Text)) != nil:
			all = append(all, Said{Field: procedure.FieldID(x.Text)})
		case x.Kind == strictyaml.Scalar:
			all = append(all, Said{Para: p.text(x)})
		case p.Keys(x, "when", "field", "para"):
			all = append(all, Said{When: p.test(x.Get("when")), Field: p.field(x.Get("field")), Para: p.text(x.Get("para"))})
		}
	}
	return all
}

func (p *printer) number(n *strictyaml.Node) float64 {
	if n == nil {
		return 0
	}
	v, err := strconv.ParseFloat(p.String(n), 64)
	if err != nil || v < 0 || v > 300 {
		p.Fault(n, fmt.Sprintf("%q is not a length in millimetres", n.Text), "")
	}
	return v
}

func (p *printer) cells(n *strictyaml.Node) []Cell {
	var cs []Cell
	for _, x := range p.List(n) {
		if x.Kind == strictyaml.Scalar {
			cs = append(cs, Cell{Field: p.field(x)})
			continue
		}
		if p.Keys(x, "field", "label", "text", "day", "sign") {
			cs = append(cs, Cell{Field: p.field(x.Get("field")), Label: p.String(x.Get("label")), Text: p.text(x.Get("text")),
				Day: p.Bool(x.Get("day")), Sign: p.Bool(x.Get("sign"))})
		}
	}
	return cs
}

func (p *printer) columns(n *strictyaml.Node, table procedure.FieldID) []TableColumn {
	var cs []TableColumn
	for _, x := range p.List(n) {
		if x.Kind == strictyaml.Scalar {
			cs = append(cs, TableColumn{Field: procedure.FieldID(p.String(x))})
			p.known(x, string(table)+"."+x.Text)
			continue
		}
		if p.Keys(x, "field", "title", "width", "align") {
			c := TableColumn{Field: procedure.FieldID(p.String(x.Get("field"))), Title: p.String(x.Get("title")), Width: p.number(x.Get("width")), Align: p.String(x.Get("align"))}
			p.known(x, string(table)+"."+string(c.Field))
			cs = append(cs, c)
		}
	}
	return cs
}

func (p *printer) blocks(n *strictyaml.Node) []Block {
	var bs []Block
	for _, x := range p.List(n) {
		if x.Kind == strictyaml.Scalar {
			bs = append(bs, Block{Para: p.text(x)})
			continue
		}
		if !p.Keys(x, "when", "text", "para", "flush", "centre", "head", "head2", "contact", "table", "columns", "sums", "list", "receipt", "lines", "blank", "turn", "optional") {
			continue
		}
		b := Block{When: p.test(x.Get("when")), Text: p.blocks(x.Get("text")), Optional: p.Bool(x.Get("optional")), Para: p.text(x.Get("para")), Flush: p.Bool(x.Get("flush")),
			Centre: p.Bool(x.Get("centre")), Head: p.text(x.Get("head")), Head2: p.text(x.Get("head2")), Contact: p.texts(x.Get("contact")),
			Table: p.field(x.Get("table")), Sums: p.Bool(x.Get("sums")), Receipt: p.String(x.Get("receipt")), Lines: p.texts(x.Get("lines")), Blank: p.Bool(x.Get("blank")), Turn: p.Bool(x.Get("turn"))}
		b.Columns = p.columns(x.Get("columns"), b.Table)
		if l := x.Get("list"); l != nil {
			b.List = string(p.field(l))
		}
		bs = append(bs, b)
	}
	return bs
}
