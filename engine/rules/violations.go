package rules

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
)

// violations is the terms of the table of violations.
func (s *View) violations() *procedure.Violations { return &s.Edition.Def.Terms.Severity.Violations }

// charged is a field that is added up from the rows of a table of violations that stands among the values.
func (s *View) charged(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	t := s.violations()
	if !t.Adds(field) || len(values[t.Table].Rows) == 0 {
		return procedure.Value{}, false
	}
	return charges.Table{Violations: t, Rows: s.ChargesAmong(values[t.Table].Rows)}.Sum(field), true
}

// Chargeable are the parties of whom a row of violations may be asked: those whom the action moves, or all.
func (s *View) Chargeable() []string { return s.concerned() }

// ChargesAmong are those of the rows that concern the parties in view.
func (s *View) ChargesAmong(rows []procedure.Cells) []procedure.Cells {
	t := s.violations()
	var out []procedure.Cells
	for _, r := range rows {
		if s.Party == "" && (s.View == nil || slices.Contains(s.View, r[t.Party])) || s.Party != "" && r[t.Party] == s.Party {
			out = append(out, r)
		}
	}
	return out
}

// Charges are the rows of the proposal's table as it stands, or of the table that is being filled, of the parties in view.
func (s *View) Charges() charges.Table {
	t := s.violations()
	v, ok := s.Values[t.Table]
	if !ok && t.Table != "" {
		v, _ = s.Value(t.Form, t.Table)
	}
	return charges.Table{Violations: t, Book: s.Office.Standards, Rows: s.ChargesAmong(v.Rows)}
}

// RowOf is the one row of a table of violations among the values from which a field is added up; -1 where there is none, or
// where there are several.
func (s *View) RowOf(values procedure.Values, field procedure.FieldID) int {
	return charges.Table{Violations: s.violations(), Rows: values[s.violations().Table].Rows}.RowOf(field)
}

// tell is what the rows in view say together.
func (s *View) tell(w procedure.ViolationWord) Shown {
	v := s.Charges().Tell(w)
	if w == procedure.TellFine || w == procedure.TellConfiscation || w == procedure.TellCompensation {
		return s.Show(&procedure.Field{Type: procedure.Money}, v)
	}
	if w == procedure.TellKinds {
		return Shown{Value: v, Text: charges.KindWords(v)}
	}
	return Shown{Value: v, Text: v.Text}
}

// Judge judges one row of the table of violations by the office's standards. Persons, and what is owed, come from the claims
// of the case where the row says nothing; the day of the act from when the violation ended.
func (s *View) Judge(row procedure.Cells) charges.Judged {
	t := charges.Table{Violations: s.violations(), Book: s.Office.Standards}
	of := charges.Circumstances{Day: s.Day, Ended: s.Day, Person: s.Of(row[t.Party]).Particular("kind").Text == string(penalty.Person),
		Rules: penalty.Proportions(func(name string) string { return s.Office.Text(name, s.Day) })}
	if d, err := calendar.Parse(s.Case.Shared[t.Ended].Text); err == nil && d <= s.Day {
		of.Ended = d
	}
	claims := s.Edition.Def.Terms.Claims
	for _, r := range s.Case.Shared[claims.Owed.Table].Rows {
		of.Persons++
		of.Owed += penalty.Fen(procedure.Fen(procedure.TextValue(r[claims.Owed.Column])) - procedure.Fen(procedure.TextValue(r[claims.Paid.Column])))
	}
	return t.Judge(row, of)
}

// Punishable tells whether the party needs a row of the table of violations, by what falls on it among the values.
func (s *View) Punishable(party string, values procedure.Values) bool {
	x := s.Of(party)
	for _, ft := range s.violations().Needed.Fields {
		v, _ := x.share(values, ft.Field)
		if !slices.ContainsFunc(ft.Values, v.Has) {
			return false
		}
	}
	return true
}

// Spared tells whether the party isn't to be punished.
func (s *View) Spared(party string, values procedure.Values) bool {
	x := s.Of(party)
	return slices.ContainsFunc(s.Edition.Def.Terms.Severity.Kinds, func(f procedure.FieldID) bool {
		v, _ := x.share(values, f)
		return v.Has(charges.NoPenalty)
	})
}
