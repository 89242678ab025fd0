package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/workflows"
)

// office reads everything that the program brings along.
func theOffice(t testing.TB) (map[procedure.FormID]*procedure.Form, []*workflows.Edition) {
	t.Helper()
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatalf("forms:\n%v", err)
	}
	editions, err := workflows.All(forms, nil)
	if err != nil {
		t.Fatalf("procedures:\n%v", err)
	}
	return forms, editions
}

func sound(t testing.TB) *workflows.Edition {
	t.Helper()
	e, err := workflows.Open("sound.yaml", slurp(t, "../testdata/sound/sound.yaml"), soundForms(t))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// An office's own file adds a procedure, or replaces one by a higher version.
func TestOwnProcedures(t *testing.T) {
	text := string(slurp(t, "../testdata/sound/sound.yaml"))
	_, embedded := theOffice(t)
	at := slices.IndexFunc(embedded, func(e *workflows.Edition) bool { return e.Definition.ID == "internal-audit" }) // no other opens it
	known := embedded[at].Definition
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for id, f := range soundForms(t) {
		forms[id] = f
	}
	replaced := func(version int) string {
		s := strings.Replace(text, "workflow: sound", "workflow: "+string(known.ID), 1)
		return strings.Replace(s, "version: 1", fmt.Sprintf("version: %d", version), 1)
	}
	for _, tt := range []struct {
		name, file, text, fault string
		version                 int // of the procedure that the file names, when there is no fault
	}{
		{"added", "sound.yaml", text, "", 1},
		{"replaced by a higher version", string(known.ID) + ".yaml", replaced(known.Version + 1), "", known.Version + 1},
		{"the same bytes again", string(known.ID) + ".yaml", string(embedded[at].Source), "", known.Version},
		{"the same version with other bytes", string(known.ID) + ".yaml", replaced(known.Version),
			fmt.Sprintf("workflows/%s.yaml:3:10: version: procedure %q has version %d already (write version: %d)", known.ID, known.ID, known.Version, known.Version+1), 0},
		{"another name than its id", "loud.yaml", text, `workflows/loud.yaml:2:11: workflow: procedure "sound" in the file loud.yaml (call the file sound.yaml)`, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			editions, err := workflows.All(forms, fstest.MapFS{tt.file: {Data: []byte(tt.text)}, "README.md": {Data: []byte("not a procedure")}})
			if tt.fault != "" {
				if err == nil || err.Error() != tt.fault {
					t.Fatalf("got  %v\nwant %s", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var found *workflows.Edition
			for i, e := range editions {
				if i > 0 && editions[i-1].Definition.ID >= e.Definition.ID {
					t.Errorf("%s after %s", e.Definition.ID, editions[i-1].Definition.ID)
				}
				if string(e.Definition.ID)+".yaml" == tt.file {
					found = e
				}
			}
			if found == nil || found.Definition.Version != tt.version {
				t.Errorf("version %d of %s isn't there: %+v", tt.version, tt.file, found)
			}
		})
	}
}

func TestHashFollowsTheTextAndItsForms(t *testing.T) {
	text := slurp(t, "../testdata/sound/sound.yaml")
	first := sound(t)
	if again := sound(t); again.Hash != first.Hash {
		t.Error("the same bytes have two hashes")
	}
	changed, err := workflows.Open("sound.yaml", append([]byte("# a remark\n"), text...), soundForms(t))
	if err != nil || changed.Hash == first.Hash {
		t.Errorf("other text, same hash (%v)", err)
	}
	forms := soundForms(t)
	form := *forms["A01"]
	form.Hash = strings.Repeat("0", 64)
	forms["A01"] = &form
	changed, err = workflows.Open("sound.yaml", text, forms)
	if err != nil || changed.Hash == first.Hash {
		t.Errorf("another form, same hash (%v)", err)
	}
}

func TestPendingTellsWhereACaseStops(t *testing.T) {
	text := strings.Replace(string(slurp(t, "../testdata/sound/sound.yaml")), "{before-due: investigation}", "{pending: 延长审批尚未开通}", 1)
	d, err := workflows.Load("sound.yaml", []byte(text), soundForms(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := workflows.Pending(d); len(got) != 1 || got[0] != "working/extend: 延长审批尚未开通" {
		t.Errorf("pending: %q", got)
	}
}
