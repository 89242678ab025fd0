package documents

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// Print is how a form is laid out on paper, as the `print:` of its file says it: see README.md.
type Print struct {
	Page      string           `yaml:"page,required"` // form, prose or record
	Twin      procedure.FormID `yaml:"twin"`          // the form whose grid this one shares on purpose
	Rows      []Row            `yaml:"rows"`          // of a form; of a record, its head
	Notes     []string         `yaml:"notes"`
	Titles    []string         `yaml:"titles"` // of prose; of a form or record, one that stands instead of its name
	Addressee string           `yaml:"addressee"`
	Text      []Block          `yaml:"text"`
	Unsigned  bool             `yaml:"signature,by-hand"` // prose without the bureau's signature and seal
	Signer    string           // who signs instead of the bureau
	Seal      bool
	After     []Block  `yaml:"after"`
	Lines     []Said   `yaml:"lines"` // of a record: what was said and found, in order
	Signs     []string `yaml:"signs"`
}

// Said is a piece of a record's body: a field (paragraphs, of which those that begin with 问： or 答： are somebody's words;
// or a table of questions and answers), or a text with places.
type Said struct {
	When  *procedure.Test   `yaml:"when"`
	Field procedure.FieldID `yaml:"field"`
	Para  string            `yaml:"para"`
}

// Row is one row of a table page. Exactly one of its ways is set. A row that is optional is left out when it has no value
// to show; a blank form shows it for the pen.
type Row struct {
	When     *procedure.Test   `yaml:"when"`
	Rows     []Row             `yaml:"rows"` // with When
	Optional bool              `yaml:"optional"`
	Cells    []Cell            `yaml:"fields"`
	Widths   []float64         `yaml:"widths"`
	Long     procedure.FieldID `yaml:"long"`
	Label    string            `yaml:"label"`
	Height   float64           `yaml:"height"`
	Opinion  procedure.PartID  `yaml:"opinion"`
	Text     procedure.FieldID `yaml:"text"` // of an opinion: the field that it shows
	Note     string            `yaml:"note"`
	Pens     int               `yaml:"pens"` // how many sign
	Table    procedure.FieldID `yaml:"table"`
	Columns  []TableColumn     `yaml:"columns"`
	Sums     bool              `yaml:"sums"`
	Lines    int               `yaml:"lines"` // of a table without rows yet: how many empty rows the pen gets, 5 if it isn't said
	Heading  string            `yaml:"heading"`
	Body     string            `yaml:"body"` // a text of its own, with places, over the whole width
	Turn     bool              `yaml:"turn"` // what follows begins a page
}

// Cell is a label with a value.
type Cell struct {
	Field procedure.FieldID `yaml:"field"` // or one of the paper's own words: see own
	Label string            `yaml:"label"`
	Text  string            `yaml:"text"` // instead of a field: a text with places
	Day   bool              `yaml:"day"`
	Sign  bool              `yaml:"sign"`
}

// RowNumber is the column of a table on paper that counts its rows.
const RowNumber procedure.FieldID = "row"

// TableColumn is a column of a table on paper.
type TableColumn struct {
	Field procedure.FieldID `yaml:"field"`
	Title string            `yaml:"title"`
	Width float64           `yaml:"width"`
	Align string            `yaml:"align"`
	Count string            `yaml:"count"` // in the row of sums: how many rows there are, of what: 人
}

// Block is a part of a prose document. Exactly one of its ways is set. A block that is optional is left out like a [Row].
type Block struct {
	When     *procedure.Test   `yaml:"when"`
	Text     []Block           `yaml:"text"`     // with When, or of several blocks that are optional together
	Optional bool              `yaml:"optional"` // left out when none of its places has a value; a blank form has it
	Para     string            `yaml:"para"`
	Flush    bool              `yaml:"flush"`
	Centre   bool              `yaml:"centre"`
	Head     string            `yaml:"head"`
	Head2    string            `yaml:"head2"`
	Contact  []string          `yaml:"contact"`
	Table    procedure.FieldID `yaml:"table"`
	Columns  []TableColumn     `yaml:"columns"`
	Sums     bool              `yaml:"sums"`
	List     string            `yaml:"list"` // TABLE.COLUMN: each row a numbered paragraph; or a field of choices: each that was chosen
	Receipt  string            `yaml:"receipt"`
	Lines    []string          `yaml:"lines"`
	Blank    bool              `yaml:"blank"`
	Turn     bool              `yaml:"turn"` // a new page
}

// own are the words that every paper knows beside its form's fields.
var own = procedure.PaperWords

var place = regexp.MustCompile(`\{([a-z0-9-]+(?:\.[a-z0-9-]+)?)(?::([a-z]+))?\}`)

