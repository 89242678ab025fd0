package bolt

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Scan reads index entries of one index whose key has the prefix, in key order (descending when asked), after the
// cursor (an Entry's Cursor; "" from the start), at most limit. A cursor that no store made is ErrNotFound.
func (s *Store) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	var all []ledger.Entry
	err := s.scan(q, func(e *entries, r rows.Span, left int) (row []byte, n int) {
		row, value := e.at()
		all = append(all, rows.EntryOf(q.Index, row, value))
		return row, 1
	})
	return all, err
}

// Numbers are the ids of the entries that Scan would give, as numbers: 0 for what is none.
func (s *Store) Numbers(q ledger.Scan) ([]uint64, error) {
	var all []uint64
	err := s.scan(q, func(e *entries, r rows.Span, left int) (row []byte, n int) {
		if !q.Leads && left > 1 {
			if row, n = e.run(r, left, &all); n > 0 {
				return row, n
			}
		}
		row, _ = e.at()
		all = append(all, rows.NumberOf(row))
		return row, 1
	})
	return all, err
}

// scan lets take have the entries that a scan asks for, from where they stand: left of them at most. It gives the last that it had,
// where the entries stand still, and how many they were.
func (s *Store) scan(q ledger.Scan, take func(e *entries, r rows.Span, left int) (row []byte, n int)) error {
	r, err := rows.SpanOf(q)
	if err != nil {
		return fmt.Errorf("scan of %s: %w", q.Index, err)
	}
	left := q.Limit
	if left <= 0 {
		left = rows.ScanLimit
	}
	err = view(s.db, func(tx *bbolt.Tx) error {
		e := entriesOf(tx, q.Desc)
		if q.Desc {
			e.seek(r.Hi)
		} else {
			e.seek(r.Lo)
		}
		var last []byte
		for left > 0 {
			k, _ := e.at()
			if e.err != nil || !r.Holds(k) {
				return e.err
			}
			if last != nil && (bytes.Compare(k, last) < 0) != q.Desc {
				return errCircle
			}
			var n int
			last, n = take(e, r, left)
			left -= n
			switch {
			case !q.Leads:
				e.step()
			case q.Desc:
				e.seek(rows.Alike(last))
			default:
				e.seek(rows.After(rows.Alike(last)))
			}
		}
		return nil
	})
	return told(err, "scan of %s", q.Index)
}
