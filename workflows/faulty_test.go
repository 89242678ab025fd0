package workflows_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/workflows"

	"dossier/engine/text"
)

var update = flag.Bool("update", false, "write testdata/faulty/*.want instead of comparing")

// soundForms gives the forms of testdata/sound, which have no fault.
func soundForms(t testing.TB) map[procedure.FormID]*procedure.Form {
	t.Helper()
	forms, err := readSoundForms()
	if err != nil {
		t.Fatalf("the sound forms:\n%v", err)
	}
	return maps.Clone(forms)
}

var readSoundForms = sync.OnceValues(func() (map[procedure.FormID]*procedure.Form, error) {
	return documents.Load(os.DirFS("../testdata/sound/forms"))
})

func slurp(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSoundProcedureHasNoFault(t *testing.T) {
	forms := soundForms(t)
	e, err := workflows.Open("sound.yaml", slurp(t, "../testdata/sound/sound.yaml"), forms)
	if err != nil {
		t.Fatalf("faults:\n%v", err)
	}
	if err := e.Against("sound.yaml", nil, forms); err != nil {
		t.Fatalf("faults:\n%v", err)
	}
}

// Each file of testdata/faulty differs from a sound one by one fault; the wanted messages stand beside it.
func TestEveryFaultIsToldWithPlaceAndHint(t *testing.T) {
	names, err := filepath.Glob("../testdata/faulty/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no faulty files: %v", err)
	}
	sound := slurp(t, "../testdata/sound/sound.yaml")
	for _, name := range names {
		base := filepath.Base(name)
		t.Run(strings.TrimSuffix(base, ".yaml"), func(t *testing.T) {
			forms, data := soundForms(t), slurp(t, name)
			var faults text.Faults
			file, yaml := base, data
			if strings.HasPrefix(base, "form-") {
				faults = documents.Check([]string{base}, map[string][]byte{base: data}, forms)
				file, yaml = "sound.yaml", sound
			}
			if len(faults) == 0 {
				e, err := workflows.Open(file, yaml, forms)
				if err == nil {
					err = e.Against(file, []*workflows.Edition{e}, forms)
				}
				if err != nil {
					faults = err.(text.Faults)
				}
			}
			if len(faults) == 0 {
				t.Fatal("no fault is told")
			}
			for _, f := range faults {
				if f.Line < 1 || f.Col < 1 {
					t.Errorf("a fault without a place: %v", f)
				}
			}
			golden(t, strings.TrimSuffix(name, ".yaml")+".want", faults.Error()+"\n")
		})
	}
}

// golden compares with the wanted text; -update writes it, a missing one fails.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run the test with -update, read what it wrote, keep it if it is right", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("other faults (-want +got):\n%s", diff)
	}
}

func TestNoWantedMessageWithoutItsFile(t *testing.T) {
	wants, err := filepath.Glob("../testdata/faulty/*.want")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		if _, err := os.Stat(strings.TrimSuffix(want, ".want") + ".yaml"); err != nil {
			t.Errorf("%s has no file: %v", want, err)
		}
	}
}
