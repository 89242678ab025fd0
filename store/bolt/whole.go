package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/rows"
)

// A case that rests is kept whole: its events and its snapshot, which say much the same, in one zstd frame, half of what they
// take by themselves. The frame is cut into pieces, of which a page holds several. What comes later stands behind it as rows
// of its own, until the case rests again.
//
//	case 0 i (1 byte) → the i-th piece; of them all: seq of the last event in it, frame
//	case ffff…        → seq, mark                        where the snapshot is that in the frame
//
// The frame holds, for each event from the first: length of its bytes (uvarint), bytes, hash in hex, as the next event bears it;
// then 0, and the snapshot.

// mark stands for a snapshot that is in the frame: no text begins so.
var mark = []byte{0xf6}

const (
	pieceSize = 640       // bytes
	mostWhole = 256 << 10 // bytes of a case that is kept whole: each act on it writes all of them
)

// whole is a case as it is kept whole.
type whole struct {
	events   []ledger.Sealed // from the first, without a gap
	snapshot []byte
}

// fold gives the bytes that are cut into pieces; nil where the case can't be kept so.
func (w *whole) fold() []byte {
	plain := make([]byte, 0, 32<<10)
	for i, e := range w.events {
		if _, err := rows.Unhex(e.Hash); err != nil || e.Seq != uint64(i+1) || len(e.Data) == 0 {
			return nil
		}
		plain = append(append(binary.AppendUvarint(plain, uint64(len(e.Data))), e.Data...), e.Hash...)
	}
	plain = append(append(plain, 0), w.snapshot...)
	if len(w.events) == 0 || len(w.snapshot) == 0 || len(plain) > mostWhole {
		return nil
	}
	frame := packers().EncodeAll(plain, rows.Number(uint64(len(w.events))))
	if len(frame) > 256*pieceSize {
		return nil
	}
	return frame
}

// unfold reads them back.
func unfold(folded []byte) (*whole, error) {
	n, packed, err := rows.Leading(folded)
	if err != nil {
		return nil, err
	}
	plain, err := unpackers().DecodeAll(packed, make([]byte, 0, 6*len(packed)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ledger.ErrDamaged)
	}
	w := &whole{}
	for {
		size, used := binary.Uvarint(plain)
		if used <= 0 || size > 0 && size+64 > uint64(len(plain)-used) || size == 0 && uint64(len(w.events)) != n {
			return nil, fmt.Errorf("a case that is kept whole has not the %d events that it names: %w", n, ledger.ErrDamaged)
		}
		if plain = plain[used:]; size == 0 {
			w.snapshot = plain
			return w, nil
		}
		w.events = append(w.events, ledger.Sealed{Seq: uint64(len(w.events) + 1), Data: plain[:size:size], Hash: string(plain[size : size+64])})
		plain = plain[size+64:]
	}
}

// pieceKey is the key of the i-th piece.
func pieceKey(id casefile.CaseID, i int) []byte { return append(rows.EventKey(id, 0), byte(i)) }

// isPiece tells whether a row of the cases is one.
func isPiece(key []byte) bool { return len(key) == 17 && binary.BigEndian.Uint64(key[8:]) == 0 }

// addPiece puts a piece behind those before it.
func addPiece(folded, key, piece []byte) ([]byte, error) {
	if int(key[16])*pieceSize != len(folded) {
		return nil, fmt.Errorf("a piece of a case is missing: %w", ledger.ErrDamaged)
	}
	return append(folded, piece...), nil
}

// wholeOf is what a case has whole; nil where it has nothing so.
func wholeOf(b *bbolt.Bucket, id casefile.CaseID) (*whole, error) {
	var folded []byte
	c := b.Cursor()
	for k, v := c.Seek(rows.EventKey(id, 0)); isPiece(k) && bytes.HasPrefix(k, rows.Number(uint64(id))); k, v = c.Next() {
		var err error
		if folded, err = addPiece(folded, k, v); err != nil {
			return nil, err
		}
	}
	if folded == nil {
		return nil, nil
	}
	return unfold(folded)
}

// wholeSnapshot is the snapshot of a case that is kept whole, at an event's number.
func wholeSnapshot(b *bbolt.Bucket, id casefile.CaseID, seq uint64) ([]byte, error) {
	w, err := wholeOf(b, id)
	if err != nil {
		return nil, err
	}
	if w == nil || uint64(len(w.events)) != seq {
		return nil, fmt.Errorf("its snapshot is not where it should be: %w", ledger.ErrDamaged)
	}
	return bytes.Clone(w.snapshot), nil
}

// putWhole writes a case whole, in the place of its events.
func putWhole(b *bbolt.Bucket, id casefile.CaseID, folded []byte) error {
	var gone [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(rows.EventKey(id, 0)); k != nil && bytes.Compare(k, rows.SnapshotKey(id)) < 0; k, _ = c.Next() {
		gone = append(gone, bytes.Clone(k))
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	i, left := 0, folded
	for ; len(left) > 0; i++ {
		n := min(pieceSize, len(left))
		if err := b.Put(pieceKey(id, i), left[:n:n]); err != nil {
			return err
		}
		left = left[n:]
	}
	return b.Put(rows.SnapshotKey(id), append(folded[:8:8], mark...))
}
