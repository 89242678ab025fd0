package desk

import (
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// available are the actions that the person may choose now, each with what is missing.
func available(e *engine.Engine, t *decide.Sitting, d *decide.Docket, who office.PersonID) []Available {
	var out []Available
	main := d.Edition.Def.Main.State(d.Case.Main())
	offer := func(def *procedure.Walk, st *procedure.State, id procedure.WalkID, fresh bool) {
		if st == nil {
			return
		}
		for i := range st.Actions {
			a := &st.Actions[i]
			if slices.ContainsFunc(out, func(x Available) bool { return x.Action == a.ID && x.Walk == id }) {
				continue
			}
			s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
			s.Action, s.Walk, s.Actor, s.Values = a, id, who, procedure.Values{}
			s.Linked = func(w procedure.WorkflowID) bool { return e.LinkedTo(d.Case, w) }
			if _, err := t.Admit(s, decide.Spot{Def: def, State: st, Action: a, ID: id, Fresh: fresh}, &casefile.Command{Actor: who}); err != nil {
				continue
			}
			x := Available{Action: a.ID, Title: a.Title, Walk: id, Decision: a.Decision, Moves: len(a.To) > 0 || a.Moves != "", For: s.Behalf, Law: a.Law}
			x.Forms, _ = s.Parts(a)
			x.Missing = lacking(s, a, def, d.Edition)
			out = append(out, x)
		}
	}
	offer(&d.Edition.Def.Main, main, procedure.Main, false)
	for i := range d.Edition.Def.Sides {
		def := &d.Edition.Def.Sides[i]
		if main == nil || !def.Lives(main) {
			continue
		}
		n, idle := 0, false
		for _, w := range d.Case.Walks[1:] {
			if w.Def == def.ID {
				n++
				idle = idle || w.State == def.States[0].ID
				offer(def, def.State(w.State), w.ID, false)
			}
		}
		if n == 0 || def.Repeats && !idle {
			offer(def, &def.States[0], decide.Instance(def.ID, n+1), true)
		}
	}
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
	_, ps := s.Parts(a)
	own := map[procedure.FieldID]bool{}
	for _, p := range ps {
		for _, f := range p.Fields {
			own[f.ID] = true
		}
	}
	for i := range a.Guards {
		g := &a.Guards[i]
		if g.Soft || asksForm(g.GuardCall, own) {
			continue
		}
		if c := s.Guard(g); c != nil {
			cs = append(cs, *c)
		}
	}
	if to, ok := rules.Choose(s, a.To); ok && def.ID == procedure.Main && len(a.To) == 1 {
		ev := &casefile.Event{Walk: procedure.Main, To: to}
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
