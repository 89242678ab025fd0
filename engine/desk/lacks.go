package desk

import (
	"slices"

	"dossier/engine/casefile"
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

// lacksOf is what the file still lacks. Of several actions that make a thing the nearest is meant: one at which the case
// stands, else one ahead of it, else one of a side walk, else the first that there is.
func lacksOf(s *rules.View) []Lack {
	var out []Lack
	for _, l := range lacks.Of(s) {
		x, best := Lack{Lack: l}, -1
		s.Edition.Def.Each(func(w *procedure.Walk, st *procedure.State, a *procedure.Action) {
			if st == nil || !slices.ContainsFunc(l.Items(), a.Makes) {
				return
			}
			if n := nearness(s.Case, s.Edition.Def, l.Party, w, st); n > best {
				x.Action, x.State, x.Walk, best = a, st, w, n
			}
		})
		out = append(out, x)
	}
	return out
}

// nearness ranks a state by whether the case, or a party of it, stands there or may still come there.
func nearness(c *casefile.Case, def *procedure.Definition, party string, w *procedure.Walk, st *procedure.State) int {
	at := c.Main()
	if party != "" {
		at = c.Stands(party)
	}
	switch {
	case w.ID == procedure.Main && at == st.ID,
		w.ID != procedure.Main && slices.ContainsFunc(c.Walks, func(x casefile.WalkState) bool { return x.Def == w.ID && x.State == st.ID }):
		return 3
	case w.ID == procedure.Main && def.Ahead(at, st.ID):
		return 2
	case w.ID != procedure.Main:
		return 1
	}
	return 0
}
