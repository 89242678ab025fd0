package rows

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"dossier/engine/ledger"
)

// ScanLimit is how many entries a scan without a limit reads.
const ScanLimit = 1000

// Span is a range of the index's rows: from Lo up to, not including, Hi.
type Span struct{ Lo, Hi []byte }

// SpanOf is the rows that a scan asks for. The NUL behind each key sorts before everything that a key may go on with, so
// "key 0" is where a key's entries begin and "key 1" is where the next greater key's do. A cursor that no store made is ErrNotFound.
func SpanOf(q ledger.Scan) (Span, error) {
	at := func(key string, end ...byte) []byte { return append(Names(q.Index, key), end...) }
	r := Span{at(q.Prefix), After(at(q.Prefix))}
	if q.Desc {
		if q.From != "" {
			r.Hi = least(r.Hi, at(q.From, 1))
		}
		if q.To != "" {
			r.Lo = most(r.Lo, at(q.To, 1))
		}
	} else {
		if q.From != "" {
			r.Lo = most(r.Lo, at(q.From, 0))
		}
		if q.To != "" {
			r.Hi = least(r.Hi, at(q.To, 0))
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
		r.Hi = least(r.Hi, at(string(cursor)))
	} else {
		r.Lo = most(r.Lo, at(string(cursor), 0))
	}
	return r, nil
}

// EntryOf is the row of an index as a scan gives it, with the cursor to go on after it.
func EntryOf(index string, k, v []byte) ledger.Entry {
	rest := k[len(index)+1:]
	key, id, _ := strings.Cut(string(rest), "\x00")
	return ledger.Entry{
		Key:    ledger.Key{Index: index, Key: key, ID: id, Value: Keep(v)},
		Cursor: base64.RawURLEncoding.EncodeToString(rest),
	}
}

// Alike is a row up to the last slash of its key, or to the key's end where it has none.
func Alike(row []byte) []byte {
	end := bytes.LastIndexByte(row, 0)
	if slash := bytes.LastIndexByte(row[:end], '/'); slash >= 0 {
		end = slash
	}
	return bytes.Clone(row[:end+1])
}

// NumberOf is the id of an entry's row as a number, 0 where it is none as it would be written.
func NumberOf(row []byte) uint64 {
	id := row[bytes.LastIndexByte(row, 0)+1:]
	n, err := strconv.ParseUint(string(id), 10, 64)
	if err != nil || id[0] == '0' || id[0] == '+' {
		return 0
	}
	return n
}

// After is the first key that doesn't begin with prefix and is greater. A prefix of 0xff alone has none: no name ends in it, and the
// NUL before it can be counted up.
func After(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			prefix[i]++
			return prefix[:i+1]
		}
	}
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

// Holds tells whether a key is within the span.
func (r Span) Holds(k []byte) bool {
	return k != nil && bytes.Compare(k, r.Lo) >= 0 && bytes.Compare(k, r.Hi) < 0
}
