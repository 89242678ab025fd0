package seeds

import (
	_ "embed"
	"fmt"

	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

//go:embed clauses.yaml
var clauseFile []byte

// Clauses are what statutes dictate on papers, by name.
func Clauses() map[string]office.Clause {
	clauses, err := ReadClauses("clauses.yaml", clauseFile)
	if err != nil { // the package's tests read the file
		panic(fmt.Sprintf("seeds: the embedded clauses are faulty: %v", err))
	}
	return clauses
}

// ReadClauses reads a file of clauses. Its error is text.Faults: every fault with its place.
func ReadClauses(file string, data []byte) (map[string]office.Clause, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(file)
	out := map[string]office.Clause{}
	if !r.Keys(root, "clauses") {
		return nil, r.Err()
	}
	for _, n := range r.List(root.Get("clauses")) {
		if !r.Keys(n, "clause", "text", "law") {
			continue
		}
		r.Require(n, "clause", "text", "law")
		c := office.Clause{Text: r.String(n.Get("text"))}
		for _, l := range r.Strings(n.Get("law")) {
			cite, err := procedure.ParseCitation(l)
			if err != nil {
				r.Fault(n.Get("law"), text.Say("%q is no citation", l), "write ACT/article.item or list/四(九)二(二)")
			}
			c.Law = append(c.Law, cite)
		}
		id := r.String(n.Get("clause"))
		if _, twice := out[id]; twice {
			r.Fault(n.Get("clause"), text.Say("clause %q stands twice", id), "give each its own name")
		}
		out[id] = c
	}
	return out, r.Err()
}
