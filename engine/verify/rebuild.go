package verify

import (
	"context"
	"encoding/binary"
	"strings"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// Rebuild makes the snapshots and the index entries again that differ from what the events make of them, and gives how many
// rows it wrote. The report is [Run]'s, of the same record; a record with a fault beyond what follows from
// events is left alone (0). Nobody writes to the store meanwhile. An event, a record and the ledger are never touched.
func Rebuild(ctx context.Context, e *engine.Engine, r *Report) (int, error) {
	if r.Beyond > 0 {
		return 0, nil
	}
	former, err := e.Former()
	if err != nil {
		return 0, err
	}
	v := &verifier{e: e, ctx: ctx, blobs: newBlobs(), former: former}
	m := &mender{e: e}
	for _, x := range r.apart {
		m.take(x.have, x.want)
	}
	for n := 0; n < len(r.suspects); n += together {
		have, want, err := v.look(r.suspects[n:min(n+together, len(r.suspects))])
		if err != nil {
			return m.done, err
		}
		differences(have, want, m.take)
		if err := m.write(ctx); err != nil {
			return m.done, err
		}
	}
	return m.done, m.write(ctx)
}

// mender gathers what has to be written for the store to be as the record makes it.
type mender struct {
	e         *engine.Engine
	snapshots []ledger.DumpRow
	put, drop []ledger.Key
	done      int // rows that were written
}

// take takes a row that differs.
func (m *mender) take(have, want *ledger.DumpRow) {
	row := have
	if row == nil {
		row = want
	}
	switch {
	case !derived(*row):
	case row.Bucket == "cases":
		if want != nil {
			m.snapshots = append(m.snapshots, *want)
		}
	default:
		names := strings.Split(string(row.Key), "\x00")
		if len(names) != 3 || !known(m.e, names[0]) {
			return
		}
		k := ledger.Key{Index: names[0], Key: names[1], ID: names[2]}
		if want == nil {
			m.drop = append(m.drop, k)
			return
		}
		k.Value = want.Value
		m.put = append(m.put, k)
	}
}

// write writes what was taken.
func (m *mender) write(ctx context.Context) error {
	for _, r := range m.snapshots {
		id, seq := casefile.CaseID(binary.BigEndian.Uint64(r.Key)), binary.BigEndian.Uint64(r.Value)
		if err := m.e.Store.Commit(ctx, ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: seq, Snapshot: r.Value[8:]}}}); err != nil {
			return err
		}
		m.done++
	}
	m.snapshots = nil
	for len(m.put)+len(m.drop) > 0 {
		w, err := carrier(m.e.Store)
		if err != nil {
			return err
		}
		n, d := min(len(m.put), together), min(len(m.drop), together)
		w.Put, w.Drop = m.put[:n], m.drop[:d]
		m.put, m.drop = m.put[n:], m.drop[d:]
		if err := m.e.Store.Commit(ctx, ledger.Commit{Cases: []ledger.CaseWrite{w}}); err != nil {
			return err
		}
		m.done += n + d
	}
	return nil
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
