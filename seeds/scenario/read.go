// Package scenario plays a case written as text through the engine: `dossier play`, tests and the demo county use the
// same player, so that what they show is never impossible.
//
// `lacks: [FORM or fact …]` asks what the file still lacks, `lacks: []` that it lacks nothing.
// A step's `party: NAME or NAMES` is short for the value `respondent`; `places: {NAME: state}` asks where respondents stand.
//
// `certificates: {NAME: LAST-DAY or A..B}`, `delegations: [{from, to, post, days: A..B}]`, `settings: {NAME: VALUE or
// [{from: DATE, value: VALUE}]}` and `registry: [{kind: KIND, …}]` say what the office has; the steps `do: hire` (name, posts)
// and `do: lend` (from, to, post, until) change it on their day.
//
// A scenario has title, workflow, fill (required fields that a step leaves open get the form's own sample), people (post:
// names), given and steps. given is a map of values, by FIELD or FORM.FIELD, that fill takes before the samples and that
// every step may need: who signs for the party, where it is, what happened there. FORM.FIELD wins over what the record
// already says, FIELD only fills what it doesn't. Days in a value are counted from today or from the step's fact day:
//
//	given: {receiver: 从国庆, LJ09.place: 三楼财务室, facts: "自{today-9m:ym}起没有发放工资。"}
//	steps:
//	  - {date: today-40wd, as: officer, do: record-inspection, with: {started: day 09:10, finished: day 11:35}}
package scenario

