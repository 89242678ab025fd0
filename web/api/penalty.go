package api

import (
	"errors"
	"net/http"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/norms"
	"dossier/web/page"
)

// apiPenalty answers with the standards and circumstances (on: those of a day), or, where standard is given, with what one
// violation costs: tier, on, party, persons, gains, amount, ground (several). A figure that isn't lawful is an answer too.
func apiPenalty(a *page.Ask) error {
	on := calendar.Date(0)
	var err error
	if s := a.Query("on"); s != "" {
		if on, err = reading.Date(s); err != nil {
			return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "on", Code: refusal.FieldInvalid, Why: "field.date", Args: refusal.Args{"field": "on"}}}}
		}
	}
	if a.Query("standard") == "" {
		list := []penalty.Listing{}
		for _, s := range a.Office.Standards.Standards() {
			if on == 0 || s.Holds(on) {
				list = append(list, s.Listing())
			}
		}
		return a.Json(http.StatusOK, map[string]any{"standards": list, "circumstances": a.Office.Standards.Bearings()})
	}
	if on == 0 {
		on = a.Today
	}
	q, wrong := norms.Question(a, on)
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
	answer, err := a.Office.Standards.Judge(q, norms.Proportions(a.Words))
	var r *penalty.Refusal
	if errors.As(err, &r) {
		e.Fields = []refusal.FieldFault{fault(r.Path, r.In(a.Language))}
		return e
	}
	if err != nil {
		return err
	}
	return a.Json(http.StatusOK, answer.Verdict(a.Language))
}
