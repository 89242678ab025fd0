package engine

import (
	"slices"
	"strconv"
	"strings"
)

func formsIssued(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		found := false
		for _, d := range s.c.Issued {
			found = found || d.Form == FormID(f) && s.issued(d)
		}
		if !found {
			return false, Args{"form": f}
		}
	}
	return true, nil
}

func formsFilled(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		found := false
		for i := range s.c.Papers {
			p := &s.c.Papers[i]
			for j := range p.Parts {
				found = found || p.Form == FormID(f) && s.counts(&p.Parts[j])
			}
		}
		if !found {
			return false, Args{"form": f}
		}
	}
	return true, nil
}

// fen is a money or number value in hundredths; a missing one is 0.
func fen(v Value) int64 {
	if v.Text == "" {
		return 0
	}
	f, _ := ParseMoney(v.Text)
	return f
}

func noticeCovers(s *scope, a Arg) (bool, Args) {
	notice, proposal := FormID(a.Named["notice"].Text), FormID(a.Named["proposal"].Text)
	args := Args{"form": string(notice)}
	for _, who := range s.respondents() { // a party that was told nothing is covered by nothing
		if !slices.ContainsFunc(s.c.Issued, func(d Issued) bool {
			return d.Form == notice && s.issued(d) && s.addressed(key{doc: strconv.Itoa(d.N), respondent: who})
		}) {
			return false, args
		}
	}
	at := uint64(0) // the outcome that the notice told: the proposal as it stood then
	for _, d := range s.c.Issued {
		if d.Form == notice && s.issued(d) {
			at = d.Seq
		}
	}
	for _, f := range []FieldID{"handling", "penalties"} {
		now, _ := s.value(proposal, f)
		then, _ := s.valueAt(FieldRef{proposal, f}, at)
		for _, x := range now.Strings() {
			if !then.Has(x) {
				return false, args
			}
		}
	}
	told := *s
	told.upto, told.fills = min(at+1, s.upto), nil
	return !s.heavier(func(x *scope, f FieldID) Value { v, _ := x.value(proposal, f); return v }, &told), args
}

func major(s *scope, a Arg) (bool, Args) {
	form := FormID(a.Text)
	kinds, _ := s.value(form, "penalties")
	if kinds.Has("revoke") {
		return true, nil
	}
	for _, x := range [...]struct {
		kind    string
		field   FieldID
		setting string
	}{{"fine", "fine", "large-fine"}, {"confiscate", "confiscation", "large-confiscation"}} {
		limit, ok := s.office.Fen(x.setting, s.day)
		if !ok || !kinds.Has(x.kind) {
			continue
		}
		for _, party := range s.eachParty() {
			if v, _ := party.value(form, x.field); fen(v) >= limit {
				return true, nil
			}
		}
	}
	return false, Args{"form": a.Text}
}

// ref splits FORM.field; a plain name is a field of the action itself.
func ref(text string) FieldRef {
	if form, field, ok := strings.Cut(text, "."); ok {
		return FieldRef{FormID(form), FieldID(field)}
	}
	return FieldRef{"", FieldID(text)}
}

func atMost(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["value"].Text)
	v, _ := s.value(r.Form, r.Field)
	limit, ok := s.office.Fen(a.Named["setting"].Text, s.day)
	return ok && fen(v) <= limit, Args{"value": v.Text, "limit": FormatMoney(limit), "setting": a.Named["setting"].Text}
}

func atLeast(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["value"].Text)
	v, _ := s.value(r.Form, r.Field)
	limit, ok := s.office.Fen(a.Named["setting"].Text, s.day)
	return ok && fen(v) >= limit, Args{"value": v.Text, "limit": FormatMoney(limit), "setting": a.Named["setting"].Text}
}

// filledAt is the event that wrote the field last; the action's own values are the newest.
func (s *scope) filledAt(r FieldRef) uint64 {
	for _, f := range s.fills {
		if _, ok := s.values[r.Field]; ok && f.Form == r.Form {
			return now
		}
	}
	var at uint64
	for i := range s.c.Papers {
		p := &s.c.Papers[i]
		for j := range p.Parts {
			if _, ok := p.Parts[j].Values[r.Field]; ok && p.Form == r.Form && s.counts(&p.Parts[j]) {
				at = max(at, p.Parts[j].Seq)
			}
		}
	}
	return at
}

func nothingOwed(s *scope, a Arg) (bool, Args) {
	left := s.owes(a.Named["owed"].Strings(), a.Named["paid"].Strings())
	return left == 0, Args{"owed": FormatMoney(left)}
}
