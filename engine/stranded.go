package engine

import (
	"context"
	"slices"

	"dossier/engine/calendar"
)

// second are the people who must see to it that a case of the procedure has an officer: those of the second post of its line
// and who stands in for them; where there are none today, of the next above.
func (d *Definition) second(o *Office, today calendar.Date) []PersonID {
	for _, a := range d.Line[min(1, len(d.Line)):] {
		if ids := append(o.Holders(a, today), o.delegates(a, today)...); len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// Stranded are the cases that wait for somebody who can't act any more, or for a role that nobody has, and that the person
// must hand over or assign; what runs out first on top.
func (e *Engine) Stranded(_ context.Context, who PersonID) ([]Row, error) {
	o, today := e.Office(), e.Today()
	mine := map[WorkflowID]bool{}
	for _, ed := range e.Workflows() {
		mine[ed.Def.ID] = slices.Contains(ed.Def.second(o, today), who)
	}
	var waits []string
	for _, p := range o.People() {
		if !p.Active(today) {
			waits = append(waits, "@"+string(p.ID))
		}
	}
	for _, role := range roles {
		waits = append(waits, string(role))
	}
	var rows []Row
	seen := map[CaseID]bool{}
	for _, w := range waits {
		err := e.eachRow(indexWait, w+"/", func(row Row) {
			if !seen[row.ID] && mine[row.Workflow] && !slices.Contains(row.Barred, who) && row.stranded(o, today) {
				seen[row.ID] = true
				rows = append(rows, row)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	soonestFirst(rows)
	return rows, nil
}

// stranded tells whether a walk of the case waits for who is in charge and can't act, or for people and roles of whom nobody
// can.
func (r Row) stranded(o *Office, today calendar.Date) bool {
	able := func(id PersonID) bool {
		p := o.Person(id)
		return p != nil && p.Active(today) && !slices.Contains(r.Barred, id)
	}
	return slices.ContainsFunc(r.Waits, func(w Wait) bool {
		if len(r.Officers) > 0 && slices.Contains(w.People, r.Officers[0]) && !able(r.Officers[0]) {
			return true
		}
		return !slices.ContainsFunc(w.People, able) &&
			!slices.ContainsFunc(w.Posts, func(a Actor) bool { return !slices.Contains(roles, a) }) // a post of the office
	})
}
