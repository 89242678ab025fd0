package casefile

import (
	"slices"

	"dossier/engine/procedure"
)

// On are the respondents who stand on an open paper: whom it concerns, but those who have a later one.
func (c *Case) On(d *procedure.Definition, i int) []string {
	p := &c.Papers[i]
	of := p.Of
	if len(of) == 0 {
		of = Parties(d, c)
	}
	return slices.DeleteFunc(slices.Clone(of), func(n string) bool {
		return slices.ContainsFunc(c.Papers[i+1:], func(q Paper) bool {
			return q.Form == p.Form && q.Open && q.Walk == p.Walk && q.Concerns([]string{n})
		})
	})
}

// Whose tells whether a paper is about these respondents and nobody else; nil is everybody.
func (c *Case) Whose(p *Paper, parties []string) bool {
	switch {
	case parties == nil || !c.Apart():
		return true
	case p.For != "":
		return slices.Contains(parties, p.For)
	case len(p.Of) == 0:
		return len(parties) == len(c.Places)
	}
	return !slices.ContainsFunc(p.Of, func(n string) bool { return !slices.Contains(parties, n) })
}
