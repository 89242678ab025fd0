package store_test

import (
	"errors"
	"path/filepath"
	"testing"

	"dossier/store"
	"dossier/store/bolt"
)

func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		url    string
		create bool
		code   string // "": opens
	}{
		{"bolt:" + dir, false, bolt.CodeMissing},
		{"bolt:" + dir, true, ""},
		{"bolt:" + dir, false, ""},
		{"bolt:", true, "bad-url"},
		{dir, true, "bad-url"},
		{"mysql://localhost", true, "bad-url"},
	} {
		s, err := store.Open(c.url, store.Options{Create: c.create, Owner: "a test"})
		var e *bolt.OpenError
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%q: %v", c.url, err)
		case c.code != "" && (!errors.As(err, &e) || e.Code != c.code || s != nil):
			t.Errorf("%q: %v, %v, want %s and no store", c.url, s, err, c.code)
		case c.code == "":
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
