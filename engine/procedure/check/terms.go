package check

import (
	"maps"
	"slices"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// terms checks the section `case:`, and `supervision:`.
func (c *checker) terms() {
	t := &c.def.Terms
	c.shared("case.party", t.Party, procedure.Text)
	c.shared("case.cause", t.Cause, procedure.Text, procedure.ChoiceType)
	c.column("case.parties", t.Parties, procedure.Text)
	for _, column := range slices.Sorted(maps.Keys(t.Own)) {
		path := in("case.particulars", string(column))
		if t.Parties.Table != "" {
			c.column(path, procedure.Column{Table: t.Parties.Table, Column: column})
		}
		c.shared(path, t.Own[column])
	}
	if p := t.Person; p.Column != "" && c.named("case.person.column", "particular", string(p.Column), procedure.Texts(slices.Collect(maps.Keys(t.Own)))) {
		if f := c.shared("case.person", t.Own[p.Column], procedure.ChoiceType); f != nil {
			var names []string
			for _, a := range f.Choices {
				names = append(names, a.Value)
			}
			c.named("case.person.is", text.Say("choice of %s", f.ID), p.Is, names)
		}
	}
	for _, r := range []struct {
		path string
		role procedure.Actor
	}{{"case.officers", t.Officers}, {"case.in-charge", t.InCharge}} {
		if r.role != "" && c.named(r.path, "role of the case", string(r.role), c.roles()) {
			var gives bool
			c.def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
				gives = gives || a.Assigned(r.role) != ""
			})
			if !gives {
				c.fault(r.path, text.Say("no action assigns the role %q", r.role), text.Say("give it where the people are named: assigns: {%s: FIELD}", r.role))
			}
		}
	}
	for i, id := range t.Records {
		c.filled(at("case.investigation", i), id)
	}
	c.column("case.claims.owed", t.Claims.Owed, procedure.Money)
	c.column("case.claims.paid", t.Claims.Paid, procedure.Money)
	if o, p := t.Claims.Owed.Table, t.Claims.Paid.Table; o != "" && p != "" && o != p {
		c.fault("case.claims.paid", "owed and paid stand in two tables", "name two columns of one table")
	}
	c.severity(&t.Severity)
	c.counted(&t.Counted)
	c.publicity(&t.Publicity)
	if s := c.def.Supervision; s != nil {
		f := c.form("supervision.form", s.Form)
		for _, x := range []struct {
			key   string
			field procedure.FieldID
			types []procedure.FieldType
		}{{"day", s.Day, []procedure.FieldType{procedure.DateType}}, {"reason", s.Reason, []procedure.FieldType{procedure.Text, procedure.LongText}}} {
			if f != nil && c.named("supervision."+x.key, text.Say("field of form %s", f.ID), string(x.field), fieldNames(f)) {
				c.ofType("supervision."+x.key, f.Field(x.field), x.types...)
			}
		}
	}
}

// publicity checks what is published.
func (c *checker) publicity(p *procedure.Publicity) {
	const path = "case.publicity"
	if p.Form == "" {
		return
	}
	for i, id := range p.Of {
		c.form(at(path+".of", i), id)
	}
	if f := c.form(in(path, "form"), p.Form); f != nil {
		for i, id := range append([]procedure.FieldID{p.At}, p.Tells...) {
			c.named(at(path+".tells", i-1), text.Say("field of form %s", f.ID), string(id), fieldNames(f))
		}
	}
	c.field(in(path, "chosen"), p.Chosen)
	c.fact(in(path, "annulled"), p.Annulled)
	c.fact(in(path, "withdrawn"), p.Withdrawn)
	for _, id := range append(slices.Clone(p.Clocks), p.Withdrawal) {
		c.clock(in(path, "clocks"), id)
	}
	if len(p.Clocks) == 0 {
		c.fault(path, "it doesn't say by when", "write clocks:")
	}
}

// counted checks what statistics tell cases apart by.
func (c *checker) counted(k *procedure.Counted) {
	const path = "case.counted"
	apart := []procedure.FieldType{procedure.Text, procedure.ChoiceType, procedure.Choices}
	for _, x := range []struct {
		key string
		id  procedure.FieldID
	}{{"source", k.Source}, {"category", k.Category}, {"industry", k.Industry}, {"township", k.Township}} {
		c.shared(in(path, x.key), x.id, apart...)
	}
	for _, x := range []struct {
		key string
		id  procedure.FactID
	}{{"filed", k.Filed}, {"decided", k.Decided}, {"made-good", k.MadeGood}} {
		if x.id != "" {
			c.fact(in(path, x.key), x.id)
		}
	}
	if k.Handling.Form != "" {
		c.ofType(in(path, "handling"), c.field(in(path, "handling"), k.Handling), apart...)
	}
	if k.Wages != "" {
		c.named(in(path, "wages"), "sum of the severity", string(k.Wages), procedure.Texts(c.def.Terms.Severity.Sums))
	}
}

