package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// KindSaved is input that is not finished: not part of any case, seen by its author alone, outside the ledger.
const KindSaved = "saved"

// maxSaved is the most that one form's saved input may hold, in bytes.
const maxSaved = 10 << 20

// Draft names one form that one person is filling in: an action of a case, or with Case 0 the opening of a procedure. Slot
// tells two of the same kind apart, which stand beside each other.
type Draft struct {
	Person   office.PersonID      `json:"person"`
	Case     casefile.CaseID      `json:"case,omitempty"`
	Workflow procedure.WorkflowID `json:"workflow,omitempty"`
	Action   procedure.ActionID   `json:"action"`
	Walk     procedure.WalkID     `json:"walk,omitempty"`
	Slot     string               `json:"slot,omitempty"`
}

// Saved is what was typed so far, as it was typed: nothing of it was checked.
type Saved struct {
	Draft
	Day    string                         `json:"day,omitempty"`
	For    office.PersonID                `json:"for,omitempty"`
	Values procedure.Values               `json:"values"`
	Chosen map[procedure.FieldID][]string `json:"chosen,omitempty"` // names of files that were chosen, which are not kept
	At     time.Time                      `json:"at"`
	Page   string                         `json:"page,omitempty"` // which page wrote it last
	Rev    uint64                         `json:"-"`              // of the record: what the page saw last
}

// id puts the person first, so that what is theirs stands together.
func (d Draft) id() string {
	id := strings.Join([]string{string(d.Person), strconv.FormatInt(int64(d.Case), 10), string(d.Workflow), string(d.Action), string(d.Walk)}, "/")
	if d.Slot != "" {
		id += "/" + d.Slot
	}
	return id
}

// kind is the draft without its slot.
func (d Draft) kind() Draft {
	d.Slot = ""
	return d
}

// sound refuses what can be no name of a draft.
func (d Draft) sound() error {
	for _, s := range []string{string(d.Person), string(d.Workflow), string(d.Action), string(d.Walk), d.Slot} {
		if !decide.Name(s) || strings.Contains(s, "/") {
			return refusal.New(refusal.FieldInvalid, refusal.Args{"what": "saved"})
		}
	}
	return nil
}

// maxDrafts is how many of one kind a person may have beside each other.
const maxDrafts = 20

// Save keeps what was typed in place of what its page saw last, and gives it with its slot and revision. Where another page
// wrote there since, it is kept beside that one, in a slot of its own: neither is lost.
func Save(ctx context.Context, e *engine.Engine, s Saved) (Saved, error) {
	if err := s.sound(); err != nil {
		return s, err
	}
	s.At = e.Now().UTC().Truncate(time.Second)
	err := ledger.Again(5, func() error {
		var there Saved
		seq, err := e.Stored(KindSaved, s.id(), &there)
		if err != nil {
			return err
		}
		if seq != 0 && seq != s.Rev && there.Page != s.Page {
			beside, err := SavedOf(e, s.Draft)
			if err != nil {
				return err
			}
			if len(beside) < maxDrafts {
				_, hash, err := secret.New(e.Random)
				if err != nil {
					return err
				}
				s.Slot, seq = hash[:12], 0
			}
		}
		data, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if len(data) > maxSaved {
			return refusal.New(refusal.FieldInvalid, refusal.Args{"what": "saved"})
		}
		if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSaved, ID: s.id(), Read: seq, Data: data}); err != nil {
			return err
		}
		s.Rev = seq + 1
		return nil
	})
	return s, engine.MovedOn(err)
}

// SavedInput is what was kept in this slot; nil when nothing was.
func SavedInput(e *engine.Engine, d Draft) (*Saved, error) {
	var s Saved
	seq, err := e.Stored(KindSaved, d.id(), &s)
	if err != nil || seq == 0 {
		return nil, err
	}
	s.Rev = seq
	return &s, nil
}

// SavedOf is what was kept of this form, whatever the slot, the latest first.
func SavedOf(e *engine.Engine, d Draft) ([]Saved, error) {
	all, err := SavedBy(e, d.Person)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s Saved) bool { return s.Draft.kind() != d.kind() })
	slices.SortStableFunc(all, func(a, b Saved) int { return b.At.Compare(a.At) })
	return all, nil
}

// DropSaved forgets what was kept, once the action is done or the person says so.
func DropSaved(ctx context.Context, e *engine.Engine, d Draft) error {
	r, err := e.Store.Record(KindSaved, d.id())
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return engine.IgnoreConflict(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSaved, ID: d.id(), Read: r.Seq, Delete: true}))
}

// SavedBy lists what a person has half typed, for their desk.
func SavedBy(e *engine.Engine, who office.PersonID) ([]Saved, error) {
	var all []Saved
	after := string(who) + "/"
	for {
		rs, err := e.Store.Records(KindSaved, after, 50)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if !strings.HasPrefix(r.ID, string(who)+"/") {
				return all, nil
			}
			var s Saved
			if err := json.Unmarshal(r.Data, &s); err != nil {
				return nil, err
			}
			s.Rev = r.Seq
			all = append(all, s)
			after = r.ID
		}
		if len(rs) < 50 {
			return all, nil
		}
	}
}

// Answered is the case on which a person's idempotency key was used before; 0 when it was not. A second press of a button
// can be answered so though the action is no longer there.
func Answered(e *engine.Engine, who office.PersonID, key string) (casefile.CaseID, error) {
	id, _, err := Pressed(e, who, key)
	return id, err
}

// Pressed is Answered, with what the page had sent: its [Command.Form].
func Pressed(e *engine.Engine, who office.PersonID, key string) (casefile.CaseID, string, error) {
	if key == "" {
		return 0, "", nil
	}
	var a engine.Answered
	_, err := e.Stored(ledger.KindKey, string(who)+"/"+key, &a)
	if a.At.Before(e.Now().Add(-engine.KeyLife)) {
		return 0, "", err
	}
	return a.Case, a.Form, err
}
