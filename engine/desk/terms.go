package desk

import (
	"dossier/engine/casefile"
)

// Party is the name of the case's party.
func (v *CaseView) Party() string { return casefile.Party(v.Edition.Def, v.Case) }
