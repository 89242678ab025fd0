package paper

import (
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// own puts a respondent's own particulars on a paper of theirs in the place of those of the case, which are the first
// party's: who has no address or representative on record has none on paper.
func own(s *rules.View, sh *Sheet) {
	all := casefile.Parties(s.Edition.Def, s.Case)
	if len(all) < 2 || s.Party == "" || s.Edition.Def.Apart == "" {
		return
	}
	for field, v := range map[procedure.FieldID]procedure.Value{s.Edition.Def.Terms.Party: procedure.TextValue(s.Party), "address": s.Particular("address"), "legal-representative": s.Particular("legal-representative")} {
		if _, printed := sh.Values[field]; !printed {
			continue
		}
		if v.Empty() && s.Party == casefile.Party(s.Edition.Def, s.Case) { // the party by whose name the case goes
			continue
		}
		sh.Values[field] = rules.Shown{Text: v.Text, Value: v}
	}
}
