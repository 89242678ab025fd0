package engine

import (
	"dossier/engine/calendar"
	"dossier/engine/secret"
)

// maySupervise: the last of the line puts a case under supervision; once it is, whoever stands in the line answers.
func maySupervise(t *turn, s *scope) (Actor, bool) {
	if s.c.Supervised != 0 && !s.values["answer"].Empty() {
		return mayLine(t, s)
	}
	return mayLast(t, s)
}

// supervise puts the case under supervision, with the order that the procedure names, or answers the order and ends it.
func supervise(t *turn, s *scope, values Values, _ *Command, ev *Event) *Error {
	if !values["answer"].Empty() {
		if s.c.Supervised == 0 {
			return badField("answer", "field.unsupervised", nil)
		}
		ev.Reported = true
		return nil
	}
	day, _ := calendar.Parse(values["day"].Text)
	if day < s.today {
		return badField("day", "field.past", Args{"day": day.String()})
	}
	ev.Supervised = day
	form := s.ed.Forms[s.ed.Def.Order]
	if form == nil || len(form.Parts) == 0 {
		return nil
	}
	part := &form.Parts[0]
	x := *s
	r := &reader{s: &x, missing: t.missing}
	fill := PaperFill{P: len(s.c.Papers) + 1, New: true, Form: form.ID, Part: part.ID,
		Values: r.read([]FormPart{{Form: form.ID, Part: part.ID}}, []*Part{part}, values)}
	if len(r.faults) > 0 {
		return &Error{Code: FieldInvalid, Fields: r.faults}
	}
	n := len(s.c.Issued) + 1
	doc := Issued{N: n, P: fill.P, Form: form.ID, Day: s.day, Seq: ev.Seq, Code: secret.Code(int64(s.c.ID), int64(n)), Number: s.c.Number()}
	if form.Number != "" && form.Number != "case" {
		text, err := t.nextNumber(s, form.Number, ev)
		if err != nil {
			return &Error{Code: NotFound, Args: Args{"what": "counter", "id": form.Number}, Cause: err}
		}
		doc.Number = text
	}
	ev.Papers, ev.Issued = []PaperFill{fill}, []Issued{doc}
	return nil
}
