package decide

import (
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Sitting decides one command. It is pure: everything it asks was read before, or is read through counter and linked, which
// answer from one view of the store.
type Sitting struct {
	Office  *office.Office
	Now     time.Time
	Today   calendar.Date
	Missing func(string) []rune
	Edition func(procedure.WorkflowID) *procedure.Edition
	Linked  func(*casefile.Case, procedure.WorkflowID) bool
	Counter func(string) (uint64, error)                   // the value read; the sitting counts on from it
	Taken   map[string]Counted                             // counters that this sitting moves
	Printed func(string) (bool, error)                     // whether a case has a number already, taken over from paper
	Fines   func(*casefile.Case, penalty.ID) []penalty.Fen // what was decided by a standard in other cases
	Opened  []*Docket                                      // cases that this sitting opens
}

type Counted struct{ Read, Value uint64 }

// Docket is one case with its new events, before they are sealed.
type Docket struct {
	Edition *procedure.Edition
	Was     *procedure.Edition // that on which it rested before; nil: the same
	Read    uint64             // the sequence number it was read at
	Before  *casefile.Case
	Case    *casefile.Case
	Events  []*casefile.Event
	Fired   int // how many of them timers did before the command
}

// View looks at a case on a day, and knows of other cases what the sitting knows of them.
func (t *Sitting) View(ed *procedure.Edition, c *casefile.Case, day calendar.Date) *rules.View {
	s := rules.NewView(ed, t.Office, c, day, t.Today)
	if t.Linked != nil {
		s.Linked = func(w procedure.WorkflowID) bool { return t.Linked(c, w) }
	}
	if t.Fines != nil {
		s.Fines = func(id penalty.ID) []penalty.Fen { return t.Fines(c, id) }
	}
	return s
}

// Next takes the next number of a counter.
func (t *Sitting) Next(name string) (uint64, error) {
	n, ok := t.Taken[name]
	if !ok {
		v, err := t.Counter(name)
		if err != nil {
			return 0, err
		}
		n = Counted{v, v}
	}
	n.Value++
	t.Taken[name] = n
	return n.Value, nil
}
