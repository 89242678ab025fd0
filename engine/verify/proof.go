package verify

import (
	"encoding/binary"
	"hash/maphash"

	"dossier/engine/ledger"
)

// A million cases have a hundred million index entries. They are not held against each other one by one: what a case has is summed up, and
// what its events make of it, and where the sums are the same so are the entries. The sums are of keyed hashes, whose keys are this
// process's own: nobody can make an entry that fits.

// sum is a sum of keyed hashes: it doesn't ask for an order.
type sum [2]uint64

func (s *sum) add(x sum) { s[0], s[1] = s[0]+x[0], s[1]+x[1] }

// proof is what the events of a proved case make of it, and what the store was found to have.
type proof struct {
	events   uint32 // how many; 0: it was not proved
	seen     bool   // the snapshot is there, and is that
	snapshot sum
	index    sum // of its entries
	has      sum // of those that the store has
}

// hasher hashes by two keys.
type hasher [2]maphash.Seed

func newHasher() hasher { return hasher{maphash.MakeSeed(), maphash.MakeSeed()} }

func (h hasher) one(b []byte) sum { return sum{maphash.Bytes(h[0], b), maphash.Bytes(h[1], b)} }

func (h hasher) proof(w *ledger.CaseWrite) proof {
	p := proof{events: uint32(len(w.Events)), snapshot: h.one(snapshotRow(w))}
	var buf []byte
	for _, k := range w.Put {
		buf = append(append(entryKey(buf[:0], k), 0), k.Value...)
		p.index.add(h.one(buf))
	}
	return p
}

// snapshotRow is a snapshot as it stands in a dump: behind the number of its last event.
func snapshotRow(w *ledger.CaseWrite) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(len(w.Events))), w.Snapshot...)
}

// entryKey appends the key of an index entry as it stands in a dump.
func entryKey(b []byte, k ledger.Key) []byte {
	b = append(append(b, k.Index...), 0)
	b = append(append(b, k.Key...), 0)
	return append(b, k.ID...)
}
