package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// ArgKind says what one word of a guard's arguments names.
type ArgKind string

const (
	ArgFact     ArgKind = "fact"
	ArgClock    ArgKind = "clock"
	ArgForm     ArgKind = "form"
	ArgPart     ArgKind = "part"  // of the form that stands beside it
	ArgField    ArgKind = "field" // a field of this action's form, or FORM.field
	ArgDay      ArgKind = "day"   // the same, a date
	ArgPeople   ArgKind = "people field or role"
	ArgTable    ArgKind = "table"  // a table of this action's form, or FORM.field
	ArgColumn   ArgKind = "column" // of the table that stands beside it
	ArgWalk     ArgKind = "side walk"
	ArgState    ArgKind = "state" // of the walk that stands beside it
	ArgAction   ArgKind = "action"
	ArgPost     ArgKind = "post"
	ArgRole     ArgKind = "role"
	ArgSetting  ArgKind = "setting"
	ArgCount    ArgKind = "number"
	ArgPeriod   ArgKind = "period"
	ArgWorkflow ArgKind = "procedure"
	ArgTrue     ArgKind = "true" // nothing to say: the word true
	ArgText     ArgKind = "text"
)

// ArgShape is what a guard is given. Exactly one of its fields is set: a word, a list of words (one word is a list
// too), or named arguments.
type ArgShape struct {
	One   ArgKind
	Many  ArgKind
	Count int // of Many: how many exactly, 0 for one or more
	Named []ArgName
}

// ArgName is one named argument.
type ArgName struct {
	Name     string
	Kind     ArgKind
	List     bool // a list of words
	Optional bool
}

// GuardArgs is the closed list of guards with the shape of what each is given.
var GuardArgs = map[string]ArgShape{
	"certified":     {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "at-least", Kind: ArgCount}}},
	"staff":         {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "at-least", Kind: ArgCount}, {Name: "posts", Kind: ArgPost, List: true, Optional: true}}},
	"before-due":    {One: ArgClock},
	"extendable":    {One: ArgClock},
	"not-after-due": {One: ArgClock},
	"window-over":   {Many: ArgClock},
	"window-open":   {One: ArgClock},
	"at-rest":       {Many: ArgWalk},
	"walk-in":       {Named: []ArgName{{Name: "walk", Kind: ArgWalk}, {Name: "states", Kind: ArgState, List: true}}},
	"set":           {Many: ArgFact},
	"unset":         {Many: ArgFact},
	"any-set":       {Many: ArgFact},
	"every":         {One: ArgFact},
	"since":         {Many: ArgFact, Count: 2},
	"not-since":     {Many: ArgFact, Count: 2},
	"followed":      {Named: []ArgName{{Name: "facts", Kind: ArgFact, List: true}, {Name: "by", Kind: ArgFact}}},
	"reached":       {One: ArgDay},
	"late-charge":   {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "fine", Kind: ArgField, List: true}, {Name: "clock", Kind: ArgClock}, {Name: "pending", Kind: ArgFact, List: true}, {Name: "until", Kind: ArgFact}}},
	"issued":        {Many: ArgForm},
	"filled":        {Many: ArgForm},
	"notice-covers": {Named: []ArgName{{Name: "notice", Kind: ArgForm}, {Name: "proposal", Kind: ArgForm}}},
	"major":         {One: ArgForm},
	"at-most":       {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}}},
	"at-least":      {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}}},
	"nothing-owed":  {Named: []ArgName{{Name: "owed", Kind: ArgField, List: true}, {Name: "paid", Kind: ArgField, List: true, Optional: true}}},
	"kinds-present": {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}, {Name: "kinds", Kind: ArgPost, List: true}}},
	"no-heavier":    {Named: []ArgName{{Name: "form", Kind: ArgForm}, {Name: "than", Kind: ArgPart}}},
	"several":       {One: ArgTable},
	"parties":       {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}},
	"none-of":       {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "roles", Kind: ArgRole, List: true}, {Name: "forms", Kind: ArgForm, List: true, Optional: true}}},
	"other-than":    {One: ArgAction},
	"ahead":         {Named: []ArgName{{Name: "day", Kind: ArgDay}, {Name: "by", Kind: ArgPeriod}}},
	"linked":        {One: ArgWorkflow},
	"no-findings":   {One: ArgTrue},
	"did":           {Many: ArgAction},
	"never":         {One: ArgText},
	"pending":       {One: ArgText},
}

// guard checks a condition of an action.
func (c *checker) guard(path string, g *Guard, scope []*Form) {
	c.call(path, g.GuardCall, scope)
	c.law(path, g.Law, false)
	c.test(in(path, "when"), g.When, scope)
	if g.Finding != "" {
		c.named(in(path, "finding"), "action", string(g.Finding), c.actions)
	}
}

