package workflows_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/workflows"
)

// soundWith loads the sound procedure with these lines among the actions of the state `working`.
func soundWith(t *testing.T, lines string) *procedure.State {
	t.Helper()
	text := strings.Replace(string(slurp(t, "../testdata/sound/sound.yaml")), "      - {do: take-silence,", lines+"\n      - {do: take-silence,", 1)
	d, err := workflows.Load("sound.yaml", []byte(text), soundForms(t))
	if err != nil {
		t.Fatal(err)
	}
	return d.Main.State("working")
}

func TestActionStandsAgainByItsID(t *testing.T) {
	submit := soundWith(t, "      - submit").Action("submit")
	if submit == nil || submit.Title.ZH != "报批" || len(submit.By.Values()[0]) != 2 || submit.Form.Values()[0].Form != "A01" || len(submit.To) != 1 {
		t.Errorf("not the same action: %+v", submit)
	}
}

// What is written beside `again` stands in the place of what the action has where it is written, whole; none takes it away.
func TestActionStandsAgainWithWhatDiffers(t *testing.T) {
	a := soundWith(t, "      - {again: submit, by: [leader], to: none, guards: [{set: filed, law: [reg/17]}], law: [ours], why: 测试}").Action("submit")
	if a == nil {
		t.Fatal("it doesn't stand there")
	}
	if by := a.By.Values(); len(by) != 1 || len(by[0]) != 1 || by[0][0] != "leader" {
		t.Errorf("by: %v", by)
	}
	if len(a.To) != 0 {
		t.Errorf("it leads on: %v", a.To)
	}
	if len(a.Guards) != 1 || a.Guards[0].Name != "set" {
		t.Errorf("guards: %v", a.Guards)
	}
	if a.Law.Why != "测试" || a.Law.Cites[0].Act != "ours" || a.Title.ZH != "报批" {
		t.Errorf("law %v, title %v", a.Law, a.Title)
	}
}

// repeats is an action that stands again: its key, not the name of a fact.
var repeats = regexp.MustCompile(`(?m)[\s{]again:`)

// Written out, a procedure is the same one.
func TestWrittenOutIsTheSameProcedure(t *testing.T) {
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	editions, err := workflows.All(forms, nil)
	if err != nil {
		t.Fatal(err)
	}
	shorter := 0
	for _, e := range editions {
		text := e.WrittenOut()
		d, err := workflows.LoadWrittenOut("written-out.yaml", text, forms)
		if err != nil {
			t.Errorf("%s: %v", e.Definition.ID, err)
			continue
		}
		if diff := cmp.Diff(e.Definition, d); diff != "" {
			t.Errorf("%s is another procedure (-short +written out):\n%s", e.Definition.ID, diff)
		}
		if repeats.Match(text) {
			t.Errorf("%s: something stands again", e.Definition.ID)
		}
		if len(e.Source) < len(text) {
			shorter++
		}
	}
	if shorter == 0 {
		t.Error("no procedure is shorter than written out")
	}
}
