package web

import (
	"net/http"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/refusal"
	"dossier/engine/statistics"
)

// behind fills the list of cases, each with what it adds; who may not see a case sees only that there is one more.
func (a *ask) behind(v *behindView, parts []statistics.Part, unit statistics.Unit) error {
	ids := make([]casefile.CaseID, len(parts))
	adds := map[casefile.CaseID]int64{}
	for i, p := range parts {
		ids[i], adds[p.Case] = p.Case, p.N
	}
	rows, withheld, err := desk.Rows(a.s.engine, a.id(), ids)
	if err != nil {
		return err
	}
	v.Withheld = withheld
	for i, r := range a.s.rowViews(a.words, rows, false) {
		v.Rows = append(v.Rows, behindRow{Number: r.Number, Address: "/cases/" + strconv.FormatInt(int64(rows[i].ID), 10), Party: r.Party, State: r.State, Officers: a.Names(rows[i].Officers), Received: a.Date(rows[i].Received), Value: a.figure(unit, adds[rows[i].ID])})
	}
	return nil
}

// apiStatistics is an answer as JSON.
func apiStatistics(a *ask) error {
	q, faults := a.statisticsQuery()
	if len(faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "from", Code: refusal.FieldInvalid, Why: faults[0]}}}
	}
	t, err := a.s.statistics.Told(q, a.lang)
	if err != nil {
		return err
	}
	return a.json(http.StatusOK, t)
}
