package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// tables are the buckets in one transaction.
type tables struct {
	cases, records, versions, counters, index, blocks, ledger *bbolt.Bucket
	room                                                      *room
}

func open(tx *bbolt.Tx, r *room) tables {
	return tables{tx.Bucket(bucketCases), tx.Bucket(bucketRecords), tx.Bucket(bucketVersions),
		tx.Bucket(bucketCounters), tx.Bucket(bucketIndex), tx.Bucket(bucketBlocks), tx.Bucket(bucketLedger), r}
}

// room is where values are put together that bbolt needs until the transaction ends, and copies then.
type room []byte

// mostRoom is the most that is kept from one transaction for the next, in bytes.
const mostRoom = 1 << 20

func (r *room) clear() {
	if *r = (*r)[:0]; cap(*r) > mostRoom {
		*r = nil
	}
}

// join puts a value together.
func (r *room) join(a, b []byte) []byte {
	if n := len(a) + len(b); cap(*r)-len(*r) < n {
		*r = make([]byte, 0, max(n, 2*cap(*r), 64<<10)) // what was put together before stays where it is
	}
	from := len(*r)
	*r = append(append(*r, a...), b...)
	return (*r)[from:len(*r):len(*r)]
}

// check compares what a change read with what is there now; *Conflict when they differ.
// It points the writes of deleted ledgered records at the number to go on from.
func (t tables) check(c *ledger.Commit) error {
	for _, w := range c.Cases {
		seq, err := t.number(t.cases, rows.SnapshotKey(w.ID))
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
	if c.Upto != nil {
		if err := t.ends(*c.Upto); err != nil {
			return err
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
		if r.State&rows.Ledgered != 0 && !w.Ledgered {
			return fmt.Errorf("commit: record %s/%s is ledgered and must stay so", w.Kind, w.ID)
		}
		w.Read = r.Seq
	}
	return nil
}

// ends checks that the folder's own ledger ends at the mark: the others that may stand behind it don't grow any more.
func (t tables) ends(upto ledger.Mark) error {
	n := uint64(0)
	if k, _ := t.lastRow(); k != nil {
		var err error
		if n, _, err = rows.Leading(k); err != nil {
			return err
		}
	}
	if n != upto.N {
		return &ledger.Conflict{What: "ledger"}
	}
	return nil
}

// number is the number at the start of a row's value; 0 when there is no row.
func (t tables) number(b *bbolt.Bucket, key []byte) (uint64, error) {
	v := b.Get(key)
	if v == nil {
		return 0, nil
	}
	n, _, err := rows.Leading(v)
	return n, err
}

// record is a record's row; *Conflict when the record that can be seen is not at seq (0: there is none).
func (t tables) record(kind, id string, seq uint64) (rows.Record, error) {
	r, err := rows.ParseRecord(t.records.Get(rows.RecordKey(kind, id)))
	if err != nil {
		return r, err
	}
	seen := r.Seq
	if r.Deleted() {
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
		if err := t.counters.Put([]byte(w.Name), rows.Number(w.Value)); err != nil {
			return err
		}
	}
	return nil
}

func (t tables) writeCase(w *ledger.CaseWrite) error {
	if w.Read == 0 && w.Rests { // it comes whole, many with it: pages are filled, and seldom split again
		t.cases.FillPercent, t.index.FillPercent = 1, 0.9
	}
	if folded, ok := bytes.CutPrefix(w.Snapshot, mark); ok {
		if err := putWhole(t.cases, w.ID, folded); err != nil {
			return err
		}
		return t.writeKeys(w.Put, w.Drop)
	}
	for _, e := range w.Events {
		hash, err := rows.Unhex(e.Hash)
		if err != nil {
			return err
		}
		if err := t.cases.Put(rows.EventKey(w.ID, e.Seq), t.room.join(hash, e.Data)); err != nil {
			return err
		}
	}
	if w.Snapshot != nil {
		seq := w.Read + uint64(len(w.Events))
		if err := t.cases.Put(rows.SnapshotKey(w.ID), t.room.join(rows.Number(seq), w.Snapshot)); err != nil {
			return err
		}
	}
	return t.writeKeys(w.Put, w.Drop)
}

func (t tables) writeRecord(w *ledger.RecordWrite) error {
	key, r := rows.RecordKey(w.Kind, w.ID), rows.Record{Seq: w.Read + 1, Data: w.Data}
	if w.Delete {
		r.State |= rows.Deleted
	}
	var err error
	switch {
	case w.Ledgered:
		r.State |= rows.Ledgered
		err = errors.Join(t.records.Put(key, r.Value()), t.versions.Put(rows.VersionKey(w.Kind, w.ID, r.Seq), w.Data))
	case w.Delete:
		err = t.records.Delete(key)
	default:
		err = t.records.Put(key, r.Value())
	}
	if err != nil {
		return err
	}
	return t.writeKeys(w.Put, w.Drop)
}

// writeKeys drops first, so that an entry that is in both stays.
func (t tables) writeKeys(put, drop []ledger.Key) error {
	for _, k := range drop {
		if err := dropEntry(t.index, t.blocks, k); err != nil {
			return err
		}
	}
	for _, k := range put {
		if err := putEntry(t.index, t.blocks, k); err != nil {
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
	if k, v := t.lastRow(); k != nil {
		var err error
		if n, _, err = rows.Leading(k); err != nil {
			return err
		}
		if prev, _, err = rows.Hashed(v); err != nil {
			return err
		}
	}
	row, data, err := ledger.NextRow(n+1, prev, heads)
	if err != nil {
		return err
	}
	hash, err := rows.Unhex(row.Hash)
	if err != nil {
		return err
	}
	t.ledger.FillPercent = 0.95 // rows only ever come at the end
	return t.ledger.Put(rows.Number(row.N), append(hash, data...))
}

// lastRow is the end of the folder's own ledger. Others may stand behind it: those of the servers that wrote the record
// before it came here.
func (t tables) lastRow() (k, v []byte) {
	c := t.ledger.Cursor()
	if k, _ = c.Seek(rows.Number(1 << ledger.LedgerBits)); k == nil {
		return c.Last()
	}
	return c.Prev()
}
