package desk

import (
	"slices"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Second are the people who must see to it that a case of the procedure has an officer: those of the second post of its line
// and who stands in for them; where there are none today, of the next above.
func Second(d *procedure.Definition, o *office.Office, today calendar.Date) []office.PersonID {
	for _, a := range d.Line[min(1, len(d.Line)):] {
		if ids := append(o.Holders(a, today), o.Delegates(a, today)...); len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// Stranded are the cases that wait for somebody who can't act any more, or for a role that nobody has, and that the person
// must hand over or assign; what runs out first on top.
func Stranded(e *engine.Engine, who office.PersonID) ([]listing.Row, error) {
	o, today := e.Office(), e.Today()
	mine := map[procedure.WorkflowID]bool{}
	for _, ed := range e.Workflows() {
		mine[ed.Def.ID] = slices.Contains(Second(ed.Def, o, today), who)
	}
	var waits []string
	for _, p := range o.People() {
		if !p.Active(today) {
			waits = append(waits, "@"+string(p.ID))
		}
	}
	for _, role := range procedure.Roles {
		waits = append(waits, string(role))
	}
	open, err := e.Open()
	if err != nil {
		return nil, err
	}
	var rows []listing.Row
	seen := map[casefile.CaseID]bool{}
	for _, w := range waits {
		for _, r := range open.Waiting(w) {
			if !seen[r.ID] && mine[r.Workflow] && !slices.Contains(r.Barred, who) && stranded(r, o, today) {
				seen[r.ID] = true
				rows = append(rows, *r)
			}
		}
	}
	SoonestFirst(rows)
	return rows, nil
}

// stranded tells whether a walk of the case waits for who is in charge and can't act, or for people and roles of whom nobody
// can.
func stranded(r *listing.Row, o *office.Office, today calendar.Date) bool {
	able := func(id office.PersonID) bool {
		p := o.Person(id)
		return p != nil && p.Active(today) && !slices.Contains(r.Barred, id)
	}
	return slices.ContainsFunc(r.Waits, func(w listing.Wait) bool {
		if len(r.Officers) > 0 && slices.Contains(w.People, r.Officers[0]) && !able(r.Officers[0]) {
			return true
		}
		return !slices.ContainsFunc(w.People, able) &&
			!slices.ContainsFunc(w.Posts, func(a procedure.Actor) bool { return !slices.Contains(procedure.Roles, a) }) // a post of the office
	})
}
