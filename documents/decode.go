package documents

import (
	"slices"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// words are the ways in which a form's words are written.
func (f *file) words() {
	strictyaml.Words(f.Decoder, procedure.FieldTypes...)
	strictyaml.Words(f.Decoder, procedure.ViolationWords...)
	strictyaml.Register(f.Decoder, f.fields, fieldsSchema)
	strictyaml.Register(f.Decoder, f.allowed, strictyaml.Plain(map[string]any{"type": "object", "description": "{VALUE: 文字, en: Words}"}))
	strictyaml.Register(f.Decoder, f.origin, originSchema)
	strictyaml.Register(f.Decoder, f.origins, func(s strictyaml.Schemas) map[string]any {
		return map[string]any{"anyOf": []any{originSchema(s), map[string]any{"type": "array", "items": originSchema(s)}}}
	})
	strictyaml.After(f.Decoder, f.show)
	strictyaml.After(f.Decoder, f.field)
}

// form is a form's file: what is asked, and how it is printed.
type form struct {
	procedure.Form `yaml:",inline"`
	Print          *Print `yaml:"print"`
}

// decode reads the whole file: its layout by the fields that stand before it.
func (f *file) decode(n *strictyaml.Node) {
	var x form
	f.form = &x.Form
	f.Into(n, &x)
	f.print = x.Print
}

// ofValue are the keys of a value of the case.
var ofValue = slices.DeleteFunc(strictyaml.KeysOf[procedure.Field](), func(key string) bool {
	return slices.Contains([]string{"field", "shared", "opinion", "shows"}, key)
})

// fields reads the fields of a part, or the columns of a table.
func (f *file) fields(n *strictyaml.Node) []procedure.Field {
	var fields []procedure.Field
	var over procedure.Label
	var last *strictyaml.Node
	for _, item := range f.List(n) {
		if item.Get("heading") != nil {
			over, last = f.heading(item), item
			continue
		}
		before := len(fields)
		if named(item) {
			fields = append(fields, f.valued(item))
			fields[before].Heading, over = over, procedure.Label{}
			continue
		}
		fields = append(fields, procedure.Field{})
		f.Struct(item, &fields[before])
		if x := &fields[before]; x.Fixed != "" {
			if x.Shows != nil {
				f.Fault(item.Get("fixed"), "both fixed and shows", "keep one of the two")
			}
			x.Shows = &procedure.Show{Clause: x.Fixed}
		}
		if item.Kind != strictyaml.Map {
			fields = fields[:before]
			continue
		}
		fields[before].Heading, over = over, procedure.Label{}
	}
	if over.ZH != "" {
		f.Fault(last, "a heading over nothing", "write it before the fields that it stands over")
	}
	return fields
}

// heading reads {heading: 文字, en: Words}: it stands over the fields that follow.
func (f *file) heading(n *strictyaml.Node) procedure.Label {
	f.Keys(n, "heading", "en")
	return procedure.Label{ZH: f.String(n.Get("heading")), EN: f.String(n.Get("en"))}
}

// field completes a field, of the keys that are written.
func (f *file) field(n *strictyaml.Node, x *procedure.Field) {
	if hint := n.Get("hint"); hint != nil {
		x.Hint = procedure.Label{}
		if hint.Kind == strictyaml.Scalar {
			x.Hint.ZH = f.String(hint)
		} else {
			f.Into(hint, &x.Hint)
		}
	}
	if columns := n.Get("columns"); columns != nil {
		for _, c := range columns.Items {
			if named(c) {
				f.Fault(c, "a value of the case can't be a column", "write {field: COLUMN, zh: …, type: …}")
			}
		}
	}
	if n := n.Get("sample"); n != nil { // by the choices, wherever they stand
		x.Sample = f.samples(n)
		for i := range x.Sample {
			plain(x, &x.Sample[i])
		}
	}
}

// allowed reads {VALUE: 文字, en: …}.
func (f *file) allowed(n *strictyaml.Node) procedure.Allowed {
	var a procedure.Allowed
	if n.Kind != strictyaml.Map || len(n.Keys) == 0 || n.Keys[0].Name == "en" {
		f.Fault(n, "a choice is wanted", "write {VALUE: 文字, en: Words}")
		return a
	}
	a.Value = n.Keys[0].Name
	f.Keys(n, a.Value, "en")
	a.Label = procedure.Label{ZH: f.String(n.Keys[0].Value), EN: f.String(n.Get("en"))}
	return a
}

// one checks that a map says one thing.
func (f *file) one(n *strictyaml.Node, what string) {
	if n.Kind == strictyaml.Map && len(n.Keys) != 1 {
		f.Fault(n, text.Say("%s ways at once: %s", len(n.Keys), what), "write one of them")
	}
}

// show completes what a computed field displays.
func (f *file) show(n *strictyaml.Node, s *procedure.Show) {
	f.one(n, "a field shows one thing")
	if ref := f.Ref(n.Get("sum")); ref != nil {
		s.Sum = ref.String()
	}
	if less := n.Get("less"); less != nil && len(s.Less) != 2 {
		f.Fault(less, "two columns are wanted", "write {less: [COLUMN, COLUMN]}: the first less the second")
	}
}

// origins reads the sources of a prefilled value, one or a list.
func (f *file) origins(n *strictyaml.Node) []procedure.Known {
	items := []*strictyaml.Node{n}
	if n.Kind == strictyaml.List {
		items = n.Items
	}
	var known []procedure.Known
	for _, item := range items {
		known = append(known, f.origin(item))
	}
	return known
}

// origin reads one source of a value.
func (f *file) origin(n *strictyaml.Node) procedure.Known {
	var k procedure.Known
	if n.Kind != strictyaml.Scalar {
		f.Struct(n, &k)
		f.one(n, "a value comes from one place")
		if ref := f.Ref(n.Get("sum")); ref != nil {
			k.Sum = ref.String()
		}
		return k
	}
	switch n.Text {
	case "today":
		k.Today = true
	case "day":
		k.Day = true
	case "me":
		k.Me = true
	default:
		f.Fault(n, text.Say("no source %q", n.Text), strictyaml.Offer(n.Text, []string{"today", "day", "me"}))
	}
	return k
}

// way gives the one key of {WAY: …}.
func (f *file) way(n *strictyaml.Node, what string, ways ...string) (string, *strictyaml.Node) {
	if !f.Keys(n, ways...) {
		return "", nil
	}
	if f.one(n, what); len(n.Keys) != 1 {
		return "", nil
	}
	return n.Keys[0].Name, n.Keys[0].Value
}

// samples reads a field's sample, or a Choice of samples.
func (f *file) samples(n *strictyaml.Node) procedure.Choice[procedure.Sample] {
	return grammar.Choice(f.Reader, n, "sample", nil, func(v, _ *strictyaml.Node) procedure.Sample { return f.sample(v) })
}

// plain takes none and all as the choices that they are where the field offers them.
func plain(x *procedure.Field, o *procedure.Option[procedure.Sample]) {
	word := ""
	switch {
	case o.None:
		word = "none"
	case o.Value.All:
		word = "all"
	}
	for _, a := range x.Choices {
		if a.Value == word {
			*o = procedure.Option[procedure.Sample]{When: o.When, Value: procedure.Sample{Text: word}}
		}
	}
}

// sample reads one value as `fill: true` writes it.
func (f *file) sample(n *strictyaml.Node) procedure.Sample {
	var s procedure.Sample
	switch n.Kind {
	case strictyaml.Scalar:
		switch {
		case n.Quoted:
			s.Text = n.Text
		case n.Text == "all":
			s.All = true
		case n.Text == "similar":
			s.Similar = true
		default:
			s.Text = n.Text
		}
	case strictyaml.List:
		f.several(n, &s)
	case strictyaml.Map:
		if n.Get("people") != nil && n.Get("except") != nil {
			f.Keys(n, "people", "except")
			s.People = f.String(n.Get("people"))
			if ref := f.Ref(n.Get("except")); ref != nil {
				s.Except = *ref
			}
			return s
		}
		way, v := f.way(n, "a sample is one value", "days", "workdays", "people", "from", "file")
		switch way {
		case "days":
			days := f.Int(v)
			s.Days = &days
		case "workdays":
			days := f.Int(v)
			s.Workdays = &days
		case "people":
			s.People = f.String(v)
		case "from":
			k := f.origin(v)
			s.Known = &k
		case "file":
			s.File = f.String(v)
		}
	default:
		f.Fault(n, "a sample is wanted, nothing stands here", "")
	}
	return s
}

// several reads a list of words, or of rows.
func (f *file) several(n *strictyaml.Node, s *procedure.Sample) {
	if len(n.Items) > 0 && n.Items[0].Kind == strictyaml.Map {
		s.Rows = []map[string]string{}
		for _, item := range n.Items {
			row := map[string]string{}
			if item.Kind != strictyaml.Map {
				f.Fault(item, text.Say("a row is wanted, %s stands here", item.Kind.Words()), "write {COLUMN: VALUE, …}")
				continue
			}
			for _, k := range item.Keys {
				row[k.Name] = f.String(k.Value)
			}
			s.Rows = append(s.Rows, row)
		}
		return
	}
	s.List = append([]string{}, f.Strings(n)...)
}
