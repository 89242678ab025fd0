package bolt_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
	"dossier/store/storetest"
)

// folder is a store and where it is.
type folder struct {
	*bolt.Store
	dir string
}

func (f folder) DamageBlob(sha string) error {
	path := filepath.Join(f.dir, "blobs", sha[:2], sha)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[len(data)/2] ^= 0x10
	return os.WriteFile(path, data, 0o600)
}

// openDir opens a store in dir and closes it when the test ends.
func openDir(t testing.TB, dir string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(dir, bolt.Options{Create: true, Owner: "a test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) ledger.Store {
		dir := t.TempDir()
		return folder{openDir(t, dir), dir}
	})
}

// tryCommit adds one event to a case; the snapshot is text.
func tryCommit(s *bolt.Store, id casefile.CaseID, read uint64, text string) error {
	e := ledger.Sealed{Seq: read + 1, Data: []byte(text), Hash: ledger.Chain("", []byte(text))}
	return s.Commit(context.Background(), ledger.Commit{Cases: []ledger.CaseWrite{
		{ID: id, Read: read, Events: []ledger.Sealed{e}, Snapshot: e.Data, Put: []ledger.Key{{Index: "state", Key: text[:1], ID: "1"}}},
	}})
}

func commit(t *testing.T, s *bolt.Store, id casefile.CaseID, read uint64, text string) {
	t.Helper()
	if err := tryCommit(s, id, read, text); err != nil {
		t.Fatal(err)
	}
}
