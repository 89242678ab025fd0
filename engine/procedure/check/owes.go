package check

import (
	"fmt"

	"dossier/engine/procedure"
)

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
			c.fault(in(path, "fact"), fmt.Sprintf("no action sets fact %q", it.Fact), "nobody could bring it")
		}
		return
	}
	if f := c.filled(in(path, "form"), it.Form); f != nil && c.fills[it.Form] != nil && !c.issues[it.Form] {
		c.fault(in(path, "form"), fmt.Sprintf("no action issues form %s", it.Form), "name it in issues of the action that makes it")
	}
}
