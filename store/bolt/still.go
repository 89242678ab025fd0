package bolt

import (
	"errors"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

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
