package engine_test

import (
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/filling"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// What the tests of package engine_test may see of the engine's inside.

// Apply makes the case after an event from the case before it.
// Redrawn is a document drawn again from the events that led to it.
func Redrawn(e *engine.Engine, c *casefile.Case, doc *casefile.Issued) ([]byte, error) {
	sheet, _, err := desk.AsIssued(e, e.Edition(c.Edition), doc, c.ID, casefile.Open)
	if err != nil {
		return nil, err
	}
	return e.Renderer.Render(sheet)
}

func Apply(ed *procedure.Edition, before *casefile.Case, ev *casefile.Event) *casefile.Case {
	return casefile.Apply(ed, before, ev)
}

// Canonical writes a value as events and snapshots are written.
func Canonical(v any) ([]byte, error) { return ledger.Canonical(v) }

// Indexes names every index of cases.
var Indexes = []string{listing.IndexRow, listing.IndexOpen, listing.IndexFlow, listing.IndexState, listing.IndexOfficer, listing.IndexDue, listing.IndexTimer, listing.IndexAlert, listing.IndexWait, listing.IndexFact, listing.IndexSearch,
	listing.IndexNumber, listing.IndexPeople, listing.IndexCharge, listing.IndexVisit}

// Entries are the index entries that the case should have.
func Entries(e *engine.Engine, ed *procedure.Edition, c *casefile.Case) []ledger.Key {
	return listing.Entries(ed, e.Office(), c)
}

// Decide decides one action of the procedure on a case and applies it, without any store.
func Decide(e *engine.Engine, ed *procedure.Edition, c *casefile.Case, cmd casefile.Command) (*casefile.Case, *casefile.Event, error) {
	return e.Sit().Act(ed, c, &cmd)
}

// WarningsOn are the thresholds that the case, as it stands, has crossed up to a day.
func WarningsOn(e *engine.Engine, ed *procedure.Edition, c *casefile.Case, day calendar.Date) []listing.Crossing {
	return listing.Warnings(rules.NewView(ed, e.Office(), c, day, day))
}

// AskedOf is a part of a form as a page asks it of somebody who may not know what is confidential in the case.
func AskedOf(e *engine.Engine, ed *procedure.Edition, c *casefile.Case, form *procedure.Form, part *procedure.Part, typed procedure.Values) desk.BlankPart {
	s := rules.NewView(ed, e.Office(), casefile.Masked(ed, c, casefile.Veiled), e.Today(), e.Today())
	s.Walk, s.Values = procedure.Main, typed
	return desk.PartOf(e, s, form, part, typed)
}

// TakenFrom is what an action that fills the part would write of what such a person sends.
func TakenFrom(e *engine.Engine, ed *procedure.Edition, c *casefile.Case, form *procedure.Form, part *procedure.Part, given procedure.Values) procedure.Values {
	s := rules.NewView(ed, e.Office(), c, e.Today(), e.Today())
	s.Walk, s.Actor = procedure.Main, "nobody"
	r := &filling.Reader{View: s}
	return r.Read([]procedure.FormPart{{Form: form.ID, Part: part.ID}}, []*procedure.Part{part}, given)
}
