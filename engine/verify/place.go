package verify

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

// rowPlace is a row of a ledger as people read it.
func rowPlace(n uint64) procedure.Label {
	return procedure.Label{ZH: "台账第" + ledger.RowName(n) + "行", EN: "ledger row " + ledger.RowName(n)}
}

func casePlace(id casefile.CaseID) procedure.Label {
	return procedure.Label{ZH: fmt.Sprintf("案件%d", id), EN: fmt.Sprintf("case %d", id)}
}

func eventPlace(id casefile.CaseID, seq uint64) procedure.Label {
	return procedure.Label{ZH: fmt.Sprintf("案件%d第%d步", id, seq), EN: fmt.Sprintf("case %d, event %d", id, seq)}
}

func caseName(id casefile.CaseID) string { return "case/" + strconv.Itoa(int(id)) }

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
