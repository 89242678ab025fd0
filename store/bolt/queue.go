package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/group"
)

// ErrClosed: the store was closed before the commit.
var ErrClosed = group.ErrClosed

// Commit writes a change; *Conflict when anything that it read has moved since. The context ends only the waiting: once the change
// is being written, Commit answers what became of it.
//
// Within one change each case, record and counter is written once, and every name (kinds, ids, indexes, keys, counters) is UTF-8 without NUL.
func (s *Store) Commit(ctx context.Context, c ledger.Commit) error {
	if err := group.Valid(&c, bbolt.MaxKeySize); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	c.Records = slices.Clone(c.Records) // check writes to it
	return s.queue.Commit(ctx, packed(c, func(id casefile.CaseID) ([]ledger.Sealed, error) { return s.Events(id, 0, 0) }))
}

// write commits a group in one transaction and answers each of its changes.
func (s *Store) write(_ int, changes []*group.Change) {
	answers := make([]error, len(changes))
	err := s.broken
	written := false
	if err == nil {
		s.room.clear()
		err = update(s.db, func(tx *bbolt.Tx) error {
			t := open(tx, &s.room)
			var heads []ledger.LedgerHead
			for i, w := range changes {
				if answers[i] = t.check(&w.Commit); answers[i] == nil && w.Upto != nil && len(heads) > 0 {
					answers[i] = &ledger.Conflict{What: "ledger"} // those before it in the group come between
				}
				if answers[i] != nil {
					continue
				}
				if err := t.write(&w.Commit); err != nil {
					return err
				}
				heads = append(heads, w.Heads()...)
			}
			written = true
			return t.ledge(heads)
		})
		if err != nil {
			unsure := written && !full(err) || errors.Is(err, ledger.ErrDamaged)
			err = fmt.Errorf("commit: %w", explain(s.db.Path(), err))
			if unsure {
				// What is on the disk is not known any more. Only reading the file anew tells.
				s.broken = fmt.Errorf("nothing can be written until dossier is started again: %w", err)
			}
		}
	}
	for i, w := range changes {
		if answers[i] == nil {
			answers[i] = err
		}
		w.Answer(answers[i])
	}
}
