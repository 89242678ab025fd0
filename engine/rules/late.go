package rules

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// fixed is the day that a field fixes.
func (s *View) fixed(field string) (calendar.Date, error) {
	r := procedure.Ref(field)
	v, _ := s.Value(r.Form, r.Field)
	return calendar.Parse(v.Text[:min(10, len(v.Text))])
}

// reached asks whether the fact day has come to a day that a form fixed.
func reached(s *View, a procedure.Arg) (bool, refusal.Args) {
	day, err := s.fixed(a.Text)
	return err != nil || s.Day >= day, refusal.Args{"limit": day.String(), "day": s.Day.String()}
}

// upTo asks whether the fact day is not after the day that counts of a fact: what came before its end is recorded after it.
func upTo(s *View, a procedure.Arg) (bool, refusal.Args) {
	d, ok := s.Latest(procedure.FactID(a.Text))
	return !ok || s.Day <= d.Day, refusal.Args{"facts": a.Text, "limit": d.Day.String(), "day": s.Day.String()}
}

// leavesTime asks whether each paper that is served is served by the day that it fixes: the day of service is shifted as
// that fact is. Of an action that serves nothing it is the day on which the fact was set.
func leavesTime(s *View, a procedure.Arg) (bool, refusal.Args) {
	f, named := s.Edition.Def.Fact(procedure.FactID(a.Named["fact"].Text)), s.Values["document"].Strings()
	for _, x := range a.Named["days"].Strings() {
		r, day := procedure.Ref(x), s.Day
		of := func(n string) bool { d := s.Case.Document(procedure.Int(n)); return d != nil && d.Form == r.Form }
		if len(named) > 0 && !slices.Contains(s.Action.Issues, r.Form) && !slices.ContainsFunc(named, of) {
			continue
		}
		if !s.Action.Makes(procedure.Item{Fact: f.ID}) {
			day = 0
			for _, d := range s.days(f.ID) {
				if k := casefile.ParseKey(d.Key); k.Doc == "" || of(k.Doc) {
					day = max(day, d.Day)
				}
			}
		} else if p, ok := f.Shift.Of(s.Values); ok {
			day, _, _ = s.Office.Calendar.Add(day, p)
		}
		if by, err := s.fixed(x); err == nil && day > by {
			return false, refusal.Args{"limit": by.String(), "day": day.String()}
		}
	}
	return true, nil
}

// lateBase is the setting that says on what a charge for late payment is counted after part of the fine was paid: "rest",
// or the whole fine, as apl/72 reads ("按罚款数额").
const lateBase = "late-charge-base"

// lateCharge holds a charge for late payment to what the law allows the party on the fact day (apl 72, 73): so many percent of the fine,
// as decided or changed, for each day after its own payment period until it has paid, those left out on which a review of
// its decision is pending, the day on which it is sought and that on which its outcome is served among them; the fine at
// most, what was charged before counted in, rounded once.
func lateCharge(s *View, a procedure.Arg) (bool, refusal.Args) {
	r := procedure.Ref(a.Named["value"].Text)
	v, _ := s.Value(r.Form, r.Field)
	charge, left, days := procedure.Fen(v), int64(0), 0
	for _, x := range s.eachParty() {
		n, count := x.chargeable(a)
		left, days = left+n, max(days, count)
	}
	return charge <= left, refusal.Args{"value": procedure.FormatMoney(charge), "limit": procedure.FormatMoney(left), "days": strconv.Itoa(days)}
}

// chargeable is what may still be charged of one party for late payment on the fact day, in fen, and for how many days.
func (s *View) chargeable(a procedure.Arg) (int64, int) {
	before := *s // what the action itself records is not yet charged
	before.Fills = nil
	fine := before.sum(procedure.Refs(a.Named["of"]), []*View{&before})
	rest := s.Office.Text(lateBase, s.Day) == "rest"
	percent := int64(procedure.Int(a.Named["percent"].Text))
	var sum int64 // in hundredths of a fen
	days := 0
	for _, run := range s.RunsOf(procedure.ClockID(a.Named["clock"].Text)) {
		if run.Due == 0 {
			continue
		}
		last := s.Day
		if run.Ended != 0 {
			last = min(last, run.Ended)
		}
		for day := run.Due.Add(1); day <= last; day++ {
			if s.pending(day, a) {
				continue
			}
			days++
			base := fine
			if rest {
				base = max(0, fine-s.paidBefore(day, a))
			}
			sum += base * percent
		}
	}
	limit := min(fine, (sum+50)/100)
	for _, fp := range s.forms(a) {
		limit -= before.paid(fp, []*View{&before}, 0, func(string) bool { return true })
	}
	return max(0, limit), days
}

