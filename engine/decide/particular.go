package decide

import (
	"maps"
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/filling"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// particular is one thing that the case knows of a party: a column of the table of parties, and the value of the case that
// says it of an only party or of the first.
type particular struct{ column, value procedure.FieldID }

// particulars are what is known of the parties of a procedure's cases, the name first.
func particulars(d *procedure.Definition) []particular {
	ps := []particular{{d.Terms.Parties.Column, d.Terms.Party}}
	for _, column := range slices.Sorted(maps.Keys(d.Terms.Own)) {
		ps = append(ps, particular{column, d.Terms.Own[column]})
	}
	return ps
}

// particularOf is the particular that a correction names, by the value of the case or as a column of the table.
func particularOf(d *procedure.Definition, r procedure.FieldRef, whose string) (particular, bool) {
	for _, p := range particulars(d) {
		inTable := whose != "" && r.Form == "" || r.Form != "" && r.Form == procedure.FormID(d.Terms.Parties.Table)
		if r.Field == p.value || inTable && p.column != "" && r.Field == p.column {
			return p, true
		}
	}
	return particular{}, false
}

// asked is the field by which the particular is typed; nil when no form asks it.
func (p particular) asked(ed *procedure.Edition) *procedure.Field {
	if table := ed.Shared(ed.Def.Terms.Parties.Table); table != nil {
		for i := range table.Columns {
			if table.Columns[i].ID == p.column {
				return &table.Columns[i]
			}
		}
	}
	return ed.Shared(p.value)
}

// correctParticular mends a party's name, or what else is known of it, in the case: what is issued later bears it; what was
// issued stays as it was issued and is marked, and is voided and issued anew by whoever needs it.
func correctParticular(t *Sitting, s *rules.View, p particular, whose string, values procedure.Values, ev *casefile.Event) *refusal.Error {
	terms := &s.Edition.Def.Terms
	names := casefile.Parties(s.Edition.Def, s.Case)
	row := slices.Index(names, whose)
	if n, err := strconv.Atoi(whose); row < 0 && err == nil && n >= 1 && n <= len(names) {
		row = n - 1
	}
	if row < 0 && whose == "" {
		row = 0
	}
	field := p.asked(s.Edition)
	switch {
	case row < 0:
		return refusal.Field(string(procedure.RespondentField), "field.respondent", refusal.Args{"respondent": whose})
	case field == nil:
		return refusal.Field("name", "field.no-value", refusal.Args{"what": values["name"].Text})
	case !t.wroteShared(s, ev, terms.Parties.Table, p.value):
		return refusal.New(refusal.NotYourGate, refusal.Args{"action": "correct-value", "who": t.Office.Name(s.Actor)})
	}
	rd := &filling.Reader{View: s, Missing: t.Missing}
	v, _ := rd.Parse("value", field, chosen(field, values["value"]))
	if p.value == terms.Party && v.Text != names[row] && slices.Contains(names, v.Text) {
		rd.Fault("value", "field.party-twice", refusal.Args{"respondent": v.Text})
	}
	if len(rd.Faults) > 0 {
		return &refusal.Error{Code: refusal.FieldInvalid, Fields: rd.Faults}
	}
	ev.Mends, ev.Shared = names[row], procedure.Values{}
	if rows := s.Case.Shared[terms.Parties.Table].Rows; len(rows) > 0 {
		rows = slices.Clone(rows)
		rows[row] = casefile.Written(rows[row])
		rows[row][p.column] = v.Text
		ev.Shared[terms.Parties.Table] = procedure.Value{Rows: rows}
	}
	if p.value != "" && row == 0 {
		ev.Shared[p.value] = v
	}
	return nil
}

// offerParticulars are the names and particulars of the parties that the actor may mend.
func offerParticulars(s *rules.View, t *Sitting) []procedure.Allowed {
	var out []procedure.Allowed
	terms := &s.Edition.Def.Terms
	for i, name := range casefile.Parties(s.Edition.Def, s.Case) {
		x := s.Of(name)
		for _, p := range particulars(s.Edition.Def) {
			f := p.asked(s.Edition)
			if f == nil || !t.wroteShared(s, nil, terms.Parties.Table, p.value) {
				continue
			}
			is := name
			if p.value != terms.Party {
				is = s.Show(f, x.Particular(p.column)).Text
			}
			key := string(p.value)
			if terms.Parties.Table != "" && p.column != "" {
				key = string(terms.Parties.Table) + "." + string(p.column)
			}
			out = append(out, procedure.Allowed{Value: key + "#" + strconv.Itoa(i+1), Label: procedure.Label{ZH: name + " " + f.Title.ZH + "：" + is, EN: name + ", " + f.Title.In("en") + ": " + is}})
		}
	}
	return out
}

// wroteShared tells whether the actor may mend a value of the case: who wrote it on some paper, or the second of the line.
func (t *Sitting) wroteShared(s *rules.View, ev *casefile.Event, fields ...procedure.FieldID) bool {
	for i := range s.Case.Papers {
		for _, x := range s.Case.Papers[i].Parts {
			for _, f := range fields {
				if _, ok := x.Values[f]; ok && x.Past == 0 && t.recorded(s, x.Seq, ev) {
					return true
				}
			}
		}
	}
	return false
}
