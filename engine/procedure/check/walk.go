package check

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// checkWalks checks `open`, the main walk and the side walks, action by action.
func (c *checker) checkWalks() {
	d := c.def
	first := map[procedure.ActionID]procedure.WalkID{}
	c.action("open", &d.Main, &d.Open, first)
	if len(d.Open.To) == 0 {
		c.fault("open", "open leads nowhere", "name in to the state in which a case begins")
	}
	c.walk("walk", &d.Main, first)
	seen := map[procedure.WalkID]bool{}
	for i := range d.Sides {
		w := &d.Sides[i]
		path := in("side-walks", string(w.ID))
		c.word(path, "side walk", string(w.ID))
		if seen[w.ID] || w.ID == procedure.Main {
			c.fault(path, text.Say("walk %q stands twice", w.ID), "")
		}
		seen[w.ID] = true
		c.label(in(path, "title"), w.Title, true)
		for j, s := range w.During {
			c.state(at(in(path, "during"), j), &d.Main, s)
		}
		c.walk(in(path, "walk"), w, first)
	}
}

// walk checks the states of one walk.
func (c *checker) walk(path string, w *procedure.Walk, first map[procedure.ActionID]procedure.WalkID) {
	if len(w.States) == 0 {
		c.fault(path, "a walk without states", "write at least one")
	}
	seen := map[procedure.StateID]bool{}
	for i := range w.States {
		s, p := &w.States[i], at(path, i)
		c.word(in(p, "state"), "state", string(s.ID))
		if seen[s.ID] {
			c.fault(in(p, "state"), text.Say("state %q stands twice in this walk", s.ID), "")
		}
		seen[s.ID] = true
		c.label(in(p, "title"), s.Title, true)
		if w.ID == procedure.Main {
			c.label(in(p, "stage"), s.Stage, true)
			c.only(in(p, "rest"), s.Rest, "rest", "a side walk")
			c.only(in(p, "halts"), s.Halts, "halts", "a side walk")
			c.only(in(p, "holds"), s.Holds, "holds", "a side walk")
		} else {
			c.only(in(p, "end"), s.End, "end", "the main walk; a side walk comes to rest")
			c.only(in(p, "stage"), s.Stage != procedure.Label{}, "stage", "the main walk")
		}
		c.owes(in(p, "owes"), s.Owes)
		c.actionsOf(in(p, "actions"), w, s, first)
	}
}

// only notes a word that stands in the wrong kind of walk.
func (c *checker) only(path string, stands bool, word string, where text.Words) {
	if stands {
		c.fault(path, text.Say("%s out of place", word), text.Say("it belongs to a state of %s", where))
	}
}

// actionsOf checks what can be done in one state. A gate that approves can also return.
func (c *checker) actionsOf(path string, w *procedure.Walk, s *procedure.State, first map[procedure.ActionID]procedure.WalkID) {
	returns := slices.ContainsFunc(s.Actions, func(a procedure.Action) bool { return a.Decision == procedure.Return })
	seen := map[procedure.ActionID]bool{}
	for i := range s.Actions {
		a, p := &s.Actions[i], at(path, i)
		if seen[a.ID] {
			c.fault(in(p, "do"), text.Say("action %q stands twice in this state", a.ID), "")
			continue
		}
		seen[a.ID] = true
		c.action(p, w, a, first)
		if a.Decision == procedure.Approve && !returns {
			c.fault(p, text.Say("%q approves, and no action of this state returns", a.ID), "add an action with decision: return")
		}
	}
}

// action checks one action; first is the walk in which each id stood before.
func (c *checker) action(path string, w *procedure.Walk, a *procedure.Action, first map[procedure.ActionID]procedure.WalkID) {
	c.word(in(path, "do"), "action", string(a.ID))
	if slices.Contains(procedure.Builtins, a.ID) {
		c.fault(in(path, "do"), text.Say("every procedure has %q without writing it", a.ID), "choose another name")
	}
	if before, ok := first[a.ID]; !ok {
		first[a.ID] = w.ID
		c.label(in(path, "title"), a.Title, true)
	} else if before != w.ID {
		c.fault(in(path, "do"), text.Say("action %q stands in two walks", a.ID), text.Say("it belongs to %s; choose another name here", before))
	}
	c.law(path, a.Law, true)
	scope := c.scope(a)
	c.partial = c.unloaded(a)
	defer func() { c.partial = false }()
	c.by(path, a, scope)
	c.standIns(path, a, scope)
	options(c, path, "to", "state", a.To, scope, func(p string, s procedure.StateID) { c.state(p, w, s) })
	c.fillsParts(path, a, scope)
	options(c, path, "fact", "fact", a.Fact, scope, func(p string, facts []procedure.FactID) {
		for i, f := range facts {
			c.fact(at(p, i), f)
		}
	})
	for i := range a.Guards {
		c.guard(at(in(path, "guards"), i), &a.Guards[i], scope)
	}
	c.effects(path, w, a, scope)
}

