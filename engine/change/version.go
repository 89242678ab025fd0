package change

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

var VersionMovedTitle = procedure.Label{ZH: "转到新版程序", EN: "Moved to a new version of the procedure"}

// The conditions that a new version of a procedure has what the case already has.
const (
	LacksWalk  refusal.Code = "version-lacks-walk"
	LacksState refusal.Code = "version-lacks-state"
	LacksClock refusal.Code = "version-lacks-clock"
	LacksFact  refusal.Code = "version-lacks-fact"
	LacksForm  refusal.Code = "version-lacks-form"
	LacksPart  refusal.Code = "version-lacks-part"
)

// PreviewVersion tells what moving to the current version of a procedure would do to each open case that rests on an older
// one, in the order of their numbers: a case that nothing would change in, and one that can't be moved, is there too.
func PreviewVersion(ctx context.Context, e *engine.Engine, who office.PersonID, id procedure.WorkflowID) ([]Move, error) {
	if err := e.Administers(who); err != nil {
		return nil, err
	}
	to := e.Workflow(id)
	if to == nil {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(id)})
	}
	var moves []Move
	err := eachOpen(ctx, e, id, func(d *decide.Docket) error {
		if !older(d.Edition, to) {
			return nil
		}
		t := e.Sit()
		seq := d.Case.Seq
		if err := t.Expired(d); err != nil {
			return err
		}
		if d.Case.Ended == 0 {
			_, m := version(e, t, d, to)
			m.Seq = seq
			moves = append(moves, m)
		}
		return nil
	})
	return veiled(who, moves), err
}

// OnOlder counts the open cases of a procedure that rest on an older version than the current one.
func OnOlder(ctx context.Context, e *engine.Engine, id procedure.WorkflowID) (n int, err error) {
	to := e.Workflow(id)
	if to == nil {
		return 0, nil
	}
	err = eachOpen(ctx, e, id, func(d *decide.Docket) error {
		if older(d.Edition, to) {
			n++
		}
		return nil
	})
	return n, err
}

// older tells whether a case on an edition may be moved to the other: a version that isn't the earlier one.
func older(ed, to *procedure.Edition) bool {
	return ed.Hash != to.Hash && ed.Def.Version <= to.Def.Version
}

// MoveVersion brings one open case to the current version of its procedure, with the reason on record; seq is the case's
// last event when the change was looked at, 0 when that is not asked. A case that is there already is left alone, and moved
// is false. A case that has moved on since answers case-moved-on, one that the new version can't take condition-unmet.
func MoveVersion(ctx context.Context, e *engine.Engine, who office.PersonID, id casefile.CaseID, seq uint64, reason string) (moved bool, err error) {
	if err := e.Administers(who); err != nil {
		return false, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return false, refusal.Field("reason", "field.required", nil)
	case utf8.RuneCountInString(reason) > 500:
		return false, refusal.Field("reason", "field.too-long", refusal.Args{"max": "500"})
	}
	if _, err := e.Fire(ctx, id); err != nil { // what the timer owes is done by the version under which it ran out
		return false, err
	}
	err = e.Commit(ctx, func(t *decide.Sitting) (engine.Entry, error) {
		d, err := moveVersion(e, t, who, id, seq, reason)
		if moved = d != nil; !moved {
			return engine.Entry{}, err
		}
		return engine.Entry{Dockets: []*decide.Docket{d}}, nil
	})
	return moved && err == nil, engine.MovedOn(err)
}

// moveVersion decides the move in a sitting; nil where the case is there already.
func moveVersion(e *engine.Engine, t *decide.Sitting, who office.PersonID, id casefile.CaseID, seq uint64, reason string) (*decide.Docket, error) {
	d, err := e.Read(id)
	if err != nil {
		return nil, err
	}
	to := e.Workflow(d.Case.Workflow)
	switch {
	case to == nil:
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "procedure", "id": string(d.Case.Workflow)})
	case !older(d.Edition, to):
		return nil, nil
	case d.Case.Ended != 0 || seq != 0 && d.Case.Seq != seq:
		return nil, &refusal.Error{Code: refusal.CaseMovedOn, Args: refusal.Args{"action": string(casefile.VersionMoved), "state": string(d.Case.Main())}, Edition: d.Edition}
	}
	ev, m := version(e, t, d, to)
	if m.Refused != nil {
		return nil, m.Refused
	}
	ev.Actor, ev.As = who, office.Admin
	if who == "" { // the operator, at the command line
		ev.Actor = office.System
	}
	ev.Values["reason"] = procedure.TextValue(reason)
	d.Was, d.Edition, d.Case, d.Events = d.Edition, to, casefile.Apply(to, d.Case, ev), []*casefile.Event{ev}
	return d, nil
}

