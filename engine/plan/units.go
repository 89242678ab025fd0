package plan

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/registry"
)

// Units are a registry's objects as populations: an object goes by its credit code where it has one, and a case may name
// it by its ID and by every code and name that it has or had.
func Units(r *registry.Registry) func(kinds []string, on calendar.Date) ([]Unit, error) {
	return func(kinds []string, on calendar.Date) ([]Unit, error) {
		os, err := r.Supervised(kinds, on)
		if err != nil {
			return nil, err
		}
		out := make([]Unit, len(os))
		taken := map[string]bool{}
		for i, o := range os {
			form, err := r.Form(o.Kind)
			if err != nil {
				return nil, err
			}
			v := o.On(on)
			u := Unit{ID: v[registry.Code].Text, Name: v[registry.Name].Text, Keys: slices.Concat([]string{o.ID()}, o.Codes(), o.Names()), Marks: o.Marks(form, on),
				Object: o.ID(), Values: v}
			if d, err := calendar.Parse(v[registry.Until].Text); err == nil {
				u.Until = d
			}
			for _, m := range o.Merged {
				u.Keys = append(u.Keys, m.ID())
			}
			if u.ID == "" || taken[u.ID] {
				u.ID = o.ID()
			}
			taken[u.ID] = true
			if f := form.Field(registry.Risk); f != nil {
				u.Risk = label(f, v[registry.Risk].Text)
			}
			out[i] = u
		}
		return out, nil
	}
}

// label is a choice as it is written.
func label(f *procedure.Field, value string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.Label.ZH
		}
	}
	return value
}