// by checks who may do an action.
func (c *checker) by(path string, a *procedure.Action, scope []*procedure.Form) {
	if len(a.By) == 0 {
		c.fault(path, text.Say("nobody may do %q", a.ID), "name posts, roles or the timer in by")
	}
	options(c, path, "by", "by", a.By, scope, func(p string, who []procedure.Actor) {
		if len(who) == 0 {
			c.fault(p, text.Say("nobody may do %q", a.ID), "name posts, roles or the timer in by")
		}
		for i, actor := range who {
			if !c.actor(at(p, i), actor) || actor != procedure.Timer {
				continue
			}
			if len(a.Parts()) > 0 {
				c.fault(at(p, i), "the timer fills no form", "nobody could answer what the form asks")
			}
			if !c.fires[a.ID] && !c.lost.expiry {
				c.fault(at(p, i), text.Say("no clock does %q", a.ID), text.Say("write on-expiry: %s on the clock that does", a.ID))
			}
		}
	})
}

// standIns checks who may not do an action, and who stands in.
func (c *checker) standIns(path string, a *procedure.Action, scope []*procedure.Form) {
	for i, post := range a.Instead {
		c.named(at(in(path, "instead"), i), "post", string(post), c.posts)
	}
	switch {
	case a.NotBy == "" || a.NotBy == string(procedure.Investigator):
	case strings.Contains(a.NotBy, "."):
		c.ofType(in(path, "not-by"), c.fieldOrOwn(in(path, "not-by"), a.NotBy, scope), procedure.PersonType, procedure.People)
	default:
		c.named(in(path, "not-by"), "role of the case", a.NotBy, c.roles())
	}
}

// fillsParts checks the parts of forms that an action fills.
func (c *checker) fillsParts(path string, a *procedure.Action, scope []*procedure.Form) {
	part := func(formPath, partPath string, p procedure.FormPart) {
		f := c.form(formPath, p.Form)
		if f == nil {
			return
		}
		known := f.Part(p.Part)
		if known == nil {
			c.unknown(partPath, text.Say("part of form %s", f.ID), string(p.Part), partNames(f))
			return
		}
		if len(f.Parts) > 0 && !f.First(p.Part) && !c.fills[f.ID][f.Parts[0].ID] {
			c.fault(partPath, text.Say("no action fills form %s's first part, %s", f.ID, f.Parts[0].ID), "a later part needs the first")
		}
		if a.Decision != "" && known.Opinion() == nil {
			c.fault(partPath, text.Say("a gate's part without an opinion: %s of form %s", p.Part, f.ID), "mark the field that takes it: opinion: true")
		}
	}
	single := len(a.Form) == 1 && a.Form[0].When == nil
	options(c, path, "form", "form", a.Form, scope, func(p string, fp procedure.FormPart) {
		if single {
			part(p, in(path, "part"), fp)
			return
		}
		part(p, p, fp)
	})
	for i, o := range a.Forms {
		p := at(in(path, "forms"), i)
		c.test(in(p, "when"), o.When, scope)
		part(in(p, "form"), in(p, "part"), o.Value)
		if o.Value.Per != "" {
			c.named(in(p, "per"), "thing to fill a form per", o.Value.Per, []string{"respondent"})
		}
	}
	if len(a.Form) > 0 && len(a.Forms) > 0 {
		c.fault(in(path, "forms"), "form and forms at once", "move the form into the list")
	}
	if a.Decision != "" {
		c.named(in(path, "decision"), "decision", string(a.Decision), procedure.Texts([]procedure.Decision{procedure.Approve, procedure.Refuse, procedure.Return}))
		if len(a.Parts()) == 0 {
			c.fault(in(path, "decision"), "a gate without a form", "a gate signs a part of a paper: name form and part")
		}
	}
}

