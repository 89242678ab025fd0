package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/takeover"
	"dossier/engine/typed"
)

// CaseSheet is what was read of a sheet of cases.
type CaseSheet struct {
	Rows []CaseRow
	Left []string // titles of columns that mean nothing here
}

// CaseRow is one case as it stands in the sheet. Faults are those of the sheet itself; what is wrong with the case the
// engine tells ([engine.Engine.Rehearse]), by the same paths.
type CaseRow struct {
	N      int               // the row's number
	Party  string            // who the case is about
	Texts  map[string]string // what stands in each column that is filled in, by its path
	Begun  takeover.Begun    // without its actor
	Faults []refusal.FieldFault
	lists  map[procedure.FieldID][]int // the rows of the lists' sheets, in order
}

// headRows is how far down the row of titles may stand.
const headRows = 10

// Read reads the cases of a sheet that was made by [Cases.Template]: columns are found by their titles, wherever they
// stand. People named by name become their user names. It fails with an *engine.Error of the path "file" when the sheet as
// a whole can't be read.
func (c *Cases) Read(data []byte, office *office.Office) (*CaseSheet, error) {
	book, err := Read(data)
	if err != nil {
		return nil, err
	}
	page, head, at, err := c.find(book)
	if err != nil {
		return nil, err
	}
	out := &CaseSheet{}
	var used []int
	for _, i := range at {
		used = append(used, i)
	}
	for i, cell := range head.Cells {
		if t := title(cell.Raw); t != "" && !slices.Contains(used, i) {
			out.Left = append(out.Left, t)
		}
	}
	lists, err := c.lists(book)
	if err != nil {
		return nil, err
	}
	seen := map[string]int{}
	for _, r := range page.Rows {
		if r.N <= head.N {
			continue
		}
		if row, filled := c.row(r, at, book.since, office); filled {
			seen[row.Texts[keyColumn]]++
			out.Rows = append(out.Rows, row)
		}
	}
	if len(out.Rows) == 0 {
		return nil, refuse("sheet.no-rows", nil)
	}
	for i := range out.Rows {
		row := &out.Rows[i]
		for _, l := range lists {
			l.give(row, seen)
		}
		row.Begun.Key = row.key()
	}
	for _, l := range lists {
		for _, key := range slices.Sorted(maps.Keys(l.rows)) {
			if seen[key] == 0 {
				return nil, refuse("sheet.no-such-key", refusal.Args{"sheet": l.name(), "row": strconv.Itoa(l.rows[key][0].N), "key": or(key, "（空）")})
			}
		}
	}
	return out, nil
}

// title is a column's title as it is compared: without space, line ends and marks.
func title(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t\u3000\u00a0*＊", r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "（必填）", ""))
}

// find finds the sheet of cases: the row of titles, and where each column stands.
func (c *Cases) find(book *Book) (Page, Row, map[string]int, error) {
	for _, p := range book.Pages {
		if p.Name == aboutName || p.Name == lists {
			continue
		}
		for _, r := range p.Rows[:min(len(p.Rows), headRows)] {
			at := map[string]int{}
			for i, cell := range r.Cells {
				t := title(cell.Raw)
				for _, x := range c.Columns {
					if t == "" || t != title(x.Title) {
						continue
					}
					if _, twice := at[x.Path]; twice {
						return p, r, nil, refuse("sheet.column-twice", refusal.Args{"column": x.Title})
					}
					at[x.Path] = i
				}
			}
			if _, ok := at[stateColumn]; !ok && len(at) < 3 {
				continue
			}
			var missing []string
			for _, x := range c.Columns {
				if _, ok := at[x.Path]; !ok && x.Must {
					missing = append(missing, x.Title)
				}
			}
			if len(missing) > 0 {
				return p, r, nil, refuse("sheet.no-column", refusal.Args{"columns": strings.Join(missing, "、")})
			}
			return p, r, at, nil
		}
	}
	return Page{}, Row{}, nil, refuse("sheet.no-header", nil)
}

