// Package ledger is what is kept and how it proves itself: the Store that a bolt folder or a database server offers, the
// one Commit that writes everything or nothing, records that are not a case's, the chain of each case and the ledger's rows
// over their heads, and the canonical bytes over which hashes are made.
//
// It knows ids and bytes, not what they mean.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"dossier/engine/canonical"
	"dossier/engine/casefile"
)

// Canonical is the one way in which events and snapshots are written: struct order, sorted keys, no escaping of HTML.
func Canonical(v any) ([]byte, error) { return canonical.JSON(v) }

// Read reads JSON into v, a pointer to a zero value, as json.Unmarshal does, faster where [Canonical] wrote it.
func Read(data []byte, v any) error { return canonical.Read(data, v) }

// Store keeps bytes: cases with their events, records, counters, index entries, the ledger, and blobs. It knows nothing
// of what they mean. Reads see what is committed; a Commit is all or nothing and durable when it returns.
// engine/…/store/storetest holds every store to this text.
type Store interface {
	// Case is the last snapshot of a case; ErrNotFound.
	Case(id casefile.CaseID) (Snapshot, error)
	// Events are the case's sealed events with a sequence number greater than after, oldest first, at most limit (0: all).
	Events(id casefile.CaseID, after uint64, limit int) ([]Sealed, error)
	// Record is the newest version of a record; ErrNotFound (a deleted one too).
	Record(kind, id string) (Record, error)
	// Records are the newest versions of a kind in the order of their ids, after an id, at most limit (0: all).
	Records(kind, after string, limit int) ([]Record, error)
	// Versions are all kept versions of a ledgered record, oldest first.
	Versions(kind, id string) ([]Record, error)
	// Counter is the last value taken from a counter, 0 when none was.
	Counter(name string) (uint64, error)
	// Scan reads index entries of one index whose key has the prefix, in key order (descending when asked), after the
	// cursor (an Entry's Cursor; "" from the start), at most limit.
	Scan(q Scan) ([]Entry, error)
	// Numbers are the ids of the entries that Scan would give, as numbers: 0 for what is none.
	Numbers(q Scan) ([]uint64, error)
	// Commit writes a change; *Conflict when anything that it read has moved since.
	Commit(ctx context.Context, c Commit) error
	// PutBlob keeps bytes under their SHA-256 (hex), synced before it returns; keeping the same bytes twice is nothing.
	PutBlob(sha string, data []byte) error
	// Blob reads bytes back; ErrNotFound; ErrDamaged when they no longer match their name.
	Blob(sha string) ([]byte, error)
	// Ledger is the rows with n greater than after, oldest first, at most limit (0: all).
	Ledger(after uint64, limit int) ([]LedgerRow, error)
	// Dump calls f with every bucket, key and value in a fixed order, for verify and migration.
	Dump(f func(bucket string, key, value []byte) error) error
	// Backup writes a consistent copy of everything, while commits go on.
	Backup(w interface{ Write([]byte) (int, error) }) error
	// Close waits for what is being committed.
	Close() error
}

// ErrNotFound: no such case, record or blob.
var ErrNotFound = errors.New("not found")

// ErrDamaged: the bytes are there but are not what was stored.
var ErrDamaged = errors.New("damaged")

// Conflict: something read before a commit had moved by the time it was written.
type Conflict struct{ What, ID string } // "case" "42"; "counter" "doc/告/2026"; "record" "person/liwei"; "ledger" ""

func (c *Conflict) Error() string { return fmt.Sprintf("%s %s has moved", c.What, c.ID) }

// Again does f, and does it again while something that it read moves before it writes. After so many times it gives the
// *Conflict.
func Again(times int, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		var moved *Conflict
		if n == times || !errors.As(err, &moved) {
			return err
		}
	}
}

// Snapshot is a case as stored: the JSON of [Case].
type Snapshot struct {
	Seq  uint64
	Data []byte
}

// Sealed is an event's bytes and its hash.
type Sealed struct {
	Seq  uint64
	Data []byte
	Hash string // SHA-256 over the hash before it and the bytes, hex
}

// Record is what is not a case: people, sessions, tokens, settings, saved input, …
type Record struct {
	Kind string
	ID   string
	Seq  uint64 // 1 for the first version
	Data json.RawMessage
}

// Key is one index entry: index, key and whose it is. The value is what a list shows.
type Key struct {
	Index string
	Key   string
	ID    string
	Value []byte
}

