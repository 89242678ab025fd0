package documents

import (
	"bytes"
	"testing"
	"testing/fstest"

	"dossier/documents/fonts"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// An office's own font is read, judged and printed with, by the setting of the day; what it lacks is printed with ours.
func TestOwnFont(t *testing.T) {
	own, err := fonts.WebFont(fonts.WebBlocks()[0]) // some font file with few characters
	if err != nil {
		t.Fatal(err)
	}
	dir := fstest.MapFS{"own.ttf": {Data: own}, "text.ttf": {Data: []byte("no font at all")}, "set.ttc": {Data: append([]byte("ttcf"), make([]byte, 20)...)}}
	blanks, err := Blanks(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	r := NewRenderer(blanks).WithFonts(dir)
	for _, tt := range []struct{ file, why string }{{"own.ttf", ""}, {"text.ttf", "font.kind"}, {"set.ttc", "font.kind"}, {"none.ttf", "font.file"}, {"../own.ttf", "font.file"}} {
		lacks, why := r.Font(tt.file)
		if why != tt.why {
			t.Errorf("%s: %q, want %q", tt.file, why, tt.why)
		}
		if why == "" && len(lacks) < 6000 {
			t.Errorf("%s lacks %d usual characters, nearly all were expected", tt.file, len(lacks))
		}
	}
	if _, why := NewRenderer(blanks).Font("own.ttf"); why != "font.file" {
		t.Errorf("without a folder: %q", why)
	}
	s := specimen.SpecimenSheet(blanks[procedure.FormID("LJ24")].Form, specimen.UsualSpecimen)
	s.Settings = func(string) string { return "" }
	ours, err := r.Render(s)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]error{}
	r.TellFonts(func(file string, err error) { told[file] = err })
	s.Settings = func(name string) string { return map[string]string{"font/text": "late.ttf"}[name] }
	if pdf, err := r.Render(s); err != nil || !bytes.Equal(pdf, ours) {
		t.Errorf("a font that is gone changes the paper, or stops it: %v", err)
	}
	if told["late.ttf"] == nil {
		t.Error("nobody is told that a font is gone")
	}
	dir["late.ttf"] = dir["own.ttf"]
	if l := r.library(s); l == fonts.Standard() || told["late.ttf"] != nil {
		t.Errorf("a font that is back isn't printed with, or still told as gone: %v", told["late.ttf"])
	}
	s.Settings = func(name string) string { return map[string]string{"font/text": "own.ttf"}[name] }
	if l := r.library(s); l == fonts.Standard() || l != r.library(s) {
		t.Error("the office's font isn't in the library of the sheet, or is opened for each")
	}
	if _, why := r.Font("typo.ttf"); why == "" || told["typo.ttf"] != nil {
		t.Error("a font that was refused is told as one in use")
	}
	if pdf, err := r.Render(s); err != nil || len(pdf) == 0 {
		t.Errorf("printed with the office's font: %v", err)
	}
}
