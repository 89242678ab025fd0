package engine

import "dossier/engine/calendar"

// What the tests of package engine_test may see of the engine's inside.

// Apply makes the case after an event from the case before it.
// Redrawn is a document drawn again from the events that led to it.
func (e *Engine) Redrawn(c *Case, doc *Issued) ([]byte, error) {
	sheet, err := e.asIssued(e.Edition(c.Edition), doc, c.ID, false)
	if err != nil {
		return nil, err
	}
	return e.Renderer.Render(sheet)
}

func Apply(ed *Edition, before *Case, ev *Event) *Case { return apply(ed, before, ev) }

// Canonical writes a value as events and snapshots are written.
func Canonical(v any) ([]byte, error) { return canonical(v) }

// Indexes names every index of cases.
var Indexes = []string{indexRow, indexOpen, indexFlow, indexState, indexOfficer, indexDue, indexTimer, indexAlert, indexWait, indexSearch,
	indexNumber, indexEmployer}

// Entries are the index entries that the case should have.
func (e *Engine) Entries(ed *Edition, c *Case) []Key { return entries(ed, e.Office(), c) }

// Decide decides one action of the procedure on a case and applies it, without any store.
func (e *Engine) Decide(ed *Edition, c *Case, cmd Command) (*Case, *Event, error) {
	return e.turn().act(ed, c, &cmd)
}

// WarningsOn are the thresholds that the case, as it stands, has crossed up to a day.
func (e *Engine) WarningsOn(ed *Edition, c *Case, day calendar.Date) []Crossing {
	return newScope(ed, e.Office(), c, day, day).warnings()
}
