package web

import (
	"errors"
	"net/http"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
)

// apiPenalty answers with the standards and circumstances (on: those of a day), or, where standard is given, with what one
// violation costs: tier, on, party, persons, gains, amount, ground (several). A figure that isn't lawful is an answer too.
func apiPenalty(a *ask) error {
	on := calendar.Date(0)
	var err error
	if s := a.Query("on"); s != "" {
		if on, err = reading.Date(s); err != nil {
			return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "on", Code: refusal.FieldInvalid, Why: "field.date", Args: refusal.Args{"field": "on"}}}}
		}
	}
	if a.Query("standard") == "" {
		list := []penalty.Listing{}
		for _, s := range a.office.Standards.Standards() {
			if on == 0 || s.Holds(on) {
				list = append(list, s.Listing())
			}
		}
		return a.json(http.StatusOK, map[string]any{"standards": list, "circumstances": a.office.Standards.Bearings()})
	}
	if on == 0 {
		on = a.today
	}
	q, wrong := a.question(on)
	fault := func(path, why string) refusal.FieldFault {
		return refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: why}
	}
	e := &refusal.Error{Code: refusal.FieldInvalid}
	for _, f := range wrong {
		e.Fields = append(e.Fields, fault(f.Path, f.Text))
	}
	if len(e.Fields) > 0 {
		return e
	}
	answer, err := a.office.Standards.Judge(q, a.proportions())
	var r *penalty.Refusal
	if errors.As(err, &r) {
		e.Fields = []refusal.FieldFault{fault(r.Path, r.In(a.lang))}
		return e
	}
	if err != nil {
		return err
	}
	return a.json(http.StatusOK, answer.Verdict(a.lang))
}