// severity checks the fields that make a proposal heavier.
func (c *checker) severity(o *procedure.Severity) {
	const path = "case.severity"
	anywhere := func(path string, id procedure.FieldID, types ...procedure.FieldType) {
		var names []string
		for _, f := range c.mine() {
			if x := f.Field(id); x != nil {
				c.ofType(path, x, types...)
				return
			}
			names = append(names, fieldNames(f)...)
		}
		slices.Sort(names)
		c.unknown(path, "field of the procedure's forms", string(id), slices.Compact(names))
	}
	for i, id := range o.Kinds {
		if !o.Violations.Adds(id) {
			anywhere(at(path+".kinds", i), id, procedure.ChoiceType, procedure.Choices)
		}
	}
	for i, id := range o.Sums {
		if !o.Violations.Adds(id) {
			anywhere(at(path+".sums", i), id, procedure.Money)
		}
	}
	c.violations(path+".violations", &o.Violations)
	for i, id := range o.Once {
		c.named(at(path+".once", i), "sum of the severity", string(id), procedure.Texts(o.Sums))
	}
	if o.Shares.Table != "" {
		anywhere(path+".shares", o.Shares.Table, procedure.Table)
	}
	for i, g := range o.Major {
		p := at(path+".major", i)
		if g.When != nil {
			for _, ft := range g.When.Fields {
				if o.Violations.Adds(ft.Field) {
					continue
				}
				anywhere(in(in(p, "when"), string(ft.Field)), ft.Field, procedure.ChoiceType, procedure.Choices, procedure.YesNo)
			}
		}
		if g.Sum != "" {
			c.named(in(p, "sum"), "sum of the severity", string(g.Sum), procedure.Texts(o.Sums))
		}
	}
}

// violations checks the table of violations: its columns with their types, and the fields that its form adds up from it.
func (c *checker) violations(path string, v *procedure.Violations) {
	if v.Table == "" {
		return
	}
	f := c.form(path+".form", v.Form)
	if f == nil {
		return
	}
	if !c.named(path+".table", text.Say("field of form %s", f.ID), string(v.Table), fieldNames(f)) {
		return
	}
	table := f.Field(v.Table)
	c.ofType(path+".table", table, procedure.Table)
	types := map[string]procedure.FieldType{"party": procedure.Text, "as": procedure.ChoiceType, "standard": procedure.Standard, "day": procedure.DateType,
		"persons": procedure.Number, "gains": procedure.Money, "grounds": procedure.Grounds, "evidence": procedure.Evidence, "tier": procedure.ChoiceType, "kinds": procedure.Choices,
		"fine": procedure.Money, "confiscation": procedure.Money, "act": procedure.Text, "ordered": procedure.DateType, "until": procedure.DateType, "reason": procedure.LongText,
		"override": procedure.Text, "applied": "", "working": ""}
	columns := v.Columns()
	for _, word := range slices.Sorted(maps.Keys(columns)) {
		if !c.named(path+"."+word, text.Say("column of %s", table.ID), string(columns[word]), columnNames(table)) {
			continue
		}
		for i := range table.Columns {
			switch col := &table.Columns[i]; {
			case col.ID != columns[word]:
			case word == "evidence": // which earlier versions took as text
				c.ofType(path+"."+word, col, procedure.Evidence, procedure.LongText)
			case types[word] != "":
				c.ofType(path+"."+word, col, types[word])
			case col.Shows == nil || string(col.Shows.Tells) != word:
				c.fault(path+"."+word, text.Say("column %q is not computed", col.ID), text.Say("write shows: {violations: %s}", word))
			}
		}
	}
	for i := range f.Parts {
		if p := &f.Parts[i]; slices.ContainsFunc(p.Fields, func(x procedure.Field) bool { return x.ID == v.Table }) {
			for word, id := range map[procedure.ViolationWord]procedure.FieldID{procedure.TellFine: v.Fine, procedure.TellConfiscation: v.Confiscation, procedure.TellCompensation: v.Compensation, procedure.TellLateFee: v.LateFee, procedure.TellKinds: v.Kinds} {
				if id != "" && !slices.ContainsFunc(p.Fields, func(x procedure.Field) bool { return x.ID == id && x.Shows != nil && x.Shows.Tells == word }) {
					c.fault(path+"."+string(word), text.Say("part %s of form %s doesn't add up %q", p.ID, f.ID, id), text.Say("give it {field: %s, shows: {violations: %s}}", id, word))
				}
			}
		}
	}
}

// mine are the forms that the procedure names, of those that were loaded.
func (c *checker) mine() []*procedure.Form {
	var forms []*procedure.Form
	for _, id := range c.def.Forms() {
		if f := c.forms[id]; f != nil {
			forms = append(forms, f)
		}
	}
	return forms
}

// shared checks a value of the case, if one is named: some form of the procedure shares it.
func (c *checker) shared(path string, id procedure.FieldID, types ...procedure.FieldType) *procedure.Field {
	if id == "" {
		return nil
	}
	var names []string
	for _, f := range c.mine() {
		for _, p := range f.Parts {
			for i := range p.Fields {
				switch x := &p.Fields[i]; {
				case !x.Shared:
				case x.ID == id:
					c.ofType(path, x, types...)
					return x
				case len(types) == 0 || slices.Contains(types, x.Type):
					names = append(names, string(x.ID))
				}
			}
		}
	}
	if !c.lost.form {
		slices.Sort(names)
		c.unknown(path, "value of the case", string(id), slices.Compact(names))
	}
	return nil
}

// column checks TABLE.column of a table of the case, if one is named.
func (c *checker) column(path string, x procedure.Column, types ...procedure.FieldType) {
	f := c.shared(path, x.Table, procedure.Table)
	if f == nil {
		return
	}
	if !c.named(path, text.Say("column of %s", f.ID), string(x.Column), columnNames(f)) {
		return
	}
	for i := range f.Columns {
		if f.Columns[i].ID == x.Column {
			c.ofType(path, &f.Columns[i], types...)
		}
	}
}
