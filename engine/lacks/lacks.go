// Package lacks tells what a file still lacks of what its procedure says it owes, and makes of it conditions of actions. It
// asks a View, as guards do, and changes nothing.
package lacks

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Lack is something that the file owes and that is not in it.
type Lack struct {
	*procedure.Owed
	Party string // whose it is, where it is not lacking of all
}

// Of is what the file still lacks, in the order of the procedure's text.
func Of(s *rules.View) []Lack {
	sides := s.Sides()
	var all []Lack
	for _, o := range s.Edition.Def.AllOwed() {
		var who []string
		for _, x := range sides {
			if lacks(x, &o) && x.Holds(o.When) {
				who = append(who, x.Party)
			}
		}
		if len(who) == len(sides) {
			who = []string{""}
		}
		for _, p := range who {
			all = append(all, Lack{o.Owed, p})
		}
	}
	return all
}

// Due is what should be in the file by now: of a case that goes on, only what is owed where its way has led past.
func Due(s *rules.View) []Lack {
	if st := s.Edition.Def.Main.State(s.Case.Main()); st != nil && st.End {
		return Of(s)
	}
	x := *s
	x.Back = true
	return slices.DeleteFunc(Of(&x), func(l Lack) bool {
		return slices.ContainsFunc(x.Edition.Def.AllOwed(), func(o procedure.Debt) bool { return o.Owed == l.Owed && o.State == "" })
	})
}

// lacks tells whether the case's way leads over the place where the item is owed, and the item is not in the file; of a
// side walk, not in one of those that it was.
func lacks(s *rules.View, o *procedure.Debt) bool {
	if o.State == "" {
		return !inFile(s, o, "")
	}
	return slices.ContainsFunc(passed(s, o.Walk, o.State), func(id procedure.WalkID) bool { return !inFile(s, o, id) })
}

// passed are the walks of the case, of that definition, that stood at the state or stand there. The main walk is also told
// where its way may still lead there: an end is no such place, for which it will be is not known.
func passed(s *rules.View, walk procedure.WalkID, state procedure.StateID) []procedure.WalkID {
	w := s.Edition.Def.Walk(walk)
	st := w.State(state)
	var ids []procedure.WalkID
	add := func(id procedure.WalkID) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, t := range s.Case.Taken {
		if t.Seq <= s.Upto && t.From == st.ID && s.Edition.WalkOf(t.Walk) == w && casefile.Overlap(t.Parties, s.View) {
			add(t.Walk)
		}
	}
	if s.Back { // where it stands now says nothing of then
		return ids
	}
	for _, x := range s.Case.Walks {
		if x.Def == w.ID && x.State == st.ID && w.ID != procedure.Main {
			add(x.ID)
		}
	}
	if w.ID == procedure.Main && slices.ContainsFunc(standing(s), func(from procedure.StateID) bool {
		return from == st.ID || !st.End && s.Edition.Def.Ahead(from, st.ID)
	}) {
		add(procedure.Main)
	}
	return ids
}

// standing are the states of the main walk at which those in view stand.
func standing(s *rules.View) []procedure.StateID {
	if s.View == nil {
		return []procedure.StateID{s.Case.Main()}
	}
	var at []procedure.StateID
	for _, p := range s.View {
		at = append(at, s.Case.Stands(p))
	}
	return at
}

// inFile tells whether one of the items owed is in the file, or comes with the action in question; of a side walk, whether
// its own paper is. A document that a later decision set aside stays in the file, one that was made in error does not.
func inFile(s *rules.View, o *procedure.Debt, walk procedure.WalkID) bool {
	return slices.ContainsFunc(o.Items(), func(it procedure.Item) bool {
		if it.Fact != "" {
			return s.Set(it.Fact) || brings(s, it)
		}
		return brings(s, it) || slices.ContainsFunc(s.Case.Issued, func(d casefile.Issued) bool {
			p := &s.Case.Papers[d.P-1]
			return d.Form == it.Form && d.Seq < s.Upto && (s.InForce(d) || d.Aside) && p.Concerns(s.View) &&
				(o.State == "" || o.Walk == procedure.Main || p.Walk == walk)
		})
	})
}

// brings tells whether the action in question itself brings the item.
func brings(s *rules.View, it procedure.Item) bool {
	if s.Action == nil {
		return false
	}
	if it.Fact != "" {
		facts, _ := rules.Choose(s, s.Action.Fact)
		return slices.Contains(facts, it.Fact)
	}
	return slices.Contains(s.Action.Issues, it.Form) &&
		slices.ContainsFunc(s.Fills, func(fp procedure.FormPart) bool { return fp.Form == it.Form })
}

// Ask asks a condition of an action from each point of view, whether `owes:` makes it or it is written as a guard.
func Ask(s *rules.View, g *procedure.Guard, sides []*rules.View) []refusal.Condition {
	if g.Owes == nil {
		return s.Ask(g, sides)
	}
	return s.Each(sides, func(x *rules.View) *refusal.Condition { return missing(x, g) })
}

// missing is the condition that something owed makes of an action; nil where it is met or does not apply.
func missing(s *rules.View, g *procedure.Guard) *refusal.Condition {
	if !s.Holds(g.When) || !lacks(s, g.Owes) {
		return nil
	}
	var items []string
	for _, it := range g.Owes.Items() {
		items = append(items, string(it.Form)+string(it.Fact))
	}
	c := refusal.Condition{Code: "owes", Args: refusal.Args{"items": rules.JoinWords(items)}, Law: g.Law, Guard: g}
	if it := g.Owes.Item; !g.Soft && it.Fact != "" { // a gate is told as any other condition is
		c.Code, c.Args = "set", refusal.Args{"facts": string(it.Fact)}
	} else if !g.Soft && it.Form != "" {
		c.Code, c.Args = "issued", refusal.Args{"form": string(it.Form)}
	}
	return &c
}
