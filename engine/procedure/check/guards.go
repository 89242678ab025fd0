package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// guard checks a condition of an action.
func (c *checker) guard(path string, g *procedure.Guard, scope []*procedure.Form) {
	c.call(path, g.GuardCall, scope)
	c.law(path, g.Law, false)
	c.test(in(path, "when"), g.When, scope)
	if g.Finding != "" {
		c.named(in(path, "finding"), "action", string(g.Finding), c.actions)
	}
}

// test checks a condition of a Choice, a guard, a clock or a field. No test is no fault.
func (c *checker) test(path string, t *procedure.Test, scope []*procedure.Form) {
	if t == nil {
		return
	}
	if len(t.Fields) == 0 && t.Is == nil {
		c.fault(path, "an empty test", "write {FIELD: VALUE} or {is: GUARD}")
	}
	for _, ft := range t.Fields {
		p := in(path, ft.Name())
		var f *procedure.Field
		if ft.Form != "" {
			f = c.field(p, procedure.FieldRef{Form: ft.Form, Field: ft.Field})
		} else {
			f = c.own(p, ft.Field, scope)
		}
		for i, v := range ft.Values {
			c.value(at(p, i), f, v)
		}
	}
	if t.Is != nil {
		if procedure.GuardArgs[t.Is.Name].One == procedure.ArgText {
			c.fault(in(path, "is"), text.Say("%s can't be tested", t.Is.Name), "it refuses an action: write it in guards")
			return
		}
		c.call(in(path, "is"), *t.Is, scope)
	}
}

// value checks that a field can have a value; `none` is a field not given.
func (c *checker) value(path string, f *procedure.Field, v string) {
	if fault, ok := testValue(path, f, v); !ok {
		c.faults = append(c.faults, fault)
	}
}

func testValue(path string, f *procedure.Field, v string) (Fault, bool) {
	if f == nil || v == "none" {
		return Fault{}, true
	}
	var allowed []string
	switch f.Type {
	case procedure.YesNo:
		allowed = []string{"yes", "no"}
	case procedure.ChoiceType, procedure.Choices:
		for _, a := range f.Choices {
			allowed = append(allowed, a.Value)
		}
	default:
		return Fault{}, true
	}
	if slices.Contains(allowed, v) {
		return Fault{}, true
	}
	return unknown(path, text.Say("choice of field %q", f.ID), v, append(allowed, "none")), false
}

// call checks a guard's name and its arguments.
func (c *checker) call(path string, g procedure.GuardCall, scope []*procedure.Form) {
	path = in(path, g.Name)
	shape, ok := procedure.GuardArgs[g.Name]
	if !ok {
		c.unknown(path, "guard", g.Name, slices.Sorted(maps.Keys(procedure.GuardArgs)))
		return
	}
	switch {
	case shape.One == procedure.ArgTrue && g.Arg.Empty():
	case shape.One != "":
		if g.Arg.Text == "" {
			c.fault(path, text.Say("guard %q wants one %s", g.Name, text.Words(shape.One)), text.Say("write it as %s", shape.Example(g.Name)))
			return
		}
		c.arg(path, shape.One, g.Arg.Text, g, scope)
	case shape.Many != "":
		words := g.Arg.Strings()
		if len(words) == 0 || shape.Count > 0 && len(words) != shape.Count {
			c.fault(path, text.Say("guard %q wants %s", g.Name, shape.Wants()), text.Say("write it as %s", shape.Example(g.Name)))
			return
		}
		for i, w := range words {
			c.arg(at(path, i), shape.Many, w, g, scope)
		}
	default:
		c.namedArgs(path, shape, g, scope)
	}
}

// namedArgs checks the arguments of a guard that are given by name.
func (c *checker) namedArgs(path string, shape procedure.ArgShape, g procedure.GuardCall, scope []*procedure.Form) {
	if g.Arg.Named == nil {
		c.fault(path, text.Say("guard %q wants named arguments", g.Name), text.Say("write it as %s", shape.Example(g.Name)))
		return
	}
	var names []string
	for _, n := range shape.Named {
		names = append(names, n.Name)
		p := in(path, n.Name)
		arg, given := g.Arg.Named[n.Name]
		switch {
		case !given && n.Optional:
		case !given:
			c.fault(path, text.Say("guard %q lacks %s", g.Name, n.Name), text.Say("write it as %s", shape.Example(g.Name)))
		case n.List && len(arg.Strings()) > 0:
			for i, w := range arg.Strings() {
				c.arg(at(p, i), n.Kind, w, g, scope)
			}
		case n.List || arg.Text == "":
			c.fault(p, text.Say("%s of guard %q isn't %s", n.Name, g.Name, n.Wants()), text.Say("write it as %s", shape.Example(g.Name)))
		default:
			c.arg(p, n.Kind, arg.Text, g, scope)
		}
	}
	for _, given := range slices.Sorted(maps.Keys(g.Arg.Named)) {
		if !slices.Contains(names, given) {
			c.unknown(in(path, given), text.Say("argument of guard %q", g.Name), given, names)
		}
	}
}

