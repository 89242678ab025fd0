package rules

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Of is the same look at the case from the place of these respondents. Clocks are derived for all of them once.
func (s *View) Of(parties ...string) *View {
	x := *s
	x.View, x.Party = parties, ""
	if len(parties) == 1 {
		x.Party = parties[0]
	}
	return &x
}

// Sides are the points of view from which an action's conditions are asked: of each respondent whom it concerns, where
// the procedure lets each walk alone and the case has several; else the one there is.
func (s *View) Sides() []*View {
	if s.Edition.Def.Apart == "" {
		return []*View{s}
	}
	all := casefile.Parties(s.Edition.Def, s.Case)
	if len(all) < 2 {
		return []*View{s}
	}
	parties := s.Acting
	if len(parties) == 0 {
		parties = all
	}
	if named := s.Values["respondent"].Strings(); len(named) > 0 {
		parties = slices.DeleteFunc(slices.Clone(parties), func(p string) bool { return !slices.Contains(named, p) })
	}
	out := make([]*View, len(parties))
	for i, p := range parties {
		out[i] = s.Of(p)
	}
	return out
}

// about is whom one setting of a fact concerns from this point of view.
func (s *View) about(d *casefile.Day) bool {
	if len(s.View) == 0 {
		return len(d.Off) == 0 || len(d.Off) < len(casefile.Parties(s.Edition.Def, s.Case)) || !s.offAll(d)
	}
	k := casefile.ParseKey(d.Key)
	for _, p := range s.View {
		if (k.Respondent == "" || k.Respondent == p) && !s.off(d, p) {
			return true
		}
	}
	return false
}

func (s *View) off(d *casefile.Day, party string) bool {
	return slices.ContainsFunc(d.Off, func(o casefile.Off) bool { return o.Party == party && o.Seq < s.Upto })
}

func (s *View) offAll(d *casefile.Day) bool {
	for _, p := range casefile.Parties(s.Edition.Def, s.Case) {
		if !s.off(d, p) {
			return false
		}
	}
	return true
}

// partyOf is whose a run is: its key's respondent, else the one whom its document is made for; "" of all.
func (s *View) partyOf(k casefile.Key) string {
	if k.Respondent != "" {
		return k.Respondent
	}
	if d := s.Case.Document(procedure.Int(k.Doc)); d != nil {
		if p := &s.Case.Papers[d.P-1]; p.For != "" {
			return p.For
		} else if len(p.Of) == 1 {
			return p.Of[0]
		}
	}
	return ""
}

// Several tells whether each of more than one respondent has what arises of their own.
func (s *View) Several() bool {
	return s.Edition.Def.Apart != "" && len(s.Case.Shared[s.Edition.Def.Terms.Parties.Table].Rows) > 1
}

// clockApart derives the runs of one clock as each respondent sees them, once each walks alone. What all see alike is one
// run. A run that all began together and that has ended is history where one of them began it anew.
func (s *View) clockApart(c *procedure.Clock) []Running {
	type ran struct {
		st      start
		r       Running
		ok      bool
		parties []string
	}
	var list []ran
	for _, party := range s.inOrder() {
		x := s.Of(party)
		for _, st := range x.starts(c) {
			r, ok := x.runAt(c, st)
			i := slices.IndexFunc(list, func(o ran) bool {
				return o.st == st && o.ok == ok && o.r.Due == r.Due && o.r.Ended == r.Ended && o.r.State == r.State && o.r.Remaining == r.Remaining
			})
			if i < 0 {
				i = len(list)
				list = append(list, ran{st: st, r: r, ok: ok})
			}
			list[i].parties = append(list[i].parties, party)
		}
	}
	at := func(x ran) int { // in the order in which the days were recorded
		return slices.IndexFunc(s.Case.Days, func(d casefile.Day) bool { return d.Seq == x.st.seq && casefile.ParseKey(d.Key) == x.st.key })
	}
	slices.SortStableFunc(list, func(a, b ran) int {
		if c.From.FirstOf { // whichever of its causes it starts from, a run bears the same number
			return 0
		}
		if a.st.seq != b.st.seq {
			return int(a.st.seq) - int(b.st.seq)
		}
		if a.st.key == b.st.key && (a.r.Ended == 0) != (b.r.Ended == 0) { // what all began and some have ended runs for the others
			return int(a.r.Ended) - int(b.r.Ended)
		}
		return at(a) - at(b)
	})
	list = slices.DeleteFunc(list, func(x ran) bool {
		return x.r.Ended != 0 && x.st.key == casefile.Key{} && len(x.parties) < len(s.Case.Places) &&
			slices.ContainsFunc(list, func(o ran) bool { return o.ok && o.st.key.Doc == "" && o.st.seq > x.st.seq })
	})
	var rs []Running
	for i, x := range list {
		if !x.ok {
			continue
		}
		x.r.ID = numbered(c.ID, i)
		if x.r.Parties = x.parties; len(x.parties) == len(s.Case.Places) {
			x.r.Parties = nil
		}
		rs = append(rs, x.r)
	}
	return rs
}

// inOrder are the respondents in the order in which they were first served with something, then in that of the case.
func (s *View) inOrder() []string {
	var names []string
	for i := range s.Case.Days {
		k := casefile.ParseKey(s.Case.Days[i].Key)
		if k.Doc != "" && k.Respondent != "" && !slices.Contains(names, k.Respondent) && s.Case.Place(k.Respondent) != nil {
			names = append(names, k.Respondent)
		}
	}
	for _, p := range s.Case.Places {
		if !slices.Contains(names, p.Party) {
			names = append(names, p.Party)
		}
	}
	return names
}

// Party is whose the run is, where it is one respondent's of several.
func (r Running) Party() string {
	if len(r.Parties) == 1 {
		return r.Parties[0]
	}
	return ""
}

// Theirs tells whether one setting of a fact is the one meant where a respondent is named: their own, or where they have
// none what was set for all.
func (s *View) Theirs(d *casefile.Day, who string) bool {
	if who == "" {
		return true
	}
	if k := casefile.ParseKey(d.Key); k.Respondent != "" {
		return k.Respondent == who
	}
	return !slices.ContainsFunc(s.Case.Days, func(o casefile.Day) bool {
		return o.Fact == d.Fact && o.Void == 0 && casefile.ParseKey(o.Key).Respondent == who
	})
}

// Particular is what the case's table of respondents says of the one in view: of the only party of a case, what the case
// says of it.
func (s *View) Particular(column procedure.FieldID) procedure.Value {
	terms := &s.Edition.Def.Terms
	rows := s.Case.Shared[terms.Parties.Table].Rows
	if v, ok := s.Values[terms.Own[column]]; ok && len(rows) < 2 { // as the action says it now
		return v
	}
	if len(rows) < 2 && (len(rows) == 0 || rows[0][column] == "") {
		return s.Case.Shared[terms.Own[column]]
	}
	for _, r := range rows {
		if len(rows) == 1 || s.Party != "" && r[terms.Parties.Column] == s.Party {
			return procedure.TextValue(r[column])
		}
	}
	return procedure.Value{}
}

// Natural tells whether the respondent in view is a natural person.
func (s *View) Natural() bool {
	p := s.Edition.Def.Terms.Person
	return p.Is != "" && s.Particular(p.Column).Text == p.Is
}
