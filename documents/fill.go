package documents

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dossier/documents/layout"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// field is the field that a layout names, by its id or as PART.FIELD; nil for the paper's own words.
func (d *drawing) field(id procedure.FieldID) *procedure.Field {
	if f := d.s.Form.Field(id); f != nil {
		return f
	}
	part, name, nested := strings.Cut(string(id), ".")
	if p := d.s.Form.Part(procedure.PartID(part)); nested && p != nil {
		for i := range p.Fields {
			if string(p.Fields[i].ID) == name {
				return &p.Fields[i]
			}
		}
	}
	return nil
}

// early tells whether a field shows a clock in a part that nobody has signed yet, on a paper that others have: the day
// after an extension isn't known before it is approved.
func (d *drawing) early(id procedure.FieldID) bool {
	if len(d.s.Signed) == 0 {
		return false
	}
	for i := range d.s.Form.Parts {
		part := &d.s.Form.Parts[i]
		for j := range part.Fields {
			f := &part.Fields[j]
			if f.ID == id && f.Shows != nil && (f.Shows.Due != "" || f.Shows.Left != "" || f.Shows.Used != "") {
				_, signed := d.s.Signed[part.ID]
				return !signed
			}
		}
	}
	return false
}

// holds tests fields of the form; a layout knows no guards. The value `none` is: not given, `any`: given. PART.FIELD asks
// what that part said, whatever a later one says.
func (d *drawing) holds(t *procedure.Test) bool {
	if t == nil {
		return true
	}
	for _, x := range t.Fields {
		has := func(w string) bool {
			v := d.s.Values[x.Field].Value
			return w == "none" && v.Empty() || w == "any" && !v.Empty() || v.Has(w)
		}
		if x.Form != "" {
			id := procedure.FieldID(string(x.Form) + "." + string(x.Field))
			f, printed := d.field(id), d.value(string(id))
			has = func(w string) bool {
				return w == "none" && printed == "" || printed != "" && (w == "any" || f != nil && says(f, printed, w))
			}
		}
		if !slices.ContainsFunc(x.Values, has) {
			return false
		}
	}
	return true
}

// says tells whether a printed value has the words of a choice.
func says(f *procedure.Field, printed, choice string) bool {
	word := choice
	switch {
	case f.Type == procedure.YesNo:
		word = map[string]string{"yes": "是", "no": "否"}[choice]
	default:
		for _, c := range f.Choices {
			if c.Value == choice {
				word = c.Label.ZH
			}
		}
	}
	return strings.Contains("、"+printed+"、", "、"+word+"、")
}

// blank tells whether this is a form without a word on it: a paper for the pen.
func (d *drawing) blank() bool {
	for _, v := range d.s.Values {
		if v.Text != "" || len(v.Rows) > 0 {
			return false
		}
	}
	return true
}

// vacant tells whether a row has no value to show on a form that has some.
func (d *drawing) vacant(r Row) bool {
	if d.blank() {
		return false
	}
	texts := []string{r.Body}
	ids := []procedure.FieldID{r.Long}
	for _, c := range r.Cells {
		ids, texts = append(ids, c.Field), append(texts, c.Text)
	}
	filled := func(x Row) bool { return !d.vacant(x) }
	return !slices.ContainsFunc(r.Rows, filled) && !d.known(ids...) && !d.placed(texts...) && len(d.s.Values[r.Table].Rows) == 0
}

// filled tells whether a block of prose, or one in it, has a value to show.
func (d *drawing) filled(b Block) bool {
	table, _, _ := strings.Cut(b.List, ".")
	return slices.ContainsFunc(b.Text, d.filled) || d.placed(b.Para, b.Head, b.Head2) || d.placed(b.Contact...) || d.placed(b.Lines...) ||
		len(d.s.Values[b.Table].Rows) > 0 || len(d.s.Values[procedure.FieldID(table)].Rows) > 0
}

// placed tells whether a place in one of the texts has a value.
func (d *drawing) placed(texts ...string) bool {
	for _, t := range texts {
		for _, m := range place.FindAllStringSubmatch(t, -1) {
			if d.known(procedure.FieldID(m[1])) {
				return true
			}
		}
	}
	return false
}

