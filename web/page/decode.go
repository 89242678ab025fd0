package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// Typed is a page's form as it was sent: nothing of it is checked.
//
//	v.FIELD              one text, or a list when it stands several times
//	t.FIELD.ROW.COLUMN   a cell of a table; rows are put in the order of their numbers, empty ones fall away
//	paste.FIELD          lines of cells parted by tabs, as a spreadsheet copies them
//	file.FIELD           files that answer a field
//	chosen.FIELD         names of files that were chosen and are not sent
//	day, seq, key, walk, paper, for, then, draft, rev, who
//
// A field that stands in the form without a value is there, empty: it says that nothing is meant, not that nothing was said.
type Typed struct {
	Day    string
	Seq    uint64
	Key    string
	Walk   procedure.WalkID
	Paper  int
	For    office.PersonID
	Draft  string          // the slot in which it is kept while it is half filled
	Rev    uint64          // what the page saw there last
	Who    office.PersonID // for whom the page was drawn
	Sent   string          // a hash of everything that a person can fill in
	Chosen map[procedure.FieldID][]string
	Then   string // which button: do, save, check, paste:FIELD, row:FIELD, drop:FIELD:ROW
	Back   string
	Values procedure.Values
	Paste  map[procedure.FieldID]string
	Files  map[procedure.FieldID][]*multipart.FileHeader
}

// What one form may hold. More is cut off by the engine's own limits with words; these keep a hostile form from costing much.
const (
	MaxTableRows = 5000
	maxFormKeys  = 60_000
)

// Decode reads a form. It takes whatever comes: what is no part of a form's shape is left out.
func Decode(form url.Values) Typed {
	t := Typed{Day: form.Get("day"), Key: Cut(form.Get("key"), 100), Walk: procedure.WalkID(form.Get("walk")),
		For: office.PersonID(form.Get("for")), Then: form.Get("then"), Back: form.Get("back"),
		Draft: Cut(form.Get("draft"), 40), Who: office.PersonID(form.Get("who")), Values: procedure.Values{}, Paste: map[procedure.FieldID]string{},
		Chosen: map[procedure.FieldID][]string{}}
	t.Rev, _ = strconv.ParseUint(form.Get("rev"), 10, 64)
	t.Seq, _ = strconv.ParseUint(form.Get("seq"), 10, 64)
	t.Paper, _ = strconv.Atoi(form.Get("paper"))
	tables := map[procedure.FieldID]map[int]procedure.Cells{}
	keys := 0
	for name, sent := range form {
		if keys++; keys > maxFormKeys {
			break
		}
		kind, rest, ok := strings.Cut(name, ".")
		if !ok || rest == "" {
			continue
		}
		switch kind {
		case "v":
			t.Values[procedure.FieldID(rest)] = Listed(sent)
		case "chosen":
			t.Chosen[FileField(rest)] = fileNames(sent)
		case "paste":
			t.Paste[procedure.FieldID(rest)] = sent[0]
		case "t":
			field, at, ok := strings.Cut(rest, ".")
			if field == "" {
				continue
			}
			rows := tables[procedure.FieldID(field)]
			if rows == nil {
				rows = map[int]procedure.Cells{}
				tables[procedure.FieldID(field)] = rows
			}
			number, column, ok2 := strings.Cut(at, ".")
			n, err := strconv.Atoi(number)
			if !ok || !ok2 || err != nil || n < 0 || n >= MaxTableRows || column == "" {
				continue
			}
			if rows[n] == nil {
				rows[n] = procedure.Cells{}
			}
			rows[n][procedure.FieldID(column)] = strings.TrimSpace(strings.Join(sent, " ")) // of boxes, several
		}
	}
	if of, ok := strings.CutPrefix(t.Then, "drop:"); ok { // a row is taken out, and the form drawn again
		field, row, _ := strings.Cut(of, ":")
		if n, err := strconv.Atoi(row); err == nil {
			delete(tables[procedure.FieldID(field)], n)
		}
		t.Then = "check"
	}
	for field, rows := range tables {
		t.Values[field] = procedure.Value{Rows: inOrder(rows)}
	}
	return t
}

// FileField is the field that an input for files answers: "file.scan" answers scan, "file" and "camera" none by name.
func FileField(input string) procedure.FieldID {
	field := procedure.FieldID(strings.TrimPrefix(strings.TrimPrefix(input, "file"), "."))
	if field == "camera" {
		field = "" // taken on the spot, as good as chosen
	}
	return field
}

// fileNames are names of files, as many and as long as are said again.
func fileNames(sent []string) []string {
	names := slices.Clone(sent[:min(len(sent), 50)])
	for i := range names {
		names[i] = Cut(names[i], 200)
	}
	return names
}

