package workflows

import (
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/seeds"
)

// LoadWrittenOut reads a procedure in which an action is written in each of its states, as [Edition.WrittenOut] prints it.
func LoadWrittenOut(file string, data []byte, forms map[procedure.FormID]*procedure.Form) (*procedure.Definition, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := newReader(file, forms)
	d := r.definition(root)
	d.Posts = seeds.Posts()
	d.Bind()
	return d, r.Err()
}