// layoutWords are the ways in which a layout's words are written.
func (f *file) layoutWords() {
	strictyaml.Register(f.Decoder, f.millimetres, strictyaml.Plain(map[string]any{"type": "number", "minimum": 0, "maximum": 300}))
	short := func(t reflect.Type) func(strictyaml.Schemas) map[string]any {
		return func(s strictyaml.Schemas) map[string]any {
			return map[string]any{"anyOf": []any{map[string]any{"type": []string{"string", "number"}}, s.Struct(t)}}
		}
	}
	strictyaml.Register(f.Decoder, func(n *strictyaml.Node) (c Cell) {
		if n.Kind == strictyaml.Scalar {
			f.fieldOf(n)
			return Cell{Field: procedure.FieldID(n.Text)}
		}
		f.Struct(n, &c)
		return c
	}, short(reflect.TypeFor[Cell]()))
	strictyaml.Register(f.Decoder, func(n *strictyaml.Node) (c TableColumn) {
		if n.Kind == strictyaml.Scalar {
			return TableColumn{Field: procedure.FieldID(n.Text)}
		}
		f.Struct(n, &c)
		return c
	}, short(reflect.TypeFor[TableColumn]()))
	strictyaml.Register(f.Decoder, func(n *strictyaml.Node) (b Block) {
		if n.Kind == strictyaml.Scalar {
			f.places(n)
			return Block{Para: n.Text}
		}
		f.Struct(n, &b)
		return b
	}, short(reflect.TypeFor[Block]()))
	strictyaml.Register(f.Decoder, func(n *strictyaml.Node) (s Said) {
		switch {
		case n.Kind != strictyaml.Scalar:
			f.Struct(n, &s)
		case f.form.Field(procedure.FieldID(n.Text)) != nil:
			s.Field = procedure.FieldID(n.Text)
		default:
			f.places(n)
			s.Para = n.Text
		}
		return s
	}, short(reflect.TypeFor[Said]()))
	strictyaml.Register(f.Decoder, func(n *strictyaml.Node) (r Row) {
		if n.Kind == strictyaml.List {
			f.Into(n, &r.Cells)
			return r
		}
		f.Struct(n, &r)
		return r
	}, func(s strictyaml.Schemas) map[string]any {
		return map[string]any{"anyOf": []any{s.Of(reflect.TypeFor[[]Cell](), ""), s.Struct(reflect.TypeFor[Row]())}}
	})
	strictyaml.After(f.Decoder, f.layout)
	strictyaml.After(f.Decoder, f.row)
	strictyaml.After(f.Decoder, func(n *strictyaml.Node, _ *Cell) { f.fieldsOf(n, "field"); f.placesOf(n, "text") })
	strictyaml.After(f.Decoder, func(n *strictyaml.Node, _ *Said) { f.fieldsOf(n, "field"); f.placesOf(n, "para"); f.testOf(n) })
	strictyaml.After(f.Decoder, func(n *strictyaml.Node, b *Block) {
		f.fieldsOf(n, "table", "list")
		f.placesOf(n, "para", "head", "head2", "contact", "lines")
		f.columnsOf(n, b.Table)
		f.testOf(n)
	})
}

// layout completes a layout and checks what its texts ask for.
func (f *file) layout(n *strictyaml.Node, p *Print) {
	if pages := []string{"form", "prose", "record"}; p.Page != "" && !slices.Contains(pages, p.Page) {
		f.Fault(n.Get("page"), text.Say("no page %q", p.Page), strictyaml.Offer(p.Page, pages))
	}
	f.placesOf(n, "notes", "titles", "addressee")
	switch s := n.Get("signature"); {
	case s == nil:
		p.Seal = true
	case s.Kind == strictyaml.Scalar && s.Text == "none":
		p.Unsigned = true
	case f.Keys(s, "name", "seal"):
		f.placesOf(s, "name")
		p.Signer, p.Seal = f.String(s.Get("name")), f.Bool(s.Get("seal"))
	}
}

// row checks one row of a table page.
func (f *file) row(n *strictyaml.Node, r *Row) {
	f.fieldsOf(n, "long", "text", "table")
	f.placesOf(n, "heading", "body")
	f.columnsOf(n, r.Table)
	f.testOf(n)
	if len(r.Widths) > 0 && len(r.Widths) != 2*len(r.Cells) {
		f.Fault(n.Get("widths"), text.Say("%s widths for %s fields", len(r.Widths), len(r.Cells)), "give a label's and a value's width for each field")
	}
	if r.Opinion != "" && f.form.Part(r.Opinion) == nil {
		f.Fault(n.Get("opinion"), text.Say("form %s has no part %q", f.form.ID, r.Opinion), "")
	}
}

// placesOf checks the places in the texts, or lists of texts, of these keys.
func (f *file) placesOf(n *strictyaml.Node, keys ...string) {
	for _, key := range keys {
		switch at := n.Get(key); {
		case at == nil:
		case at.Kind == strictyaml.List:
			for _, item := range at.Items {
				f.places(item)
			}
		default:
			f.places(at)
		}
	}
}

