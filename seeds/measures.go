package seeds

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"dossier/engine/procedure"
	"dossier/engine/statistics"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

//go:embed measures.yaml
var measureFile embed.FS

// Measures are the meanings of the figures, in the order in which tables show them, read once.
var Measures = sync.OnceValue(func() []statistics.Measure {
	all, err := readMeasures(measureFile)
	if err != nil {
		panic("seeds: " + err.Error()) // embedded: a test reads it
	}
	return all
})

// ReportForm is the form on which a county's report is printed.
var ReportForm = sync.OnceValue(func() procedure.FormID {
	root, r, err := open(measureFile, "measures.yaml")
	if err != nil {
		panic("seeds: " + err.Error()) // embedded: a test reads it
	}
	return procedure.FormID(r.String(root.Get("report")))
})

// readMeasures reads the file; each measure that is counted has one meaning, and nothing else has.
func readMeasures(files fs.FS) ([]statistics.Measure, error) {
	root, r, err := open(files, "measures.yaml")
	if err != nil {
		return nil, err
	}
	r.Keys(root, "report", "measures")
	r.Require(root, "measures")
	var all []statistics.Measure
	left := statistics.Counted()
	units := []string{string(statistics.Cases), string(statistics.People), string(statistics.Money)}
	for _, n := range r.List(root.Get("measures")) {
		if !r.Keys(n, "measure", "zh", "en", "unit", "means", "headline", "law", "why") {
			continue
		}
		r.Require(n, "measure", "zh", "en", "unit", "means", "law")
		m := statistics.Measure{ID: r.String(n.Get("measure")), Title: procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))},
			Unit: statistics.Unit(r.String(n.Get("unit"))), Law: lawOf(r, n), Headline: r.Bool(n.Get("headline"))}
		if means := n.Get("means"); r.Keys(means, "zh", "en") {
			m.Means = procedure.Label{ZH: r.String(means.Get("zh")), EN: r.String(means.Get("en"))}
		}
		if !slices.Contains(units, string(m.Unit)) {
			r.Fault(n.Get("unit"), text.Say("no unit %q", m.Unit), strictyaml.Offer(string(m.Unit), units))
		}
		if i := slices.Index(left, m.ID); i < 0 {
			r.Fault(n.Get("measure"), text.Say("nothing counts %q, or it stands before", m.ID), strictyaml.Offer(m.ID, left))
		} else {
			left = slices.Delete(left, i, i+1)
		}
		all = append(all, m)
	}
	if len(left) > 0 && r.Err() == nil {
		r.Fault(root.Get("measures"), text.Say("nothing says what is meant by %s", strings.Join(left, ", ")), "add a line for each")
	}
	return all, r.Err()
}
