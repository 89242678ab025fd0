package procedure

import "slices"

// AllOwed is what the procedure's files owe, in the order of its text: the head's, then each state's.
func (d *Definition) AllOwed() []Debt {
	var all []Debt
	for i := range d.Owes {
		all = append(all, Debt{Owed: &d.Owes[i], Walk: Main})
	}
	for _, w := range d.Walks() {
		for i := range w.States {
			for j := range w.States[i].Owes {
				all = append(all, Debt{&w.States[i].Owes[j], w.ID, w.States[i].ID})
			}
		}
	}
	return all
}

// Bind makes of what is owed conditions of actions: each that may lead into a last state finds what is missing, and the
// one that an item names as its gate waits for it.
func (d *Definition) Bind() {
	owed := d.AllOwed()
	d.Each(func(w *Walk, st *State, a *Action) {
		if st == nil {
			return
		}
		last := w.ID == Main && slices.ContainsFunc(a.To.Values(), d.last)
		for _, o := range owed {
			if gate := o.Gate == a.ID; gate || last {
				a.Guards = append(a.Guards, Guard{Owes: &o, Soft: !gate, When: o.When, Law: o.Law})
			}
		}
	})
}

// last tells whether a case that stands there has nothing before it.
func (d *Definition) last(id StateID) bool {
	st := d.Main.State(id)
	return st != nil && st.End && len(st.Actions) == 0
}

// Ahead tells whether the way of the main walk may still lead from one state to another that stands after it in the file;
// a return is no way ahead.
func (d *Definition) Ahead(from, to StateID) bool {
	seen, way := map[StateID]bool{from: true}, []StateID{from}
	for len(way) > 0 {
		st := d.Main.State(way[len(way)-1])
		way = way[:len(way)-1]
		if st == nil {
			continue
		}
		for i := range st.Actions {
			for _, next := range st.Actions[i].To.Values() {
				if next == to && d.Main.Index(next) > d.Main.Index(from) {
					return true
				}
				if !seen[next] && d.Main.Index(next) > d.Main.Index(st.ID) {
					seen[next] = true
					way = append(way, next)
				}
			}
		}
	}
	return false
}

// Makes tells whether the action may bring the item: issues a document of its form, or sets its fact.
func (a *Action) Makes(it Item) bool {
	if it.Form != "" {
		return slices.Contains(a.Issues, it.Form)
	}
	return slices.ContainsFunc(a.Fact.Values(), func(fs []FactID) bool { return slices.Contains(fs, it.Fact) })
}
