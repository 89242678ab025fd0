package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"dossier/documents"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/specimen"
	"dossier/engine/strictyaml"
)

//go:embed extremes.yaml
var extremesFile []byte

// extreme is a usual specimen of which something is as long as it gets, or another party than usual: extremes.yaml.
type extreme struct {
	Form  procedure.FormID                          `yaml:"form,required"`
	Party string                                    `yaml:"party"`
	Say   map[procedure.FieldID]string              `yaml:"say"`
	Long  map[procedure.FieldID]int                 `yaml:"long"` // a table's rows; how often a text is said
	Rows  map[procedure.FieldID][]map[string]string `yaml:"rows"`
}

// extremes draws what extremes.yaml names.
func extremes(blanks map[procedure.FormID]*documents.Blank) ([][]byte, error) {
	const file = "documents/papers/extremes.yaml"
	root, err := strictyaml.Parse(file, extremesFile)
	if err != nil {
		return nil, err
	}
	var all []extreme
	d := strictyaml.NewDecoder(file)
	d.Into(root, &all)
	if err := d.Err(); err != nil {
		return nil, err
	}
	var drawn [][]byte
	for _, x := range all {
		b := blanks[x.Form]
		if b == nil {
			return nil, fmt.Errorf(file+": no form %s", x.Form)
		}
		pdf, err := print(blanks, x.sheet(blanks, b))
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, pdf)
	}
	return drawn, nil
}

// sheet is the usual specimen with other samples.
func (x extreme) sheet(blanks map[procedure.FormID]*documents.Blank, b *documents.Blank) paper.Sheet {
	form := *b.Form
	form.Parts = slices.Clone(form.Parts)
	for i := range form.Parts {
		fields := slices.Clone(form.Parts[i].Fields)
		for j := range fields {
			f := &fields[j]
			if said, ok := x.Say[f.ID]; ok {
				f.Sample = procedure.One(procedure.Sample{Text: said})
			}
			if rows := x.Rows[f.ID]; rows != nil {
				f.Sample = procedure.One(procedure.Sample{Rows: rows})
			}
			if n := x.Long[f.ID]; n > 0 && len(f.Sample) > 0 {
				f.Sample = procedure.One(stretched(f.Sample[len(f.Sample)-1].Value, n))
			}
		}
		form.Parts[i].Fields = fields
	}
	s := filled(&form, blanks, specimen.UsualSpecimen)
	if x.Party != "" {
		s.Party = x.Party
	}
	for _, p := range form.Parts {
		for _, f := range p.Fields {
			if said, ok := x.Say[f.ID]; ok && f.Shows != nil {
				s.Values[f.ID] = rules.Shown{Text: said, Value: procedure.TextValue(said)}
			}
			if f.Type == procedure.Respondent {
				s.Values[f.ID] = rules.Shown{Text: s.Party, Value: procedure.TextValue(s.Party)}
			}
		}
	}
	return s
}

// stretched is a sample of so many rows, or said so often.
func stretched(s procedure.Sample, n int) procedure.Sample {
	s.Text = strings.Repeat(s.Text, n)
	var rows []map[string]string
	for i := range min(n, n*len(s.Rows)) {
		rows = append(rows, s.Rows[i%len(s.Rows)])
	}
	s.Rows = rows
	return s
}
