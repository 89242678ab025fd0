package bolt

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// Events and snapshots are kept packed by a dictionary of the words that cases are full of, a third to a fifth of their size:
// as S2 blocks, which cost next to nothing to make and to read, or as zstd frames, a fifth smaller still, where a case rests
// and is written no more: then all of it is one frame (whole.go). Before format 3 events were zstd frames too, and snapshots of cases in work plain.
// Hashes are over the plain bytes, and what leaves the store is plain. What begins neither as a block nor as a frame is plain
// as it stands, as everything was before format 2.

// words is the dictionary. It is never changed: what was packed by it is read by it. Another one would have another number.
//
//go:embed pack.dict
var words []byte

// frame begins every zstd frame, block every S2 block: no text has such a byte.
var (
	frame = []byte{0x28, 0xb5, 0x2f, 0xfd}
	block = []byte{0xf5}
)

// mostPlain is the most that may be packed in a row, in bytes: what claims to hold more is damaged.
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

var blocks = sync.OnceValue(func() *s2.Dict { return s2.MakeDict(words, nil) })

var scratch = sync.Pool{New: func() any { return new([]byte) }}

// isPacked tells that a row is packed, or stands for one.
func isPacked(row []byte) bool {
	return bytes.HasPrefix(row, block) || bytes.HasPrefix(row, frame) || bytes.HasPrefix(row, mark)
}

// pack gives the shorter of the bytes and their block; what would be taken for packed always is.
func pack(plain []byte) []byte {
	b := scratch.Get().(*[]byte)
	defer scratch.Put(b)
	if n := len(block) + s2.MaxEncodedLen(len(plain)); cap(*b) < n {
		*b = append(make([]byte, 0, n), block...)
	}
	n := len(block) + len(blocks().Encode((*b)[len(block):cap(*b)], plain))
	if n >= len(plain) && !isPacked(plain) {
		return plain
	}
	return bytes.Clone((*b)[:n])
}

// press gives the shorter of the bytes and their frame; what would be taken for packed always is.
func press(plain []byte) []byte {
	pressed := packers().EncodeAll(plain, make([]byte, 0, len(plain)/2))
	if len(pressed) < len(plain) || isPacked(plain) {
		return pressed
	}
	return plain
}

// unpack gives the plain bytes of a row, a copy.
func unpack(row []byte) (plain []byte, err error) {
	switch {
	case bytes.HasPrefix(row, frame):
		plain, err = unpackers().DecodeAll(row, make([]byte, 0, 6*len(row)))
	case bytes.HasPrefix(row, block):
		row = row[len(block):]
		var n int
		if n, err = s2.DecodedLen(row); err == nil && n > mostPlain {
			err = s2.ErrTooLarge
		}
		if err == nil {
			plain, err = blocks().Decode(make([]byte, 0, n), row)
		}
	default:
		return rows.Keep(row), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ledger.ErrDamaged)
	}
	return plain, nil
}

// packed is the change with its bytes as they are kept. earlier gives the events that a case has already. A case that is to be kept
// whole has its folded bytes behind the mark in the place of the snapshot, and its events as they came.
func packed(c ledger.Commit, earlier func(casefile.CaseID) ([]ledger.Sealed, error)) ledger.Commit {
	c.Cases = slices.Clone(c.Cases)
	var next atomic.Int64
	var wg sync.WaitGroup
	one := func() {
		for i := int(next.Add(1)) - 1; i < len(c.Cases); i = int(next.Add(1)) - 1 {
			packCase(&c.Cases[i], earlier)
		}
	}
	for range min(runtime.GOMAXPROCS(0), len(c.Cases)/16) { // many at once are laid down, or imported
		wg.Go(one)
	}
	one()
	wg.Wait()
	return c
}

func packCase(w *ledger.CaseWrite, earlier func(casefile.CaseID) ([]ledger.Sealed, error)) {
	if w.Rests && w.Snapshot != nil {
		all := w.Events
		if w.Read > 0 {
			before, err := earlier(w.ID)
			if all = slices.Concat(before, w.Events); err != nil || uint64(len(before)) != w.Read {
				all = nil // told when it is written, or read
			}
		}
		if folded := (&whole{all, w.Snapshot}).fold(); folded != nil {
			w.Snapshot = append(bytes.Clone(mark), folded...)
			return
		}
	}
	w.Events = slices.Clone(w.Events)
	for j := range w.Events {
		w.Events[j].Data = pack(w.Events[j].Data)
	}
	switch {
	case w.Snapshot == nil:
	case w.Rests:
		w.Snapshot = press(w.Snapshot)
	default:
		w.Snapshot = pack(w.Snapshot)
	}
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
	if err != nil || len(value) < n || !isPacked(value[n:]) {
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
	if n == sha256.Size { // an event
		return append(bytes.Clone(r.Value[:n]), pack(r.Value[n:])...)
	}
	return append(bytes.Clone(r.Value[:n]), press(r.Value[n:])...)
}