// SentHash tells whether two pages sent the same: what a person can fill in, files by their names and lengths.
func SentHash(form url.Values, files map[string][]*multipart.FileHeader) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(form)) {
		switch kind, _, _ := strings.Cut(name, "."); kind {
		case "v", "t", "day", "for":
			for _, x := range form[name] {
				fmt.Fprintf(h, "%q=%q\n", name, x)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, f := range files[name] {
			fmt.Fprintf(h, "%q:%q %d\n", name, f.Filename, f.Size)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Listed is the value of a field that was sent once or several times. An empty text beside others is the mark that the
// field was on the page.
func Listed(sent []string) procedure.Value {
	some := slices.DeleteFunc(slices.Clone(sent), func(s string) bool { return s == "" })
	switch len(some) {
	case 0:
		return procedure.Value{}
	case 1:
		return procedure.TextValue(some[0])
	}
	return procedure.Value{List: some}
}

// inOrder is the rows that have something in them, by their numbers.
func inOrder(rows map[int]procedure.Cells) []procedure.Cells {
	var numbers []int
	for n, cells := range rows {
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				numbers = append(numbers, n)
				break
			}
		}
	}
	sort.Ints(numbers)
	out := make([]procedure.Cells, len(numbers))
	for i, n := range numbers {
		out[i] = rows[n]
	}
	return out
}

// Pasted reads lines as a spreadsheet copies them into the columns of a table, left to right. A first line that names
// columns (in any order) says which is which; left are its names that are no column's, whose cells are not read. A sum stands
// as the form writes it; what is none stays as it is, for the form's reader to tell.
func Pasted(lines string, columns []procedure.Field) (rows []procedure.Cells, left []string) {
	var ask []procedure.Field
	for _, c := range columns {
		if c.Shows == nil {
			ask = append(ask, c)
		}
	}
	order := ask
	for i, line := range strings.Split(strings.ReplaceAll(lines, "\r", "\n"), "\n") {
		if strings.TrimSpace(line) == "" || len(rows) >= MaxTableRows {
			continue
		}
		cells := strings.Split(line, "\t")
		if i == 0 {
			if named, unread := header(cells, ask); named != nil {
				order, left = named, unread
				continue
			}
		}
		row := procedure.Cells{}
		for j, cell := range cells {
			if j >= len(order) {
				break
			}
			c := order[j]
			cell = strings.Trim(strings.TrimSpace(cell), `"`)
			if c.ID == "" || cell == "" {
				continue
			}
			if fen, bad := reading.Money(cell); c.Type == procedure.Money && bad == nil {
				cell = procedure.FormatMoney(fen)
			}
			row[c.ID] = chosen(c, cell)
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, left
}

// chosen is the value of the choice that a cell names in words, as a page shows it; else the cell.
func chosen(c procedure.Field, cell string) string {
	for _, x := range c.Choices {
		if cell == x.Label.ZH || strings.EqualFold(cell, x.Label.EN) {
			return x.Value
		}
	}
	return cell
}

// Unread says of what was pasted into a table that columns of it were not read; nil where all were.
func (w Words) Unread(table procedure.FieldID, left []string) *refusal.Error {
	if len(left) == 0 {
		return nil
	}
	return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: string(table), Code: refusal.FieldInvalid,
		Why: "field.columns-left", Args: refusal.Args{"names": strings.Join(left, w.T("list.comma"))}}}}
}

// header maps the names in a first line to columns, and tells those that name none; nil when fewer than two name one.
func header(cells []string, columns []procedure.Field) (named []procedure.Field, left []string) {
	named, hits := make([]procedure.Field, len(cells)), 0
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		at := slices.IndexFunc(columns, func(c procedure.Field) bool {
			return cell == c.Title.ZH || strings.EqualFold(cell, c.Title.EN) || cell == string(c.ID)
		})
		if at < 0 {
			at = alike(cell, columns)
		}
		switch {
		case cell == "":
		case at < 0:
			left = append(left, cell)
		default:
			named[i], hits = columns[at], hits+1
		}
	}
	if hits < min(2, len(columns)) || hits < len(left) { // a row of data may hold a word that is like a name
		return nil, nil
	}
	return named, left
}

// more is by how many characters a heading may be longer than the name of its column; a sentence is none.
const more = 6

// alike is the only column one of whose names, without what stands in brackets, is part of a heading, as 应付工资 of
// 应付工资（元） and 名称 of 单位名称; -1 where none or several are.
func alike(cell string, columns []procedure.Field) int {
	at := -1
	for i, c := range columns {
		title, _, _ := strings.Cut(c.Title.ZH, "（")
		if slices.ContainsFunc(strings.Split(title, "或者"), func(name string) bool {
			n := utf8.RuneCountInString(name)
			return n > 1 && utf8.RuneCountInString(cell) <= n+more && strings.Contains(cell, name)
		}) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// Shape fits what was typed to the fields that the action asks: lists become lists, and what is not asked falls away.
func Shape(values procedure.Values, parts []desk.BlankPart) procedure.Values {
	out := procedure.Values{}
	for _, p := range parts {
		for i := range p.Part.Fields {
			f := &p.Part.Fields[i]
			v, ok := values[f.ID]
			if !ok || f.Shows != nil {
				continue
			}
			switch f.Type {
			case procedure.Choices, procedure.People, procedure.Document, procedure.Respondent:
				v = procedure.Value{List: v.Strings()}
			case procedure.Table:
				v = procedure.Value{Rows: v.Rows}
			}
			out[f.ID] = v
		}
	}
	return out
}
