package verify

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// together is how many index entries one commit of a rebuilding writes.
const together = 1000

// Rebuild makes the snapshots and the index entries again that differ from what the events make of them, and gives how many
// rows it wrote. into is the store that [Run] filled with the same record; a record with a fault beyond what follows from
// events is left alone (0). Nobody writes to the store meanwhile. An event, a record and the ledger are never touched.
func Rebuild(ctx context.Context, e *engine.Engine, into ledger.Store, r *Report) (int, error) {
	if r.Beyond > 0 {
		return 0, nil
	}
	var snapshots []casefile.CaseID
	var put, drop []ledger.Key
	haveErr, err := differences(ctx, e.Store, into, func(have, want *ledger.DumpRow) error {
		row := have
		if row == nil {
			row = want
		}
		switch {
		case !derived(*row):
		case row.Bucket == "cases":
			snapshots = append(snapshots, casefile.CaseID(binary.BigEndian.Uint64(row.Key)))
		default:
			names := strings.Split(string(row.Key), "\x00")
			if len(names) != 3 || !known(e, names[0]) {
				return nil
			}
			k := ledger.Key{Index: names[0], Key: names[1], ID: names[2]}
			if want == nil {
				drop = append(drop, k)
				return nil
			}
			k.Value = want.Value
			put = append(put, k)
		}
		return nil
	})
	if haveErr != nil {
		return 0, haveErr
	}
	if err != nil {
		return 0, err
	}
	done := 0
	for _, id := range snapshots {
		if err := rebuildCase(ctx, e.Store, into, id); err != nil {
			return done, err
		}
		done++
	}
	for len(put)+len(drop) > 0 {
		w, err := carrier(e.Store)
		if err != nil {
			return done, err
		}
		n, m := min(len(put), together), min(len(drop), together)
		w.Put, w.Drop = put[:n], drop[:m]
		put, drop = put[n:], drop[m:]
		if err := e.Store.Commit(ctx, ledger.Commit{Cases: []ledger.CaseWrite{w}}); err != nil {
			return done, err
		}
		done += n + m
	}
	return done, nil
}

// rebuildCase writes a case's snapshot as the events make it.
func rebuildCase(ctx context.Context, to, from ledger.Store, id casefile.CaseID) error {
	want, err := from.Case(id)
	if err != nil {
		return err
	}
	have, err := to.Case(id)
	if err != nil && (have.Seq == 0 || !errors.Is(err, ledger.ErrDamaged)) { // whose bytes are hurt is what is made again
		return err
	}
	return to.Commit(ctx, ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: have.Seq, Snapshot: want.Data}}})
}

// carrier is a write of the first case that changes nothing of it: index entries are written with a case.
func carrier(s ledger.Store) (ledger.CaseWrite, error) {
	c, err := s.Case(1)
	return ledger.CaseWrite{ID: 1, Read: c.Seq}, err
}

// known tells whether an index follows from what is in the ledger.
func known(e *engine.Engine, index string) bool {
	for _, x := range caseIndexes {
		if x == index {
			return true
		}
	}
	for _, l := range e.Listings {
		for _, x := range l.Indexes {
			if x == index {
				return true
			}
		}
	}
	return false
}
