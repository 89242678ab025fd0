package procedure

import (
	"fmt"
	"strings"
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
	"in-time":       {Named: []ArgName{{Name: "clock", Kind: ArgClock}, {Name: "posted", Kind: ArgDay, Optional: true}}},
	"not-followed":  {Named: []ArgName{{Name: "facts", Kind: ArgFact, List: true}, {Name: "by", Kind: ArgFact}}},
	"followed":      {Named: []ArgName{{Name: "facts", Kind: ArgFact, List: true}, {Name: "by", Kind: ArgFact}}},
	"reached":       {One: ArgDay},
	"late-charge":   {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "of", Kind: ArgField, List: true}, {Name: "percent", Kind: ArgCount}, {Name: "paid", Kind: ArgField, List: true, Optional: true}, {Name: "charged", Kind: ArgField, List: true, Optional: true}, {Name: "clock", Kind: ArgClock}, {Name: "pending", Kind: ArgFact, List: true}, {Name: "until", Kind: ArgFact}}},
	"issued":        {Many: ArgForm},
	"to-issue":      {Named: []ArgName{{Name: "form", Kind: ArgForm}, {Name: "fact", Kind: ArgFact}}},
	"filled":        {Many: ArgForm},
	"notice-covers": {Named: []ArgName{{Name: "notice", Kind: ArgForm}, {Name: "proposal", Kind: ArgForm}, {Name: "since", Kind: ArgFact, List: true, Optional: true}}},
	"major":         {One: ArgForm},
	"at-most":       {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}}},
	"at-least":      {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}}},
	"nothing-owed":  {Named: []ArgName{{Name: "owed", Kind: ArgField, List: true}, {Name: "paid", Kind: ArgField, List: true, Optional: true}, {Name: "by", Kind: ArgForm, List: true, Optional: true}, {Name: "unless", Kind: ArgFact, Optional: true}, {Name: "anew", Kind: ArgTrue, Optional: true}}},
	"outstanding":   {Named: []ArgName{{Name: "by", Kind: ArgForm, List: true}, {Name: "done", Kind: ArgFact}}},
	"owing":         {Named: []ArgName{{Name: "owed", Kind: ArgField, List: true}, {Name: "paid", Kind: ArgField, List: true}, {Name: "by", Kind: ArgForm, List: true, Optional: true}, {Name: "unless", Kind: ArgFact, Optional: true}}},
	"come":          {Many: ArgFact},
	"together":      {One: ArgTrue},
	"one-outcome":   {One: ArgForm},
	"once-each":     {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}},
	"kinds-present": {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}, {Name: "kinds", Kind: ArgPost, List: true}}},
	"share":         {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "of", Kind: ArgField}, {Name: "percent", Kind: ArgCount}}},
	"all-items":     {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}},
	"no-row":        {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}, {Name: "value", Kind: ArgText}}},
	"no-heavier":    {Named: []ArgName{{Name: "form", Kind: ArgForm}, {Name: "than", Kind: ArgPart}}},
	"several":       {One: ArgTable},
	"parties":       {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}},
	"none-of":       {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "roles", Kind: ArgRole, List: true}}},
	"other-than":    {One: ArgAction},
	"ahead":         {Named: []ArgName{{Name: "day", Kind: ArgDay}, {Name: "by", Kind: ArgPeriod}}},
	"linked":        {One: ArgWorkflow},
	"no-findings":   {One: ArgTrue},
	"did":           {Many: ArgAction},
	"never":         {One: ArgText},
	"pending":       {One: ArgText},
}

// Name is the field as the test writes it.
func (t FieldTest) Name() string {
	if t.Form == "" {
		return string(t.Field)
	}
	return string(t.Form) + "." + string(t.Field)
}

func (a Arg) Empty() bool { return a.Text == "" && len(a.List) == 0 && len(a.Named) == 0 }

// Wants says in words what a guard that takes a list is given.
func (s ArgShape) Wants() string {
	if s.Count > 0 {
		return fmt.Sprintf("a list of %d: %s", s.Count, s.Many)
	}
	return "a list: " + string(s.Many)
}

func (n ArgName) Wants() string {
	if n.List {
		return "a list: " + string(n.Kind)
	}
	return "one " + string(n.Kind)
}

// Example writes the guard as the file should: {certified: {people: PEOPLE, at-least: NUMBER}}.
func (s ArgShape) Example(name string) string {
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