// row reads one case; filled is false of a row that has nothing but its number.
func (c *Cases) row(r Row, at map[string]int, since int, office *office.Office) (row CaseRow, filled bool) {
	row = CaseRow{N: r.N, Texts: map[string]string{}, lists: map[procedure.FieldID][]int{},
		Begun: takeover.Begun{Workflow: c.edition.Def.ID, Opening: procedure.Values{}, At: procedure.Values{}}}
	var facts, numbers procedure.Value
	for i := range c.Columns {
		x := &c.Columns[i]
		place, ok := at[x.Path]
		if !ok {
			continue
		}
		cell := r.at(place)
		text := cell.text()
		if text == "" {
			continue
		}
		filled = filled || x.Path != keyColumn
		values, why := c.cell(cell, x, since)
		row.Texts[x.Path] = strings.Join(values, "、")
		if x.Path == c.Party() {
			row.Party = row.Texts[x.Path]
		}
		if why != "" {
			row.fault(x.Path, why, refusal.Args{"field": x.Title, "value": text})
		}
		name := strings.TrimPrefix(strings.TrimPrefix(x.Path, factPrefix), numberPrefix)
		switch {
		case x.Path == keyColumn:
		case x.Path == receivedColumn:
			if row.Begun.Received = parseDay(values[0]); row.Begun.Received == 0 && why == "" {
				row.fault(x.Path, "field.date", refusal.Args{"field": x.Title})
			}
		case strings.HasPrefix(x.Path, factPrefix):
			for _, v := range values {
				if parseDay(v) == 0 {
					row.fault(x.Path, "field.date", refusal.Args{"field": x.Title})
					continue
				}
				facts.Rows = append(facts.Rows, procedure.Cells{"name": name, "day": v})
			}
		case strings.HasPrefix(x.Path, numberPrefix):
			numbers.Rows = append(numbers.Rows, procedure.Cells{"kind": name, "number": values[0]})
		case x.Path == stateColumn:
			row.Begun.At["state"] = procedure.TextValue(values[0])
		case x.Path == officersColumn, x.Path == chargeColumn:
			row.Begun.At[procedure.FieldID(x.Path)] = row.people(values, x, office)
		case x.Type == procedure.PersonType, x.Type == procedure.People:
			row.Begun.Opening[procedure.FieldID(x.Path)] = row.people(values, x, office)
		case x.Several:
			row.Begun.Opening[procedure.FieldID(x.Path)] = procedure.Value{List: values}
		default:
			row.Begun.Opening[procedure.FieldID(x.Path)] = procedure.TextValue(values[0])
		}
	}
	if len(facts.Rows) > 0 {
		row.Begun.At["facts"] = facts
	}
	if len(numbers.Rows) > 0 {
		row.Begun.At["numbers"] = numbers
	}
	return row, filled
}

// cell is the texts of one cell, as the column takes them.
func (c *Cases) cell(cell Cell, x *CaseColumn, since int) (values []string, why string) {
	if !x.Several {
		v, why := cell.value(x.Type, since)
		if x.Type == procedure.ChoiceType || x.Type == procedure.YesNo {
			v = chosen(x.Options, v)
		}
		return []string{v}, why
	}
	if cell.failed() {
		return []string{cell.Raw}, "sheet.formula"
	}
	if x.Type == procedure.DateType {
		if d, ok := cell.day(since); ok {
			return []string{d.String()}, ""
		}
	}
	text := cell.text()
	if v := chosen(x.Options, text); v != text { // one of the list whose name has a comma of its own
		return []string{v}, ""
	}
	for _, v := range listed(text) {
		if d, ok := dayOf(v); ok && x.Type == procedure.DateType {
			v = d.String()
		}
		values = append(values, chosen(x.Options, v))
	}
	if len(values) == 0 {
		values = []string{text}
	}
	return values, ""
}

// chosen is the value of the choice that a text names, however its space and its signs are written.
func chosen(from []procedure.Allowed, s string) string {
	t := title(typed.Narrow(s))
	for _, a := range from {
		if t == title(typed.Narrow(a.Label.ZH)) || t == a.Value {
			return a.Value
		}
	}
	return s
}

func (r *CaseRow) fault(path, why string, args refusal.Args) {
	r.Faults = append(r.Faults, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why, Args: args})
}

// people are the user names of people who are named by their names or their user names.
func (r *CaseRow) people(names []string, x *CaseColumn, bureau *office.Office) procedure.Value {
	var v procedure.Value
	for _, name := range names {
		var ids, left []string // left: who is disabled, or will be; the engine says on which day
		for _, p := range bureau.People() {
			switch {
			case p.Name != strings.ReplaceAll(name, " ", ""):
			case p.Disabled == 0:
				ids = append(ids, string(p.ID))
			default:
				left = append(left, string(p.ID))
			}
		}
		if len(ids) == 0 {
			ids = left
		}
		switch {
		case bureau.Person(office.PersonID(name)) != nil || len(ids) == 0:
			ids = []string{name}
		case len(ids) > 1:
			r.fault(x.Path, "sheet.several-people", refusal.Args{"field": x.Title, "who": name})
		}
		v.List = append(v.List, ids[0])
	}
	if !x.Several && len(v.List) == 1 {
		return procedure.TextValue(v.List[0])
	}
	return v
}

