package diagram

import (
	"maps"
	"slices"

	"dossier/engine/procedure"
)

// Whole is [JSON] with what a program needs to fill forms: `actions`, each with its place, who may take it and the form
// parts that it fills, in file order with the built-in ones last; and `forms`, by id, their parts and fields with types,
// bounds and choices. blank gives the form of a built-in action as the procedure asks it.
func Whole(ed *procedure.Edition, blank func(procedure.ActionID) *procedure.Form) ([]byte, error) {
	var actions []object
	ed.Def.Each(func(w *procedure.Walk, s *procedure.State, a *procedure.Action) {
		o := object{{"id", string(a.ID)}, {"title", a.Title}}
		if s != nil {
			o = append(o, member{"walk", string(w.ID)}, member{"state", string(s.ID)})
		}
		actions = append(actions, append(o, member{"by", lines(a.By, "by", func(v []procedure.Actor) any { return procedure.Texts(v) })},
			member{"decision", string(a.Decision)}, member{"forms", filled(a)}))
	})
	forms := object{}
	for _, id := range slices.Sorted(maps.Keys(ed.Forms)) {
		forms = append(forms, member{string(id), formObject(ed.Forms[id])})
	}
	for _, id := range procedure.Builtins {
		f := blank(id)
		fills := make([]object, len(f.Parts))
		for i := range f.Parts {
			fills[i] = partMembers(procedure.FormPart{Form: f.ID, Part: f.Parts[i].ID})
		}
		actions = append(actions, object{{"id", string(id)}, {"title", f.Title}, {"built-in", true}, {"forms", fills}})
		forms = append(forms, member{string(f.ID), formObject(f)})
	}
	return append(definition(ed.Def), member{"actions", actions}, member{"forms", forms}).MarshalJSON()
}

// filled are the parts that an action fills: a choice's lines, one of which holds, then all of `forms` that hold.
func filled(a *procedure.Action) []object {
	var parts []object
	for i, o := range a.Form {
		if o.None {
			continue
		}
		p := object(partMembers(o.Value))
		switch {
		case o.When != nil:
			p = append(p, member{"when", testValue(o.When)})
		case i > 0:
			p = append(p, member{"else", true})
		}
		parts = append(parts, p)
	}
	for _, o := range a.Forms {
		parts = append(parts, append(object(partMembers(o.Value)), member{"when", testValue(o.When)}))
	}
	return parts
}

func formObject(f *procedure.Form) object {
	parts := make([]object, len(f.Parts))
	for i := range f.Parts {
		p := &f.Parts[i]
		parts[i] = object{{"part", string(p.ID)}, {"title", p.Title}, {"fields", fieldObjects(p.Fields)}}
	}
	return append(object{{"form", string(f.ID)}, {"version", f.Version}, {"title", f.Title}, {"number", f.Number}, {"parts", parts}}, lawMembers(f.Law)...)
}

func fieldObjects(fields []procedure.Field) []object {
	objects := make([]object, len(fields))
	for i := range fields {
		f := &fields[i]
		o := object{{"field", string(f.ID)}, {"title", f.Title}, {"hint", f.Hint}, {"type", string(f.Type)}}
		if f.Shows != nil || f.Fixed != "" {
			objects[i] = append(o, member{"computed", true})
			continue
		}
		choices := make([]object, len(f.Choices))
		for j, c := range f.Choices {
			choices[j] = object{{"value", c.Value}, {"title", c.Label}}
		}
		o = append(o, member{"required", f.Required}, member{"when", testValue(f.When)}, member{"choices", choices}, member{"columns", fieldObjects(f.Columns)},
			member{"min", f.Min}, member{"not-before", string(f.NotBefore)}, member{"not-after", string(f.NotAfter)}, member{"among", string(f.Among)},
			member{"of", procedure.Texts(f.Of)}, member{"shared", f.Shared}, member{"opinion", f.Opinion}, member{"secret", f.Secret})
		if limit := procedure.TextLimits[f.Type]; limit > 0 {
			if f.Max > 0 {
				limit = f.Max
			}
			o = append(o, member{"max-length", limit})
		} else {
			o = append(o, member{"max", f.Max})
		}
		objects[i] = append(o, lawMembers(f.Law)...)
	}
	return objects
}
