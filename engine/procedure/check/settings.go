package check

import (
	"maps"
	"slices"

	"dossier/engine/procedure"
)

// SettingNames gives the office's settings that a procedure and its forms name, sorted: the lengths of clocks, the
// thresholds of guards, what forms show. Each needs a value, or a case stops at it.
func SettingNames(d *procedure.Definition, forms map[procedure.FormID]*procedure.Form) []string {
	names := map[string]bool{}
	arg := func(g procedure.GuardCall) {
		for _, n := range procedure.GuardArgs[g.Name].Named {
			if n.Kind == procedure.ArgSetting {
				names[g.Arg.Named[n.Name].Text] = true
			}
		}
	}
	test := func(t *procedure.Test) {
		if t != nil && t.Is != nil {
			arg(*t.Is)
		}
	}
	for clock := range eachClock(d) {
		names[clock.Within.Setting] = true
		test(clock.When)
	}
	d.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
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
