package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// VersionMoved is the event that brings a case to another version of its procedure: from here on it goes by the edition
// that the event names. Its values are "from" and "to", the versions, "reason", and "moved" as of [Rechecked].
const VersionMoved ActionID = "version-moved"

var versionMovedTitle = Label{"转到新版程序", "Moved to a new version of the procedure"}

// The conditions that a new version of a procedure has what the case already has.
const (
	LacksWalk  Code = "version-lacks-walk"
	LacksState Code = "version-lacks-state"
	LacksClock Code = "version-lacks-clock"
	LacksFact  Code = "version-lacks-fact"
	LacksForm  Code = "version-lacks-form"
	LacksPart  Code = "version-lacks-part"
)

// PreviewVersion tells what moving to the current version of a procedure would do to each open case that rests on an older
// one, in the order of their numbers: a case that nothing would change in, and one that can't be moved, is there too.
func (e *Engine) PreviewVersion(ctx context.Context, who PersonID, id WorkflowID) ([]Move, error) {
	if err := e.administers(who); err != nil {
		return nil, err
	}
	to := e.Workflow(id)
	if to == nil {
		return nil, fail(NotFound, Args{"what": "procedure", "id": string(id)})
	}
	var moves []Move
	err := e.eachOpen(ctx, id, func(d *decided) error {
		if !older(d.ed, to) {
			return nil
		}
		t := e.turn()
		seq := d.c.Seq
		if err := t.expired(d); err != nil {
			return err
		}
		if d.c.Ended == 0 {
			_, m := e.version(t, d, to)
			m.Seq = seq
			moves = append(moves, m)
		}
		return nil
	})
	return veiled(who, moves), err
}

// OnOlder counts the open cases of a procedure that rest on an older version than the current one.
func (e *Engine) OnOlder(ctx context.Context, id WorkflowID) (n int, err error) {
	to := e.Workflow(id)
	if to == nil {
		return 0, nil
	}
	err = e.eachOpen(ctx, id, func(d *decided) error {
		if older(d.ed, to) {
			n++
		}
		return nil
	})
	return n, err
}

// older tells whether a case on an edition may be moved to the other: a version that isn't the earlier one.
func older(ed, to *Edition) bool { return ed.Hash != to.Hash && ed.Def.Version <= to.Def.Version }

// MoveVersion brings one open case to the current version of its procedure, with the reason on record; seq is the case's
// last event when the change was looked at, 0 when that is not asked. A case that is there already is left alone, and moved
// is false. A case that has moved on since answers case-moved-on, one that the new version can't take condition-unmet.
func (e *Engine) MoveVersion(ctx context.Context, who PersonID, id CaseID, seq uint64, reason string) (moved bool, err error) {
	if err := e.administers(who); err != nil {
		return false, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return false, badField("reason", "field.required", nil)
	case utf8.RuneCountInString(reason) > 500:
		return false, badField("reason", "field.too-long", Args{"max": "500"})
	}
	if _, err := e.sweep(ctx, id); err != nil { // what the timer owes is done by the version under which it ran out
		return false, err
	}
	for range 50 {
		moved, err = e.moveVersion(ctx, who, id, seq, reason)
		var c *Conflict
		if !errors.As(err, &c) {
			break
		}
	}
	return moved, movedOn(err)
}

func (e *Engine) moveVersion(ctx context.Context, who PersonID, id CaseID, seq uint64, reason string) (bool, error) {
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	d, err := e.read(id)
	if err != nil {
		return false, err
	}
	to := e.Workflow(d.c.Workflow)
	switch {
	case to == nil:
		return false, fail(NotFound, Args{"what": "procedure", "id": string(d.c.Workflow)})
	case !older(d.ed, to):
		return false, nil
	case d.c.Ended != 0 || seq != 0 && d.c.Seq != seq:
		return false, &Error{Code: CaseMovedOn, Args: Args{"action": string(VersionMoved), "state": string(d.c.Main())}, ed: d.ed}
	}
	t := e.turn()
	from := d.ed
	ev, m := e.version(t, d, to)
	if m.Refused != nil {
		return false, m.Refused
	}
	ev.Actor, ev.As = who, Admin
	if who == "" { // the operator, at the command line
		ev.Actor = System
	}
	ev.Values["reason"] = TextValue(reason)
	d.ed, d.c, d.events = to, apply(to, d.c, ev), []*Event{ev}
	commit, err := e.seal([]*decided{d})
	if err != nil {
		return false, err
	}
	w := &commit.Cases[0]
	w.Put, w.Drop = difference(entries(from, t.office, d.before), entries(to, t.office, d.c))
	if err := e.Store.Commit(ctx, *commit); err != nil {
		return false, err
	}
	e.moved(id)
	return true, nil
}

