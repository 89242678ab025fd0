package documents

import (
	"fmt"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// decode reads the keys of the whole file.
func (f *file) decode(n *strictyaml.Node) *procedure.Form {
	form := &procedure.Form{}
	if !f.Keys(n, "form", "version", "title", "own-row", "number", "kind", "key", "keeps", "law", "why", "parts", "print") {
		return form
	}
	f.Require(n, "form", "version", "title", "parts")
	form.ID = procedure.FormID(f.String(n.Get("form")))
	form.Version = f.Int(n.Get("version"))
	form.Title = f.Label(n.Get("title"))
	form.OwnRow = f.Bool(n.Get("own-row"))
	form.Number = f.String(n.Get("number"))
	form.Kind = f.String(n.Get("kind"))
	form.Key = grammar.Ids[procedure.FieldID](f.Reader, n.Get("key"))
	form.Keeps = grammar.Ids[procedure.Actor](f.Reader, n.Get("keeps"))
	form.Law = f.Law(n)
	for _, p := range f.List(n.Get("parts")) {
		if !f.Keys(p, "part", "title", "fields") {
			continue
		}
		f.Require(p, "part", "fields")
		form.Parts = append(form.Parts, procedure.Part{
			ID:     procedure.PartID(f.String(p.Get("part"))),
			Title:  f.Label(p.Get("title")),
			Fields: f.fields(p.Get("fields")),
		})
	}
	return form
}

// ofValue are the keys of a value of the case, ofField those of a field.
var (
	ofValue = []string{"zh", "en", "hint", "type", "choices", "columns", "required", "when", "max", "min", "secret", "from", "sample",
		"of", "among", "phrases", "law", "why"}
	ofField = append([]string{"field", "shared", "opinion", "shows"}, ofValue...)
)

// fields reads the fields of a part, or the columns of a table.
func (f *file) fields(n *strictyaml.Node) []procedure.Field {
	var fields []procedure.Field
	for _, item := range f.List(n) {
		switch {
		case named(item):
			fields = append(fields, f.valued(item))
		case f.Keys(item, ofField...):
			f.Require(item, "field")
			x := procedure.Field{ID: procedure.FieldID(f.String(item.Get("field")))}
			f.into(&x, item)
			fields = append(fields, x)
		}
	}
	return fields
}

// into reads the keys that are written into a field.
func (f *file) into(x *procedure.Field, n *strictyaml.Node) {
	for _, k := range n.Keys {
		v := k.Value
		switch k.Name {
		case "zh":
			x.Title.ZH = f.String(v)
		case "en":
			x.Title.EN = f.String(v)
		case "hint":
			if x.Hint = (procedure.Label{ZH: v.Text}); v.Kind != strictyaml.Scalar {
				x.Hint = f.Label(v)
			}
		case "type":
			x.Type = procedure.FieldType(f.String(v))
		case "choices":
			x.Choices = nil
			for _, c := range f.List(v) {
				if a, ok := f.allowed(c); ok {
					x.Choices = append(x.Choices, a)
				}
			}
		case "columns":
			x.Columns = f.fields(v)
		case "required":
			x.Required = f.Bool(v)
		case "when":
			x.When = f.Test(v)
		case "max":
			x.Max = f.Int(v)
		case "min":
			x.Min = f.Int(v)
		case "shared":
			x.Shared = f.Bool(v)
		case "opinion":
			x.Opinion = f.Bool(v)
		case "secret":
			x.Secret = f.Bool(v)
		case "shows":
			x.Shows = f.show(v)
		case "from":
			x.From = f.from(v)
		case "of":
			x.Of = grammar.Ids[procedure.FormID](f.Reader, v)
		case "among":
			x.Among = procedure.FieldID(f.String(v))
		case "phrases":
			x.Phrases = f.Strings(v)
		case "law", "why":
			x.Law = f.Law(n)
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
func (f *file) allowed(n *strictyaml.Node) (procedure.Allowed, bool) {
	var a procedure.Allowed
	if n.Kind != strictyaml.Map || len(n.Keys) == 0 || n.Keys[0].Name == "en" {
		f.Fault(n, "a choice is wanted", "write {VALUE: 文字, en: Words}")
		return a, false
	}
	a.Value = n.Keys[0].Name
	f.Keys(n, a.Value, "en")
	a.Label = procedure.Label{ZH: f.String(n.Keys[0].Value), EN: f.String(n.Get("en"))}
	return a, true
}

// way gives the one key of {WAY: …}.
func (f *file) way(n *strictyaml.Node, what string, ways ...string) (string, *strictyaml.Node) {
	if !f.Keys(n, ways...) {
		return "", nil
	}
	if len(n.Keys) != 1 {
		f.Fault(n, fmt.Sprintf("%d ways at once: %s", len(n.Keys), what), "write one of them")
		return "", nil
	}
	return n.Keys[0].Name, n.Keys[0].Value
}

// show reads what a computed field displays.
func (f *file) show(n *strictyaml.Node) *procedure.Show {
	if n == nil {
		return nil
	}
	s := &procedure.Show{}
	way, v := f.way(n, "a field shows one thing", "fact", "due", "left", "used", "number", "sum", "count", "value", "role", "setting", "owed", "less")
	switch way {
	case "fact":
		s.Fact = procedure.FactID(f.String(v))
	case "due":
		s.Due = procedure.ClockID(f.String(v))
	case "left":
		s.Left = procedure.ClockID(f.String(v))
	case "used":
		s.Used = procedure.ClockID(f.String(v))
	case "number":
		s.Number = f.String(v)
	case "sum":
		if ref := f.Ref(v); ref != nil {
			s.Sum = ref.String()
		}
	case "count":
		s.Count = procedure.FieldID(f.String(v))
	case "value":
		if ref := f.Ref(v); ref != nil {
			s.Value = *ref
		}
	case "role":
		s.Role = procedure.Actor(f.String(v))
	case "setting":
		s.Setting = f.String(v)
	case "owed":
		s.Owed = f.String(v)
	case "less":
		s.Less = grammar.Ids[procedure.FieldID](f.Reader, v)
		if len(s.Less) != 2 {
			f.Fault(v, "two columns are wanted", "write {less: [COLUMN, COLUMN]}: the first less the second")
		}
	}
	return s
}

// from reads the sources of a prefilled value, one or a list.
func (f *file) from(n *strictyaml.Node) []procedure.Known {
	if n == nil {
		return nil
	}
	items := []*strictyaml.Node{n}
	if n.Kind == strictyaml.List {
		items = n.Items
	}
	var known []procedure.Known
	for _, item := range items {
		known = append(known, f.source(item))
	}
	return known
}

// source reads one source of a value.
func (f *file) source(n *strictyaml.Node) procedure.Known {
	var k procedure.Known
	if n.Kind == strictyaml.Scalar {
		switch n.Text {
		case "today":
			k.Today = true
		case "day":
			k.Day = true
		case "me":
			k.Me = true
		case "contents":
			k.Contents = true
		default:
			f.Fault(n, fmt.Sprintf("no source %q", n.Text), strictyaml.Offer(n.Text, []string{"today", "day", "me", "contents"}))
		}
		return k
	}
	way, v := f.way(n, "a value comes from one place", "value", "case", "fact", "role", "setting", "owed", "sum")
	switch way {
	case "value":
		if ref := f.Ref(v); ref != nil {
			k.Value = *ref
		}
	case "case":
		k.Shared = procedure.FieldID(f.String(v))
	case "fact":
		k.Fact = procedure.FactID(f.String(v))
	case "role":
		k.Role = procedure.Actor(f.String(v))
	case "setting":
		k.Setting = f.String(v)
	case "owed":
		k.Owed = f.String(v)
	case "sum":
		if ref := f.Ref(v); ref != nil {
			k.Sum = ref.String()
		}
	}
	return k
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
			k := f.source(v)
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
				f.Fault(item, "a row is wanted, "+item.Kind.String()+" stands here", "write {COLUMN: VALUE, …}")
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
