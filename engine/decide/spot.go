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
type Spot casefile.Where

// Spots gives every place where the action can be done now.
func Spots(ed *procedure.Edition, c *casefile.Case, id procedure.ActionID) []Spot {
	var ss []Spot
	add := func(def *procedure.Walk, st *procedure.State, walk procedure.WalkID, fresh bool, parties []string) {
		if st != nil {
			if a := st.Action(id); a != nil {
				ss = append(ss, Spot{def, st, a, walk, fresh, parties})
			}
		}
	}
	Grounds(ed, c, add)
	return ss
}

// Grounds calls f with every state in which something can be done now: of the main walk where somebody stands, and of the
// side walks that live, begun or not.
func Grounds(ed *procedure.Edition, c *casefile.Case, add func(def *procedure.Walk, st *procedure.State, walk procedure.WalkID, fresh bool, parties []string)) {
	var states []*procedure.State
	for _, id := range c.Standing(ed.Def) {
		st := ed.Def.Main.State(id)
		if st == nil {
			continue
		}
		states = append(states, st)
		var parties []string
		if c.Apart() {
			parties = c.At(ed.Def, id)
		}
		add(&ed.Def.Main, st, procedure.Main, false, parties)
	}
	for i := range ed.Def.Sides {
		def := &ed.Def.Sides[i]
		if !slices.ContainsFunc(states, def.Lives) {
			continue
		}
		if def.Each && c.Apart() {
			groundsEach(ed, c, def, add)
			continue
		}
		var parties []string
		if c.Apart() && len(def.During) > 0 {
			for _, st := range states {
				if def.Lives(st) {
					parties = append(parties, c.At(ed.Def, st.ID)...)
				}
			}
			if len(parties) == len(c.Places) {
				parties = nil
			}
		}
		n, idle := 0, false
		for _, w := range c.Walks[1:] {
			if w.Def != def.ID {
				continue
			}
			n++
			idle = idle || w.State == def.States[0].ID // returned or taken back: the next request is made there
			add(def, def.State(w.State), w.ID, false, parties)
		}
		if n == 0 || def.Repeats && !idle {
			add(def, &def.States[0], instance(def.ID, n+1), true, parties)
		}
	}
}

// groundsEach are the states of a side walk that is one a respondent.
func groundsEach(ed *procedure.Edition, c *casefile.Case, def *procedure.Walk, add func(def *procedure.Walk, st *procedure.State, walk procedure.WalkID, fresh bool, parties []string)) {
	fresh := instance(def.ID, parted(c, def.ID)+1)
	for _, p := range c.Places {
		if st := ed.Def.Main.State(p.State); st == nil || !def.Lives(st) {
			continue
		}
		own := slices.IndexFunc(c.Walks, func(w casefile.WalkState) bool { return w.Def == def.ID && w.Party == p.Party })
		if own >= 0 {
			add(def, def.State(c.Walks[own].State), c.Walks[own].ID, false, []string{p.Party})
		} else {
			add(def, &def.States[0], fresh, true, []string{p.Party})
		}
	}
}

// parted counts the walks of the case that are instances of a side walk.
func parted(c *casefile.Case, def procedure.WalkID) int {
	n := 0
	for _, w := range c.Walks[1:] {
		if w.Def == def {
			n++
		}
	}
	return n
}

func instance(id procedure.WalkID, n int) procedure.WalkID {
	if n == 1 {
		return id
	}
	return id + procedure.WalkID("-"+strconv.Itoa(n))
}

// find picks the place that the command means.
func find(ed *procedure.Edition, c *casefile.Case, cmd *casefile.Command) (Spot, *refusal.Error) {
	if cmd.At != nil {
		at := Spot(*cmd.At)
		if at.Fresh && at.Def.Each { // another may have begun since
			at.ID = instance(at.Def.ID, parted(c, at.Def.ID)+1)
		}
		return at, nil
	}
	ss := Spots(ed, c, cmd.Action)
	for _, s := range ss {
		if cmd.Walk == "" || cmd.Walk == s.ID || cmd.Walk == s.Def.ID && s.Fresh {
			return s, nil
		}
	}
	return Spot{}, nowhere(ed, c, cmd)
}

// nowhere tells why the action can't be done: the case isn't where it can, or has moved on.
func nowhere(ed *procedure.Edition, c *casefile.Case, cmd *casefile.Command) *refusal.Error {
	known := false
	ed.Def.Each(func(w *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		known = known || a.ID == cmd.Action
	})
	if known && cmd.Seq != 0 && cmd.Seq < c.Seq { // drawn before somebody moved the case on
		return refusal.New(refusal.CaseMovedOn, refusal.Args{"action": string(cmd.Action), "state": string(c.Main())})
	}
	return refusal.New(refusal.UnknownAction, refusal.Args{"action": string(cmd.Action), "state": string(c.Main())})
}

// Admit asks whether the person may do this: by a post of their own, by a role of the case, or as delegate. It sets the
// scope's principal.
func (t *Sitting) Admit(s *rules.View, sp Spot, cmd *casefile.Command) (procedure.Actor, error) {
	by := s.By(sp.Action)
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
	if sp.Action.Decision != "" {
		if err := byHand(cmd, p); err != nil {
			return "", err
		}
	}
	if cmd.Opened {
		return by[0], nil
	}
	if a, ok := t.Stands(s, by, cmd.For); ok {
		return a, apart(s, sp.Action)
	}
	var names []string
	for _, a := range by {
		names = append(names, string(a))
	}
	return "", refusal.New(refusal.NotYourGate, refusal.Args{"action": string(sp.Action.ID), "by": strings.Join(names, "、"), "who": p.Name})
}

// apart keeps away whom the action is not for, in any post, in person and as delegate.
func apart(s *rules.View, a *procedure.Action) error {
	for _, id := range s.Away(a) {
		if id == s.Actor || id == s.Behalf && id != "" {
			why := "own"
			if a.NotBy == string(procedure.Investigator) {
				why = "investigated"
			}
			return refusal.New(refusal.SeparationOfDuty, refusal.Args{"who": s.Office.Name(id), "why": why})
		}
	}
	return nil
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
	if s.Case.Apart() && sp.Def.ID == procedure.Main {
		for _, p := range s.Acting {
			if at := s.Case.Place(p); at != nil && at.Seq > seq {
				return true
			}
		}
	} else if w := s.Case.Walk(sp.ID); w != nil && w.Seq > seq {
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
		theirs := len(s.Acting) == 0 || slices.ContainsFunc(s.Acting, func(p string) bool {
			return rules.SameParty(casefile.ParseKey(d.Key), casefile.Key{Respondent: p})
		})
		off := slices.ContainsFunc(d.Off, func(o casefile.Off) bool { return o.Seq > seq && slices.Contains(s.Acting, o.Party) })
		if named[d.Fact] && theirs && (d.Seq > seq || d.Fixed > seq || d.Void > seq || off) {
			return true
		}
	}
	return false
}
