// Package refusal is the one error for the person who must act: its stable code, every unmet condition with its clause,
// every field that is wrong, and the words for all of it in both languages.
//
// It knows the titles of a procedure and nothing of a case.
package refusal

import (
	"errors"
	"fmt"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Code is a stable error code. New codes are only ever added.
type Code string

const (
	NotYourGate      Code = "not-your-gate"
	SeparationOfDuty Code = "separation-of-duty"
	ConditionUnmet   Code = "condition-unmet"
	FieldInvalid     Code = "field-invalid"
	UnknownAction    Code = "unknown-action"
	CaseMovedOn      Code = "case-moved-on"
	FactInFuture     Code = "fact-in-future"
	FactBeforeCause  Code = "fact-before-cause"
	ClockExpired     Code = "clock-expired"
	AlreadyOpen      Code = "already-open"
	SideWalkOpen     Code = "side-walk-open"
	Suspended        Code = "suspended"
	NotFound         Code = "not-found"
	Forbidden        Code = "forbidden"
	Unreadable       Code = "unreadable"
	KeyReused        Code = "key-reused"
	WrongMethod      Code = "wrong-method"
	ClockBack        Code = "clock-back" // this machine's clock stands before the last act on record
	ClockSkew        Code = "clock-skew" // the clocks of the servers of one database differ
)

// Codes are all of them, as the API's description lists them.
var Codes = []Code{NotYourGate, SeparationOfDuty, ConditionUnmet, FieldInvalid, UnknownAction, CaseMovedOn, FactInFuture, FactBeforeCause,
	ClockExpired, AlreadyOpen, SideWalkOpen, Suspended, NotFound, Forbidden, Unreadable, KeyReused, WrongMethod, ClockBack, ClockSkew}

// Parameter refuses an address for parameters that are not known or can't be read.
func Parameter(names ...string) *Error {
	e := &Error{Code: Unreadable, Args: Args{"what": strings.Join(names, ", ")}}
	for _, name := range names {
		e.Fields = append(e.Fields, FieldFault{Path: name, Code: FieldInvalid, Why: "field.parameter", Args: Args{"field": name}})
	}
	return e
}

// Args fill the placeholders of a message. Values are texts as they are shown.
type Args map[string]string

// ProvisionalArg names the argument that is a provisional day.
const ProvisionalArg = "provisional"

// Provisional tells whether an argument is a day that rests on a year without a published schedule.
func (a Args) Provisional(name string) bool { return a[name] != "" && a[ProvisionalArg] == name }

// Condition is one unmet condition of an action, with its clause. Its words are in engine/text under "guard.<Code>"
// (or "error.<Code>" for the codes above).
type Condition struct {
	Code Code
	Args Args
	Law  procedure.Law
	Text procedure.Label // a text that the procedure itself gives (pending)

	Guard *procedure.Guard // the procedure's line that says it; nil for what every procedure asks
}

// FieldFault is what is wrong with one field: Path is "employer" or "workers[2].owed". "day" is the fact day.
type FieldFault struct {
	Path string
	Code Code   // field-invalid, fact-in-future, fact-before-cause
	Why  string // key of the message in engine/text: "field.required", "field.money", …
	Args Args
	Said text.Speaker // words that speak for themselves, in the place of the message's; nil for most
}

// Error is for the person who must act. Everything that is wrong with an action is in it at once.
type Error struct {
	Code       Code
	Args       Args
	Conditions []Condition
	Fields     []FieldFault
	Cause      error              // for the log only
	Edition    *procedure.Edition // whose titles its words use; nil where no case is meant
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	for _, k := range []string{"what", "id", "action", "state"} {
		if v := e.Args[k]; v != "" {
			fmt.Fprintf(&b, " %s", v)
		}
	}
	for _, c := range e.Conditions {
		fmt.Fprintf(&b, "; %s %v", c.Code, c.Args)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s %v", f.Path, f.Why, f.Args)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// Has tells whether the code is the error's own or that of a condition or field in it.
func (e *Error) Has(code Code) bool {
	if e.Code == code {
		return true
	}
	for _, c := range e.Conditions {
		if c.Code == code {
			return true
		}
	}
	for _, f := range e.Fields {
		if f.Code == code {
			return true
		}
	}
	return false
}

// As finds the *Error in an error, nil when it is another kind of failure.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

func New(code Code, args Args) *Error { return &Error{Code: code, Args: args} }

// Settle gives the error its code; nil when nothing is wrong.
func (e *Error) Settle() *Error {
	switch {
	case len(e.Conditions) > 0:
		e.Code = ConditionUnmet
		if c := e.Conditions[0].Code; one(e.Conditions, func(x Condition) bool { return x.Code == c }) && len(e.Fields) == 0 {
			switch c {
			case ClockExpired, AlreadyOpen, SideWalkOpen, Suspended:
				e.Code, e.Args = c, e.Conditions[0].Args
			case SeparationOfDuty: // its own words name a part of a paper, which a condition doesn't
				e.Code = c
			}
		}
		return e
	case len(e.Fields) > 0:
		e.Code = FieldInvalid
		if c := e.Fields[0].Code; one(e.Fields, func(x FieldFault) bool { return x.Code == c }) {
			e.Code = c
		}
		return e
	}
	return nil
}

func one[T any](list []T, same func(T) bool) bool {
	for _, x := range list {
		if !same(x) {
			return false
		}
	}
	return true
}

// Unmet is the refusal for one condition.
func Unmet(code Code, args Args) *Error {
	return &Error{Code: ConditionUnmet, Conditions: []Condition{{Code: code, Args: args}}}
}

// Field is the refusal for one field; why is the key of its words.
func Field(path, why string, args Args) *Error {
	return &Error{Code: FieldInvalid, Fields: []FieldFault{{Path: path, Code: FieldInvalid, Why: why, Args: args}}}
}
