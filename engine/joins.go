package engine

import (
	"maps"
	"slices"
)

// joins takes the workers and the evidence of a case over into the one that it is merged into, and links the two. What
// was issued stays in the file where it was issued; the link leads there.
func (e *Engine) joins(t *turn, d *decided, after *Case, ev *Event) error {
	at, _ := d.ed.taken(Taken{Walk: ev.Walk, From: ev.From, Action: ev.Action})
	if at == nil || at.Joins == "" {
		return nil
	}
	typed, _ := after.typed(ev.Seq)
	into, err := e.joined(d.c, typed[at.Joins], at.Joins)
	if into == nil || err != nil {
		return err
	}
	back := &Event{Schema: EventSchema, Case: into.c.ID, Seq: into.c.Seq + 1, At: ev.At, Actor: ev.Actor, For: ev.For, As: ev.As,
		Action: "link-case", Walk: Main, Day: ev.Day, Calendar: ev.Calendar, Links: []Link{{Case: d.c.ID, How: "merged", By: ev.Action}}}
	for _, f := range d.c.Files {
		if f.Superseded != 0 {
			continue
		}
		f.N, f.Doc = len(into.c.Files)+len(back.Files)+1, 0
		back.Files = append(back.Files, f)
	}
	if workers := together(into.c.Shared["workers"], after.Shared["workers"]); len(workers.Rows) > len(into.c.Shared["workers"].Rows) {
		back.Shared = Values{"workers": workers}
	}
	ev.Links = append(ev.Links, Link{Case: into.c.ID, How: "merged-into", By: ev.Action})
	into.c, into.events = apply(into.ed, into.c, back), []*Event{back}
	t.opened = append(t.opened, into)
	return nil
}

// joined reads the case that another is to be merged into: an open one of the same procedure. A field that names nothing
// is the form's affair.
func (e *Engine) joined(c *Case, named Value, field FieldID) (*decided, error) {
	if named.Empty() {
		return nil, nil
	}
	into, err := e.read(CaseID(atoi(named.Text)))
	switch {
	case As(err) != nil:
		return nil, badField(string(field), "field.case", nil)
	case err != nil:
		return nil, err
	case into.c.ID == c.ID || into.c.Workflow != c.Workflow || into.c.Ended != 0:
		return nil, badField(string(field), "field.case-open", nil)
	}
	return into, nil
}

// together are the rows of two tables, those that are in both once.
func together(a, b Value) Value {
	out := Value{Rows: slices.Clone(a.Rows)}
	for _, r := range b.Rows {
		if !slices.ContainsFunc(out.Rows, func(x Cells) bool { return maps.Equal(x, r) }) {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}
