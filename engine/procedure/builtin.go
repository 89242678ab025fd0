package procedure

import (
	"slices"
)

// Actors are the posts (and roles) that open an action of the procedure or stand in its line.
func (d *Definition) Actors() []Actor {
	var as []Actor
	add := func(a Actor) {
		if a != Timer && !slices.Contains(as, a) {
			as = append(as, a)
		}
	}
	for _, a := range d.Line {
		add(a)
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, list := range a.By.Values() {
			for _, x := range list {
				add(x)
			}
		}
		for _, x := range a.Instead {
			add(x)
		}
	})
	return as
}
