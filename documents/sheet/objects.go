package sheet

import (
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// Objects is the layout of a sheet of one kind of the registry: one row is one object. It is made of the kind's form, so
// that no kind is known here. Lists within an object are not in it; they are entered on its page.
type Objects struct {
	form   *procedure.Form
	fields []*procedure.Field
}

// NewObjects lays the sheet out.
func NewObjects(f *procedure.Form) *Objects {
	o := &Objects{form: f}
	for i := range f.Parts {
		for _, x := range asked(f.Parts[i].Fields) {
			if x.Type != procedure.Table {
				o.fields = append(o.fields, &x)
			}
		}
	}
	return o
}

// ObjectSheet is what was read of a sheet of objects.
type ObjectSheet struct {
	Rows []ObjectRow
	Left []string // titles of columns that mean nothing here
}

// ObjectRow is one object as it stands in the sheet, with the faults of the sheet itself, by the form's paths.
type ObjectRow struct {
	N      int
	Values procedure.Values
	Faults []refusal.FieldFault
}

func (o *Objects) columns() []Column {
	out := make([]Column, len(o.fields))
	for i, f := range o.fields {
		x := CaseColumn{Path: string(f.ID), Title: f.Title.ZH, Type: f.Type, Options: f.Choices, Must: f.Required && f.When == nil, Several: f.Type == procedure.Choices, How: how(f)}
		out[i] = Column{Title: x.Title, Kind: kindOf(x), Width: width(x), Options: options(x), Must: x.Must, Note: note(x)}
		if f.ID == "name" {
			out[i].Width = 32
		}
	}
	return out
}

// Template is the empty sheet, with one that explains every column.
func (o *Objects) Template() ([]byte, error) {
	about := Grid{Name: aboutName, Wrap: true, Columns: []Column{{Title: "列名", Width: 24}, {Title: "是否必填", Width: 12}, {Title: "怎么填", Width: 60}, {Title: "例", Width: 30}}}
	columns := o.columns()
	for i, f := range o.fields {
		must := "选填"
		if columns[i].Must {
			must = "必填"
		}
		example := ""
		if len(f.Sample) > 0 {
			switch v := f.Sample[0].Value; {
			case v.Text != "":
				example = label(f, v.Text)
			case len(v.List) > 0:
				example = label(f, v.List[0])
			case f.Type == procedure.DateType:
				example = dayExample
			}
		}
		about.Rows = append(about.Rows, []string{f.Title.ZH, must, how(f), example})
	}
	return Write(Grid{Name: o.name(), Columns: columns, Blank: templateRows, Still: 1}, about)
}

// name is the sheet's: the kind's title, as a sheet may be called.
func (o *Objects) name() string {
	return cut(strings.NewReplacer("/", "", "：", "").Replace(o.form.Title.ZH), 31)
}

// Write is a sheet of objects, as it can be read again.
func (o *Objects) Write(objects []procedure.Values) ([]byte, error) {
	g := Grid{Name: o.name(), Columns: o.columns(), Still: 1}
	for _, v := range objects {
		row := make([]string, len(o.fields))
		for i, f := range o.fields {
			var parts []string
			for _, s := range v[f.ID].Strings() {
				parts = append(parts, label(f, s))
			}
			row[i] = strings.Join(parts, "；")
		}
		g.Rows = append(g.Rows, row)
	}
	return Write(g)
}

// Read reads the objects of a sheet that was made by [Objects.Template]: columns are found by their titles, wherever they
// stand. It fails with an *engine.Error of the path "file" when the sheet as a whole can't be read.
func (o *Objects) Read(data []byte) (*ObjectSheet, error) {
	book, err := Read(data)
	if err != nil {
		return nil, err
	}
	columns := o.columns()
	for _, p := range book.Pages {
		if p.Name == aboutName || p.Name == lists {
			continue
		}
		for _, head := range p.Rows[:min(len(p.Rows), headRows)] {
			at, twice := columnsOf(head, columns)
			if twice != "" {
				return nil, refuse("sheet.column-twice", refusal.Args{"column": twice})
			}
			var missing []string
			found := 0
			for i, c := range columns {
				if at[i] >= 0 {
					found++
				} else if c.Must {
					missing = append(missing, c.Title)
				}
			}
			if found < min(2, len(columns)) {
				continue
			}
			if len(missing) > 0 {
				return nil, refuse("sheet.no-column", refusal.Args{"columns": strings.Join(missing, "、")})
			}
			return o.rows(book, p, head, at)
		}
	}
	return nil, refuse("sheet.no-header", nil)
}

func (o *Objects) rows(book *Book, p Page, head Row, at []int) (*ObjectSheet, error) {
	out := &ObjectSheet{}
	for i, cell := range head.Cells {
		if t := title(cell.Raw); t != "" && !slices.Contains(at, i) {
			out.Left = append(out.Left, t)
		}
	}
	for _, r := range p.Rows {
		if r.N <= head.N {
			continue
		}
		row := ObjectRow{N: r.N, Values: procedure.Values{}}
		for i, f := range o.fields {
			t, why := r.at(at[i]).value(f.Type, book.since)
			if why != "" {
				row.Faults = append(row.Faults, refusal.FieldFault{Path: string(f.ID), Code: refusal.FieldInvalid, Why: why, Args: refusal.Args{"field": f.Title.ZH, "value": t}})
			}
			switch {
			case t == "":
			case f.Type == procedure.Choices:
				row.Values[f.ID] = procedure.Value{List: listed(t)}
			default:
				row.Values[f.ID] = procedure.TextValue(t)
			}
		}
		if len(row.Values) > 0 {
			out.Rows = append(out.Rows, row)
		}
	}
	if len(out.Rows) == 0 {
		return nil, refuse("sheet.no-rows", nil)
	}
	return out, nil
}

// Flaws are faults of an object in the order of the columns, one a cell.
func (o *Objects) Flaws(lang text.Lang, faults []refusal.FieldFault) []Flaw {
	var out []Flaw
	err := &refusal.Error{}
	for _, x := range faults {
		i := slices.IndexFunc(o.fields, func(f *procedure.Field) bool { return string(f.ID) == x.Path })
		place := x.Path
		args := refusal.Args{}
		for k, v := range x.Args {
			args[k] = v
		}
		if i >= 0 {
			place = o.fields[i].Title.ZH
			if x.Why == "field.choice" {
				var all []string
				for _, c := range o.fields[i].Choices {
					all = append(all, c.Label.ZH)
				}
				args["allowed"] = strings.Join(all, "、")
			}
		}
		if slices.ContainsFunc(out, func(f Flaw) bool { return f.Path == x.Path }) {
			continue
		}
		args["field"] = place
		x.Args = args
		out = append(out, Flaw{x.Path, place, err.SayField(lang, x)})
	}
	order := func(path string) int {
		return slices.IndexFunc(o.fields, func(f *procedure.Field) bool { return string(f.ID) == path })
	}
	slices.SortStableFunc(out, func(a, b Flaw) int { return order(a.Path) - order(b.Path) })
	return out
}
