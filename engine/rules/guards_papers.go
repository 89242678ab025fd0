package rules

import (
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

func formsIssued(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, f := range a.Strings() {
		if s.issuedAt([]procedure.FormID{procedure.FormID(f)}) == 0 {
			return false, refusal.Args{"form": f}
		}
	}
	return true, nil
}

// toIssue tells whether some of those whom the action concerns have no document of the form waiting to be served. One waits
// that is in force, issued after what the fact comes after, and not served since: the fact has no later day.
func toIssue(s *View, a procedure.Arg) (bool, refusal.Args) {
	forms, id := a.Named["form"].Strings(), procedure.FactID(a.Named["fact"].Text)
	after, waits := s.Edition.Def.Fact(id).After, ""
	for _, x := range s.eachParty() {
		since := uint64(0)
		for _, f := range []procedure.FactID{id, after} {
			for _, d := range x.days(f) {
				since = max(since, d.Seq)
			}
		}
		n := slices.IndexFunc(s.Case.Issued, func(d casefile.Issued) bool {
			return slices.Contains(forms, string(d.Form)) && d.Seq > since && x.InForce(d) && s.Case.Papers[d.P-1].Concerns(x.View)
		})
		if n < 0 {
			return true, nil
		}
		waits = string(s.Case.Issued[n].Form)
	}
	return false, refusal.Args{"form": waits}
}

func formsFilled(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, f := range a.Strings() {
		if !slices.ContainsFunc(s.Case.Papers, func(p casefile.Paper) bool {
			return p.Form == procedure.FormID(f) && p.Concerns(s.View) && slices.ContainsFunc(p.Parts, func(x casefile.Filled) bool { return s.counts(&x) })
		}) {
			return false, refusal.Args{"form": f}
		}
	}
	return true, nil
}

func noticeCovers(s *View, a procedure.Arg) (bool, refusal.Args) {
	notice, proposal := procedure.FormID(a.Named["notice"].Text), procedure.FormID(a.Named["proposal"].Text)
	args := refusal.Args{"form": string(notice)}
	from := uint64(0) // what told of an outcome that fell since tells nothing of this one
	for _, f := range a.Named["since"].Strings() {
		if d, ok := s.Latest(procedure.FactID(f)); ok {
			from = max(from, d.Seq)
		}
	}
	at := uint64(Whole)                   // the outcome that the notices told: the proposal as it stood at the first of those that came last to each
	for _, who := range s.Respondents() { // a party that was told nothing is covered by nothing, and what waits to be served tells nobody
		told, _ := s.Of(who).Latest(procedure.FactID(a.Named["through"].Text))
		last := uint64(0)
		for _, d := range s.Case.Issued {
			if d.Form == notice && d.Seq > from && d.Seq <= told.Seq && s.InForce(d) && s.Addressed(casefile.Key{Doc: strconv.Itoa(d.N), Respondent: who}) {
				last = d.Seq
			}
		}
		if at = min(at, last); last == 0 {
			return false, args
		}
	}
	for _, f := range s.Edition.Def.Terms.Severity.Kinds {
		now, _ := s.Value(proposal, f)
		then, _ := s.valueAt(procedure.FieldRef{Form: proposal, Field: f}, at)
		if slices.ContainsFunc(now.Strings(), func(x string) bool { return !then.Has(x) }) {
			return false, args
		}
	}
	told := *s
	told.Upto, told.Fills = min(at+1, s.Upto), nil
	return !s.heavier(func(x *View, f procedure.FieldID) procedure.Value { v, _ := x.Value(proposal, f); return v }, &told), args
}

func major(s *View, a procedure.Arg) (bool, refusal.Args) {
	form := procedure.FormID(a.Text)
	for _, g := range s.Edition.Def.Terms.Severity.Major {
		if !s.says(form, g.When) {
			continue
		}
		if g.Sum == "" {
			return true, nil
		}
		for _, party := range s.eachParty() {
			limit, ok := s.Office.Fen(party.kindly(g.Setting, g.Person), s.Day)
			if !ok {
				continue
			}
			if v, _ := party.Value(form, g.Sum); procedure.Fen(v) >= limit {
				return true, nil
			}
		}
	}
	return false, refusal.Args{"form": a.Text}
}

// says tells whether a proposal's own fields pass the test.
func (s *View) says(form procedure.FormID, t *procedure.Test) bool {
	for _, ft := range t.Fields {
		v, _ := s.Value(form, ft.Field)
		if !slices.ContainsFunc(ft.Values, v.Has) {
			return false
		}
	}
	return true
}

// kindly is the setting that holds for a party of its kind: one for persons, where there is one, and that of all others.
func (s *View) kindly(unit, person string) string {
	if person != "" && s.Particular("kind").Text == string(penalty.Person) {
		return person
	}
	return unit
}

// against holds a sum to a setting of the office, for each party to the one for its kind.
func against(holds func(have, limit int64) bool) func(*View, procedure.Arg) (bool, refusal.Args) {
	return func(s *View, a procedure.Arg) (bool, refusal.Args) {
		r := procedure.Ref(a.Named["value"].Text)
		args := refusal.Args{}
		for _, x := range s.eachParty() {
			setting := x.kindly(a.Named["setting"].Text, a.Named["person"].Text)
			v, _ := x.Value(r.Form, r.Field)
			limit, ok := s.Office.Fen(setting, s.Day)
			args = refusal.Args{"value": v.Text, "limit": procedure.FormatMoney(limit), "setting": setting}
			if !ok || !holds(procedure.Fen(v), limit) {
				return false, args
			}
		}
		return true, args
	}
}

// wrote tells whether the values say something of the field, themselves or by rows that it is added up from.
func (s *View) wrote(values procedure.Values, field procedure.FieldID) bool {
	_, ok := values[field]
	return ok || s.adds(values, field)
}

// filledAt is the event that wrote the field last; the action's own values are the newest.
func (s *View) filledAt(r procedure.FieldRef) uint64 {
	for _, f := range s.Fills {
		if s.wrote(s.Values, r.Field) && f.Form == r.Form {
			return Whole
		}
	}
	var at uint64
	for i := range s.Case.Papers {
		p := &s.Case.Papers[i]
		for j := range p.Parts {
			if s.wrote(p.Parts[j].Values, r.Field) && p.Form == r.Form && s.counts(&p.Parts[j]) && p.Concerns(s.View) {
				at = max(at, p.Parts[j].Seq)
			}
		}
	}
	return at
}

func nothingOwed(s *View, a procedure.Arg) (bool, refusal.Args) {
	left := s.owes(procedure.LiabilityOf(a))
	return left == 0, refusal.Args{"owed": procedure.FormatMoney(left)}
}
