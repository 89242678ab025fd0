package scenario_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dossier/engine/calendar"
	"dossier/seeds/scenario"

	"dossier/engine/text"
)

// Whatever a scenario's file has in it, it is read or every fault is told with its place.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../../testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files[:4] {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range []string{"", "a", "workflow: x\nsteps: []", "workflow: x\nsteps: {}", "workflow: x\nsteps: [1]", "workflow: x\nsteps: [{}]",
		"workflow: x\npeople: [a]\nsteps: [{date: today}]", "workflow: x\nsteps: [{date: today-12wd, pass: maybe}]",
		"workflow: x\nsteps: [{date: today+999999999d, pass: true}]", "workflow: x\nsteps: [{date: today-999999999wd, pass: true}]",
		"workflow: x\nsteps: [{date: 2026-02-30, as: a, do: b, with: [1], due: 3, walks: [x], remaining: {a: b}, alerts: {a: b}}]",
		"workflow: x\npeople: {clerk: }\nsteps: [{date: today, as: , do: , with: {a: {b: c}}}]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := scenario.Read("x.yaml", data, calendar.Of(2026, 3, 2), cal)
		if err != nil {
			var faults text.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("not told as faults: %v", err)
			}
			for _, x := range faults {
				if x.Line < 1 || x.Col < 1 || x.Message == "" {
					t.Errorf("a fault without a place: %+v", x)
				}
			}
			return
		}
		for i, st := range s.Steps {
			if st.Date == 0 || st.Do == "" && !st.Pass || st.Do != "" && st.As == "" {
				t.Errorf("step %d is read and does nothing: %+v", i+1, st)
			}
		}
	})
}
