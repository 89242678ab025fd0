package engine

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// object is a JSON object whose members keep their order. Empty values are left out.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order. Han characters and <, >, & stay as they are.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, m := range o {
		if empty(m.value) {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, _ := json.Marshal(m.key)
		b.Write(key)
		b.WriteByte(':')
		var v bytes.Buffer
		e := json.NewEncoder(&v)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
		b.Write(bytes.TrimRight(v.Bytes(), "\n"))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// empty tells whether a member says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case int:
		return v == 0
	case []int:
		return len(v) == 0
	case []string:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case []object:
		return len(v) == 0
	case object:
		return len(v) == 0
	case Label:
		return v == Label{}
	}
	return false
}

// JSON writes the procedure in the words of its language, so that a program reads what a lawyer reads. Facts,
// clocks and side walks are lists, in the order of the file; each has its `id`. A choice is always a list.
func JSON(d *Definition) ([]byte, error) {
	statutes := make([]object, len(d.Statutes))
	for i, s := range d.Statutes {
		statutes[i] = object{{"id", s.ID}, {"title", s.Title}, {"ref", s.Ref}}
	}
	facts := make([]object, len(d.Facts))
	for i := range d.Facts {
		facts[i] = d.Facts[i].object()
	}
	sides := make([]object, len(d.Sides))
	for i := range d.Sides {
		w := &d.Sides[i]
		during := any("any")
		if len(w.During) > 0 {
			during = texts(w.During)
		}
		sides[i] = object{{"id", string(w.ID)}, {"title", w.Title}, {"during", during}, {"repeats", w.Repeats},
			{"clocks", clockObjects(w.Clocks)}, {"walk", stateObjects(w.States)}}
	}
	return object{{"workflow", string(d.ID)}, {"version", d.Version}, {"title", d.Title}, {"source", d.Source.String()},
		{"statutes", statutes}, {"line", texts(d.Line)}, {"supervision", string(d.Order)}, {"facts", facts}, {"clocks", clockObjects(d.Clocks)},
		{"open", d.Open.object()}, {"walk", stateObjects(d.Main.States)}, {"side-walks", sides}}.MarshalJSON()
}

func (f *Fact) object() object {
	after := string(f.After)
	if after == "" {
		after = "none"
	}
	o := object{{"id", string(f.ID)}, {"title", f.Title}, {"after", after}, {"keep", string(f.Keep)}}
	if f.Workday {
		o = append(o, member{"falls-on", "workday"})
	}
	if f.Shift != nil {
		o = append(o, member{"shift", object{{string(f.Shift.Field), f.Shift.Periods}}})
	}
	return append(append(o, member{"per", f.Per}), f.Law.members()...)
}

func clockObjects(clocks []Clock) []object {
	objects := make([]object, len(clocks))
	for i := range clocks {
		objects[i] = clocks[i].object()
	}
	return objects
}

func (c *Clock) object() object {
	o := object{{"id", string(c.ID)}, {"title", c.Title}, {"kind", string(c.Kind)}}
	switch {
	case c.Within.Period != nil:
		o = append(o, member{"within", c.Within.Period.String()})
	case c.Within.Date != nil:
		o = append(o, member{"within", object{{"date", c.Within.Date.String()}}})
	default:
		o = append(o, member{"within", "setting/" + c.Within.Setting})
	}
	sources := make([]any, len(c.From.Sources))
	for i, s := range c.From.Sources {
		sources[i] = s.value()
	}
	from := any(sources)
	if c.From.FirstOf {
		from = object{{"first-of", sources}}
	}
	o = append(o, member{"from", from}, member{"until", texts(c.Until)}, member{"stopped", texts(c.Stopped)})
	if x := c.Extend; x != nil {
		by := x.Period.String()
		if x.Field != nil {
			by = x.Field.String()
		}
		o = append(o, member{"extend", object{{"by", by}, {"at", string(x.At)}, {"times", x.Times}}})
	}
	o = append(o, member{"warn", c.Warn}, member{"on-expiry", string(c.OnExpiry)}, member{"waived-by", string(c.WaivedBy)},
		member{"when", c.When.value()}, member{"of", texts(c.Of)})
	return append(o, c.Law.members()...)
}

func (s Source) value() any {
	switch {
	case s.Date != nil:
		return object{{"date", s.Date.String()}}
	case s.BeforeFact != "":
		return object{{"before", string(s.BeforeFact)}}
	case s.BeforeDate != nil:
		return object{{"before", s.BeforeDate.String()}}
	case s.BeforeEnd != "":
		return object{{"before", object{{"end-of", string(s.BeforeEnd)}}}}
	case s.RunOut:
		return object{{"run-out", texts(s.EndOf)}}
	case len(s.EndOf) > 0:
		return object{{"end-of", texts(s.EndOf)}}
	}
	return string(s.Fact)
}

