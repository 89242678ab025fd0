package plan

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// KindMade is the record of the checks that a plan made with one press; its id is the entry's with a number:
// "training-special-2026/01".
const KindMade = "made"

// Made are checks that were made at once. It is written before the first of them is opened, so that a press that was cut
// off can be gone on with.
type Made struct {
	Entry  string           `json:"entry"`
	N      int              `json:"n"`
	Draw   int              `json:"draw,omitempty"` // the draw whose result they are; 0: their objects were chosen
	Nth    int              `json:"nth,omitempty"`  // the round that they are for
	Day    calendar.Date    `json:"day"`            // on which they are to be made
	Reason string           `json:"reason,omitempty"`
	Values procedure.Values `json:"values,omitempty"` // of all of them
	Checks []Check          `json:"checks"`
	Key    string           `json:"key,omitempty"`
	By     office.PersonID  `json:"by"`
	At     time.Time        `json:"at"`

	Approved   office.PersonID `json:"approved,omitempty"` // who approved them
	ApprovedAt time.Time       `json:"approvedAt,omitzero"`

	seq uint64
}

// Check is one of them.
type Check struct {
	Object string            `json:"object"` // the unit's ID
	Name   string            `json:"name"`
	Team   []office.PersonID `json:"team"` // who is in charge first
	Case   casefile.CaseID   `json:"case,omitempty"`
	Fault  string            `json:"fault,omitempty"` // why it couldn't be opened, in Chinese
}

func (m *Made) id() string { return fmt.Sprintf("%s/%02d", m.Entry, m.N) }

// waits tells whether the check is neither open nor refused.
func (c *Check) waits() bool { return c.Case == 0 && c.Fault == "" }

// Waiting is how many of the checks are still to be opened.
func (m *Made) Waiting() int { return m.count((*Check).waits) }

// Refused is how many of them couldn't be opened.
func (m *Made) Refused() int {
	return m.count(func(c *Check) bool { return c.Case == 0 && c.Fault != "" })
}

// Open is how many of them are open.
func (m *Made) Open() int { return m.count(func(c *Check) bool { return c.Case != 0 }) }

func (m *Made) count(is func(*Check) bool) int {
	n := 0
	for i := range m.Checks {
		if is(&m.Checks[i]) {
			n++
		}
	}
	return n
}

// MadeOf are the checks that an entry made, the oldest first.
func (b *Book) MadeOf(e Entry) ([]Made, error) { return b.made(e.ID() + "/") }

func (b *Book) made(prefix string) ([]Made, error) {
	var out []Made
	after := prefix
	for {
		rs, err := b.Engine.Store.Records(KindMade, after, 200)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if !strings.HasPrefix(r.ID, prefix) {
				return out, nil
			}
			m := Made{seq: r.Seq}
			if err := json.Unmarshal(r.Data, &m); err != nil {
				return nil, fmt.Errorf("record %s/%s: %w", r.Kind, r.ID, err)
			}
			out, after = append(out, m), r.ID
		}
		if len(rs) < 200 {
			return out, nil
		}
	}
}

// want is what a plan wants of a check that it made.
type want struct {
	day calendar.Date
	nth int
}

// planned is what the plans of a regime want of its checks.
func (b *Book) planned(r *Regime) (map[casefile.CaseID]want, error) {
	out := map[casefile.CaseID]want{}
	for i := range r.Quotas {
		ms, err := b.made(r.Quotas[i].Name() + "-")
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			for _, c := range m.Checks {
				if c.Case != 0 {
					out[c.Case] = want{m.Day, m.Nth}
				}
			}
		}
	}
	return out, nil
}
