package desk

import (
	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// BlankPDF prints a form that belongs to no procedure, filled with these values and with what the case shows, for whoever
// may see the case. It is no document: it bears no number, and nothing is recorded. The values' texts stand as they are.
func BlankPDF(e *engine.Engine, who office.PersonID, id casefile.CaseID, form procedure.FormID, values procedure.Values) ([]byte, error) {
	d, t, _, err := e.Look(who, id)
	if err != nil {
		return nil, err
	}
	return blank(e, form, rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today), values)
}

// NotePDF prints a form that needs no case, filled with these values. It is no document either.
func NotePDF(e *engine.Engine, form procedure.FormID, values procedure.Values) ([]byte, error) {
	none := &procedure.Edition{Def: &procedure.Definition{}}
	return blank(e, form, rules.NewView(none, e.Office(), &casefile.Case{}, e.Today(), e.Today()), values)
}

// blank draws a form that belongs to no procedure, as the view shows these values.
func blank(e *engine.Engine, form procedure.FormID, s *rules.View, values procedure.Values) ([]byte, error) {
	f := e.Blanks[form]
	if f == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "form", "id": string(form)})
	}
	s.Values = values
	sh := paper.Sheet{Form: f, Day: s.Today, CaseNumber: s.Case.Number(), Party: casefile.Party(s.Edition.Def, s.Case), Cause: casefile.Cause(s.Edition, s.Case),
		Bureau: s.Office.Seal(s.Edition.Def.ID, s.Today), Brigade: s.Office.Printed("brigade", s.Today),
		Values: map[procedure.FieldID]rules.Shown{}, Signed: map[procedure.PartID]paper.Signature{},
		Settings: func(name string) string { return s.Office.Printed(name, s.Today) }}
	for i := range f.Parts {
		p := &f.Parts[i]
		sig := paper.Signature{Values: map[procedure.FieldID]string{}}
		for j := range p.Fields {
			x := &p.Fields[j]
			v, ok := values[x.ID]
			if !ok && x.Shared {
				v = s.Case.Shared[x.ID]
			}
			shown := s.Show(x, v)
			if x.Shared && x.ID == s.Edition.Def.Terms.Cause {
				shown.Text = sh.Cause // a choice's own words
			}
			sh.Values[x.ID], sig.Values[x.ID] = shown, shown.Text
		}
		sh.Signed[p.ID] = sig
	}
	return e.Renderer.Render(sh)
}
