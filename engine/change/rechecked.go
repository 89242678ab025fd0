package change

import (
	"maps"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

var RecheckedTitle = procedure.Label{ZH: "机关资料变更后复查", EN: "Checked again after a change of the office"}

// reask asks each guard of each action taken in the case again as the next office answers it, and compares the due days;
// nil when nothing is different. The event says why it was asked.
func reask(e *engine.Engine, d *decide.Docket, old, next *office.Office, why procedure.Values) (*casefile.Event, *Move) {
	if d.Case.Ended != 0 {
		return nil, nil
	}
	t := e.Sit()
	t.Office = next
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: d.Case.ID, Seq: d.Case.Seq + 1, At: t.Now, Actor: office.System, As: procedure.Timer, Action: casefile.Rechecked,
		Walk: procedure.Main, Day: t.Today, Calendar: next.Calendar.Version(), Values: maps.Clone(why)}
	before := rules.NewView(d.Edition, old, d.Case, t.Today, t.Today)
	ev.FixesToo = shifted(rules.NewView(d.Edition, next, d.Case, t.Today, t.Today))
	after := casefile.Apply(d.Edition, d.Case, ev)
	t.Recheck(d.Edition, after, ev)
	m := &Move{Row: listing.RowOf(before).On(t.Today), Seq: d.Case.Seq, Edition: d.Edition,
		Clocks: movedClocks(before.Clocks(), rules.NewView(d.Edition, next, after, t.Today, t.Today).Clocks())}
	if len(ev.Findings)+len(ev.Cleared)+len(m.Clocks)+len(ev.FixesToo) == 0 {
		return nil, nil
	}
	m.Opens, m.Clears, m.Restates = ev.Found()
	m.Acts = acts(e, d.Edition, d.Edition, d.Case, after, old, next)
	note(ev, m.Clocks)
	return ev, m
}

// shifted are the facts whose day that counts, shifted and rolled from the day on record (C4), is another by the scope's
// procedure and schedules.
func shifted(s *rules.View) []casefile.DayFix {
	var fixes []casefile.DayFix
	for i := range s.Case.Days {
		d := &s.Case.Days[i]
		f := s.Edition.Def.Fact(d.Fact)
		if d.Void != 0 || f == nil || d.Raw == 0 && f.Shift == nil {
			continue
		}
		raw := d.Raw
		if raw == 0 {
			raw = d.Day
		}
		if fix := decide.Fixed(s, d, raw); fix.Day != d.Day {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}

// note writes the clocks that stand otherwise into the event's values.
func note(ev *casefile.Event, clocks []MovedClock) {
	if len(clocks) == 0 {
		return
	}
	if ev.Values == nil {
		ev.Values = procedure.Values{}
	}
	var moved procedure.Value
	for _, m := range clocks {
		moved.Rows = append(moved.Rows, m.cells())
	}
	ev.Values["moved"] = moved
}

// acts is what the timer does next in the case as it will be, when it did nothing in it as it was.
func acts(e *engine.Engine, was, now *procedure.Edition, before, after *casefile.Case, old, next *office.Office) procedure.Label {
	t := e.Sit()
	t.Office = old
	if _, already := t.Due(was, before); already {
		return procedure.Label{}
	}
	t.Office = next
	r, ok := t.Due(now, after)
	if !ok {
		return procedure.Label{}
	}
	return decide.Spots(now, after, r.Def.OnExpiry)[0].Action.Title
}

// rewrite is what a change of the office writes on one case: its event, and the index entries that move.
func rewrite(e *engine.Engine, d *decide.Docket, old, next *office.Office, why procedure.Values) (ledger.CaseWrite, *Move, error) {
	w := ledger.CaseWrite{ID: d.Case.ID, Read: d.Read}
	ev, m := reask(e, d, old, next, why)
	if ev != nil {
		d.Case, d.Events = casefile.Apply(d.Edition, d.Case, ev), []*casefile.Event{ev}
		t := e.Sit()
		t.Office = next
		var err error
		if w, err = e.Sealed(t, d); err != nil {
			return w, nil, err
		}
	}
	w.Put, w.Drop = listing.Moved(d.Edition, old, d.Before, next, d.Case)
	return w, m, nil
}
