package desk

import (
	"dossier/engine/casefile"
	"dossier/engine/rules"
)

// partyViews are the case's respondents as they stand.
func partyViews(s *rules.View) []PartyView {
	var out []PartyView
	rows := s.Case.Shared[s.Edition.Def.Terms.Parties.Table].Rows
	runs := s.Clocks()
	for _, name := range casefile.Parties(s.Edition.Def, s.Case) {
		x := s.Of(name)
		v := PartyView{Name: name, Place: s.Case.Stands(name), Since: s.Case.Walks[0].Since, Person: x.Natural()}
		if p := s.Case.Place(name); p != nil {
			v.Since = p.Since
		}
		if st := s.Edition.Def.Main.State(v.Place); st != nil {
			v.Title = st.Title
		}
		for _, d := range s.Edition.Liabilities() {
			v.Outstanding += max(0, x.Balance(d))
			v.Refund += max(0, -x.Balance(d))
			v.Owes = v.Owes || x.Due(d) > 0
		}
		for _, r := range runs {
			if casefile.Overlap(r.Parties, x.View) && (len(r.Parties) > 0 || len(rows) < 2) {
				v.Clocks = append(v.Clocks, r)
			}
		}
		for j := range s.Case.Papers {
			if p := &s.Case.Papers[j]; (p.For != "" || len(p.Of) > 0) && p.Concerns(x.View) {
				v.Papers = append(v.Papers, p.P)
			}
		}
		out = append(out, v)
	}
	return out
}
