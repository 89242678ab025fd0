package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"dossier/engine/casefile"
)

func CaseOf(what string) (casefile.CaseID, bool) {
	const prefix = "case/"
	if len(what) <= len(prefix) || what[:len(prefix)] != prefix {
		return 0, false
	}
	n, err := strconv.ParseInt(what[len(prefix):], 10, 64)
	return casefile.CaseID(n), err == nil && n > 0
}

// DumpRow is one row of a dump. Its bytes are lent until the next comes.
type DumpRow struct {
	Bucket     string
	Order      int // of its bucket, in the order in which they came
	Key, Value []byte
}

// Keep is the row with bytes of its own.
func (r DumpRow) Keep() DumpRow {
	r.Key, r.Value = bytes.Clone(r.Key), bytes.Clone(r.Value)
	return r
}

// sparing is a store that need not make the values of rows that nobody asks for.
type sparing interface {
	DumpBut(but func(bucket string, key []byte) bool, f func(bucket string, key, value []byte) error) error
}

// Dump gives a store's rows one by one. Its error is written to err when the rows end.
func Dump(s Store, err *error) iter.Seq[DumpRow] {
	return DumpBut(s, func(string, []byte) bool { return false }, err)
}

// DumpBut gives a store's rows but some, told by their keys.
func DumpBut(s Store, but func(bucket string, key []byte) bool, err *error) iter.Seq[DumpRow] {
	return func(yield func(DumpRow) bool) {
		stop := errors.New("enough")
		order, last := 0, ""
		row := func(bucket string, key, value []byte) error {
			if i := slices.Index(Buckets, bucket); i >= 0 {
				order = i
			} else if bucket != last {
				return fmt.Errorf("bucket %q: %w", bucket, ErrDamaged)
			}
			last = bucket
			if !yield(DumpRow{bucket, order, key, value}) {
				return stop
			}
			return nil
		}
		var e error
		if few, ok := s.(sparing); ok {
			e = few.DumpBut(but, row)
		} else {
			e = s.Dump(func(bucket string, key, value []byte) error {
				if but(bucket, key) {
					return nil
				}
				return row(bucket, key, value)
			})
		}
		if !errors.Is(e, stop) {
			*err = e
		}
	}
}

// Buckets are those of a dump, in their order. The keys of a dump: of cases the id and the event's number, the greatest
// number for the snapshot, both 8 bytes big-endian; of records kind 0 id; of versions kind 0 id 0 number; of counters
// the name; of index index 0 key 0 id; of the ledger the row's number.
var Buckets = []string{"cases", "records", "versions", "counters", "index", "ledger"}
