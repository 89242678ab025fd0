package engine_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/specimen"
)

// calls is a store that counts what is asked of it.
type calls struct {
	ledger.Store
	n map[string]int
}

func (c calls) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	c.n["case"]++
	return c.Store.Case(id)
}

func (c calls) Events(id casefile.CaseID, after uint64, limit int) ([]ledger.Sealed, error) {
	c.n["events"]++
	return c.Store.Events(id, after, limit)
}

func (c calls) Record(kind, id string) (ledger.Record, error) {
	c.n["record"]++
	return c.Store.Record(kind, id)
}

func (c calls) Records(kind, after string, limit int) ([]ledger.Record, error) {
	c.n["records"]++
	return c.Store.Records(kind, after, limit)
}

func (c calls) Counter(name string) (uint64, error) {
	c.n["counter"]++
	return c.Store.Counter(name)
}

func (c calls) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	c.n["scan"]++
	return c.Store.Scan(q)
}

func (c calls) Commit(ctx context.Context, x ledger.Commit) error {
	c.n["commit"]++
	return c.Store.Commit(ctx, x)
}

func (c calls) Ledger(after uint64, limit int) ([]ledger.LedgerRow, error) {
	c.n["ledger"]++
	return c.Store.Ledger(after, limit)
}

func (c calls) Blob(sha string) ([]byte, error) {
	c.n["blob"]++
	return c.Store.Blob(sha)
}

// during are the calls that f makes, by their names.
func (s *stage) during(f func() error) (string, error) {
	c := calls{s.Store, map[string]int{}}
	s.Store = c
	defer func() { s.Store = c.Store }()
	err := f()
	var told []string
	for _, name := range slices.Sorted(maps.Keys(c.n)) {
		told = append(told, fmt.Sprint(name, " ", c.n[name]))
	}
	return strings.Join(told, ", "), err
}

// TestStoreCalls: a command reads its case once and decides once; a case page reads its case once; a desk reads what has
// moved since somebody looked at one, however many cases are on it.
func TestStoreCalls(t *testing.T) {
	s := staffed(t)
	s.on(day(t, "03-02"))
	var id casefile.CaseID
	for range 7 {
		id = s.begin(t, "papers", filed[:2]...)
	}
	approve := casefile.Command{Case: id, Actor: "captain", Action: "approve", Key: "once"}
	values, _, err := specimen.Samples(s.Engine, approve, crew)
	if err != nil {
		t.Fatal(err)
	}
	approve.Values = values
	for _, tt := range []struct {
		what, want string
		do         func() error
	}{
		{"a command with a key that takes two numbers", "case 1, commit 1, counter 2, record 1, scan 2", func() error { _, err := s.Do(t.Context(), approve); return err }},
		{"a case page", "case 1", func() error { _, err := desk.View(s.Engine, "officer", id); return err }},
		{"the first desk", "ledger 11, scan 2", func() error { _, err := desk.Of(s.Engine, "officer"); return err }},
		{"another desk", "ledger 2", func() error { _, err := desk.Of(s.Engine, "captain"); return err }},
	} {
		if got, err := s.during(tt.do); got != tt.want || err != nil {
			t.Errorf("%s: %s, %v; want %s", tt.what, got, err, tt.want)
		}
	}
}
