package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Case is the last snapshot of a case; ErrNotFound.
func (s *Store) Case(id casefile.CaseID) (c ledger.Snapshot, err error) {
	err = view(s.db, func(tx *bbolt.Tx) error {
		v := tx.Bucket(bucketCases).Get(rows.SnapshotKey(id))
		if v == nil {
			return ledger.ErrNotFound
		}
		seq, data, err := rows.Leading(v)
		switch {
		case err != nil:
		case bytes.Equal(data, mark):
			data, err = wholeSnapshot(tx.Bucket(bucketCases), id, seq)
		default:
			data, err = unpack(data)
		}
		c = ledger.Snapshot{Seq: seq, Data: data}
		return err
	})
	return c, told(err, "case %d", id)
}

// Events are the case's sealed events with a sequence number greater than after, oldest first, at most limit (0: all).
func (s *Store) Events(id casefile.CaseID, after uint64, limit int) (events []ledger.Sealed, err error) {
	err = view(s.db, func(tx *bbolt.Tx) error {
		events, err = eventsIn(tx.Bucket(bucketCases), id, after, limit)
		return err
	})
	return events, told(err, "events of case %d", id)
}

func eventsIn(b *bbolt.Bucket, id casefile.CaseID, after uint64, limit int) ([]ledger.Sealed, error) {
	var events []ledger.Sealed
	w, err := wholeOf(b, id)
	if err != nil {
		return nil, err
	}
	if w != nil {
		if n := uint64(len(w.events)); after < n {
			events, after = w.events[after:], n
		}
		if limit > 0 && len(events) >= limit {
			return events[:limit], nil
		}
		limit = max(0, limit-len(events))
	}
	err = walk(b, rows.EventKey(id, after), rows.SnapshotKey(id), limit, func(k, v []byte) (bool, error) {
		hash, data, err := rows.Hashed(v)
		if err == nil {
			data, err = unpack(data)
		}
		events = append(events, ledger.Sealed{Seq: binary.BigEndian.Uint64(k[8:]), Data: data, Hash: hash})
		return true, err
	})
	return events, err
}

// Record is the newest version of a record; ErrNotFound (a deleted one too).
func (s *Store) Record(kind, id string) (r ledger.Record, err error) {
	err = view(s.db, func(tx *bbolt.Tx) error {
		row, err := rows.ParseRecord(tx.Bucket(bucketRecords).Get(rows.RecordKey(kind, id)))
		if err == nil && (row.Seq == 0 || row.Deleted()) {
			err = ledger.ErrNotFound
		}
		r = ledger.Record{Kind: kind, ID: id, Seq: row.Seq, Data: rows.Keep(row.Data)}
		return err
	})
	if err != nil {
		r = ledger.Record{}
	}
	return r, told(err, "record %s/%s", kind, id)
}

// Records are the newest versions of a kind in the order of their ids, after an id, at most limit (0: all).
func (s *Store) Records(kind, after string, limit int) (records []ledger.Record, err error) {
	from, end := rows.Names(kind, after), append([]byte(kind), 1)
	err = view(s.db, func(tx *bbolt.Tx) error {
		return walk(tx.Bucket(bucketRecords), from, end, limit, func(k, v []byte) (bool, error) {
			row, err := rows.ParseRecord(v)
			if err != nil || row.Deleted() {
				return false, err
			}
			records = append(records, ledger.Record{Kind: kind, ID: string(k[len(kind)+1:]), Seq: row.Seq, Data: rows.Keep(row.Data)})
			return true, nil
		})
	})
	return records, told(err, "records of kind %s", kind)
}

// Versions are all kept versions of a ledgered record, oldest first; the one that deleted it has the data that it was deleted with.
func (s *Store) Versions(kind, id string) (records []ledger.Record, err error) {
	from, end := rows.VersionKey(kind, id, 0), rows.VersionKey(kind, id, 1<<64-1)
	err = view(s.db, func(tx *bbolt.Tx) error {
		return walk(tx.Bucket(bucketVersions), from, end, 0, func(k, v []byte) (bool, error) {
			records = append(records, ledger.Record{Kind: kind, ID: id, Seq: binary.BigEndian.Uint64(k[len(k)-8:]), Data: rows.Keep(v)})
			return true, nil
		})
	})
	return records, told(err, "versions of %s/%s", kind, id)
}

// Counter is the last value taken from a counter, 0 when none was.
func (s *Store) Counter(name string) (n uint64, err error) {
	err = view(s.db, func(tx *bbolt.Tx) error {
		if v := tx.Bucket(bucketCounters).Get([]byte(name)); v != nil {
			var err error
			n, _, err = rows.Leading(v)
			return err
		}
		return nil
	})
	return n, told(err, "counter %s", name)
}

// Ledger is the rows with n greater than after, oldest first, at most limit (0: all).
func (s *Store) Ledger(after uint64, limit int) (book []ledger.LedgerRow, err error) {
	err = view(s.db, func(tx *bbolt.Tx) error {
		return walk(tx.Bucket(bucketLedger), rows.Number(after), nil, limit, func(k, v []byte) (bool, error) {
			hash, data, err := rows.Hashed(v)
			if err != nil {
				return false, err
			}
			r := ledger.LedgerRow{}
			if err := json.Unmarshal(data, &r); err != nil {
				return false, fmt.Errorf("row %d: %w: %w", binary.BigEndian.Uint64(k), err, ledger.ErrDamaged)
			}
			r.Hash = hash
			book = append(book, r)
			return true, nil
		})
	})
	return book, told(err, "ledger")
}