// version decides a case's move to another edition: the event, with the findings that open and go, and what it changes.
func (e *Engine) version(t *turn, d *decided, to *Edition) (*Event, Move) {
	before := newScope(d.ed, t.office, d.c, t.today, t.today)
	m := Move{Row: before.row().on(t.today), Seq: d.c.Seq, Edition: to}
	if lacks := to.lacks(d.c, before.clocks()); len(lacks) > 0 {
		m.Refused = &Error{Code: ConditionUnmet, Args: Args{"action": string(VersionMoved)}, Conditions: lacks, ed: d.ed}
		return nil, m
	}
	ev := &Event{Schema: EventSchema, Case: d.c.ID, Seq: d.c.Seq + 1, At: t.now, Action: VersionMoved, Walk: Main, Day: t.today,
		Calendar: t.office.Calendar.Version(), Adopts: &Opening{Workflow: to.Def.ID, Version: to.Def.Version, Edition: to.Hash},
		Values: Values{"from": TextValue(strconv.Itoa(d.c.Version)), "to": TextValue(strconv.Itoa(to.Def.Version))}}
	ev.FixesToo = newScope(to, t.office, d.c, t.today, t.today).shifted()
	after := apply(to, d.c, ev)
	t.recheck(to, after, ev)
	m.Opens, m.Clears, m.Restates = ev.Found()
	m.Clocks = movedClocks(before.clocks(), newScope(to, t.office, after, t.today, t.today).clocks())
	m.Acts = e.acts(d.ed, to, d.c, after, t.office, t.office)
	ev.note(m.Clocks)
	return ev, m
}

// lacks are what the case has and the edition doesn't: a state that a walk is in, a clock that runs, a fact that is set, a
// paper's form or part.
func (to *Edition) lacks(c *Case, clocks []Running) []Condition {
	var cs []Condition
	lack := func(code Code, args Args) {
		args["version"] = strconv.Itoa(to.Def.Version)
		if !slices.ContainsFunc(cs, func(o Condition) bool { return o.Code == code && maps.Equal(o.Args, args) }) {
			cs = append(cs, Condition{Code: code, Args: args})
		}
	}
	main := to.Def.Main.State(c.Main())
	for _, w := range c.Walks {
		def := to.Def.Walk(w.Def)
		switch {
		case def == nil:
			lack(LacksWalk, Args{"walk": string(w.Def)})
		case def.State(w.State) == nil:
			lack(LacksState, Args{"state": string(w.State)})
		case w.Def != Main && main != nil && !def.resting(def.State(w.State)) && !def.Lives(main):
			lack(LacksWalk, Args{"walk": string(w.Def)})
		}
	}
	for _, r := range clocks {
		if standing(r) != (Standing{}) && to.Def.Clock(r.Def.ID) == nil {
			lack(LacksClock, Args{"clock": string(r.Def.ID)})
		}
	}
	for _, d := range c.Days {
		if d.Void == 0 && to.Def.Fact(d.Fact) == nil {
			lack(LacksFact, Args{"facts": string(d.Fact)})
		}
	}
	for i := range c.Papers {
		p := &c.Papers[i]
		form := to.Forms[p.Form]
		if form == nil {
			lack(LacksForm, Args{"form": string(p.Form)})
			continue
		}
		for _, x := range p.Parts {
			if form.Part(x.Part) == nil && x.Past == 0 {
				lack(LacksPart, Args{"form": string(p.Form), "part": string(x.Part)})
			}
		}
	}
	return cs
}
