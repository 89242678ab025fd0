package demo

import (
	"context"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/seeds"
	"dossier/seeds/scenario"
	"dossier/store"
	"dossier/workflows"
)

func TestTime(t *testing.T) {
	st, _, all := county26(t, "2026-11-24")
	for _, p := range all {
		for n, id := range p.cases {
			v, err := st.Engine.View(context.Background(), engine.System, id)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(p.File, n, id, v.Case.Main(), v.Case.Numbers)
			for _, c := range v.Clocks {
				if c.State == engine.RunningClock || c.State == engine.OverdueClock {
					t.Log("    ", c.ID, c.State, c.Due, c.Remaining)
				}
			}
		}
	}
}

func county26(t *testing.T, day string) (*scenario.Stage, *calendar.Calendar, []played) {
	t.Helper()
	today, err := calendar.Parse(day)
	if err != nil {
		t.Fatal(err)
	}
	cal := calendar.New(seeds.Schedules()...)
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := workflows.All(forms, nil)
	if err != nil {
		t.Fatal(err)
	}
	var eds []*engine.Edition
	for _, l := range loaded {
		ed := &engine.Edition{Hash: l.Hash, Def: l.Definition, Forms: map[engine.FormID]*engine.Form{}}
		for _, id := range l.Definition.Forms() {
			ed.Forms[id] = forms[id]
		}
		eds = append(eds, ed)
	}
	st, err := store.Open("bolt:"+t.TempDir(), store.Options{Create: true, Owner: "test", NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	at := new(time.Time)
	e, err := engine.New(engine.Config{Store: st, Renderer: documents.NewRenderer(nil), Editions: eds, Calendar: cal, Settings: seeds.Settings(), Now: func() time.Time { return *at }})
	if err != nil {
		t.Fatal(err)
	}
	stage := &scenario.Stage{Engine: e, At: at}
	start := time.Now()
	all, err := fill(context.Background(), stage, today, cal, "x")
	t.Log("fill", time.Since(start))
	if err != nil {
		t.Fatal(err)
	}
	return stage, cal, all
}
