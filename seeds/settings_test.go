package seeds

import (
	"slices"
	"strings"
	"testing"

	"dossier/engine/office"
)

// Each setting stands in a group, and nothing in a group is without a setting.
func TestGroupsOfSettings(t *testing.T) {
	groups, err := readGroups("seeds/settings.yaml", groupsFile)
	if err != nil {
		t.Fatal(err)
	}
	left := Settings()
	for _, g := range groups {
		for _, s := range g.Shapes {
			n := 0
			for name := range left {
				if s.Of(name) {
					delete(left, name)
					n++
				}
			}
			if n == 0 {
				t.Errorf("%s: there is no setting %s", g.ID, s.Name)
			}
		}
	}
	for name := range left {
		t.Errorf("%s stands in no group", name)
	}
	used := map[office.Kind]bool{}
	for _, g := range groups {
		for _, s := range g.Shapes {
			used[s.Kind] = true
		}
	}
	for _, k := range office.Kinds {
		if !used[k] {
			t.Errorf("no setting is a %s", k)
		}
	}
}

func TestFaultyGroups(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"{setting: bureau, kind: txet}", `no kind "txet" (did you mean "text"?`},
		{"{setting: bureau, kind: whole, min: 3}", "a whole number without its bounds"},
		{"{setting: se*al, kind: text}", `setting "se*al" stands twice or is no name`},
		{"{setting: bureau}", `key "kind" is missing`},
		{"{setting: bureau, kind: text, max: one}", "a whole number is wanted"},
	} {
		_, err := readGroups("g.yaml", []byte("groups:\n  - {heading: a, zh: 甲, en: A, settings: ["+tt.line+"]}\n"))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.line, err, tt.want)
		}
	}
	if i := slices.IndexFunc(Groups(), func(g office.Group) bool { return g.ID == "office" }); i != 0 {
		t.Errorf("a new office first says who it is, not at %d", i)
	}
}
