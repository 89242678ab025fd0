package procedure

import (
	"strings"

	"dossier/engine/text"
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
	Doc   string // what the guard asks
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

// GuardArgs is the closed list of guards: what each asks, and the shape of what it is given.
var GuardArgs = map[string]ArgShape{
	"certified":           {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "at-least", Kind: ArgCount}}, Doc: "each of these people holds an enforcement certificate valid on the fact day, and they are enough"},
	"staff":               {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "at-least", Kind: ArgCount}, {Name: "posts", Kind: ArgPost, List: true, Optional: true}}, Doc: "these people are enough, and of these posts"},
	"before-due":          {One: ArgClock, Doc: "the clock runs and the fact day is not after its due day; of a suspension, before it"},
	"extendable":          {One: ArgClock, Doc: "the clock's extensions are not used up"},
	"not-after-due":       {One: ArgClock, Doc: "the fact day is not after the clock's due day"},
	"window-over":         {Many: ArgClock, Doc: "each run of these windows is over or waived on the fact day"},
	"window-open":         {One: ArgClock, Doc: "the fact day lies within the window, which was not given up before"},
	"at-rest":             {Many: ArgWalk, Doc: "these side walks are at rest"},
	"walk-in":             {Named: []ArgName{{Name: "walk", Kind: ArgWalk}, {Name: "states", Kind: ArgState, List: true}}, Doc: "the walk is in one of these states"},
	"set":                 {Many: ArgFact, Doc: "all of these facts are set"},
	"unset":               {Many: ArgFact, Doc: "none of these facts is set"},
	"any-set":             {Many: ArgFact, Doc: "one of these facts is set"},
	"every":               {One: ArgFact, Doc: "the fact is set for each document and respondent that it is kept per"},
	"since":               {Many: ArgFact, Count: 2, Doc: "the first fact is set, for all that it is kept per, and not before the second's latest day"},
	"not-since":           {Many: ArgFact, Count: 2, Doc: "the first fact is not set, or was before the second's latest day"},
	"in-time":             {Named: []ArgName{{Name: "clock", Kind: ArgClock}, {Name: "posted", Kind: ArgDay, Optional: true}}, Doc: "the fact day, or the day of posting where the paper gives one, lies within the window, which was not given up before"},
	"not-followed":        {Named: []ArgName{{Name: "facts", Kind: ArgFact, List: true}, {Name: "by", Kind: ArgFact}}, Doc: "one of these facts was set and not followed by that one"},
	"followed":            {Named: []ArgName{{Name: "facts", Kind: ArgFact, List: true}, {Name: "by", Kind: ArgFact}}, Doc: "each of these facts that is set was followed by that one, for the same document and respondent"},
	"reached":             {One: ArgDay, Doc: "the fact day is not before that day"},
	"up-to":               {One: ArgFact, Doc: "the fact day is not after the day that counts of this fact, where it is set"},
	"leaves-time":         {Named: []ArgName{{Name: "days", Kind: ArgDay, List: true}, {Name: "fact", Kind: ArgFact}}, Doc: "none of the days that the served papers fix is before the fact day, shifted as that fact is"},
	"late-charge":         {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "of", Kind: ArgField, List: true}, {Name: "percent", Kind: ArgCount}, {Name: "paid", Kind: ArgField, List: true, Optional: true}, {Name: "charged", Kind: ArgField, List: true, Optional: true}, {Name: "clock", Kind: ArgClock}, {Name: "pending", Kind: ArgFact, List: true}, {Name: "until", Kind: ArgFact}, {Name: "appealed", Kind: ArgFact, Optional: true}}, Doc: "the charge with those before it is not above 3 % of the fine for each day after the clock's due day that counts, nor above the fine"},
	"issued":              {Many: ArgForm, Doc: "a document of each of these forms is issued"},
	"to-issue":            {Named: []ArgName{{Name: "form", Kind: ArgForm, List: true}, {Name: "fact", Kind: ArgFact}}, Doc: "of some whom it concerns no document of the forms waits to be served: none is issued, or the fact was set since"},
	"filled":              {Many: ArgForm, Doc: "a paper of each of these forms is filled"},
	"notice-covers":       {Named: []ArgName{{Name: "notice", Kind: ArgForm}, {Name: "proposal", Kind: ArgForm}, {Name: "through", Kind: ArgFact}, {Name: "since", Kind: ArgFact, List: true, Optional: true}}, Doc: "a notice already served covers the outcome now approved: no further kind, no higher sum; one from before these facts doesn't count"},
	"major":               {One: ArgForm, Doc: "the penalty is major: a licence revoked, a large fine or a large confiscation"},
	"at-most":             {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}, {Name: "person", Kind: ArgSetting, Optional: true}}, Doc: "the sum is not above the office's setting"},
	"at-least":            {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "setting", Kind: ArgSetting}, {Name: "person", Kind: ArgSetting, Optional: true}}, Doc: "the sum reaches the office's setting"},
	"nothing-owed":        {Named: []ArgName{{Name: "owed", Kind: ArgField, List: true}, {Name: "paid", Kind: ArgField, List: true, Optional: true}, {Name: "by", Kind: ArgForm, List: true, Optional: true}, {Name: "unless", Kind: ArgFact, Optional: true}, {Name: "anew", Kind: ArgTrue, Optional: true}}, Doc: "what was paid covers what is owed; without `paid`: nothing was ever to be paid; `by`: only what a document of these forms in force says; `unless`: nothing after that fact"},
	"nothing-outstanding": {Named: []ArgName{{Name: "by", Kind: ArgForm, List: true, Optional: true}, {Name: "done", Kind: ArgFact, Optional: true}}, Doc: "nothing is outstanding, what the action itself records counted in; without `by`: no money"},
	"outstanding":         {Named: []ArgName{{Name: "by", Kind: ArgForm, List: true}, {Name: "done", Kind: ArgFact}}, Doc: "something is owed of one of the procedure's debts, or a document of `by` is in force and `done` was not set since it was issued"},
	"owing":               {Named: []ArgName{{Name: "owed", Kind: ArgField, List: true}, {Name: "paid", Kind: ArgField, List: true}, {Name: "by", Kind: ArgForm, List: true, Optional: true}, {Name: "unless", Kind: ArgFact, Optional: true}}, Doc: "something is still owed before what is recorded now; of a sum of 0 it asks nothing"},
	"come":                {Many: ArgFact, Doc: "each of these facts is set, and the fact day is not before the day that counts of it"},
	"together":            {One: ArgTrue, Doc: "all respondents stand where the action stands"},
	"one-outcome":         {One: ArgForm, Doc: "the form gives no party both no penalty and something else"},
	"once-each":           {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}, Doc: "no two rows of the table name one party"},
	"kinds-present":       {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}, {Name: "kinds", Kind: ArgPost, List: true}, {Name: "name", Kind: ArgColumn, Optional: true}, {Name: "at-least", Kind: ArgCount, Optional: true}}, Doc: "each of these kinds of participants is present, with name: by somebody who holds that post on the fact day; one whose post is vacant that day, or held only by who is there for another kind, may be missing; at-least: so many of these kinds together, or all who hold these posts that day"},
	"share":               {Named: []ArgName{{Name: "value", Kind: ArgField}, {Name: "of", Kind: ArgField}, {Name: "percent", Kind: ArgCount}}, Doc: "the number is so many percent of the other, rounded up, and no more than it"},
	"all-items":           {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}, Doc: "each choice of the column has its row in the table"},
	"no-row":              {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}, {Name: "value", Kind: ArgText}}, Doc: "no row of the table has that value in the column"},
	"no-heavier":          {Named: []ArgName{{Name: "form", Kind: ArgForm}, {Name: "than", Kind: ArgPart}, {Name: "of", Kind: ArgForm, Optional: true}, {Name: "through", Kind: ArgFact, Optional: true}}, Doc: "what is signed now, or with `of` what that form says, is not heavier than what that part of the form said, nor of another kind; with `through` only what came to the party by that fact counts"},
	"several":             {One: ArgTable, Doc: "the table of the case has more than one row"},
	"parties":             {Named: []ArgName{{Name: "table", Kind: ArgTable}, {Name: "column", Kind: ArgColumn}}, Doc: "each row of the table names a party of the case"},
	"none-of":             {Named: []ArgName{{Name: "people", Kind: ArgPeople}, {Name: "roles", Kind: ArgRole, List: true}}, Doc: "none of these people holds one of these roles"},
	"other-than":          {One: ArgAction, Doc: "another person than did that action"},
	"ahead":               {Named: []ArgName{{Name: "day", Kind: ArgDay}, {Name: "by", Kind: ArgPeriod}}, Doc: "the fact day leaves so many full days before that day"},
	"linked":              {One: ArgWorkflow, Doc: "a case of that procedure is linked"},
	"no-findings":         {One: ArgTrue, Doc: "no finding is open"},
	"did":                 {Many: ArgAction, Doc: "each of these actions was taken in this case"},
	"never":               {One: ArgText, Doc: "never: the text says why, and `when:` says of what"},
	"pending":             {One: ArgText, Doc: "never: the text says what is missing"},
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
func (s ArgShape) Wants() text.Words {
	if s.Count > 0 {
		return text.Say("a list of %s: %s", s.Count, text.Words(s.Many))
	}
	return text.Say("a list: %s", text.Words(s.Many))
}

// Wants says what the argument is given.
func (n ArgName) Wants() text.Words {
	if n.List {
		return text.Say("a list: %s", text.Words(n.Kind))
	}
	return text.Say("one %s", text.Words(n.Kind))
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