import (
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// Scenario is one file: a story of one case or of several, with what must be true after each step.
type Scenario struct {
	File     string
	Title    string
	Workflow procedure.WorkflowID
	Fill     bool
	People   map[procedure.Actor][]string   // post → names, in the order of the file
	Settings map[string][]office.SettingRow // what the office set otherwise than the program brings, from which day

	Certificates map[string]Spell   // when who holds one; of others: always, where a post of theirs asks for it
	Delegations  []Lent             // with them `for:` lends nothing of itself
	Registry     []procedure.Values // objects that are supervised, each with its kind
	Steps        []Step
}

// Step is one thing that is done, or time that passes, and what is expected after it.
type Step struct {
	Line, Col int
	Case      string // which case, of several
	Date      calendar.Date
	As, For   string // a person's name, or a post: its first holder
	Do        procedure.ActionID
	Fact      calendar.Date // 0: the step's date
	With      procedure.Values
	Given     procedure.Values // what fill takes before the forms' own samples, by FIELD or FORM.FIELD
	Walk      procedure.WalkID
	Paper     int
	Pass      bool
	NoSweep   bool
	Expect    Expect
}

// Expect is what a step asserts; an absent key asserts nothing.
type Expect struct {
	State       procedure.StateID
	Walks       map[procedure.WalkID]procedure.StateID
	Places      map[string]procedure.StateID // where each respondent stands
	Due         map[procedure.ClockID]string // a date, or "none"
	Remaining   map[procedure.ClockID]int
	Provisional []procedure.ClockID
	Documents   []procedure.FormID
	Findings    []procedure.ActionID
	NoFindings  bool
	Lacks       []string // forms and facts that the file still lacks
	NoLacks     bool
	Alerts      []Alert
	Refuse      string
	Also        []string // what the same refusal must list besides
}

// Alert is one warning that must have been given.
type Alert struct {
	Clock procedure.ClockID
	To    string
}

// Read reads a scenario. Faults are [text.Faults]. Dates such as today-12wd are counted from today.
func Read(file string, data []byte, today calendar.Date, cal *calendar.Calendar) (*Scenario, error) {
	n, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	d := &decoder{Reader: strictyaml.NewReader(file), days: dates{today: today, cal: cal}}
	s := &Scenario{File: file, People: map[procedure.Actor][]string{}}
	if d.Keys(n, "title", "workflow", "fill", "people", "certificates", "delegations", "settings", "registry", "given", "steps") {
		d.Require(n, "workflow", "steps")
		s.Title = d.String(n.Get("title"))
		s.Workflow = procedure.WorkflowID(d.String(n.Get("workflow")))
		if f := n.Get("fill"); f != nil {
			s.Fill = d.Bool(f)
		}
		if p := n.Get("people"); p != nil {
			for _, k := range d.entries(p) {
				s.People[procedure.Actor(k.Name)] = d.Strings(k.Value)
			}
		}
		d.office(n, s)
		d.given = n.Get("given")
		for _, x := range d.List(n.Get("steps")) {
			s.Steps = append(s.Steps, d.step(x))
		}
	}
	return s, d.Err()
}

type decoder struct {
	*strictyaml.Reader
	days  dates
	given *strictyaml.Node
}

var stepKeys = []string{"date", "case", "as", "for", "do", "fact", "with", "party", "walk", "paper", "pass", "sweep",
	"state", "walks", "places", "due", "remaining", "provisional", "documents", "findings", "lacks", "alerts", "refuse"}

func (d *decoder) step(n *strictyaml.Node) Step {
	s := Step{Line: n.Line, Col: n.Col}
	if !d.Keys(n, stepKeys...) {
		return s
	}
	d.Require(n, "date")
	if x := n.Get("date"); x != nil {
		s.Date = d.date(x)
	}
	s.Case = d.text(n, "case")
	s.As, s.For = d.text(n, "as"), d.text(n, "for")
	s.Do = procedure.ActionID(d.text(n, "do"))
	s.Walk = procedure.WalkID(d.text(n, "walk"))
	if x := n.Get("fact"); x != nil {
		s.Fact = d.date(x)
	}
	if x := n.Get("paper"); x != nil {
		s.Paper = d.Int(x)
	}
	if x := n.Get("pass"); x != nil {
		s.Pass = d.Bool(x)
	}
	if x := n.Get("sweep"); x != nil {
		s.NoSweep = !d.Bool(x)
	}
	if d.days.day = s.Fact; s.Fact == 0 {
		d.days.day = s.Date
	}
	if x := n.Get("with"); x != nil {
		s.With = d.values(x)
	}
	if x := n.Get("party"); x != nil { // short for the value respondent
		if s.With == nil {
			s.With = procedure.Values{}
		}
		if _, both := s.With["respondent"]; both {
			d.Fault(x, "whom it concerns is said twice", "write party: NAME, or with: {respondent: NAME}")
		}
		s.With["respondent"] = procedure.Value{List: d.Strings(x)}
	}
	if d.given != nil && s.Do != "" {
		s.Given = d.values(d.given)
	}
	if s.Do == "" && !s.Pass {
		d.Fault(n, "a step that does nothing", "give do: ACTION with as: PERSON, or pass: true")
	}
	if s.Do != "" && s.As == "" && s.Do != "hire" && s.Do != "lend" {
		d.Fault(n, "nobody does this step", "give as: a person's name or a post")
	}
	e := &s.Expect
	e.State = procedure.StateID(d.text(n, "state"))
	if x := n.Get("refuse"); x != nil && x.Kind == strictyaml.List {
		if all := d.Strings(x); len(all) > 0 {
			e.Refuse, e.Also = all[0], all[1:]
		}
	} else {
		e.Refuse = d.text(n, "refuse")
	}
	if x := n.Get("walks"); x != nil {
		e.Walks = map[procedure.WalkID]procedure.StateID{}
		for _, k := range d.entries(x) {
			e.Walks[procedure.WalkID(k.Name)] = procedure.StateID(d.String(k.Value))
		}
	}
	if x := n.Get("places"); x != nil {
		e.Places = map[string]procedure.StateID{}
		for _, k := range d.entries(x) {
			e.Places[k.Name] = procedure.StateID(d.String(k.Value))
		}
	}
	if x := n.Get("due"); x != nil {
		e.Due = map[procedure.ClockID]string{}
		for _, k := range d.entries(x) {
			v := d.String(k.Value)
			if v != "none" {
				v = d.date(k.Value).String()
			}
			e.Due[procedure.ClockID(k.Name)] = v
		}
	}
	if x := n.Get("remaining"); x != nil {
		e.Remaining = map[procedure.ClockID]int{}
		for _, k := range d.entries(x) {
			e.Remaining[procedure.ClockID(k.Name)] = d.Int(k.Value)
		}
	}
	for _, x := range d.Strings(n.Get("provisional")) {
		e.Provisional = append(e.Provisional, procedure.ClockID(x))
	}
	for _, x := range d.Strings(n.Get("documents")) {
		e.Documents = append(e.Documents, procedure.FormID(x))
	}
	if x := n.Get("findings"); x != nil {
		e.NoFindings = x.Kind == strictyaml.List && len(x.Items) == 0
		for _, f := range d.Strings(x) {
			e.Findings = append(e.Findings, procedure.ActionID(f))
		}
	}
	if x := n.Get("lacks"); x != nil {
		e.NoLacks = x.Kind == strictyaml.List && len(x.Items) == 0
		e.Lacks = d.Strings(x)
	}
	for _, x := range d.List(n.Get("alerts")) {
		if d.Keys(x, "clock", "to") {
			e.Alerts = append(e.Alerts, Alert{procedure.ClockID(d.text(x, "clock")), d.text(x, "to")})
		}
	}
	return s
}

// entries are the keys of a map; anything else is a fault.
func (d *decoder) entries(n *strictyaml.Node) []strictyaml.Key {
	if n.Kind != strictyaml.Map {
		d.Fault(n, text.Say("a map is wanted, %s stands here", n.Kind.Words()), "write {NAME: VALUE}")
		return nil
	}
	return n.Keys
}

func (d *decoder) text(n *strictyaml.Node, key string) string {
	if x := n.Get(key); x != nil {
		return d.String(x)
	}
	return ""
}

// date reads 2026-01-05, today, today-12wd or today+3d.
func (d *decoder) date(n *strictyaml.Node) calendar.Date {
	day, ok := d.days.read(d.String(n))
	if !ok && n.Kind == strictyaml.Scalar {
		d.Fault(n, text.Say("%q is not a date", d.String(n)), "write 2026-01-05, today, today-12wd, today+3d or today-2m")
	}
	return day
}

func (d *decoder) values(n *strictyaml.Node) procedure.Values {
	vs := procedure.Values{}
	if n.Kind != strictyaml.Map {
		d.Fault(n, "values are a map", "write with: {FIELD: VALUE}")
		return vs
	}
	for _, k := range n.Keys {
		vs[procedure.FieldID(k.Name)] = d.value(k.Value)
	}
	return vs
}

func (d *decoder) value(n *strictyaml.Node) procedure.Value {
	switch n.Kind {
	case strictyaml.List:
		var v procedure.Value
		for _, x := range n.Items {
			if x.Kind == strictyaml.Map {
				row := procedure.Cells{}
				for _, k := range x.Keys {
					row[procedure.FieldID(k.Name)] = d.cell(k.Value)
				}
				v.Rows = append(v.Rows, row)
				continue
			}
			v.List = append(v.List, d.words(x))
		}
		if len(v.Rows) > 0 && len(v.List) > 0 {
			d.Fault(n, "a list holds texts or rows, not both", "write [{column: value}] for each row")
		}
		return v
	case strictyaml.Map: // one row
		row := procedure.Cells{}
		for _, k := range n.Keys {
			row[procedure.FieldID(k.Name)] = d.cell(k.Value)
		}
		return procedure.Value{Rows: []procedure.Cells{row}}
	}
	return procedure.TextValue(d.words(n))
}

// cell is one cell of a row; of several choices in it, a list.
func (d *decoder) cell(n *strictyaml.Node) string {
	if n.Kind != strictyaml.List {
		return d.words(n)
	}
	return strings.Join(d.Strings(n), " ")
}

// words is a text with its dates written out.
func (d *decoder) words(n *strictyaml.Node) string {
	s, bad := d.days.write(d.String(n))
	if bad != "" {
		d.Fault(n, text.Say("%q is not a date", bad), "write {today-12wd}, {day+3d:md} or {today-9m..today-7m}")
	}
	return s
}

// names gives each person's name once, in the order of the posts' names.
func (s *Scenario) names() []string {
	var posts []procedure.Actor
	for p := range s.People {
		posts = append(posts, p)
	}
	slices.Sort(posts)
	var names []string
	for _, p := range posts {
		for _, n := range s.People[p] {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

// lends tells whether the scenario says itself who lends what.
func (s *Scenario) lends() bool {
	return len(s.Delegations) > 0 || slices.ContainsFunc(s.Steps, func(st Step) bool { return st.Do == "lend" })
}

// watched tells whether the scenario asks for alerts: only then are the passes made.
func (s *Scenario) watched() bool {
	return slices.ContainsFunc(s.Steps, func(st Step) bool { return len(st.Expect.Alerts) > 0 })
}
