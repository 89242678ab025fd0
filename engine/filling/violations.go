package filling

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/text"
)

// judge holds the rows of a table of violations to the standards and completes them; each party that is handled so needs
// a row.
func (r *Reader) judge(f *procedure.Field, out procedure.Values) {
	s := r.View
	t := &s.Edition.Def.Terms.Severity.Violations
	v := out[t.Table]
	bad := func(i int, column procedure.FieldID, said text.Speaker) {
		r.Said(string(f.ID)+"["+strconv.Itoa(i)+"]."+string(column), said)
	}
	parties := s.Chargeable()
	rows := make([]procedure.Cells, len(v.Rows))
	for i, row := range v.Rows {
		rows[i] = row
		if row[t.Party] == "" && len(parties) == 1 {
			rows[i] = casefile.Written(row)
			rows[i][t.Party] = parties[0]
		}
		if r.faulty(string(f.ID) + "[" + strconv.Itoa(i) + "]") {
			continue
		}
		j := Judge(s, rows[i])
		rows[i] = j.Row
		for _, x := range j.Faults {
			bad(i, x.Column, x.Said)
		}
		if Spared(s, rows[i][t.Party], out) && rows[i][t.Tier] != charges.NoPenalty {
			bad(i, t.Tier, charges.Say("violation.spared", text.Args{"party": rows[i][t.Party]}))
		}
	}
	if v.Rows = rows; len(rows) > 0 {
		out[t.Table] = v
	}
	for _, p := range parties {
		if !Punishable(s, p, out) {
			continue
		}
		theirs := s.Of(p).ChargesAmong(rows)
		switch punished := slices.ContainsFunc(theirs, func(c procedure.Cells) bool { return c[t.Tier] != charges.NoPenalty }); {
		case len(theirs) == 0:
			r.Faults = append(r.Faults, refusal.FieldFault{Path: string(f.ID), Code: refusal.FieldInvalid, Why: "violation.party", Args: refusal.Args{"party": p}})
		case !punished && !Spared(s, p, out):
			r.Faults = append(r.Faults, refusal.FieldFault{Path: string(f.ID), Code: refusal.FieldInvalid, Why: "violation.only-none", Args: refusal.Args{"party": p}})
		}
	}
}

// faulty tells whether something at or under the path is wrong already.
func (r *Reader) faulty(path string) bool {
	return slices.ContainsFunc(r.Faults, func(f refusal.FieldFault) bool { return strings.HasPrefix(f.Path, path) })
}

// standing is the id of a standard or of a circumstance, as it is written or by its title.
func (r *Reader) standing(t procedure.FieldType, s string) (string, *penalty.Refusal) {
	book := r.View.Office.Standards
	if t == procedure.Grounds {
		return book.FindGround(s)
	}
	id, err := book.Find(s)
	return string(id), err
}

// Said adds a fault that speaks for itself.
func (r *Reader) Said(path string, words text.Speaker) {
	r.Faults = append(r.Faults, refusal.FieldFault{Path: path, Code: refusal.FieldInvalid, Why: "violation.said", Said: words, Args: refusal.Args{"what": words.In(text.ZH)}})
}

// Judge judges one row of the table of violations by the office's standards. Persons, and what is owed, come from the claims
// of the case where the row says nothing; the day of the act from when the violation ended.
func Judge(s *rules.View, row procedure.Cells) charges.Judged {
	t := charges.Table{Violations: s.Violations(), Book: s.Office.Standards}
	of := charges.Circumstances{Day: s.Day, Ended: s.Day, Person: s.Of(row[t.Party]).Particular("kind").Text == string(penalty.Person),
		Rules: penalty.Proportions(func(name string) string { return s.Office.Text(name, s.Day) }), Fines: s.Fines}
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

// RowOf is the one row of a table of violations among the values from which a field is added up; -1 where there is none, or
// where there are several.
func RowOf(s *rules.View, values procedure.Values, field procedure.FieldID) int {
	return charges.Table{Violations: s.Violations(), Rows: values[s.Violations().Table].Rows}.RowOf(field)
}

// Punishable tells whether the party needs a row of the table of violations, by what falls on it among the values.
func Punishable(s *rules.View, party string, values procedure.Values) bool {
	x := s.Of(party)
	for _, ft := range s.Violations().Needed.Fields {
		v, _ := x.Share(values, ft.Field)
		if !slices.ContainsFunc(ft.Values, v.Has) {
			return false
		}
	}
	return true
}

// Spared tells whether the party isn't to be punished.
func Spared(s *rules.View, party string, values procedure.Values) bool {
	x := s.Of(party)
	return slices.ContainsFunc(s.Edition.Def.Terms.Severity.Kinds, func(f procedure.FieldID) bool {
		v, _ := x.Share(values, f)
		return v.Has(charges.NoPenalty)
	})
}
