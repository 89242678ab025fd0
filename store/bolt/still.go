package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bberrors "go.etcd.io/bbolt/errors"

	"dossier/engine/ledger"
)

// Still gives the store as one transaction sees it, in a database of its own in dir, which is made. Commits go on
// meanwhile, and are not in it. Its blobs are those of this store, which must stay open as long.
func (s *Store) Still(dir string) (ledger.Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain(dir, err)
	}
	file := filepath.Join(dir, fileDatabase)
	err := view(s.db, func(tx *bbolt.Tx) error { return tx.CopyFile(file, 0o600) })
	if err != nil {
		return nil, explain(file, errors.Join(err, os.Remove(file)))
	}
	still, err := Open(dir, Options{})
	if err != nil {
		return nil, err
	}
	still.blobs.dir = s.blobs.dir
	return still, nil
}

// Aside gives a folder as it is, in a database of its own in scratch, where the folder itself can't be written to. Its blobs
// are those of the folder. Who writes there meanwhile keeps it from being opened, as anybody who has it.
func Aside(dir, scratch string) (s *Store, err error) {
	file := filepath.Join(dir, fileDatabase)
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil, &OpenError{Code: CodeMissing, Where: dir, Why: "there is no dossier database", Do: "check the folder's name", Err: err}
	}
	db, err := bbolt.Open(file, 0o400, &bbolt.Options{ReadOnly: true, Timeout: 100 * time.Millisecond})
	if errors.Is(err, bberrors.ErrTimeout) {
		return nil, owned(dir)
	}
	if err != nil {
		return nil, explain(file, fmt.Errorf("%w: %w", err, ledger.ErrDamaged))
	}
	copied := filepath.Join(scratch, fileDatabase)
	err = view(&database{DB: db}, func(tx *bbolt.Tx) error { return tx.CopyFile(copied, 0o600) })
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, explain(copied, err)
	}
	if s, err = Open(scratch, Options{}); err != nil {
		return nil, err
	}
	s.blobs.dir = filepath.Join(dir, dirBlobs)
	return s, nil
}
