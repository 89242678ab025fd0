package filling

import (
	"slices"

	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Own holds the fields that name who acts (from: me alone) to it: they bear the actor, or one for whom the actor stands in
// today, or who stood there when the part was filled before. Of is the form of each part.
func Own(s *rules.View, of []procedure.FormPart, parts []*procedure.Part, values procedure.Values) []refusal.FieldFault {
	var bad []refusal.FieldFault
	for k, p := range parts {
		for i := range p.Fields {
			f := &p.Fields[i]
			v := values[f.ID]
			if f.Type != procedure.PersonType || len(f.From) != 1 || !f.From[0].Me || v.Empty() || standsFor(s, office.PersonID(v.Text)) {
				continue
			}
			if k < len(of) && refilled(s, of[k].Form, of[k].Part, f.ID).Text == v.Text {
				continue
			}
			bad = append(bad, refusal.FieldFault{Path: string(f.ID), Code: refusal.FieldInvalid, Why: "field.not-me",
				Args: refusal.Args{"field": f.Title.ZH, "who": s.Office.Name(office.PersonID(v.Text)), "me": s.Office.Name(s.Actor)}})
		}
	}
	return bad
}

// standsFor tells whether the actor is this person, or stands in for them today.
func standsFor(s *rules.View, id office.PersonID) bool {
	return id == s.Actor || slices.ContainsFunc(s.Office.Delegations(), func(d office.Delegation) bool {
		return d.From == id && slices.Contains(s.Office.Lent(s.Actor, d.Post, s.Today), id)
	})
}
