package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dossier/store"
	"dossier/store/bolt"
	"dossier/store/postgres"
	"dossier/store/storetest/pgserver"
)

func TestMain(m *testing.M) { os.Exit(pgserver.Main(m)) }

func TestOpen(t *testing.T) {
	dir, url := filepath.Join(t.TempDir(), "data"), pgserver.URL(t)
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
		{url, false, postgres.CodeMissing},
		{url, true, ""},
		{url, false, ""},
		{strings.Replace(url, "postgres:", "postgresql:", 1), false, ""},
		{"postgres://h/d?schema=X", true, "bad-url"},
	} {
		s, err := store.Open(c.url, store.Options{Create: c.create, Owner: "a test"})
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%q: %v", c.url, err)
		case c.code != "" && (store.Code(err) != c.code || s != nil):
			t.Errorf("%q: %v, %v, want %s and no store", c.url, s, err, c.code)
		case c.code == "":
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
