package bind

import (
	_ "embed"
	"sync"

	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

//go:embed order.yaml
var orderFile []byte

// order is how a file is bound: order.yaml.
type order struct {
	computed []procedure.FormID
	cover    map[string]string // what stands on the cover → the field, role or fact that it is taken from
	brigade  []procedure.WorkflowID
	volumes  [2][]section // 正卷, 副卷
}

// section is a run of papers of one kind.
type section struct {
	title  string
	author string // the setting that names who is answerable for them
	forms  []procedure.FormID
	files  bool // evidence that was attached goes here, and forms that no section names
	clocks bool // the deadline sheets go here
}

var readOrder = sync.OnceValues(func() (*order, error) { return parseOrder(orderFile) })

// coverKeys are what the cover shows of a case.
var coverKeys = []string{"cause", "party", "result", "retention", "archive-number", "officers", "filed"}

func parseOrder(data []byte) (*order, error) {
	const file = "documents/bind/order.yaml"
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(file)
	o := &order{cover: map[string]string{}}
	if !r.Keys(root, "computed", "cover", "brigade", "main", "inner") {
		return nil, r.Err()
	}
	r.Require(root, "cover", "main", "inner")
	o.computed = ids[procedure.FormID](r.Strings(root.Get("computed")))
	o.brigade = ids[procedure.WorkflowID](r.Strings(root.Get("brigade")))
	if cover := root.Get("cover"); r.Keys(cover, coverKeys...) {
		r.Require(cover, coverKeys...)
		for _, k := range coverKeys {
			o.cover[k] = r.String(cover.Get(k))
		}
	}
	seen := map[procedure.FormID]bool{}
	for i, key := range []string{"main", "inner"} {
		for _, n := range r.List(root.Get(key)) {
			if !r.Keys(n, "section", "author", "forms", "files", "clocks") {
				continue
			}
			r.Require(n, "section", "author")
			s := section{title: r.String(n.Get("section")), author: r.String(n.Get("author")), forms: ids[procedure.FormID](r.Strings(n.Get("forms"))),
				files: r.Bool(n.Get("files")), clocks: r.Bool(n.Get("clocks"))}
			for _, f := range s.forms {
				if seen[f] {
					r.Fault(n, text.Say("form %s is named twice", string(f)), "a form has one place in the file")
				}
				seen[f] = true
			}
			o.volumes[i] = append(o.volumes[i], s)
		}
	}
	return o, r.Err()
}

func ids[T ~string](names []string) []T {
	out := make([]T, len(names))
	for i, n := range names {
		out[i] = T(n)
	}
	return out
}
