package store

import (
	"context"
	"errors"
	"time"

	"dossier/engine/ledger"
)

// Watched is a store that tells how each of its writes went, and each file that was read: what they took, and the error
// that was no answer of the store, but its fault.
type Watched struct {
	ledger.Store
	Now  func() time.Time
	Tell func(op string, took time.Duration, err error)
}

func (w Watched) watch(op string, do func() error) error {
	began := w.Now()
	err := do()
	fault := err
	var moved *ledger.Conflict
	if errors.As(err, &moved) || errors.Is(err, ledger.ErrNotFound) || errors.Is(err, context.Canceled) {
		fault = nil
	}
	w.Tell(op, w.Now().Sub(began), fault)
	return err
}

// Commit writes a change.
func (w Watched) Commit(ctx context.Context, c ledger.Commit) error {
	return w.watch("commit", func() error { return w.Store.Commit(ctx, c) })
}

// PutBlob keeps a file.
func (w Watched) PutBlob(sha string, data []byte) error {
	return w.watch("keep", func() error { return w.Store.PutBlob(sha, data) })
}

// Blob reads a file back.
func (w Watched) Blob(sha string) (data []byte, err error) {
	err = w.watch("file", func() (err error) { data, err = w.Store.Blob(sha); return err })
	return data, err
}
