// Package decide makes events of commands. A Sitting is one moment with the office as it stands; in it a command on a case
// is admitted (who may, separation of duty), its form read, its guards asked, and the event built with its facts, papers,
// numbers and findings; timers that are due fire in it too. The transition itself is taken by a looplab/fsm machine of the
// state's exits.
//
// It is pure: what it asks beside the case (a counter, a linked case) is handed over as functions. Nothing is drawn or kept.
package decide

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/lacks"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Act decides one action of the procedure. The case is nil for `open`.
func (t *Sitting) Act(ed *procedure.Edition, before *casefile.Case, cmd *casefile.Command) (*casefile.Case, *casefile.Event, error) {
	sp := Spot{Def: &ed.Def.Main, Action: &ed.Def.Open, ID: procedure.Main}
	c := before
	if before == nil {
		c = &casefile.Case{ID: cmd.Case, Workflow: ed.Def.ID, Walks: []casefile.WalkState{{ID: procedure.Main, Def: procedure.Main}}, Shared: procedure.Values{}}
	} else {
		var err *refusal.Error
		if sp, err = find(ed, c, cmd); err != nil {
			return nil, nil, err
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.Today
	}
	s := t.View(ed, c, day)
	s.Action, s.Walk, s.Actor = sp.Action, sp.ID, cmd.Actor
	s.Concern(cmd.Parties)
	r := &filling.Reader{View: s, Missing: t.Missing, Brief: Brief(s, sp), Uploads: len(cmd.Files)}
	values, ps := filling.Prepare(s, sp.Action, cmd.Values, r)
	fps := s.Fills

	as, err := t.Admit(s, sp, cmd)
	if err != nil {
		return nil, nil, err
	}
	if ed.Def.Regime != "" && !t.Office.Runs(ed.Def.Regime, t.Today) {
		off := refusal.Condition{Code: "regime-off", Args: refusal.Args{"regime": ed.Def.Title.ZH, "setting": office.SettingRegimes}}
		return nil, nil, &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{off}}
	}
	fills, err := Papers(s, fps, values, cmd.Paper)
	if err != nil {
		return nil, nil, err
	}
	if sp.Action.Decision != "" || len(fps) > 0 {
		if err := duty(s, fills); err != nil {
			return nil, nil, err
		}
	}

	if cmd.Seq != 0 && before != nil {
		if cmd.Seq > before.Seq {
			return nil, nil, refusal.New(refusal.Unreadable, refusal.Args{"what": "seq"})
		}
		if rests(s, sp, fills, cmd.Seq) {
			return nil, nil, refusal.New(refusal.CaseMovedOn, refusal.Args{"action": string(cmd.Action), "state": string(c.Main())})
		}
	}
	bad := &refusal.Error{Fields: append(r.Faults, answers(cmd, ps)...)}
	if cmd.Opened { // what the other case could not carry over is asked when this one goes on
		bad.Fields = slices.DeleteFunc(bad.Fields, func(f refusal.FieldFault) bool { return f.Why == "field.required" })
	}
	bad.Fields = append(bad.Fields, filling.Own(s, fps, ps, values)...)
	bad.Fields = append(bad.Fields, filling.FactDay(s, "fact", day)...)
	if before != nil && sp.Def.ID == procedure.Main && !sp.Action.Halted {
		for _, w := range c.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				bad.Conditions = append(bad.Conditions, refusal.Condition{Code: refusal.Suspended, Args: refusal.Args{"walk": string(w.Def)}, Law: sp.Action.Law})
			}
		}
	}
	var soft []casefile.Finding
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: c.ID, Seq: c.Seq + 1, At: t.Now, Actor: cmd.Actor, For: s.Behalf, As: as, Token: cmd.Via,
		Action: sp.Action.ID, Walk: sp.ID, Day: day, Calendar: t.Office.Calendar.Version(), Decision: sp.Action.Decision, Papers: fills,
		Voids: sp.Action.Voids, Barred: s.Barred(), Aside: s.Aside()}
	ev.Marks, _ = rules.Choose(s, sp.Action.Marks)
	if sp.State != nil {
		ev.From = sp.State.ID
	}
	if sp.Fresh {
		ev.WalkDef = sp.Def.ID
		if sp.Def.Each {
			ev.Begins = s.Party
		}
	}
	if before != nil && before.Apart() {
		ev.Parties = s.Acting
	}
	sides := s.Sides()
	for i := range sp.Action.Guards {
		g := &sp.Action.Guards[i]
		for _, cond := range lacks.Ask(s, g, sides) {
			if g.Soft {
				soft = append(soft, finding(ev.Seq, sp.Action, i, &cond))
				continue
			}
			bad.Conditions = append(bad.Conditions, cond)
		}
	}

	// From here on the event is built on a working copy, so that choices see what this action itself brings.
	work := c.Draft()
	if before == nil {
		ev.Open = &casefile.Opening{Workflow: ed.Def.ID, Version: ed.Def.Version, Edition: ed.Hash}
	}
	ev.Shared = Shared(s, ps, values)
	t.assign(s, sp.Action, values, ev)
	work.Seq = ev.Seq
	work.Fill(ed, ev)
	w := *s
	w.Case, w.Fills, w.Runs = work, nil, nil
	work.Date(&casefile.Event{Seq: ev.Seq, Voids: ev.Voids, Parties: ev.Parties})
	if err := t.Number(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	if err := t.issue(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	work.Keep(&casefile.Event{Issued: ev.Issued})
	bad.Fields = append(bad.Fields, setDays(&w, ev, sp)...)
	if before != nil && len(ev.Days) == 0 {
		if d, ok := w.Opening(); ok && day < d.Day {
			bad.Fields = append(bad.Fields, tooEarly(&w, d))
		}
	}
	work.Date(&casefile.Event{Seq: ev.Seq, Days: ev.Days})
	w.Runs = nil
	if err := goes(&w, ev, sp); err != nil {
		return nil, nil, err
	}
	ev.MovesMain, _ = rules.Choose(&w, sp.Action.Moves)
	bad.Conditions = append(bad.Conditions, Leave(&w, ev, sp)...)
	if e := bad.Settle(); e != nil {
		return nil, nil, e
	}
	ev.Findings = soft
	after := casefile.Apply(ed, before, ev)
	if before != nil && (late(before, ev) || mends(before, ev)) {
		t.Recheck(ed, after, ev)
		after = casefile.Apply(ed, before, ev)
	}
	return after, ev, nil
}

// Leave asks whether the main walk may go where the event takes it, and puts side walks to rest where it may.
func Leave(s *rules.View, ev *casefile.Event, sp Spot) []refusal.Condition {
	if len(s.Case.Walks) == 0 || ev.MovesMain == "" && (sp.Def.ID != procedure.Main || ev.To == "" && len(ev.Moved) == 0) {
		return nil
	}
	places := goal(s, ev)
	states := make([]*procedure.State, len(places))
	for i, p := range places {
		if states[i] = s.Edition.Def.Main.State(p.State); states[i] == nil {
			return nil
		}
	}
	old := s.Edition.Def.Main.State(s.Case.Main())
	ends := !slices.ContainsFunc(states, func(st *procedure.State) bool { return !st.End })
	if ends && (old == nil || !old.End) {
		ev.Ends = true
	}
	var cs []refusal.Condition
	for _, w := range s.Case.Walks[1:] {
		def := s.Edition.Def.Walk(w.Def)
		st := def.State(w.State)
		if w.ID == ev.Walk || st == nil || def.Resting(st) {
			continue
		}
		lives := false
		for i, main := range states {
			lives = lives || (w.Party == "" || places[i].Party == "" || places[i].Party == w.Party) && def.Lives(main)
		}
		open := refusal.Condition{Code: refusal.SideWalkOpen, Args: refusal.Args{"walk": string(w.Def), "title": def.Title.ZH, "state": string(w.State)}, Law: sp.Action.Law}
		if w.Party != "" {
			open.Args["party"] = w.Party
		}
		switch {
		case ends && st.Holds:
			cs = append(cs, open)
		case def.Loose && !ends:
		case ev.MovesMain != "" || def.Loose:
			if ev.Rests == nil {
				ev.Rests = map[procedure.WalkID]procedure.StateID{}
			}
			ev.Rests[w.ID] = def.States[0].ID
		case !lives:
			cs = append(cs, open)
		}
	}
	return cs
}
