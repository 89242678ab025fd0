package workflows_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"dossier/engine/procedure/diagram"
	"dossier/workflows"

	"dossier/engine/text"
)

// Whatever stands in a file, the loader answers faults with places, or a procedure that every drawing takes.
func FuzzLoad(f *testing.F) {
	f.Add(slurp(f, "../testdata/sound/sound.yaml"))
	faulty, err := filepath.Glob("../testdata/faulty/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range faulty {
		f.Add(slurp(f, name))
	}
	for _, s := range []string{"", "walk: [[]]", "open: {to: [{else: }]}", "clocks: {a: {from: {first-of: {x: y}}}}", "facts: {a: {shift: {b: c}}}",
		"walk: [{state: a, actions: [{guards: [{set: }]}]}]", "side-walks: {a: {walk: []}}"} {
		f.Add([]byte(s))
	}
	forms := soundForms(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := workflows.Load("fuzz.yaml", data, forms)
		if err != nil {
			faults, ok := err.(text.Faults)
			if !ok || len(faults) == 0 || d != nil {
				t.Fatalf("no faults but %T %v", err, err)
			}
			lines := bytes.Count(data, []byte("\n")) + 1
			for _, fault := range faults {
				if fault.Line < 1 || fault.Line > lines+1 || fault.Col < 1 || fault.Message == "" {
					t.Errorf("a fault without a place or a word: %#v", fault)
				}
			}
			return
		}
		for _, as := range diagram.DiagramFormats {
			drawn, err := diagram.Diagram(d, as)
			if err != nil {
				t.Fatalf("%s: %v", as, err)
			}
			if as == "json" && !json.Valid(drawn) {
				t.Fatalf("no JSON: %s", drawn)
			}
		}
	})
}
