package seeds

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// reviewFiles are the rules of the self-check, a file a procedure.
//
//go:embed review/*.yaml
var reviewFiles embed.FS

// everyFile is the file of the rules that are asked of the files of all procedures.
const everyFile = "every"

// Reviews are the rules by which the files of each procedure are checked, read once.
var Reviews = sync.OnceValue(func() review.Book {
	all, err := readReviews(reviewFiles)
	if err != nil {
		panic("seeds: " + err.Error()) // embedded: a test reads it
	}
	return all
})

func readReviews(files fs.FS) (all review.Book, err error) {
	names, err := fs.Glob(files, "review/*.yaml")
	if err != nil {
		return all, err
	}
	all.Rules = map[procedure.WorkflowID][]review.Rule{}
	for _, name := range names {
		root, r, err := open(files, name)
		if err != nil {
			return all, err
		}
		r.Keys(root, "review", "feeds", "rules")
		r.Require(root, "review", "rules")
		of := procedure.WorkflowID(r.String(root.Get("review")))
		if string(of) != strings.TrimSuffix(path.Base(name), ".yaml") {
			r.Fault(root.Get("review"), "the rules of another procedure than the file's", text.Say("call the file %s.yaml", string(of)))
		}
		if of == everyFile {
			of = ""
		}
		if n := root.Get("feeds"); n != nil {
			all.Feed = readFeed(r, n)
		}
		seen := map[string]bool{}
		for _, n := range r.List(root.Get("rules")) {
			x := readRule(r, n)
			if seen[x.ID] {
				r.Fault(n.Get("rule"), "a rule of that name stands before", "give it another name")
			}
			seen[x.ID] = true
			all.Rules[of] = append(all.Rules[of], x)
		}
		if err := r.Err(); err != nil {
			return all, err
		}
	}
	return all, nil
}

func readFeed(r *strictyaml.Reader, n *strictyaml.Node) review.Feed {
	keys := []string{"workflow", "action", "table", "number", "party", "outcome", "end-day", "chosen-by", "value", "note"}
	r.Keys(n, keys...)
	r.Require(n, keys...)
	field := func(key string) procedure.FieldID { return procedure.FieldID(r.String(n.Get(key))) }
	return review.Feed{Workflow: procedure.WorkflowID(field("workflow")), Action: procedure.ActionID(field("action")), Table: field("table"), Number: field("number"), Party: field("party"),
		Outcome: field("outcome"), Closed: field("end-day"), How: field("chosen-by"), Drawn: r.String(n.Get("value")), Note: field("note")}
}

func readRule(r *strictyaml.Reader, n *strictyaml.Node) review.Rule {
	r.Keys(n, "rule", "title", "mend", "by", "severity", "points", "law", "why", "check")
	r.Require(n, "rule", "title", "mend", "severity", "points", "law", "check")
	x := review.Rule{ID: r.String(n.Get("rule")), Title: procedure.Label{ZH: r.String(n.Get("title"))}, Mend: procedure.Label{ZH: r.String(n.Get("mend"))},
		By: procedure.ActionID(r.String(n.Get("by"))), Severity: review.Severity(r.String(n.Get("severity"))), Points: r.Int(n.Get("points")),
		Law: lawOf(r, n), Check: readCheck(r, n.Get("check"))}
	var known []string
	for _, s := range review.Severities {
		known = append(known, string(s))
	}
	if s := n.Get("severity"); s != nil && !slices.Contains(known, string(x.Severity)) {
		r.Fault(s, "no such severity", strictyaml.Offer(string(x.Severity), known))
	}
	if p := n.Get("points"); p != nil && (x.Points < 1 || x.Points > 100) {
		r.Fault(p, "points that a rule can't cost", "write 1 to 100")
	}
	return x
}

// lawOf reads law: and why:; what is ours gives its reason.
func lawOf(r *strictyaml.Reader, n *strictyaml.Node) procedure.Law {
	law := procedure.Law{Why: r.String(n.Get("why"))}
	for _, s := range r.Strings(n.Get("law")) {
		c, err := procedure.ParseCitation(s)
		if err != nil {
			r.Fault(n.Get("law"), text.Say("%q is no citation", s), "write ACT/article.item or list/四(九)二(二)")
		}
		if c.Act == "ours" && law.Why == "" {
			r.Fault(n.Get("law"), "ours without a reason", "write why:")
		}
		law.Cites = append(law.Cites, c)
	}
	return law
}

// checks are the names of what a rule may look at.
var checks = []string{"late", "any", "order", "skipped", "backward", "unasked", "owed", "after", "unserved", "unsigned", "few", "empty", "not", "differ", "sums", "missing", "open"}

