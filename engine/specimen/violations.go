package specimen

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/filling"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/text"
)

// wish is what is said of penalties without rows: a sum, kinds, a standard, a tier, for all parties or one. The rows are made
// of it: for each party the first of the form's sample standards in whose range the sum lies.
type wish struct {
	all procedure.Cells
	one map[string]procedure.Cells
}

// wished takes what is wished of penalties out of the values: what the form adds up, and columns of its rows.
func wished(s *rules.View, given procedure.Values) *wish {
	t := &s.Edition.Def.Terms.Severity.Violations
	w := &wish{procedure.Cells{}, map[string]procedure.Cells{}}
	if t.Table == "" || s.Action == nil {
		return w
	}
	typed := map[procedure.FieldID]bool{} // what a person types in the part that has the table
	for _, fp := range s.Action.Blanks() {
		form := s.Edition.Forms[fp.Form]
		if form == nil || form.Part(fp.Part) == nil || !slices.ContainsFunc(form.Part(fp.Part).Fields, func(f procedure.Field) bool { return f.ID == t.Table }) {
			continue
		}
		for _, f := range form.Part(fp.Part).Fields {
			typed[f.ID] = f.Shows == nil
		}
	}
	if !typed[t.Table] {
		return w
	}
	columns := []procedure.FieldID{t.Standard, t.Tier, t.Fine, t.Kinds, t.Confiscation, t.Persons, t.Gains, t.Grounds, t.Evidence, t.Reason}
	for _, c := range columns {
		if v, ok := given[c]; ok && !typed[c] { // a word that the part has a field of its own for is that field's
			w.all[c] = strings.Join(v.Strings(), " ")
			delete(given, c)
		}
	}
	shares := s.Edition.Def.Terms.Severity.Shares
	table, ok := given[shares.Table]
	if !ok {
		return w
	}
	rows := make([]procedure.Cells, len(table.Rows))
	for i, r := range table.Rows {
		rows[i] = maps.Clone(r)
		for _, c := range columns {
			if x, ok := r[c]; ok {
				if w.one[r[shares.Column]] == nil {
					w.one[r[shares.Column]] = procedure.Cells{}
				}
				w.one[r[shares.Column]][c] = strings.Join(strings.FieldsFunc(x, func(r rune) bool { return strings.ContainsRune("、，,;； ", r) }), " ")
				delete(rows[i], c)
			}
		}
	}
	given[shares.Table] = procedure.Value{Rows: rows}
	return w
}

// rows are the rows of the table: those that stand there, changed as it is wished; nothing where nothing is wished of rows
// that stand there.
func (w *wish) rows(s *rules.View, f *procedure.Field, read procedure.Values) (procedure.Value, error) {
	t := &s.Edition.Def.Terms.Severity.Violations
	present := read[t.Table]
	if !present.Empty() && len(w.all)+len(w.one) == 0 {
		return procedure.Value{}, nil
	}
	var out procedure.Value
	for _, party := range casefile.Parties(s.Edition.Def, s.Case) {
		if s.Acting != nil && !slices.Contains(s.Acting, party) || !filling.Punishable(s, party, read) {
			continue
		}
		want := maps.Clone(w.all)
		maps.Copy(want, w.one[party])
		rows, err := w.party(s, f, party, want, present.Rows, filling.Spared(s, party, read))
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, rows...)
	}
	return out, nil
}

// party are the rows of one party.
func (w *wish) party(s *rules.View, f *procedure.Field, party string, want procedure.Cells, present []procedure.Cells, spared bool) ([]procedure.Cells, error) {
	t := &s.Edition.Def.Terms.Severity.Violations
	var candidates []procedure.Cells
	was := procedure.Cells{}
	kinds := strings.Fields(want[t.Kinds])
	for _, r := range present {
		if r[t.Party] == party {
			candidates = append(candidates, procedure.Cells{t.Standard: r[t.Standard], t.Tier: r[t.Tier]})
			if was[t.Fine] == "" {
				was[t.Fine] = r[t.Fine]
			}
			if was[t.Confiscation] == "" {
				was[t.Confiscation] = r[t.Confiscation]
			}
			if want[t.Kinds] == "" {
				kinds = append(kinds, strings.Fields(r[t.Kinds])...)
			}
		}
	}
	o, _ := rules.Choose(s, f.Sample)
	if len(o.Rows) == 0 {
		o, _ = rules.Choose(s, proposed(s, t).Sample)
	}
	for _, r := range o.Rows {
		c := procedure.Cells{}
		for k, x := range r {
			c[procedure.FieldID(k)] = x
		}
		candidates = append(candidates, c)
	}
	if want[t.Standard] != "" {
		candidates = []procedure.Cells{{t.Standard: want[t.Standard]}}
	}
	if len(candidates) == 0 {
		return nil, nil
	}
	base := procedure.Cells{t.Party: party}
	for _, c := range []procedure.FieldID{t.Persons, t.Gains, t.Grounds, t.Evidence, t.Reason} {
		if want[c] != "" {
			base[c] = want[c]
		}
	}
	if spared {
		return []procedure.Cells{grounded(s, with(base, procedure.Cells{t.Standard: candidates[0][t.Standard]}), penalty.None)}, nil
	}
	if len(kinds) == 0 {
		kinds = []string{string(penalty.Fine)}
	}
	fine := first(want[t.Fine], was[t.Fine], candidates[0][t.Fine])
	var rows []procedure.Cells
	covered := map[string]bool{}
	if slices.Contains(kinds, string(penalty.Fine)) {
		row, err := within(s, base, candidates, want[t.Tier], fine)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
		covered[string(penalty.Fine)] = true
		if x := s.Office.Standards.Near(penalty.ID(row[t.Standard]), s.Day); x != nil {
			mine := []string{string(penalty.Fine)}
			for _, k := range kinds {
				if k == string(penalty.Warning) && brings(x, k) {
					mine, covered[k] = append(mine, k), true
				}
			}
			row[t.Kinds] = strings.Join(mine, " ")
		}
	}
	for _, k := range kinds {
		if covered[k] {
			continue
		}
		covered[k] = true
		for _, c := range candidates {
			if x := s.Office.Standards.Near(penalty.ID(c[t.Standard]), s.Day); x == nil || !brings(x, k) {
				continue
			}
			row := with(base, procedure.Cells{t.Standard: c[t.Standard], t.Kinds: k, t.Tier: string(penalty.Usual)})
			if k == string(penalty.Confiscate) {
				row[t.Confiscation] = first(want[t.Confiscation], was[t.Confiscation], sampleConfiscation)
			}
			row[t.Reason] = first(row[t.Reason], sampleReason)
			rows = append(rows, row)
			break
		}
	}
	return rows, nil
}

