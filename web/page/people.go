package page

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// offered are the people whom a field offers, and those whom it keeps behind a fold. Who does it himself is meant where the
// field is filled with him; one of those in another field is one of those who are chosen there; else they are the people of
// the case, then those with a certificate.
func (a *Ask) offered(f *procedure.Field, p desk.BlankPart, b *desk.Blank, value procedure.Value) (first, rest []Option) {
	people := b.People[f.ID]
	if chosen := p.Values[f.Among]; f.Among != "" && !chosen.Empty() {
		people = slices.DeleteFunc(slices.Clone(people), func(x *office.Person) bool { return !chosen.Has(string(x.ID)) })
		return a.people(people, value, b.Case), nil
	}
	me := slices.ContainsFunc(f.From, func(k procedure.Known) bool { return k.Me })
	for _, o := range a.people(people, value, b.Case) {
		x := a.Office.Person(office.PersonID(o.Value))
		_, certified := a.Office.Certificate(x.ID, a.Today)
		switch {
		case o.On, me && x.ID == a.ID(), !me && (certified || assigned(b.Case, x.ID)):
			if f.Type == procedure.People {
				o.Sub = a.busy(x.ID, o.Sub)
			}
			first = append(first, o)
		default:
			rest = append(rest, o)
		}
	}
	if len(first) == 0 {
		return rest, nil
	}
	return first, rest
}

// busy says beside a person in how many open cases they are an officer.
func (a *Ask) busy(id office.PersonID, sub string) string {
	n, err := desk.OpenCasesOf(a.Site.Engine, id)
	if err != nil {
		return sub
	}
	return a.T("field.busy", "what", sub, "n", n)
}

// people are those who may be chosen and have to do with the procedure: the people of the case first, then those with a
// certificate that is valid today.
func (a *Ask) people(ps []*office.Person, value procedure.Value, c *casefile.Case) []Option {
	var of, certified, rest []Option
	for _, p := range ps {
		if !value.Has(string(p.ID)) && !a.concerned(p) {
			continue
		}
		o := Option{Value: string(p.ID), Label: p.Name, Sub: a.FirstPost(p), On: value.Has(string(p.ID))}
		n, ok := a.Office.Certificate(p.ID, a.Today)
		if ok {
			o.Sub = a.T("field.certificate", "number", n)
		}
		switch {
		case assigned(c, p.ID):
			of = append(of, o)
		case ok:
			certified = append(certified, o)
		default:
			rest = append(rest, o)
		}
	}
	return append(append(of, certified...), rest...)
}

// assigned tells whether the person has a role in the case.
func assigned(c *casefile.Case, id office.PersonID) bool {
	if c == nil {
		return false
	}
	for _, people := range c.Roles {
		if slices.Contains(people, id) {
			return true
		}
	}
	return false
}

// concerned tells whether one of the person's posts has to do with the procedure.
func (a *Ask) concerned(p *office.Person) bool {
	if a.def == nil {
		return true
	}
	found := false
	a.def.Each(func(_ *procedure.Walk, _ *procedure.State, act *procedure.Action) {
		for _, by := range act.By.Values() {
			for _, post := range by {
				found = found || p.Holds(post, a.Today)
			}
		}
	})
	return found
}
