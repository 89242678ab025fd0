package listing

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// IndexVisit is what quotas count: regime/number → the case's [Visit] as JSON.
const IndexVisit = "tally"

// Visit is what a case tells of the check that it is, or of one that is still to be made in it.
type Visit struct {
	Object string            `json:"object,omitempty"` // as the case names it
	Kind   string            `json:"kind,omitempty"`
	Days   []calendar.Date   `json:"days,omitempty"` // on which it was made; none: still to be done
	Asked  calendar.Date     `json:"asked"`          // on which it was entered
	Team   []office.PersonID `json:"team,omitempty"` // who checks, sorted
	Round  string            `json:"round,omitempty"`
	Exempt bool              `json:"exempt,omitempty"` // no ceiling counts it
}

// fieldRound is the case's value that names the action that a check belongs to.
const fieldRound procedure.FieldID = "round"

// VisitOf is what a case tells a regime; false where that is nothing: it is of another procedure, or ended without a check.
func VisitOf(s *rules.View, r *office.Regime) (Visit, bool) {
	c := s.Case
	if !slices.Contains(r.Workflows, c.Workflow) {
		return Visit{}, false
	}
	v := Visit{Kind: c.Shared[r.Kind].Text, Asked: calendar.In(c.Opened), Round: c.Shared[fieldRound].Text, Exempt: slices.Contains(r.Exempt, c.Shared[r.Source].Text),
		Team: slices.Sorted(slices.Values(c.Roles[s.Edition.Def.Terms.Officers]))}
	for _, f := range r.Unit {
		if v.Object = c.Shared[f].Text; v.Object != "" {
			break
		}
	}
	for _, d := range c.Days {
		if d.Fact == r.Fact && d.Void == 0 {
			v.Days = append(v.Days, d.Day)
		}
	}
	return v, len(v.Days) > 0 || c.Ended == 0
}

// visitKeys are the entries of a case in that index.
func visitKeys(s *rules.View, id, n string) []ledger.Key {
	var ks []ledger.Key
	for i := range s.Office.Regimes {
		r := &s.Office.Regimes[i]
		if v, told := VisitOf(s, r); told {
			data, _ := ledger.Canonical(v)
			ks = append(ks, ledger.Key{Index: IndexVisit, Key: r.Name + "/" + n, ID: id, Value: data})
		}
	}
	return ks
}

// ReadVisit reads an entry back.
func ReadVisit(row []byte) (Visit, error) {
	var v Visit
	err := ledger.Read(row, &v)
	return v, err
}
