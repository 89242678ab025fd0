package grammar_test

import (
	"strings"
	"testing"

	"dossier/engine/grammar"

	"dossier/engine/text"
)

// pattern has a hole for a word, one among others, one in a key, and states that a file may add to.
const pattern = `holes: {post: who does it, more: further guards, record: the form}
line: [in-charge, <post>]
walk:
  - state: planned
    actions: [{do: go, by: [<post>]}]
  - state: there
    title: {zh: <post>在}
    actions:
      - {do: note, by: [<post>], guards: [{set: gone}, <more>], when: {<record>.result: no}, law: [ours], why: so}
`

func TestWritten(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"as it stands", "line: [a, b]\n", "line: [a, b]\n"},
		{"holes, laid over, added and put ahead",
			`workflow: x
like: p
with: {post: labour, more: [{set: noted}, {unset: shut}], record: AB1}
walk:
  - {state: planned, actions: [{again: note, guards: []}, {do: call, by: [labour]}]}
  - {state: called, actions: []}
  - {state: there, actions: [{do: note, law: [list/四]}]}
`,
			`workflow: x
line: [in-charge, labour]
walk:
  - state: planned
    actions:
      - do: note
        by: [labour]
        guards: []
        when: {AB1.result: "no"}
        law: [list/四]
      - do: call
        by: [labour]
      - do: go
        by: [labour]
  - state: called
    actions: []
  - state: there
    title: {zh: labour在}
    actions: [{again: note, guards: [{set: gone}, {set: noted}, {unset: shut}]}]
`},
		{"two patterns, one over the other", "like: [p, over]\nwith: {post: a, record: B, more: []}\nx: y\n",
			"x: y\nline: [in-charge, a]\nwalk:\n  - state: planned\n    actions: [{do: go, by: [a, b]}, {do: halt}]\n" +
				"  - state: there\n    title: {zh: a在}\n    actions: [{do: note, by: [a], guards: [{set: gone}], when: {B.result: no}, law: [ours], why: so}]\n"},
		{"no such pattern", "like: q\n", `x.yaml:1:7: like: no pattern "q" (allowed: over, p)`},
		{"a hole left, one that is none", "like: p\nwith: {post: a, record: B, less: c}\n",
			"x.yaml:1:7: like: the pattern's hole <more> is empty (write with: {more: …}: further guards)\nx.yaml:2:34: with.less: the pattern has no hole <less> (allowed: post, more, record)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sheet, _, err := grammar.Written("x.yaml", []byte(tt.file), grammar.Patterns{"p": []byte(pattern), "over": []byte("walk: [{state: planned, actions: [{do: go, by: [<post>, b]}, {do: halt}]}]\n")})
			got := string(sheet.Text)
			if err != nil {
				got = err.Error()
			}
			if strings.ReplaceAll(got, `"no"`, "no") != strings.ReplaceAll(tt.want, `"no"`, "no") {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// TestFaultsAreToldWhereTheyWereWritten: a fault of the text lies in the file, or in the pattern.
func TestFaultsAreToldWhereTheyWereWritten(t *testing.T) {
	sheet, _, err := grammar.Written("workflows/x.yaml", []byte("like: p\nwith:\n  post: labour\n  more: []\n  record: AB1\n"), grammar.Patterns{"p": []byte(pattern)})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"line[1]":                  "workflows/x.yaml:3:9: line[1]: wrong",
		"walk[1].actions[0].do":    "like/p.yaml:9:14: walk[1].actions[0].do: wrong",
		"walk[1].actions[0].other": "like/p.yaml:9:9: walk[1].actions[0].other: wrong",
	} {
		if got := sheet.Told(text.Faults{{File: "workflows/x.yaml", Line: 1, Col: 1, Path: path, Message: "wrong"}}).Error(); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
