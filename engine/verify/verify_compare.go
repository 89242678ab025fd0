package verify

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// proved are the kinds of records that never stand beside the ledger, and with them every kind that the ledger names. The
// others (sessions, saved input, keys, messages on their way) are nobody's proof: whoever loses them loses a convenience.
var proved = []string{ledger.KindPerson, ledger.KindDelegation, ledger.KindSetting, ledger.KindSchedule, ledger.KindStandards, ledger.KindBrought, access.KindSetup, access.KindToken, procedure.KindEdition}

// caseIndexes are those of cases.
var caseIndexes = []string{listing.IndexRow, listing.IndexOpen, listing.IndexFlow, listing.IndexState, listing.IndexOfficer, listing.IndexDue, listing.IndexTimer, listing.IndexAlert, listing.IndexWait,
	listing.IndexSearch, listing.IndexNumber, listing.IndexPeople, listing.IndexFact, listing.IndexCharge, listing.IndexVisit}

// records holds every ledgered record's versions to the ledger, and writes them into the other store.
func (v *verifier) records() error {
	v.progress("核验人员、设置等记录")
	chains := map[string][]ledger.RecordWrite{}
	for _, kind := range proved {
		v.kinds[kind] = true
	}
	for _, index := range caseIndexes {
		v.indexes[index] = true
	}
	for kind, l := range v.e.Listings {
		v.kinds[kind] = true
		for _, index := range l.Indexes {
			v.indexes[index] = true
		}
	}
	for _, what := range slices.Sorted(maps.Keys(v.heads)) {
		if _, ok := ledger.CaseOf(what); ok {
			continue
		}
		v.report.Records++
		kind, _, _ := strings.Cut(what, "/")
		v.kinds[kind] = true
		ws, err := v.record(what)
		if err != nil {
			return err
		}
		if ws == nil {
			v.spoilt[what] = true
			continue
		}
		chains[what] = ws
	}
	for n := 0; ; n++ { // the n-th version of each
		var c ledger.Commit
		for _, what := range slices.Sorted(maps.Keys(chains)) {
			if ws := chains[what]; n < len(ws) {
				c.Records = append(c.Records, ws[n])
			}
		}
		if len(c.Records) == 0 {
			return nil
		}
		if err := v.into.Commit(v.ctx, c); err != nil {
			return err
		}
	}
}

// record holds one record's versions to the ledger; nil when a fault was told.
func (v *verifier) record(what string) ([]ledger.RecordWrite, error) {
	kind, id, _ := strings.Cut(what, "/")
	place := func(seq int) procedure.Label {
		return procedure.Label{ZH: fmt.Sprintf("记录%s第%d版", what, seq), EN: fmt.Sprintf("record %s, version %d", what, seq)}
	}
	versions, err := v.e.Store.Versions(kind, id)
	if err != nil {
		return nil, v.damaged(err, place(0))
	}
	heads := v.heads[what]
	var ws []ledger.RecordWrite
	deleted := false
	for i := range max(len(versions), len(heads)) {
		switch {
		case i >= len(heads):
			v.fault("ledger", place(i+1), procedure.Label{ZH: "台账没有记载", EN: "the ledger doesn't name it"})
			return nil, nil
		case i >= len(versions) || versions[i].Seq != uint64(i+1) || heads[i].Seq != uint64(i+1):
			v.fault("record", place(i+1), procedure.Label{ZH: "台账记有这一版，库中没有", EN: "the ledger names it, the store doesn't have it"})
			return nil, nil
		}
		w := ledger.RecordWrite{Kind: kind, ID: id, Read: uint64(i), Data: versions[i].Data, Ledgered: true}
		if deleted {
			w.Read = 0
		}
		switch heads[i].Hash {
		case ledger.RecordHash(w.Data, false):
		case ledger.RecordHash(w.Data, true):
			w.Delete = true
		default:
			v.fault("record", place(i+1), procedure.Label{ZH: "哈希值与台账不一致：被改动", EN: "its hash is not the one in the ledger: it was altered"})
			return nil, nil
		}
		deleted = w.Delete
		ws = append(ws, w)
		if kind == procedure.KindEdition {
			if err := v.kept(w.Data, place(i+1)); err != nil {
				return nil, err
			}
		}
	}
	if l, ok := v.e.Listings[kind]; ok && !deleted && len(ws) > 0 {
		last := &ws[len(ws)-1]
		if last.Put, err = l.Keys(id, last.Data); err != nil {
			return nil, v.damaged(err, place(len(ws)))
		}
	}
	return ws, nil
}

