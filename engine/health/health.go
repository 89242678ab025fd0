// Package health is what an operator must know of a running office: what keeps it from working at this moment, and how the
// last backup went. It is kept in memory, where it is true or false now, but for the last backup, which is on record.
//
// It judges no case and sends nothing: whoever meets a fault tells it here, and whoever shows or measures asks.
package health

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/text"
)

// Code is the kind of a fault; the pages have its words.
type Code string

const (
	Full    Code = "disk-full"  // nothing can be written
	Damaged Code = "damaged"    // a page of the database or a kept file is not what was stored
	Away    Code = "store-away" // the store doesn't answer
	Clock   Code = "clock-back" // this machine's clock stands before what is on record
	Skew    Code = "clock-skew" // the clocks of the servers of one database differ
	Sending Code = "sending"    // a channel of messages fails: mail, a robot
	Backup  Code = "backup"     // the last backup failed, or is late
	Pass    Code = "pass"       // what time brings (timers, alerts) fails
	Font    Code = "font"       // a font file of the office's own can't be used: its papers are printed with ours
	Reload  Code = "reload"     // a file of the office's own can't be read: the last good one goes on
)

// Stops tells whether nothing can be done while the fault lasts.
func (c Code) Stops() bool { return c == Full || c == Away || c == Clock || c == Skew }

// Fault is one thing that is wrong now.
type Fault struct {
	Code  Code
	What  string // what it is about, where there are several: a channel, a pass, a file
	Since time.Time
	Says  string // what the system said, for the log and the administrator
}

// Board is what is wrong now. It is used concurrently; the zero value is ready, and a nil board keeps nothing.
type Board struct {
	mu     sync.Mutex
	faults map[string]Fault
	// Told, if any, is called once when a fault begins and once, with ended, when it is over.
	Told func(f Fault, ended bool)
}

// Set tells how the thing stands now: with err nil it is well. The fault keeps the moment at which it began.
func (b *Board) Set(code Code, what string, err error, at time.Time) {
	if b == nil {
		return
	}
	key := string(code) + "\x00" + what
	b.mu.Lock()
	f, had := b.faults[key]
	switch {
	case err == nil && had:
		delete(b.faults, key)
	case err != nil && !had:
		if b.faults == nil {
			b.faults = map[string]Fault{}
		}
		f = Fault{Code: code, What: what, Since: at, Says: text.Told(text.ZH, err)}
		b.faults[key] = f
	case err != nil:
		f.Says = text.Told(text.ZH, err)
		b.faults[key] = f
	}
	told := b.Told
	b.mu.Unlock()
	if told != nil && had != (err != nil) {
		told(f, err == nil)
	}
}

// Faults are what is wrong now, what stops everything first, then the oldest.
func (b *Board) Faults() []Fault {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Fault, 0, len(b.faults))
	for _, f := range b.faults {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y Fault) int {
		if x.Code.Stops() != y.Code.Stops() {
			if x.Code.Stops() {
				return -1
			}
			return 1
		}
		return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.Code, y.Code), cmp.Compare(x.What, y.What))
	})
	return out
}

// coded is an error of a store that says what kind it is.
type coded interface{ OpenCode() string }

// Of is the kind of a store's error; "" for one that is no fault of the machine: a conflict, what was not found.
func Of(err error) Code {
	var c coded
	if errors.As(err, &c) {
		switch c.OpenCode() {
		case string(Full):
			return Full
		case string(Damaged):
			return Damaged
		case "unreachable", "read-only":
			return Away
		case string(Skew):
			return Skew
		}
	}
	if errors.Is(err, ledger.ErrDamaged) {
		return Damaged
	}
	return ""
}
