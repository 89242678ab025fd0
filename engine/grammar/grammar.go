// Package grammar reads the words that procedures and forms share: labels, citations, references to fields, tests,
// choices and guards. Each node of the text becomes a value of package engine; what can't is a fault with its place.
package grammar

import (
	"fmt"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
)

// Reader decodes the shared words of one file and collects its faults.
type Reader struct {
	*strictyaml.Reader
}

// New reads nodes of the named file.
func New(file string) *Reader { return &Reader{strictyaml.NewReader(file)} }

// Meaning adds the faults of meaning, with their places in the text. A fault at or below a place whose shape is wrong
// already is left out: it says the same again.
func (r *Reader) Meaning(faults []check.Fault) {
	told := map[string]bool{}
	if shape, ok := r.Err().(strictyaml.Faults); ok {
		for _, f := range shape {
			told[f.Path] = true
		}
	}
	for _, f := range faults {
		if tells(told, f.Path) {
			continue
		}
		hint := f.Hint
		if hint == "" {
			hint = strictyaml.Offer(f.Value, f.Allowed)
		}
		r.FaultAt(f.Path, f.Message, hint)
	}
}

// tells looks for the path or one of its parents, the root aside.
func tells(told map[string]bool, path string) bool {
	for path != "" {
		if told[path] {
			return true
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return false
}

// Label is {zh: …, en: …}.
func (r *Reader) Label(n *strictyaml.Node) procedure.Label {
	if n == nil || !r.Keys(n, "zh", "en") {
		return procedure.Label{}
	}
	return r.LabelIn(n)
}

// LabelIn is the label of a map that has zh and en among its other keys.
func (r *Reader) LabelIn(n *strictyaml.Node) procedure.Label {
	return procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))}
}

// Citation is list/四(九)二(二), ACT/article.item or ours.
func (r *Reader) Citation(n *strictyaml.Node) procedure.Citation {
	if n == nil {
		return procedure.Citation{}
	}
	s := r.String(n)
	if s == "" {
		return procedure.Citation{}
	}
	c, err := procedure.ParseCitation(s)
	if err != nil {
		r.Fault(n, fmt.Sprintf("%q is no citation", s), "write list/四(九)二(二), ACT/article.item or ours")
	}
	return c
}

// Law is the law and the why of a map.
func (r *Reader) Law(n *strictyaml.Node) procedure.Law {
	law := procedure.Law{Why: r.String(n.Get("why"))}
	cites := n.Get("law")
	if cites == nil {
		return law
	}
	if cites.Kind == strictyaml.Scalar {
		law.Cites = append(law.Cites, r.Citation(cites))
		return law
	}
	for _, item := range r.List(cites) {
		law.Cites = append(law.Cites, r.Citation(item))
	}
	return law
}

// Ref is FORM.field, nil when it isn't written.
func (r *Reader) Ref(n *strictyaml.Node) *procedure.FieldRef {
	if n == nil {
		return nil
	}
	s := r.String(n)
	form, field, ok := strings.Cut(s, ".")
	if !ok || form == "" || field == "" {
		if s != "" {
			r.Fault(n, fmt.Sprintf("%q is no field of a form", s), "write FORM.field, as LJ16.fine")
		}
		return nil
	}
	return &procedure.FieldRef{Form: procedure.FormID(form), Field: procedure.FieldID(field)}
}

// Test is {FIELD: VALUE or VALUES}, {FORM.field: …}, {is: GUARD} or several of them, nil when it isn't written.
func (r *Reader) Test(n *strictyaml.Node) *procedure.Test {
	if n == nil {
		return nil
	}
	t := &procedure.Test{}
	if n.Kind != strictyaml.Map {
		r.Fault(n, "a test is wanted, "+n.Kind.String()+" stands here", "write {FIELD: VALUE} or {is: GUARD}")
		return t
	}
	for _, k := range n.Keys {
		if k.Name == "is" {
			call := r.Call(k.Value)
			t.Is = &call
			continue
		}
		ft := procedure.FieldTest{Field: procedure.FieldID(k.Name), Values: r.Strings(k.Value)}
		if form, field, ok := strings.Cut(k.Name, "."); ok {
			ft.Form, ft.Field = procedure.FormID(form), procedure.FieldID(field)
		}
		if len(ft.Values) == 0 && k.Value.Kind == strictyaml.List {
			r.Fault(k.Value, "no value to compare with", "write a value, several, or none for a field that isn't given")
		}
		t.Fields = append(t.Fields, ft)
	}
	return t
}

