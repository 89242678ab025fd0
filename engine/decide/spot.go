package decide

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Spot is an action found in the place where the case is.
type Spot struct {
	Def    *procedure.Walk
	State  *procedure.State
	Action *procedure.Action
	ID     procedure.WalkID // of the walk in the case: "evidence-2"
	Fresh  bool             // the walk begins with this action
}

// Spots gives every place where the action can be done now.
func Spots(ed *procedure.Edition, c *casefile.Case, id procedure.ActionID) []Spot {
	var ss []Spot
	add := func(def *procedure.Walk, st *procedure.State, walk procedure.WalkID, fresh bool) {
		if st != nil {
			if a := st.Action(id); a != nil {
				ss = append(ss, Spot{def, st, a, walk, fresh})
			}
		}
	}
	main := ed.Def.Main.State(c.Main())
	add(&ed.Def.Main, main, procedure.Main, false)
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
			add(def, &def.States[0], Instance(def.ID, n+1), true)
		}
	}
	return ss
}

func Instance(id procedure.WalkID, n int) procedure.WalkID {
	if n == 1 {
		return id
	}
	return id + procedure.WalkID("-"+strconv.Itoa(n))
}

// Find picks the place that the command means.
func Find(ed *procedure.Edition, c *casefile.Case, cmd *casefile.Command) (Spot, *refusal.Error) {
	ss := Spots(ed, c, cmd.Action)
	for _, s := range ss {
		if cmd.Walk == "" || cmd.Walk == s.ID || cmd.Walk == s.Def.ID && s.Fresh {
			return s, nil
		}
	}
	known := false
	ed.Def.Each(func(w *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		known = known || a.ID == cmd.Action
	})
	if known && cmd.Seq != 0 && cmd.Seq < c.Seq { // drawn before somebody moved the case on
		return Spot{}, refusal.New(refusal.CaseMovedOn, refusal.Args{"action": string(cmd.Action), "state": string(c.Main())})
	}
	return Spot{}, refusal.New(refusal.UnknownAction, refusal.Args{"action": string(cmd.Action), "state": string(c.Main())})
}

// Admit asks whether the person may do this: by a post of their own, by a role of the case, or as delegate. It sets the
// scope's principal.
func (t *Sitting) Admit(s *rules.View, sp Spot, cmd *casefile.Command) (procedure.Actor, error) {
	by, _ := rules.Choose(s, sp.Action.By)
	if cmd.Actor == office.System {
		if slices.Contains(by, procedure.Timer) {
			return procedure.Timer, nil
		}
		return "", refusal.New(refusal.NotYourGate, refusal.Args{"action": string(sp.Action.ID)})
	}
	p := t.Office.Person(cmd.Actor)
	if p == nil || !p.Active(t.Today) {
		return "", refusal.New(refusal.Forbidden, refusal.Args{"who": string(cmd.Actor)})
	}
	if cmd.Token && sp.Action.Decision != "" {
		return "", refusal.New(refusal.Forbidden, refusal.Args{"who": p.Name, "action": string(sp.Action.ID)})
	}
	if cmd.Opened {
		return by[0], nil
	}
	if a, ok := t.Stands(s, by, cmd.For); ok {
		return a, nil
	}
	var names []string
	for _, a := range by {
		names = append(names, string(a))
	}
	return "", refusal.New(refusal.NotYourGate, refusal.Args{"action": string(sp.Action.ID), "by": strings.Join(names, "、"), "who": p.Name})
}

// duty holds one person to one part of one paper, delegations included.
func duty(s *rules.View, fills []casefile.PaperFill) error {
	for _, f := range fills {
		p := s.Case.Paper(f.P)
		if f.New {
			p = s.Case.Paper(f.From)
		}
		if p == nil {
			continue
		}
		order := casefile.PartOrder(s.Edition, f.Form)
		for _, x := range p.Parts {
			if x.Part == f.Part || f.New && (x.Past != 0 || order[x.Part] > order[f.Part]) {
				continue // what the new paper does not take over
			}
			for _, a := range []office.PersonID{x.By, x.For} {
				if a != "" && (a == s.Actor || a == s.Behalf) {
					return refusal.New(refusal.SeparationOfDuty, refusal.Args{"who": s.Office.Name(a), "form": string(f.Form), "part": string(x.Part)})
				}
			}
		}
	}
	return nil
}

// Brief are the parts of which a return or a refusal asks for the opinion alone: those that an approving action of the
// same state signs too.
func Brief(s *rules.View, sp Spot) map[procedure.FormPart]bool {
	if sp.State == nil || sp.Action.Decision != procedure.Return && sp.Action.Decision != procedure.Refuse {
		return nil
	}
	parts := map[procedure.FormPart]bool{}
	for i := range sp.State.Actions {
		if a := &sp.State.Actions[i]; a.Decision == procedure.Approve {
			for _, fp := range a.Blanks() {
				parts[procedure.FormPart{Form: fp.Form, Part: fp.Part}] = true
			}
		}
	}
	return parts
}

// rests tells whether something that the action rests on has changed since the page was drawn: its walk's state, its
// paper, a fact that it or its guards name.
func rests(s *rules.View, sp Spot, fills []casefile.PaperFill, seq uint64) bool {
	if w := s.Case.Walk(sp.ID); w != nil && w.Seq > seq {
		return true
	}
	for _, f := range fills {
		if p := s.Case.Paper(f.P); p != nil {
			for _, x := range p.Parts {
				if x.Seq > seq || x.Past > seq {
					return true
				}
			}
		}
	}
	named := map[procedure.FactID]bool{}
	for _, fs := range sp.Action.Fact.Values() {
		for _, id := range fs {
			if f := s.Edition.Def.Fact(id); f != nil && f.After != "" {
				named[f.After] = true
			}
		}
	}
	clock := func(id string) {
		if c := s.Edition.Def.Clock(procedure.ClockID(id)); c != nil {
			for _, src := range c.From.Sources {
				named[src.Fact] = true
			}
			for _, f := range append(slices.Clone(c.Until), c.Stopped...) {
				named[f] = true
			}
		}
	}
	for _, g := range sp.Action.Guards {
		shape := procedure.GuardArgs[g.Name]
		for _, x := range g.Arg.Strings() {
			switch shape.One + shape.Many {
			case procedure.ArgFact:
				named[procedure.FactID(x)] = true
			case procedure.ArgClock:
				clock(x)
			}
		}
	}
	for _, d := range s.Case.Days {
		if named[d.Fact] && (d.Seq > seq || d.Fixed > seq || d.Void > seq) {
			return true
		}
	}
	return false
}
