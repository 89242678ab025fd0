package verify

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

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
		if len(r.Key) < 8 {
			break
		}
		id := casefile.CaseID(binary.BigEndian.Uint64(r.Key))
		if len(r.Key) != 16 { // that its store could make nothing of
			return procedure.Label{ZH: fmt.Sprintf("案件%d的一行", id), EN: fmt.Sprintf("a row of case %d", id)}, caseName(id), false
		}
		seq := binary.BigEndian.Uint64(r.Key[8:])
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