// version decides a case's move to another edition: the event, with the findings that open and go, and what it changes.
func version(e *engine.Engine, t *decide.Sitting, d *decide.Docket, to *procedure.Edition) (*casefile.Event, Move) {
	before := rules.NewView(d.Edition, t.Office, d.Case, t.Today, t.Today)
	m := Move{Row: listing.RowOf(before).On(t.Today), Seq: d.Case.Seq, Edition: to}
	if lacks := lacks(to, d.Case, before.Clocks()); len(lacks) > 0 {
		m.Refused = &refusal.Error{Code: refusal.ConditionUnmet, Args: refusal.Args{"action": string(casefile.VersionMoved)}, Conditions: lacks, Edition: d.Edition}
		return nil, m
	}
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: d.Case.ID, Seq: d.Case.Seq + 1, At: t.Now, Action: casefile.VersionMoved, Walk: procedure.Main, Day: t.Today,
		Calendar: t.Office.Calendar.Version(), Adopts: &casefile.Opening{Workflow: to.Def.ID, Version: to.Def.Version, Edition: to.Hash},
		Values: procedure.Values{"from": procedure.TextValue(strconv.Itoa(d.Case.Version)), "to": procedure.TextValue(strconv.Itoa(to.Def.Version))}}
	ev.FixesToo = shifted(rules.NewView(to, t.Office, d.Case, t.Today, t.Today))
	after := casefile.Apply(to, d.Case, ev)
	t.Recheck(to, after, ev)
	m.Opens, m.Clears, m.Restates = ev.Found()
	m.Clocks = movedClocks(before.Clocks(), rules.NewView(to, t.Office, after, t.Today, t.Today).Clocks())
	m.Acts = acts(e, d.Edition, to, d.Case, after, t.Office, t.Office)
	note(ev, m.Clocks)
	return ev, m
}

// lacks are what the case has and the edition doesn't: a state that a walk is in, a clock that runs, a fact that is set, a
// paper's form or part.
func lacks(to *procedure.Edition, c *casefile.Case, clocks []rules.Running) []refusal.Condition {
	var cs []refusal.Condition
	lack := func(code refusal.Code, args refusal.Args) {
		args["version"] = strconv.Itoa(to.Def.Version)
		if !slices.ContainsFunc(cs, func(o refusal.Condition) bool { return o.Code == code && maps.Equal(o.Args, args) }) {
			cs = append(cs, refusal.Condition{Code: code, Args: args})
		}
	}
	for _, p := range c.Places {
		if to.Def.Main.State(p.State) == nil {
			lack(LacksState, refusal.Args{"state": string(p.State)})
		}
	}
	for _, w := range c.Walks {
		def, main := to.Def.Walk(w.Def), to.Def.Main.State(c.Stands(w.Party))
		switch {
		case def == nil:
			lack(LacksWalk, refusal.Args{"walk": string(w.Def)})
		case def.State(w.State) == nil:
			lack(LacksState, refusal.Args{"state": string(w.State)})
		case w.Def != procedure.Main && main != nil && !def.Resting(def.State(w.State)) && !def.Lives(main):
			lack(LacksWalk, refusal.Args{"walk": string(w.Def)})
		}
	}
	for _, r := range clocks {
		if standing(r) != (Standing{}) && to.Def.Clock(r.Def.ID) == nil {
			lack(LacksClock, refusal.Args{"clock": string(r.Def.ID)})
		}
	}
	for _, d := range c.Days {
		if d.Void == 0 && to.Def.Fact(d.Fact) == nil {
			lack(LacksFact, refusal.Args{"facts": string(d.Fact)})
		}
	}
	for i := range c.Papers {
		p := &c.Papers[i]
		form := to.Forms[p.Form]
		if form == nil {
			lack(LacksForm, refusal.Args{"form": string(p.Form)})
			continue
		}
		for _, x := range p.Parts {
			if form.Part(x.Part) == nil && x.Past == 0 {
				lack(LacksPart, refusal.Args{"form": string(p.Form), "part": string(x.Part)})
			}
		}
	}
	return cs
}
