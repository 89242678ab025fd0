package scenario_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/seeds/scenario"
	"dossier/store/bolt"
	"dossier/workflows"
)

// county is what the program brings, read once.
type county struct {
	blanks   map[procedure.FormID]*documents.Blank
	editions []*procedure.Edition
}

var brought = sync.OnceValues(func() (*county, error) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		return nil, err
	}
	forms := map[procedure.FormID]*procedure.Form{}
	for id, b := range blanks {
		forms[id] = b.Form
	}
	loaded, err := workflows.All(forms, nil)
	if err != nil {
		return nil, err
	}
	c := &county{blanks: blanks}
	for _, l := range loaded {
		ed := &procedure.Edition{Hash: l.Hash, Def: l.Definition, Forms: map[procedure.FormID]*procedure.Form{}}
		for _, id := range l.Definition.Forms() {
			ed.Forms[id] = forms[id]
		}
		c.editions = append(c.editions, ed)
	}
	return c, nil
})

// newStage is an engine on a bbolt folder of the test's own.
func newStage(t *testing.T) *scenario.Stage {
	t.Helper()
	st, err := bolt.Open(t.TempDir(), bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	return stageOn(t, st)
}

// stageOn is an engine on a store, which is closed when the test ends.
func stageOn(t *testing.T, st ledger.Store) *scenario.Stage {
	t.Helper()
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := brought()
	if err != nil {
		t.Fatal(err)
	}
	at := new(time.Time)
	e, err := engine.New(engine.Config{Store: st, Renderer: reader{documents.NewRenderer(c.blanks), t, map[procedure.FormID]string{}}, Editions: c.editions, Calendar: cal,
		Settings: seeds.Settings(), Book: seeds.Standards(), Clauses: seeds.Clauses(), Now: func() time.Time { return *at }})
	if err != nil {
		t.Fatal(err)
	}
	return &scenario.Stage{Engine: e, At: at}
}

// cal is the calendar of the years that the program brings.
var cal = calendar.New(seeds.Schedules()...)

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
