package engine

import "slices"

// available are the actions that the person may choose now, each with what is missing.
func (e *Engine) available(t *turn, d *decided, who PersonID) []Available {
	var out []Available
	main := d.ed.Def.Main.State(d.c.Main())
	offer := func(def *Walk, st *State, id WalkID, fresh bool) {
		if st == nil {
			return
		}
		for i := range st.Actions {
			a := &st.Actions[i]
			if slices.ContainsFunc(out, func(x Available) bool { return x.Action == a.ID && x.Walk == id }) {
				continue
			}
			s := newScope(d.ed, t.office, d.c, t.today, t.today)
			s.act, s.walk, s.actor, s.values = a, id, who, Values{}
			s.linked = func(w WorkflowID) bool { return e.linkedTo(d.c, w) }
			if _, err := t.admit(s, spot{def, st, a, id, fresh}, &Command{Actor: who}); err != nil {
				continue
			}
			x := Available{Action: a.ID, Title: a.Title, Walk: id, Decision: a.Decision, Moves: len(a.To) > 0 || a.Moves != "", For: s.behalf, Law: a.Law}
			x.Forms, _ = s.parts(a)
			x.Missing = s.lacking(a, def, d.ed)
			out = append(out, x)
		}
	}
	offer(&d.ed.Def.Main, main, Main, false)
	for i := range d.ed.Def.Sides {
		def := &d.ed.Def.Sides[i]
		if main == nil || !def.Lives(main) {
			continue
		}
		n, idle := 0, false
		for _, w := range d.c.Walks[1:] {
			if w.Def == def.ID {
				n++
				idle = idle || w.State == def.States[0].ID
				offer(def, def.State(w.State), w.ID, false)
			}
		}
		if n == 0 || def.Repeats && !idle {
			offer(def, &def.States[0], instance(def.ID, n+1), true)
		}
	}
	for _, id := range Builtins {
		s := newScope(d.ed, t.office, d.c, t.today, t.today)
		s.actor = who
		b := builtins[id]
		if _, ok := behaviours[id].may(t, s); !ok {
			continue
		}
		switch id {
		case "recall":
			if recall(t, s, nil, nil, &Event{}) != nil {
				continue
			}
		case "answer-finding":
			if ok, _ := noFindings(s, Arg{}); ok {
				continue
			}
		case "open-at":
			if !s.fresh() {
				continue
			}
		case "void-document":
			if len(s.offerDocuments()) == 0 {
				continue
			}
		case "correct-fact":
			if len(s.offerDays(t)) == 0 {
				continue
			}
		case "correct-value":
			if len(s.offerValues(t)) == 0 {
				continue
			}
		}
		out = append(out, Available{Action: id, Title: b.title, Walk: Main, Builtin: true, For: s.behalf})
	}
	return out
}

// lacking are the conditions that an action does not meet before its form is filled: guards that ask a field of the form
// are left for the form.
func (s *scope) lacking(a *Action, def *Walk, ed *Edition) []Condition {
	var cs []Condition
	if def.ID == Main && !a.Halted {
		for _, w := range s.c.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				cs = append(cs, Condition{Code: Suspended, Args: Args{"walk": string(w.Def)}, Law: a.Law})
			}
		}
	}
	_, ps := s.parts(a)
	own := map[FieldID]bool{}
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
		if c := s.guard(g); c != nil {
			cs = append(cs, *c)
		}
	}
	if to, ok := choose(s, a.To); ok && def.ID == Main && len(a.To) == 1 {
		ev := &Event{Walk: Main, To: to}
		cs = append(cs, s.leave(ev, spot{def: def, act: a, id: Main})...)
	}
	return cs
}

// asksForm tells whether a guard asks a field that is still to be typed.
func asksForm(g GuardCall, own map[FieldID]bool) bool {
	for _, a := range g.Arg.Named {
		for _, x := range a.Strings() {
			if own[FieldID(x)] {
				return true
			}
		}
	}
	return false
}
