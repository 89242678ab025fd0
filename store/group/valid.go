// Package group is what every store does around its own writing: it refuses a change that could not be written or read
// back, and lets changes that wait at the same time share one commit.
package group

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Valid refuses what could not be written or read back, before the change meets others in a transaction. maxKey is the
// longest key, in bytes, that the store can hold.
func Valid(c *ledger.Commit, maxKey int) error {
	v := validity{maxKey: maxKey, seen: map[string]bool{}}
	for i := range c.Cases {
		w := &c.Cases[i]
		v.once("case", strconv.FormatInt(int64(w.ID), 10))
		v.add(validCase(w))
		v.keys(w.Put)
		v.keys(w.Drop)
	}
	for _, w := range c.Records {
		v.once("record", w.Kind, w.ID)
		v.keys(w.Put)
		v.keys(w.Drop)
	}
	for _, w := range c.Counters {
		v.once("counter", w.Name)
	}
	return errors.Join(v.errs...)
}

type validity struct {
	maxKey int
	seen   map[string]bool
	errs   []error
}

func (v *validity) add(err error) {
	if err != nil {
		v.errs = append(v.errs, err)
	}
}

// once refuses a second write of the same thing within one change.
func (v *validity) once(parts ...string) {
	key := strings.Join(parts, "\x00")
	if v.seen[key] {
		v.add(fmt.Errorf("%q is written twice", parts))
	}
	v.seen[key] = true
	v.names(parts[1:]...)
}

func (v *validity) keys(keys []ledger.Key) {
	for _, k := range keys {
		v.names(k.Index, k.Key, k.ID)
	}
}

// names accepts names that together make a key of the database.
func (v *validity) names(parts ...string) {
	size := 8 + len(parts) // a version's number, and what joins them
	for _, p := range parts {
		if strings.IndexByte(p, 0) >= 0 || !utf8.ValidString(p) {
			v.add(fmt.Errorf("%.60q is not UTF-8 without NUL", p))
			return
		}
		size += len(p)
	}
	if parts[0] == "" {
		v.add(errors.New("a name is empty"))
	}
	if size > v.maxKey {
		v.add(fmt.Errorf("%.60q…: a key of %d bytes, at most %d", parts[0], size, v.maxKey))
	}
}

func validCase(w *ledger.CaseWrite) error {
	switch {
	case w.ID <= 0:
		return fmt.Errorf("case %d: not a case's number", w.ID)
	case len(w.Events) == 0 && w.Read == 0:
		return fmt.Errorf("case %d: a new case without an event", w.ID)
	case len(w.Events) > 0 && len(w.Snapshot) == 0:
		return fmt.Errorf("case %d: events without a snapshot", w.ID)
	}
	for i, e := range w.Events {
		if want := w.Read + uint64(i) + 1; e.Seq != want {
			return fmt.Errorf("case %d: event %d, want %d", w.ID, e.Seq, want)
		}
		if _, err := rows.Unhex(e.Hash); err != nil {
			return fmt.Errorf("case %d: event %d: %w", w.ID, e.Seq, err)
		}
	}
	return nil
}
