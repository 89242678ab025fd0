package seeds_test

import (
	"regexp"
	"testing"

	"dossier/documents"
	"dossier/seeds"
)

// What statutes dictate is there: each fixed field of a form names a clause, each clause is printed somewhere, rests on an
// article or a place of the list that the register has, and asks for settings that there are.
func TestClausesAreKnownAndRestOnArticles(t *testing.T) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	clauses, settings, register := seeds.Clauses(), seeds.Settings(), seeds.Register()
	printed := map[string]bool{}
	for id, b := range blanks {
		for _, p := range b.Form.Parts {
			for i := range p.Fields {
				f := &p.Fields[i]
				if f.Fixed == "" {
					continue
				}
				printed[f.Fixed] = true
				if _, ok := clauses[f.Fixed]; !ok {
					t.Errorf("%s.%s is fixed by %q, which is no clause of clauses.yaml", id, f.ID, f.Fixed)
				}
			}
		}
	}
	place := regexp.MustCompile(`\{([^}]*)\}`)
	for id, c := range clauses {
		if !printed[id] {
			t.Errorf("clause %s is on no form", id)
		}
		for _, law := range c.Law {
			if _, article := register.Article(law); article == nil && !(law.Act == "list" && register.Has(law.Ref)) {
				t.Errorf("clause %s rests on %s, which isn't among the statutes", id, law)
			}
		}
		for _, name := range place.FindAllStringSubmatch(c.Text, -1) {
			if len(settings[name[1]]) == 0 {
				t.Errorf("clause %s names the setting %s, which there is not", id, name[1])
			}
		}
	}
}
