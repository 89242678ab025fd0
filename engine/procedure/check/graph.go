package check

import (
	"slices"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// checkGraph checks that every state is reached, and that every state has a way to an end; on a side walk, to a state
// at rest. What guards and tests would say isn't asked: a way that some case can go is a way.
func (c *checker) checkGraph() {
	d := c.def
	begin := d.Open.To.Values()
	for i := range d.Sides {
		for j := range d.Sides[i].States {
			for _, a := range d.Sides[i].States[j].Actions {
				begin = append(begin, a.Moves.Values()...)
			}
		}
	}
	c.reach("walk", &d.Main, begin, "an end", func(s *procedure.State) bool { return s.End })
	for i := range d.Sides {
		w := &d.Sides[i]
		if len(w.States) == 0 {
			continue
		}
		first := w.States[0].ID
		c.reach(in(in("side-walks", string(w.ID)), "walk"), w, []procedure.StateID{first}, "a state at rest", func(s *procedure.State) bool {
			return s.Rest || s.ID == first || moves(s)
		})
	}
}

// moves tells whether an action of the state moves the main walk, which puts the side walk to rest.
func moves(s *procedure.State) bool {
	for _, a := range s.Actions {
		if len(a.Moves) > 0 {
			return true
		}
	}
	return false
}

// reach checks one walk as a graph: from where it begins, and to where it may stop.
func (c *checker) reach(path string, w *procedure.Walk, begin []procedure.StateID, goal text.Words, stops func(*procedure.State) bool) {
	next, back := map[procedure.StateID][]procedure.StateID{}, map[procedure.StateID][]procedure.StateID{}
	var goals []procedure.StateID
	unknown := slices.ContainsFunc(begin, func(id procedure.StateID) bool { return w.State(id) == nil })
	for i := range w.States {
		s := &w.States[i]
		if stops(s) {
			goals = append(goals, s.ID)
		}
		for _, a := range s.Actions {
			for _, to := range a.To.Values() {
				next[s.ID] = append(next[s.ID], to)
				back[to] = append(back[to], s.ID)
				unknown = unknown || w.State(to) == nil
			}
		}
	}
	if len(goals) == 0 && len(w.States) > 0 {
		c.fault(path, text.Say("no state is %s", goal), "mark with end: true where the case's business is over")
		return
	}
	if len(begin) == 0 || unknown {
		return // told already, and it may be the way that is missed
	}
	reached, leads := spread(begin, next), spread(goals, back)
	for i := range w.States {
		s, p := &w.States[i], in(at(path, i), "state")
		if !reached[s.ID] {
			c.fault(p, text.Say("nothing reaches state %q", s.ID), "name it in the to of some action, or take it out")
		}
		if !leads[s.ID] {
			c.fault(p, text.Say("state %q has no way to %s", s.ID, goal), "give it an action that leads on")
		}
	}
}

// spread follows the edges from where it begins and gives all that it meets.
func spread(begin []procedure.StateID, edges map[procedure.StateID][]procedure.StateID) map[procedure.StateID]bool {
	met := map[procedure.StateID]bool{}
	for todo := begin; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !met[s] {
			met[s] = true
			todo = append(todo, edges[s]...)
		}
	}
	return met
}
