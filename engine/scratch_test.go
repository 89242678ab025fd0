package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"dossier/engine/procedure"
)

// The scenarios of testdata/play do what they say on the scratch procedures, and the record they leave proves itself.
func TestScratch(t *testing.T) {
	files, err := filepath.Glob("testdata/play/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, scratch)
			s.play(t, file)
			s.prove(t)
		})
	}
}

// Each guard of the language has an action that asks it, which some scenario takes and some scenario is refused.
func TestEveryGuardIsAsked(t *testing.T) {
	eds, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	asks := map[procedure.ActionID][]string{}
	for _, ed := range eds {
		ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
			for _, g := range a.Guards {
				asks[a.ID] = append(asks[a.ID], g.Name)
			}
		})
	}
	met, unmet := map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("testdata/play/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, st := range read(t, file).Steps {
			for _, name := range asks[st.Do] {
				if st.Expect.Refuse == "" {
					met[name] = true
				} else {
					unmet[name] = true
				}
			}
		}
	}
	for name := range procedure.GuardArgs {
		if !met[name] && name != "pending" {
			t.Errorf("no scenario takes an action whose guard %s holds", name)
		}
		if !unmet[name] {
			t.Errorf("no scenario is refused by the guard %s", name)
		}
	}
}
