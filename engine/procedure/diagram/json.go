package diagram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dossier/engine/procedure"
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
	case procedure.Label:
		return v == procedure.Label{}
	}
	return false
}

// JSON writes the procedure in the words of its language, so that a program reads what a lawyer reads. Facts,
// clocks and side walks are lists, in the order of the file; each has its `id`. A choice is always a list.
func JSON(d *procedure.Definition) ([]byte, error) { return definition(d).MarshalJSON() }

func definition(d *procedure.Definition) object {
	statutes := make([]object, len(d.Statutes))
	for i, s := range d.Statutes {
		statutes[i] = object{{"id", s.ID}, {"title", s.Title}, {"ref", s.Ref}}
	}
	facts := make([]object, len(d.Facts))
	for i := range d.Facts {
		facts[i] = factObject(&d.Facts[i])
	}
	sides := make([]object, len(d.Sides))
	for i := range d.Sides {
		w := &d.Sides[i]
		during := any("any")
		if len(w.During) > 0 {
			during = procedure.Texts(w.During)
		}
		sides[i] = object{{"id", string(w.ID)}, {"title", w.Title}, {"during", during}, {"repeats", w.Repeats}, {"loose", w.Loose},
			{"clocks", clockObjects(w.Clocks)}, {"walk", stateObjects(w.States)}}
	}
	return object{{"workflow", string(d.ID)}, {"version", d.Version}, {"title", d.Title}, {"source", d.Source.String()},
		{"statutes", statutes}, {"line", procedure.Texts(d.Line)}, {"case", termsObject(&d.Terms)}, {"supervision", supervisionObject(d.Supervision)}, {"owes", owesObjects(d.Owes)}, {"facts", facts}, {"clocks", clockObjects(d.Clocks)},
		{"open", actionObject(&d.Open)}, {"walk", stateObjects(d.Main.States)}, {"side-walks", sides}}
}

func factObject(f *procedure.Fact) object {
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
	return append(append(o, member{"per", f.Per}), lawMembers(f.Law)...)
}

func clockObjects(clocks []procedure.Clock) []object {
	objects := make([]object, len(clocks))
	for i := range clocks {
		objects[i] = clockObject(&clocks[i])
	}
	return objects
}

func clockObject(c *procedure.Clock) object {
	o := object{{"id", string(c.ID)}, {"title", c.Title}, {"kind", string(c.Kind)}}
	switch {
	case c.Within.Period != nil:
		o = append(o, member{"within", c.Within.Period.String()})
	case c.Within.Date != nil:
		o = append(o, member{"within", object{{"date", c.Within.Date.String()}}})
	case c.Within.SameDay:
		o = append(o, member{"within", "same-day"})
	case c.Within.Yearly != nil:
		o = append(o, member{"within", object{{"yearly", fmt.Sprintf("%02d-%02d", c.Within.Yearly.Month, c.Within.Yearly.Day)}}})
	default:
		o = append(o, member{"within", "setting/" + c.Within.Setting})
	}
	sources := make([]any, len(c.From.Sources))
	for i, s := range c.From.Sources {
		sources[i] = sourceValue(s)
	}
	from := any(sources)
	if c.From.FirstOf {
		from = object{{"first-of", sources}}
	}
	o = append(o, member{"from", from}, member{"until", procedure.Texts(c.Until)}, member{"exact", c.Exact}, member{"stopped", procedure.Texts(c.Stopped)})
	if x := c.Extend; x != nil {
		by := x.Period.String()
		if x.Field != nil {
			by = x.Field.String()
		}
		o = append(o, member{"extend", object{{"by", by}, {"at", string(x.At)}, {"times", x.Times}}})
	}
	o = append(o, member{"warn", c.Warn}, member{"on-expiry", string(c.OnExpiry)}, member{"waived-by", string(c.WaivedBy)},
		member{"when", testValue(c.When)}, member{"of", procedure.Texts(c.Of)})
	return append(o, lawMembers(c.Law)...)
}

func sourceValue(s procedure.Source) any {
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
		return object{{"run-out", procedure.Texts(s.EndOf)}}
	case len(s.EndOf) > 0:
		return object{{"end-of", procedure.Texts(s.EndOf)}}
	}
	return string(s.Fact)
}

