package engine

import "slices"

// shares is the table of a proposal that says what falls on one party where it is not what falls on each: a row names the
// respondent and gives sums of its own.
const shares FieldID = "shares"

// share is the value of a field among those filled together with it. A sum, where the scope is one party's, is what falls
// on that party: its row among the shares, else what falls on each; what is to be paid to workers falls on the first
// party alone.
func (s *scope) share(values Values, field FieldID) (Value, bool) {
	v, ok := values[field]
	if s.party == "" {
		return v, ok
	}
	for _, r := range values[shares].Rows {
		if r["respondent"] == s.party && r[field] != "" {
			return TextValue(r[field]), true
		}
	}
	if ok && field == "payable" && s.party != s.respondents()[0] {
		return TextValue(FormatMoney(0)), true
	}
	return v, ok
}

// eachParty looks at the case from the place of each of the parties that the action names, of all when it names none.
func (s *scope) eachParty() []*scope {
	parties := s.values["respondent"].Strings()
	switch {
	case s.party != "":
		parties = []string{s.party}
	case len(parties) == 0:
		parties = s.respondents()
	}
	out := make([]*scope, len(parties))
	for i, p := range parties {
		x := *s
		x.party = p
		out[i] = &x
	}
	return out
}

// paid adds up a field over all papers that count, with the action's own value: what these parties paid, and nobody else
// with them.
func (s *scope) paid(r FieldRef, by []*scope) int64 {
	theirs := func(values Values) bool {
		for _, who := range values["respondent"].Strings() {
			if !slices.ContainsFunc(by, func(x *scope) bool { return x.party == who }) {
				return false
			}
		}
		return true
	}
	var sum int64
	for i := range s.c.Papers {
		p := &s.c.Papers[i]
		if p.Form != r.Form || p.Doc > 0 && !s.issued(s.c.Issued[p.Doc-1]) {
			continue
		}
		for j := range p.Parts {
			if x := &p.Parts[j]; s.counts(x) && theirs(x.Values) {
				sum += fen(x.Values[r.Field])
			}
		}
	}
	for _, f := range s.fills {
		if f.Form == r.Form && theirs(s.values) {
			sum += fen(s.values[r.Field])
		}
	}
	return sum
}

// owes is what the latest papers say the parties in view owe, in fen, less what all papers say they paid; never below 0.
func (s *scope) owes(owed, paid []string) int64 {
	parties := s.eachParty()
	latest, from := map[FieldID]uint64{}, map[FieldID]FieldRef{}
	for _, o := range owed { // of fields of one name on several forms the one filled last counts
		r := ref(o)
		if _, ok := s.value(r.Form, r.Field); ok {
			if at := s.filledAt(r); at >= latest[r.Field] {
				latest[r.Field], from[r.Field] = at, r
			}
		}
	}
	var sum int64
	for _, r := range from {
		for _, x := range parties {
			v, _ := x.value(r.Form, r.Field)
			sum += fen(v)
		}
	}
	for _, p := range paid {
		sum -= s.paid(ref(p), parties)
	}
	return max(0, sum)
}

// heavier tells whether a sum that falls on some party now is above what then fell on it. read gives a field's value from
// a point of view.
func (s *scope) heavier(read func(*scope, FieldID) Value, then *scope) bool {
	for _, f := range []FieldID{"fine", "confiscation", "payable"} {
		for _, x := range s.eachParty() {
			y := *then
			y.party = x.party
			if fen(read(x, f)) > fen(read(&y, f)) {
				return true
			}
		}
	}
	return false
}

// noHeavier holds what is signed now to what the earlier part of the form proposed: no further kind, no higher sum.
func noHeavier(s *scope, a Arg) (bool, Args) {
	form, than := FormID(a.Named["form"].Text), PartID(a.Named["than"].Text)
	for i := len(s.c.Papers) - 1; i >= 0; i-- {
		p := &s.c.Papers[i]
		var x *Filled // as it stood when this was signed
		for j := range p.Parts {
			if p.Parts[j].Part == than && s.counts(&p.Parts[j]) {
				x = &p.Parts[j]
			}
		}
		if p.Form != form || x == nil {
			continue
		}
		proposed := x.Values
		for _, f := range []FieldID{"handling", "penalties"} {
			for _, v := range s.values[f].Strings() {
				if !proposed[f].Has(v) {
					return false, Args{"form": string(form), "value": v}
				}
			}
		}
		then := *s
		then.values = proposed
		read := func(x *scope, f FieldID) Value { v, _ := x.share(x.values, f); return v }
		return !s.heavier(read, &then), Args{"form": string(form)}
	}
	return true, nil
}

// several tells whether a table of the case has more than one row.
func several(s *scope, a Arg) (bool, Args) {
	r := ref(a.Text)
	v, ok := s.value(r.Form, r.Field)
	if !ok {
		v = s.c.Shared[r.Field]
	}
	return len(v.Rows) > 1, nil
}

// partiesOnly holds the names in a column of a table to the parties of the case.
func partiesOnly(s *scope, a Arg) (bool, Args) {
	v, _ := s.value("", FieldID(a.Named["table"].Text))
	for _, r := range v.Rows {
		if who := r[FieldID(a.Named["column"].Text)]; !slices.Contains(s.respondents(), who) {
			return false, Args{"who": who}
		}
	}
	return true, nil
}