// forms are the fields that record what was charged: those that are named, else that of the action's own form.
func (s *View) forms(a procedure.Arg) []procedure.FieldRef {
	var out []procedure.FieldRef
	for _, f := range a.Named["charged"].Strings() {
		out = append(out, procedure.Ref(f))
	}
	r := procedure.Ref(a.Named["value"].Text)
	switch {
	case out != nil:
		return out
	case r.Form != "":
		return []procedure.FieldRef{r}
	}
	for _, fp := range s.Fills {
		if s.asks(fp.Form, fp.Part, r.Field) {
			out = append(out, procedure.FieldRef{Form: fp.Form, Field: r.Field})
		}
	}
	return out
}

// paidBefore is what the party paid of its fine before a day.
func (s *View) paidBefore(day calendar.Date, a procedure.Arg) int64 {
	var sum int64
	for _, p := range a.Named["paid"].Strings() {
		r := procedure.Ref(p)
		for i := range s.Case.Papers {
			q := &s.Case.Papers[i]
			if q.Form != r.Form || q.Doc > 0 && !s.InForce(s.Case.Issued[q.Doc-1]) || !q.Concerns(s.View) {
				continue
			}
			for j := range q.Parts {
				if x := &q.Parts[j]; s.counts(x) && x.Day < day {
					sum += procedure.Fen(x.Values[r.Field])
				}
			}
		}
	}
	return sum
}

// pending tells whether a review was under way on the day: from the day of one of the pending facts to that of the fact
// which ends it, both among them. What was decided at first and gone on with (`appealed`: what marks the first) ended nothing.
func (s *View) pending(day calendar.Date, a procedure.Arg) bool {
	var begun []casefile.Day
	for _, p := range a.Named["pending"].Strings() {
		begun = append(begun, s.told(procedure.FactID(p))...)
	}
	first, ends := s.told(procedure.FactID(a.Named["appealed"].Text)), s.told(procedure.FactID(a.Named["until"].Text))
	for _, d := range begun {
		end := calendar.Date(0)
		for _, e := range ends {
			on := slices.ContainsFunc(first, func(x casefile.Day) bool { return x.Seq == e.Seq }) && slices.ContainsFunc(begun, func(x casefile.Day) bool { return x.Seq > e.Seq })
			if !on && e.Seq > d.Seq && e.Day >= d.Day && (end == 0 || e.Day < end) {
				end = e.Day
			}
		}
		if d.Day <= day && (end == 0 || day <= end) {
			return true
		}
	}
	return false
}

// followed asks whether what was begun has come to its end: each setting of the facts has one of the other after it.
func followed(s *View, a procedure.Arg) (bool, refusal.Args) {
	ends := s.days(procedure.FactID(a.Named["by"].Text))
	for _, f := range a.Named["facts"].Strings() {
		for _, d := range s.days(procedure.FactID(f)) {
			after := func(e casefile.Day) bool {
				return casefile.ParseKey(e.Key).Meets(casefile.ParseKey(d.Key)) && (e.Day > d.Day || e.Day == d.Day && e.Seq >= d.Seq)
			}
			if !slices.ContainsFunc(ends, after) {
				return false, refusal.Args{"facts": f}
			}
		}
	}
	return true, nil
}

// come asks whether each of the facts is set and has come: a day that is shifted, as service by public notice is, may lie
// after that of the action.
func come(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, id := range a.Strings() {
		args := refusal.Args{"facts": id, "day": s.Day.String()}
		if !s.Set(procedure.FactID(id)) {
			return false, args
		}
		for _, d := range s.days(procedure.FactID(id)) {
			if doc := s.Case.Document(procedure.Int(casefile.ParseKey(d.Key).Doc)); doc != nil && !s.InForce(*doc) {
				continue
			}
			if d.Day > s.Day {
				args["limit"] = d.Day.String()
				return false, args
			}
		}
	}
	return true, nil
}
