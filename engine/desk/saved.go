package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// KindSaved is input that is not finished: not part of any case, seen by its author alone, outside the ledger.
const KindSaved = "saved"

// maxSaved is the most that one form's saved input may hold, in bytes.
const maxSaved = 10 << 20

// Draft names one form that one person is filling in: an action of a case, or with Case 0 the opening of a procedure.
type Draft struct {
	Person   office.PersonID      `json:"person"`
	Case     casefile.CaseID      `json:"case,omitempty"`
	Workflow procedure.WorkflowID `json:"workflow,omitempty"`
	Action   procedure.ActionID   `json:"action"`
	Walk     procedure.WalkID     `json:"walk,omitempty"`
}

// Saved is what was typed so far, as it was typed: nothing of it was checked.
type Saved struct {
	Draft
	Day    string           `json:"day,omitempty"`
	For    office.PersonID  `json:"for,omitempty"`
	Values procedure.Values `json:"values"`
	At     time.Time        `json:"at"`
}

// id puts the person first, so that what is theirs stands together.
func (d Draft) id() string {
	return strings.Join([]string{string(d.Person), strconv.FormatInt(int64(d.Case), 10), string(d.Workflow), string(d.Action), string(d.Walk)}, "/")
}

// Save keeps what was typed in place of what was kept before. Two windows of one person: the later one wins.
func Save(ctx context.Context, e *engine.Engine, s Saved) error {
	s.At = e.Now().UTC().Truncate(time.Second)
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if len(data) > maxSaved {
		return refusal.New(refusal.FieldInvalid, refusal.Args{"what": "saved"})
	}
	for range 5 {
		r, err := e.Store.Record(KindSaved, s.id())
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		err = change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: KindSaved, ID: s.id(), Read: r.Seq, Data: data})
		var c *ledger.Conflict
		if !errors.As(err, &c) {
			return err
		}
	}
	return refusal.New(refusal.CaseMovedOn, nil)
}

// SavedInput is what was kept for this form; nil when nothing was.
func SavedInput(e *engine.Engine, d Draft) (*Saved, error) {
	var s Saved
	seq, err := e.Stored(KindSaved, d.id(), &s)
	if err != nil || seq == 0 {
		return nil, err
	}
	return &s, nil
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
	if key == "" {
		return 0, nil
	}
	var a engine.Answered
	_, err := e.Stored(ledger.KindKey, string(who)+"/"+key, &a)
	return a.Case, err
}
