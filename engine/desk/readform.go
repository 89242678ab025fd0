package desk

import (
	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// ReadForm reads what was typed into a form that belongs to no case, such as an object of the registry. It gives the values
// as they are kept, and every fault.
func ReadForm(e *engine.Engine, f *procedure.Form, given procedure.Values) (procedure.Values, []refusal.FieldFault) {
	ed := &procedure.Edition{Def: &procedure.Definition{}, Forms: map[procedure.FormID]*procedure.Form{f.ID: f}}
	r := &filling.Reader{View: rules.NewView(ed, e.Office(), &casefile.Case{}, e.Today(), e.Today()), Missing: e.Renderer.Missing}
	var parts []*procedure.Part
	for i := range f.Parts {
		parts = append(parts, &f.Parts[i])
	}
	return r.Read(nil, parts, given), r.Faults
}
