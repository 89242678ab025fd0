package listing

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Row is a case in a list: it carries what the list shows.
type Row struct {
	ID       casefile.CaseID      `json:"id"`
	Workflow procedure.WorkflowID `json:"workflow"`
	Number   string               `json:"number"`
	Intake   string               `json:"intake,omitempty"`
	Party    string               `json:"party,omitempty"`
	Parties  []string             `json:"parties,omitempty"` // all of them, where there are several
	Cause    string               `json:"cause,omitempty"`
	Workers  int                  `json:"workers,omitempty"`
	Amount   string               `json:"amount,omitempty"` // yuan
	State    procedure.StateID    `json:"state"`
	Since    calendar.Date        `json:"since"` // in this state
	Received calendar.Date        `json:"received"`
	Officers []office.PersonID    `json:"officers,omitempty"` // in charge first
	Marks    []string             `json:"marks,omitempty"`
	Barred   []office.PersonID    `json:"barred,omitempty"` // who may not see it
	Waits    []Wait               `json:"waits,omitempty"`
	Clocks   []RowClock           `json:"clocks,omitempty"` // open ones that are due dates, the soonest first
	Findings int                  `json:"findings,omitempty"`
	Ended    bool                 `json:"ended,omitempty"`
	EndDay   calendar.Date        `json:"endDay,omitempty"`
	Places   []casefile.Moved     `json:"places,omitempty"` // where each of several respondents stands
}

// Wait says whom a walk of the case waits for.
type Wait struct {
	Walk    procedure.WalkID  `json:"walk"`
	State   procedure.StateID `json:"state"`
	Gate    bool              `json:"gate,omitempty"`
	Parties []string          `json:"parties,omitempty"` // who stands there, of several respondents
	Posts   []procedure.Actor `json:"posts,omitempty"`
	People  []office.PersonID `json:"people,omitempty"`
	Since   calendar.Date     `json:"since"`
}

// RowClock is an open clock as a list shows it.
type RowClock struct {
	ID          procedure.ClockID `json:"id"`
	Of          []string          `json:"of,omitempty"` // whose it is, of several respondents
	Start       calendar.Date     `json:"start"`
	Due         calendar.Date     `json:"due,omitempty"` // 0 while suspended
	Unit        calendar.Unit     `json:"unit"`
	Left        int               `json:"left,omitempty"` // while suspended
	Provisional bool              `json:"provisional,omitempty"`
	Window      bool              `json:"window,omitempty"`
	Party       bool              `json:"party,omitempty"` // late is the party's default, not the office's delay
}

// On is the row as a day sees it: without the clocks that begin later and the windows that are over.
func (r Row) On(day calendar.Date) Row { return *r.Seen(day) }

// Seen is the row as On tells it: the row itself where the day changes nothing in it.
func (r *Row) Seen(day calendar.Date) *Row {
	past := func(k RowClock) bool { return k.Start > day || k.Window && k.Due != 0 && k.Due < day }
	if !slices.ContainsFunc(r.Clocks, past) {
		return r
	}
	x := *r
	x.Clocks = slices.DeleteFunc(slices.Clone(r.Clocks), past)
	return &x
}

// Row lets a row share the words that many have, and no slice of it has room to spare.
func (in Intern) Row(r *Row) {
	r.Workflow, r.State = interned(in, r.Workflow), interned(in, r.State)
	r.Officers, r.Marks, r.Barred = internedAll(in, r.Officers), internedAll(in, r.Marks), internedAll(in, r.Barred)
	r.Parties, r.Places = slices.Clone(r.Parties), slices.Clone(r.Places)
	r.Waits = slices.Clone(r.Waits)
	for i := range r.Waits {
		w := &r.Waits[i]
		w.Walk, w.State = interned(in, w.Walk), interned(in, w.State)
		w.Posts, w.People = internedAll(in, w.Posts), internedAll(in, w.People)
	}
	r.Clocks = slices.Clone(r.Clocks)
	for i := range r.Clocks {
		k := &r.Clocks[i]
		k.ID, k.Unit = interned(in, k.ID), interned(in, k.Unit)
	}
}

func interned[S ~string](in Intern, s S) S { return S(in.one(string(s))) }

func internedAll[S ~string](in Intern, all []S) []S {
	all = slices.Clone(all)
	for i, s := range all {
		all[i] = interned(in, s)
	}
	return all
}
