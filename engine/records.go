package engine

import (
	"encoding/json"
	"errors"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// Signed is a record's data with who wrote it and when; whoever reads only T does not see them.
type Signed[T any] struct {
	Data T
	By   office.PersonID
	At   time.Time
}

// MarshalJSON adds by and at to the data's own object.
func (s Signed[T]) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(s.Data)
	if err != nil {
		return nil, err
	}
	mark, err := json.Marshal(struct {
		By office.PersonID `json:"by,omitempty"`
		At time.Time       `json:"at"`
	}{s.By, s.At.UTC().Truncate(time.Second)})
	if err != nil {
		return nil, err
	}
	if string(data) == "{}" {
		return mark, nil
	}
	return append(append(data[:len(data)-1], ','), mark[1:]...), nil
}

// Record makes the ledgered write of v.
func Record(kind, id string, read uint64, v any) (ledger.RecordWrite, error) {
	data, err := json.Marshal(v)
	return ledger.RecordWrite{Kind: kind, ID: id, Read: read, Data: data, Ledgered: true}, err
}

// IgnoreConflict drops a conflict: somebody else wrote the same thing at the same moment.
func IgnoreConflict(err error) error {
	var c *ledger.Conflict
	if errors.As(err, &c) {
		return nil
	}
	return err
}

// MovedOn tells a conflict as case-moved-on.
func MovedOn(err error) error {
	var c *ledger.Conflict
	if errors.As(err, &c) {
		return &refusal.Error{Code: refusal.CaseMovedOn, Args: refusal.Args{"what": c.What, "id": c.ID}, Cause: err}
	}
	return err
}

// Administers refuses whoever does not hold the administrator's post. "" is the operator at the command line.
func (e *Engine) Administers(who office.PersonID) error {
	if who == "" || e.Office().Holds(who, office.Admin, e.Today()) {
		return nil
	}
	return refusal.New(refusal.Forbidden, refusal.Args{"what": "admin", "who": e.Office().Name(who)})
}
