package engine

import (
	"time"

	"dossier/engine/calendar"
)

// ClockState is how one run of a clock stands.
type ClockState string

const (
	RunningClock   ClockState = "running"
	SuspendedClock ClockState = "suspended"
	OverdueClock   ClockState = "overdue"
	MetClock       ClockState = "met"
	MissedClock    ClockState = "missed" // met late
	VoidClock      ClockState = "void"
	OverWindow     ClockState = "over" // a window that has run out
	WaivedWindow   ClockState = "waived"
)

// Running is one run of a clock in a case, derived from the facts.
type Running struct {
	ID          ClockID // with a number from the second on: "payment-2"
	Def         *Clock
	Key         string // of a fact kept per document or respondent
	Start       calendar.Date
	StartSeq    uint64
	Due         calendar.Date // 0 while suspended
	Raw         calendar.Date
	Provisional bool
	State       ClockState
	Remaining   int // in the clock's unit; negative when overdue
	Unit        calendar.Unit
	Ended       calendar.Date
	Run         calendar.Run // what the calendar counted, for the explanation
}

// Open tells whether the clock still matters: running, suspended or overdue.
func (r Running) Open() bool {
	return r.State == RunningClock || r.State == SuspendedClock || r.State == OverdueClock
}

// Available is an action that the viewer may choose now, with what is missing.
type Available struct {
	Action   ActionID
	Title    Label
	Walk     WalkID     // the walk's own id, "evidence-2"
	Forms    []FormPart // what it fills, as far as known before the form is filled
	Decision Decision
	Moves    bool // it leaves the state
	Builtin  bool
	For      PersonID // in whose name, where the viewer may do it as a delegate alone
	Law      Law
	Missing  []Condition
}

// StageMark is one station of the stage line.
type StageMark struct {
	Label Label
	Done  bool
	Now   bool
	Day   calendar.Date // when it was left, or entered for the present one
}

// CaseView is a case as one person may see it.
type CaseView struct {
	Case    *Case
	Edition *Edition
	Masked  bool  // the informant's identity is hidden from this viewer (already blanked in Case)
	Title   Label // of the state
	Stages  []StageMark
	Clocks  []Running
	Actions []Available
	Waits   []Wait
	Linked  []Row
	Today   calendar.Date
}

// Step is one line of a case's history.
type Step struct {
	Seq      uint64
	At       time.Time
	Day      calendar.Date
	Actor    PersonID
	For      PersonID
	As       Actor
	Action   ActionID
	Title    Label
	Decision Decision
	Opinion  string
	From, To Label
	Papers   []FormID
	Issued   []Issued
	Files    []Attachment
	Clocks   []MovedClock // that a change of the office or of the procedure's version moved
	Opens    []Finding
	Clears   []Finding
	Restates []Finding
	Values   Values // of a built-in action
	Recalled bool
}

// Row is a case in a list: it carries what the list shows.
type Row struct {
	ID       CaseID        `json:"id"`
	Workflow WorkflowID    `json:"workflow"`
	Number   string        `json:"number"`
	Intake   string        `json:"intake,omitempty"`
	Party    string        `json:"party,omitempty"`
	Cause    string        `json:"cause,omitempty"`
	Workers  int           `json:"workers,omitempty"`
	Amount   string        `json:"amount,omitempty"` // yuan
	State    StateID       `json:"state"`
	Since    calendar.Date `json:"since"` // in this state
	Received calendar.Date `json:"received"`
	Officers []PersonID    `json:"officers,omitempty"` // in charge first
	Marks    []string      `json:"marks,omitempty"`
	Barred   []PersonID    `json:"barred,omitempty"` // who may not see it
	Waits    []Wait        `json:"waits,omitempty"`
	Clocks   []RowClock    `json:"clocks,omitempty"` // open ones that are due dates, the soonest first
	Findings int           `json:"findings,omitempty"`
	Ended    bool          `json:"ended,omitempty"`
}

// Wait says whom a walk of the case waits for.
type Wait struct {
	Walk   WalkID        `json:"walk"`
	State  StateID       `json:"state"`
	Gate   bool          `json:"gate,omitempty"`
	Posts  []Actor       `json:"posts,omitempty"`
	People []PersonID    `json:"people,omitempty"`
	Since  calendar.Date `json:"since"`
}

// RowClock is an open clock as a list shows it.
type RowClock struct {
	ID          ClockID       `json:"id"`
	Start       calendar.Date `json:"start"`
	Due         calendar.Date `json:"due,omitempty"` // 0 while suspended
	Unit        calendar.Unit `json:"unit"`
	Left        int           `json:"left,omitempty"` // while suspended
	Provisional bool          `json:"provisional,omitempty"`
	Window      bool          `json:"window,omitempty"`
	Party       bool          `json:"party,omitempty"` // late is the party's default, not the office's delay
}

// Query asks for cases.
type Query struct {
	Text      string // number, part of a name, pinyin initials
	Workflow  WorkflowID
	State     StateID
	Officer   PersonID
	DueBefore calendar.Date // some due date of it is on or before this day
	Overdue   bool
	Waiting   PersonID // what waits for this person: gates and tasks
	Open      bool     // not ended
	Limit     int      // 0: 50
	After     string   // cursor of the page before
}

// Page is some cases and the cursor of the next page, "" at the end.
type Page struct {
	Rows []Row
	Next string
}

// Sheet is everything that paper shows of one form in one case.
type Sheet struct {
	Form       *Form
	Draft      bool // printed across; no number, no code
	Void       bool
	Reprint    calendar.Date // on which it was printed again; 0: the paper itself
	Number     string        // as printed, "" for none
	Code       string        // ties the paper to the record
	Bureau     string        // the office's name on that day
	Brigade    string
	Day        calendar.Date // of issue, else today
	CaseNumber string
	Party      string
	Cause      string
	Values     map[FieldID]Shown
	Signed     map[PartID]Signature
	Settings   func(name string) string // what the office had in force that day
}

// Shown is one field as it is printed: a text, paragraphs, or rows with their columns' texts.
type Shown struct {
	Text  string
	Value Value // as recorded, for tests of `when`
	Rows  []map[FieldID]string
	Sums  map[FieldID]string // of a table's money and number columns
	Day   calendar.Date      // of a date
	Fen   int64              // of a sum of money
}

// Signature is who signed a part.
type Signature struct {
	Names        []string // as printed small beside the pen's line; "周局（代）" for a delegate
	Day          calendar.Date
	Decision     Decision
	Certificates []string
	Values       map[FieldID]string // the part's own values as printed
}
