package engine

import "context"

// BlankPDF prints a form that belongs to no procedure, filled with these values and with what the case shows, for whoever
// may see the case. It is no document: it bears no number, and nothing is recorded. The values' texts stand as they are.
func (e *Engine) BlankPDF(_ context.Context, who PersonID, id CaseID, form FormID, values Values) ([]byte, error) {
	d, t, _, err := e.look(who, id)
	if err != nil {
		return nil, err
	}
	f := e.Blanks[form]
	if f == nil {
		return nil, fail(NotFound, Args{"what": "form", "id": string(form)})
	}
	s := newScope(d.ed, t.office, d.c, t.today, t.today)
	s.values = values
	sh := Sheet{Form: f, Day: t.today, CaseNumber: d.c.Number(), Party: d.c.Shared["employer"].Text, Cause: s.label("cause"),
		Bureau: t.office.Text("bureau", t.today), Brigade: t.office.Text("brigade", t.today),
		Values: map[FieldID]Shown{}, Signed: map[PartID]Signature{},
		Settings: func(name string) string { return t.office.Text(name, t.today) }}
	for i := range f.Parts {
		p := &f.Parts[i]
		sig := Signature{Values: map[FieldID]string{}}
		for j := range p.Fields {
			x := &p.Fields[j]
			v, ok := values[x.ID]
			if !ok && x.Shared {
				v = d.c.Shared[x.ID]
			}
			shown := s.show(x, v)
			if x.Shared && x.ID == "cause" {
				shown.Text = sh.Cause // a choice's own words
			}
			sh.Values[x.ID], sig.Values[x.ID] = shown, shown.Text
		}
		sh.Signed[p.ID] = sig
	}
	return e.Renderer.Render(sh)
}
