package verify

import (
	"fmt"
	"strconv"

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
