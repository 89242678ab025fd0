package engine_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
	"dossier/store/bolt"
	"dossier/workflows"
)

// cal is the calendar of the years that the program brings.
var cal = fixture.Calendar

// some is the whole of a list, with -short each fifth of it: `make race` repeats no more than it needs to see what runs
// beside each other.
func some[T any](list []T) []T {
	if !testing.Short() {
		return list
	}
	var out []T
	for i := 0; i < len(list); i += 5 {
		out = append(out, list[i])
	}
	return out
}

// glyphless is a renderer that draws next to nothing. It has no glyph for the characters in its text.
type glyphless string

func (p glyphless) Render(s paper.Sheet) ([]byte, error) { return json.Marshal(s.Values) }

func (p glyphless) Deadline(s paper.DeadlineSheet) ([]byte, error) { return json.Marshal(s.Segments) }

func (p glyphless) Inspect(name string, data []byte) (string, error) { return "text/plain", nil }

func (p glyphless) Missing(text string) []rune {
	var out []rune
	for _, r := range text {
		if slices.Contains([]rune(p), r) {
			out = append(out, r)
		}
	}
	return out
}

// editions reads the procedures of a folder with the forms of another.
func editions(procedures, blanks fs.FS) ([]*procedure.Edition, error) {
	forms, err := documents.Load(blanks)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(procedures, "*.yaml")
	if err != nil {
		return nil, err
	}
	var eds []*procedure.Edition
	for _, name := range names {
		data, err := fs.ReadFile(procedures, name)
		if err != nil {
			return nil, err
		}
		l, err := workflows.Open(name, data, forms)
		if err != nil {
			return nil, err
		}
		eds = append(eds, l.With(forms))
	}
	return eds, nil
}

// brought are the procedures that the program brings; scratch are those of testdata, made to be tested.
var (
	brought = sync.OnceValues(func() ([]*procedure.Edition, error) {
		return editions(workflows.Embedded(), documents.Embedded())
	})
	scratch = sync.OnceValues(func() ([]*procedure.Edition, error) {
		return editions(os.DirFS("testdata/procedures"), os.DirFS("testdata/forms"))
	})
)

// stage is an engine on a bbolt folder of the test's own, whose time the test sets.
type stage struct {
	*engine.Engine
	store *bolt.Store
	now   *time.Time
}

// newStage opens a stage with these procedures. It begins on 2 March 2026, a Monday.
func newStage(t testing.TB, read func() ([]*procedure.Edition, error)) *stage {
	t.Helper()
	eds, err := read()
	if err != nil {
		t.Fatal(err)
	}
	st := fixture.Bolt(t)
	s := &stage{store: st, now: new(time.Time)}
	s.on(calendar.Of(2026, 3, 2))
	c := fixture.Config(st, func() time.Time { return *s.now }, eds...)
	c.Renderer, c.Settings = glyphless("☃"), settings()
	s.Engine, err = engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settings are the office's, with those that only the scratch procedures name.
func settings() map[string][]office.SettingRow {
	m := seeds.CountySettings()
	m["scratch-days"] = []office.SettingRow{{Value: "3 workdays"}, {From: calendar.Of(2026, 4, 1), Value: "4 workdays"}}
	m["scratch-limit"] = []office.SettingRow{{Value: "100.00"}}
	return m
}

// on sets the time to nine in the morning of a day.
func (s *stage) on(d calendar.Date) {
	y, m, day := d.YMD()
	*s.now = time.Date(y, time.Month(m), day, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))
}

// play plays a scenario on the stage and gives its cases' player output to the log when it fails.
func (s *stage) play(t testing.TB, file string) {
	t.Helper()
	if err := scenario.Play(t.Context(), read(t, file), &scenario.Stage{Engine: s.Engine, At: s.now, Registry: fixture.Registry(t, s.Engine)}, t.Output()); err != nil {
		t.Fatal(err)
	}
}

// read reads a scenario.
func read(t testing.TB, file string) *scenario.Scenario {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scenario.Read(filepath.Base(file), data, calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// edition finds the edition that a case pins.
func (s *stage) edition(t testing.TB, hash string) *procedure.Edition {
	t.Helper()
	for _, ed := range s.Editions {
		if ed.Hash == hash {
			return ed
		}
	}
	t.Fatalf("no edition %s", hash)
	return nil
}

// snapshot is a case as it is stored.
func (s *stage) snapshot(t testing.TB, id casefile.CaseID) *casefile.Case {
	t.Helper()
	snap, err := s.store.Case(id)
	if err != nil {
		t.Fatal(err)
	}
	c := &casefile.Case{}
	if err := json.Unmarshal(snap.Data, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// cases is how many cases the store has.
func (s *stage) cases(t testing.TB) casefile.CaseID {
	t.Helper()
	n, err := s.store.Counter("case")
	if err != nil {
		t.Fatal(err)
	}
	return casefile.CaseID(n)
}
