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

// DumpRow is one row of a dump.
type DumpRow struct {
	Bucket     string
	Order      int // of its bucket, in the order in which they came
	Key, Value []byte
}

// Dump gives a store's rows one by one. Its error is written to err when the rows end.
func Dump(s Store, err *error) iter.Seq[DumpRow] {
	return DumpBut(s, func(string, []byte, []byte) bool { return false }, err)
}

// DumpBut gives those of a store's rows that but leaves; its slices are lent.
func DumpBut(s Store, but func(bucket string, key, value []byte) bool, err *error) iter.Seq[DumpRow] {
	return func(yield func(DumpRow) bool) {
		stop := errors.New("enough")
		order, last := 0, ""
		e := s.Dump(func(bucket string, key, value []byte) error {
			if i := slices.Index(Buckets, bucket); i >= 0 {
				order = i
			} else if bucket != last {
				return fmt.Errorf("bucket %q: %w", bucket, ErrDamaged)
			}
			last = bucket
			if but(bucket, key, value) {
				return nil
			}
			if !yield(DumpRow{bucket, order, bytes.Clone(key), bytes.Clone(value)}) {
				return stop
			}
			return nil
		})
		if !errors.Is(e, stop) {
			*err = e
		}
	}
}

// Buckets are those of a dump, in their order. The keys of a dump: of cases the id and the event's number, the greatest
// number for the snapshot, both 8 bytes big-endian; of records kind 0 id; of versions kind 0 id 0 number; of counters
// the name; of index index 0 key 0 id; of the ledger the row's number.
var Buckets = []string{"cases", "records", "versions", "counters", "index", "ledger"}
