package bolt_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"

	"dossier/engine/ledger"
	"dossier/store/bolt"
	"dossier/store/storetest"
)

func TestStoreWithoutSync(t *testing.T) {
	storetest.Run(t, func(t *testing.T) ledger.Store {
		dir := t.TempDir()
		return folder{openUnsynced(t, dir), dir}
	})
}

func openUnsynced(t *testing.T, dir string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(dir, bolt.Options{Create: true, Owner: "a test", NoSync: true})
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

// TestFilledWithoutSync: what was filled without syncing is there after Close, and a half-written file is not.
func TestFilledWithoutSync(t *testing.T) {
	dir := t.TempDir()
	s := openUnsynced(t, dir)
	commit(t, s, 1, 0, "one")
	data := []byte("a document")
	sum := sha256.Sum256(data)
	sha := hex.EncodeToString(sum[:])
	if err := s.PutBlob(sha, data); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openDir(t, dir)
	if c, err := s.Case(1); err != nil || string(c.Data) != "one" {
		t.Errorf("case %+v, %v", c, err)
	}
	if got, err := s.Blob(sha); err != nil || string(got) != string(data) {
		t.Errorf("blob %q, %v", got, err)
	}
	left, err := os.ReadDir(dir + "/blobs/tmp")
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}
