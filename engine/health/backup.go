package health

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"dossier/engine"
	"dossier/engine/ledger"
)

// kindBackup is the record of the scheduled backups: the last one, under one id.
const (
	kindBackup = "backup"
	lastID     = "last"
)

// Backed is how the last scheduled backup went.
type Backed struct {
	At    time.Time `json:"at"`              // of the last try
	File  string    `json:"file,omitempty"`  // of the last whole one, with its folder
	Made  time.Time `json:"made,omitzero"`   // when that was
	Size  int64     `json:"size,omitempty"`  // of that, in bytes
	Fault string    `json:"fault,omitempty"` // of the last try, when it failed
}

// LastBackup reads how the last scheduled backup went; the zero value when there was none.
func LastBackup(e *engine.Engine) (b Backed, err error) {
	r, err := e.Store.Record(kindBackup, lastID)
	if errors.Is(err, ledger.ErrNotFound) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &b)
	}
	return b, err
}

// KeepBackup puts how a backup went on record. What was there is replaced: the backups themselves are the history.
func KeepBackup(ctx context.Context, e *engine.Engine, b Backed) error {
	var read uint64
	r, err := e.Store.Record(kindBackup, lastID)
	switch {
	case err == nil:
		read = r.Seq
	case !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return e.Store.Commit(ctx, ledger.Commit{Records: []ledger.RecordWrite{{Kind: kindBackup, ID: lastID, Read: read, Data: data}}})
}
