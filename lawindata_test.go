package house_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/documents"
	"dossier/engine/procedure"
	"dossier/workflows"
)

// ourOwn are the words that Go has for things of its own, though some field, fact or state of a procedure is called so too.
// A word that a procedure or a form alone gives a meaning to doesn't belong here: it is named by the procedure's `case:`,
// by a guard's arguments or by a form.
var ourOwn = map[string]string{
	"the languages of procedures, forms, posts and scenarios": `all answer by case-number cause claims contact contents credit-code day days decision document documents
		due first id-number in-charge intake kind kinds late-charge law left legal months n name none note notice officers open posted opinion owed
		paid paper part party people period person post proposal question record respondent section shares signature source sum target to true
		false until warn warning what who year addressee findings facts remaining leads head author same-day total running month
		clause violations violated confiscation outcome act as gains persons ordered override applied`,
	"the blanks of the actions that every procedure has": "answer facts in-charge migrant note officers proves reason received",
	"commands, pages, stores and files": `account address handover admin basis bureau certificates channel content court data daily deadline done entries event id index
		key late merged method not-ours number officer publicity other phone plan procedure revoked scope second session shown suspended unit working bank rechecked`,
	"the languages of standards, the register, quotas and the draw": `amount changed circumstances compensation department draw duties duty evidence late-fee
		fine found ground grounds half in-force item items lead licence matter object rules serious share standard tier service into on why`,
	"the bound file's cover and order":                                                    "archive-number filed pages result retention sheets",
	"the language of the file review's rules":                                             "grave missing order points review",
	"what a paper is where it is checked, an object of the registry, a database's answer": "withdrawn ended refused unreachable",
	"the paper of a draw, which the quotas name":                                          "draw-number draw-plan draw-period draw-asks sheet-hash sheet-frozen draw-seed seed-stated draw-made draw-again draw-picks pick-code pick-team pick-note",
	"what statistics tell cases apart by, and their figures": `annulled before class classes counted decided figure figures filed fined handling industry kept kept-on
		ledgers limit limits means measures median outcome penalties rate report reporter returned span statistics township violation wages workers`,
	"the office's settings": "address bank bureau court phone",
}

// TestTheLawIsData: no form, field, choice, fact, clock, state, action, role or post of a procedure is known to the program
// by name.
func TestTheLawIsData(t *testing.T) {
	own := map[string]bool{}
	for _, words := range ourOwn {
		for _, w := range strings.Fields(words) {
			own[w] = true
		}
	}
	law := lawWords(t)
	met := map[string]bool{}
	for _, s := range sources(t) {
		tags := map[*ast.BasicLit]bool{}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				tags[n.Tag] = true
			case *ast.ImportSpec:
				tags[n.Path] = true
			case *ast.BasicLit:
				word, err := strconv.Unquote(n.Value)
				if n.Kind != token.STRING || err != nil || tags[n] || law[word] == "" {
					return true
				}
				if met[word] = true; !own[word] {
					t.Errorf("%s knows the %s %q: let the procedure's case:, a guard's argument or the form name it", s.file, law[word], word)
				}
			}
			return true
		})
	}
	for _, words := range ourOwn {
		for _, w := range strings.Fields(words) {
			if !met[w] {
				t.Errorf("no file says %q any more: take it off the list", w)
			}
		}
	}
}

// lawWords are the ids of what the program brings along, with what each is.
func lawWords(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	add := func(kind, id string) {
		if id != "" {
			words[id] = kind
		}
	}
	forms, err := documents.Load(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for id, f := range forms {
		add("form", string(id))
		for _, p := range f.Parts {
			for _, x := range p.Fields {
				add("field", string(x.ID))
				for _, c := range x.Columns {
					add("column", string(c.ID))
				}
				for _, c := range x.Choices {
					add("choice", c.Value)
				}
			}
		}
	}
	editions, err := workflows.All(forms, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range editions {
		d := e.Definition
		add("procedure", string(d.ID))
		for _, f := range d.Facts {
			add("fact", string(f.ID))
		}
		for _, c := range d.Clocks {
			add("clock", string(c.ID))
		}
		for _, p := range d.Posts {
			add("post", string(p.ID))
		}
		for _, role := range []string{string(d.Terms.Officers), string(d.Terms.InCharge)} {
			add("role", role)
		}
		for _, w := range slices.Concat(d.Sides, []procedure.Walk{d.Main}) {
			for _, s := range w.States {
				add("state", string(s.ID))
				for _, a := range s.Actions {
					add("action", string(a.ID))
				}
			}
			for _, c := range w.Clocks {
				add("clock", string(c.ID))
			}
		}
	}
	return words
}
