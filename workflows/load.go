package workflows

import (
	"fmt"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
	"dossier/seeds"
)

// reader decodes one procedure.
type reader struct {
	*grammar.Reader
	forms map[procedure.FormID]*procedure.Form
	again map[string]repeat // by its path, an action that is written elsewhere
}

// newReader knows the ways in which a procedure's words are written.
func newReader(file string, forms map[procedure.FormID]*procedure.Form) *reader {
	r := &reader{Reader: grammar.New(file), forms: forms}
	strictyaml.Words(r.Decoder, procedure.Latest, procedure.First, procedure.Each)
	strictyaml.Words(r.Decoder, procedure.Legal, procedure.Warning, procedure.Target, procedure.Window, procedure.Party)
	strictyaml.Words(r.Decoder, procedure.Approve, procedure.Refuse, procedure.Return)
	strictyaml.Register(r.Decoder, r.shift, way("{FIELD: {VALUE: PERIOD}}"))
	strictyaml.Register(r.Decoder, r.within, way("60 workdays, same-day, setting/NAME, {date: FORM.field} or {yearly: MM-DD, of: FORM.year}"))
	strictyaml.Register(r.Decoder, r.from, way("FACT, a list, {first-of: […]}, {end-of: CLOCK}, {run-out: CLOCK}, {date: FORM.field} or {before: …}"))
	strictyaml.Register(r.Decoder, r.extend, way("{by: PERIOD or FORM.field, at: FACT, times: 1}"))
	strictyaml.Register(r.Decoder, r.formList, way("{when: TEST, form: FORM, part: PART, per: respondent}, or FORM"))
	strictyaml.Register(r.Decoder, r.guard, guardSchema)
	strictyaml.Register(r.Decoder, r.actions, actionsSchema)
	strictyaml.After(r.Decoder, r.fact)
	strictyaml.After(r.Decoder, r.clock)
	strictyaml.After(r.Decoder, r.walk)
	strictyaml.After(r.Decoder, r.state)
	strictyaml.After(r.Decoder, r.action)
	strictyaml.After(r.Decoder, r.grave)
	strictyaml.After(r.Decoder, func(n *strictyaml.Node, s *procedure.Supervision) {
		if issued := n.Get("issued"); issued != nil {
			s.Unissued = !r.Bool(issued)
		}
	})
	return r
}

// way is the schema of what is written in one of several ways.
func way(words string) func(strictyaml.Schemas) map[string]any {
	return strictyaml.Plain(map[string]any{"description": words})
}

// Load reads one procedure and checks its shape and its meaning. The forms are all that its actions may fill, own the posts
// that the office has beside those that the program brings. The error is [text.Faults]: every fault of the file, each
// with its line, column and hint.
func Load(file string, data []byte, forms map[procedure.FormID]*procedure.Form, own ...procedure.Post) (*procedure.Definition, error) {
	d, _, err := load1(file, data, forms, own)
	return d, err
}

// load1 reads one procedure, and its sheet: what is like a pattern is written out first.
func load1(file string, data []byte, forms map[procedure.FormID]*procedure.Form, own []procedure.Post) (*procedure.Definition, grammar.Sheet, error) {
	sheet, root, err := grammar.Written(file, data, patterns)
	if err != nil {
		return nil, sheet, err
	}
	r := newReader(file, forms)
	r.writeOut(root)
	d := r.definition(root)
	d.Posts = append(seeds.Posts(), own...)
	r.Meaning(r.firstTold(check.Definition(d, forms)))
	if err := sheet.Told(r.Err()); err != nil {
		return nil, sheet, err
	}
	d.Bind()
	return d, sheet, nil
}

// definition reads the whole file.
func (r *reader) definition(n *strictyaml.Node) *procedure.Definition {
	d := &procedure.Definition{Main: procedure.Walk{ID: procedure.Main}}
	r.Into(n, d)
	if each := n.Get("each"); each != nil && r.Keys(each, "respondent") {
		d.Apart = procedure.FactID(r.String(each.Get("respondent")))
	}
	return d
}

// fact completes a named day.
func (r *reader) fact(n *strictyaml.Node, f *procedure.Fact) {
	switch after := n.Get("after"); {
	case after == nil:
		r.Fault(n, text.Say("fact %q doesn't say after what", f.ID), "write after: FACT, or after: none")
	case f.After == "none":
		f.After = ""
	}
	if f.Keep == "" {
		f.Keep = procedure.Latest
	}
	f.Workday = r.flag(n.Get("falls-on"), "workday", "no day to fall on %q")
}

// flag reads a word that has one meaning only.
func (r *reader) flag(n *strictyaml.Node, word, wrong string) bool {
	if n == nil {
		return false
	}
	if s := r.String(n); s != "" && s != word {
		r.Fault(n, text.Say(wrong, s), strictyaml.Offer(s, []string{word}))
	}
	return true
}

// shift reads {FIELD: {VALUE: PERIOD, …}}.
func (r *reader) shift(n *strictyaml.Node) *procedure.Shift {
	if n.Kind != strictyaml.Map || len(n.Keys) != 1 {
		r.Fault(n, "one field is wanted here", "write {FIELD: {VALUE: PERIOD}}")
		return nil
	}
	s := &procedure.Shift{Field: procedure.FieldID(n.Keys[0].Name), Periods: map[string]calendar.Period{}}
	r.Each(n.Keys[0].Value, func(value string, p *strictyaml.Node) {
		if period := r.Period(p); period != nil {
			s.Periods[value] = *period
		}
	})
	return s
}

