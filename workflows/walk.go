package workflows

import (
	"fmt"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// sideWalk reads a walk that lives beside the main one.
func (r *reader) sideWalk(id procedure.WalkID, n *strictyaml.Node) procedure.Walk {
	w := procedure.Walk{ID: id}
	if !r.Keys(n, "title", "during", "repeats", "clocks", "walk") {
		return w
	}
	r.Require(n, "during", "walk")
	w.Title = r.Label(n.Get("title"))
	if during := n.Get("during"); during != nil && !(during.Kind == strictyaml.Scalar && during.Text == "any") {
		w.During = grammar.Ids[procedure.StateID](r.Reader, during)
		if len(w.During) == 0 {
			r.Fault(during, "a side walk that lives in no state", "name states of the main walk, or any")
		}
	}
	w.Repeats = r.Bool(n.Get("repeats"))
	w.Clocks = r.clocks(n.Get("clocks"), id)
	w.States = r.states(n.Get("walk"))
	return w
}

// states reads the states of a walk.
func (r *reader) states(n *strictyaml.Node) []procedure.State {
	var states []procedure.State
	for _, item := range r.List(n) {
		if !r.Keys(item, "state", "title", "stage", "end", "rest", "halts", "holds", "actions") {
			continue
		}
		r.Require(item, "state")
		s := procedure.State{
			ID:    procedure.StateID(r.String(item.Get("state"))),
			Title: r.Label(item.Get("title")),
			Stage: r.Label(item.Get("stage")),
			End:   r.Bool(item.Get("end")),
			Rest:  r.Bool(item.Get("rest")),
			Halts: r.flag(item.Get("halts"), "main"),
			Holds: r.flag(item.Get("holds"), "end"),
		}
		for _, a := range r.List(item.Get("actions")) {
			if stands(a) { // again, of what is not written
				s.Actions = append(s.Actions, procedure.Action{})
				continue
			}
			s.Actions = append(s.Actions, r.action(a))
		}
		states = append(states, s)
	}
	return states
}

// flag reads a word that has one meaning only.
func (r *reader) flag(n *strictyaml.Node, word string) bool {
	if n == nil {
		return false
	}
	if s := r.String(n); s != "" && s != word {
		r.Fault(n, fmt.Sprintf("no meaning %q here", s), strictyaml.Offer(s, []string{word}))
	}
	return true
}

// action reads one thing that can be done.
func (r *reader) action(n *strictyaml.Node) procedure.Action {
	var a procedure.Action
	if !r.Keys(n, "do", "title", "by", "to", "form", "part", "forms", "decision", "fact", "guards", "voids", "assigns",
		"releases", "bars", "number", "issues", "sets-aside", "opens", "joins", "moves-main", "marks", "while-halted", "law", "why") {
		return a
	}
	r.Require(n, "do")
	a.ID = procedure.ActionID(r.String(n.Get("do")))
	a.Title, a.Law = r.Label(n.Get("title")), r.Law(n)
	a.By = grammar.Choice(r.Reader, n.Get("by"), "by", nil, func(v, _ *strictyaml.Node) []procedure.Actor {
		return grammar.Ids[procedure.Actor](r.Reader, v)
	})
	a.To = grammar.Choice(r.Reader, n.Get("to"), "state", nil, func(v, _ *strictyaml.Node) procedure.StateID {
		return procedure.StateID(r.String(v))
	})
	a.Form = r.form(n)
	a.Forms = r.formList(n.Get("forms"))
	a.Decision = procedure.Decision(r.String(n.Get("decision")))
	a.Fact = grammar.Choice(r.Reader, n.Get("fact"), "fact", nil, func(v, _ *strictyaml.Node) []procedure.FactID {
		return grammar.Ids[procedure.FactID](r.Reader, v)
	})
	for _, g := range r.List(n.Get("guards")) {
		a.Guards = append(a.Guards, r.guard(g))
	}
	a.Voids = grammar.Ids[procedure.FactID](r.Reader, n.Get("voids"))
	if assigns := n.Get("assigns"); assigns != nil {
		a.Assigns = map[procedure.Actor]procedure.FieldID{}
		r.each(assigns, func(role string, field *strictyaml.Node) {
			a.Assigns[procedure.Actor(role)] = procedure.FieldID(r.String(field))
		})
	}
	a.Releases = grammar.Ids[procedure.Actor](r.Reader, n.Get("releases"))
	a.Number = r.String(n.Get("number"))
	a.Issues = grammar.Ids[procedure.FormID](r.Reader, n.Get("issues"))
	a.Opens = r.opens(n.Get("opens"))
	a.Joins = procedure.FieldID(r.String(n.Get("joins")))
	a.Moves = procedure.StateID(r.String(n.Get("moves-main")))
	a.Marks = grammar.Choice(r.Reader, n.Get("marks"), "marks", nil, func(v, _ *strictyaml.Node) []string { return r.Strings(v) })
	a.Bars = r.String(n.Get("bars"))
	a.Aside = grammar.Choice(r.Reader, n.Get("sets-aside"), "forms", nil, func(v, _ *strictyaml.Node) []procedure.FormID {
		return grammar.Ids[procedure.FormID](r.Reader, v)
	})
	a.Halted = r.Bool(n.Get("while-halted"))
	return a
}

// form reads form and part of an action. Either may be a Choice, not both; a part that isn't written is the form's
// first.
func (r *reader) form(n *strictyaml.Node) procedure.Choice[procedure.FormPart] {
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
		r.Fault(n, "a guard is wanted, "+n.Kind.String()+" stands here", "write {GUARD: ARGUMENTS, law: […]}")
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
		r.Fault(n, fmt.Sprintf("%d guards in one line", names), "write each guard on its own: {GUARD: ARGUMENTS, law: […], when: TEST, blocks: false, finding: ACTION}")
	}
	g.Law, g.When = r.Law(n), r.Test(n.Get("when"))
	if blocks := n.Get("blocks"); blocks != nil {
		g.Soft = !r.Bool(blocks)
	}
	g.Finding = procedure.ActionID(r.String(n.Get("finding")))
	return g
}

// opens reads which other procedure an action begins.
func (r *reader) opens(n *strictyaml.Node) *procedure.Opens {
	if n == nil || !r.Keys(n, "workflow", "with", "carry", "attachments", "repeats") {
		return nil
	}
	r.Require(n, "workflow")
	o := &procedure.Opens{
		Workflow:    procedure.WorkflowID(r.String(n.Get("workflow"))),
		Attachments: r.Bool(n.Get("attachments")),
		Repeats:     r.Bool(n.Get("repeats")),
	}
	r.each(n.Get("with"), func(field string, v *strictyaml.Node) {
		if o.With == nil {
			o.With = map[procedure.FieldID]string{}
		}
		o.With[procedure.FieldID(field)] = r.String(v)
	})
	r.each(n.Get("carry"), func(field string, v *strictyaml.Node) {
		if ref := r.Ref(v); ref != nil {
			if o.Carry == nil {
				o.Carry = map[procedure.FieldID]procedure.FieldRef{}
			}
			o.Carry[procedure.FieldID(field)] = *ref
		}
	})
	return o
}
