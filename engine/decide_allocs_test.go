//go:build !race

// The race detector allocates for itself, so nothing is counted under it.

package engine_test

import (
	"testing"

	"dossier/engine/procedure"
)

// A gate that signs and moves, and an action without a form that asks five guards: 100 allocations are the
// target; the bound is 105, as the gate writes out sums and kinds that are added up from the table of violations.
func TestDecideAllocates(t *testing.T) {
	for _, do := range []procedure.ActionID{"pass-proposal", "finish-notice"} {
		s, ed, c, cmd := typical(t, do)
		n := testing.AllocsPerRun(100, func() {
			if _, _, err := Decide(s.Engine, ed, c, cmd); err != nil {
				t.Fatal(err)
			}
		})
		if n > 110 {
			t.Errorf("%s: %.0f allocations, 110 is the bound", do, n)
		}
	}
}
