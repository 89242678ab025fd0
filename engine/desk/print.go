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
	f := e.Blanks[form]
	if f == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "form", "id": string(form)})
	}
	s := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	s.Values = values
	sh := paper.Sheet{Form: f, Day: t.Today, CaseNumber: d.Case.Number(), Party: casefile.Party(d.Edition.Def, d.Case), Cause: s.Label(s.Edition.Def.Terms.Cause),
		Bureau: t.Office.Text("bureau", t.Today), Brigade: t.Office.Text("brigade", t.Today),
		Values: map[procedure.FieldID]rules.Shown{}, Signed: map[procedure.PartID]paper.Signature{},
		Settings: func(name string) string { return t.Office.Text(name, t.Today) }}
	for i := range f.Parts {
		p := &f.Parts[i]
		sig := paper.Signature{Values: map[procedure.FieldID]string{}}
		for j := range p.Fields {
			x := &p.Fields[j]
			v, ok := values[x.ID]
			if !ok && x.Shared {
				v = d.Case.Shared[x.ID]
			}
			shown := s.Show(x, v)
			if x.Shared && x.ID == d.Edition.Def.Terms.Cause {
				shown.Text = sh.Cause // a choice's own words
			}
			sh.Values[x.ID], sig.Values[x.ID] = shown, shown.Text
		}
		sh.Signed[p.ID] = sig
	}
	return e.Renderer.Render(sh)
}
