// Package rows tells how what a store holds is written as keys and values: the rows of a dump, which every store gives and
// takes. Numbers are big-endian and 8 bytes wide, hashes 32 bytes, 0 is a NUL byte; no name holds one, so rows sort by their
// names, part by part.
//
//	cases
//	  case seq         → hash, event's bytes                 oldest first
//	  case ffff…       → seq of the last event, snapshot     right behind the newest event
//	records
//	  kind 0 id        → seq, state (1 byte), data           the newest version
//	versions
//	  kind 0 id 0 seq  → data                                of ledgered records
//	counters
//	  name             → value
//	index
//	  index 0 key 0 id → value
//	ledger
//	  n                → hash, the row's JSON
//
// A record's state is a set of bits: 1 ledgered, 2 deleted. A deleted record that was never ledgered leaves no row; a ledgered one leaves its row,
// so that its sequence numbers and versions go on when it is written anew.
package rows

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// The buckets, in the order of a dump.
const (
	Cases    = "cases"
	Records  = "records"
	Versions = "versions"
	Counters = "counters"
	Index    = "index"
	Ledger   = "ledger"
)

// Buckets are all of them, in their order.
var Buckets = ledger.Buckets

// The bits of a record's state.
const (
	Ledgered = 1
	Deleted  = 2
)

// last stands where an event's number would, in the key of a snapshot.
const last = 1<<64 - 1

// Number is n as it stands in keys and values.
func Number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// EventKey is the key of a case's event.
func EventKey(id casefile.CaseID, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(Number(uint64(id)), seq)
}

// SnapshotKey is the key of a case's snapshot.
func SnapshotKey(id casefile.CaseID) []byte { return EventKey(id, last) }

// CaseKey takes the key of an event or a snapshot apart.
func CaseKey(key []byte) (id casefile.CaseID, seq uint64, snapshot bool, err error) {
	if len(key) != 16 {
		return 0, 0, false, fmt.Errorf("the key of a case's row has %d bytes: %w", len(key), ledger.ErrDamaged)
	}
	seq = binary.BigEndian.Uint64(key[8:])
	return casefile.CaseID(binary.BigEndian.Uint64(key)), seq, seq == last, nil
}

// RecordKey is the key of a record's newest version.
func RecordKey(kind, id string) []byte { return Names(kind, id) }

// VersionKey is the key of one version.
func VersionKey(kind, id string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(Names(kind, id, ""), seq)
}

// IndexKey is the key of an index entry.
func IndexKey(index, key, id string) []byte { return Names(index, key, id) }

// Names joins names by NUL bytes.
func Names(parts ...string) []byte {
	n := len(parts) - 1
	for _, p := range parts {
		n += len(p)
	}
	b := make([]byte, 0, n)
	for i, p := range parts {
		if i > 0 {
			b = append(b, 0)
		}
		b = append(b, p...)
	}
	return b
}

// Leading is the number at the start of a row's value, and what follows it. A value that is too short is damage.
func Leading(v []byte) (n uint64, rest []byte, err error) {
	if len(v) < 8 {
		return 0, nil, fmt.Errorf("a row of %d bytes is too short: %w", len(v), ledger.ErrDamaged)
	}
	return binary.BigEndian.Uint64(v), v[8:], nil
}

// Hashed is the hash, in hex, at the start of a row's value, and what follows it.
func Hashed(v []byte) (hash string, rest []byte, err error) {
	if len(v) < sha256.Size {
		return "", nil, fmt.Errorf("a row of %d bytes is too short: %w", len(v), ledger.ErrDamaged)
	}
	return hex.EncodeToString(v[:sha256.Size]), v[sha256.Size:], nil
}

// Unhex is the 32 bytes of a hash. It accepts only what [Hashed] gives back.
func Unhex(hash string) ([]byte, error) {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != hash {
		return nil, fmt.Errorf("%q is not a SHA-256 in hex", hash)
	}
	return b, nil
}

// Names256 tells whether sha is the SHA-256 of data.
func Names256(sha string, data []byte) bool {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]) == sha
}

// Keep copies what a transaction lent; empty is nil.
func Keep(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return bytes.Clone(b)
}

// Record is a record's row taken apart.
type Record struct {
	Seq   uint64
	State byte
	Data  []byte
}

// Deleted tells whether the newest version deleted it.
func (r Record) Deleted() bool { return r.State&Deleted != 0 }

// Value is the row as it is written.
func (r Record) Value() []byte {
	return append(append(Number(r.Seq), r.State), r.Data...)
}

// ParseRecord reads a record's row; the zero value when there is none.
func ParseRecord(v []byte) (Record, error) {
	if v == nil {
		return Record{}, nil
	}
	seq, rest, err := Leading(v)
	if err == nil && len(rest) == 0 {
		err = fmt.Errorf("a record's row without a state: %w", ledger.ErrDamaged)
	}
	if err != nil {
		return Record{}, err
	}
	return Record{seq, rest[0], rest[1:]}, nil
}
