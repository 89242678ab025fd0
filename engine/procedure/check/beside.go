package check

import (
	"maps"
	"slices"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Beside checks what the procedure says of other procedures: one that an action opens is there, takes the
// values that it is given, and so does one that a guard names. The definitions are all that were loaded, this one too.
func Beside(d *procedure.Definition, all map[procedure.WorkflowID]*procedure.Definition, forms map[procedure.FormID]*procedure.Form) []Fault {
	c := &checker{def: d, forms: forms}
	names := procedure.Texts(slices.Sorted(maps.Keys(all)))
	eachAt(d, func(path string, a *procedure.Action) {
		for i, g := range a.Guards {
			if g.Name == "linked" {
				c.named(in(at(in(path, "guards"), i), g.Name), "procedure", g.Arg.Text, names)
			}
		}
		o := a.Opens
		if o == nil || !c.named(in(in(path, "opens"), "workflow"), "procedure", string(o.Workflow), names) {
			return
		}
		other := all[o.Workflow]
		scope := (&checker{def: other, forms: forms}).scope(&other.Open)
		for _, field := range slices.Sorted(maps.Keys(o.With)) {
			p := in(in(in(path, "opens"), "with"), string(field))
			c.value(p, c.taken(p, other, field, scope), o.With[field])
		}
		for _, field := range slices.Sorted(maps.Keys(o.Carry)) {
			p := in(in(in(path, "opens"), "carry"), string(field))
			to, from := c.taken(p, other, field, scope), c.lookup(o.Carry[field].String(), nil)
			if to != nil && from != nil && from.Type != "" && to.Type != from.Type && to.Type != procedure.LongText {
				c.fault(p, text.Say("a field of type %s carried into one of type %s", from.Type, to.Type), "")
			}
		}
	})
	return c.faults
}

// taken finds a field that the opening action of another procedure takes.
func (c *checker) taken(path string, other *procedure.Definition, id procedure.FieldID, scope []*procedure.Form) *procedure.Field {
	var names []string
	for _, f := range scope {
		if field := f.Field(id); field != nil {
			return field
		}
		names = append(names, fieldNames(f)...)
	}
	slices.Sort(names)
	c.unknown(path, text.Say("field taken by open of %s", other.ID), string(id), slices.Compact(names))
	return nil
}

// eachAt calls f for `open` and for every action of every walk with its path, in file order.
func eachAt(d *procedure.Definition, f func(path string, a *procedure.Action)) {
	f("open", &d.Open)
	walk := func(path string, w *procedure.Walk) {
		for i := range w.States {
			for j := range w.States[i].Actions {
				f(at(in(at(path, i), "actions"), j), &w.States[i].Actions[j])
			}
		}
	}
	walk("walk", &d.Main)
	for i := range d.Sides {
		walk(in(in("side-walks", string(d.Sides[i].ID)), "walk"), &d.Sides[i])
	}
}