func readCheck(r *strictyaml.Reader, n *strictyaml.Node) review.Check {
	if !r.Keys(n, checks...) {
		return nil
	}
	if len(n.Keys) != 1 {
		r.Fault(n, "a rule has one check", "make several rules")
		return nil
	}
	name, v := n.Keys[0].Name, n.Keys[0].Value
	keys := func(allowed ...string) {
		r.Keys(v, allowed...)
		r.Require(v, allowed...)
	}
	yes := func() {
		if !r.Bool(v) {
			r.Fault(v, "a check that looks at nothing", "write true")
		}
	}
	switch name {
	case "late":
		var k review.Late
		for _, s := range r.Strings(v) {
			k = append(k, procedure.ClockID(s))
		}
		return k
	case "any":
		k := procedure.ClockKind(r.String(v))
		if k != procedure.Legal && k != procedure.Target {
			r.Fault(v, "no kind of clock that a file can miss", "write legal or target")
		}
		return review.AnyLate(k)
	case "unasked":
		yes()
		return review.Unasked{}
	case "owed":
		yes()
		return review.Owed{}
	case "open":
		yes()
		return review.Open{}
	case "order":
		facts := r.Strings(v)
		if len(facts) != 2 {
			r.Fault(v, "an order is of two facts", "write [first, then]")
			return nil
		}
		return review.Order{procedure.FactID(facts[0]), procedure.FactID(facts[1])}
	case "skipped":
		keys("fact", "forms")
		return review.Skipped{Fact: procedure.FactID(r.String(v.Get("fact"))), Forms: forms(r, v.Get("forms"))}
	case "backward":
		return review.Backward(forms(r, v))
	case "after":
		keys("form", "part", "fact")
		return review.After{Form: procedure.FormID(r.String(v.Get("form"))), Part: procedure.PartID(r.String(v.Get("part"))), Fact: procedure.FactID(r.String(v.Get("fact")))}
	case "unserved":
		keys("fact", "forms", "while")
		return review.Unserved{Fact: procedure.FactID(r.String(v.Get("fact"))), Forms: forms(r, v.Get("forms")), While: procedure.ClockID(r.String(v.Get("while")))}
	case "unsigned":
		return review.Unsigned(forms(r, v))
	case "few":
		keys("at", "least")
		return review.Few{At: fieldAt(r, v.Get("at")), Least: r.Int(v.Get("least"))}
	case "empty":
		return review.Empty(fieldsAt(r, v))
	case "not":
		keys("at", "want")
		return review.Not{At: fieldAt(r, v.Get("at")), Want: r.String(v.Get("want"))}
	case "differ":
		return review.Differ(fieldsAt(r, v))
	case "sums":
		var k review.Sums
		for _, s := range r.Strings(v) {
			k = append(k, sumAt(r, v, s))
		}
		if len(k) < 2 {
			r.Fault(v, "one sum has nothing to differ from", "write [LJ16.fine, LJ26.plan.sum]")
		}
		return k
	case "missing":
		r.Keys(v, "forms", "after", "when")
		r.Require(v, "forms", "after")
		return review.Missing{Forms: forms(r, v.Get("forms")), After: procedure.FactID(r.String(v.Get("after"))), When: forms(r, v.Get("when"))}
	}
	return nil
}

func forms(r *strictyaml.Reader, n *strictyaml.Node) []procedure.FormID {
	var ids []procedure.FormID
	for _, s := range r.Strings(n) {
		ids = append(ids, procedure.FormID(s))
	}
	return ids
}

// sumAt reads one sum: LJ16.fine, LJ26.plan.sum, LJ23.workers.owed - LJ23.workers.paid.
func sumAt(r *strictyaml.Reader, n *strictyaml.Node, s string) (sum []review.Amount) {
	for i, part := range strings.Split(s, " - ") {
		w := strings.Split(part, ".")
		if len(w) < 2 || len(w) > 3 {
			r.Fault(n, "not a sum", "write LJ16.fine, or LJ26.plan.sum for a column")
			return nil
		}
		a := review.Amount{FieldRef: procedure.FieldRef{Form: procedure.FormID(w[0]), Field: procedure.FieldID(w[1])}, Less: i > 0}
		if len(w) == 3 {
			a.Column = procedure.FieldID(w[2])
		}
		sum = append(sum, a)
	}
	return sum
}

func fieldsAt(r *strictyaml.Reader, n *strictyaml.Node) []procedure.FieldRef {
	var refs []procedure.FieldRef
	for _, x := range r.List(n) {
		refs = append(refs, fieldAt(r, x))
	}
	return refs
}

func fieldAt(r *strictyaml.Reader, n *strictyaml.Node) procedure.FieldRef {
	form, field, ok := strings.Cut(r.String(n), ".")
	if n != nil && !ok {
		r.Fault(n, "not a field", "write it as LJ16.fine")
	}
	return procedure.FieldRef{Form: procedure.FormID(form), Field: procedure.FieldID(field)}
}
