package engine

import (
	"maps"
	"slices"
)

// SettingNames gives the office's settings that a procedure and its forms name, sorted: the lengths of clocks, the
// thresholds of guards, what forms show. Each needs a value, or a case stops at it.
func (d *Definition) SettingNames(forms map[FormID]*Form) []string {
	names := map[string]bool{}
	arg := func(g GuardCall) {
		for _, n := range GuardArgs[g.Name].Named {
			if n.Kind == ArgSetting {
				names[g.Arg.Named[n.Name].Text] = true
			}
		}
	}
	test := func(t *Test) {
		if t != nil && t.Is != nil {
			arg(*t.Is)
		}
	}
	for clock := range d.clocks() {
		names[clock.Within.Setting] = true
		test(clock.When)
	}
	d.Each(func(_ *Walk, _ *State, a *Action) {
		for _, g := range a.Guards {
			arg(g.GuardCall)
			test(g.When)
		}
		for _, o := range a.To {
			test(o.When)
		}
		for _, o := range a.Form {
			test(o.When)
		}
		for _, o := range a.Forms {
			test(o.When)
		}
		for _, o := range a.Fact {
			test(o.When)
		}
		for _, o := range a.By {
			test(o.When)
		}
	})
	for _, id := range d.Forms() {
		if f := forms[id]; f != nil {
			for _, p := range f.Parts {
				for _, field := range p.Fields {
					if field.Shows != nil {
						names[field.Shows.Setting] = true
					}
					for _, k := range field.From {
						names[k.Setting] = true
					}
					test(field.When)
				}
			}
		}
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}