// test checks a condition of a Choice, a guard, a clock or a field. No test is no fault.
func (c *checker) test(path string, t *Test, scope []*Form) {
	if t == nil {
		return
	}
	if len(t.Fields) == 0 && t.Is == nil {
		c.fault(path, "an empty test", "write {FIELD: VALUE} or {is: GUARD}")
	}
	for _, ft := range t.Fields {
		p := in(path, ft.name())
		var f *Field
		if ft.Form != "" {
			f = c.field(p, FieldRef{ft.Form, ft.Field})
		} else {
			f = c.own(p, ft.Field, scope)
		}
		for i, v := range ft.Values {
			c.value(at(p, i), f, v)
		}
	}
	if t.Is != nil {
		if GuardArgs[t.Is.Name].One == ArgText {
			c.fault(in(path, "is"), t.Is.Name+" can't be tested", "it refuses an action: write it in guards")
			return
		}
		c.call(in(path, "is"), *t.Is, scope)
	}
}

// name is the field as the test writes it.
func (t FieldTest) name() string {
	if t.Form == "" {
		return string(t.Field)
	}
	return string(t.Form) + "." + string(t.Field)
}

// value checks that a field can have a value; `none` is a field not given.
func (c *checker) value(path string, f *Field, v string) {
	if fault, ok := testValue(path, f, v); !ok {
		c.faults = append(c.faults, fault)
	}
}

func testValue(path string, f *Field, v string) (Fault, bool) {
	if f == nil || v == "none" {
		return Fault{}, true
	}
	var allowed []string
	switch f.Type {
	case YesNo:
		allowed = []string{"yes", "no"}
	case ChoiceType, Choices:
		for _, a := range f.Choices {
			allowed = append(allowed, a.Value)
		}
	default:
		return Fault{}, true
	}
	if slices.Contains(allowed, v) {
		return Fault{}, true
	}
	return unknown(path, fmt.Sprintf("choice of field %q", f.ID), v, append(allowed, "none")), false
}

// call checks a guard's name and its arguments.
func (c *checker) call(path string, g GuardCall, scope []*Form) {
	path = in(path, g.Name)
	shape, ok := GuardArgs[g.Name]
	if !ok {
		c.unknown(path, "guard", g.Name, slices.Sorted(maps.Keys(GuardArgs)))
		return
	}
	switch {
	case shape.One == ArgTrue && g.Arg.empty():
	case shape.One != "":
		if g.Arg.Text == "" {
			c.fault(path, fmt.Sprintf("guard %q wants one %s", g.Name, shape.One), "write it as "+shape.example(g.Name))
			return
		}
		c.arg(path, shape.One, g.Arg.Text, g, scope)
	case shape.Many != "":
		words := g.Arg.Strings()
		if len(words) == 0 || shape.Count > 0 && len(words) != shape.Count {
			c.fault(path, fmt.Sprintf("guard %q wants %s", g.Name, shape.wants()), "write it as "+shape.example(g.Name))
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
func (c *checker) namedArgs(path string, shape ArgShape, g GuardCall, scope []*Form) {
	if g.Arg.Named == nil {
		c.fault(path, fmt.Sprintf("guard %q wants named arguments", g.Name), "write it as "+shape.example(g.Name))
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
			c.fault(path, fmt.Sprintf("guard %q lacks %s", g.Name, n.Name), "write it as "+shape.example(g.Name))
		case n.List && len(arg.Strings()) > 0:
			for i, w := range arg.Strings() {
				c.arg(at(p, i), n.Kind, w, g, scope)
			}
		case n.List || arg.Text == "":
			c.fault(p, fmt.Sprintf("%s of guard %q isn't %s", n.Name, g.Name, n.wants()), "write it as "+shape.example(g.Name))
		default:
			c.arg(p, n.Kind, arg.Text, g, scope)
		}
	}
	for _, given := range slices.Sorted(maps.Keys(g.Arg.Named)) {
		if !slices.Contains(names, given) {
			c.unknown(in(path, given), fmt.Sprintf("argument of guard %q", g.Name), given, names)
		}
	}
}

// arg checks one word of a guard's arguments.
func (c *checker) arg(path string, kind ArgKind, word string, g GuardCall, scope []*Form) {
	switch kind {
	case ArgFact:
		if c.fact(path, FactID(word)) && g.Name == "every" && len(c.def.Fact(FactID(word)).Per) == 0 {
			c.fault(path, fmt.Sprintf("fact %q has one day only", word), "every asks for a fact kept per document or respondent; write set: "+word)
		}
	case ArgClock:
		c.clock(path, ClockID(word))
	case ArgForm:
		c.filled(path, FormID(word))
	case ArgPart:
		if f := c.forms[FormID(g.Arg.Named["form"].Text)]; f != nil {
			c.named(path, fmt.Sprintf("part of form %s", f.ID), word, partNames(f))
		}
	case ArgField:
		c.ofType(path, c.fieldOrOwn(path, word, scope), Money, Number)
	case ArgDay:
		c.ofType(path, c.fieldOrOwn(path, word, scope), DateType, DateTime)
	case ArgTable:
		c.ofType(path, c.fieldOrOwn(path, word, scope), Table)
	case ArgColumn:
		if f := c.lookup(g.Arg.Named["table"].Text, scope); f != nil && f.Type == Table {
			c.named(path, fmt.Sprintf("column of %s", f.ID), word, columnNames(f))
		}
	case ArgPeople:
		c.people(path, word, scope)
	case ArgWalk:
		c.named(path, "side walk", word, c.walks)
	case ArgState:
		if w := c.def.Walk(WalkID(g.Arg.Named["walk"].Text)); w != nil {
			c.state(path, w, StateID(word))
		}
	case ArgAction:
		c.named(path, "action", word, c.actions)
	case ArgPost:
		c.named(path, "post", word, texts(posts))
	case ArgRole:
		c.named(path, "role of the case", word, c.roles())
	case ArgSetting, ArgWorkflow:
		c.word(path, string(kind), word)
	case ArgCount:
		if n, err := strconv.Atoi(word); err != nil || n < 1 {
			c.fault(path, fmt.Sprintf("%q is no number of people", word), "write 1, 2, …")
		}
	case ArgPeriod:
		if _, err := calendar.ParsePeriod(word); err != nil {
			c.fault(path, err.Error(), "")
		}
	case ArgTrue:
		if word != "true" {
			c.fault(path, fmt.Sprintf("guard %q takes no argument", g.Name), "write "+g.Name+": true")
		}
	}
}

// people checks a field of people, or a role of the case.
func (c *checker) people(path, word string, scope []*Form) {
	if f := c.lookup(word, scope); f != nil {
		c.ofType(path, f, PersonType, People)
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
				if field.Type == People || field.Type == PersonType {
					allowed = append(allowed, string(field.ID))
				}
			}
		}
	}
	c.named(path, "people field or role", word, allowed)
}

