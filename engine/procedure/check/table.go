package check

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// columnTypes are the types that a column of a table may have: one value a row.
var columnTypes = []procedure.FieldType{procedure.Text, procedure.LongText, procedure.DateType, procedure.DateTime, procedure.Money, procedure.Number, procedure.YesNo, procedure.ChoiceType, procedure.Choices, procedure.PersonType, procedure.IDNumber,
	procedure.CreditCode, procedure.Phone, procedure.Standard, procedure.Grounds, procedure.Evidence}

// table finds a table of this form.
func (c *formChecker) table(path string, id procedure.FieldID) *procedure.Field {
	var tables []string
	for _, p := range c.form.Parts {
		for i := range p.Fields {
			if p.Fields[i].Type == procedure.Table {
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
func (c *formChecker) columns(path string, f *procedure.Field) {
	if len(f.Columns) == 0 {
		c.fault(path, text.Say("table %q has no columns", f.ID), "write columns: [{field: …, zh: …, type: …}, …]")
	}
	seen := map[procedure.FieldID]bool{}
	for i := range f.Columns {
		col, p := &f.Columns[i], at(in(path, "columns"), i)
		c.word(in(p, "field"), "column", string(col.ID))
		if seen[col.ID] {
			c.fault(in(p, "field"), text.Say("column %q stands twice", col.ID), "")
		}
		seen[col.ID] = true
		c.label(p, col.Title)
		if col.Shows != nil {
			c.less(p, f, col)
		} else if c.named(in(p, "type"), "type of column", string(col.Type), procedure.Texts(columnTypes)) {
			c.choices(p, col)
			c.bounds(p, col)
		}
		for _, stray := range []struct {
			key   string
			given bool
		}{{"columns", len(col.Columns) > 0}, {"shared", col.Shared}, {"from", len(col.From) > 0},
			{"when", col.When != nil}, {"sample", len(col.Sample) > 0}, {"of", len(col.Of) > 0}} {
			if stray.given {
				c.fault(in(p, stray.key), text.Say("%s in a column", stray.key), "give it to the table")
			}
		}
	}
}

// less checks a computed column: one column less another, of the same type.
func (c *formChecker) less(path string, table, col *procedure.Field) {
	if col.Type != "" || col.Required {
		c.fault(path, text.Say("column %q is both shown and asked", col.ID), "what is shown is computed, never asked: take type and required out")
	}
	if col.Shows.Tells != "" {
		c.tells(in(path, "shows"), col.Shows.Tells)
		return
	}
	if col.Shows.Less == nil {
		c.fault(in(path, "shows"), "a column shows only a difference, or what a standard says", "write shows: {less: [COLUMN, COLUMN]}")
		return
	}
	var types []procedure.FieldType
	for i, id := range col.Shows.Less {
		p := at(in(in(path, "shows"), "less"), i)
		if !c.named(p, text.Say("column of %s", table.ID), string(id), columnNames(table)) {
			continue
		}
		kind := table.ColumnType(id)
		if id == col.ID || kind != procedure.Money && kind != procedure.Number {
			c.fault(p, text.Say("column %q has no difference", id), "take columns of money, or of numbers")
			continue
		}
		types = append(types, kind)
	}
	if len(types) == 2 && types[0] != types[1] {
		c.fault(in(in(path, "shows"), "less"), text.Say("%s less %s", types[0], types[1]), "both columns are of one type")
	}
}

// sum checks a sum over a column.
func (c *formChecker) sum(path, sum string) {
	table, column, _ := strings.Cut(sum, ".")
	t := c.table(path, procedure.FieldID(table))
	if t == nil || !c.named(path, text.Say("column of %s", table), column, columnNames(t)) {
		return
	}
	if kind := t.ColumnType(procedure.FieldID(column)); kind != procedure.Money && kind != procedure.Number {
		c.fault(path, text.Say("column %q is of type %s", column, kind), "only money and numbers add up")
	}
}

// rows checks the sample of a table.
func (c *formChecker) rows(path string, f *procedure.Field, rows []map[string]string) {
	if len(rows) < f.Min {
		c.fault(path, text.Say("%s rows, fewer than the table's min %s", len(rows), f.Min), "")
	}
	for i, row := range rows {
		p := at(path, i)
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if !c.named(in(p, name), text.Say("column of %s", f.ID), name, columnNames(f)) {
				continue
			}
			for j := range f.Columns {
				switch col := &f.Columns[j]; {
				case string(col.ID) != name:
				case col.Shows != nil:
					c.fault(in(p, name), text.Say("column %q is computed", name), "take it out of the sample")
				case col.Type == procedure.PersonType:
					c.word(in(p, name), "post", row[name])
				default:
					c.text(in(p, name), col, row[name])
				}
			}
		}
		for j := range f.Columns {
			if _, given := row[string(f.Columns[j].ID)]; f.Columns[j].Required && !given {
				c.fault(p, text.Say("the row lacks %q, which is required", f.Columns[j].ID), "")
			}
		}
	}
}