// known tells whether one of the fields has a value. A table has one when it has rows, what is counted from it never has.
func (d *drawing) known(ids ...procedure.FieldID) bool {
	return slices.ContainsFunc(ids, func(id procedure.FieldID) bool {
		switch f := d.field(id); {
		case id == "":
			return false
		case f != nil && f.Type == procedure.Table:
			return len(d.s.Values[id].Rows) > 0
		case f != nil && f.Shows != nil && (f.Shows.Sum != "" || f.Shows.Count != ""):
			return false
		}
		return d.value(string(id)) != ""
	})
}

// empty are rows for the pen in a table that has none.
func empty(n, columns int) [][]string {
	if n == 0 {
		n = 5
	}
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = make([]string, columns)
	}
	return rows
}

// piece is a part of a layout's text that is left out while its places have no value; one may stand in another.
var piece = regexp.MustCompile(`\[([^\[\]]*)\]`)

// pieced is a text with those of its pieces that have something to say; of a blank form with all of them.
func (d *drawing) pieced(t string) string {
	if !strings.Contains(t, "[") {
		return t
	}
	blank := d.blank()
	for piece.MatchString(t) {
		t = piece.ReplaceAllStringFunc(t, func(p string) string {
			if p = p[1 : len(p)-1]; blank || d.placed(p) {
				return p
			}
			return ""
		})
	}
	return strings.ReplaceAll(t, "；）", "）")
}

// fill writes the values into a text's places. A value that ends with a full stop gives it up where the sentence goes on.
func (d *drawing) fill(t string) string {
	t = d.pieced(t)
	var out strings.Builder
	end := 0
	for _, at := range place.FindAllStringSubmatchIndex(t, -1) {
		out.WriteString(t[end:at[0]])
		way := ""
		if at[4] >= 0 {
			way = t[at[4]:at[5]]
		}
		v := d.written(t[at[2]:at[3]], way)
		if end = at[1]; end < len(t) && t[end] != '\n' && !strings.HasPrefix(t[end:], "　") {
			v = strings.TrimRight(v, "。；")
		}
		out.WriteString(v)
	}
	out.WriteString(t[end:])
	if d.s.Person {
		return strings.ReplaceAll(out.String(), "你单位", "你")
	}
	return out.String()
}

// cell writes a text for a cell of a table: one whose places have no value leaves the cell blank; of a blank form only one
// that is a single place.
func (d *drawing) cell(t string) string {
	t = d.pieced(t)
	places := place.FindAllStringSubmatch(t, -1)
	if len(places) == 0 || len(places) > 1 && d.blank() {
		return d.fill(t)
	}
	for _, m := range places {
		if m[2] == "boxes" || d.known(procedure.FieldID(m[1])) || len(places) > 1 && d.value(m[1]) != "" {
			return d.fill(t)
		}
	}
	if places[0][0] == t || len(places) > 1 {
		return ""
	}
	return d.fill(t)
}

// written is a value in one of the ways that a place may ask for, or a gap for the pen.
func (d *drawing) written(name, way string) string {
	id := procedure.FieldID(name)
	v := d.value(name)
	switch way {
	case "capital":
		v = ""
		if f := d.s.Values[id]; f.Text != "" {
			v = text.Capital(f.Fen)
		}
	case "count":
		v = ""
		if !d.blank() {
			v = strconv.Itoa(len(d.s.Values[id].Rows))
		}
	case "boxes":
		if f := d.field(id); f != nil {
			return boxes(f, v)
		}
	}
	switch {
	case v == "" && name == "day":
		return dayGap
	case v == "":
		return gap(d.field(id), way)
	}
	return v
}

// isDay tells whether a field shows one day.
func isDay(f *procedure.Field) bool {
	return f.Type == procedure.DateType || f.Shows != nil && (f.Shows.Fact != "" || f.Shows.Due != "")
}

const dayGap = "＿＿＿年＿＿月＿＿日"

