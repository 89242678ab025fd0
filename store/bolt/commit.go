package bolt

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
)

// valid refuses what could not be written or read back, before the change meets others in a transaction.
func valid(c *ledger.Commit) error {
	var errs []error
	seen := map[string]bool{}
	once := func(parts ...string) {
		key := strings.Join(parts, "\x00")
		if seen[key] {
			errs = append(errs, fmt.Errorf("%q is written twice", parts))
		}
		seen[key] = true
		errs = append(errs, validNames(parts[1:]...))
	}
	for i := range c.Cases {
		w := &c.Cases[i]
		once("case", strconv.FormatInt(int64(w.ID), 10))
		errs = append(errs, validCase(w), validKeys(w.Put), validKeys(w.Drop))
	}
	for _, w := range c.Records {
		once("record", w.Kind, w.ID)
		errs = append(errs, validKeys(w.Put), validKeys(w.Drop))
	}
	for _, w := range c.Counters {
		once("counter", w.Name)
	}
	return errors.Join(errs...)
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
		if _, err := unhex(e.Hash); err != nil {
			return fmt.Errorf("case %d: event %d: %w", w.ID, e.Seq, err)
		}
	}
	return nil
}

func validKeys(keys []ledger.Key) error {
	for _, k := range keys {
		if err := validNames(k.Index, k.Key, k.ID); err != nil {
			return err
		}
	}
	return nil
}

// validNames accepts names that together make a key of the database.
func validNames(parts ...string) error {
	size := 8 + len(parts) // a version's number, and what joins them
	for _, p := range parts {
		if strings.IndexByte(p, 0) >= 0 || !utf8.ValidString(p) {
			return fmt.Errorf("%.60q is not UTF-8 without NUL", p)
		}
		size += len(p)
	}
	if parts[0] == "" {
		return errors.New("a name is empty")
	}
	if size > bbolt.MaxKeySize {
		return fmt.Errorf("%.60q…: a key of %d bytes, at most %d", parts[0], size, bbolt.MaxKeySize)
	}
	return nil
}

// tables are the buckets in one transaction.
type tables struct {
	cases, records, versions, counters, index, ledger *bbolt.Bucket
}

func open(tx *bbolt.Tx) tables {
	return tables{tx.Bucket(bucketCases), tx.Bucket(bucketRecords), tx.Bucket(bucketVersions),
		tx.Bucket(bucketCounters), tx.Bucket(bucketIndex), tx.Bucket(bucketLedger)}
}

// check compares what a change read with what is there now; *Conflict when they differ.
// It points the writes of deleted ledgered records at the number to go on from.
func (t tables) check(c *ledger.Commit) error {
	for _, w := range c.Cases {
		seq, err := t.number(t.cases, snapshotKey(w.ID))
		if err != nil {
			return err
		}
		if seq != w.Read {
			return &ledger.Conflict{What: "case", ID: strconv.FormatInt(int64(w.ID), 10)}
		}
	}
	for _, w := range c.Counters {
		value, err := t.number(t.counters, []byte(w.Name))
		if err != nil {
			return err
		}
		if value != w.Read {
			return &ledger.Conflict{What: "counter", ID: w.Name}
		}
	}
	for _, k := range c.Checks {
		if _, err := t.record(k.Kind, k.ID, k.Seq); err != nil {
			return err
		}
	}
	for i := range c.Records {
		w := &c.Records[i]
		r, err := t.record(w.Kind, w.ID, w.Read)
		if err != nil {
			return err
		}
		if r.state&stateLedgered != 0 && !w.Ledgered {
			return fmt.Errorf("commit: record %s/%s is ledgered and must stay so", w.Kind, w.ID)
		}
		w.Read = r.seq
	}
	return nil
}

// number is the number at the start of a row's value; 0 when there is no row.
func (t tables) number(b *bbolt.Bucket, key []byte) (uint64, error) {
	v := b.Get(key)
	if v == nil {
		return 0, nil
	}
	n, _, err := leading(v)
	return n, err
}

// record is a record's row; *Conflict when the record that can be seen is not at seq (0: there is none).
func (t tables) record(kind, id string, seq uint64) (stored, error) {
	r, err := parseRecord(t.records.Get(recordKey(kind, id)))
	if err != nil {
		return r, err
	}
	seen := r.seq
	if r.deleted() {
		seen = 0
	}
	if seen != seq {
		return r, &ledger.Conflict{What: "record", ID: kind + "/" + id}
	}
	return r, nil
}

// write writes a change that was checked.
func (t tables) write(c *ledger.Commit) error {
	for i := range c.Cases {
		if err := t.writeCase(&c.Cases[i]); err != nil {
			return err
		}
	}
	for i := range c.Records {
		if err := t.writeRecord(&c.Records[i]); err != nil {
			return err
		}
	}
	for _, w := range c.Counters {
		if err := t.counters.Put([]byte(w.Name), number(w.Value)); err != nil {
			return err
		}
	}
	return nil
}

func (t tables) writeCase(w *ledger.CaseWrite) error {
	for _, e := range w.Events {
		hash, err := unhex(e.Hash)
		if err != nil {
			return err
		}
		if err := t.cases.Put(eventKey(w.ID, e.Seq), append(hash, e.Data...)); err != nil {
			return err
		}
	}
	if w.Snapshot != nil {
		seq := w.Read + uint64(len(w.Events))
		if err := t.cases.Put(snapshotKey(w.ID), append(number(seq), w.Snapshot...)); err != nil {
			return err
		}
	}
	return t.writeKeys(w.Put, w.Drop)
}

func (t tables) writeRecord(w *ledger.RecordWrite) error {
	key, r := recordKey(w.Kind, w.ID), stored{seq: w.Read + 1, data: w.Data}
	if w.Delete {
		r.state |= stateDeleted
	}
	var err error
	switch {
	case w.Ledgered:
		r.state |= stateLedgered
		err = errors.Join(t.records.Put(key, r.row()), t.versions.Put(versionKey(w.Kind, w.ID, r.seq), w.Data))
	case w.Delete:
		err = t.records.Delete(key)
	default:
		err = t.records.Put(key, r.row())
	}
	if err != nil {
		return err
	}
	return t.writeKeys(w.Put, w.Drop)
}

// writeKeys drops first, so that an entry that is in both stays.
func (t tables) writeKeys(put, drop []ledger.Key) error {
	for _, k := range drop {
		if err := t.index.Delete(indexKey(k.Index, k.Key, k.ID)); err != nil {
			return err
		}
	}
	for _, k := range put {
		if err := t.index.Put(indexKey(k.Index, k.Key, k.ID), k.Value); err != nil {
			return err
		}
	}
	return nil
}

// ledge adds the ledger's row over the heads of a group; none when it left no heads.
func (t tables) ledge(heads []ledger.LedgerHead) error {
	if len(heads) == 0 {
		return nil
	}
	var n uint64
	var prev string
	if k, v := t.ledger.Cursor().Last(); k != nil {
		var err error
		if n, _, err = leading(k); err != nil {
			return err
		}
		if prev, _, err = hashed(v); err != nil {
			return err
		}
	}
	row, data, err := ledger.NextRow(n+1, prev, heads)
	if err != nil {
		return err
	}
	hash, err := unhex(row.Hash)
	if err != nil {
		return err
	}
	t.ledger.FillPercent = 0.95 // rows only ever come at the end
	return t.ledger.Put(number(row.N), append(hash, data...))
}
