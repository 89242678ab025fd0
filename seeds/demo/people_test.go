package demo

import (
	"slices"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/seeds/fixture"
)

// TestPeople: the people whom the documentation names, a holder for each post that a procedure asks for, certificates in force.
func TestPeople(t *testing.T) {
	bureau := office.NewOffice("", nil, People(), nil, nil)
	for _, id := range []office.PersonID{"clerk", "officer", "officer2", "reviewer", "captain", "deputy", "legal", "recorder", "leader", "chair",
		"audit", "audit2", "audithead", "fund", "fund2", "fundhead", "section", "admin"} {
		if bureau.Person(id) == nil {
			t.Errorf("nobody is %s", id)
		}
	}
	names := map[string]office.PersonID{}
	for _, p := range People() {
		if other, ok := names[p.Name]; ok {
			t.Errorf("%s and %s are both %s", p.ID, other, p.Name)
		}
		names[p.Name] = p.ID
	}
	today := calendar.Of(2026, 11, 24)
	roles := []procedure.Actor{"timer", "requester", "assigned-officers", "officer-in-charge", "presiding"}
	for _, ed := range fixture.Brought(t).Editions {
		ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
			for _, by := range a.By.Values() {
				for _, who := range by {
					if !slices.Contains(roles, who) && len(bureau.Holders(who, today)) == 0 {
						t.Errorf("%s: nobody holds %s, who may %s", ed.Def.ID, who, a.ID)
					}
				}
			}
		})
	}
	for _, post := range []procedure.Actor{"officer", "audit", "fund"} {
		for _, day := range []calendar.Date{renewed.Add(-1), renewed, today, calendar.Of(2030, 12, 31)} {
			held := 0
			for _, id := range bureau.Holders(post, day) {
				if _, ok := bureau.Certificate(id, day); ok {
					held++
				}
			}
			if held < 2 {
				t.Errorf("%d certificates of %s on %s", held, post, day)
			}
		}
	}
}