func stateObjects(states []procedure.State) []object {
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
			actions[j] = actionObject(&s.Actions[j])
		}
		objects[i] = append(o, member{"owes", owesObjects(s.Owes)}, member{"actions", actions})
	}
	return objects
}

func owesObjects(owes []procedure.Owed) []object {
	objects := make([]object, len(owes))
	for i := range owes {
		o := &owes[i]
		items := make([]object, len(o.Any))
		for j, it := range o.Any {
			items[j] = object{{"form", string(it.Form)}, {"fact", string(it.Fact)}}
		}
		objects[i] = append(object{{"form", string(o.Form)}, {"fact", string(o.Fact)}, {"any", items}, {"when", testValue(o.When)},
			{"gate", string(o.Gate)}}, lawMembers(o.Law)...)
	}
	return objects
}

func actionObject(a *procedure.Action) object {
	var guards []object
	for i := range a.Guards {
		if a.Guards[i].Owes == nil { // told where it is owed
			guards = append(guards, guardObject(&a.Guards[i]))
		}
	}
	forms := make([]object, len(a.Forms))
	for i, f := range a.Forms {
		forms[i] = append(object{{"when", testValue(f.When)}}, partMembers(f.Value)...)
	}
	o := object{{"do", string(a.ID)}, {"title", a.Title},
		{"by", lines(a.By, "by", func(v []procedure.Actor) any { return procedure.Texts(v) })},
		{"instead", procedure.Texts(a.Instead)}, {"not-by", a.NotBy},
		{"to", lines(a.To, "state", func(v procedure.StateID) any { return string(v) })},
		{"form", lines(a.Form, "form", func(v procedure.FormPart) any { return object(partMembers(v)) })},
		{"forms", forms}, {"decision", string(a.Decision)},
		{"fact", lines(a.Fact, "fact", func(v []procedure.FactID) any { return procedure.Texts(v) })},
		{"guards", guards}, {"voids", procedure.Texts(a.Voids)}}
	var assigns object
	for _, role := range slices.Sorted(maps.Keys(a.Assigns)) {
		assigns = append(assigns, member{string(role), string(a.Assigns[role])})
	}
	o = append(o, member{"assigns", assigns}, member{"releases", procedure.Texts(a.Releases)}, member{"number", a.Number},
		member{"issues", procedure.Texts(a.Issues)})
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
	o = append(o, member{"joins", string(a.Joins)}, member{"moves-main", lines(a.Moves, "state", func(v procedure.StateID) any { return string(v) })}, member{"marks", lines(a.Marks, "marks", func(v []string) any { return v })},
		member{"bars", a.Bars}, member{"sets-aside", lines(a.Aside, "forms", func(v []procedure.FormID) any { return procedure.Texts(v) })},
		member{"while-halted", a.Halted})
	return append(o, lawMembers(a.Law)...)
}

func partMembers(p procedure.FormPart) []member {
	return []member{{"form", string(p.Form)}, {"part", string(p.Part)}, {"per", p.Per}}
}

func guardObject(g *procedure.Guard) object {
	o := object{{"guard", g.Name}, {"with", argValue(g.Arg)}, {"when", testValue(g.When)}}
	if g.Soft {
		o = append(o, member{"blocks", json.RawMessage("false")})
	}
	return append(append(o, member{"finding", string(g.Finding)}), lawMembers(g.Law)...)
}

// lines writes a choice: each line its test and its value, the last one `else`.
func lines[T any](c procedure.Choice[T], word string, value func(T) any) []object {
	objects := make([]object, len(c))
	for i, o := range c {
		v := any("none")
		if !o.None {
			v = value(o.Value)
		}
		if o.When == nil {
			objects[i] = object{{"else", v}}
		} else {
			objects[i] = object{{"when", testValue(o.When)}, {word, v}}
		}
	}
	return objects
}

// testValue writes a test; no test says nothing.
func testValue(t *procedure.Test) any {
	if t == nil {
		return nil
	}
	var o object
	for _, f := range t.Fields {
		o = append(o, member{f.Name(), f.Values})
	}
	if t.Is != nil {
		o = append(o, member{"is", object{{"guard", t.Is.Name}, {"with", argValue(t.Is.Arg)}}})
	}
	return o
}

