package review

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Late asks that no run of these clocks be met late, or run out unmet.
type Late []procedure.ClockID

// AnyLate asks the same of each clock of a kind of which no other rule asks.
type AnyLate procedure.ClockKind

// Order asks that the second fact's day be no earlier than the first's.
type Order [2]procedure.FactID

// Skipped asks that a fact have a day before documents of these forms are issued.
type Skipped struct {
	Fact  procedure.FactID
	Forms []procedure.FormID
}

// After asks that a part of a form be signed no later than a fact.
type After struct {
	Form procedure.FormID
	Part procedure.PartID
	Fact procedure.FactID
}

// Unserved asks that each document of these forms have its day of the fact, which is kept per document, unless there is
// time yet by the clock.
type Unserved struct {
	Forms []procedure.FormID
	Fact  procedure.FactID
	While procedure.ClockID
}

func (Late) Name() string     { return "late" }
func (AnyLate) Name() string  { return "late" }
func (Order) Name() string    { return "order" }
func (Skipped) Name() string  { return "skipped" }
func (After) Name() string    { return "after" }
func (Unserved) Name() string { return "unserved" }

func (k Late) ask(x *looker) {
	x.late(func(c *procedure.Clock) bool { return slices.Contains(k, c.ID) })
}

func (k AnyLate) ask(x *looker) {
	x.late(func(c *procedure.Clock) bool {
		return (c.Kind == procedure.ClockKind(k) || c.Kind == "" && procedure.ClockKind(k) == procedure.Legal) &&
			!slices.ContainsFunc(x.all, func(r Rule) bool { named, ok := r.Check.(Late); return ok && slices.Contains(named, c.ID) })
	})
}

func (x *looker) late(asked func(*procedure.Clock) bool) {
	for _, r := range x.view.Clocks {
		if r.Def == nil || !asked(r.Def) || r.Provisional {
			continue
		}
		x.asked = true
		if r.State == rules.OverdueClock || r.State == rules.MissedClock {
			x.mark(Mark{Clock: r.Def.ID, Day: r.Ended, Due: r.Due})
		}
	}
}

func (k Order) ask(x *looker) {
	first, _, ok := x.bounds(k[0])
	_, last, also := x.bounds(k[1])
	if !ok || !also {
		return
	}
	x.asked = true
	if last < first {
		x.mark(Mark{Fact: k[1], Day: last, Due: first})
	}
}

func (k Skipped) ask(x *looker) {
	_, _, ok := x.bounds(k.Fact)
	for _, d := range x.issued(k.Forms) {
		x.asked = true
		if !ok {
			x.mark(Mark{At: d.Form, N: d.N, Fact: k.Fact, Day: d.Day})
		}
	}
}

// ask compares each document's signature with the fact's day of that document where it is kept per document, else with its
// first day.
func (k After) ask(x *looker) {
	first, _, ok := x.bounds(k.Fact)
	if !ok {
		return
	}
	for _, p := range x.papers(k.Form) {
		by := first
		for _, d := range x.days(k.Fact) {
			if p.Doc > 0 && document(d.Key) == p.Doc {
				by = d.Day
			}
		}
		for _, f := range p.Parts {
			if f.Part != k.Part || f.Past != 0 {
				continue
			}
			x.asked = true
			if f.Day > by {
				x.mark(Mark{At: k.Form, N: p.Doc, Fact: k.Fact, Day: f.Day, Due: by})
			}
		}
	}
}

func (k Unserved) ask(x *looker) {
	if slices.ContainsFunc(x.view.Clocks, func(r rules.Running) bool {
		return r.Def != nil && r.Def.ID == k.While && (r.State == rules.RunningClock || r.State == rules.SuspendedClock)
	}) {
		return
	}
	for _, d := range x.issued(k.Forms) {
		x.asked = true
		if !slices.ContainsFunc(x.days(k.Fact), func(day casefile.Day) bool { return document(day.Key) == d.N }) {
			x.mark(Mark{At: d.Form, N: d.N, Fact: k.Fact, Day: d.Day})
		}
	}
}

// document is the document that a fact's key names: "3" or "3/2"; 0 of another.
func document(key string) int {
	n := 0
	for _, c := range key {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (k Late) fits(n *needs) {
	for _, id := range k {
		n.clock(id)
	}
}

func (AnyLate) fits(*needs) {}

func (k Order) fits(n *needs) {
	n.fact(k[0])
	n.fact(k[1])
}

func (k Skipped) fits(n *needs) {
	n.fact(k.Fact)
	n.forms(k.Forms...)
}

func (k After) fits(n *needs) {
	n.fact(k.Fact)
	n.forms(k.Form)
	form := n.ed.Forms[k.Form]
	n.lack(form == nil || form.Part(k.Part) != nil, "part %s of %s", k.Part, k.Form)
}

func (k Unserved) fits(n *needs) {
	n.fact(k.Fact)
	n.clock(k.While)
	n.forms(k.Forms...)
}
