package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// columnTypes are the types that a column of a table may have: one value a row.
var columnTypes = []FieldType{Text, LongText, DateType, DateTime, Money, Number, YesNo, ChoiceType, PersonType, IDNumber,
	CreditCode, Phone}

// table finds a table of this form.
func (c *formChecker) table(path string, id FieldID) *Field {
	var tables []string
	for _, p := range c.form.Parts {
		for i := range p.Fields {
			if p.Fields[i].Type == Table {
				if p.Fields[i].ID == id {
					return &p.Fields[i]
				}
				tables = append(tables, string(p.Fields[i].ID))
			}
		}
	}
	c.unknown(path, "table", string(id), tables)
	return nil
}

// columns checks the columns of a table.
func (c *formChecker) columns(path string, f *Field) {
	if len(f.Columns) == 0 {
		c.fault(path, fmt.Sprintf("table %q has no columns", f.ID), "write columns: [{field: …, zh: …, type: …}, …]")
	}
	seen := map[FieldID]bool{}
	for i := range f.Columns {
		col, p := &f.Columns[i], at(in(path, "columns"), i)
		c.word(in(p, "field"), "column", string(col.ID))
		if seen[col.ID] {
			c.fault(in(p, "field"), fmt.Sprintf("column %q stands twice", col.ID), "")
		}
		seen[col.ID] = true
		c.label(p, col.Title)
		if col.Shows != nil {
			c.less(p, f, col)
		} else if c.named(in(p, "type"), "type of column", string(col.Type), texts(columnTypes)) {
			c.choices(p, col)
			c.bounds(p, col)
		}
		for _, stray := range []struct {
			key   string
			given bool
		}{{"columns", len(col.Columns) > 0}, {"shared", col.Shared}, {"from", len(col.From) > 0},
			{"when", col.When != nil}, {"sample", len(col.Sample) > 0}, {"of", len(col.Of) > 0}} {
			if stray.given {
				c.fault(in(p, stray.key), stray.key+" in a column", "give it to the table")
			}
		}
	}
}

// less checks a computed column: one column less another, of the same type.
func (c *formChecker) less(path string, table, col *Field) {
	if col.Type != "" || col.Required {
		c.fault(path, fmt.Sprintf("column %q is both shown and asked", col.ID), "what is shown is computed, never asked: take type and required out")
	}
	if col.Shows.Less == nil {
		c.fault(in(path, "shows"), "a column shows only a difference", "write shows: {less: [COLUMN, COLUMN]}")
		return
	}
	var types []FieldType
	for i, id := range col.Shows.Less {
		p := at(in(in(path, "shows"), "less"), i)
		if !c.named(p, "column of "+string(table.ID), string(id), columnNames(table)) {
			continue
		}
		kind := table.columnType(id)
		if id == col.ID || kind != Money && kind != Number {
			c.fault(p, fmt.Sprintf("column %q has no difference", id), "take columns of money, or of numbers")
			continue
		}
		types = append(types, kind)
	}
	if len(types) == 2 && types[0] != types[1] {
		c.fault(in(in(path, "shows"), "less"), fmt.Sprintf("%s less %s", types[0], types[1]), "both columns are of one type")
	}
}

// sum checks a sum over a column.
func (c *formChecker) sum(path, sum string) {
	table, column, _ := strings.Cut(sum, ".")
	t := c.table(path, FieldID(table))
	if t == nil || !c.named(path, "column of "+table, column, columnNames(t)) {
		return
	}
	if kind := t.columnType(FieldID(column)); kind != Money && kind != Number {
		c.fault(path, fmt.Sprintf("column %q is of type %s", column, kind), "only money and numbers add up")
	}
}

// columnType is the type of a table's column; a difference has the type of the typed column that it takes from.
func (f *Field) columnType(id FieldID) FieldType {
	for i := range f.Columns {
		if col := &f.Columns[i]; col.ID == id {
			if col.Shows == nil || len(col.Shows.Less) == 0 {
				return col.Type
			}
			id = col.Shows.Less[0]
			break
		}
	}
	for i := range f.Columns {
		if f.Columns[i].ID == id {
			return f.Columns[i].Type
		}
	}
	return ""
}

// rows checks the sample of a table.
func (c *formChecker) rows(path string, f *Field, rows []map[string]string) {
	if len(rows) < f.Min {
		c.fault(path, fmt.Sprintf("%d rows, fewer than the table's min %d", len(rows), f.Min), "")
	}
	for i, row := range rows {
		p := at(path, i)
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if !c.named(in(p, name), fmt.Sprintf("column of %s", f.ID), name, columnNames(f)) {
				continue
			}
			for j := range f.Columns {
				switch col := &f.Columns[j]; {
				case string(col.ID) != name:
				case col.Shows != nil:
					c.fault(in(p, name), fmt.Sprintf("column %q is computed", name), "take it out of the sample")
				default:
					c.text(in(p, name), col, row[name])
				}
			}
		}
		for j := range f.Columns {
			if _, given := row[string(f.Columns[j].ID)]; f.Columns[j].Required && !given {
				c.fault(p, fmt.Sprintf("the row lacks %q, which is required", f.Columns[j].ID), "")
			}
		}
	}
}
