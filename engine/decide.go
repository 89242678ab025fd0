package engine

import (
	"slices"
	"time"

	"dossier/engine/calendar"
)

// System is who acts when nobody does: timers.
const System PersonID = "system"

// turn decides one command. It is pure: everything it asks was read before, or is read through counter and linked, which
// answer from one view of the store.
type turn struct {
	office  *Office
	now     time.Time
	today   calendar.Date
	missing func(string) []rune
	edition func(WorkflowID) *Edition
	linked  func(*Case, WorkflowID) bool
	counter func(string) (uint64, error) // the value read; the turn counts on from it
	taken   map[string]counted           // counters that this turn moves
	printed func(string) (bool, error)   // whether a case has a number already, taken over from paper
	opened  []*decided                   // cases that this turn opens
}

type counted struct{ read, value uint64 }

// decided is one case with its new events, before they are sealed.
type decided struct {
	ed     *Edition
	read   uint64 // the sequence number it was read at
	before *Case
	c      *Case
	events []*Event
}

// next takes the next number of a counter.
func (t *turn) next(name string) (uint64, error) {
	n, ok := t.taken[name]
	if !ok {
		v, err := t.counter(name)
		if err != nil {
			return 0, err
		}
		n = counted{v, v}
	}
	n.value++
	t.taken[name] = n
	return n.value, nil
}

