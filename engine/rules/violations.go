package rules

import (
	"slices"

	"dossier/engine/charges"
	"dossier/engine/procedure"
)

// Violations is the terms of the table of violations.
func (s *View) Violations() *procedure.Violations { return &s.Edition.Def.Terms.Severity.Violations }

// charged is a field that is added up from the rows of a table of violations that stands among the values.
func (s *View) charged(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	t := s.Violations()
	if !t.Adds(field) || len(values[t.Table].Rows) == 0 {
		return procedure.Value{}, false
	}
	return charges.Table{Violations: t, Rows: s.ChargesAmong(values[t.Table].Rows)}.Sum(field), true
}

// Chargeable are the parties of whom a row of violations may be asked: those whom the action moves, or all.
func (s *View) Chargeable() []string { return s.concerned() }

// ChargesAmong are those of the rows that concern the parties in view.
func (s *View) ChargesAmong(rows []procedure.Cells) []procedure.Cells {
	t := s.Violations()
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
	t := s.Violations()
	v, ok := s.Values[t.Table]
	if !ok && t.Table != "" {
		v, _ = s.Value(t.Form, t.Table)
	}
	return charges.Table{Violations: t, Book: s.Office.Standards, Rows: s.ChargesAmong(v.Rows)}
}

// tell is what the rows in view say together.
func (s *View) tell(w procedure.ViolationWord) Shown {
	switch v := s.Charges().Tell(w); w {
	case procedure.TellFine, procedure.TellConfiscation, procedure.TellCompensation:
		return s.Show(&procedure.Field{Type: procedure.Money}, v)
	default:
		return Shown{Value: v, Text: charges.Words(w, v)}
	}
}
