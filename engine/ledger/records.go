package ledger

import (
	"encoding/json"
	"slices"

	"dossier/engine/office"
)

// KindBrought is the record of what the program brought by which clocks are counted: the schedules and the settings'
// defaults. They count as they stand here, so that a newer program that brings others changes nothing by itself.
const KindBrought = "brought"

// CounterCase gives cases their ids.
const CounterCase = "case"

// KindKey is the record of an idempotency key.
const KindKey = "key"

// The kinds of records that make the Office.
const (
	KindPerson     = "person"
	KindDelegation = "delegation"
	KindSetting    = "setting"
	KindSchedule   = "schedule"
	KindStandards  = "standards" // one act's file of standards of discretion, in place of the program's
)

// Stands tells whether a write changes what cases rest on in a person: posts, certificates, being there at all.
func (w RecordWrite) Stands(o *office.Office) bool {
	if w.Kind != KindPerson {
		return false
	}
	old := o.Person(office.PersonID(w.ID))
	var p office.Person
	if json.Unmarshal(w.Data, &p) != nil {
		return false
	}
	if old == nil { // whoever comes may end that another stands in
		return len(p.Posts) > 0
	}
	return p.Disabled != old.Disabled || !slices.Equal(p.Posts, old.Posts) || !slices.Equal(p.Certificates, old.Certificates)
}

// Counts tells whether a record is one by which clocks are counted.
func (w RecordWrite) Counts() bool {
	return w.Kind == KindSchedule || w.Kind == KindSetting || w.Kind == KindBrought
}

// Office tells whether a record is one of the office's.
func (w RecordWrite) Office() bool {
	return w.Counts() || w.Kind == KindPerson || w.Kind == KindDelegation || w.Kind == KindStandards
}

// KindOffice is the record that is written anew with each record of the office. What is decided rests on it, so that no
// process decides by an office that another has changed meanwhile.
const (
	KindOffice = "office"
	OfficeID   = "version"
)

// OfOffice tells a conflict that says the office has moved.
func (c *Conflict) OfOffice() bool { return c.What == "record" && c.ID == KindOffice+"/"+OfficeID }
