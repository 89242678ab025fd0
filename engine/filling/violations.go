package filling

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
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
		j := s.Judge(rows[i])
		rows[i] = j.Row
		for _, x := range j.Faults {
			bad(i, x.Column, x.Said)
		}
		if s.Spared(rows[i][t.Party], out) && rows[i][t.Tier] != charges.NoPenalty {
			bad(i, t.Tier, charges.Say("violation.spared", text.Args{"party": rows[i][t.Party]}))
		}
	}
	if v.Rows = rows; len(rows) > 0 {
		out[t.Table] = v
	}
	for _, p := range parties {
		if !s.Punishable(p, out) {
			continue
		}
		theirs := s.Of(p).ChargesAmong(rows)
		switch punished := slices.ContainsFunc(theirs, func(c procedure.Cells) bool { return c[t.Tier] != charges.NoPenalty }); {
		case len(theirs) == 0:
			r.Faults = append(r.Faults, refusal.FieldFault{Path: string(f.ID), Code: refusal.FieldInvalid, Why: "violation.party", Args: refusal.Args{"party": p}})
		case !punished && !s.Spared(p, out):
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
