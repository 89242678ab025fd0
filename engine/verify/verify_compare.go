package verify

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
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
	listing.IndexSearch, listing.IndexNumber, listing.IndexParty, listing.IndexPeople, listing.IndexFact, listing.IndexCharge}

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

// compare goes through both stores side by side. The ledger has been proved by itself: how commits share its rows is not
// told by the events.
func (v *verifier) compare() error {
	v.progress("比对重放的结果")
	haveErr, err := differences(v.ctx, v.e.Store, v.into, func(have, want *ledger.DumpRow) error {
		switch {
		case want == nil:
			v.differs(*have, mends(have, want), procedure.Label{ZH: "库中有，按记录不应有", EN: "it is there, and nothing on record made it"})
		case have == nil:
			v.differs(*want, mends(have, want), procedure.Label{ZH: "按记录应有，库中没有", EN: "it is missing, and the record made it"})
		default:
			v.differs(*have, mends(have, want), procedure.Label{ZH: "与记录重放的结果不一致：被改动", EN: "it is not what the record makes of it: it was altered"})
		}
		return nil
	})
	if haveErr != nil {
		return v.damaged(haveErr, procedure.Label{ZH: "数据库", EN: "the database"})
	}
	return err
}

// differences goes through two stores side by side and tells each row that is not the same: nil where one has none.
func differences(ctx context.Context, a, b ledger.Store, f func(have, want *ledger.DumpRow) error) (haveErr, err error) {
	var wantErr error
	have, stopHave := iter.Pull(ledger.Dump(a, &haveErr))
	defer stopHave()
	want, stopWant := iter.Pull(ledger.Dump(b, &wantErr))
	defer stopWant()
	h, more := have()
	w, again := want()
	for more || again {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		order := 0
		switch {
		case !more:
			order = 1
		case !again:
			order = -1
		case h.Order != w.Order:
			order = h.Order - w.Order
		default:
			order = bytes.Compare(h.Key, w.Key)
		}
		var err error
		switch {
		case order < 0:
			err = f(&h, nil)
		case order > 0:
			err = f(nil, &w)
		case !bytes.Equal(h.Value, w.Value):
			err = f(&h, &w)
		}
		if err != nil {
			return nil, err
		}
		if order <= 0 {
			h, more = have()
		}
		if order >= 0 {
			w, again = want()
		}
	}
	return haveErr, wantErr
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
