// Package procedure holds the words that a procedure is written in: walks, states, actions, facts, clocks, gates, the
// forms that actions fill and the values in them. A Definition is one YAML file of workflows/ as Go values, an Edition that
// definition with its forms, by hash.
//
// It knows no case, no person and no day: what a word means for one case on one day is told in engine/rules.
package procedure

import (
	"fmt"
	"strings"
)

// The identifiers of a procedure. They are written in YAML, in the API and in scenarios, and never in Go code.
type (
	WorkflowID string
	StateID    string
	ActionID   string
	FactID     string
	ClockID    string
	FormID     string
	PartID     string
	FieldID    string
	WalkID     string // "main", or the name of a side walk: "suspension", "evidence-2"
	Actor      string // a post ("captain"), a role of the case ("officer-in-charge"), or "timer"
)

// Main is the id of every procedure's main walk.
const Main WalkID = "main"

// Timer is who acts when a clock runs out: the system.
const Timer Actor = "timer"

// Label is a text for people, Chinese always, English where the file gives it.
type Label struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en,omitempty" yaml:"en"`
}

// Citation names the clause something comes from: {Act: "list", Ref: "四(九)二(二)"} or {Act: "reg", Ref: "17"}.
// The act "ours" cites nothing; its Why says what we chose and why.
type Citation struct {
	Act string `json:"act"`
	Ref string `json:"ref,omitempty"`
}

// ParseCitation reads "list/四(九)二(二)", "reg/17", "reg/18.1" or "ours".
func ParseCitation(s string) (Citation, error) {
	if s == "ours" {
		return Citation{Act: "ours"}, nil
	}
	act, ref, ok := strings.Cut(s, "/")
	if !ok || act == "" || ref == "" {
		return Citation{}, fmt.Errorf("%q is not a citation: write list/四(九)二(二), ACT/article.item or ours", s)
	}
	return Citation{act, ref}, nil
}

func (c Citation) String() string {
	if c.Ref == "" {
		return c.Act
	}
	return c.Act + "/" + c.Ref
}

// Law is the citations of one action, clock, fact or guard. Why is required when a citation is "ours".
type Law struct {
	Cites []Citation `json:"law,omitempty" yaml:"law"`
	Why   string     `json:"why,omitempty" yaml:"why"`
}

// Statute is the full name of an act that a procedure cites by a short name.
type Statute struct {
	ID    string `json:"id" yaml:",key"`
	Title Label  `json:"title" yaml:",inline"`
	Ref   string `json:"ref,omitempty" yaml:"ref"` // 国务院令第423号
}

// Definition is one version of one procedure, as its YAML file says it.
type Definition struct {
	ID          WorkflowID   `yaml:"workflow,required"`
	Version     int          `yaml:"version,required"`
	Title       Label        `yaml:"title,required"`
	Source      Citation     `yaml:"source,required"`
	Regime      string       `yaml:"regime"` // a word of the setting "regimes"; while it isn't among them, nothing is done in its cases
	Posts       []Post       // of the office, by which it was read; not in its text
	Line        []Actor      `yaml:"line,required"` // who is alerted, in order; the second has the findings
	Terms       Terms        `yaml:"case,required"` // case:
	Supervision *Supervision `yaml:"supervision"`   // nil: an order is no paper
	Usual       bool         `yaml:"usual"`         // meant where a spreadsheet of cases names no procedure
	Apart       FactID       `yaml:"each,by-hand"`  // each: from the event that sets this fact on each respondent walks alone; "": all walk together
	Statutes    []Statute    `yaml:"statutes,keyed"`
	Owes        []Owed       `yaml:"owes"` // of every case
	Facts       []Fact       `yaml:"facts,required,keyed"`
	Clocks      []Clock      `yaml:"clocks,keyed"`
	Open        Action       `yaml:"open,required"`
	Main        Walk         `yaml:"walk,required,into=States"`
	Sides       []Walk       `yaml:"side-walks,keyed"`
}

// Test is a condition of a Choice or of a guard's `when:`. All of its parts hold, or it fails.
type Test struct {
	Fields []FieldTest
	Is     *GuardCall
}

// FieldTest holds when the field has one of the values; a list field, when it contains one of them.
type FieldTest struct {
	Form   FormID // "" for a field of this action's form, else the latest paper or document of that form
	Field  FieldID
	Values []string
}

