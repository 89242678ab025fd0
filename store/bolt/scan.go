package bolt

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
)

// scanLimit is how many entries a scan without a limit reads.
const scanLimit = 1000

// Scan reads index entries of one index whose key has the prefix, in key order (descending when asked), after the
// cursor (an Entry's Cursor; "" from the start), at most limit. A cursor that no store made is ErrNotFound.
func (s *Store) Scan(q ledger.Scan) (entries []ledger.Entry, err error) {
	r, err := spanOf(q)
	if err != nil {
		return nil, fmt.Errorf("scan of %s: %w", q.Index, err)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = scanLimit
	}
	err = view(s.db, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketIndex).Cursor()
		for k, v := r.first(c, q.Desc); r.holds(k) && len(entries) < limit; k, v = step(c, q.Desc) {
			key, id, _ := strings.Cut(string(k[len(q.Index)+1:]), "\x00")
			entries = append(entries, ledger.Entry{
				Key:    ledger.Key{Index: q.Index, Key: key, ID: id, Value: keep(v)},
				Cursor: base64.RawURLEncoding.EncodeToString(k[len(q.Index)+1:]),
			})
		}
		return nil
	})
	return entries, told(err, "scan of %s", q.Index)
}

// span is a range of rows: from lo up to, not including, hi.
type span struct{ lo, hi []byte }

// spanOf is the rows that a scan asks for. The NUL behind each key sorts before everything that a key may go on with, so
// "key 0" is where a key's entries begin and "key 1" is where the next greater key's do.
func spanOf(q ledger.Scan) (span, error) {
	at := func(key string, end ...byte) []byte { return append(names(q.Index, key), end...) }
	r := span{at(q.Prefix), after(at(q.Prefix))}
	if q.Desc {
		if q.From != "" {
			r.hi = least(r.hi, at(q.From, 1))
		}
		if q.To != "" {
			r.lo = most(r.lo, at(q.To, 1))
		}
	} else {
		if q.From != "" {
			r.lo = most(r.lo, at(q.From, 0))
		}
		if q.To != "" {
			r.hi = least(r.hi, at(q.To, 0))
		}
	}
	if q.After == "" {
		return r, nil
	}
	cursor, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil || bytes.IndexByte(cursor, 0) < 0 {
		return r, fmt.Errorf("cursor %.60q: %w", q.After, ledger.ErrNotFound)
	}
	if q.Desc {
		r.hi = least(r.hi, at(string(cursor)))
	} else {
		r.lo = most(r.lo, at(string(cursor), 0))
	}
	return r, nil
}

// after is the first key that doesn't begin with prefix and is greater. A prefix ends in UTF-8 or NUL, never in 0xff.
func after(prefix []byte) []byte {
	prefix[len(prefix)-1]++
	return prefix
}

func least(a, b []byte) []byte {
	if bytes.Compare(b, a) < 0 {
		return b
	}
	return a
}

func most(a, b []byte) []byte {
	if bytes.Compare(b, a) > 0 {
		return b
	}
	return a
}

func (r span) holds(k []byte) bool {
	return k != nil && bytes.Compare(k, r.lo) >= 0 && bytes.Compare(k, r.hi) < 0
}

func (r span) first(c *bbolt.Cursor, desc bool) (k, v []byte) {
	if !desc {
		return c.Seek(r.lo)
	}
	if k, _ := c.Seek(r.hi); k == nil {
		return c.Last()
	}
	return c.Prev()
}

func step(c *bbolt.Cursor, desc bool) (k, v []byte) {
	if desc {
		return c.Prev()
	}
	return c.Next()
}
