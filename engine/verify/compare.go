package verify

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// compare holds what the store has to what the record makes of it. The ledger has been proved by itself: how commits share its
// rows is not told by the events.
func (v *verifier) compare() error {
	v.progress("比对重放的结果")
	var have, want []ledger.DumpRow
	haveErr, err := v.split(func(r ledger.DumpRow) {
		if _, of, skip := v.place(r); !skip && !v.spoilt[of] {
			have = append(have, r)
		}
	})
	if err != nil {
		return err
	}
	if haveErr != nil {
		return v.report.damaged(haveErr, procedure.Label{ZH: "数据库", EN: "the database"})
	}
	for r := range ledger.Dump(v.into, &err) {
		want = append(want, r.Keep())
	}
	if err != nil {
		return err
	}
	for i, p := range v.proofs {
		if p.events > 0 && (!p.seen || p.has != p.index) {
			v.report.suspects = append(v.report.suspects, casefile.CaseID(i+1))
		}
	}
	for n := 0; n == 0 || n < len(v.report.suspects); n += together {
		h, w, err := v.look(v.report.suspects[n:min(n+together, len(v.report.suspects))])
		if err != nil {
			return err
		}
		differences(append(have, h...), append(want, w...), v.apart)
		have, want = nil, nil
	}
	return nil
}

// split goes through the store once. What follows from the events of a case that was proved is only summed up; all other rows
// are told. A snapshot that is not what it should be is one of those that are looked at again.
func (v *verifier) split(f func(ledger.DumpRow)) (haveErr, err error) {
	but := func(bucket string, key []byte) bool {
		if bucket == "cases" && len(key) == 16 { // read and proved
			p, seq := v.proofOf(binary.BigEndian.Uint64(key)), binary.BigEndian.Uint64(key[8:])
			return p != nil && seq >= 1 && seq <= uint64(p.events)
		}
		return bucket == "ledger" || v.passedOver(bucket, key)
	}
	buf := make([]byte, 0, 1<<10)
	for r := range ledger.DumpBut(v.e.Store, but, &haveErr) {
		if err := v.ctx.Err(); err != nil {
			return nil, err
		}
		switch p := v.proofOf(derivedFrom(r.Bucket, r.Key)); {
		case p == nil:
			f(r.Keep())
		case r.Bucket == "cases":
			p.seen = v.hash.one(r.Value) == p.snapshot
		default:
			buf = append(append(append(buf[:0], r.Key...), 0), r.Value...)
			p.has.add(v.hash.one(buf))
		}
	}
	return haveErr, nil
}

// passedOver tells whether a row is not compared.
func (v *verifier) passedOver(bucket string, key []byte) bool {
	return v.former && bucket == "index" && bytes.HasPrefix(key, []byte(listing.IndexSearch+"\x00"))
}

// proofOf is what is known of a case that was proved, nil for any other.
func (v *verifier) proofOf(id uint64) *proof {
	if id == 0 || id > uint64(len(v.proofs)) || v.proofs[id-1].events == 0 {
		return nil
	}
	return &v.proofs[id-1]
}

// derivedFrom is the case whose snapshot or index entry stands there, 0 where none of a case does.
func derivedFrom(bucket string, key []byte) uint64 {
	switch {
	case bucket == "cases" && len(key) == 16 && binary.BigEndian.Uint64(key[8:]) == 1<<64-1:
		return binary.BigEndian.Uint64(key)
	case bucket == "index":
		return caseOfEntry(key)
	}
	return 0
}

// caseOfEntry is the case whose index entry has that key, 0 where it is no case's.
func caseOfEntry(key []byte) uint64 {
	i, j := bytes.IndexByte(key, 0), bytes.LastIndexByte(key, 0)
	if i < 0 || i == j || bytes.IndexByte(key[i+1:j], 0) >= 0 || !slices.Contains(caseIndexes, string(key[:i])) {
		return 0
	}
	id, err := strconv.ParseUint(string(key[j+1:]), 10, 63)
	if err != nil || key[j+1] == '0' || key[j+1] == '+' {
		return 0
	}
	return id
}

// look gives the snapshots and index entries of cases as the store has them and as their events make them.
func (v *verifier) look(ids []casefile.CaseID) (have, want []ledger.DumpRow, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	among := map[uint64]bool{}
	order := func(bucket string) int { return slices.Index(ledger.Buckets, bucket) }
	for _, id := range ids {
		if err := v.ctx.Err(); err != nil {
			return nil, nil, err
		}
		among[uint64(id)] = true
		w, err := v.beside().proveCase(id)
		if err != nil {
			return nil, nil, err
		}
		if w == nil { // it was whole a moment ago
			continue
		}
		want = append(want, ledger.DumpRow{Bucket: "cases", Order: order("cases"), Key: binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(id)), 1<<64-1), Value: snapshotRow(w)})
		for _, k := range w.Put {
			want = append(want, ledger.DumpRow{Bucket: "index", Order: order("index"), Key: entryKey(nil, k), Value: k.Value})
		}
	}
	but := func(bucket string, key []byte) bool {
		return !among[derivedFrom(bucket, key)] || v.passedOver(bucket, key)
	}
	for r := range ledger.DumpBut(v.e.Store, but, &err) {
		have = append(have, r.Keep())
	}
	return have, want, err
}

// together is how many index entries one commit of a rebuilding writes, and how many cases are looked at again at once.
const together = 1000
