package bolt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"testing"

	"dossier/engine/ledger"
)

func TestStill(t *testing.T) {
	s, err := Open(t.TempDir(), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sum := sha256.Sum256([]byte("paper"))
	sha := hex.EncodeToString(sum[:])
	write := func(id string) {
		t.Helper()
		err := s.Commit(context.Background(), ledger.Commit{Records: []ledger.RecordWrite{{Kind: "person", ID: id, Data: []byte(`{}`), Ledgered: true}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	write("li")
	if err := s.PutBlob(sha, []byte("paper")); err != nil {
		t.Fatal(err)
	}
	still, err := s.Still(filepath.Join(t.TempDir(), "still"))
	if err != nil {
		t.Fatal(err)
	}
	defer still.Close()
	write("wang")
	if _, err := still.Record("person", "li"); err != nil {
		t.Error(err)
	}
	if _, err := still.Record("person", "wang"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("what came later: %v", err)
	}
	if rows, err := still.Ledger(0, 0); err != nil || len(rows) != 1 {
		t.Errorf("%d rows %v", len(rows), err)
	}
	if data, err := still.Blob(sha); err != nil || string(data) != "paper" {
		t.Errorf("%q %v", data, err)
	}
}

func TestStillSaysWhy(t *testing.T) {
	s, err := Open(t.TempDir(), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var why *OpenError
	if _, err := s.Still(filepath.Join(s.dir, fileDatabase, "below-a-file")); !errors.As(err, &why) {
		t.Errorf("%v", err)
	}
}
