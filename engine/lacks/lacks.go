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
// side walk, not in each round of those that it was.
func lacks(s *rules.View, o *procedure.Debt) bool {
	if o.State == "" {
		return !inFile(s, o, round{})
	}
	return slices.ContainsFunc(passed(s, o.Walk, o.State), func(r round) bool { return !inFile(s, o, r) })
}

// round is once round a walk: the events from the one that left its first state to the next that does. A walk that is asked for
// anew owes its papers anew. The main walk is one round, whose events are all.
type round struct {
	walk        procedure.WalkID
	from, until uint64 // until 0: up to now
}

func (r round) holds(seq uint64) bool { return r.from <= seq && (r.until == 0 || seq < r.until) }

// around is the round of a side walk in which the event lies.
func around(s *rules.View, walk procedure.WalkID, seq uint64) round {
	r, w := round{walk: walk}, s.Edition.WalkOf(walk)
	for _, t := range s.Case.Taken {
		if t.Walk != walk || t.From != w.States[0].ID {
			continue
		}
		if t.Seq > seq {
			r.until = t.Seq
			break
		}
		r.from = t.Seq
	}
	return r
}

// passed are the rounds of the case's walks, of that definition, that stood at the state or stand there. The main walk is also told
// where its way may still lead there: an end is no such place, for which it will be is not known.
func passed(s *rules.View, walk procedure.WalkID, state procedure.StateID) []round {
	w := s.Edition.Def.Walk(walk)
	st := w.State(state)
	var rounds []round
	add := func(id procedure.WalkID, seq uint64) {
		r := round{walk: id}
		if w.ID != procedure.Main {
			r = around(s, id, seq)
		}
		if !slices.Contains(rounds, r) {
			rounds = append(rounds, r)
		}
	}
	for _, t := range s.Case.Taken {
		if t.Seq <= s.Upto && t.From == st.ID && s.Edition.WalkOf(t.Walk) == w && casefile.Overlap(t.Parties, s.View) {
			add(t.Walk, t.Seq)
		}
	}
	if s.Back { // where it stands now says nothing of then
		return rounds
	}
	for _, x := range s.Case.Walks {
		if x.Def == w.ID && x.State == st.ID && w.ID != procedure.Main {
			add(x.ID, s.Case.Seq)
		}
	}
	if w.ID == procedure.Main && slices.ContainsFunc(standing(s), func(from procedure.StateID) bool {
		return from == st.ID || !st.End && s.Edition.Def.Ahead(from, st.ID)
	}) {
		add(procedure.Main, 0)
	}
	return rounds
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
// that round's own paper or day is. A document that a later decision set aside stays in the file, one that was made in error does not.
func inFile(s *rules.View, o *procedure.Debt, r round) bool {
	side := o.State != "" && o.Walk != procedure.Main
	return slices.ContainsFunc(o.Items(), func(it procedure.Item) bool {
		if it.Fact != "" {
			return brings(s, it) || s.Set(it.Fact) && (!side ||
				slices.ContainsFunc(s.Case.Days, func(d casefile.Day) bool { return d.Fact == it.Fact && d.Void == 0 && r.holds(d.Seq) }))
		}
		return brings(s, it) || slices.ContainsFunc(s.Case.Issued, func(d casefile.Issued) bool {
			p := &s.Case.Papers[d.P-1]
			return d.Form == it.Form && d.Seq < s.Upto && (s.InForce(d) || d.Aside) && p.Concerns(s.View) &&
				(!side || p.Walk == r.walk && r.holds(d.Seq))
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
