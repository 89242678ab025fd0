package bolt

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Events, and the snapshots of cases that rest, are kept as zstd frames with a dictionary of the words that cases are full
// of: a third to a fifth of their size. Hashes are over the plain bytes, and what leaves the store is plain. What doesn't begin as a frame is plain as it
// stands, as everything was before format 2.

// words is the dictionary. It is never changed: what was packed by it is read by it. Another one would have another number.
//
//go:embed pack.dict
var words []byte

// frame begins every packed value.
var frame = []byte{0x28, 0xb5, 0x2f, 0xfd}

// mostPlain is the most that a frame may hold, in bytes: what claims to hold more is damaged.
const mostPlain = 256 << 20

var packers = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderDict(words), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(64<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the dictionary is the program's own
	}
	return e
})

var unpackers = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderDicts(words), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(mostPlain))
	if err != nil {
		panic(err)
	}
	return d
})

// pack gives the shorter of the bytes and their frame; what would be taken for a frame is always one.
func pack(plain []byte) []byte {
	packed := packers().EncodeAll(plain, make([]byte, 0, len(plain)/2))
	if len(packed) < len(plain) || bytes.HasPrefix(plain, frame) {
		return packed
	}
	return plain
}

// unpack gives the plain bytes of a row, a copy.
func unpack(row []byte) ([]byte, error) {
	if !bytes.HasPrefix(row, frame) {
		return rows.Keep(row), nil
	}
	plain, err := unpackers().DecodeAll(row, make([]byte, 0, 6*len(row)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ledger.ErrDamaged)
	}
	return plain, nil
}

// packed is the change with its bytes as they are kept: events, which nothing changes any more, and the snapshots of cases
// that rest. One of a case in work is written anew with each act, and packing it would cost more than its place.
func packed(c ledger.Commit) ledger.Commit {
	c.Cases = slices.Clone(c.Cases)
	for i := range c.Cases {
		w := &c.Cases[i]
		w.Events = slices.Clone(w.Events)
		for j := range w.Events {
			w.Events[j].Data = pack(w.Events[j].Data)
		}
		if w.Rests && w.Snapshot != nil || bytes.HasPrefix(w.Snapshot, frame) {
			w.Snapshot = pack(w.Snapshot)
		}
	}
	return c
}

// head is how many bytes stand before what is packed in a row of a case.
func head(key []byte) (int, error) {
	_, _, snapshot, err := rows.CaseKey(key)
	if snapshot {
		return 8, err
	}
	return sha256.Size, err
}

// plainRow is a row's value as a dump gives it. What can't be unpacked is given as it stands: whoever compares it finds that
// it is not what the record made, and the rows after it are told all the same.
func plainRow(bucket string, key, value []byte) ([]byte, error) {
	if bucket != rows.Cases {
		return value, nil
	}
	n, err := head(key)
	if err != nil || len(value) < n || !bytes.HasPrefix(value[n:], frame) {
		return value, err
	}
	plain, err := unpack(value[n:])
	if err != nil {
		return value, nil
	}
	return append(bytes.Clone(value[:n]), plain...), nil
}

// packedRow is a dumped row's value as it is kept.
func packedRow(r rows.Row) []byte {
	if r.Bucket != rows.Cases {
		return r.Value
	}
	n, err := head(r.Key)
	if err != nil || len(r.Value) < n {
		return r.Value // told by whoever reads it
	}
	return append(bytes.Clone(r.Value[:n]), pack(r.Value[n:])...)
}
