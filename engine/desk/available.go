package desk

import (
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/lacks"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// available are the actions that the person may choose now, each with what is missing.
func available(e *engine.Engine, t *decide.Sitting, d *decide.Docket, who office.PersonID) []Available {
	var out []Available
	decide.Grounds(d.Edition, d.Case, func(def *procedure.Walk, st *procedure.State, id procedure.WalkID, fresh bool, parties []string) {
		if st == nil {
			return
		}
		for i := range st.Actions {
			a := &st.Actions[i]
			sp := decide.Spot{Def: def, State: st, Action: a, ID: id, Fresh: fresh, Parties: parties}
			if k := slices.IndexFunc(out, func(x Available) bool { return x.Action == a.ID && (x.Walk == id || def.Each) }); k >= 0 {
				if parties != nil { // it stands at another place too
					x := offer(e, t, d, who, sp)
					out[k].Parties = append(out[k].Parties, x.Parties...)
					if len(x.Missing) == 0 {
						out[k].Missing = nil
					}
				}
				continue
			}
			if x := offer(e, t, d, who, sp); x.Action != "" {
				out = append(out, x)
			}
		}
	})
	for _, id := range procedure.Builtins {
		s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
		s.Actor = who
		b := procedure.Blanks[id]
		if _, ok := t.Stands(s, decide.Behaviours[id].By(s), ""); !ok {
			continue
		}
		switch id {
		case "recall":
			if decide.Recall(t, s, nil, nil, &casefile.Event{}) != nil {
				continue
			}
		case "answer-finding":
			if ok, _ := rules.NoFindings(s, procedure.Arg{}); ok {
				continue
			}
		case "open-at":
			if !decide.Fresh(s) {
				continue
			}
		case "void-document":
			if len(decide.OfferDocuments(s)) == 0 {
				continue
			}
		case "correct-fact":
			if len(decide.OfferDays(s, t)) == 0 {
				continue
			}
		case "correct-value":
			if len(decide.OfferValues(s, t)) == 0 {
				continue
			}
		}
		out = append(out, Available{Action: id, Title: b.Title, Walk: procedure.Main, Builtin: true, For: s.Behalf})
	}
	return out
}

// offer is an action where it stands, for a person; zero when it is not theirs to take. Of several respondents who stand
// there it lacks something only where it lacks something for each.
func offer(e *engine.Engine, t *decide.Sitting, d *decide.Docket, who office.PersonID, sp decide.Spot) Available {
	a := sp.Action
	s := t.View(d.Edition, d.Case, t.Today)
	s.Action, s.Walk, s.Actor, s.Values = a, sp.ID, who, procedure.Values{}
	s.Concern(sp.Parties)
	if _, err := t.Admit(s, sp, &casefile.Command{Actor: who}); err != nil {
		return Available{}
	}
	x := Available{Action: a.ID, Title: a.Title, Walk: sp.ID, Decision: a.Decision, Moves: len(a.To) > 0 || len(a.Moves) > 0, For: s.Behalf, Law: a.Law,
		Parties: sp.Parties}
	x.Forms, _ = s.Parts(a)
	if len(sp.Parties) < 2 {
		x.Missing = lacking(s, a, sp.Def, d.Edition)
		return x
	}
	for i, p := range sp.Parties {
		one := *s
		one.Concern([]string{p})
		missing := lacking(&one, a, sp.Def, d.Edition)
		if i == 0 || len(missing) == 0 {
			x.Missing = missing
		}
		if len(missing) == 0 {
			break
		}
	}
	return x
}

// lacking are the conditions that an action does not meet before its form is filled: guards that ask a field of the form
// are left for the form.
func lacking(s *rules.View, a *procedure.Action, def *procedure.Walk, ed *procedure.Edition) []refusal.Condition {
	var cs []refusal.Condition
	if def.ID == procedure.Main && !a.Halted {
		for _, w := range s.Case.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				cs = append(cs, refusal.Condition{Code: refusal.Suspended, Args: refusal.Args{"walk": string(w.Def)}, Law: a.Law})
			}
		}
	}
	fps, ps := s.Parts(a)
	own := map[procedure.FieldID]bool{}
	for i, p := range ps {
		for _, f := range p.Fields {
			own[f.ID], own[procedure.FieldID(procedure.FieldRef{Form: fps[i].Form, Field: f.ID}.String())] = true, true
		}
	}
	sides := s.Sides()
	for i := range a.Guards {
		g := &a.Guards[i]
		if g.Soft || asksForm(g.GuardCall, own) {
			continue
		}
		cs = append(cs, lacks.Ask(s, g, sides)...)
	}
	if to, ok := rules.Choose(s, a.To); ok && def.ID == procedure.Main && len(a.To) == 1 {
		ev := &casefile.Event{Walk: procedure.Main, To: to}
		for _, p := range s.Acting {
			ev.Moved = append(ev.Moved, casefile.Moved{Party: p, State: to})
		}
		cs = append(cs, decide.Leave(s, ev, decide.Spot{Def: def, Action: a, ID: procedure.Main})...)
	}
	return cs
}

// asksForm tells whether a guard asks a field that is still to be typed.
func asksForm(g procedure.GuardCall, own map[procedure.FieldID]bool) bool {
	for _, a := range g.Arg.Named {
		for _, x := range a.Strings() {
			if own[procedure.FieldID(x)] {
				return true
			}
		}
	}
	return false
}
