package rules

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// share is the value of a field among those filled together with it. A sum, where the scope is one party's, is what falls
// on that party: its row among the shares, else what falls on each, or what all owe together, which falls on the first.
func (s *View) share(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	v, ok := values[field]
	if s.Party == "" {
		return v, ok
	}
	severity := &s.Edition.Def.Terms.Severity
	for _, r := range values[severity.Shares.Table].Rows {
		if r[severity.Shares.Column] == s.Party && r[field] != "" {
			return procedure.TextValue(r[field]), true
		}
	}
	if ok && slices.Contains(severity.Once, field) && s.Party != s.Respondents()[0] {
		return procedure.TextValue(procedure.FormatMoney(0)), true
	}
	return v, ok
}

// eachParty looks at the case from the place of each of the parties that the action names, of all when it names none.
func (s *View) eachParty() []*View {
	parties := s.Values["respondent"].Strings()
	switch {
	case s.Party != "":
		parties = []string{s.Party}
	case len(parties) == 0:
		parties = s.Respondents()
	}
	out := make([]*View, len(parties))
	for i, p := range parties {
		x := *s
		x.Party = p
		out[i] = &x
	}
	return out
}

// paid adds up a field over all papers that count, with the action's own value: what these parties paid, and nobody else
// with them.
func (s *View) paid(r procedure.FieldRef, by []*View) int64 {
	theirs := func(values procedure.Values) bool {
		for _, who := range values["respondent"].Strings() {
			if !slices.ContainsFunc(by, func(x *View) bool { return x.Party == who }) {
				return false
			}
		}
		return true
	}
	var sum int64
	for i := range s.Case.Papers {
		p := &s.Case.Papers[i]
		if p.Form != r.Form || p.Doc > 0 && !s.issued(s.Case.Issued[p.Doc-1]) {
			continue
		}
		for j := range p.Parts {
			if x := &p.Parts[j]; s.counts(x) && theirs(x.Values) {
				sum += procedure.Fen(x.Values[r.Field])
			}
		}
	}
	for _, f := range s.Fills {
		if f.Form == r.Form && theirs(s.Values) {
			sum += procedure.Fen(s.Values[r.Field])
		}
	}
	return sum
}

// owes is what the latest papers say the parties in view owe, in fen, less what all papers say they paid; never below 0.
func (s *View) owes(owed, paid []string) int64 {
	parties := s.eachParty()
	latest, from := map[procedure.FieldID]uint64{}, map[procedure.FieldID]procedure.FieldRef{}
	for _, o := range owed { // of fields of one name on several forms the one filled last counts
		r := Ref(o)
		if _, ok := s.Value(r.Form, r.Field); ok {
			if at := s.filledAt(r); at >= latest[r.Field] {
				latest[r.Field], from[r.Field] = at, r
			}
		}
	}
	var sum int64
	for _, r := range from {
		for _, x := range parties {
			v, _ := x.Value(r.Form, r.Field)
			sum += procedure.Fen(v)
		}
	}
	for _, p := range paid {
		sum -= s.paid(Ref(p), parties)
	}
	return max(0, sum)
}

// heavier tells whether a sum that falls on some party now is above what then fell on it. read gives a field's value from
// a point of view.
func (s *View) heavier(read func(*View, procedure.FieldID) procedure.Value, then *View) bool {
	for _, f := range s.Edition.Def.Terms.Severity.Sums {
		for _, x := range s.eachParty() {
			y := *then
			y.Party = x.Party
			if procedure.Fen(read(x, f)) > procedure.Fen(read(&y, f)) {
				return true
			}
		}
	}
	return false
}

// noHeavier holds what is signed now to what the earlier part of the form proposed: no further kind, no higher sum.
func noHeavier(s *View, a procedure.Arg) (bool, refusal.Args) {
	form, than := procedure.FormID(a.Named["form"].Text), procedure.PartID(a.Named["than"].Text)
	for i := len(s.Case.Papers) - 1; i >= 0; i-- {
		p := &s.Case.Papers[i]
		var x *casefile.Filled // as it stood when this was signed
		for j := range p.Parts {
			if p.Parts[j].Part == than && s.counts(&p.Parts[j]) {
				x = &p.Parts[j]
			}
		}
		if p.Form != form || x == nil {
			continue
		}
		proposed := x.Values
		for _, f := range s.Edition.Def.Terms.Severity.Kinds {
			for _, v := range s.Values[f].Strings() {
				if !proposed[f].Has(v) {
					return false, refusal.Args{"form": string(form), "value": v}
				}
			}
		}
		then := *s
		then.Values = proposed
		read := func(x *View, f procedure.FieldID) procedure.Value { v, _ := x.share(x.Values, f); return v }
		return !s.heavier(read, &then), refusal.Args{"form": string(form)}
	}
	return true, nil
}

// several tells whether a table of the case has more than one row.
func several(s *View, a procedure.Arg) (bool, refusal.Args) {
	r := Ref(a.Text)
	v, ok := s.Value(r.Form, r.Field)
	if !ok {
		v = s.Case.Shared[r.Field]
	}
	return len(v.Rows) > 1, nil
}

// partiesOnly holds the names in a column of a table to the parties of the case.
func partiesOnly(s *View, a procedure.Arg) (bool, refusal.Args) {
	v, _ := s.Value("", procedure.FieldID(a.Named["table"].Text))
	for _, r := range v.Rows {
		if who := r[procedure.FieldID(a.Named["column"].Text)]; !slices.Contains(s.Respondents(), who) {
			return false, refusal.Args{"who": who}
		}
	}
	return true, nil
}
