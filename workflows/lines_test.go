package workflows_test

import (
	"strings"
	"testing"

	"dossier/engine/procedure"
)

// Each action, clock and fact of each procedure is found in its text, on the line that names it.
func TestLines(t *testing.T) {
	_, editions := theOffice(t)
	for _, e := range editions {
		text, lines := strings.Split(string(e.Source), "\n"), e.Lines()
		at := func(kind, id string) {
			t.Helper()
			n := lines[kind+"/"+id]
			if n == 0 || !strings.Contains(text[n-1], id) {
				t.Errorf("%s: %s %s is told to stand on line %d", e.Definition.ID, kind, id, n)
			}
		}
		e.Definition.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) { at("action", string(a.ID)) })
		for _, f := range e.Definition.Facts {
			at("fact", string(f.ID))
		}
		for _, c := range e.Definition.Clocks {
			at("clock", string(c.ID))
		}
		for _, w := range e.Definition.Sides {
			for _, c := range w.Clocks {
				at("clock", string(c.ID))
			}
		}
	}
}
