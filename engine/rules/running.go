package rules

import (
	"dossier/engine/calendar"
	"dossier/engine/procedure"
)

// Backward tells whether the days are counted back from the start: by its due day something must be done so that a period
// lies between the two.
func (r Running) Backward() bool { return r.Run.By != 0 && r.Run.By < r.Start }

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
	ID          procedure.ClockID // with a number from the second on: "payment-2"
	Def         *procedure.Clock
	Key         string   // of a fact kept per document or respondent
	Parties     []string // whose it is, of several respondents; nil: everybody's
	Start       calendar.Date
	StartSeq    uint64
	Due         calendar.Date // 0 while suspended
	Raw         calendar.Date
	Provisional bool
	State       ClockState
	Remaining   int // in the clock's unit; negative when overdue
	Unit        calendar.Unit
	Ended       calendar.Date
	Struck      bool         // void because what it rested on was set aside, or its party was freed
	Run         calendar.Run // what the calendar counted, for the explanation
}

// Open tells whether the clock still matters: running, suspended or overdue.
func (r Running) Open() bool {
	return r.State == RunningClock || r.State == SuspendedClock || r.State == OverdueClock
}

// Shown is one field as it is printed: a text, paragraphs, or rows with their columns' texts.
type Shown struct {
	Text  string
	Value procedure.Value // as recorded, for tests of `when`
	Rows  []map[procedure.FieldID]string
	Sums  map[procedure.FieldID]string // of a table's money and number columns
	Day   calendar.Date                // of a date
	Fen   int64                        // of a sum of money
}

// Thresholds are the clock's own; a window has none, its end is told on the day after it.
func (r Running) Thresholds() []int {
	if r.Def.Kind == procedure.Window {
		return nil
	}
	return r.Def.Warn
}
