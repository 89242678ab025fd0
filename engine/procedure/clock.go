package procedure

import (
	"dossier/engine/calendar"
)

// Keep says which of several days set for one fact counts.
type Keep string

const (
	Latest Keep = "latest" // the default
	First  Keep = "first"
	Each   Keep = "each"
)

// Fact is a named day that the law counts from.
type Fact struct {
	ID      FactID   `yaml:",key"`
	Title   Label    `yaml:",inline"`
	After   FactID   `yaml:"after"` // the fact it can't precede; "" for `none`
	Keep    Keep     `yaml:"keep"`
	Workday bool     `yaml:"falls-on,by-hand"` // falls-on: workday
	Shift   *Shift   `yaml:"shift"`            // a period added by a field's value (service by public notice)
	Per     []string `yaml:"per"`              // "document", "respondent" or "FORM.table": one day each
	Law     Law      `yaml:",inline"`
}

// Shift adds a period to the day, chosen by a field's value, and rolls it (C4).
type Shift struct {
	Field   FieldID
	Periods map[string]calendar.Period
}

// Of is the period that the values choose; false where they choose none.
func (s *Shift) Of(values Values) (calendar.Period, bool) {
	if s == nil {
		return calendar.Period{}, false
	}
	p, ok := s.Periods[values[s.Field].Text]
	return p, ok
}

// ClockKind says whose time a clock is.
type ClockKind string

const (
	Legal   ClockKind = "legal"   // a due date of the law, the default
	Warning ClockKind = "warning" // shown beside, never the due date
	Target  ClockKind = "target"  // the office's own aim
	Window  ClockKind = "window"  // the party's time: never overdue
	Party   ClockKind = "party"   // a date for the party to perform by: overdue is its default, never the office's delay
)

// Within is the length of a clock: exactly one of its fields is set.
type Within struct {
	Period  *calendar.Period
	Setting string    // `setting/NAME`: the office's setting, with its basis
	Date    *FieldRef // {date: FORM.field}: a date that a person fixes
	SameDay bool      // same-day: the day on which it starts
	Yearly  *Yearly   // {yearly: 03-31, of: FORM.year}
}

// Yearly is one day of the year: that of the year in the field, else the next on or after the start.
type Yearly struct {
	Month, Day int
	Of         *FieldRef
}

// Source is where a clock starts. Exactly one of its fields is set.
type Source struct {
	Fact       FactID
	EndOf      []ClockID // the later of the days these were due or ended; those that never ran are passed over
	RunOut     bool      // of EndOf: only of those that nothing ended; while one was ended, the clock waits
	Date       *FieldRef
	BeforeFact FactID // counts backward (C12)
	BeforeDate *FieldRef
	BeforeEnd  ClockID // backward from the day that clock is due or ended
}

// From is a clock's start: the latest of its sources that is set, or with FirstOf the first in the list that is.
type From struct {
	FirstOf bool
	Sources []Source
}

// Extend lengthens a clock when its fact is set.
type Extend struct {
	Period calendar.Period // or
	Field  *FieldRef       // a number in the clock's unit; of a day that a person fixed, the day that takes its place
	At     FactID
	Times  int
}

// Clock is one period, as the file says it. What runs in a case is a [Running].
type Clock struct {
	ID       ClockID          `yaml:",key"`
	Title    Label            `yaml:",inline"`
	Kind     ClockKind        `yaml:"kind"`
	Within   Within           `yaml:"within"`
	From     From             `yaml:"from"`
	Until    []FactID         `yaml:"until"`
	Exact    bool             `yaml:"exact"`   // a period of days that ends on its last day, be that a rest day
	Stopped  []FactID         `yaml:"stopped"` // none, or [suspended, resumed]
	Extend   *Extend          `yaml:"extend"`
	Warn     []int            `yaml:"warn"` // working days before the due day; negative: after
	OnExpiry ActionID         `yaml:"on-expiry"`
	WaivedBy FactID           `yaml:"waived-by"`
	When     *Test            `yaml:"when"`
	NotEarly []ClockID        `yaml:"not-before"` // it starts no earlier than these end
	VoidBy   []FactID         `yaml:"void-by"`    // once one of these is set, what began before it runs no more
	Lengths  []Option[Within] // where the length is chosen; Within is the last, else
	Of       []FormID         `yaml:"of"` // of a fact kept per document: those documents
	Walk     WalkID           // "" of the procedure, else the side walk that declares it
	Law      Law              `yaml:",inline"`
}

// Ends are the clocks at whose end the source lies.
func (s Source) Ends() []ClockID {
	if s.BeforeEnd != "" {
		return []ClockID{s.BeforeEnd}
	}
	return s.EndOf
}