// Option is one line of a Choice. A nil When is the last `else`. None is the value `none`.
type Option[T any] struct {
	When  *Test
	Value T
	None  bool
}

// Choice is a value, or a list of options tried in order. Empty means: not given.
type Choice[T any] []Option[T]

// One is a choice without alternatives.
func One[T any](v T) Choice[T] { return Choice[T]{{Value: v}} }

// Values gives each value that the choice may take, `none` left out.
func (c Choice[T]) Values() []T {
	var vs []T
	for _, o := range c {
		if !o.None {
			vs = append(vs, o.Value)
		}
	}
	return vs
}

// Last is the last value that the choice may take; false where there is none.
func (c Choice[T]) Last() (v T, ok bool) {
	for _, o := range c {
		if !o.None {
			v, ok = o.Value, true
		}
	}
	return v, ok
}

// FieldRef names a field of the latest paper or document of a form.
type FieldRef struct {
	Form  FormID
	Field FieldID
}

func (f FieldRef) String() string { return string(f.Form) + "." + string(f.Field) }

// Walk is one machine: the main walk, or a side walk that lives while the main walk is in one of the During states.
type Walk struct {
	ID      WalkID    `yaml:",key"`
	Title   Label     `yaml:"title"`
	During  []StateID `yaml:"during,required"` // of a side walk; empty: any state that is not an end
	Repeats bool      `yaml:"repeats"`
	Each    bool      `yaml:"each,by-hand"`  // of a side walk: one a respondent, once each walks alone
	Loose   bool      `yaml:"holds,by-hand"` // holds: none — of a side walk: not at rest it holds nothing else
	States  []State   `yaml:"walk,required"`
	Clocks  []Clock   `yaml:"clocks,keyed"` // of a side walk
}

// State is a place in a walk.
type State struct {
	ID      StateID  `yaml:"state,required"`
	Title   Label    `yaml:"title"`
	Stage   Label    `yaml:"stage"`
	End     bool     `yaml:"end"`           // the case's business is over
	Rest    bool     `yaml:"rest"`          // side walks: at rest (the first state always is)
	Halts   bool     `yaml:"halts,by-hand"` // halts: main
	Holds   bool     `yaml:"holds,by-hand"` // holds: end
	Owes    []Owed   `yaml:"owes"`          // of every case whose way leads over it
	Actions []Action `yaml:"actions"`
}

// Decision is what a gate decides.
type Decision string

const (
	Approve Decision = "approve"
	Refuse  Decision = "refuse"
	Return  Decision = "return"
)

// FormPart is one part of one form that an action fills.
type FormPart struct {
	Form FormID
	Part PartID
	Per  string // "", or "respondent": one paper each
}

// Opens says which other procedure an action begins.
type Opens struct {
	Workflow    WorkflowID           `yaml:"workflow,required"`
	With        map[FieldID]string   `yaml:"with"`
	Carry       map[FieldID]FieldRef `yaml:"carry"`
	Attachments bool                 `yaml:"attachments"`
	Repeats     bool                 `yaml:"repeats"`
}

// Action is one thing that can be done in a state.
type Action struct {
	ID       ActionID           `yaml:"do,required"`
	Title    Label              `yaml:"title"`
	By       Choice[[]Actor]    `yaml:"by,word=by"`
	To       Choice[StateID]    `yaml:"to,word=state"`   // empty: stays
	Instead  []Actor            `yaml:"instead,by-hand"` // who stands in, in order, where all who hold the posts of By may not
	NotBy    string             `yaml:"not-by,by-hand"`  // who may not: a role of the case, or FORM.field of people
	Form     Choice[FormPart]   `yaml:"form part,by-hand"`
	Forms    []Option[FormPart] `yaml:"forms"` // all that hold are filled, each its own paper
	Decision Decision           `yaml:"decision"`
	Fact     Choice[[]FactID]   `yaml:"fact,word=fact"`
	Guards   []Guard            `yaml:"guards"`
	Voids    []FactID           `yaml:"voids"`
	Assigns  map[Actor]FieldID  `yaml:"assigns"`
	Releases []Actor            `yaml:"releases"`
	Number   string             `yaml:"number"` // "", "intake", "case"
	Issues   []FormID           `yaml:"issues"`
	Opens    *Opens             `yaml:"opens"`
	Joins    FieldID            `yaml:"joins"`
	Moves    Choice[StateID]    `yaml:"moves-main,word=state"` // of a side walk: where it takes the main walk
	Marks    Choice[[]string]   `yaml:"marks,word=marks"`
	Bars     string             `yaml:"bars"`                  // FIELD or FORM.field: the people named there may not see the case from now on
	Aside    Choice[[]FormID]   `yaml:"sets-aside,word=forms"` // sets-aside: documents of these forms have no effect any more
	Halted   bool               `yaml:"while-halted"`          // while-halted: may be done while a side walk halts the main walk
	Law      Law                `yaml:",inline"`
}

