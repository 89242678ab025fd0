package scenario_test

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
	"dossier/workflows"
)

// A case whose three respondents stand at three places goes to a new version with each of them where it stands, its clocks
// and what it owes; a version that lacks the place of one of them is refused, though the case's own state is there.
func TestThreePlacesMoveToANewVersion(t *testing.T) {
	st := fixture.Bolt(t)
	stage := stageOn(t, st)
	data, err := os.ReadFile("../../testdata/labour-three-places.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read("labour-three-places.yaml", data, calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	reviewed := slices.IndexFunc(s.Steps, func(x scenario.Step) bool { return x.Do == "record-review" })
	if reviewed < 0 {
		t.Fatal("the story has no review")
	}
	s.Steps = s.Steps[:reviewed+1]
	if err := scenario.Play(t.Context(), s, stage, io.Discard); err != nil {
		t.Fatal(err)
	}
	before, err := stage.Engine.Read(1)
	if err != nil {
		t.Fatal(err)
	}
	if !before.Case.Apart() || len(before.Case.Standing(before.Edition.Def)) < 2 {
		t.Fatalf("the respondents stand at %v", before.Case.Places)
	}

	lacking := on(t, st, *stage.At, next(t, "under-review", "being-reviewed"))
	moved, err := change.MoveVersion(t.Context(), lacking, "", 1, 0, "责任清单修订")
	if e := refusal.As(err); moved || e == nil || len(e.Conditions) == 0 || e.Conditions[0].Code != change.LacksState || e.Conditions[0].Args["state"] != "under-review" {
		t.Errorf("a version without the place of one of them: %v, %v", moved, err)
	}

	e := on(t, st, *stage.At, next(t))
	if moved, err := change.MoveVersion(t.Context(), e, "", 1, 0, "责任清单修订"); !moved || err != nil {
		t.Fatalf("moved %v, %v", moved, err)
	}
	after, err := e.Read(1)
	if err != nil {
		t.Fatal(err)
	}
	if after.Case.Version != before.Case.Version+1 || !slices.Equal(after.Case.Places, before.Case.Places) {
		t.Errorf("version %d, they stand at %v, before at %v", after.Case.Version, after.Case.Places, before.Case.Places)
	}
	if was, now := running(stage.Engine, before.Edition, before.Case), running(e, after.Edition, after.Case); !slices.Equal(was, now) {
		t.Errorf("the clocks are %v, before %v", now, was)
	}
}

// running are the clocks of a case, by party.
func running(e *engine.Engine, ed *procedure.Edition, c *casefile.Case) []string {
	var out []string
	for _, r := range rules.NewView(ed, e.Office(), c, e.Today(), e.Today()).Clocks() {
		out = append(out, strings.Join([]string{string(r.ID), strings.Join(r.Parties, "、"), r.Due.String()}, " "))
	}
	return out
}

// next is the labour case's next version, with these texts, old and new, replaced.
func next(t *testing.T, changes ...string) *procedure.Edition {
	t.Helper()
	c := fixture.Brought(t)
	data, err := os.ReadFile("../../workflows/labour-case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := strings.NewReplacer(append([]string{"\nversion: 2\n", "\nversion: 3\n"}, changes...)...).Replace(string(data))
	l, err := workflows.Open("labour-case.yaml", []byte(source), c.Forms, seeds.Posts()...)
	if err != nil {
		t.Fatal(err)
	}
	return l.With(c.Forms)
}

// on is an engine on the store with another edition beside those that the program brings.
func on(t *testing.T, st ledger.Store, at time.Time, ed *procedure.Edition) *engine.Engine {
	t.Helper()
	c := fixture.Brought(t)
	config := fixture.Config(st, func() time.Time { return at }, append(slices.Clone(c.Editions), ed)...)
	config.Renderer = documents.NewRenderer(c.Blanks)
	e, err := engine.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
