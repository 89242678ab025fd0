package scenario_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

// newStage is an engine on a bbolt folder of the test's own.
func newStage(t *testing.T) *scenario.Stage {
	t.Helper()
	return stageOn(t, fixture.Bolt(t))
}

// stageOn is an engine on a store.
func stageOn(t *testing.T, st ledger.Store) *scenario.Stage {
	t.Helper()
	c := fixture.Brought(t)
	at := new(time.Time)
	config := fixture.Config(st, func() time.Time { return *at }, c.Editions...)
	config.Renderer = reader{documents.NewRenderer(c.Blanks), t, map[procedure.FormID]string{}}
	e, err := engine.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return &scenario.Stage{Engine: e, At: at, Registry: fixture.Registry(t, e)}
}

// cal is the calendar of the years that the program brings.
var cal = fixture.Calendar

// Every scenario of testdata does, step by step, what it says; and together they try every condition of every gate.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	tried := newTrials(t)
	t.Cleanup(func() { tried.check(t, len(files)) }) // when the last of them is played
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := scenario.Read(filepath.Base(file), data, calendar.Of(2026, 3, 2), cal)
			if err != nil {
				t.Fatal(err)
			}
			var told bytes.Buffer
			stage := newStage(t)
			stage.Watch = tried.watch
			if err := scenario.Play(t.Context(), s, stage, &told); err != nil {
				t.Errorf("%v\n%s", err, told.String())
				return
			}
			tried.played()
		})
	}
}