// effects checks what an action does besides moving the walk.
func (c *checker) effects(path string, w *procedure.Walk, a *procedure.Action, scope []*procedure.Form) {
	for i, f := range a.Voids {
		c.fact(at(in(path, "voids"), i), f)
	}
	for _, role := range slices.Sorted(maps.Keys(a.Assigns)) {
		p := in(in(path, "assigns"), string(role))
		c.word(p, "role", string(role))
		if slices.Contains(c.posts, string(role)) || role == procedure.Timer || role == "opener" || role == "requester" || role == procedure.Barred || role == procedure.Investigator {
			c.fault(p, text.Say("%q can't be assigned", role), "a post is held, not given by a case: choose another name for the role")
		}
		c.ofType(p, c.own(p, a.Assigns[role], scope), procedure.PersonType, procedure.People)
	}
	for i, role := range a.Releases {
		c.named(at(in(path, "releases"), i), "role of the case", string(role), c.roles())
	}
	if a.Number != "" {
		c.named(in(path, "number"), "number", a.Number, []string{"intake", "case"})
	}
	for i, id := range a.Issues {
		c.filled(at(in(path, "issues"), i), id)
	}
	if o := a.Opens; o != nil {
		p := in(path, "opens")
		c.word(in(p, "workflow"), "procedure", string(o.Workflow))
		for _, field := range slices.Sorted(maps.Keys(o.Carry)) {
			c.field(in(in(p, "carry"), string(field)), o.Carry[field])
		}
	}
	if a.Joins != "" {
		c.ofType(in(path, "joins"), c.own(in(path, "joins"), a.Joins, scope), procedure.CaseRef)
	}
	options(c, path, "moves-main", "state", a.Moves, scope, func(p string, id procedure.StateID) {
		if w.ID == procedure.Main {
			c.fault(p, "moves-main on the main walk", text.Say("write to: %s", id))
		}
		c.state(p, &c.def.Main, id)
	})
	options(c, path, "marks", "marks", a.Marks, scope, func(p string, marks []string) {
		for i, mark := range marks {
			c.word(at(p, i), "mark", mark)
		}
	})
	if a.Bars != "" {
		c.ofType(in(path, "bars"), c.fieldOrOwn(in(path, "bars"), a.Bars, scope), procedure.PersonType, procedure.People)
	}
	options(c, path, "sets-aside", "forms", a.Aside, scope, func(p string, forms []procedure.FormID) {
		for i, id := range forms {
			c.filled(at(p, i), id)
		}
	})
}

// state checks that a walk has a state.
func (c *checker) state(path string, w *procedure.Walk, id procedure.StateID) {
	names := make([]string, len(w.States))
	for i := range w.States {
		names[i] = string(w.States[i].ID)
	}
	c.named(path, "state", string(id), names)
}

// roles gives what `assigns:` and the engine give in a case.
func (c *checker) roles() []string {
	return slices.DeleteFunc(slices.Clone(c.actors), func(a string) bool {
		return a == string(procedure.Timer) || slices.Contains(c.posts, a)
	})
}

// options checks a Choice that stands under a key: its tests, its last `else`, and each of its values, which stand
// under the word of the value. `none` needs no check.
func options[T any](c *checker, path, key, word string, choice procedure.Choice[T], scope []*procedure.Form, value func(path string, v T)) {
	path = in(path, key)
	if len(choice) == 1 && choice[0].When == nil {
		if !choice[0].None {
			value(path, choice[0].Value)
		}
		return
	}
	for i, o := range choice {
		p := at(path, i)
		last := i == len(choice)-1
		switch {
		case o.When == nil && !last:
			c.fault(p, "else before the last line", "nothing after it is ever tried: move it to the end")
		case o.When != nil && last:
			c.fault(path, "a choice without a last else", "end it with {else: VALUE} or {else: none}")
		}
		c.test(in(p, "when"), o.When, scope)
		if o.None {
			continue
		}
		if o.When == nil {
			value(in(p, "else"), o.Value)
		} else {
			value(in(p, word), o.Value)
		}
	}
}

func partNames(f *procedure.Form) []string {
	names := make([]string, len(f.Parts))
	for i := range f.Parts {
		names[i] = string(f.Parts[i].ID)
	}
	return names
}

// owes checks what a file owes: that some action makes it, and where it comes from.
func (c *checker) owes(path string, owes []procedure.Owed) {
	for i := range owes {
		o, p := &owes[i], at(path, i)
		switch {
		case len(o.Any) == 0:
			c.item(p, o.Item)
		case o.Item != procedure.Item{}:
			c.fault(p, "any stands beside form or fact", "write one of them: {form: FORM}, {fact: FACT} or {any: [{form: FORM}, {fact: FACT}]}")
		default:
			for j, it := range o.Any {
				c.item(at(in(p, "any"), j), it)
			}
		}
		c.law(p, o.Law, true)
		c.test(in(p, "when"), o.When, nil)
		if o.Gate != "" {
			c.named(in(p, "gate"), "action", string(o.Gate), c.actions)
		}
	}
}

// item checks one paper or day that a file owes.
func (c *checker) item(path string, it procedure.Item) {
	if (it.Form == "") == (it.Fact == "") {
		c.fault(path, "one thing is wanted here", "write {form: FORM}, a document that is issued, or {fact: FACT}")
		return
	}
	if it.Fact != "" {
		if c.fact(in(path, "fact"), it.Fact) && !c.sets[it.Fact] && !c.lost.fact {
			c.fault(in(path, "fact"), text.Say("no action sets fact %q", it.Fact), "nobody could bring it")
		}
		return
	}
	if f := c.filled(in(path, "form"), it.Form); f != nil && c.fills[it.Form] != nil && !c.issues[it.Form] {
		c.fault(in(path, "form"), text.Say("no action issues form %s", it.Form), "name it in issues of the action that makes it")
	}
}
