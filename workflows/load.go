package workflows

import (
	"fmt"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
	"dossier/seeds"
)

// reader decodes one procedure.
type reader struct {
	*grammar.Reader
	forms map[procedure.FormID]*procedure.Form
	again map[string]repeat // by its path, an action that is written elsewhere
}

// Load reads one procedure and checks its shape and its meaning. The forms are all that its actions may fill, own the posts
// that the office has beside those that the program brings. The error is [strictyaml.Faults]: every fault of the file, each
// with its line, column and hint.
func Load(file string, data []byte, forms map[procedure.FormID]*procedure.Form, own ...procedure.Post) (*procedure.Definition, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{Reader: grammar.New(file), forms: forms}
	r.writeOut(root)
	d := r.definition(root)
	d.Posts = append(seeds.Posts(), own...)
	r.Meaning(r.firstTold(check.Definition(d, forms)))
	if err := r.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// definition reads the keys of the whole file.
func (r *reader) definition(n *strictyaml.Node) *procedure.Definition {
	d := &procedure.Definition{Main: procedure.Walk{ID: procedure.Main}}
	if !r.Keys(n, "workflow", "version", "title", "source", "statutes", "line", "case", "supervision", "facts", "clocks", "open", "walk", "side-walks") {
		return d
	}
	r.Require(n, "workflow", "version", "title", "source", "line", "case", "facts", "open", "walk")
	d.ID = procedure.WorkflowID(r.String(n.Get("workflow")))
	d.Version = r.Int(n.Get("version"))
	d.Title = r.Label(n.Get("title"))
	d.Source = r.Citation(n.Get("source"))
	d.Line = grammar.Ids[procedure.Actor](r.Reader, n.Get("line"))
	d.Terms = r.terms(n.Get("case"))
	d.Supervision = r.supervision(n.Get("supervision"))
	r.each(n.Get("statutes"), func(id string, s *strictyaml.Node) {
		if r.Keys(s, "zh", "en", "ref") {
			d.Statutes = append(d.Statutes, procedure.Statute{ID: id, Title: r.LabelIn(s), Ref: r.String(s.Get("ref"))})
		}
	})
	r.each(n.Get("facts"), func(id string, f *strictyaml.Node) {
		d.Facts = append(d.Facts, r.fact(procedure.FactID(id), f))
	})
	d.Clocks = r.clocks(n.Get("clocks"), "")
	if open := n.Get("open"); open != nil {
		d.Open = r.action(open)
	}
	d.Main.States = r.states(n.Get("walk"))
	r.each(n.Get("side-walks"), func(id string, w *strictyaml.Node) {
		d.Sides = append(d.Sides, r.sideWalk(procedure.WalkID(id), w))
	})
	return d
}

// each reads a map whose keys are ids, in the order of the file.
func (r *reader) each(n *strictyaml.Node, read func(id string, n *strictyaml.Node)) {
	if n == nil || n.Kind != strictyaml.Map {
		if n != nil {
			r.Fault(n, "a map is wanted, "+n.Kind.String()+" stands here", "write NAME: {…}, one a line")
		}
		return
	}
	for _, k := range n.Keys {
		read(k.Name, k.Value)
	}
}

// fact reads a named day.
func (r *reader) fact(id procedure.FactID, n *strictyaml.Node) procedure.Fact {
	f := procedure.Fact{ID: id, Keep: procedure.Latest}
	if !r.Keys(n, "zh", "en", "after", "keep", "falls-on", "shift", "per", "law", "why") {
		return f
	}
	f.Title, f.Law = r.LabelIn(n), r.Law(n)
	switch after := n.Get("after"); {
	case after == nil:
		r.Fault(n, fmt.Sprintf("fact %q doesn't say after what", id), "write after: FACT, or after: none")
	case r.String(after) != "none":
		f.After = procedure.FactID(after.Text)
	}
	if keep := n.Get("keep"); keep != nil {
		f.Keep = procedure.Keep(r.String(keep))
	}
	if on := n.Get("falls-on"); on != nil {
		f.Workday = true
		if r.String(on) != "workday" {
			r.Fault(on, fmt.Sprintf("no day to fall on %q", on.Text), strictyaml.Offer(on.Text, []string{"workday"}))
		}
	}
	f.Per = r.Strings(n.Get("per"))
	if s := n.Get("shift"); s != nil {
		f.Shift = r.shift(s)
	}
	return f
}

// shift reads {FIELD: {VALUE: PERIOD, …}}.
func (r *reader) shift(n *strictyaml.Node) *procedure.Shift {
	if n.Kind != strictyaml.Map || len(n.Keys) != 1 {
		r.Fault(n, "one field is wanted here", "write {FIELD: {VALUE: PERIOD}}")
		return nil
	}
	s := &procedure.Shift{Field: procedure.FieldID(n.Keys[0].Name), Periods: map[string]calendar.Period{}}
	r.each(n.Keys[0].Value, func(value string, p *strictyaml.Node) {
		if period := r.period(p); period != nil {
			s.Periods[value] = *period
		}
	})
	return s
}

// period reads 60 workdays, 15 days or 6 months.
func (r *reader) period(n *strictyaml.Node) *calendar.Period {
	p, err := calendar.ParsePeriod(r.String(n))
	if err != nil {
		if n != nil && n.Kind == strictyaml.Scalar {
			r.Fault(n, fmt.Sprintf("%q is no period", n.Text), "write 60 workdays, 15 days or 6 months")
		}
		return nil
	}
	return &p
}

// clocks reads the clocks of the procedure, or of a side walk.
func (r *reader) clocks(n *strictyaml.Node, walk procedure.WalkID) []procedure.Clock {
	var clocks []procedure.Clock
	r.each(n, func(id string, c *strictyaml.Node) {
		clocks = append(clocks, r.clock(procedure.ClockID(id), walk, c))
	})
	return clocks
}

// clock reads one period of the law.
func (r *reader) clock(id procedure.ClockID, walk procedure.WalkID, n *strictyaml.Node) procedure.Clock {
	c := procedure.Clock{ID: id, Walk: walk, Kind: procedure.Legal}
	if !r.Keys(n, "zh", "en", "kind", "within", "from", "until", "stopped", "extend", "warn", "on-expiry", "waived-by",
		"when", "of", "law", "why") {
		return c
	}
	c.Title, c.Law = r.LabelIn(n), r.Law(n)
	if kind := n.Get("kind"); kind != nil {
		c.Kind = procedure.ClockKind(r.String(kind))
	}
	c.Within = r.within(n.Get("within"))
	c.From = r.from(n.Get("from"))
	c.Until = grammar.Ids[procedure.FactID](r.Reader, n.Get("until"))
	c.Stopped = grammar.Ids[procedure.FactID](r.Reader, n.Get("stopped"))
	c.Extend = r.extend(n.Get("extend"))
	if warn := n.Get("warn"); warn != nil && warn.Kind == strictyaml.Scalar {
		c.Warn = []int{r.Int(warn)}
	} else {
		for _, item := range r.List(warn) {
			c.Warn = append(c.Warn, r.Int(item))
		}
	}
	c.OnExpiry = procedure.ActionID(r.String(n.Get("on-expiry")))
	c.WaivedBy = procedure.FactID(r.String(n.Get("waived-by")))
	c.When = r.Test(n.Get("when"))
	c.Of = grammar.Ids[procedure.FormID](r.Reader, n.Get("of"))
	return c
}

// within reads a period, setting/NAME or {date: FORM.field}.
func (r *reader) within(n *strictyaml.Node) procedure.Within {
	switch {
	case n == nil:
		return procedure.Within{}
	case n.Kind == strictyaml.Map:
		if r.Keys(n, "date") {
			return procedure.Within{Date: r.Ref(n.Get("date"))}
		}
		return procedure.Within{}
	}
	s := r.String(n)
	if name, ok := strings.CutPrefix(s, "setting/"); ok {
		return procedure.Within{Setting: name}
	}
	return procedure.Within{Period: r.period(n)}
}

// from reads where a clock starts.
func (r *reader) from(n *strictyaml.Node) procedure.From {
	var f procedure.From
	if n == nil {
		return f
	}
	if list := n.Get("first-of"); list != nil {
		r.Keys(n, "first-of")
		f.FirstOf = true
		n = list
	}
	if n.Kind != strictyaml.List {
		if s, ok := r.source(n); ok {
			f.Sources = append(f.Sources, s)
		}
		return f
	}
	for _, item := range n.Items {
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
		s.EndOf = grammar.Ids[procedure.ClockID](r.Reader, v)
	case "run-out":
		s.EndOf, s.RunOut = grammar.Ids[procedure.ClockID](r.Reader, v), true
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
	if n == nil || !r.Keys(n, "by", "at", "times") {
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
		if p := r.period(by); p != nil {
			x.Period = *p
		}
	}
	return x
}
