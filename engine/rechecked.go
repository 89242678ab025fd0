package engine

import (
	"encoding/json"
	"maps"
	"slices"
)

// Rechecked is the event that a change of the office leaves on an open case that rests on what changed: findings that
// open or go, under "moved" the clocks that stand otherwise now, and what brought it: "schedule" with its "notice", "setting"
// or "person", and "by" whom.
const Rechecked ActionID = "rechecked"

var recheckedTitle = Label{"机关资料变更后复查", "Checked again after a change of the office"}

// stands tells whether a write changes what cases rest on in a person: posts, certificates, being there at all.
func (w RecordWrite) stands(o *Office) bool {
	if w.Kind != KindPerson {
		return false
	}
	old := o.Person(PersonID(w.ID))
	var p Person
	if old == nil || json.Unmarshal(w.Data, &p) != nil {
		return false
	}
	return p.Disabled != old.Disabled || !slices.Equal(p.Posts, old.Posts) || !slices.Equal(p.Certificates, old.Certificates)
}

// reask asks each guard of each action taken in the case again as the next office answers it, and compares the due days;
// nil when nothing is different. The event says why it was asked.
func (e *Engine) reask(d *decided, old, next *Office, why Values) (*Event, *Move) {
	if d.c.Ended != 0 {
		return nil, nil
	}
	t := e.turn()
	t.office = next
	ev := &Event{Schema: EventSchema, Case: d.c.ID, Seq: d.c.Seq + 1, At: t.now, Actor: System, As: Timer, Action: Rechecked,
		Walk: Main, Day: t.today, Calendar: next.Calendar.Version(), Values: maps.Clone(why)}
	before := newScope(d.ed, old, d.c, t.today, t.today)
	ev.FixesToo = newScope(d.ed, next, d.c, t.today, t.today).shifted()
	after := apply(d.ed, d.c, ev)
	t.recheck(d.ed, after, ev)
	m := &Move{Row: before.row().on(t.today), Seq: d.c.Seq, Edition: d.ed,
		Clocks: movedClocks(before.clocks(), newScope(d.ed, next, after, t.today, t.today).clocks())}
	if len(ev.Findings)+len(ev.Cleared)+len(m.Clocks)+len(ev.FixesToo) == 0 {
		return nil, nil
	}
	m.Opens, m.Clears, m.Restates = ev.Found()
	m.Acts = e.acts(d.ed, d.ed, d.c, after, old, next)
	ev.note(m.Clocks)
	return ev, m
}

// shifted are the facts whose day that counts, shifted and rolled from the day on record (C4), is another by the scope's
// procedure and schedules.
func (s *scope) shifted() []DayFix {
	var fixes []DayFix
	for i := range s.c.Days {
		d := &s.c.Days[i]
		f := s.ed.Def.Fact(d.Fact)
		if d.Void != 0 || f == nil || d.Raw == 0 && f.Shift == nil {
			continue
		}
		raw := d.Raw
		if raw == 0 {
			raw = d.Day
		}
		if fix := s.fixed(d, raw); fix.Day != d.Day {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}

// note writes the clocks that stand otherwise into the event's values.
func (ev *Event) note(clocks []MovedClock) {
	if len(clocks) == 0 {
		return
	}
	if ev.Values == nil {
		ev.Values = Values{}
	}
	var moved Value
	for _, m := range clocks {
		moved.Rows = append(moved.Rows, m.cells())
	}
	ev.Values["moved"] = moved
}

// acts is what the timer does next in the case as it will be, when it did nothing in it as it was.
func (e *Engine) acts(was, now *Edition, before, after *Case, old, next *Office) Label {
	t := e.turn()
	t.office = old
	if _, already := t.due(was, before); already {
		return Label{}
	}
	t.office = next
	r, ok := t.due(now, after)
	if !ok {
		return Label{}
	}
	return spots(now, after, r.Def.OnExpiry)[0].act.Title
}

// rewrite is what a change of the office writes on one case: its event, and the index entries that move.
func (e *Engine) rewrite(d *decided, old, next *Office, why Values) (CaseWrite, *Move, error) {
	w := CaseWrite{ID: d.c.ID, Read: d.read}
	ev, m := e.reask(d, old, next, why)
	if ev != nil {
		d.c, d.events = apply(d.ed, d.c, ev), []*Event{ev}
		sealed, err := e.seal([]*decided{d})
		if err != nil {
			return w, nil, err
		}
		w = sealed.Cases[0]
	}
	w.Put, w.Drop = difference(entries(d.ed, old, d.before), entries(d.ed, next, d.c))
	return w, m, nil
}
