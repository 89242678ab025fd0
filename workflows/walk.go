package workflows

import (
	"dossier/engine/text"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// walk completes a walk that lives beside the main one.
func (r *reader) walk(n *strictyaml.Node, w *procedure.Walk) {
	switch during := n.Get("during"); {
	case during == nil:
	case during.Kind == strictyaml.Scalar && during.Text == "any":
		w.During = nil
	case len(w.During) == 0:
		r.Fault(during, "a side walk that lives in no state", "name states of the main walk, or any")
	}
	for i := range w.Clocks {
		w.Clocks[i].Walk = w.ID
	}
	w.Each = r.flag(n.Get("each"), "respondent", "a side walk is one each of %q")
	w.Loose = r.flag(n.Get("holds"), "none", "a side walk that is not at rest holds the main walk, or %q")
}

// state completes a place in a walk.
func (r *reader) state(n *strictyaml.Node, s *procedure.State) {
	s.Halts = r.flag(n.Get("halts"), "main", "no meaning %q here")
	s.Holds = r.flag(n.Get("holds"), "end", "no meaning %q here")
}

// actions reads what can be done in a state.
func (r *reader) actions(n *strictyaml.Node) []procedure.Action {
	var actions []procedure.Action
	for _, item := range r.List(n) {
		var a procedure.Action
		r.Struct(item, &a)
		actions = append(actions, a)
	}
	return actions
}

// form reads form and part of an action. Either may be a Choice, not both; a part that isn't written is the form's
// first.
func (r *reader) form(n *strictyaml.Node, a *procedure.Action) { a.Form = r.formOf(n) }

// action completes what can be done in a state. `instead` keeps the case's investigators out, if `not-by` says nobody else.
func (r *reader) action(n *strictyaml.Node, a *procedure.Action) {
	r.form(n, a)
	a.NotBy = r.String(n.Get("not-by"))
	switch instead := n.Get("instead"); {
	case instead == nil:
	case a.NotBy == "":
		a.NotBy = string(procedure.Investigator)
		fallthrough
	default:
		r.Into(instead, &a.Instead)
	}
}

func (r *reader) formOf(n *strictyaml.Node) procedure.Choice[procedure.FormPart] {
	form, part := n.Get("form"), n.Get("part")
	if form == nil {
		if part != nil {
			r.Fault(part, "a part without a form", "write form: FORM")
		}
		return nil
	}
	if part != nil && part.Kind == strictyaml.List {
		if form.Kind != strictyaml.Scalar {
			r.Fault(part, "form and part are both chosen", "write the part beside the form in each line: {when: TEST, form: FORM, part: PART}")
			return nil
		}
		id := procedure.FormID(r.String(form))
		return grammar.Choice(r.Reader, part, "part", nil, func(v, _ *strictyaml.Node) procedure.FormPart {
			return procedure.FormPart{Form: id, Part: procedure.PartID(r.String(v))}
		})
	}
	return grammar.Choice(r.Reader, form, "form", []string{"part"}, func(v, line *strictyaml.Node) procedure.FormPart {
		if v.Kind == strictyaml.Map { // {else: {form: LJ04, part: body}}
			return r.formPart(v, part)
		}
		return r.part(procedure.FormID(r.String(v)), line.Get("part"), part)
	})
}

// formPart reads {form: FORM, part: PART, per: respondent} of a list.
func (r *reader) formPart(n, part *strictyaml.Node) procedure.FormPart {
	if !r.Keys(n, "form", "part") {
		return procedure.FormPart{}
	}
	r.Require(n, "form")
	return r.part(procedure.FormID(r.String(n.Get("form"))), n.Get("part"), part)
}

// part takes the first part that is written, else the form's own first.
func (r *reader) part(form procedure.FormID, written ...*strictyaml.Node) procedure.FormPart {
	for _, n := range written {
		if n != nil {
			return procedure.FormPart{Form: form, Part: procedure.PartID(r.String(n))}
		}
	}
	p := procedure.FormPart{Form: form}
	if f := r.forms[form]; f != nil && len(f.Parts) > 0 {
		p.Part = f.Parts[0].ID
	}
	return p
}

// formList reads forms: all whose test holds are filled.
func (r *reader) formList(n *strictyaml.Node) []procedure.Option[procedure.FormPart] {
	var options []procedure.Option[procedure.FormPart]
	for _, item := range r.List(n) {
		if item.Kind == strictyaml.Scalar {
			options = append(options, procedure.Option[procedure.FormPart]{Value: r.part(procedure.FormID(r.String(item)))})
			continue
		}
		if item.Get("else") != nil {
			r.Fault(item, "else in forms", "all that hold are filled: leave when out for the form that always is")
			continue
		}
		if !r.Keys(item, "when", "form", "part", "per") {
			continue
		}
		r.Require(item, "form")
		p := r.part(procedure.FormID(r.String(item.Get("form"))), item.Get("part"))
		p.Per = r.String(item.Get("per"))
		options = append(options, procedure.Option[procedure.FormPart]{When: r.Test(item.Get("when")), Value: p})
	}
	return options
}

// guard reads {NAME: ARGUMENTS, law, why, when, blocks, finding}.
func (r *reader) guard(n *strictyaml.Node) procedure.Guard {
	var g procedure.Guard
	if n.Kind != strictyaml.Map {
		r.Fault(n, text.Say("a guard is wanted, %s stands here", n.Kind.Words()), "write {GUARD: ARGUMENTS, law: […]}")
		return g
	}
	names := 0
	for _, k := range n.Keys {
		switch k.Name {
		case "law", "why", "when", "blocks", "finding":
		default:
			if names++; names == 1 {
				g.GuardCall = procedure.GuardCall{Name: k.Name, Arg: r.Arg(k.Value)}
			}
		}
	}
	if names != 1 {
		r.Fault(n, text.Say("%s guards in one line", names), "write each guard on its own: {GUARD: ARGUMENTS, law: […], when: TEST, blocks: false, finding: ACTION}")
	}
	r.Present(n, &g.Law)
	g.When = r.Test(n.Get("when"))
	if blocks := n.Get("blocks"); blocks != nil {
		g.Soft = !r.Bool(blocks)
	}
	g.Finding = procedure.ActionID(r.String(n.Get("finding")))
	return g
}