// Dump calls f with every bucket, key and value in a fixed order, for verify and migration: the buckets cases, records, versions, counters,
// index, ledger, each in the order of its keys, as drawn in the package comment. The slices are f's only during the call.
func (s *Store) Dump(f func(bucket string, key, value []byte) error) error {
	return s.DumpBut(func(string, []byte) bool { return false }, f)
}

// DumpBut is Dump without some rows, told by their keys: their values are not unpacked.
func (s *Store) DumpBut(but func(bucket string, key []byte) bool, f func(bucket string, key, value []byte) error) error {
	return view(s.db, func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			bucket := string(name)
			if bucket == rows.Index {
				if err := dumpEntries(tx, but, f); err != nil {
					return err
				}
				continue
			}
			d := dumper{but: but, f: f}
			err := walk(tx.Bucket(name), nil, nil, 0, func(k, v []byte) (bool, error) { return true, d.row(bucket, k, v) })
			if err == nil {
				err = d.flush()
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dumper gives a bucket's rows as a dump has them.
type dumper struct {
	but    func(bucket string, key []byte) bool
	f      func(bucket string, key, value []byte) error
	pieces []rows.Row // of the case that is kept whole
	whole  *whole     // that case, once its events were given
	of     []byte     // and its number
}

func (d *dumper) row(bucket string, k, v []byte) error {
	if bucket == rows.Cases && isPiece(k) {
		if len(d.pieces) > 0 && !bytes.Equal(d.pieces[0].Key[:8], k[:8]) {
			if err := d.flush(); err != nil {
				return err
			}
		}
		d.pieces = append(d.pieces, rows.Row{Bucket: bucket, Key: k, Value: v})
		return nil
	}
	if err := d.flush(); err != nil || d.but(bucket, k) {
		return err
	}
	if bucket == rows.Cases && len(v) == 8+len(mark) && bytes.HasSuffix(v, mark) && d.whole != nil && bytes.Equal(d.of, k[:8]) && len(d.whole.events) == int(binary.BigEndian.Uint64(v)) {
		return d.f(bucket, k, append(bytes.Clone(v[:8]), d.whole.snapshot...))
	}
	v, err := plainRow(bucket, k, v)
	if err != nil {
		return err
	}
	return d.f(bucket, k, v)
}

// flush gives the events of a case that is kept whole. Where its pieces can't be read they are given as they stand: whoever
// compares them finds that they are not what the record made, and the rows after them are told all the same.
func (d *dumper) flush() error {
	if len(d.pieces) == 0 {
		return nil
	}
	pieces := d.pieces
	d.pieces = nil
	var folded []byte
	var err error
	for _, p := range pieces {
		if folded, err = addPiece(folded, p.Key, p.Value); err != nil {
			break
		}
	}
	if err == nil {
		d.whole, err = unfold(folded)
	}
	if d.of = bytes.Clone(pieces[0].Key[:8]); err != nil {
		d.whole = nil
		for _, p := range pieces {
			if err := d.f(p.Bucket, p.Key, p.Value); err != nil {
				return err
			}
		}
		return nil
	}
	for _, e := range d.whole.events {
		key := append(bytes.Clone(d.of), rows.Number(e.Seq)...)
		if d.but(rows.Cases, key) {
			continue
		}
		hash, err := rows.Unhex(e.Hash)
		if err != nil {
			return fmt.Errorf("%w: %w", err, ledger.ErrDamaged)
		}
		if err := d.f(rows.Cases, key, append(hash, e.Data...)); err != nil {
			return err
		}
	}
	return nil
}

// dumpEntries calls f with every entry of the index that but leaves.
func dumpEntries(tx *bbolt.Tx, but func(bucket string, key []byte) bool, f func(bucket string, key, value []byte) error) error {
	e := entriesOf(tx, false)
	var last []byte
	for e.seek(nil); ; e.step() {
		k, v := e.at()
		if e.err != nil || k == nil {
			return e.err
		}
		if last != nil && bytes.Compare(k, last) <= 0 {
			return errCircle
		}
		last = k
		if but(rows.Index, k) {
			continue
		}
		if err := f(rows.Index, k, v); err != nil {
			return err
		}
	}
}

// walk calls f with the rows after key from and before end (nil: to the last), until limit of them counted (0: all). Keys that don't rise are
// ErrDamaged: the pages point in a circle.
func walk(b *bbolt.Bucket, from, end []byte, limit int, f func(k, v []byte) (counts bool, err error)) error {
	c := b.Cursor()
	k, v := c.Seek(from)
	if bytes.Equal(k, from) {
		k, v = c.Next()
	}
	last := from
	for n := 0; k != nil && (end == nil || bytes.Compare(k, end) < 0); k, v = c.Next() {
		if bytes.Compare(k, last) <= 0 {
			return errCircle
		}
		last = k
		counts, err := f(k, v)
		if err != nil {
			return err
		}
		if counts {
			n++
		}
		if n == limit && limit > 0 {
			return nil
		}
	}
	return nil
}

// told says what was read when it failed.
func told(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

var errCircle = fmt.Errorf("its keys stand out of order: %w", ledger.ErrDamaged)
