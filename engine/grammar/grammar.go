// Package grammar reads the words that procedures and forms share: labels, citations, references to fields, tests,
// choices and guards. Each node of the text becomes a value of package engine, by the tags of its type; what can't is a
// fault with its place.
package grammar

import (
	"reflect"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// Reader decodes one file and collects its faults.
type Reader struct {
	*strictyaml.Decoder
}

// New reads nodes of the named file.
func New(file string) *Reader {
	r := &Reader{strictyaml.NewDecoder(file)}
	strictyaml.Register(r.Decoder, r.citation, written(`^(ours|[a-z]+/.+)$`))
	strictyaml.Register(r.Decoder, r.Ref, written(`^[A-Z][A-Z0-9]*\.[a-z0-9-]+$`))
	strictyaml.Register(r.Decoder, func(n *strictyaml.Node) procedure.FieldRef {
		if ref := r.Ref(n); ref != nil {
			return *ref
		}
		return procedure.FieldRef{}
	}, written(`^[A-Z][A-Z0-9]*\.[a-z0-9-]+$`))
	strictyaml.Register(r.Decoder, r.column, written(`^[a-z0-9-]+\.[a-z0-9-]+$`))
	strictyaml.Register(r.Decoder, r.Test, strictyaml.Plain(map[string]any{"type": "object", "minProperties": 1}))
	strictyaml.Register(r.Decoder, r.Period, written(`^[0-9]+ (workdays?|days?|months?)$`))
	strictyaml.After(r.Decoder, func(n *strictyaml.Node, law *procedure.Law) {
		if n.Get("law") != nil && n.Get("why") == nil {
			law.Why = "" // another law needs a reason of its own
		}
	})
	r.Match(r.choices)
	return r
}

// written is the schema of a text that is written in a certain way.
func written(pattern string) func(strictyaml.Schemas) map[string]any {
	return strictyaml.Plain(map[string]any{"type": "string", "pattern": pattern})
}

// Meaning adds the faults of meaning, with their places in the text. A fault at or below a place whose shape is wrong
// already is left out: it says the same again.
func (r *Reader) Meaning(faults []check.Fault) {
	told := map[string]bool{}
	if shape, ok := r.Err().(text.Faults); ok {
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

// citation is list/四(九)二(二), ACT/article.item or ours.
func (r *Reader) citation(n *strictyaml.Node) procedure.Citation {
	s := r.String(n)
	if s == "" {
		return procedure.Citation{}
	}
	c, err := procedure.ParseCitation(s)
	if err != nil {
		r.Fault(n, text.Say("%q is no citation", s), "write list/四(九)二(二), ACT/article.item or ours")
	}
	return c
}

// Period is 60 workdays, 15 days or 6 months; nil when it can't be read.
func (r *Reader) Period(n *strictyaml.Node) *calendar.Period {
	p, err := calendar.ParsePeriod(r.String(n))
	if err != nil {
		if n != nil && n.Kind == strictyaml.Scalar {
			r.Fault(n, text.Say("%q is no period", n.Text), "write 60 workdays, 15 days or 6 months")
		}
		return nil
	}
	return &p
}

// column is TABLE.column.
func (r *Reader) column(n *strictyaml.Node) procedure.Column {
	s := r.String(n)
	table, column, ok := strings.Cut(s, ".")
	if !ok || table == "" || column == "" {
		if s != "" {
			r.Fault(n, text.Say("%q is no column of a table", s), "write TABLE.column, as workers.owed")
		}
		return procedure.Column{}
	}
	return procedure.Column{Table: procedure.FieldID(table), Column: procedure.FieldID(column)}
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
			r.Fault(n, text.Say("%q is no field of a form", s), "write FORM.field, as LJ16.fine")
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
		r.Fault(n, text.Say("a test is wanted, %s stands here", n.Kind.Words()), "write {FIELD: VALUE} or {is: GUARD}")
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

// choices knows a Choice, whatever it chooses.
func (r *Reader) choices(t reflect.Type) (strictyaml.Way, bool) {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct || !strings.HasPrefix(t.Name(), "Choice[") {
		return strictyaml.Way{}, false
	}
	return strictyaml.Way{
		Read: func(n *strictyaml.Node, v reflect.Value, word string) {
			v.SetZero()
			r.eachOption(n, word, nil, func(when *procedure.Test, value, _ *strictyaml.Node, none bool) {
				o := reflect.New(t.Elem()).Elem()
				o.FieldByName("When").Set(reflect.ValueOf(when))
				o.FieldByName("None").SetBool(none)
				if !none {
					r.Value(value, o.FieldByName("Value"), word)
				}
				v.Set(reflect.Append(v, o))
			})
		},
		Schema: func(s strictyaml.Schemas, t reflect.Type, word string) map[string]any {
			f, _ := t.Elem().FieldByName("Value")
			value := s.Of(f.Type, word)
			when := s.Of(reflect.TypeFor[*procedure.Test](), "")
			line := func(properties map[string]any, required ...string) map[string]any {
				return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
			}
			return map[string]any{"anyOf": []any{value, map[string]any{"type": "array", "items": map[string]any{"anyOf": []any{
				line(map[string]any{"when": when, word: value}, "when", word), line(map[string]any{"else": value}, "else")}}}}}
		},
	}, true
}

// Choice is a value, or a list of {when: TEST, WORD: VALUE} with a last {else: VALUE}. WORD is what the value is called
// in such a line, beside it may stand the words of `beside`. The function reads one value; it is given the line as well,
// or nil when the value stands alone. `none` is the value of no value.
func Choice[T any](r *Reader, n *strictyaml.Node, word string, beside []string, one func(value, line *strictyaml.Node) T) procedure.Choice[T] {
	var choice procedure.Choice[T]
	r.eachOption(n, word, beside, func(when *procedure.Test, value, line *strictyaml.Node, none bool) {
		o := procedure.Option[T]{When: when, None: none}
		if !none {
			o.Value = one(value, line)
		}
		choice = append(choice, o)
	})
	return choice
}

// eachOption gives each option of a choice.
func (r *Reader) eachOption(n *strictyaml.Node, word string, beside []string, option func(when *procedure.Test, value, line *strictyaml.Node, none bool)) {
	switch {
	case n == nil:
		return
	case !tried(n):
		option(nil, n, nil, isNone(n))
		return
	}
	for _, line := range n.Items {
		if !r.Keys(line, append([]string{"when", word, "else"}, beside...)...) {
			continue
		}
		when, value, last := line.Get("when"), line.Get(word), line.Get("else")
		switch {
		case when != nil && last != nil:
			r.Fault(line, "when and else in one line", text.Say("write {when: TEST, %s: VALUE}, and {else: VALUE} as the last line", word))
			continue
		case last != nil && value != nil:
			r.Fault(line, text.Say("else and %s in one line", word), "write {else: VALUE}")
			continue
		case last != nil:
			value = last
		case when == nil:
			r.Fault(line, "neither when nor else", text.Say("write {when: TEST, %s: VALUE}, and {else: VALUE} as the last line", word))
			continue
		case value == nil:
			r.Fault(line, text.Say("key %q is missing", word), text.Say("write {when: TEST, %s: VALUE}", word))
			continue
		}
		option(r.Test(when), value, line, isNone(value))
	}
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
