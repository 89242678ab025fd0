// Package office is an immutable view of people, posts, certificates, delegations and settings as dated rows: a question
// names its day. The view is made by the kernel from records and replaced when one of them changes.
package office

import (
	"regexp"
	"slices"
	"sort"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// PersonID is a user's name for signing in; it never changes and is never given twice.
type PersonID string

// System is who acts when nobody does: timers.
const System PersonID = "system"

// Office is an immutable view of people, posts, delegations, certificates, settings and schedules, as dated rows:
// a question names its day. It is replaced as a whole when one of its records changes.
type Office struct {
	Version  string // of the records it was read from
	Counted  string // of those by which clocks are counted
	Seq      uint64 // of the record that moves with each of them: see renewal
	Calendar *calendar.Calendar
	people   map[PersonID]*Person
	order    []PersonID
	lent     []Delegation
	settings map[string][]SettingRow
	Known    []procedure.Post

	Standards *penalty.Book // of discretion; nil where the office has none
	Clauses   map[string]Clause
	Groups    []Group // of its settings
	Regimes   []Regime
}

// Regime says by what the checks of one kind of supervision are told in their cases.
type Regime struct {
	Name      string                 `json:"regime"`
	Workflows []procedure.WorkflowID `json:"workflows"`
	Fact      procedure.FactID       `json:"fact"`   // a check was made on its day
	Kind      procedure.FieldID      `json:"kind"`   // the case's value that tells the quota's kinds apart
	Unit      []procedure.FieldID    `json:"unit"`   // the case's values that name the object, the first that is there
	Source    procedure.FieldID      `json:"source"` // the case's value that says where the check came from
	Exempt    []string               `json:"exempt"` // sources that no ceiling counts
}

// Clause is what a statute dictates word for word on papers of a kind. In its text {NAME} is a setting.
type Clause struct {
	Text string
	Law  []procedure.Citation
}

var placeholder = regexp.MustCompile(`\{[a-z][a-z/-]*\}`)

// Clause is the text of a clause with the settings in force on the day; "" where the office has no such clause.
func (o *Office) Clause(name string, on calendar.Date) string {
	return placeholder.ReplaceAllStringFunc(o.Clauses[name].Text, func(s string) string { return o.Text(s[1:len(s)-1], on) })
}

// Person is a user of the office.
type Person struct {
	ID           PersonID      `json:"id"`
	Name         string        `json:"name"`
	Section      string        `json:"section,omitempty"`
	Phone        string        `json:"phone,omitempty"`
	Mail         string        `json:"mail,omitempty"`
	Posts        []Held        `json:"posts"`
	Certificates []Certificate `json:"certificates,omitempty"`
	Disabled     calendar.Date `json:"disabled,omitempty"`   // from this day on
	Password     string        `json:"password,omitempty"`   // argon2id
	PasswordAt   int64         `json:"passwordAt,omitempty"` // when it was set, UTC seconds
	Lang         string        `json:"lang,omitempty"`
}

// Held is a post held from a day to a day, both included; 0 is open.
type Held struct {
	Post procedure.Actor `json:"post"`
	From calendar.Date   `json:"from,omitempty"`
	To   calendar.Date   `json:"to,omitempty"`
}

// on tells whether the post is held on that day.
func (h Held) on(day calendar.Date) bool {
	return (h.From == 0 || h.From <= day) && (h.To == 0 || day <= h.To)
}

// Certificate is an enforcement certificate (行政执法证) with its validity, both days included.
type Certificate struct {
	Number string        `json:"number"`
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
}

// Delegation lends a post to another person for a period, both days included.
type Delegation struct {
	ID     string          `json:"id"`
	Post   procedure.Actor `json:"post"`
	From   PersonID        `json:"from"`
	To     PersonID        `json:"to"`
	Start  calendar.Date   `json:"start"`
	End    calendar.Date   `json:"end"`
	Reason string          `json:"reason,omitempty"`
	Ended  calendar.Date   `json:"ended,omitempty"` // taken back early, from this day on
}

// SettingRow is a setting's value from a day on, with the basis that it prints.
type SettingRow struct {
	From  calendar.Date `json:"from,omitempty"`
	Value string        `json:"value"`
	Basis string        `json:"basis,omitempty"`
}

// NewOffice makes a view of these rows.
func NewOffice(version string, cal *calendar.Calendar, people []Person, lent []Delegation, settings map[string][]SettingRow) *Office {
	o := &Office{Version: version, Calendar: cal, people: map[PersonID]*Person{}, lent: lent, settings: settings}
	for i := range people {
		p := people[i]
		o.people[p.ID] = &p
		o.order = append(o.order, p.ID)
	}
	sort.Slice(o.order, func(i, j int) bool { return o.order[i] < o.order[j] })
	return o
}

// Person finds a user, disabled ones too; nil when nobody has that id.
func (o *Office) Person(id PersonID) *Person { return o.people[id] }

// People gives every user in the order of their ids.
func (o *Office) People() []*Person {
	ps := make([]*Person, len(o.order))
	for i, id := range o.order {
		ps[i] = o.people[id]
	}
	return ps
}

// Name is the person's name, or the id when nobody has it.
func (o *Office) Name(id PersonID) string {
	if p := o.people[id]; p != nil {
		return p.Name
	}
	return string(id)
}

// Active tells whether the person may act on that day.
func (p *Person) Active(on calendar.Date) bool { return p.Disabled == 0 || on < p.Disabled }

// Holds tells whether the person holds the post on that day in their own right.
func (p *Person) Holds(post procedure.Actor, on calendar.Date) bool {
	if !p.Active(on) {
		return false
	}
	return slices.ContainsFunc(p.Posts, func(h Held) bool { return h.Post == post && h.on(on) })
}

// Holds tells whether the person holds the post on that day in their own right.
func (o *Office) Holds(id PersonID, post procedure.Actor, on calendar.Date) bool {
	p := o.people[id]
	return p != nil && p.Holds(post, on)
}

// Holders gives the active holders of a post on that day.
func (o *Office) Holders(post procedure.Actor, on calendar.Date) []PersonID {
	var ids []PersonID
	for _, id := range o.order {
		if o.people[id].Holds(post, on) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Lent gives the persons for whom the delegate may use the post on that day.
func (o *Office) Lent(delegate PersonID, post procedure.Actor, on calendar.Date) []PersonID {
	var ids []PersonID
	for _, d := range o.lent {
		if d.To == delegate && d.Post == post && d.Start <= on && on <= d.End && (d.Ended == 0 || on < d.Ended) &&
			o.Holds(d.From, post, on) {
			ids = append(ids, d.From)
		}
	}
	return ids
}

// Delegates gives the active persons to whom a post is lent on that day.
func (o *Office) Delegates(post procedure.Actor, on calendar.Date) []PersonID {
	var ids []PersonID
	for _, d := range o.lent {
		if d.Post == post && len(o.Lent(d.To, post, on)) > 0 {
			if p := o.people[d.To]; p != nil && p.Active(on) {
				ids = append(ids, d.To)
			}
		}
	}
	return ids
}

// Delegations gives every delegation on record.
func (o *Office) Delegations() []Delegation { return o.lent }

// Certificate is the number of the person's certificate valid on that day.
func (o *Office) Certificate(id PersonID, on calendar.Date) (string, bool) {
	p := o.people[id]
	if p == nil {
		return "", false
	}
	for _, c := range p.Certificates {
		if (c.From == 0 || c.From <= on) && (c.To == 0 || on <= c.To) {
			return c.Number, true
		}
	}
	return "", false
}

// SettingRegimes names the regimes that are switched on, parted by 、.
const SettingRegimes = "regimes"

// Runs tells whether a regime is switched on that day; without the setting all are.
func (o *Office) Runs(regime string, on calendar.Date) bool {
	row, set := o.Setting(SettingRegimes, on)
	return !set || slices.Contains(text.Listed(row.Value), regime)
}

// Setting is the value in force on that day, with its basis.
func (o *Office) Setting(name string, on calendar.Date) (SettingRow, bool) {
	var best SettingRow
	found := false
	for _, r := range o.settings[name] {
		if r.From <= on && (!found || r.From >= best.From) {
			best, found = r, true
		}
	}
	return best, found
}

// Settings gives every setting with its rows.
func (o *Office) Settings() map[string][]SettingRow { return o.settings }

// Text is a setting's value, "" when it is not set.
func (o *Office) Text(name string, on calendar.Date) string {
	r, _ := o.Setting(name, on)
	return r.Value
}

// Printed is a setting as papers print it: in the place of one that the office has not set yet stands which it is.
func (o *Office) Printed(name string, on calendar.Date) string {
	if v := o.Text(name, on); v != "" || o.settings[name] == nil || !text.Has("setting."+name) {
		return v
	}
	return text.T(text.ZH, "setting.unset", "name", text.T(text.ZH, "setting."+name))
}

// Seal is the body in whose name a procedure's papers go out and whose seal they bear: the setting seal/WORKFLOW, else seal,
// else the office itself.
func (o *Office) Seal(of procedure.WorkflowID, on calendar.Date) string {
	for _, name := range []string{"seal/" + string(of), "seal"} {
		if body := o.Text(name, on); body != "" {
			return body
		}
	}
	return o.Printed("bureau", on)
}

// Fen is a setting that is a sum in yuan, as fen.
func (o *Office) Fen(name string, on calendar.Date) (int64, bool) {
	r, ok := o.Setting(name, on)
	if !ok {
		return 0, false
	}
	f, err := procedure.ParseMoney(r.Value)
	return f, err == nil
}

// Admin is the post that keeps people, settings and schedules.
const Admin procedure.Actor = "admin"

// Leaves are the days from which the person holds less than before.
func (p *Person) Leaves() []calendar.Date {
	var days []calendar.Date
	if p.Disabled != 0 {
		days = append(days, p.Disabled)
	}
	for _, h := range p.Posts {
		if h.To != 0 {
			days = append(days, h.To.Add(1))
		}
	}
	return days
}

// Turns tells whether somebody's post, absence or delegation begins or ends on one of the days after the first up to and
// including the last, by rows that were on record before: who is told of a case changes on such a day without any commit.
func (o *Office) Turns(after, upto calendar.Date) bool {
	within := func(days ...calendar.Date) bool {
		return slices.ContainsFunc(days, func(d calendar.Date) bool { return after < d && d <= upto })
	}
	next := func(d calendar.Date) calendar.Date { // the day after the last of a period; 0 of one that is open
		if d == 0 {
			return 0
		}
		return d.Add(1)
	}
	for _, p := range o.people {
		if within(p.Disabled) || slices.ContainsFunc(p.Posts, func(h Held) bool { return within(h.From, next(h.To)) }) {
			return true
		}
	}
	return slices.ContainsFunc(o.lent, func(d Delegation) bool { return within(d.Start, next(d.End), d.Ended) })
}
