package workflows

import (
	"dossier/engine/grammar"
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
	r := &reader{Reader: grammar.New(file), forms: forms}
	d := r.definition(root)
	d.Posts = seeds.Posts()
	return d, r.Err()
}
