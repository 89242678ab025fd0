package rules

import (
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

// Proofs are what is in the case, the files first.
func (s *View) Proofs() []Proof {
	var all []Proof
	for _, f := range s.Case.Files {
		if f.Superseded == 0 && f.Doc == 0 {
			all = append(all, Proof{procedure.FileProof(f.N), "附件" + strconv.Itoa(f.N) + " " + f.Name, f.Proves, []string{f.Name, "附件" + strconv.Itoa(f.N)}})
		}
	}
	for _, d := range s.Case.Issued {
		if d.Void == 0 && s.Case.Papers[d.P-1].Concerns(s.View) {
			all = append(all, Proof{procedure.PaperProof(d.N), s.cited(d), "", []string{d.Number, string(d.Form), s.cited(d)}})
		}
	}
	return all
}

// Proof finds what a word names: its id, a file's name, a paper's number or the code of its form.
func (s *View) Proof(word string) (procedure.ProofID, bool) {
	for _, p := range s.Proofs() {
		if word == string(p.ID) {
			return p.ID, true
		}
		for _, n := range p.names {
			if word == n && n != "" {
				return p.ID, true
			}
		}
	}
	return "", false
}

// ProofTitles are the things of a cell as people read them; words that name none, which earlier versions took, stay as they are.
func (s *View) ProofTitles(cell string) string {
	titles := map[string]string{}
	for _, p := range s.Proofs() {
		titles[string(p.ID)] = p.Title
	}
	var all []string
	for _, id := range strings.Fields(cell) {
		if titles[id] == "" {
			return cell
		}
		all = append(all, titles[id])
	}
	return strings.Join(all, "、")
}