// gap stands where a text has a place that is not filled yet: as much room as a pen needs for it.
func gap(f *procedure.Field, way string) string {
	const line = "＿＿＿＿"
	switch {
	case way == "capital":
		return line + line
	case way == "lines":
		return strings.Repeat("＿", 28*8-2)
	case way == "count" || f != nil && (f.Type == procedure.Number || f.Shows != nil && (f.Shows.Count != "" || f.Shows.Left != "" || f.Shows.Used != "")):
		return "＿＿＿"
	case f == nil:
		return line + line
	case isDay(f):
		return dayGap
	case f.Type == procedure.DateTime:
		return "＿＿＿年＿＿月＿＿日＿＿时＿＿分"
	case f.Type == procedure.Money || f.Shows != nil && (f.Shows.Sum != "" || f.Shows.Owed != ""):
		return line + "＿元"
	case f.Type == procedure.LongText:
		return strings.Repeat("＿", 50) // two lines
	case f.Type == procedure.PersonType || f.Type == procedure.People || f.Type == procedure.ChoiceType:
		return line
	}
	return line + line
}

// boxes are all words of a choice, each with a box, ticked or not; a line each where one is long.
func boxes(f *procedure.Field, printed string) string {
	if f.Type == procedure.YesNo {
		return tick(printed == "是") + "是　" + tick(printed == "否") + "否"
	}
	var words []string
	between := "　"
	for _, c := range f.Choices {
		word := c.Label.ZH
		if len([]rune(word)) > 12 {
			between = "\n"
		}
		words = append(words, tick(strings.Contains("、"+printed+"、", "、"+word+"、"))+word)
	}
	return strings.Join(words, between)
}

func tick(on bool) string {
	if on {
		return "☑"
	}
	return "□"
}

// said are the lines of a record's body.
func (d *drawing) said() []layout.Line {
	var out []layout.Line
	for _, x := range d.p.Lines {
		if !d.holds(x.When) {
			continue
		}
		if x.Para != "" {
			out = append(out, layout.Line{Text: d.fill(x.Para)})
			continue
		}
		if f := d.field(x.Field); f != nil && f.Type == procedure.Table {
			out = append(out, d.asked(x.Field)...)
			continue
		}
		out = append(out, spoken(d.value(string(x.Field)))...)
	}
	if d.blank() {
		return nil
	}
	return out
}

// asked are the rows of a table of questions and answers.
func (d *drawing) asked(id procedure.FieldID) []layout.Line {
	var out []layout.Line
	for _, row := range d.s.Values[id].Rows {
		for _, said := range []layout.Line{{Speaker: "问", Text: row["question"]}, {Speaker: "答", Text: row["answer"]}} {
			if said.Text != "" {
				out = append(out, said)
			}
		}
	}
	return out
}

// spoken parts a text into what was said, line by line: who begins with 问： or 答： speaks.
func spoken(text string) []layout.Line {
	var out []layout.Line
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		speaker := ""
		for _, w := range []string{"问", "答"} {
			if rest, ok := strings.CutPrefix(l, w+"："); ok {
				speaker, l = w, rest
			}
		}
		out = append(out, layout.Line{Speaker: speaker, Text: l})
	}
	return out
}

// list numbers the rows of a table's column, or the words chosen in a field; a blank form gets what the pen needs: boxes
// to tick, or three numbers.
func (d *drawing) list(id string) layout.Paragraph {
	var items []string
	table, col, _ := strings.Cut(id, ".")
	for _, row := range d.s.Values[procedure.FieldID(table)].Rows {
		items = append(items, row[procedure.FieldID(col)])
	}
	if f := d.field(procedure.FieldID(id)); f != nil && f.Type == procedure.Choices {
		printed := d.value(id)
		for _, c := range f.Choices {
			if printed != "" && says(f, printed, c.Value) {
				items = append(items, c.Label.ZH)
			}
		}
		if len(items) == 0 {
			return layout.Paragraph{Text: boxes(f, "")}
		}
	}
	if len(items) == 0 {
		const line = "＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"
		return layout.Paragraph{Text: "1．" + line + "\n2．" + line + "\n3．" + line}
	}
	for i, item := range items {
		item, end := strings.TrimRight(item, "。；"), "；"
		switch {
		case strings.HasSuffix(item, "？"), strings.HasSuffix(item, "！"):
			end = ""
		case i == len(items)-1:
			end = "。"
		}
		items[i] = strconv.Itoa(i+1) + "．" + item + end
	}
	return layout.Paragraph{Text: strings.Join(items, "\n")}
}
