package engine

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
)

// barred are the people whom this action bars from the case.
func (s *scope) barred() []PersonID {
	if s.act == nil || s.act.Bars == "" {
		return nil
	}
	r := ref(s.act.Bars)
	v, _ := s.value(r.Form, r.Field)
	return personIDs(v)
}

// aside are the documents that this action sets aside, by their numbers.
func (s *scope) aside() []int {
	var ns []int
	forms, _ := choose(s, s.act.Aside)
	for _, d := range s.c.Issued {
		if d.Void == 0 && slices.Contains(forms, d.Form) {
			ns = append(ns, d.N)
		}
	}
	return ns
}

// reached asks whether the fact day has come to a day that a form fixed.
func reached(s *scope, a Arg) (bool, Args) {
	r := ref(a.Text)
	v, _ := s.value(r.Form, r.Field)
	day, err := calendar.Parse(v.Text[:min(10, len(v.Text))])
	return err != nil || s.day >= day, Args{"limit": day.String(), "day": s.day.String()}
}

// lateCharge holds a charge for late payment to what the law allows on the fact day: 3 % of the fine for each day after
// the due day, days on which a review is pending left out, and the fine at most (apl 72, 73).
func lateCharge(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["value"].Text)
	v, _ := s.value(r.Form, r.Field)
	charge := fen(v)
	fine := s.owes(a.Named["fine"].Strings(), nil)
	days := 0
	for _, run := range s.runsOf(ClockID(a.Named["clock"].Text)) {
		if run.Due != 0 && s.day > run.Due {
			days = max(days, int(s.day-run.Due)-s.pending(run.Due, a))
		}
	}
	limit := min(fine, fine*3/100*int64(days))
	return charge <= limit, Args{"value": FormatMoney(charge), "limit": FormatMoney(limit), "days": strconv.Itoa(days)}
}

// pending are the days after the due day up to the fact day on which a review was under way: from the day after one of
// the pending facts to the day of the fact that ends it.
func (s *scope) pending(due calendar.Date, a Arg) int {
	n := 0
	for day := due.Add(1); day <= s.day; day++ {
		under := false
		for _, p := range a.Named["pending"].Strings() {
			for _, d := range s.days(FactID(p)) {
				if d.Day < day {
					end, ok := s.latest(FactID(a.Named["until"].Text))
					under = under || !ok || end.Seq < d.Seq || day <= end.Day
				}
			}
		}
		if under {
			n++
		}
	}
	return n
}

// followed asks whether what was begun has come to its end: each setting of the facts has one of the other after it.
func followed(s *scope, a Arg) (bool, Args) {
	ends := s.days(FactID(a.Named["by"].Text))
	for _, f := range a.Named["facts"].Strings() {
		for _, d := range s.days(FactID(f)) {
			after := func(e Day) bool {
				return parseKey(e.Key).meets(parseKey(d.Key)) && (e.Day > d.Day || e.Day == d.Day && e.Seq >= d.Seq)
			}
			if !slices.ContainsFunc(ends, after) {
				return false, Args{"facts": f}
			}
		}
	}
	return true, nil
}
