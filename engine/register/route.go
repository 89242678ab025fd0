package register

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"dossier/engine/procedure"
)

// Routing is how a matter that somebody describes finds its place in the list.
type Routing struct {
	Ours       string            // the section whose matters are registered here
	Look       []string          // where in part 四 a matter is looked for
	Sections   map[string]string // whose a regime of part 四 is
	Department Letter            // how a matter is sent on to another department once it is registered
	Section    Letter            // how its sender is told which section has it
	Words      []Words
}

// Letter is the action that sends a matter on, and the fields that take who has it and on what it rests.
type Letter struct {
	Workflow  procedure.WorkflowID
	Action    procedure.ActionID
	To, Basis procedure.FieldID
}

// Words are what people say and what the list says for it. What is said may be several words with spaces between them:
// all of them are said then.
type Words struct{ Said, List []string }

// Way is one place of the list that a description leads to.
type Way struct {
	Entry
	To    string   `json:"to"`    // the section or the department that has it
	Ours  bool     `json:"ours"`  // it is registered here
	Other bool     `json:"other"` // it is another department's, by a boundary
	Bases []string `json:"bases,omitempty"`
	Words []string `json:"words"` // the words of the list that led here
	score float64
}

// routes is the most ways that are answered.
const routes = 8

// Route finds where a described matter belongs: the places of the list that share most with it, the best first, and each
// section or department once. What is rare in the list weighs more; what the description says in other words than the
// list counts as the list's own words. No answer means that the list has nothing like it.
func (r *Register) Route(matter string) []Way {
	said := strings.Join(strings.FieldsFunc(matter, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsPunct(c) }), "")
	ways := r.ways()
	common := func(term string) float64 { // how often the list has it
		n := 0.0
		for _, w := range ways {
			if strings.Contains(w.Text, term) {
				n++
			}
		}
		return n
	}
	rare := func(term string) float64 { return math.Log(1 + float64(len(ways))/common(term)) }
	meant, pairs := r.meant(said), neighbours(said)
	slices.SortFunc(meant, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	weights := map[string]float64{}
	for _, term := range slices.Concat(meant, pairs) {
		if common(term) > 0 {
			weights[term] = rare(term)
		}
	}
	var found []Way
	for _, w := range ways {
		shared := 0
		for _, term := range meant {
			if strings.Contains(w.Text, term) {
				w.score += 5 * weights[term]
				w.Words = append(w.Words, term)
			}
		}
		for _, term := range pairs {
			if strings.Contains(w.Text, term) {
				w.score += weights[term]
				shared++
			}
		}
		if len(w.Words) == 0 && shared < 2 {
			continue
		}
		w.score /= math.Sqrt(float64(max(40, len([]rune(w.Text))))) // a long text shares much by chance
		found = append(found, w)
	}
	slices.SortStableFunc(found, func(a, b Way) int { return cmp.Compare(b.score, a.score) })
	var best []Way
	for _, w := range found {
		if w.score < found[0].score/4 || len(best) == routes {
			break
		}
		if !slices.ContainsFunc(best, func(b Way) bool { return b.To == w.To }) {
			best = append(best, w)
		}
	}
	return best
}

// meant are the list's words for what is said.
func (r *Register) meant(said string) []string {
	var meant []string
	for _, g := range r.Routing.Words {
		if slices.ContainsFunc(slices.Concat(g.Said, g.List), func(w string) bool { return heard(said, w) }) {
			for _, w := range g.List {
				if !slices.Contains(meant, w) {
					meant = append(meant, w)
				}
			}
		}
	}
	return meant
}

// heard tells whether each word is among what is said.
func heard(said, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if !strings.Contains(said, word) {
			return false
		}
	}
	return true
}

// neighbours are each two ideographs that stand side by side, once.
func neighbours(s string) []string {
	var pairs []string
	before := rune(0)
	for _, c := range s {
		if unicode.Is(unicode.Han, c) && unicode.Is(unicode.Han, before) {
			if p := string([]rune{before, c}); !slices.Contains(pairs, p) {
				pairs = append(pairs, p)
			}
		}
		before = c
	}
	return pairs
}

// ways are all places that a matter may lead to, each with who has it.
func (r *Register) ways() []Way {
	var ways []Way
	for _, e := range r.entries {
		w := Way{Entry: e}
		w.Text = strings.Join(strings.Fields(e.Text), "")
		switch {
		case e.Party != "":
			for _, p := range r.List.Parts {
				for _, m := range p.Matters {
					if Within(e.ID, m.ID) {
						w.Bases, w.Other = m.Bases, e.Party != m.Parties[0].Name // the bureau's own share stands first
					}
				}
			}
			w.To = e.Party
			if !w.Other {
				continue // its sections have it in part 一
			}
		case len(e.Sections) > 0:
			w.To = strings.Join(e.Sections, "、")
		case slices.ContainsFunc(r.Routing.Look, func(at string) bool { return Within(e.ID, at) }):
			w.To = r.Routing.Sections[Regime(e.ID)]
		}
		if w.To == "" {
			continue
		}
		w.Ours = w.To == r.Routing.Ours
		ways = append(ways, w)
	}
	return ways
}
