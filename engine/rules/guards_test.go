package rules

import (
	"strings"
	"testing"

	"dossier/engine/procedure"
)

// What the closed list of guards asks for has an example that shows it, and each guard of the engine is in the list.
func TestEveryGuardSaysWhatItIsGiven(t *testing.T) {
	for name, shape := range procedure.GuardArgs {
		ways := 0
		for _, set := range []bool{shape.One != "", shape.Many != "", len(shape.Named) > 0} {
			if set {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("guard %s is given in %d ways", name, ways)
		}
		if !strings.HasPrefix(shape.Example(name), "{"+name+": ") {
			t.Errorf("guard %s: %s", name, shape.Example(name))
		}
		if guardSpecs[name].check == nil || shape.Doc == "" {
			t.Errorf("guard %s has no function or no words", name)
		}
	}
	for name := range guardSpecs {
		if _, ok := procedure.GuardArgs[name]; !ok {
			t.Errorf("guard %s: what is it given?", name)
		}
	}
}