func stateObjects(states []State) []object {
	objects := make([]object, len(states))
	for i := range states {
		s := &states[i]
		o := object{{"state", string(s.ID)}, {"title", s.Title}, {"stage", s.Stage}, {"end", s.End}, {"rest", s.Rest}}
		if s.Halts {
			o = append(o, member{"halts", "main"})
		}
		if s.Holds {
			o = append(o, member{"holds", "end"})
		}
		actions := make([]object, len(s.Actions))
		for j := range s.Actions {
			actions[j] = s.Actions[j].object()
		}
		objects[i] = append(o, member{"actions", actions})
	}
	return objects
}

func (a *Action) object() object {
	guards := make([]object, len(a.Guards))
	for i := range a.Guards {
		guards[i] = a.Guards[i].object()
	}
	forms := make([]object, len(a.Forms))
	for i, f := range a.Forms {
		forms[i] = append(object{{"when", f.When.value()}}, f.Value.members()...)
	}
	o := object{{"do", string(a.ID)}, {"title", a.Title},
		{"by", lines(a.By, "by", func(v []Actor) any { return texts(v) })},
		{"to", lines(a.To, "state", func(v StateID) any { return string(v) })},
		{"form", lines(a.Form, "form", func(v FormPart) any { return object(v.members()) })},
		{"forms", forms}, {"decision", string(a.Decision)},
		{"fact", lines(a.Fact, "fact", func(v []FactID) any { return texts(v) })},
		{"guards", guards}, {"voids", texts(a.Voids)}}
	var assigns object
	for _, role := range slices.Sorted(maps.Keys(a.Assigns)) {
		assigns = append(assigns, member{string(role), string(a.Assigns[role])})
	}
	o = append(o, member{"assigns", assigns}, member{"releases", texts(a.Releases)}, member{"number", a.Number},
		member{"issues", texts(a.Issues)})
	if p := a.Opens; p != nil {
		var with, carry object
		for _, field := range slices.Sorted(maps.Keys(p.With)) {
			with = append(with, member{string(field), p.With[field]})
		}
		for _, field := range slices.Sorted(maps.Keys(p.Carry)) {
			carry = append(carry, member{string(field), p.Carry[field].String()})
		}
		o = append(o, member{"opens", object{{"workflow", string(p.Workflow)}, {"with", with}, {"carry", carry},
			{"attachments", p.Attachments}, {"repeats", p.Repeats}}})
	}
	o = append(o, member{"joins", string(a.Joins)}, member{"moves-main", string(a.Moves)}, member{"marks", lines(a.Marks, "marks", func(v []string) any { return v })},
		member{"bars", a.Bars}, member{"sets-aside", lines(a.Aside, "forms", func(v []FormID) any { return texts(v) })},
		member{"while-halted", a.Halted})
	return append(o, a.Law.members()...)
}

func (p FormPart) members() []member {
	return []member{{"form", string(p.Form)}, {"part", string(p.Part)}, {"per", p.Per}}
}

func (g *Guard) object() object {
	o := object{{"guard", g.Name}, {"with", g.Arg.value()}, {"when", g.When.value()}}
	if g.Soft {
		o = append(o, member{"blocks", json.RawMessage("false")})
	}
	return append(append(o, member{"finding", string(g.Finding)}), g.Law.members()...)
}

// lines writes a choice: each line its test and its value, the last one `else`.
func lines[T any](c Choice[T], word string, value func(T) any) []object {
	objects := make([]object, len(c))
	for i, o := range c {
		v := any("none")
		if !o.None {
			v = value(o.Value)
		}
		if o.When == nil {
			objects[i] = object{{"else", v}}
		} else {
			objects[i] = object{{"when", o.When.value()}, {word, v}}
		}
	}
	return objects
}

// value writes a test; no test says nothing.
func (t *Test) value() any {
	if t == nil {
		return nil
	}
	var o object
	for _, f := range t.Fields {
		o = append(o, member{f.name(), f.Values})
	}
	if t.Is != nil {
		o = append(o, member{"is", object{{"guard", t.Is.Name}, {"with", t.Is.Arg.value()}}})
	}
	return o
}

// value writes what a guard is given.
func (a Arg) value() any {
	switch {
	case a.Text != "":
		return a.Text
	case len(a.List) > 0:
		return a.List
	case len(a.Named) > 0:
		var o object
		for _, name := range slices.Sorted(maps.Keys(a.Named)) {
			o = append(o, member{name, a.Named[name].value()})
		}
		return o
	}
	return nil
}

// members writes where something comes from.
func (l Law) members() []member {
	return []member{{"law", citations(l.Cites)}, {"why", l.Why}}
}

func citations(cites []Citation) []string {
	words := make([]string, len(cites))
	for i, c := range cites {
		words[i] = c.String()
	}
	return words
}
