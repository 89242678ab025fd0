package figures

import (
	"net/http"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/plan"
	"dossier/engine/refusal"
	"dossier/engine/statistics"
	"dossier/web/page"
)

// behind fills the list of cases, each with what it adds; who may not see a case sees only that there is one more.
func behind(a *page.Ask, v *behindView, parts []statistics.Part, unit statistics.Unit) error {
	ids := make([]casefile.CaseID, len(parts))
	adds := map[casefile.CaseID]int64{}
	for i, p := range parts {
		ids[i], adds[p.Case] = p.Case, p.N
	}
	rows, withheld, err := desk.Rows(a.Site.Engine, a.ID(), ids)
	if err != nil {
		return err
	}
	v.Withheld = withheld
	for i, r := range a.Site.RowViews(a.Words, rows, false) {
		v.Rows = append(v.Rows, behindRow{Number: r.Number, Address: "/cases/" + strconv.FormatInt(int64(rows[i].ID), 10), Party: r.Party, State: r.State, Officers: a.Names(rows[i].Officers), Received: a.Date(rows[i].Received), Value: Figure(a, unit, adds[rows[i].ID])})
	}
	return nil
}

// ApiStatistics is an answer as JSON.
func ApiStatistics(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	if len(faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "from", Code: refusal.FieldInvalid, Why: faults[0]}}}
	}
	t, err := a.Site.Statistics.Told(q, a.Language)
	if err != nil {
		return err
	}
	kept, err := a.Site.Options.Plans.Between(q.From, q.To, a.Language)
	if err != nil {
		return err
	}
	return a.Json(http.StatusOK, struct {
		*statistics.Told
		Quotas []plan.Told `json:"quotas"`
	}{t, kept})
}