// act decides one action of the procedure. The case is nil for `open`.
func (t *turn) act(ed *Edition, before *Case, cmd *Command) (*Case, *Event, error) {
	sp := spot{&ed.Def.Main, nil, &ed.Def.Open, Main, false}
	c := before
	if before == nil {
		c = &Case{ID: cmd.Case, Workflow: ed.Def.ID, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{}}
	} else {
		var err *Error
		if sp, err = find(ed, c, cmd); err != nil {
			return nil, nil, err
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.today
	}
	s := newScope(ed, t.office, c, day, t.today)
	s.act, s.walk, s.actor, s.behalf = sp.act, sp.id, cmd.Actor, cmd.For
	if t.linked != nil {
		s.linked = func(w WorkflowID) bool { return t.linked(c, w) }
	}
	r := &reader{s: s, missing: t.missing, brief: s.brief(sp), uploads: len(cmd.Files)}
	values, ps := s.prepare(sp.act, cmd.Values, r)
	fps := s.fills

	as, err := t.admit(s, sp, cmd)
	if err != nil {
		return nil, nil, err
	}
	fills, err := s.papers(fps, values, cmd.Paper)
	if err != nil {
		return nil, nil, err
	}
	if sp.act.Decision != "" || len(fps) > 0 {
		if err := s.duty(fills); err != nil {
			return nil, nil, err
		}
	}

	if cmd.Seq != 0 && before != nil {
		if cmd.Seq > before.Seq {
			return nil, nil, fail(Unreadable, Args{"what": "seq"})
		}
		if s.rests(sp, fills, cmd.Seq) {
			return nil, nil, fail(CaseMovedOn, Args{"action": string(cmd.Action), "state": string(c.Main())})
		}
	}
	bad := &Error{Fields: r.faults}
	if cmd.opened { // what the other case could not carry over is asked when this one goes on
		bad.Fields = slices.DeleteFunc(bad.Fields, func(f FieldFault) bool { return f.Why == "field.required" })
	}
	if day > t.today {
		bad.Fields = append(bad.Fields, FieldFault{"day", FactInFuture, "fact-in-future", Args{"day": day.String(), "today": t.today.String()}})
	}
	if before != nil && sp.def.ID == Main && !sp.act.Halted {
		for _, w := range c.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				bad.Conditions = append(bad.Conditions, Condition{Code: Suspended, Args: Args{"walk": string(w.Def)}, Law: sp.act.Law})
			}
		}
	}
	var soft []Finding
	ev := &Event{Schema: EventSchema, Case: c.ID, Seq: c.Seq + 1, At: t.now, Actor: cmd.Actor, For: s.behalf, As: as,
		Action: sp.act.ID, Walk: sp.id, Day: day, Calendar: t.office.Calendar.Version(), Decision: sp.act.Decision, Papers: fills,
		Voids: sp.act.Voids, Barred: s.barred(), Aside: s.aside()}
	ev.Marks, _ = choose(s, sp.act.Marks)
	if sp.state != nil {
		ev.From = sp.state.ID
	}
	if sp.fresh {
		ev.WalkDef = sp.def.ID
	}
	for i := range sp.act.Guards {
		g := &sp.act.Guards[i]
		cond := s.guard(g)
		if cond == nil {
			continue
		}
		if g.Soft {
			soft = append(soft, finding(ev.Seq, sp.act, i, cond))
			continue
		}
		bad.Conditions = append(bad.Conditions, *cond)
	}

	// From here on the event is built on a working copy, so that choices see what this action itself brings.
	work := c.draft()
	if before == nil {
		ev.Open = &Opening{ed.Def.ID, ed.Def.Version, ed.Hash}
	}
	ev.Shared = s.shared(ps, values)
	t.assign(s, sp.act, values, ev)
	work.Seq = ev.Seq
	work.fill(ed, ev)
	w := *s
	w.c, w.fills, w.runs = work, nil, nil
	work.date(&Event{Seq: ev.Seq, Voids: ev.Voids})
	if err := t.number(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	if err := t.issue(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	work.keep(&Event{Issued: ev.Issued})
	if fs, ok := choose(&w, sp.act.Fact); ok {
		for _, id := range fs {
			faults := w.setDay(ev, sp, id)
			bad.Fields = append(bad.Fields, faults...)
		}
	}
	if before != nil && len(ev.Days) == 0 {
		if d, ok := w.opening(); ok && day < d.Day {
			bad.Fields = append(bad.Fields, w.tooEarly(d))
		}
	}
	work.date(&Event{Seq: ev.Seq, Days: ev.Days})
	w.runs = nil
	if to, ok := choose(&w, sp.act.To); ok || sp.fresh {
		at, err := sp.machine(to).take(sp.act.ID)
		if err != nil {
			return nil, nil, err
		}
		ev.To = at
	}
	ev.MovesMain = sp.act.Moves
	bad.Conditions = append(bad.Conditions, w.leave(ev, sp)...)
	if e := bad.settle(); e != nil {
		return nil, nil, e
	}
	ev.Findings = soft
	after := apply(ed, before, ev)
	if before != nil && late(before, ev) {
		t.recheck(ed, after, ev)
		after = apply(ed, before, ev)
	}
	return after, ev, nil
}

// settle gives the error its code; nil when nothing is wrong.
func (e *Error) settle() *Error {
	switch {
	case len(e.Conditions) > 0:
		e.Code = ConditionUnmet
		if c := e.Conditions[0].Code; one(e.Conditions, func(x Condition) bool { return x.Code == c }) && len(e.Fields) == 0 {
			switch c {
			case ClockExpired, AlreadyOpen, SideWalkOpen, Suspended:
				e.Code, e.Args = c, e.Conditions[0].Args
			case SeparationOfDuty: // its own words name a part of a paper, which a condition doesn't
				e.Code = c
			}
		}
		return e
	case len(e.Fields) > 0:
		e.Code = FieldInvalid
		if c := e.Fields[0].Code; one(e.Fields, func(x FieldFault) bool { return x.Code == c }) {
			e.Code = c
		}
		return e
	}
	return nil
}

func one[T any](list []T, same func(T) bool) bool {
	for _, x := range list {
		if !same(x) {
			return false
		}
	}
	return true
}

// leave asks whether the main walk may go where the event takes it, and puts side walks to rest where it may.
func (s *scope) leave(ev *Event, sp spot) []Condition {
	to := ev.MovesMain
	if sp.def.ID == Main {
		to = ev.To
	}
	if to == "" || len(s.c.Walks) == 0 {
		return nil
	}
	main := s.ed.Def.Main.State(to)
	if main == nil {
		return nil
	}
	old := s.ed.Def.Main.State(s.c.Main())
	if main.End && (old == nil || !old.End) {
		ev.Ends = true
	}
	var cs []Condition
	for _, w := range s.c.Walks[1:] {
		def := s.ed.Def.Walk(w.Def)
		st := def.State(w.State)
		if w.ID == ev.Walk || st == nil || def.resting(st) {
			continue
		}
		open := Condition{Code: SideWalkOpen, Args: Args{"walk": string(w.Def), "title": def.Title.ZH, "state": string(w.State)}, Law: sp.act.Law}
		switch {
		case main.End && st.Holds:
			cs = append(cs, open)
		case ev.MovesMain != "":
			if ev.Rests == nil {
				ev.Rests = map[WalkID]StateID{}
			}
			ev.Rests[w.ID] = def.States[0].ID
		case !def.Lives(main):
			cs = append(cs, open)
		}
	}
	return cs
}
