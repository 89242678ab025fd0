package rules

import (
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Share is the value of a field among those filled together with it. Where the scope is one party's, it is what falls on
// that party: its row among the shares, else what falls on each, or what all owe together, which falls on the first alone.
// Where it is everybody's, a list is what falls on any of them.
func (s *View) Share(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	if v, ok := s.charged(values, field); ok {
		return v, true
	}
	v, ok := values[field]
	severity := &s.Edition.Def.Terms.Severity
	rows := values[severity.Shares.Table].Rows
	if s.Party == "" {
		if len(rows) > 0 && len(v.List) > 0 && !s.raw {
			return s.union(values, field), ok
		}
		return v, ok
	}
	for _, r := range rows {
		if r[severity.Shares.Column] == s.Party && r[field] != "" {
			if len(v.List) > 0 {
				return procedure.Value{List: strings.Fields(r[field])}, true
			}
			return procedure.TextValue(r[field]), true
		}
	}
	if ok && slices.Contains(severity.Once, field) && s.Party != casefile.Parties(s.Edition.Def, s.Case)[0] {
		return procedure.TextValue(procedure.FormatMoney(0)), true
	}
	return v, ok
}

// union is a list field as it falls on any of the parties in view.
func (s *View) union(values procedure.Values, field procedure.FieldID) procedure.Value {
	var out procedure.Value
	for _, p := range s.Respondents() {
		v, _ := s.Of(p).Share(values, field)
		for _, x := range v.Strings() {
			if !out.Has(x) {
				out.List = append(out.List, x)
			}
		}
	}
	return out
}

// eachParty looks at the case from the place of each of the parties that the action names, of all when it names none.
func (s *View) eachParty() []*View {
	parties := s.Values["respondent"].Strings()
	switch {
	case s.Party != "":
		parties = []string{s.Party}
	case len(parties) == 0:
		parties = s.Respondents()
	}
	out := make([]*View, len(parties))
	for i, p := range parties {
		x := *s
		if x.Party = p; s.Several() {
			x.View = parties[i : i+1]
		}
		out[i] = &x
	}
	return out
}

// paid adds up a field over all papers that count, with the action's own value: what these parties paid, and nobody else
// with them. Who owes nothing of it at all pays nothing of what is paid together with others. What was entered up to an
// event is left out.
func (s *View) paid(r procedure.FieldRef, by []*View, after uint64, owes func(party string) bool) int64 {
	theirs := func(values procedure.Values) bool {
		for _, who := range values["respondent"].Strings() {
			if !slices.ContainsFunc(by, func(x *View) bool { return x.Party == who }) && owes(who) {
				return false
			}
		}
		return true
	}
	var sum int64
	for i := range s.Case.Papers {
		p := &s.Case.Papers[i]
		if p.Form != r.Form || p.Doc > 0 && !s.InForce(s.Case.Issued[p.Doc-1]) || !p.Concerns(views(by)) {
			continue
		}
		for j := range p.Parts {
			if x := &p.Parts[j]; s.counts(x) && x.Seq > after && theirs(x.Values) {
				sum += procedure.Fen(x.Values[r.Field])
			}
		}
	}
	for _, f := range s.Fills {
		if f.Form == r.Form && theirs(s.Values) {
			sum += procedure.Fen(s.Values[r.Field])
		}
	}
	return sum
}

// views are the names of the parties by whom something is paid.
func views(by []*View) []string {
	var names []string
	for _, x := range by {
		if x.Party != "" {
			names = append(names, x.Party)
		}
	}
	return names
}

// sum is what the latest papers say the parties owe, in fen, whatever was paid.
func (s *View) sum(owed []procedure.FieldRef, parties []*View) int64 {
	latest, from := map[procedure.FieldID]uint64{}, map[procedure.FieldID]procedure.FieldRef{}
	for _, r := range owed {
		if _, ok := s.Value(r.Form, r.Field); ok {
			if at := s.filledAt(r); at >= latest[r.Field] {
				latest[r.Field], from[r.Field] = at, r
			}
		}
	}
	var sum int64
	for _, r := range from {
		for _, x := range parties {
			v, _ := x.Value(r.Form, r.Field)
			sum += procedure.Fen(v)
		}
	}
	return sum
}

// Balance is what one party owes of a debt less what it paid; below 0, what it paid above that. Nothing is owed where no
// document by which it is owed is in force, or where the party was freed from it.
func (s *View) Balance(d procedure.Liability) int64 {
	me := []*View{s}
	var paid int64
	due, after := s.Due(d), uint64(0)
	if d.Anew {
		for _, o := range d.Owed {
			after = max(after, s.filledAt(o))
		}
	}
	for _, p := range d.Paid {
		paid += s.paid(p, me, after, func(who string) bool { return s.Of(who).Due(d) != 0 })
	}
	if d.Anew { // what is paid above it was charged without being asked for
		paid = min(paid, due)
	}
	return due - paid
}

// Due is what one party owes of a debt, whatever it paid.
func (s *View) Due(d procedure.Liability) int64 {
	if len(d.By) > 0 && s.issuedAt(d.By) == 0 && !slices.ContainsFunc(s.Fills, func(fp procedure.FormPart) bool { return slices.Contains(d.By, fp.Form) }) {
		return 0
	}
	if d.Unless != "" && len(s.days(d.Unless)) > 0 {
		return 0
	}
	return s.sum(d.Owed, []*View{s})
}

// owes is what the parties in view owe of a debt, in fen, less what they paid, nobody's payment set against another's
// debt; never below 0.
func (s *View) owes(d procedure.Liability) int64 {
	parties := s.eachParty()
	if !s.Several() {
		if len(parties) > 1 { // of a procedure that lets nobody walk alone all share
			sum := s.sum(d.Owed, parties)
			for _, p := range d.Paid {
				sum -= s.paid(p, parties, 0, func(string) bool { return true })
			}
			return max(0, sum)
		}
		return max(0, parties[0].Balance(d))
	}
	var sum int64
	for _, x := range parties {
		sum += max(0, x.Balance(d))
	}
	return sum
}

// overpaid is what the parties in view paid above what they owe of a debt.
func (s *View) overpaid(d procedure.Liability) int64 {
	var sum int64
	for _, x := range s.eachParty() {
		sum += max(0, -x.Balance(d))
	}
	return sum
}

// owing asks whether the party still owes something of the debt, before what the action records: what owes nothing pays
// nothing. A sum of nothing asks nothing.
func owing(s *View, a procedure.Arg) (bool, refusal.Args) {
	d := procedure.LiabilityOf(a)
	var now int64
	for _, p := range d.Paid {
		now += procedure.Fen(s.Values[p.Field])
	}
	x := *s
	x.Fills = nil
	return now == 0 || x.owes(d) > 0, nil
}

// issuedAt is the event by which the latest document of these forms in force was issued to the parties in view; 0: none.
func (s *View) issuedAt(forms []procedure.FormID) uint64 {
	var at uint64
	for _, x := range s.Case.Issued {
		if slices.Contains(forms, x.Form) && s.InForce(x) && s.Case.Papers[x.P-1].Concerns(s.View) {
			at = max(at, x.Seq)
		}
	}
	return at
}

// outstanding asks whether there is something that can be asked of the party: money that it owes, or what a document of
// these forms in force tells it to do and it has not done.
func outstanding(s *View, a procedure.Arg) (bool, refusal.Args) {
	if s.owed("total") > 0 {
		return true, nil
	}
	var by []procedure.FormID
	for _, f := range a.Named["by"].Strings() {
		by = append(by, procedure.FormID(f))
	}
	done, ok := s.Latest(procedure.FactID(a.Named["done"].Text))
	at := s.issuedAt(by)
	return at > 0 && (!ok || done.Seq < at), nil
}

// pays are the debts that an action records payments of.
func pays(ed *procedure.Edition, a *procedure.Action) []procedure.Liability {
	var out []procedure.Liability
	for _, d := range ed.Liabilities() {
		if slices.ContainsFunc(a.Blanks(), func(fp procedure.FormPart) bool {
			return slices.ContainsFunc(d.Paid, func(p procedure.FieldRef) bool { return p.Form == fp.Form })
		}) {
			out = append(out, d)
		}
	}
	return out
}

// Debtors are those of the respondents whom a payment or a demand concerns that names nobody: where it asks that
// something is owed, who owes.
func (s *View) Debtors(a *procedure.Action, here []string) []string {
	if len(here) < 2 {
		return here
	}
	for i := range a.Guards {
		switch g := &a.Guards[i]; g.Name {
		case "outstanding":
			if who := slices.DeleteFunc(slices.Clone(here), func(p string) bool { met, _ := outstanding(s.Of(p), g.Arg); return !met }); len(who) > 0 {
				return who
			}
		case "owing":
			for _, d := range pays(s.Edition, a) {
				if who := s.indebted(d, here); len(who) > 0 {
					return who
				}
			}
		}
	}
	return here
}

// indebted are those of the respondents who still owe something of a debt.
func (s *View) indebted(d procedure.Liability, of []string) []string {
	return slices.DeleteFunc(slices.Clone(of), func(p string) bool { return s.Of(p).Balance(d) <= 0 })
}

// Payer holds money to one party: where several whom a command moves owe of what it pays, it has to say whose it is.
func (s *View) Payer(parts []casefile.Command) ([]casefile.Command, *refusal.Error) {
	var all []string
	for _, p := range parts {
		all = append(all, p.Parties...)
	}
	if len(all) < 2 {
		return parts, nil
	}
	for _, d := range pays(s.Edition, parts[0].At.Action) {
		said, sum := false, int64(0)
		for _, p := range d.Paid {
			v, ok := s.Values[p.Field]
			said = said || ok
			sum += procedure.Fen(v)
		}
		owing := s.indebted(d, all)
		if len(owing) < 2 || said && sum == 0 {
			continue
		}
		who := make([]string, len(owing))
		for i, p := range owing {
			who[i] = p + " " + procedure.FormatMoney(s.Of(p).Balance(d))
		}
		return nil, &refusal.Error{Code: refusal.ConditionUnmet, Conditions: []refusal.Condition{{Code: "several-owe", Args: refusal.Args{"who": JoinWords(who)}, Law: parts[0].At.Action.Law}}}
	}
	return parts, nil
}

// heavier tells whether a sum that falls on some party now is above what then fell on it. read gives a field's value from
// a point of view.
func (s *View) heavier(read func(*View, procedure.FieldID) procedure.Value, then *View) bool {
	parties, y := s.eachParty(), *then
	for _, f := range s.Edition.Def.Terms.Severity.Sums {
		for _, x := range parties {
			y.Party, y.View = x.Party, x.View
			if procedure.Fen(read(x, f)) > procedure.Fen(read(&y, f)) {
				return true
			}
		}
	}
	return false
}

// noHeavier holds what is signed now, or what another form says, to what that part of the form, as served, said: no kind more, no higher sum.
func noHeavier(s *View, a procedure.Arg) (bool, refusal.Args) {
	form, than, severity, now := procedure.FormID(a.Named["form"].Text), procedure.PartID(a.Named["than"].Text), s.Edition.Def.Terms.Severity, *s
	if of := procedure.FormID(a.Named["of"].Text); of != "" {
		now.Values = procedure.Values{}
		for _, f := range slices.Concat(severity.Kinds, severity.Sums) {
			now.Values[f], _ = s.Value(of, f)
		}
	}
	served := procedure.FactID(a.Named["through"].Text)
	told, _ := s.Latest(served)
	var x *casefile.Filled // as it stood when this was signed
	for i := range s.Case.Papers {
		for j := range s.Case.Papers[i].Parts {
			if f := &s.Case.Papers[i].Parts[j]; s.Case.Papers[i].Form == form && f.Part == than && s.counts(f) && (served == "" || f.Seq <= told.Seq) {
				x = f
			}
		}
	}
	if x == nil {
		return true, nil
	}
	then := *s
	then.Values = x.Values
	read := func(x *View, f procedure.FieldID) procedure.Value { v, _ := x.Share(x.Values, f); return v }
	for _, f := range severity.Kinds {
		is, was := read(&now, f).Strings(), read(&then, f)
		if n := slices.IndexFunc(is, func(v string) bool { return !was.Has(v) }); n >= 0 {
			return false, refusal.Args{"form": string(form), "value": is[n]}
		}
	}
	return !now.heavier(read, &then), refusal.Args{"form": string(form)}
}

// several tells whether a table of the case has more than one row.
func several(s *View, a procedure.Arg) (bool, refusal.Args) {
	r := procedure.Ref(a.Text)
	v, ok := s.Value(r.Form, r.Field)
	if !ok {
		v = s.Case.Shared[r.Field]
	}
	return len(v.Rows) > 1, nil
}

// partiesOnly holds the names in a column of a table to the parties of the case.
func partiesOnly(s *View, a procedure.Arg) (bool, refusal.Args) {
	v, _ := s.Value("", procedure.FieldID(a.Named["table"].Text))
	for _, r := range v.Rows {
		if who := r[procedure.FieldID(a.Named["column"].Text)]; !slices.Contains(s.concerned(), who) {
			return false, refusal.Args{"who": who}
		}
	}
	return true, nil
}

// concerned are the respondents whom the action concerns: those whom it moves, or all.
func (s *View) concerned() []string {
	if s.Acting != nil {
		return s.Acting
	}
	return casefile.Parties(s.Edition.Def, s.Case)
}

// JoinWords is names as a sentence lists them.
func JoinWords(ws []string) string { return strings.Join(ws, "、") }

// Violations is the terms of the table of violations.
func (s *View) Violations() *procedure.Violations { return &s.Edition.Def.Terms.Severity.Violations }

// charged is a field that is added up from the rows of a table of violations that stands among the values.
func (s *View) charged(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	t := s.Violations()
	if !s.adds(values, field) {
		return procedure.Value{}, false
	}
	return charges.Table{Violations: t, Rows: s.ChargesAmong(values[t.Table].Rows)}.Sum(field), true
}

// adds tells whether a field is added up from rows that stand among the values.
func (s *View) adds(values procedure.Values, field procedure.FieldID) bool {
	t := s.Violations()
	return t.Adds(field) && len(values[t.Table].Rows) > 0
}

// Chargeable are the parties of whom a row of violations may be asked: those whom the action moves, or all.
func (s *View) Chargeable() []string { return s.concerned() }

// ChargesAmong are those of the rows that concern the parties in view.
func (s *View) ChargesAmong(rows []procedure.Cells) []procedure.Cells {
	t := s.Violations()
	apart := func(r procedure.Cells) bool {
		if s.Party != "" {
			return r[t.Party] != s.Party
		}
		return s.View != nil && !slices.Contains(s.View, r[t.Party])
	}
	if !slices.ContainsFunc(rows, apart) { // nearly always: nothing to copy
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), apart)
}

// Charges are the rows of the proposal's table as it stands, or of the table that is being filled, of the parties in view.
func (s *View) Charges() charges.Table {
	t := s.Violations()
	v, ok := s.Values[t.Table]
	if !ok && t.Table != "" {
		v, _ = s.Value(t.Form, t.Table)
	}
	return charges.Table{Violations: t, Book: s.Office.Standards, Rows: s.ChargesAmong(v.Rows), Proofs: s.ProofTitles}
}

// tell is what the rows in view say together.
func (s *View) tell(w procedure.ViolationWord) Shown {
	switch v := s.Charges().Tell(w); w {
	case procedure.TellFine, procedure.TellConfiscation, procedure.TellCompensation, procedure.TellLateFee:
		return s.Show(&procedure.Field{Type: procedure.Money}, v)
	default:
		return Shown{Value: v, Text: charges.Words(w, v)}
	}
}