// What the sample says where nothing else does.
const (
	sampleConfiscation = "2600.00"
	sampleReason       = "综合违法事实、性质、情节和社会危害程度，在本档内确定。"
)

// within is the row of the first standard, and its first tier, that hold the sum; the error names the range of the last.
func within(s *rules.View, base procedure.Cells, candidates []procedure.Cells, tier, fine string) (procedure.Cells, error) {
	t := &s.Edition.Def.Terms.Severity.Violations
	tiers := []penalty.Tier{penalty.Usual, penalty.Light, penalty.Heavy}
	if tier != "" {
		x, ok := penalty.ParseTier(tier)
		if !ok {
			x = penalty.Tier(tier)
		}
		tiers = []penalty.Tier{x}
	}
	fen, err := procedure.ParseMoney(fine)
	if err != nil { // the form says so
		return grounded(s, with(base, procedure.Cells{t.Standard: candidates[0][t.Standard], t.Fine: fine}), tiers[0]), nil
	}
	var told *refusal.FieldFault
	for _, c := range candidates {
		for _, tier := range tiers {
			row := grounded(s, with(base, procedure.Cells{t.Standard: c[t.Standard], t.Fine: procedure.FormatMoney(fen), t.Kinds: string(penalty.Fine)}), tier)
			row[t.Reason] = first(row[t.Reason], sampleReason)
			j := filling.Judge(s, row)
			j.Faults = slices.DeleteFunc(j.Faults, func(f charges.RowFault) bool { return f.Column == t.Ordered })
			if len(j.Faults) == 0 {
				if j.Applies.Standard.OrderFirst != "" {
					row[t.Ordered] = s.Day.Add(-1).String()
				}
				return row, nil
			}
			if told == nil {
				told = &refusal.FieldFault{Path: string(t.Table) + "[0]." + string(j.Faults[0].Column), Code: refusal.FieldInvalid, Why: "violation.said", Said: j.Faults[0].Said,
					Args: refusal.Args{"what": j.Faults[0].Said.In(text.ZH)}}
			}
		}
	}
	return nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{*told}}
}

// grounded gives a row its tier, with a circumstance that allows it and the evidence that it wants.
func grounded(s *rules.View, row procedure.Cells, tier penalty.Tier) procedure.Cells {
	t := &s.Edition.Def.Terms.Severity.Violations
	row[t.Tier] = string(tier)
	if tier == penalty.Usual || row[t.Grounds] != "" || s.Office.Standards == nil {
		return row
	}
	for _, c := range s.Office.Standards.Circumstances(penalty.ID(row[t.Standard])) {
		if slices.Contains(c.Tiers, tier) {
			row[t.Grounds] = c.ID
			if ps := s.Proofs(); len(ps) > 0 {
				row[t.Evidence] = first(row[t.Evidence], string(ps[0].ID))
			}
			break
		}
	}
	return row
}

// proposed is the table in its form's first part that has it.
func proposed(s *rules.View, t *procedure.Violations) *procedure.Field {
	return s.Edition.Forms[t.Form].Field(t.Table)
}

func brings(x *penalty.Standard, kind string) bool {
	return slices.ContainsFunc(x.Kinds, func(k penalty.KindRule) bool { return string(k.Kind) == kind })
}

func with(base, more procedure.Cells) procedure.Cells {
	out := maps.Clone(base)
	maps.Copy(out, more)
	return out
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