// Entry is a Key as read back, with the cursor to go on after it.
type Entry struct {
	Key
	Cursor string
}

// Scan asks for entries of one index.
type Scan struct {
	Index  string
	Prefix string
	From   string // keys at or after this one (at or before, descending); "" from the end that comes first
	To     string // keys before this one (after, descending); "" no bound
	After  string // a cursor
	Limit  int    // 0: 1 000
	Desc   bool
	Leads  bool // behind each entry, those are passed over whose keys begin as its own does up to its last slash, or are its own where it has none
}

// Commit is everything that one change writes. What it read is named with the sequence number it was read at.
type Commit struct {
	Cases    []CaseWrite
	Records  []RecordWrite
	Counters []CounterWrite
	Checks   []Check // read, not written: must not have moved
	Upto     *Mark   // nothing must have been committed since: the ledgers' ends, where a change rests on every case
	Begun    func()  // called once the change has its place: what comes later is written after it; nil: nobody waits for that
}

// CaseWrite adds events to one case. Read is 0 for a new case.
type CaseWrite struct {
	ID       casefile.CaseID
	Read     uint64
	Events   []Sealed
	Snapshot []byte // its Seq is the last event's
	Rests    bool   // the case has ended: little more will come, and a store may spend time on keeping it small
	Put      []Key
	Drop     []Key // Value is not looked at
}

// RecordWrite writes the next version of a record; Read is 0 for a new one. Delete removes it from Record and Records.
// Ledgered records keep every version and stand in the ledger.
type RecordWrite struct {
	Kind, ID string
	Read     uint64
	Data     json.RawMessage
	Delete   bool
	Ledgered bool
	Put      []Key
	Drop     []Key
}

// CounterWrite moves a counter from the value that was read.
type CounterWrite struct {
	Name  string
	Read  uint64
	Value uint64
}

// Check names a record that a change rests on.
type Check struct {
	Kind, ID string
	Seq      uint64
}

// LedgerRow is one commit's entry in a ledger: the heads it wrote, chained. Several changes that were committed
// together share one.
//
// A ledger has one writer. Where several commit to one store at the same time, each writes a ledger of its own, and what they all
// name is the record. N tells the ledger too: its lower [LedgerBits] bits count the ledger's rows from 1, those above count
// the ledgers from 0, so that the rows of a dump or of [Store].Ledger come ledger by ledger.
type LedgerRow struct {
	N     uint64       `json:"n"`
	Prev  string       `json:"prev"` // hash of the row before in the same ledger, "" for its first
	Heads []LedgerHead `json:"heads"`
	Hash  string       `json:"-"` // SHA-256 over prev and the row's JSON, hex
}

// LedgerHead is a case or a record with the sequence number and the hash it was left at.
type LedgerHead struct {
	What string `json:"what"` // "case/42", "person/liwei"
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"`
}

// Chain is the hash of bytes that follow a hash.
func Chain(prev string, data []byte) string {
	h := sha256.New()
	h.Write([]byte(prev))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// NextRow makes the ledger row after prev over the heads of the changes committed together.
// Stores call it inside their commit, so that all of them make the same rows.
func NextRow(n uint64, prev string, heads []LedgerHead) (LedgerRow, []byte, error) {
	r := LedgerRow{N: n, Prev: prev, Heads: heads}
	data, err := json.Marshal(r)
	if err != nil {
		return r, nil, err
	}
	r.Hash = Chain(prev, data)
	return r, data, nil
}

// RecordHash is the hash of a record's version; that of one that deletes it differs, so that no deletion can be slipped in.
func RecordHash(data []byte, deleted bool) string {
	if deleted {
		return Chain("deleted", data)
	}
	return Chain("", data)
}

// Heads are what the ledger says of a change: each case's last event and each ledgered record's new version.
func (c *Commit) Heads() []LedgerHead {
	var hs []LedgerHead
	for _, w := range c.Cases {
		if n := len(w.Events); n > 0 {
			hs = append(hs, LedgerHead{fmt.Sprintf("case/%d", w.ID), w.Events[n-1].Seq, w.Events[n-1].Hash})
		}
	}
	for _, w := range c.Records {
		if w.Ledgered {
			hs = append(hs, LedgerHead{w.Kind + "/" + w.ID, w.Read + 1, RecordHash(w.Data, w.Delete)})
		}
	}
	return hs
}