// kept holds the files of a kept edition against their SHA-256.
func (v *verifier) kept(data []byte, place procedure.Label) error {
	var k procedure.KeptEdition
	if err := json.Unmarshal(data, &k); err != nil {
		return v.damaged(err, place)
	}
	return v.blob(k.Files, place)
}

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
		return v.damaged(haveErr, procedure.Label{ZH: "数据库", EN: "the database"})
	}
	for r := range ledger.Dump(v.into, &err) {
		want = append(want, r)
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
	buf := make([]byte, 0, 1<<10)
	known := func(bucket string, key, value []byte) bool {
		switch bucket {
		case "cases":
			if len(key) != 16 {
				return false
			}
			p, seq := v.proofOf(binary.BigEndian.Uint64(key)), binary.BigEndian.Uint64(key[8:])
			if p == nil {
				return false
			}
			if seq == 1<<64-1 {
				p.seen = v.hash.one(value) == p.snapshot
				return true
			}
			return seq >= 1 && seq <= uint64(p.events) // read and proved
		case "index":
			if v.passedOver(key) {
				return true
			}
			p := v.proofOf(caseOfEntry(key))
			if p == nil {
				return false
			}
			buf = append(append(append(buf[:0], key...), 0), value...)
			p.has.add(v.hash.one(buf))
			return true
		}
		return bucket == "ledger"
	}
	for r := range ledger.DumpBut(v.e.Store, known, &haveErr) {
		if err := v.ctx.Err(); err != nil {
			return nil, err
		}
		f(r)
	}
	return haveErr, nil
}

// proofOf is what is known of a case that was proved, nil for any other.
func (v *verifier) proofOf(id uint64) *proof {
	if id == 0 || id > uint64(len(v.proofs)) || v.proofs[id-1].events == 0 {
		return nil
	}
	return &v.proofs[id-1]
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
	but := func(bucket string, key, _ []byte) bool {
		switch bucket {
		case "cases":
			return len(key) != 16 || binary.BigEndian.Uint64(key[8:]) != 1<<64-1 || !among[binary.BigEndian.Uint64(key)]
		case "index":
			return !among[caseOfEntry(key)] || v.passedOver(key)
		}
		return true
	}
	for r := range ledger.DumpBut(v.e.Store, but, &err) {
		have = append(have, r)
	}
	return have, want, err
}

// apart is a row that is not the same in the store and by the record: nil where one has none.
type apart struct{ have, want *ledger.DumpRow }

// apart tells such a row.
func (v *verifier) apart(have, want *ledger.DumpRow) {
	switch {
	case want == nil:
		v.differs(*have, mends(have, want), procedure.Label{ZH: "库中有，按记录不应有", EN: "it is there, and nothing on record made it"})
	case have == nil:
		v.differs(*want, mends(have, want), procedure.Label{ZH: "按记录应有，库中没有", EN: "it is missing, and the record made it"})
	default:
		v.differs(*have, mends(have, want), procedure.Label{ZH: "与记录重放的结果不一致：被改动", EN: "it is not what the record makes of it: it was altered"})
	}
	row := have
	if row == nil {
		row = want
	}
	if row.Bucket == "index" && v.proofOf(caseOfEntry(row.Key)) == nil {
		v.report.apart = append(v.report.apart, apart{have, want})
	}
}

