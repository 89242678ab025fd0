package check

import (
	"dossier/engine/text"

	"dossier/engine/procedure"
)

// checkForms checks what the procedure's forms bind to: a form that shows a fact, a clock or a role which the procedure
// hasn't would stay empty for ever. The fault stands where the procedure first names the form.
func (c *checker) checkForms() {
	where := c.places()
	for _, id := range c.def.Forms() {
		form := c.forms[id]
		if form == nil {
			continue // told already
		}
		path := where[id]
		for _, cite := range form.Law.Cites {
			c.bind(path, form, "cites", "act", cite.Act, c.acts)
		}
		for _, part := range form.Parts {
			for i := range part.Fields {
				c.bindField(path, form, &part.Fields[i])
			}
		}
	}
}

// bindField checks one field of a form against the procedure.
func (c *checker) bindField(path string, form *procedure.Form, f *procedure.Field) {
	named := text.Say("field %q", f.ID)
	if s := f.Shows; s != nil {
		c.bind(path, form, text.Say("%s shows", named), "fact", string(s.Fact), c.facts)
		for _, clock := range []procedure.ClockID{s.Due, s.Left, s.Used} {
			c.bind(path, form, text.Say("%s shows", named), "clock", string(clock), c.clocks)
		}
		c.bind(path, form, text.Say("%s shows", named), "role", string(s.Role), c.roles())
		c.bind(path, form, text.Say("%s shows", named), "sum owed", s.Owed, c.def.DebtNames())
	}
	for _, k := range f.From {
		c.bindKnown(path, form, text.Say("%s is prefilled with", named), k)
	}
	for _, o := range f.Sample {
		c.bind(path, form, text.Say("%s has as its sample people of the", named), "post", o.Value.People, c.posts)
		if o.Value.Known != nil {
			c.bindKnown(path, form, text.Say("%s has as its sample", named), *o.Value.Known)
		}
	}
	for _, cite := range f.Law.Cites {
		c.bind(path, form, text.Say("%s cites", named), "act", cite.Act, c.acts)
	}
	if t := f.When; t != nil && t.Is != nil {
		before := len(c.faults)
		c.call("", *t.Is, []*procedure.Form{form})
		for i := before; i < len(c.faults); i++ {
			c.faults[i].Path = path
			c.faults[i].Message = text.Say("form %s: when of %s: %s", form.ID, named, c.faults[i].Message)
		}
	}
}

func (c *checker) bindKnown(path string, form *procedure.Form, what text.Words, k procedure.Known) {
	c.bind(path, form, what, "fact", string(k.Fact), c.facts)
	c.bind(path, form, what, "role", string(k.Role), c.roles())
	c.bind(path, form, what, "sum owed", k.Owed, c.def.DebtNames())
}

// bind notes a word of a form that the procedure doesn't have; an empty word binds to nothing.
func (c *checker) bind(path string, form *procedure.Form, what, kind text.Words, word string, allowed []string) {
	if word == "" {
		return
	}
	before := len(c.faults)
	if !c.named(path, kind, word, allowed) {
		f := &c.faults[before]
		f.Message = text.Say("form %s: %s %s %q, which this procedure doesn't have", form.ID, what, kind, word)
	}
}

// places finds where the procedure first names each form.
func (c *checker) places() map[procedure.FormID]string {
	where := map[procedure.FormID]string{}
	eachAt(c.def, func(path string, a *procedure.Action) {
		single := len(a.Form) == 1 && a.Form[0].When == nil
		for i, o := range a.Form {
			p := in(path, "form")
			if !single {
				p = at(p, i)
			}
			first(where, o.Value.Form, p)
		}
		for i, o := range a.Forms {
			first(where, o.Value.Form, at(in(path, "forms"), i))
		}
	})
	return where
}

func first(where map[procedure.FormID]string, id procedure.FormID, path string) {
	if _, ok := where[id]; !ok {
		where[id] = path
	}
}
