package decide

import (
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// beginPlaces reads where each of several respondents stands in a case begun on paper, and gives the earliest.
func beginPlaces(s *rules.View, rows []procedure.Cells, ev *casefile.Event) (first procedure.StateID, bad []refusal.FieldFault) {
	def := &s.Edition.Def.Main
	for i, r := range rows {
		at := "places[" + strconv.Itoa(i) + "]."
		st := def.State(procedure.StateID(StateNamed(s.Edition, r["state"])))
		switch {
		case !slices.Contains(casefile.Parties(s.Edition.Def, s.Case), r["respondent"]):
			bad = append(bad, refusal.FieldFault{Path: at + "respondent", Code: refusal.FieldInvalid, Why: "field.respondent", Args: refusal.Args{"respondent": r["respondent"]}})
		case slices.ContainsFunc(ev.Moved, func(m casefile.Moved) bool { return m.Party == r["respondent"] }):
			bad = append(bad, refusal.FieldFault{Path: at + "respondent", Code: refusal.FieldInvalid, Why: "field.twice", Args: refusal.Args{"field": r["respondent"]}})
		case st == nil:
			bad = append(bad, refusal.FieldFault{Path: at + "state", Code: refusal.FieldInvalid, Why: "field.state", Args: refusal.Args{"what": r["state"]}})
		default:
			ev.Moved = append(ev.Moved, casefile.Moved{Party: r["respondent"], State: st.ID})
			if first == "" || def.Index(st.ID) < def.Index(first) {
				first = st.ID
			}
		}
	}
	return first, bad
}
