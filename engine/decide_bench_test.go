package engine_test

import (
	"io"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/seeds/scenario"
)

// typical is an action about to be taken in a labour case with some twenty events behind it.
func typical(t testing.TB, do procedure.ActionID) (*stage, *procedure.Edition, *casefile.Case, casefile.Command) {
	t.Helper()
	s := newStage(t, brought)
	sc := read(t, "../testdata/findings/labour-fine.yaml")
	n := 0
	for sc.Steps[n].Do != do {
		n++
	}
	next := sc.Steps[n]
	sc.Steps = sc.Steps[:n]
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: s.Engine, At: s.now}, io.Discard); err != nil {
		t.Fatal(err)
	}
	s.on(next.Date)
	crew := map[procedure.Actor][]office.PersonID{}
	for post, names := range sc.People {
		for _, name := range names {
			crew[post] = append(crew[post], office.PersonID(name))
		}
	}
	cmd := casefile.Command{Case: 1, Action: do, Actor: crew[procedure.Actor(next.As)][0], Values: procedure.Values{}}
	for k, v := range next.With {
		cmd.Values[k] = v
	}
	var err error
	if cmd.Values, _, err = specimen.Samples(s.Engine, cmd, crew); err != nil {
		t.Fatal(err)
	}
	c := s.snapshot(t, 1)
	return s, s.edition(t, c.Edition), c, cmd
}

// BenchmarkDecide decides and applies one action, without a store. The target for the first two is 30 µs and 100
// allocations; the others number documents and set a fact for each.
func BenchmarkDecide(b *testing.B) {
	for _, do := range []procedure.ActionID{"pass-proposal", "finish-notice", "confirm-decision", "record-service"} {
		b.Run(string(do), func(b *testing.B) {
			s, ed, c, cmd := typical(b, do)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Decide(s.Engine, ed, c, cmd); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
