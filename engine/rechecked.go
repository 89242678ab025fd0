package engine

import (
	"encoding/json"
	"slices"
)

// Rechecked is the event that a change of the office leaves on an open case that rests on what changed: findings that
// open or go, and under "moved" the clocks whose due day is another now.
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
// nil when nothing is different.
func (e *Engine) reask(d *decided, old, next *Office) *Event {
	if d.c.Ended != 0 {
		return nil
	}
	t := e.turn()
	t.office = next
	ev := &Event{Schema: EventSchema, Case: d.c.ID, Seq: d.c.Seq + 1, At: t.now, Actor: System, As: Timer, Action: Rechecked,
		Walk: Main, Day: t.today, Calendar: next.Calendar.Version()}
	t.recheck(d.ed, d.c, ev)
	var moved Value
	was := newScope(d.ed, old, d.c, t.today, t.today).clocks()
	for _, r := range newScope(d.ed, next, d.c, t.today, t.today).clocks() {
		i := slices.IndexFunc(was, func(x Running) bool { return x.ID == r.ID && x.Key == r.Key })
		if i >= 0 && r.Ended == 0 && was[i].Due != r.Due {
			moved.Rows = append(moved.Rows, Cells{"clock": string(r.ID), "was": was[i].Due.String(), "now": r.Due.String()})
		}
	}
	if len(moved.Rows) > 0 {
		ev.Values = Values{"moved": moved}
	}
	if len(ev.Findings)+len(ev.Cleared)+len(moved.Rows) == 0 {
		return nil
	}
	return ev
}

// rewrite is what a change of the office writes on one case: its event, and the index entries that move.
func (e *Engine) rewrite(d *decided, old, next *Office) (CaseWrite, bool, error) {
	w := CaseWrite{ID: d.c.ID, Read: d.read}
	if ev := e.reask(d, old, next); ev != nil {
		d.c, d.events = apply(d.ed, d.c, ev), []*Event{ev}
		sealed, err := e.seal([]*decided{d})
		if err != nil {
			return w, false, err
		}
		w = sealed.Cases[0]
	}
	w.Put, w.Drop = difference(entries(d.ed, old, d.before), entries(d.ed, next, d.c))
	return w, len(w.Events)+len(w.Put)+len(w.Drop) > 0, nil
}
