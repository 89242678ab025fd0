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
	put := func(field procedure.FieldID, v rules.Shown) {
		if _, printed := sh.Values[field]; printed {
			sh.Values[field] = v
		}
	}
	terms := &s.Edition.Def.Terms
	put(terms.Party, rules.Shown{Text: s.Party, Value: procedure.TextValue(s.Party)})
	for column, field := range terms.Own {
		v := s.Computed(&procedure.Show{Party: column})
		if v.Value.Empty() && s.Party == casefile.Party(s.Edition.Def, s.Case) { // the party by whose name the case goes
			continue
		}
		put(field, v)
	}
}