// differences goes through rows of two sides and tells each that is not the same: nil where one has none.
func differences(have, want []ledger.DumpRow, f func(have, want *ledger.DumpRow)) {
	standing := func(a, b ledger.DumpRow) int { return cmp.Or(a.Order-b.Order, bytes.Compare(a.Key, b.Key)) }
	slices.SortFunc(have, standing)
	slices.SortFunc(want, standing)
	for len(have)+len(want) > 0 {
		order := 0
		switch {
		case len(have) == 0:
			order = 1
		case len(want) == 0:
			order = -1
		default:
			order = standing(have[0], want[0])
		}
		switch {
		case order < 0:
			f(&have[0], nil)
		case order > 0:
			f(nil, &want[0])
		case !bytes.Equal(have[0].Value, want[0].Value):
			f(&have[0], &want[0])
		}
		if order <= 0 {
			have = have[1:]
		}
		if order >= 0 {
			want = want[1:]
		}
	}
}

// differs tells one row that is not as it should be, unless a fault of its case or record has been told.
func (v *verifier) differs(r ledger.DumpRow, mends bool, what procedure.Label) {
	place, of, skip := v.place(r)
	if skip || v.spoilt[of] {
		return
	}
	v.fault(r.Bucket, place, what)
	if mends {
		v.report.Beyond--
	}
}

// mends tells whether [Rebuild] can make the row again: an index entry, the bytes of a snapshot. A snapshot that is gone,
// stands under another event's number, or for a case that nothing on record opened, is more than a derivation that was hurt.
func mends(have, want *ledger.DumpRow) bool {
	switch {
	case have == nil:
		return want.Bucket == "index"
	case have.Bucket == "cases":
		return derived(*have) && want != nil && len(have.Value) >= 8 && bytes.Equal(have.Value[:8], want.Value[:8])
	}
	return have.Bucket == "index"
}

// derived tells whether a row follows from the events: a snapshot, an index entry.
func derived(r ledger.DumpRow) bool {
	return r.Bucket == "index" || r.Bucket == "cases" && len(r.Key) == 16 && binary.BigEndian.Uint64(r.Key[8:]) == 1<<64-1
}

// place says where a row of a dump stands, and whose it is.
func (v *verifier) place(r ledger.DumpRow) (place procedure.Label, of string, skip bool) {
	names := strings.Split(string(r.Key), "\x00")
	switch r.Bucket {
	case "cases":
		if len(r.Key) != 16 {
			break
		}
		id, seq := casefile.CaseID(binary.BigEndian.Uint64(r.Key)), binary.BigEndian.Uint64(r.Key[8:])
		if seq == 1<<64-1 {
			return procedure.Label{ZH: fmt.Sprintf("案件%d的快照", id), EN: fmt.Sprintf("the snapshot of case %d", id)}, caseName(id), false
		}
		return eventPlace(id, seq), caseName(id), false
	case "records":
		if len(names) != 2 {
			break
		}
		what := names[0] + "/" + names[1]
		return procedure.Label{ZH: "记录" + what, EN: "record " + what}, what, !v.kinds[names[0]]
	case "versions":
		if len(names) < 3 {
			break
		}
		what := names[0] + "/" + names[1]
		return procedure.Label{ZH: "记录" + what + "的一版", EN: "a version of record " + what}, what, false
	case "counters":
		return procedure.Label{ZH: "计数器 " + names[0], EN: "counter " + names[0]}, "", len(v.spoilt) > 0
	case "index":
		if len(names) != 3 {
			break
		}
		if !slices.Contains(caseIndexes, names[0]) {
			return procedure.Label{ZH: fmt.Sprintf("索引%s中%s的一行", names[0], names[2]), EN: fmt.Sprintf("index %s of %s", names[0], names[2])}, "", !v.indexes[names[0]]
		}
		return procedure.Label{ZH: fmt.Sprintf("案件%s的索引%s（%s）", names[2], names[0], names[1]), EN: fmt.Sprintf("index %s of case %s (%s)", names[0], names[2], names[1])},
			"case/" + names[2], false
	case "ledger":
		return procedure.Label{}, "", true
	}
	return procedure.Label{ZH: fmt.Sprintf("%s中的一行（%.40q）", r.Bucket, r.Key), EN: fmt.Sprintf("a row of %s (%.40q)", r.Bucket, r.Key)}, "", false
}
