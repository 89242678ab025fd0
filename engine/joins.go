package engine

import (
	"maps"
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// joins takes the workers and the evidence of a case over into the one that it is merged into, and links the two. What
// was issued stays in the file where it was issued; the link leads there.
func (e *Engine) joins(t *decide.Sitting, d *decide.Docket, after *casefile.Case, ev *casefile.Event) error {
	at, _ := casefile.ActionOf(d.Edition, casefile.Taken{Walk: ev.Walk, From: ev.From, Action: ev.Action})
	if at == nil || at.Joins == "" {
		return nil
	}
	typed, _ := after.Typed(ev.Seq)
	into, err := e.joined(d.Case, typed[at.Joins], at.Joins)
	if into == nil || err != nil {
		return err
	}
	back := &casefile.Event{Schema: casefile.EventSchema, Case: into.Case.ID, Seq: into.Case.Seq + 1, At: ev.At, Actor: ev.Actor, For: ev.For, As: ev.As,
		Action: "link-case", Walk: procedure.Main, Day: ev.Day, Calendar: ev.Calendar, Links: []casefile.Link{{Case: d.Case.ID, How: "merged", By: ev.Action}}}
	for _, f := range d.Case.Files {
		if f.Superseded != 0 {
			continue
		}
		f.N, f.Doc = len(into.Case.Files)+len(back.Files)+1, 0
		back.Files = append(back.Files, f)
	}
	claims := d.Edition.Def.Terms.Claims.Owed.Table
	if all := together(into.Case.Shared[claims], after.Shared[claims]); len(all.Rows) > len(into.Case.Shared[claims].Rows) {
		back.Shared = procedure.Values{claims: all}
	}
	ev.Links = append(ev.Links, casefile.Link{Case: into.Case.ID, How: "merged-into", By: ev.Action})
	into.Case, into.Events = casefile.Apply(into.Edition, into.Case, back), []*casefile.Event{back}
	t.Opened = append(t.Opened, into)
	return nil
}

// joined reads the case that another is to be merged into: an open one of the same procedure. A field that names nothing
// is the form's affair.
func (e *Engine) joined(c *casefile.Case, named procedure.Value, field procedure.FieldID) (*decide.Docket, error) {
	if named.Empty() {
		return nil, nil
	}
	into, err := e.Read(casefile.CaseID(procedure.Int(named.Text)))
	switch {
	case refusal.As(err) != nil:
		return nil, refusal.Field(string(field), "field.case", nil)
	case err != nil:
		return nil, err
	case into.Case.ID == c.ID || into.Case.Workflow != c.Workflow || into.Case.Ended != 0:
		return nil, refusal.Field(string(field), "field.case-open", nil)
	}
	return into, nil
}

// together are the rows of two tables, those that are in both once.
func together(a, b procedure.Value) procedure.Value {
	out := procedure.Value{Rows: slices.Clone(a.Rows)}
	for _, r := range b.Rows {
		if !slices.ContainsFunc(out.Rows, func(x procedure.Cells) bool { return maps.Equal(x, r) }) {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}