// argValue writes what a guard is given.
func argValue(a procedure.Arg) any {
	switch {
	case a.Text != "":
		return a.Text
	case len(a.List) > 0:
		return a.List
	case len(a.Named) > 0:
		var o object
		for _, name := range slices.Sorted(maps.Keys(a.Named)) {
			o = append(o, member{name, argValue(a.Named[name])})
		}
		return o
	}
	return nil
}

// lawMembers writes where something comes from.
func lawMembers(l procedure.Law) []member {
	return []member{{"law", citations(l.Cites)}, {"why", l.Why}}
}

func citations(cites []procedure.Citation) []string {
	words := make([]string, len(cites))
	for i, c := range cites {
		words[i] = c.String()
	}
	return words
}

func termsObject(t *procedure.Terms) object {
	column := func(c procedure.Column) string {
		if c.Table == "" {
			return ""
		}
		return c.String()
	}
	major := make([]object, len(t.Severity.Major))
	for i, g := range t.Severity.Major {
		major[i] = object{{"when", testValue(g.When)}, {"sum", string(g.Sum)}}
		if g.Setting != "" {
			major[i] = append(major[i], member{"from", "setting/" + g.Setting})
		}
		if g.Person != "" {
			major[i] = append(major[i], member{"person", "setting/" + g.Person})
		}
	}
	some := func(o object) object { // without what says nothing
		return slices.DeleteFunc(o, func(m member) bool { return empty(m.value) })
	}
	return some(object{{"party", string(t.Party)}, {"parties", column(t.Parties)}, {"cause", string(t.Cause)},
		{"officers", string(t.Officers)}, {"in-charge", string(t.InCharge)},
		{"claims", some(object{{"owed", column(t.Claims.Owed)}, {"paid", column(t.Claims.Paid)}})},
		{"severity", some(object{{"kinds", procedure.Texts(t.Severity.Kinds)}, {"sums", procedure.Texts(t.Severity.Sums)}, {"shares", column(t.Severity.Shares)},
			{"once", procedure.Texts(t.Severity.Once)}, {"violations", violationsObject(&t.Severity.Violations)}, {"major", major}})}, {"counted", some(countedObject(&t.Counted))}, {"publicity", some(publicityObject(&t.Publicity))}})
}

func publicityObject(p *procedure.Publicity) object {
	if p.Form == "" {
		return nil
	}
	return object{{"of", procedure.Texts(p.Of)}, {"form", string(p.Form)}, {"at", string(p.At)}, {"tells", procedure.Texts(p.Tells)}, {"chosen", p.Chosen.String()}, {"clocks", procedure.Texts(p.Clocks)}, {"annulled", string(p.Annulled)}, {"withdrawn", string(p.Withdrawn)}, {"withdrawal", string(p.Withdrawal)}}
}

func countedObject(k *procedure.Counted) object {
	handling := ""
	if k.Handling.Form != "" {
		handling = k.Handling.String()
	}
	return object{{"source", string(k.Source)}, {"category", string(k.Category)}, {"industry", string(k.Industry)}, {"township", string(k.Township)}, {"handling", handling},
		{"wages", string(k.Wages)}, {"mark", k.Mark}, {"filed", string(k.Filed)}, {"decided", string(k.Decided)}, {"made-good", string(k.MadeGood)}}
}

func violationsObject(v *procedure.Violations) object {
	if v.Table == "" {
		return nil
	}
	o := object{{"form", string(v.Form)}, {"table", string(v.Table)}, {"needed", testValue(v.Needed)}, {"ended", string(v.Ended)}, {"compensation", string(v.Compensation)}, {"late-fee", string(v.LateFee)}}
	columns := v.Columns()
	for _, word := range slices.Sorted(maps.Keys(columns)) {
		o = append(o, member{word, string(columns[word])})
	}
	return o
}

func supervisionObject(s *procedure.Supervision) object {
	if s == nil {
		return nil
	}
	o := object{{"form", string(s.Form)}, {"day", string(s.Day)}, {"reason", string(s.Reason)}}
	if s.Unissued {
		o = append(o, member{"issued", "false"})
	}
	return o
}
