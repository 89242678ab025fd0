package desk

import (
	"slices"

	"dossier/engine/lacks"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Lack is something that the file owes and that is not in it, with the action that makes it.
type Lack struct {
	lacks.Lack
	Action *procedure.Action
	State  *procedure.State // where the action stands
	Walk   *procedure.Walk
}

// lacksOf is what the file still lacks. Of several actions that make a thing the one at which the case stands is meant, else
// the first.
func lacksOf(s *rules.View) []Lack {
	var out []Lack
	for _, l := range lacks.Of(s) {
		x := Lack{Lack: l}
		here := false
		s.Edition.Def.Each(func(w *procedure.Walk, st *procedure.State, a *procedure.Action) {
			if st == nil || here || !slices.ContainsFunc(l.Items(), a.Makes) {
				return
			}
			stands := false
			for _, at := range s.Case.Walks {
				stands = stands || at.Def == w.ID && at.State == st.ID
			}
			if w.ID == procedure.Main && l.Party != "" {
				stands = s.Case.Stands(l.Party) == st.ID
			}
			if here = stands; here || x.Action == nil {
				x.Action, x.State, x.Walk = a, st, w
			}
		})
		out = append(out, x)
	}
	return out
}
