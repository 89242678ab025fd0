//go:build !race

// The pointer check that comes with the race detector ends the program inside bbolt when a page is spoilt.

package bolt_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// TestFlippedByte flips one bit of the database, in the head of every page and two hundred times wherever it falls, and reads all of it: a
// read may answer or fail, but not panic.
func TestFlippedByte(t *testing.T) {
	dir := t.TempDir()
	s := openDir(t, dir)
	for id := casefile.CaseID(1); id <= 60; id++ {
		commit(t, s, id, 0, "the file of this case, long enough to fill some pages")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dossier.db")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole = bytes.TrimRight(whole, "\x00")
	whole = append(whole, make([]byte, 2*os.Getpagesize()-len(whole)%os.Getpagesize())...)
	const kind, branch = 8, 1 // where a page says what it is; one that points to others may come to point to itself, and bbolt then follows for ever
	page, r := os.Getpagesize(), rand.New(rand.NewPCG(3, 4))
	var hit []int
	for head := 0; head < len(whole); head += page {
		hit = append(hit, head+kind)
	}
	for len(hit) < len(whole)/page+200 {
		at := r.IntN(len(whole))
		if whole[at/page*page+kind] != branch {
			hit = append(hit, at, at/page*page+r.IntN(64))
		}
	}
	refused, failed := 0, 0
	for _, at := range hit {
		spoilt := bytes.Clone(whole)
		spoilt[at] ^= 1 << r.IntN(8)
		if err := os.WriteFile(file, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := bolt.Open(dir, bolt.Options{})
		var e *bolt.OpenError
		if err != nil {
			refused++
			if !errors.As(err, &e) || e.Code != bolt.CodeDamaged && e.Code != bolt.CodeNotOurs && e.Code != bolt.CodeNewer {
				t.Errorf("byte %d: open: %v", at, err)
			}
			continue
		}
		if readAll(s) != nil {
			failed++
		}
		s.Close()
	}
	if refused == 0 || failed == 0 {
		t.Errorf("%d stores did not open, %d failed later: the flips hit nothing", refused, failed)
	}
}

// readAll reads in every way there is.
func readAll(s *bolt.Store) error {
	var errs []error
	for id := casefile.CaseID(1); id <= 60; id++ {
		_, err := s.Case(id)
		_, err2 := s.Events(id, 0, 0)
		errs = append(errs, err, err2)
	}
	_, err := s.Scan(ledger.Scan{Index: "state"})
	_, err2 := s.Scan(ledger.Scan{Index: "state", Desc: true})
	_, err3 := s.Ledger(0, 0)
	_, err4 := s.Records("person", "", 0)
	return errors.Join(append(errs, err, err2, err3, err4, s.Dump(func(string, []byte, []byte) error { return nil }))...)
}
