package decide

import (
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/secret"
)

// supervisors: the last of the line puts a case under supervision; once it is, whoever stands in the line answers.
func supervisors(s *rules.View) []procedure.Actor {
	if s.Case.Supervised != 0 && !s.Values["answer"].Empty() {
		return lineOf(s)
	}
	return last(s)
}

// supervise puts the case under supervision, with the order that the procedure names, or answers the order and ends it.
func supervise(t *Sitting, s *rules.View, values procedure.Values, _ *casefile.Command, ev *casefile.Event) *refusal.Error {
	if !values["answer"].Empty() {
		if s.Case.Supervised == 0 {
			return refusal.Field("answer", "field.unsupervised", nil)
		}
		ev.Reported = true
		return nil
	}
	day, _ := calendar.Parse(values["day"].Text)
	if day < s.Today {
		return refusal.Field("day", "field.past", refusal.Args{"day": day.String()})
	}
	ev.Supervised = day
	order := s.Edition.Def.Supervision
	if order == nil || order.Unissued {
		return nil
	}
	form := s.Edition.Forms[order.Form]
	if form == nil || len(form.Parts) == 0 {
		return nil
	}
	part := &form.Parts[0]
	x := *s
	r := &filling.Reader{View: &x, Missing: t.Missing}
	asked := order.Values(values["day"], values["reason"])
	fill := casefile.PaperFill{P: len(s.Case.Papers) + 1, New: true, Form: form.ID, Part: part.ID,
		Values: r.Read([]procedure.FormPart{{Form: form.ID, Part: part.ID}}, []*procedure.Part{part}, asked)}
	if len(r.Faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: r.Faults}
	}
	n := len(s.Case.Issued) + 1
	doc := casefile.Issued{N: n, P: fill.P, Form: form.ID, Day: s.Day, Seq: ev.Seq, Code: secret.Code(int64(s.Case.ID), int64(n)), Number: s.Case.Number()}
	if form.Number != "" && form.Number != "case" {
		text, err := t.nextNumber(s, form.Number, ev)
		if err != nil {
			return &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "counter", "id": form.Number}, Cause: err}
		}
		doc.Number = text
	}
	ev.Papers, ev.Issued = []casefile.PaperFill{fill}, []casefile.Issued{doc}
	return nil
}
