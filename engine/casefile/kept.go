package casefile

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"dossier/engine/procedure"
)

// Identities are the names and telephones of who came to the office, as the case's confidential texts have them: wherever else
// they stand, they tell who it was. They are sorted, the longest first.
func Identities(ed *procedure.Edition, shared procedure.Values) []string {
	var all []string
	for _, form := range ed.Forms {
		for _, p := range form.Parts {
			for i := range p.Fields {
				f := &p.Fields[i]
				if !f.Secret || !f.Shared || f.Shows != nil || f.Type != procedure.Text && f.Type != procedure.Phone {
					continue
				}
				for _, s := range strings.FieldsFunc(shared[f.ID].Text, func(r rune) bool { return strings.ContainsRune("、，,；; ", r) }) {
					if utf8.RuneCountInString(s) > 1 && s != Mask {
						all = append(all, s)
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// Tells tells whether a value names one of the identities.
func Tells(v procedure.Value, identities []string) bool {
	return len(identities) > 0 && !unnamed(v, identities).Equal(v)
}

// unnamed is a value with the mask over the identities in it.
func unnamed(v procedure.Value, identities []string) procedure.Value {
	v.Text = unsaid(v.Text, identities)
	if v.List != nil {
		v.List = slices.Clone(v.List)
		for i := range v.List {
			v.List[i] = unsaid(v.List[i], identities)
		}
	}
	if v.Rows != nil {
		v.Rows = slices.Clone(v.Rows)
		for i, row := range v.Rows {
			v.Rows[i] = maps.Clone(row)
			for id, s := range row {
				v.Rows[i][id] = unsaid(s, identities)
			}
		}
	}
	return v
}

// unsaid is a text with the mask over the identities in it.
func unsaid(s string, identities []string) string {
	for _, name := range identities {
		s = strings.ReplaceAll(s, name, Mask)
	}
	return s
}

func unnamedAll(vs procedure.Values, identities []string) {
	if len(identities) == 0 {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(vs)) {
		vs[id] = unnamed(vs[id], identities)
	}
}

func unnamedFiles(files []Attachment, identities []string) {
	for i := range files {
		files[i].Name, files[i].Proves = unsaid(files[i].Name, identities), unsaid(files[i].Proves, identities)
	}
}