// key is a hash of all that the row tells, but its number: the same case told again has the same.
func (r *CaseRow) key() string {
	data, err := json.Marshal(struct {
		Workflow    procedure.WorkflowID
		Received    string
		Opening, At procedure.Values
	}{r.Begun.Workflow, r.Texts[receivedColumn], r.Begun.Opening, r.Begun.At})
	if err != nil {
		return "" // texts alone can't fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// list is one list's sheet as it was read: its rows by the number of their case.
type list struct {
	CaseList
	at    map[procedure.FieldID]int
	rows  map[string][]Row
	since int
}

// lists reads the sheets of the lists; one that is not there is empty.
func (c *Cases) lists(book *Book) ([]list, error) {
	var out []list
	for _, l := range c.Lists {
		i := slices.IndexFunc(book.Pages, func(p Page) bool { return title(p.Name) == title(l.name()) })
		if i < 0 {
			continue
		}
		x := list{CaseList: l, at: map[procedure.FieldID]int{}, rows: map[string][]Row{}, since: book.since}
		key, headN := -1, 0
		for _, r := range book.Pages[i].Rows {
			if key < 0 {
				for j, cell := range r.Cells {
					t := title(cell.Raw)
					if t == keyTitle {
						key, headN = j, r.N
					}
					for _, f := range l.Columns {
						if t == title(f.Title.ZH) {
							x.at[f.ID] = j
						}
					}
				}
				continue
			}
			if r.N > headN {
				k := r.at(key).text()
				x.rows[k] = append(x.rows[k], r)
			}
		}
		if key < 0 && len(book.Pages[i].Rows) > 0 {
			return nil, refuse("sheet.no-column", refusal.Args{"columns": l.name() + "：" + keyTitle})
		}
		out = append(out, x)
	}
	return out, nil
}

// give adds the rows of the list that belong to the case.
func (l *list) give(row *CaseRow, seen map[string]int) {
	key := row.Texts[keyColumn]
	rows := l.rows[key]
	if len(rows) == 0 {
		return
	}
	args := refusal.Args{"sheet": l.name(), "key": key}
	switch {
	case key == "":
		row.fault(keyColumn, "sheet.key-missing", args)
		return
	case seen[key] > 1:
		row.fault(keyColumn, "sheet.key-twice", args)
		return
	}
	var v procedure.Value
	for i, r := range rows {
		cells := procedure.Cells{}
		for _, f := range l.Columns {
			place, ok := l.at[f.ID]
			if !ok || r.at(place).text() == "" {
				continue
			}
			text, why := r.at(place).value(f.Type, l.since)
			if f.Type == procedure.ChoiceType {
				text = chosen(f.Choices, text)
			}
			cells[f.ID] = text
			if why != "" {
				row.fault(string(l.Field.ID)+"["+strconv.Itoa(i)+"]."+string(f.ID), why, refusal.Args{"field": f.Title.ZH, "value": text})
			}
		}
		v.Rows = append(v.Rows, cells)
		row.lists[l.Field.ID] = append(row.lists[l.Field.ID], r.N)
	}
	if !l.Stands {
		row.Begun.Opening[l.Field.ID] = v
		return
	}
	v.Rows = append(v.Rows, row.Begun.At[l.Field.ID].Rows...) // before the days that all share: a fault names its row
	row.Begun.At[l.Field.ID] = v
}

// Place is where a fault stands: the title of its column, or the sheet, the row and the column of a list.
func (c *Cases) Place(row *CaseRow, path string) string {
	for _, x := range c.Columns {
		if x.Path == path {
			return x.Title
		}
	}
	field, rest, ok := strings.Cut(path, "[")
	for _, l := range c.Lists {
		if string(l.Field.ID) != field {
			continue
		}
		if !ok {
			return l.name()
		}
		at, column, _ := strings.Cut(rest, "].")
		n := at
		if i, err := strconv.Atoi(at); err == nil && row != nil && i < len(row.lists[l.Field.ID]) {
			n = strconv.Itoa(row.lists[l.Field.ID][i])
		}
		for _, f := range l.Columns {
			if string(f.ID) == column {
				column = f.Title.ZH
			}
		}
		return l.name() + "第" + n + "行" + column
	}
	return path
}

// Column is the path of the main sheet's column in which a fault is shown.
func (c *Cases) Column(path string) string {
	field, _, row := strings.Cut(path, "[")
	for _, l := range c.Lists {
		if string(l.Field.ID) == field && (row || !l.Stands) {
			return keyColumn
		}
	}
	return path
}
