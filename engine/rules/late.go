package rules

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// reached asks whether the fact day has come to a day that a form fixed.
func reached(s *View, a procedure.Arg) (bool, refusal.Args) {
	r := Ref(a.Text)
	v, _ := s.Value(r.Form, r.Field)
	day, err := calendar.Parse(v.Text[:min(10, len(v.Text))])
	return err != nil || s.Day >= day, refusal.Args{"limit": day.String(), "day": s.Day.String()}
}

// lateCharge holds a charge for late payment to what the law allows on the fact day: so many percent of the fine for each day after
// the due day, days on which a review is pending left out, and the fine at most (apl 72, 73).
func lateCharge(s *View, a procedure.Arg) (bool, refusal.Args) {
	r := Ref(a.Named["value"].Text)
	v, _ := s.Value(r.Form, r.Field)
	charge := procedure.Fen(v)
	fine := s.owes(a.Named["of"].Strings(), nil)
	days := 0
	for _, run := range s.RunsOf(procedure.ClockID(a.Named["clock"].Text)) {
		if run.Due != 0 && s.Day > run.Due {
			days = max(days, int(s.Day-run.Due)-s.pending(run.Due, a))
		}
	}
	limit := min(fine, fine*int64(procedure.Int(a.Named["percent"].Text))*int64(days)/100)
	return charge <= limit, refusal.Args{"value": procedure.FormatMoney(charge), "limit": procedure.FormatMoney(limit), "days": strconv.Itoa(days)}
}

// pending are the days after the due day up to the fact day on which a review was under way: from the day after one of
// the pending facts to the day of the fact that ends it.
func (s *View) pending(due calendar.Date, a procedure.Arg) int {
	n := 0
	for day := due.Add(1); day <= s.Day; day++ {
		under := false
		for _, p := range a.Named["pending"].Strings() {
			for _, d := range s.days(procedure.FactID(p)) {
				if d.Day < day {
					end, ok := s.Latest(procedure.FactID(a.Named["until"].Text))
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
func followed(s *View, a procedure.Arg) (bool, refusal.Args) {
	ends := s.days(procedure.FactID(a.Named["by"].Text))
	for _, f := range a.Named["facts"].Strings() {
		for _, d := range s.days(procedure.FactID(f)) {
			after := func(e casefile.Day) bool {
				return ParseKey(e.Key).meets(ParseKey(d.Key)) && (e.Day > d.Day || e.Day == d.Day && e.Seq >= d.Seq)
			}
			if !slices.ContainsFunc(ends, after) {
				return false, refusal.Args{"facts": f}
			}
		}
	}
	return true, nil
}