// Call is a guard without arguments, or {GUARD: ARGUMENTS}.
func (r *Reader) Call(n *strictyaml.Node) procedure.GuardCall {
	if n.Kind == strictyaml.Scalar {
		return procedure.GuardCall{Name: n.Text}
	}
	if n.Kind != strictyaml.Map || len(n.Keys) != 1 {
		r.Fault(n, "one guard is wanted here", "write GUARD or {GUARD: ARGUMENTS}")
		return procedure.GuardCall{}
	}
	return procedure.GuardCall{Name: n.Keys[0].Name, Arg: r.Arg(n.Keys[0].Value)}
}

// Arg is what a guard is given: a text, a list of texts, or named arguments.
func (r *Reader) Arg(n *strictyaml.Node) procedure.Arg {
	switch n.Kind {
	case strictyaml.List:
		return procedure.Arg{List: r.Strings(n)}
	case strictyaml.Map:
		named := map[string]procedure.Arg{}
		for _, k := range n.Keys {
			named[k.Name] = r.Arg(k.Value)
		}
		return procedure.Arg{Named: named}
	}
	return procedure.Arg{Text: r.String(n)}
}

// Ids gives a list of words, or one word, as ids.
func Ids[T ~string](r *Reader, n *strictyaml.Node) []T {
	words := r.Strings(n)
	if len(words) == 0 {
		return nil
	}
	ids := make([]T, len(words))
	for i, w := range words {
		ids[i] = T(w)
	}
	return ids
}

// Choice is a value, or a list of {when: TEST, WORD: VALUE} with a last {else: VALUE}. WORD is what the value is called
// in such a line, beside it may stand the words of `beside`. The function reads one value; it is given the line as well,
// or nil when the value stands alone. `none` is the value of no value.
func Choice[T any](r *Reader, n *strictyaml.Node, word string, beside []string, one func(value, line *strictyaml.Node) T) procedure.Choice[T] {
	switch {
	case n == nil:
		return nil
	case !tried(n):
		if isNone(n) {
			return procedure.Choice[T]{{None: true}}
		}
		return procedure.One(one(n, nil))
	}
	var choice procedure.Choice[T]
	for _, line := range n.Items {
		if !r.Keys(line, append([]string{"when", word, "else"}, beside...)...) {
			continue
		}
		when, value, last := line.Get("when"), line.Get(word), line.Get("else")
		switch {
		case when != nil && last != nil:
			r.Fault(line, "when and else in one line", "write {when: TEST, "+word+": VALUE}, and {else: VALUE} as the last line")
			continue
		case last != nil && value != nil:
			r.Fault(line, "else and "+word+" in one line", "write {else: VALUE}")
			continue
		case last != nil:
			value = last
		case when == nil:
			r.Fault(line, "neither when nor else", "write {when: TEST, "+word+": VALUE}, and {else: VALUE} as the last line")
			continue
		case value == nil:
			r.Fault(line, fmt.Sprintf("key %q is missing", word), "write {when: TEST, "+word+": VALUE}")
			continue
		}
		o := procedure.Option[T]{When: r.Test(when)}
		if isNone(value) {
			o.None = true
		} else {
			o.Value = one(value, line)
		}
		choice = append(choice, o)
	}
	return choice
}

// tried tells whether a node is a list of lines to try: one of them has a when or an else.
func tried(n *strictyaml.Node) bool {
	for _, item := range n.Items {
		if item.Get("when") != nil || item.Get("else") != nil {
			return true
		}
	}
	return false
}

func isNone(n *strictyaml.Node) bool {
	return n.Kind == strictyaml.Scalar && n.Text == "none" && !n.Quoted
}