// Arg is what a guard is given: a text, a list or named arguments.
type Arg struct {
	Text  string         `json:"text,omitempty"`
	List  []string       `json:"list,omitempty"`
	Named map[string]Arg `json:"named,omitempty"`
}

// Strings gives a text or a list as a list.
func (a Arg) Strings() []string {
	if a.Text != "" {
		return []string{a.Text}
	}
	return a.List
}

// GuardCall names one of the documented guard functions with its arguments.
type GuardCall struct {
	Name string
	Arg  Arg
}

// Guard is a condition of an action.
type Guard struct {
	GuardCall
	Law     Law
	When    *Test
	Soft    bool     // blocks: false — an unmet guard lets the action pass and leaves a finding
	Finding ActionID // the corrective action, answer-finding by default
	Owes    *Debt    // what it asks to lie in the file, of a condition that `owes:` makes; it is no call then
}

// Walk finds a walk by the id of its definition ("main", "evidence").
func (d *Definition) Walk(id WalkID) *Walk {
	if id == Main {
		return &d.Main
	}
	for i := range d.Sides {
		if d.Sides[i].ID == id {
			return &d.Sides[i]
		}
	}
	return nil
}

// State finds a state of the walk, nil when it has none of that name.
func (w *Walk) State(id StateID) *State {
	for i := range w.States {
		if w.States[i].ID == id {
			return &w.States[i]
		}
	}
	return nil
}

// Lives tells whether a side walk lives while the main walk is in the state.
func (w *Walk) Lives(main *State) bool {
	if len(w.During) == 0 {
		return !main.End
	}
	for _, s := range w.During {
		if s == main.ID {
			return true
		}
	}
	return false
}

// Action finds an action of the state.
func (s *State) Action(id ActionID) *Action {
	for i := range s.Actions {
		if s.Actions[i].ID == id {
			return &s.Actions[i]
		}
	}
	return nil
}

// Fact finds a fact of the procedure.
func (d *Definition) Fact(id FactID) *Fact {
	for i := range d.Facts {
		if d.Facts[i].ID == id {
			return &d.Facts[i]
		}
	}
	return nil
}

// Clock finds a clock of the procedure or of one of its side walks.
func (d *Definition) Clock(id ClockID) *Clock {
	for i := range d.Clocks {
		if d.Clocks[i].ID == id {
			return &d.Clocks[i]
		}
	}
	for s := range d.Sides {
		for i := range d.Sides[s].Clocks {
			if d.Sides[s].Clocks[i].ID == id {
				return &d.Sides[s].Clocks[i]
			}
		}
	}
	return nil
}

// Forms gives the forms that the procedure names, each once, in the order of the file.
func (d *Definition) Forms() []FormID {
	var ids []FormID
	seen := map[FormID]bool{}
	add := func(id FormID) {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, f := range a.Form.Values() {
			add(f.Form)
		}
		for _, f := range a.Forms {
			add(f.Value.Form)
		}
	})
	if d.Supervision != nil {
		add(d.Supervision.Form)
	}
	return ids
}

// Each calls f for `open` (walk main, state nil) and for every action of every state of every walk, in file order.
func (d *Definition) Each(f func(*Walk, *State, *Action)) {
	f(&d.Main, nil, &d.Open)
	walks := []*Walk{&d.Main}
	for i := range d.Sides {
		walks = append(walks, &d.Sides[i])
	}
	for _, w := range walks {
		for i := range w.States {
			for j := range w.States[i].Actions {
				f(w, &w.States[i], &w.States[i].Actions[j])
			}
		}
	}
}

// Walks gives the main walk and the side walks, in file order.
func (d *Definition) Walks() []*Walk {
	walks := []*Walk{&d.Main}
	for i := range d.Sides {
		walks = append(walks, &d.Sides[i])
	}
	return walks
}

// Resting tells whether a state of a side walk is one of rest: marked so, or the first.
func (w *Walk) Resting(s *State) bool { return s.Rest || s.ID == w.States[0].ID }
