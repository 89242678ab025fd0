package desk

import (
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Awaited is a case with the people that it waits for now, for whoever may see it.
func Awaited(e *engine.Engine, who office.PersonID, id casefile.CaseID) (listing.Crossing, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return listing.Crossing{}, err
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	return listing.Crossing{Case: id, Number: d.Case.Number(), Party: casefile.Party(d.Edition.Def, d.Case), Workflow: d.Case.Workflow, Day: t.Today, Due: t.Today,
		To: listing.Awaited(s)}, nil
}

// Warnings are the thresholds that a case has crossed up to today.
func Warnings(e *engine.Engine, id casefile.CaseID) ([]listing.Crossing, error) {
	d, err := e.Read(id)
	if err != nil {
		return nil, err
	}
	t := e.Sit()
	return listing.Warnings(rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)), nil
}

// Warned are the cases that cross a threshold on one of the days from the first up to and including the last; a case stands
// here once for each of them. After is a cursor, and next the one to go on with.
func Warned(e *engine.Engine, from, to calendar.Date, after string, limit int) (ids []casefile.CaseID, next string, err error) {
	if from > to {
		return nil, "", nil
	}
	q := ledger.Scan{Index: listing.IndexAlert, To: to.Add(1).String(), After: after, Limit: limit}
	if from > 0 {
		q.From = from.String()
	}
	es, err := e.Store.Scan(q)
	for _, x := range es {
		ids = append(ids, casefile.CaseID(procedure.Int(x.ID)))
		next = x.Cursor
	}
	return ids, next, err
}
