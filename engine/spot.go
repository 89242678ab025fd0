package engine

import (
	"slices"
	"strconv"
)

// spot is an action found in the place where the case is.
type spot struct {
	def   *Walk
	state *State
	act   *Action
	id    WalkID // of the walk in the case: "evidence-2"
	fresh bool   // the walk begins with this action
}

// spots gives every place where the action can be done now.
func spots(ed *Edition, c *Case, id ActionID) []spot {
	var ss []spot
	add := func(def *Walk, st *State, walk WalkID, fresh bool) {
		if st != nil {
			if a := st.Action(id); a != nil {
				ss = append(ss, spot{def, st, a, walk, fresh})
			}
		}
	}
	main := ed.Def.Main.State(c.Main())
	add(&ed.Def.Main, main, Main, false)
	for i := range ed.Def.Sides {
		def := &ed.Def.Sides[i]
		if main == nil || !def.Lives(main) {
			continue
		}
		n, idle := 0, false
		for _, w := range c.Walks[1:] {
			if w.Def != def.ID {
				continue
			}
			n++
			idle = idle || w.State == def.States[0].ID // returned or taken back: the next request is made there
			add(def, def.State(w.State), w.ID, false)
		}
		if n == 0 || def.Repeats && !idle {
			add(def, &def.States[0], instance(def.ID, n+1), true)
		}
	}
	return ss
}

func instance(id WalkID, n int) WalkID {
	if n == 1 {
		return id
	}
	return id + WalkID("-"+strconv.Itoa(n))
}

// find picks the place that the command means.
func find(ed *Edition, c *Case, cmd *Command) (spot, *Error) {
	ss := spots(ed, c, cmd.Action)
	for _, s := range ss {
		if cmd.Walk == "" || cmd.Walk == s.id || cmd.Walk == s.def.ID && s.fresh {
			return s, nil
		}
	}
	known := false
	ed.Def.Each(func(w *Walk, _ *State, a *Action) {
		known = known || a.ID == cmd.Action
	})
	if known && cmd.Seq != 0 && cmd.Seq < c.Seq { // drawn before somebody moved the case on
		return spot{}, fail(CaseMovedOn, Args{"action": string(cmd.Action), "state": string(c.Main())})
	}
	return spot{}, fail(UnknownAction, Args{"action": string(cmd.Action), "state": string(c.Main())})
}

// parts are the form parts that an action fills, given what is typed.
func (s *scope) parts(a *Action) ([]FormPart, []*Part) {
	var fps []FormPart
	if f, ok := choose(s, a.Form); ok && f.Form != "" {
		fps = append(fps, f)
	}
	for _, o := range a.Forms {
		if s.holds(o.When) && !o.None {
			fps = append(fps, o.Value)
		}
	}
	var ps []*Part
	for _, fp := range fps {
		if f := s.ed.Forms[fp.Form]; f != nil {
			if p := f.Part(fp.Part); p != nil {
				ps = append(ps, p)
			}
		}
	}
	return fps, ps
}

// admit asks whether the person may do this: by a post of their own, by a role of the case, or as delegate. It sets the
// scope's principal.
func (t *turn) admit(s *scope, sp spot, cmd *Command) (Actor, error) {
	by, _ := choose(s, sp.act.By)
	if cmd.Actor == System {
		if slices.Contains(by, Timer) {
			return Timer, nil
		}
		return "", fail(NotYourGate, Args{"action": string(sp.act.ID)})
	}
	p := t.office.Person(cmd.Actor)
	if p == nil || !p.Active(t.today) {
		return "", fail(Forbidden, Args{"who": string(cmd.Actor)})
	}
	if cmd.Token && sp.act.Decision != "" {
		return "", fail(Forbidden, Args{"who": p.Name, "action": string(sp.act.ID)})
	}
	if cmd.opened {
		return by[0], nil
	}
	for _, a := range by {
		if cmd.For == "" && (p.Holds(a, t.today) || slices.Contains(s.role(a), cmd.Actor)) {
			return a, nil
		}
	}
	for _, a := range by {
		for _, q := range t.office.Lent(cmd.Actor, a, t.today) {
			if cmd.For == "" || cmd.For == q {
				s.behalf = q
				return a, nil
			}
		}
	}
	var names []string
	for _, a := range by {
		names = append(names, string(a))
	}
	return "", fail(NotYourGate, Args{"action": string(sp.act.ID), "by": joinWords(names), "who": p.Name})
}

// duty holds one person to one part of one paper, delegations included.
func (s *scope) duty(fills []PaperFill) error {
	for _, f := range fills {
		p := s.c.Paper(f.P)
		if f.New {
			p = s.c.Paper(f.From)
		}
		if p == nil {
			continue
		}
		order := partOrder(s.ed, f.Form)
		for _, x := range p.Parts {
			if x.Part == f.Part || f.New && (x.Past != 0 || order[x.Part] > order[f.Part]) {
				continue // what the new paper does not take over
			}
			for _, a := range []PersonID{x.By, x.For} {
				if a != "" && (a == s.actor || a == s.behalf) {
					return fail(SeparationOfDuty, Args{"who": s.office.Name(a), "form": string(f.Form), "part": string(x.Part)})
				}
			}
		}
	}
	return nil
}

// brief are the parts of which a return or a refusal asks for the opinion alone: those that an approving action of the
// same state signs too.
func (s *scope) brief(sp spot) map[FormPart]bool {
	if sp.state == nil || sp.act.Decision != Return && sp.act.Decision != Refuse {
		return nil
	}
	parts := map[FormPart]bool{}
	for i := range sp.state.Actions {
		if a := &sp.state.Actions[i]; a.Decision == Approve {
			for _, fp := range a.blanks() {
				parts[FormPart{Form: fp.Form, Part: fp.Part}] = true
			}
		}
	}
	return parts
}

// rests tells whether something that the action rests on has changed since the page was drawn: its walk's state, its
// paper, a fact that it or its guards name.
func (s *scope) rests(sp spot, fills []PaperFill, seq uint64) bool {
	if w := s.c.Walk(sp.id); w != nil && w.Seq > seq {
		return true
	}
	for _, f := range fills {
		if p := s.c.Paper(f.P); p != nil {
			for _, x := range p.Parts {
				if x.Seq > seq || x.Past > seq {
					return true
				}
			}
		}
	}
	named := map[FactID]bool{}
	for _, fs := range sp.act.Fact.Values() {
		for _, id := range fs {
			if f := s.ed.Def.Fact(id); f != nil && f.After != "" {
				named[f.After] = true
			}
		}
	}
	clock := func(id string) {
		if c := s.ed.Def.Clock(ClockID(id)); c != nil {
			for _, src := range c.From.Sources {
				named[src.Fact] = true
			}
			for _, f := range append(slices.Clone(c.Until), c.Stopped...) {
				named[f] = true
			}
		}
	}
	for _, g := range sp.act.Guards {
		shape := GuardArgs[g.Name]
		for _, x := range g.Arg.Strings() {
			switch shape.One + shape.Many {
			case ArgFact:
				named[FactID(x)] = true
			case ArgClock:
				clock(x)
			}
		}
	}
	for _, d := range s.c.Days {
		if named[d.Fact] && (d.Seq > seq || d.Fixed > seq || d.Void > seq) {
			return true
		}
	}
	return false
}
