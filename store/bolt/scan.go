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
func (s *Store) Scan(q ledger.Scan) (entries []ledger.Entry, err error) {
	r, err := rows.SpanOf(q)
	if err != nil {
		return nil, fmt.Errorf("scan of %s: %w", q.Index, err)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = rows.ScanLimit
	}
	err = view(s.db, func(tx *bbolt.Tx) error {
		e := entriesOf(tx, q.Desc)
		if q.Desc {
			e.seek(r.Hi)
		} else {
			e.seek(r.Lo)
		}
		var last []byte
		for len(entries) < limit {
			k, v := e.at()
			if e.err != nil || !r.Holds(k) {
				return e.err
			}
			if last != nil && (bytes.Compare(k, last) < 0) != q.Desc {
				return errCircle
			}
			last = k
			entries = append(entries, rows.EntryOf(q.Index, k, v))
			switch {
			case !q.Leads:
				e.step()
			case q.Desc:
				e.seek(rows.Alike(k))
			default:
				e.seek(rows.After(rows.Alike(k)))
			}
		}
		return nil
	})
	return entries, told(err, "scan of %s", q.Index)
}
