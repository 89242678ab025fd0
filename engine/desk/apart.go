package desk

import (
	"slices"

	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// askWhom lets a blank ask whom the action moves, where several stand where it stands and none of its forms asks it.
func (b *Blank) askWhom(typed procedure.Values) {
	if len(b.Stand) < 2 || slices.ContainsFunc(b.Parts, func(p BlankPart) bool {
		return slices.ContainsFunc(p.Part.Fields, func(f procedure.Field) bool { return f.ID == procedure.RespondentField })
	}) {
		return
	}
	f := procedure.Field{ID: procedure.RespondentField, Title: procedure.Label{ZH: "对哪些当事人", EN: "For which parties"}, Hint: procedure.Label{ZH: "不选的，对在这一环节的全部当事人", EN: "None chosen: all who stand here"}, Type: procedure.Respondent}
	part := &procedure.Part{ID: procedure.PartID(procedure.RespondentField), Title: procedure.Label{ZH: "当事人", EN: "Parties"}, Fields: []procedure.Field{f}}
	b.Parts = append([]BlankPart{{Form: &procedure.Form{ID: procedure.FormID(procedure.RespondentField), Title: part.Title, Parts: []procedure.Part{*part}}, Part: part, Values: procedure.Values{procedure.RespondentField: typed[procedure.RespondentField]},
		Known: map[procedure.FieldID]bool{}, Shown: map[procedure.FieldID]rules.Shown{}, Asked: map[procedure.FieldID]bool{procedure.RespondentField: true}}}, b.Parts...)
}
