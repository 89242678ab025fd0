package decide

import (
	"slices"
	"strings"
	"testing"

	"dossier/engine/procedure"
)

func TestMachine(t *testing.T) {
	to := func(s ...procedure.StateID) procedure.Choice[procedure.StateID] {
		var c procedure.Choice[procedure.StateID]
		for i, x := range s {
			o := procedure.Option[procedure.StateID]{Value: x}
			if i < len(s)-1 {
				o.When = &procedure.Test{}
			}
			c = append(c, o)
		}
		return c
	}
	here := procedure.State{ID: "here", Actions: []procedure.Action{
		{ID: "fork", To: to("left", "right")}, {ID: "stay"}, {ID: "loop", To: to("here")}, {ID: "go", To: to("left")}}}
	walk := procedure.Walk{ID: "walk", States: []procedure.State{here, {ID: "left"}, {ID: "right"}}}
	at := func(id procedure.ActionID) Spot { return Spot{Def: &walk, State: &here, Action: here.Action(id)} }

	tests := []struct {
		name   string
		sp     Spot
		chosen procedure.StateID
		take   procedure.ActionID
		want   procedure.StateID
		err    string
	}{
		{name: "the first option", sp: at("fork"), chosen: "left", take: "fork", want: "left"},
		{name: "the last option", sp: at("fork"), chosen: "right", take: "fork", want: "right"},
		{name: "an action without a target stays", sp: at("stay"), take: "stay", want: "here"},
		{name: "a target that is the state itself stays", sp: at("loop"), chosen: "here", take: "loop", want: "here"},
		{name: "the opening comes from nowhere", sp: Spot{Def: &walk, Action: &procedure.Action{ID: "open", To: to("here")}}, chosen: "here", take: "open", want: "here"},
		{name: "a target that the action does not name", sp: at("go"), chosen: "right", take: "go", err: "it has: fork loop stay"},
		{name: "an action that the state does not have", sp: at("go"), chosen: "left", take: "fly", err: `"here" cannot take fly (it has: fork go loop stay)`},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			got, err := x.sp.machine(x.chosen).take(x.take)
			switch {
			case x.err == "" && err != nil:
				t.Fatal(err)
			case x.err != "" && (err == nil || !strings.Contains(err.Error(), x.err)):
				t.Fatalf("error %v, want one with %s", err, x.err)
			case got != x.want:
				t.Errorf("the walk is in %q, want %q", got, x.want)
			}
		})
	}
	if got := at("go").machine("left").exits(); !slices.Equal(got, []string{"fork", "go", "loop", "stay"}) {
		t.Errorf("exits %v", got)
	}
}

func BenchmarkMachine(b *testing.B) {
	s := procedure.State{ID: "here"}
	for _, id := range []procedure.ActionID{"one", "two", "three", "four", "five"} {
		s.Actions = append(s.Actions, procedure.Action{ID: id, To: procedure.One(procedure.StateID("there"))})
	}
	sp := Spot{Def: &procedure.Walk{}, State: &s, Action: &s.Actions[2]}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sp.machine("there").take("three"); err != nil {
			b.Fatal(err)
		}
	}
}