// places checks the places of a text: {field}, {field:capital}.
func (f *file) places(n *strictyaml.Node) {
	for _, m := range place.FindAllStringSubmatch(n.Text, -1) {
		f.knows(n, m[1])
		if how := m[2]; how != "" && !slices.Contains([]string{"capital", "count", "sum", "boxes", "lines"}, how) {
			f.Fault(n, text.Say("no way %q to write a value", how), "write {field}, {field:capital} for a sum in words, {table:count}, {table.column:sum}, {choice:boxes} for each of its words with a box, or {field:lines} for room to write when it is empty")
		}
	}
	if strings.Contains(place.ReplaceAllString(n.Text, ""), "{") {
		f.Fault(n, "a place that can't be read", "write {field}")
	}
	rest := n.Text
	for piece.MatchString(rest) {
		rest = piece.ReplaceAllStringFunc(rest, func(p string) string {
			if p = p[1 : len(p)-1]; !place.MatchString(p) {
				f.Fault(n, text.Say("a piece without a place: [%s]", p), "it is left out while its places are empty: name a field in it, or write 〔 〕 for marks of the text")
			}
			return p
		})
	}
	if strings.ContainsAny(rest, "[]") {
		f.Fault(n, "a piece that begins or ends nowhere", "write [ and ] around what is left out while its places are empty")
	}
}

// fieldsOf checks that these keys name fields.
func (f *file) fieldsOf(n *strictyaml.Node, keys ...string) {
	for _, key := range keys {
		if at := n.Get(key); at != nil {
			f.fieldOf(at)
		}
	}
}

func (f *file) fieldOf(n *strictyaml.Node) {
	if n.Kind == strictyaml.Scalar {
		f.knows(n, n.Text)
	}
}

// columnsOf checks the columns of a table on paper.
func (f *file) columnsOf(n *strictyaml.Node, table procedure.FieldID) {
	columns := n.Get("columns")
	if columns == nil {
		return
	}
	for _, c := range columns.Items {
		column := c.Text
		if c.Kind == strictyaml.Map {
			column = f.String(c.Get("field"))
		}
		if column == string(RowNumber) {
			continue
		}
		f.knows(c, string(table)+"."+column)
	}
}

// knows checks the name of a field of the form, or one of the paper's own words; "table.column" and "part.field" too.
func (f *file) knows(n *strictyaml.Node, name string) {
	if slices.Contains(own, name) || strings.HasPrefix(name, procedure.SettingWord) {
		return
	}
	field, col, nested := strings.Cut(name, ".")
	if part := f.form.Part(procedure.PartID(field)); nested && part != nil {
		if !slices.Contains(procedure.SigningWords, col) && !slices.ContainsFunc(part.Fields, func(x procedure.Field) bool { return string(x.ID) == col }) {
			f.Fault(n, text.Say("part %q has no field %q", field, col), "")
		}
		return
	}
	x := f.form.Field(procedure.FieldID(field))
	if x == nil {
		f.Fault(n, text.Say("form %s has no field %q", f.form.ID, field), strictyaml.Offer(field, append(f.names(), own...)))
		return
	}
	if x.Shows != nil && (x.Shows.Value.Field != "" || x.Shows.Contents) {
		return // its columns are another form's, or the record's
	}
	if col != "" && !slices.ContainsFunc(x.Columns, func(c procedure.Field) bool { return string(c.ID) == col }) {
		f.Fault(n, text.Say("table %q has no column %q", field, col), "")
	}
}

func (f *file) names() []string {
	var ns []string
	for _, part := range f.form.Parts {
		for _, x := range part.Fields {
			ns = append(ns, string(x.ID))
		}
	}
	return ns
}

// testOf checks a test on fields of this form; a layout knows no guards and no other forms.
func (f *file) testOf(n *strictyaml.Node) {
	at := n.Get("when")
	if at == nil || at.Kind != strictyaml.Map {
		return
	}
	for _, k := range at.Keys {
		if k.Name == "is" {
			f.Fault(at, "a layout can't ask a guard", "test fields of this form")
			continue
		}
		f.knows(at, k.Name)
		x := f.form.Field(procedure.FieldID(k.Name))
		if x == nil || x.Type != procedure.ChoiceType && x.Type != procedure.Choices {
			continue
		}
		for _, v := range f.Strings(k.Value) {
			if v != "none" && v != "any" && !slices.ContainsFunc(x.Choices, func(c procedure.Allowed) bool { return c.Value == v }) {
				f.Fault(at, text.Say("field %q has no choice %q", k.Name, v), "")
			}
		}
	}
}

func (f *file) millimetres(n *strictyaml.Node) float64 {
	v, err := strconv.ParseFloat(f.String(n), 64)
	if err != nil || v < 0 || v > 300 {
		f.Fault(n, text.Say("%q is not a length in millimetres", n.Text), "")
	}
	return v
}