// fieldOrOwn finds FORM.field, or a field of the action's own forms.
func (c *checker) fieldOrOwn(path, word string, scope []*Form) *Field {
	if form, field, ok := strings.Cut(word, "."); ok {
		return c.field(path, FieldRef{FormID(form), FieldID(field)})
	}
	return c.own(path, FieldID(word), scope)
}

// lookup finds the same without a fault.
func (c *checker) lookup(word string, scope []*Form) *Field {
	if form, field, ok := strings.Cut(word, "."); ok {
		if f := c.forms[FormID(form)]; f != nil {
			return f.Field(FieldID(field))
		}
		return nil
	}
	for _, f := range scope {
		if field := f.Field(FieldID(word)); field != nil {
			return field
		}
	}
	return nil
}

func columnNames(table *Field) []string {
	names := make([]string, len(table.Columns))
	for i := range table.Columns {
		names[i] = string(table.Columns[i].ID)
	}
	return names
}

func (a Arg) empty() bool { return a.Text == "" && len(a.List) == 0 && len(a.Named) == 0 }

// wants says in words what a guard that takes a list is given.
func (s ArgShape) wants() string {
	if s.Count > 0 {
		return fmt.Sprintf("a list of %d: %s", s.Count, s.Many)
	}
	return "a list: " + string(s.Many)
}

func (n ArgName) wants() string {
	if n.List {
		return "a list: " + string(n.Kind)
	}
	return "one " + string(n.Kind)
}

// example writes the guard as the file should: {certified: {people: PEOPLE, at-least: NUMBER}}.
func (s ArgShape) example(name string) string {
	switch {
	case s.One == ArgTrue:
		return "{" + name + ": true}"
	case s.One != "":
		return "{" + name + ": " + s.One.example() + "}"
	case s.Count > 0:
		return "{" + name + ": [" + strings.TrimSuffix(strings.Repeat(s.Many.example()+", ", s.Count), ", ") + "]}"
	case s.Many != "":
		return "{" + name + ": [" + s.Many.example() + "…]}"
	}
	var args []string
	for _, n := range s.Named {
		word := n.Kind.example()
		if n.List {
			word = "[" + word + "…]"
		}
		args = append(args, n.Name+": "+word)
	}
	return "{" + name + ": {" + strings.Join(args, ", ") + "}}"
}

// example is the kind as a word to be replaced.
func (k ArgKind) example() string {
	switch k {
	case ArgPeople:
		return "FIELD or ROLE"
	case ArgField, ArgDay, ArgTable:
		return "FIELD or FORM.field"
	case ArgWalk:
		return "WALK"
	}
	return strings.ToUpper(string(k))
}
