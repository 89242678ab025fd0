package casefile

import (
	"time"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// EventSchema is the version of the events' JSON. Fields are only ever added.
const EventSchema = 1

// Event is what happened, with everything that decide concluded from it, so that apply never asks again.
type Event struct {
	Schema       int                                    `json:"schema"`
	Case         CaseID                                 `json:"case"`
	Seq          uint64                                 `json:"seq"`
	Prev         string                                 `json:"prev"`  // hash of the event before it in this case
	At           time.Time                              `json:"at"`    // recorded, UTC seconds
	Actor        office.PersonID                        `json:"actor"` // "system" for timers
	For          office.PersonID                        `json:"for,omitempty"`
	As           procedure.Actor                        `json:"as,omitempty"`    // the post or role that opened the gate
	Token        string                                 `json:"token,omitempty"` // by which API token it came: the beginning of its id
	Action       procedure.ActionID                     `json:"action"`
	Walk         procedure.WalkID                       `json:"walk"`
	WalkDef      procedure.WalkID                       `json:"walkDef,omitempty"` // of a side walk that begins here
	Begins       string                                 `json:"begins,omitempty"`  // whose it is, of one that is one a respondent
	From         procedure.StateID                      `json:"from,omitempty"`
	To           procedure.StateID                      `json:"to,omitempty"`      // where the walk is afterwards; of several respondents who go apart ""
	Parties      []string                               `json:"parties,omitempty"` // whom it moves, once each respondent walks alone
	Moved        []Moved                                `json:"moved,omitempty"`   // where each of them stands afterwards, where that is another place
	Day          calendar.Date                          `json:"day"`
	Calendar     string                                 `json:"calendar"` // the schedules' version
	Open         *Opening                               `json:"open,omitempty"`
	Adopts       *Opening                               `json:"adopts,omitempty"` // the edition by which the case goes on from here
	Decision     procedure.Decision                     `json:"decision,omitempty"`
	Days         []DaySet                               `json:"days,omitempty"`
	Voids        []procedure.FactID                     `json:"voids,omitempty"`
	Papers       []PaperFill                            `json:"papers,omitempty"`
	Issued       []Issued                               `json:"issued,omitempty"`
	Shared       procedure.Values                       `json:"shared,omitempty"`
	Roles        map[procedure.Actor][]office.PersonID  `json:"roles,omitempty"` // assigned; an empty list releases
	Numbers      map[string]string                      `json:"numbers,omitempty"`
	Counted      []Count                                `json:"counted,omitempty"` // numbers taken from counters, printed on the papers
	Marks        []string                               `json:"marks,omitempty"`
	Unmarks      []string                               `json:"unmarks,omitempty"`
	Links        []Link                                 `json:"links,omitempty"`
	Files        []Attachment                           `json:"files,omitempty"`
	MovesMain    procedure.StateID                      `json:"movesMain,omitempty"`
	Ends         bool                                   `json:"ends,omitempty"`         // the main walk entered its first end state
	Rests        map[procedure.WalkID]procedure.StateID `json:"rests,omitempty"`        // side walks put to rest
	Certificates map[office.PersonID]string             `json:"certificates,omitempty"` // what the office answered
	Findings     []Finding                              `json:"findings,omitempty"`     // opened by this event
	Cleared      []Finding                              `json:"cleared,omitempty"`
	Answers      []uint64                               `json:"answers,omitempty"` // actions whose findings this answers
	Values       procedure.Values                       `json:"values,omitempty"`  // of a built-in action
	Recalls      uint64                                 `json:"recalls,omitempty"` // the event taken back
	Fixes        *DayFix                                `json:"fixes,omitempty"`
	FixesToo     []DayFix                               `json:"fixesToo,omitempty"` // the other facts that the same action set; of a recount, those shifted otherwise
	FixValue     *ValueFix                              `json:"fixValue,omitempty"`
	Mends        string                                 `json:"mends,omitempty"` // the party whose name or particulars are mended
	VoidDoc      int                                    `json:"voidDoc,omitempty"`
	Aside        []int                                  `json:"aside,omitempty"`  // documents that have no effect any more
	Barred       []office.PersonID                      `json:"barred,omitempty"` // who may not see the case from now on
	Supervised   calendar.Date                          `json:"supervised,omitempty"`
	Reported     bool                                   `json:"reported,omitempty"` // the supervision is answered
}

// Opening names the edition that a case begins on, or goes on by.
type Opening struct {
	Workflow procedure.WorkflowID `json:"workflow"`
	Version  int                  `json:"version"`
	Edition  string               `json:"edition"`
}

// Count is one number taken from a counter. Each number of a counter is taken once, and none is left out.
type Count struct {
	Counter string `json:"counter"`
	N       uint64 `json:"n"`
}

// DaySet sets one fact.
type DaySet struct {
	Fact procedure.FactID `json:"fact"`
	Key  string           `json:"key,omitempty"`
	Day  calendar.Date    `json:"day"`
	Raw  calendar.Date    `json:"raw,omitempty"`
}

// PaperFill fills one part of one paper.
type PaperFill struct {
	P      int              `json:"p"`
	New    bool             `json:"new,omitempty"`  // opens the paper
	From   int              `json:"from,omitempty"` // takes over the earlier parts of this paper
	Form   procedure.FormID `json:"form"`
	For    string           `json:"for,omitempty"`
	Of     []string         `json:"of,omitempty"` // whom a new paper concerns
	Part   procedure.PartID `json:"part"`
	Values procedure.Values `json:"values,omitempty"`
	Shut   bool             `json:"shut,omitempty"` // puts the paper away without issuing it
}

// DayFix corrects the day of a fact that the event Seq set.
type DayFix struct {
	Fact procedure.FactID `json:"fact"`
	Key  string           `json:"key,omitempty"`
	Seq  uint64           `json:"seq"`
	Was  calendar.Date    `json:"was"`
	Day  calendar.Date    `json:"day"`
	Raw  calendar.Date    `json:"raw,omitempty"`
}

// ValueFix corrects a value of a paper.
type ValueFix struct {
	P     int               `json:"p"`
	Part  procedure.PartID  `json:"part"`
	Field procedure.FieldID `json:"field"`
	Was   procedure.Value   `json:"was"`
	Value procedure.Value   `json:"value"`
}

// Command is one wish of one person, as a page, the API or a scenario puts it.
type Command struct {
	Case     CaseID // 0 with Workflow set: open a case
	Workflow procedure.WorkflowID
	Action   procedure.ActionID
	Actor    office.PersonID
	For      office.PersonID // on whose behalf
	Day      calendar.Date   // the fact day; 0: today
	Values   procedure.Values
	Walk     procedure.WalkID // where several are open
	Paper    int
	Seq      uint64 // what the page was drawn from; 0: not said
	Key      string // idempotency key; "" none
	Form     string // a hash of what the page sent, so that the same press is known again; "" not said
	Files    []Upload
	Opened   bool              `json:"-"` // by an action of another case: `by` isn't asked
	Token    bool              // a token acts: never through a gate, nor back through one
	Via      string            // which token: the beginning of its id, which stands in the event
	Gates    bool              // one of a demo folder, which passes gates
	Parties  []string          // whom this part of the command moves; set where a command is parted
	At       *Where            // where they stand
	Team     []office.PersonID `json:"-"` // of a hand-over of several cases: the officers as they were when it was made; nil: not said
}

// Upload is a file that comes with a command.
type Upload struct {
	Field  procedure.FieldID // the field it answers, or ""
	Name   string
	Proves string
	Data   []byte
	SHA    string `json:"-"` // set when received
	Kind   string `json:"-"`
	Pages  int    `json:"-"`
}

// Where is the place of an action in a case.
type Where struct {
	Def    *procedure.Walk
	State  *procedure.State
	Action *procedure.Action
	ID     procedure.WalkID // of the walk in the case: "evidence-2"
	Fresh  bool             // the walk begins with this action

	Parties []string // who stands there, once each respondent walks alone; nil: all
}

// Rechecked is the event that a change of the office leaves on an open case that rests on what changed: findings that
// open or go, under "moved" the clocks that stand otherwise now, and what brought it: "schedule" with its "notice", "setting"
// or "person", and "by" whom.
const Rechecked procedure.ActionID = "rechecked"

// VersionMoved is the event that brings a case to another version of its procedure: from here on it goes by the edition
// that the event names. Its values are "from" and "to", the versions, "reason", and "moved" as of [Rechecked].
const VersionMoved procedure.ActionID = "version-moved"
