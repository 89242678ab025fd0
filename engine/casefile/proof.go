package casefile

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/procedure"
)

// Proof is a thing in the case that can prove something: a file, or a paper that was issued.
type Proof struct {
	ID     procedure.ProofID
	Title  string
	Proves string
	names  []string // by which people may name it too
}

// Proofs are what is in the case, the files first; of papers those that concern the parties, nil for all. cited is a paper as it
// is cited.
func (c *Case) Proofs(parties []string, cited func(Issued) string) []Proof {
	var all []Proof
	for _, f := range c.Files {
		if f.Superseded == 0 && f.Doc == 0 {
			all = append(all, Proof{procedure.FileProof(f.N), "附件" + strconv.Itoa(f.N) + " " + f.Name, f.Proves, []string{f.Name, "附件" + strconv.Itoa(f.N)}})
		}
	}
	for _, d := range c.Issued {
		if d.Void == 0 && c.Papers[d.P-1].Concerns(parties) {
			all = append(all, Proof{procedure.PaperProof(d.N), cited(d), "", []string{d.Number, string(d.Form), cited(d)}})
		}
	}
	return all
}

// Named tells whether a word names it: its id, a file's name, a paper's number or the code of its form.
func (p *Proof) Named(word string) bool {
	return word != "" && (word == string(p.ID) || slices.Contains(p.names, word))
}

// ProofTitles are the things of a cell as people read them; words that name none, which earlier versions took, stay as they are.
func ProofTitles(all []Proof, cell string) string {
	titles := map[string]string{}
	for _, p := range all {
		titles[string(p.ID)] = p.Title
	}
	var words []string
	for _, id := range strings.Fields(cell) {
		if titles[id] == "" {
			return cell
		}
		words = append(words, titles[id])
	}
	return strings.Join(words, "、")
}