// arg checks one word of a guard's arguments.
func (c *checker) arg(path string, kind procedure.ArgKind, word string, g procedure.GuardCall, scope []*procedure.Form) {
	switch kind {
	case procedure.ArgFact:
		if c.fact(path, procedure.FactID(word)) && g.Name == "every" && len(c.def.Fact(procedure.FactID(word)).Per) == 0 {
			c.fault(path, text.Say("fact %q has one day only", word), text.Say("every asks for a fact kept per document or respondent; write set: %s", word))
		}
	case procedure.ArgClock:
		c.clock(path, procedure.ClockID(word))
	case procedure.ArgForm:
		c.filled(path, procedure.FormID(word))
	case procedure.ArgPart:
		if f := c.forms[procedure.FormID(g.Arg.Named["form"].Text)]; f != nil {
			c.named(path, text.Say("part of form %s", f.ID), word, partNames(f))
		}
	case procedure.ArgField:
		c.ofType(path, c.fieldOrOwn(path, word, scope), procedure.Money, procedure.Number)
	case procedure.ArgDay:
		c.ofType(path, c.fieldOrOwn(path, word, scope), procedure.DateType, procedure.DateTime)
	case procedure.ArgTable:
		c.ofType(path, c.fieldOrOwn(path, word, scope), procedure.Table)
	case procedure.ArgColumn:
		if f := c.lookup(g.Arg.Named["table"].Text, scope); f != nil && f.Type == procedure.Table {
			c.named(path, text.Say("column of %s", f.ID), word, columnNames(f))
		}
	case procedure.ArgPeople:
		c.people(path, word, scope)
	case procedure.ArgWalk:
		c.named(path, "side walk", word, c.walks)
	case procedure.ArgState:
		if w := c.def.Walk(procedure.WalkID(g.Arg.Named["walk"].Text)); w != nil {
			c.state(path, w, procedure.StateID(word))
		}
	case procedure.ArgAction:
		c.named(path, "action", word, c.actions)
	case procedure.ArgPost:
		c.named(path, "post", word, c.posts)
	case procedure.ArgRole:
		c.named(path, "role of the case", word, c.roles())
	case procedure.ArgSetting, procedure.ArgWorkflow:
		c.word(path, text.Words(kind), word)
	case procedure.ArgCount:
		if n, err := strconv.Atoi(word); err != nil || n < 1 {
			c.fault(path, text.Say("%q is no whole number above 0", word), "write 1, 2, …")
		}
	case procedure.ArgPeriod:
		if _, err := calendar.ParsePeriod(word); err != nil {
			c.fault(path, text.Say("%q is no period", word), "write 60 workdays, 15 days or 6 months")
		}
	case procedure.ArgTrue:
		if word != "true" {
			c.fault(path, text.Say("guard %q takes no argument", g.Name), text.Say("write %s: true", g.Name))
		}
	}
}

// people checks a field of people, or a role of the case.
func (c *checker) people(path, word string, scope []*procedure.Form) {
	if f := c.lookup(word, scope); f != nil {
		c.ofType(path, f, procedure.PersonType, procedure.People)
		return
	}
	allowed := c.roles()
	switch {
	case strings.Contains(word, "."):
		c.fieldOrOwn(path, word, scope)
		return
	case c.partial && !slices.Contains(allowed, word):
		return // it may stand in the form that is unknown, which is told
	}
	for _, f := range scope {
		for _, p := range f.Parts {
			for _, field := range p.Fields {
				if field.Type == procedure.People || field.Type == procedure.PersonType {
					allowed = append(allowed, string(field.ID))
				}
			}
		}
	}
	c.named(path, "people field or role", word, allowed)
}

// fieldOrOwn finds FORM.field, or a field of the action's own forms.
func (c *checker) fieldOrOwn(path, word string, scope []*procedure.Form) *procedure.Field {
	if form, field, ok := strings.Cut(word, "."); ok {
		return c.field(path, procedure.FieldRef{Form: procedure.FormID(form), Field: procedure.FieldID(field)})
	}
	return c.own(path, procedure.FieldID(word), scope)
}

// lookup finds the same without a fault.
func (c *checker) lookup(word string, scope []*procedure.Form) *procedure.Field {
	if form, field, ok := strings.Cut(word, "."); ok {
		if f := c.forms[procedure.FormID(form)]; f != nil {
			return f.Field(procedure.FieldID(field))
		}
		return nil
	}
	for _, f := range scope {
		if field := f.Field(procedure.FieldID(word)); field != nil {
			return field
		}
	}
	return nil
}

func columnNames(table *procedure.Field) []string {
	names := make([]string, len(table.Columns))
	for i := range table.Columns {
		names[i] = string(table.Columns[i].ID)
	}
	return names
}
