// Package bolt keeps a Dossier folder: one bbolt file and, beside it, a file for each blob. It implements [engine.Store].
//
// The folder:
//
//	dossier.db              the database, locked by the process that owns the folder
//	owner.json              who that is; its time is since when
//	blobs/ab/abcdef…        bytes by their SHA-256
//	blobs/tmp/              blobs being written
//	documents/, workflows/  the office's own files, not this package's
//
// The database, format 1. Numbers are big-endian and 8 bytes wide, hashes 32 bytes, 0 is a NUL byte; no name holds one, so
// rows sort by their names, part by part.
//
//	meta                                                     never in Dump
//	  "format"         → number of the last migration that ran
//	  "product"        → "dossier"
//	cases
//	  case seq         → hash, event's bytes                 oldest first
//	  case ffff…       → seq of the last event, snapshot     right behind the newest event: one page serves both
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
package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// The buckets, in the order of Dump.
var (
	bucketCases    = []byte("cases")
	bucketRecords  = []byte("records")
	bucketVersions = []byte("versions")
	bucketCounters = []byte("counters")
	bucketIndex    = []byte("index")
	bucketLedger   = []byte("ledger")

	buckets = [][]byte{bucketCases, bucketRecords, bucketVersions, bucketCounters, bucketIndex, bucketLedger}
)

var (
	bucketMeta = []byte("meta")
	keyFormat  = []byte("format")
	keyProduct = []byte("product")
	product    = []byte("dossier")
)

const (
	stateLedgered = 1
	stateDeleted  = 2
)

// number is n as it stands in keys and values.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func eventKey(id casefile.CaseID, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(number(uint64(id)), seq)
}

func snapshotKey(id casefile.CaseID) []byte { return eventKey(id, 1<<64-1) }

func recordKey(kind, id string) []byte { return names(kind, id) }

func versionKey(kind, id string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(names(kind, id, ""), seq)
}

func indexKey(index, key, id string) []byte { return names(index, key, id) }

// names joins names by NUL bytes.
func names(parts ...string) []byte {
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

// leading is the number at the start of a row's value, and what follows it. A value that is too short is damage.
func leading(v []byte) (n uint64, rest []byte, err error) {
	if len(v) < 8 {
		return 0, nil, fmt.Errorf("a row of %d bytes is too short: %w", len(v), ledger.ErrDamaged)
	}
	return binary.BigEndian.Uint64(v), v[8:], nil
}

// hashed is the hash, in hex, at the start of a row's value, and what follows it.
func hashed(v []byte) (hash string, rest []byte, err error) {
	if len(v) < sha256.Size {
		return "", nil, fmt.Errorf("a row of %d bytes is too short: %w", len(v), ledger.ErrDamaged)
	}
	return hex.EncodeToString(v[:sha256.Size]), v[sha256.Size:], nil
}

// unhex is the 32 bytes of a hash. It accepts only what [hashed] gives back.
func unhex(hash string) ([]byte, error) {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) != sha256.Size || hex.EncodeToString(b) != hash {
		return nil, fmt.Errorf("%q is not a SHA-256 in hex", hash)
	}
	return b, nil
}

// keep copies what a transaction lent; empty is nil.
func keep(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return bytes.Clone(b)
}

// stored is a record's row taken apart.
type stored struct {
	seq   uint64
	state byte
	data  []byte
}

func (r stored) deleted() bool { return r.state&stateDeleted != 0 }

func (r stored) row() []byte {
	return append(append(number(r.seq), r.state), r.data...)
}

// parseRecord reads a record's row; the zero value when there is none.
func parseRecord(v []byte) (stored, error) {
	if v == nil {
		return stored{}, nil
	}
	seq, rest, err := leading(v)
	if err == nil && len(rest) == 0 {
		err = fmt.Errorf("a record's row without a state: %w", ledger.ErrDamaged)
	}
	if err != nil {
		return stored{}, err
	}
	return stored{seq, rest[0], rest[1:]}, nil
}
