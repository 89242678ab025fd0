package documents_test

import (
	"testing"

	"dossier/documents"
	"dossier/engine/specimen"
	"dossier/seeds/fixture"
)

// TestLastPageIsNoRemnant: what turns over to a last page is more than who signs.
func TestLastPageIsNoRemnant(t *testing.T) {
	all := fixture.Brought(t).Blanks
	r, seen := documents.NewRenderer(all), 0
	for id, b := range all {
		if b.Print == nil {
			continue
		}
		s := specimen.SpecimenSheet(b.Form, specimen.UsualSpecimen)
		s.Settings = func(string) string { return "本局设定" }
		pdf, err := r.Render(s)
		if err != nil {
			t.Fatal(err)
		}
		if n, lines := fixture.LastPage(t, pdf, s.Code); n > 1 {
			seen++
			if len(lines) < 5 {
				t.Errorf("%s leaves %d lines on its last page: %q", id, len(lines), lines)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d papers have a second page", seen)
	}
}
