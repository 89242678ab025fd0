package check

import (
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// checkFacts checks the named days that the law counts from.
func (c *checker) checkFacts() {
	seen := map[procedure.FactID]bool{}
	for _, f := range c.def.Facts {
		path := in("facts", string(f.ID))
		c.word(path, "fact", string(f.ID))
		if seen[f.ID] {
			c.fault(path, text.Say("fact %q stands twice", f.ID), "")
		}
		seen[f.ID] = true
		c.label(path, f.Title, false)
		c.law(path, f.Law, true)
		if f.After != "" && c.fact(in(path, "after"), f.After) && c.loops(f.ID) {
			c.fault(in(path, "after"), text.Say("fact %q comes after itself", f.ID), "break the ring")
		}
		c.named(in(path, "keep"), "way to keep a fact", string(f.Keep), []string{string(procedure.First), string(procedure.Latest), string(procedure.Each)})
		for i, per := range f.Per {
			c.per(at(in(path, "per"), i), per)
		}
		if f.Shift != nil {
			c.shift(in(path, "shift"), f)
		}
		if !c.sets[f.ID] && !c.lost.fact {
			c.fault(path, text.Say("no action sets fact %q", f.ID), "name it in an action's fact, or take it out")
		}
	}
}

// loops tells whether a fact comes after itself.
func (c *checker) loops(id procedure.FactID) bool {
	next := c.def.Fact(id)
	for range c.def.Facts {
		if next == nil || next.After == "" {
			return false
		}
		if next.After == id {
			return true
		}
		next = c.def.Fact(next.After)
	}
	return false // a ring further on, told where it is
}

// per checks what a fact is kept per.
func (c *checker) per(path, per string) {
	form, field, ok := strings.Cut(per, ".")
	if !ok {
		c.named(path, "thing that a fact is kept per", per, []string{"document", "respondent", "FORM.table"})
		return
	}
	f := c.field(path, procedure.FieldRef{Form: procedure.FormID(form), Field: procedure.FieldID(field)})
	c.ofType(path, f, procedure.Table)
}

// shift checks that the field, which is the setting action's, takes the values that the periods are given for.
func (c *checker) shift(path string, f procedure.Fact) {
	if !c.sets[f.ID] {
		return // told already
	}
	c.partial = c.vague[f.ID]
	defer func() { c.partial = false }()
	field := c.own(in(path, string(f.Shift.Field)), f.Shift.Field, c.scopes[f.ID])
	for value := range f.Shift.Periods {
		c.value(in(in(path, string(f.Shift.Field)), value), field, value)
	}
}

// checkClocks checks every clock of the procedure and of its side walks.
func (c *checker) checkClocks() {
	seen := map[procedure.ClockID]bool{}
	for clock, path := range eachClock(c.def) {
		c.word(path, "clock", string(clock.ID))
		if seen[clock.ID] {
			c.fault(path, text.Say("clock %q stands twice", clock.ID), "side walks share the names of clocks with the procedure")
		}
		seen[clock.ID] = true
		c.label(path, clock.Title, true)
		c.law(path, clock.Law, true)
		c.named(in(path, "kind"), "kind of clock", string(clock.Kind), procedure.Texts([]procedure.ClockKind{procedure.Legal, procedure.Warning, procedure.Target, procedure.Window, procedure.Party}))
		c.within(in(path, "within"), clock.Within)
		c.from(in(path, "from"), clock)
		c.until(in(path, "until"), clock)
		c.stopped(in(path, "stopped"), clock)
		c.extend(in(path, "extend"), clock)
		c.onExpiry(in(path, "on-expiry"), clock)
		for i, days := range clock.Warn {
			if slices.Index(clock.Warn, days) < i {
				c.fault(at(in(path, "warn"), i), text.Say("warning %s stands twice", days), "")
			}
		}
		if clock.WaivedBy != "" {
			c.fact(in(path, "waived-by"), clock.WaivedBy)
			if clock.Kind != procedure.Window {
				c.fault(in(path, "waived-by"), "only a window can be waived", "add kind: window, or take waived-by out")
			}
		}
		c.test(in(path, "when"), clock.When, nil)
		for i, id := range clock.VoidBy {
			c.fact(at(in(path, "void-by"), i), id)
		}
		for i, o := range clock.Lengths {
			c.test(at(in(path, "within"), i)+".when", o.When, nil)
		}
		for i, id := range clock.NotEarly {
			c.named(at(in(path, "not-before"), i), "clock", string(id), c.clocks)
		}
		for i, id := range clock.Of {
			c.filled(at(in(path, "of"), i), id)
		}
		if len(clock.Of) > 0 && !c.perDocument(clock) {
			c.fault(in(path, "of"), "the clock starts from no fact kept per document", "take of out, or give the fact per: document")
		}
	}
}

// within checks the length of a clock.
func (c *checker) within(path string, w procedure.Within) {
	switch {
	case w.Date != nil:
		c.ofType(in(path, "date"), c.field(in(path, "date"), *w.Date), procedure.DateType, procedure.DateTime)
	case w.SameDay:
	case w.Yearly != nil:
		if w.Yearly.Of != nil {
			c.ofType(in(path, "of"), c.field(in(path, "of"), *w.Yearly.Of), procedure.Number)
		}
	case w.Setting != "":
		c.word(path, "setting", w.Setting)
	case w.Period == nil:
		c.fault(path, "no length", "write a period (60 workdays), setting/NAME or {date: FORM.field}")
	}
}

// from checks where a clock starts, and that something starts it.
func (c *checker) from(path string, clock *procedure.Clock) {
	if len(clock.From.Sources) == 0 {
		c.fault(path, "nothing starts this clock", "name the fact that it counts from")
		return
	}
	before := len(c.faults)
	for i, s := range clock.From.Sources {
		p := at(path, i)
		if clock.From.FirstOf {
			p = at(in(path, "first-of"), i)
		}
		switch {
		case s.Fact != "":
			c.fact(p, s.Fact)
		case s.Date != nil:
			c.ofType(in(p, "date"), c.field(in(p, "date"), *s.Date), procedure.DateType, procedure.DateTime)
		case s.BeforeFact != "":
			c.fact(in(p, "before"), s.BeforeFact)
		case s.BeforeDate != nil:
			c.ofType(in(p, "before"), c.field(in(p, "before"), *s.BeforeDate), procedure.DateType, procedure.DateTime)
		case s.BeforeEnd != "":
			c.clock(in(in(p, "before"), "end-of"), s.BeforeEnd)
		default:
			key := "end-of"
			if s.RunOut {
				key = "run-out"
			}
			for j, id := range s.EndOf {
				c.clock(at(in(p, key), j), id)
			}
		}
	}
	if len(c.faults) == before && !c.lost.fact && !c.starts(clock, map[procedure.ClockID]bool{}) {
		c.fault(path, "nothing starts this clock", "no action sets what it counts from")
	}
}

// starts tells whether some action can bring about a source of the clock.
func (c *checker) starts(clock *procedure.Clock, asked map[procedure.ClockID]bool) bool {
	if clock == nil || asked[clock.ID] {
		return false
	}
	asked[clock.ID] = true
	for _, s := range clock.From.Sources {
		if s.Date != nil || s.BeforeDate != nil || c.sets[s.Fact] || c.sets[s.BeforeFact] {
			return true
		}
		for _, id := range s.Ends() {
			if c.starts(c.def.Clock(id), asked) {
				return true
			}
		}
	}
	return false
}

// until checks that something ends a clock. The party's time ends by itself.
func (c *checker) until(path string, clock *procedure.Clock) {
	ends, known := false, true
	for i, id := range clock.Until {
		known = c.fact(at(path, i), id) && known
		ends = ends || c.sets[id]
	}
	if !ends && known && !(c.lost.fact && len(clock.Until) > 0) && clock.Kind != procedure.Window {
		c.fault(path, "nothing ends this clock", "name in until a fact that some action sets; only a window ends by itself")
	}
}

// stopped checks the pair of facts that suspends a clock and lets it go on.
func (c *checker) stopped(path string, clock *procedure.Clock) {
	if len(clock.Stopped) == 0 {
		return
	}
	if len(clock.Stopped) != 2 {
		c.fault(path, "a pair is wanted", "write [SUSPENDED, RESUMED]")
		return
	}
	for i, id := range clock.Stopped {
		if c.fact(at(path, i), id) && c.def.Fact(id).Keep != procedure.Each {
			c.fault(at(path, i), text.Say("fact %q isn't kept each", id), "give the fact keep: each, so that every pair counts")
		}
	}
	if p := clock.Within.Period; p != nil && p.Unit == calendar.Months {
		c.fault(path, "a clock of months can't be suspended", "count it in days or workdays")
	}
}

// extend checks how a clock is lengthened.
func (c *checker) extend(path string, clock *procedure.Clock) {
	x := clock.Extend
	if x == nil {
		return
	}
	c.fact(in(path, "at"), x.At)
	if x.Times < 1 {
		c.fault(in(path, "times"), text.Say("extended %s times", x.Times), "write 1 or more")
	}
	p := clock.Within.Period
	switch {
	case x.Field != nil && clock.Within.Date != nil:
		c.ofType(in(path, "by"), c.field(in(path, "by"), *x.Field), procedure.DateType)
	case x.Field != nil:
		c.ofType(in(path, "by"), c.field(in(path, "by"), *x.Field), procedure.Number)
	case clock.Within.Date != nil:
		c.fault(in(path, "by"), "a day that a person fixes is extended by a period", "write FORM.field of the day that takes its place")
	case p != nil && p.Unit != x.Period.Unit:
		c.fault(in(path, "by"), text.Say("a clock of %s extended by %s", p.Unit, x.Period.Unit), "extend a clock in its own unit")
	}
}

// onExpiry checks that the clock does what only the timer may do.
func (c *checker) onExpiry(path string, clock *procedure.Clock) {
	id := clock.OnExpiry
	if id == "" {
		return
	}
	written := c.actions[:len(c.actions)-len(procedure.Builtins)]
	if c.named(path, "action", string(id), written) && !c.actorOf[id][procedure.Timer] {
		c.fault(path, text.Say("action %q isn't by: [timer]", id), "only the timer acts when a clock runs out")
	}
}

// perDocument tells whether the clock counts from a fact that has one day for each document.
func (c *checker) perDocument(clock *procedure.Clock) bool {
	for _, s := range clock.From.Sources {
		if f := c.def.Fact(s.Fact); f != nil && slices.Contains(f.Per, "document") {
			return true
		}
		for _, id := range s.Ends() { // circles are told where the sources are
			if x := c.def.Clock(id); x != nil && x != clock && c.perDocument(x) {
				return true
			}
		}
	}
	return false
}