// clock completes one period of the law.
func (r *reader) clock(n *strictyaml.Node, c *procedure.Clock) {
	if c.Kind == "" {
		c.Kind = procedure.Legal
	}
	if within := n.Get("within"); within != nil && within.Kind == strictyaml.List {
		c.Lengths = grammar.Choice(r.Reader, within, "within", nil, func(v, _ *strictyaml.Node) procedure.Within { return r.within(v) })
		if n := len(c.Lengths); n > 0 {
			c.Within = c.Lengths[n-1].Value
		}
	}
}

// within reads a period, setting/NAME or {date: FORM.field}.
func (r *reader) within(n *strictyaml.Node) procedure.Within {
	if n.Kind == strictyaml.List { // chosen: read with its conditions when the clock is completed
		return procedure.Within{}
	}
	if n.Kind == strictyaml.Map && n.Get("yearly") != nil {
		r.Keys(n, "yearly", "of")
		y := &procedure.Yearly{}
		if _, err := fmt.Sscanf(r.String(n.Get("yearly")), "%2d-%2d", &y.Month, &y.Day); err != nil || y.Month < 1 || y.Month > 12 || y.Day < 1 || y.Day > 31 {
			r.Fault(n.Get("yearly"), text.Say("%q is no day of the year", n.Get("yearly").Text), "write MM-DD: 03-31")
		}
		if of := n.Get("of"); of != nil {
			y.Of = r.Ref(of)
		}
		return procedure.Within{Yearly: y}
	}
	if n.Kind == strictyaml.Map {
		if r.Keys(n, "date") {
			return procedure.Within{Date: r.Ref(n.Get("date"))}
		}
		return procedure.Within{}
	}
	if r.String(n) == "same-day" {
		return procedure.Within{SameDay: true}
	}
	if name, ok := strings.CutPrefix(r.String(n), "setting/"); ok {
		return procedure.Within{Setting: name}
	}
	return procedure.Within{Period: r.Period(n)}
}

// from reads where a clock starts.
func (r *reader) from(n *strictyaml.Node) procedure.From {
	var f procedure.From
	if list := n.Get("first-of"); list != nil {
		r.Keys(n, "first-of")
		f.FirstOf = true
		n = list
	}
	items := []*strictyaml.Node{n}
	if n.Kind == strictyaml.List {
		items = n.Items
	}
	for _, item := range items {
		if s, ok := r.source(item); ok {
			f.Sources = append(f.Sources, s)
		}
	}
	return f
}

// source reads FACT, {end-of: CLOCK}, {run-out: CLOCK}, {date: FORM.field} or {before: FACT, FORM.field or {end-of: CLOCK}}.
func (r *reader) source(n *strictyaml.Node) (procedure.Source, bool) {
	if n.Kind != strictyaml.Map {
		s := r.String(n)
		return procedure.Source{Fact: procedure.FactID(s)}, s != ""
	}
	if !r.Keys(n, "end-of", "run-out", "date", "before") || len(n.Keys) != 1 {
		r.Fault(n, "one start is wanted here", "write FACT, {end-of: CLOCK}, {run-out: CLOCK}, {date: FORM.field} or {before: FACT or FORM.field}")
		return procedure.Source{}, false
	}
	var s procedure.Source
	switch v := n.Keys[0].Value; n.Keys[0].Name {
	case "end-of":
		r.Into(v, &s.EndOf)
	case "run-out":
		r.Into(v, &s.EndOf)
		s.RunOut = true
	case "date":
		s.Date = r.Ref(v)
	case "before":
		switch {
		case v.Kind == strictyaml.Map:
			if r.Keys(v, "end-of") {
				s.BeforeEnd = procedure.ClockID(r.String(v.Get("end-of")))
			}
		case strings.Contains(r.String(v), "."):
			s.BeforeDate = r.Ref(v)
		default:
			s.BeforeFact = procedure.FactID(v.Text)
		}
	}
	return s, s.EndOf != nil || s.Date != nil || s.BeforeDate != nil || s.BeforeFact != "" || s.BeforeEnd != ""
}

// extend reads {by: PERIOD or FORM.field, at: FACT, times: 1}.
func (r *reader) extend(n *strictyaml.Node) *procedure.Extend {
	if !r.Keys(n, "by", "at", "times") {
		return nil
	}
	r.Require(n, "by", "at")
	x := &procedure.Extend{At: procedure.FactID(r.String(n.Get("at"))), Times: 1}
	if times := n.Get("times"); times != nil {
		x.Times = r.Int(times)
	}
	switch by := n.Get("by"); {
	case by == nil:
	case strings.Contains(r.String(by), "."):
		x.Field = r.Ref(by)
	default:
		if p := r.Period(by); p != nil {
			x.Period = *p
		}
	}
	return x
}

// grave completes {when: TEST} or {when: TEST, sum: FIELD, from: setting/NAME}.
func (r *reader) grave(n *strictyaml.Node, g *procedure.Grave) {
	if g.When != nil && g.When.Is != nil {
		r.Fault(n.Get("when"), "a guard can't stand here", "a proposal is major by its own fields: {FIELD: VALUE}")
	}
	setting, ok := strings.CutPrefix(r.String(n.Get("from")), "setting/")
	switch from := n.Get("from"); {
	case (from == nil) != (g.Sum == ""):
		r.Fault(n, "sum and from belong together", "write {when: TEST, sum: FIELD, from: setting/NAME}: from that sum on")
	case from != nil && !ok:
		r.Fault(from, text.Say("no setting %q", from.Text), "write setting/NAME")
	}
	g.Setting = setting
	if p := n.Get("person"); p != nil {
		if g.Person, ok = strings.CutPrefix(r.String(p), "setting/"); !ok || g.Sum == "" {
			r.Fault(p, text.Say("no setting %q of a sum", p.Text), "write {when: TEST, sum: FIELD, from: setting/NAME, person: setting/NAME}")
		}
	}
}
