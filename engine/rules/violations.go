package rules

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// Say is a message of the catalogues with its arguments, in whichever language it is asked for.

func Say(key string, args text.Args) penalty.Line { return penalty.Line{Key: key, Args: args} }

// NoPenalty is the handling of a party that isn't punished, and the tier of its rows.
const NoPenalty = string(penalty.None)

// Judged is one row of a table of violations as the standards judge it.
type Judged struct {
	*penalty.Change                 // nil where the row can't be judged
	Row             procedure.Cells // with what is computed of it
	Faults          []RowFault
}

// RowFault is what is wrong with a cell.
type RowFault struct {
	Column procedure.FieldID
	Said   text.Speaker
}

// charged is a field that is added up from the rows of a table of violations that stands among the values.
func (s *View) charged(values procedure.Values, field procedure.FieldID) (procedure.Value, bool) {
	t := &s.Edition.Def.Terms.Severity.Violations
	if !t.Adds(field) || len(values[t.Table].Rows) == 0 {
		return procedure.Value{}, false
	}
	rows := s.ChargesAmong(values[t.Table].Rows)
	switch field {
	case t.Kinds:
		var v procedure.Value
		for _, k := range penalty.Kinds() { // in the order in which they are told
			if k != penalty.Compensation && slices.ContainsFunc(rows, func(r procedure.Cells) bool { return slices.Contains(strings.Fields(r[t.Kinds]), string(k)) }) {
				v.List = append(v.List, string(k))
			}
		}
		return v, true
	case t.Confiscation:
		var sum int64
		for _, r := range rows {
			sum += procedure.Fen(procedure.TextValue(r[t.Confiscation]))
		}
		return some(sum), true
	}
	var pen []penalty.Row
	for _, r := range rows {
		if owed := slices.Contains(strings.Fields(r[t.Kinds]), string(penalty.Compensation)); owed == (field == t.Compensation) {
			pen = append(pen, penalty.Row{Party: r[t.Party], Act: r[t.Act], Standard: penalty.ID(r[t.Standard]), Fine: penalty.Fen(procedure.Fen(procedure.TextValue(r[t.Fine])))})
		}
	}
	var sum int64
	sums, _ := penalty.Total(pen)
	for _, x := range sums {
		sum += int64(x.Fine)
	}
	return some(sum), true
}

func some(fen int64) procedure.Value {
	if fen == 0 {
		return procedure.Value{}
	}
	return procedure.TextValue(procedure.FormatMoney(fen))
}

// RowOf is the one row of a table of violations among the values from which a field is added up; -1 where there is none, or
// where there are several.
func RowOf(def *procedure.Definition, values procedure.Values, field procedure.FieldID) int {
	t := &def.Terms.Severity.Violations
	at := -1
	if !t.Adds(field) || field == t.Compensation {
		return at
	}
	for i, r := range values[t.Table].Rows {
		if r[field] != "" && at >= 0 {
			return -1
		}
		if r[field] != "" {
			at = i
		}
	}
	return at
}

// Chargeable are the parties of whom a row of violations may be asked: those whom the action moves, or all.
func (s *View) Chargeable() []string { return s.concerned() }

// ChargesAmong are those of the rows that concern the parties in view.
func (s *View) ChargesAmong(rows []procedure.Cells) []procedure.Cells {
	t := &s.Edition.Def.Terms.Severity.Violations
	var out []procedure.Cells
	for _, r := range rows {
		if s.Party == "" && (s.View == nil || slices.Contains(s.View, r[t.Party])) || s.Party != "" && r[t.Party] == s.Party {
			out = append(out, r)
		}
	}
	return out
}

// Charges are the rows of the proposal's table as it stands, or of the table that is being filled, of the parties in view.
func (s *View) Charges() []procedure.Cells {
	t := &s.Edition.Def.Terms.Severity.Violations
	if t.Table == "" {
		return nil
	}
	v, ok := s.Values[t.Table]
	if !ok {
		v, _ = s.Value(t.Form, t.Table)
	}
	return s.ChargesAmong(v.Rows)
}

// standard is the standard that a row names on the day of its act: the one that applies, where it was judged.
func (s *View) standard(r procedure.Cells) *penalty.Standard {
	t := &s.Edition.Def.Terms.Severity.Violations
	id := r[t.Standard]
	if r[t.Applied] != "" {
		id = r[t.Applied]
	}
	on, _ := calendar.Parse(r[t.Day])
	return s.Office.Standards.Near(penalty.ID(id), on)
}

// tell is what the rows in view say together.
func (s *View) tell(w procedure.ViolationWord) Shown {
	t := &s.Edition.Def.Terms.Severity.Violations
	rows := s.Charges()
	values := procedure.Values{t.Table: {Rows: rows}}
	var lines []string
	add := func(l string) {
		if l != "" && !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	var basis, violated penalty.Provisions
	for _, r := range rows {
		x := s.standard(r)
		switch {
		case w == procedure.TellOutcome:
			add(s.outcome(r, x))
		case w == procedure.TellWorking:
			add(s.outcome(r, x) + "\n" + r[t.Working])
		case w == procedure.TellReasons:
			add(s.reasons(r))
		case x == nil:
		case w == procedure.TellBasis:
			basis = append(basis, x.Basis)
		case w == procedure.TellViolated:
			violated = append(violated, x.Violated...)
		case w == procedure.TellLicence && slices.Contains(strings.Fields(r[t.Kinds]), string(penalty.Revoke)):
			add(x.Licence)
		}
	}
	switch w {
	case procedure.TellFine, procedure.TellConfiscation, procedure.TellCompensation:
		v, _ := s.charged(values, map[procedure.ViolationWord]procedure.FieldID{procedure.TellFine: t.Fine, procedure.TellConfiscation: t.Confiscation, procedure.TellCompensation: t.Compensation}[w])
		return s.Show(&procedure.Field{Type: procedure.Money}, v)
	case procedure.TellKinds:
		v, _ := s.charged(values, t.Kinds)
		return Shown{Value: v, Text: kindWords(v)}
	case procedure.TellBasis:
		add(basis.In(text.ZH))
	case procedure.TellViolated:
		add(violated.In(text.ZH))
	}
	all := strings.Join(lines, "\n")
	return Shown{Text: all, Value: procedure.TextValue(all)}
}

func kindWords(v procedure.Value) string {
	var words []string
	for _, k := range v.Strings() {
		words = append(words, penalty.Kind(k).In(text.ZH))
	}
	return strings.Join(words, "、")
}

// outcome is a row in a line: who, what, which tier, what falls on them.
func (s *View) outcome(r procedure.Cells, x *penalty.Standard) string {
	t := &s.Edition.Def.Terms.Severity.Violations
	title := r[t.Standard]
	if x != nil {
		title = x.Title
	}
	args := text.Args{"party": r[t.Party], "title": title, "tier": penalty.Tier(r[t.Tier]), "kinds": kindWords(procedure.Value{List: strings.Fields(r[t.Kinds])}), "sums": ""}
	for _, f := range []procedure.FieldID{t.Fine, t.Confiscation} {
		if fen := procedure.Fen(procedure.TextValue(r[f])); fen > 0 {
			args["sums"] = args["sums"].(string) + text.T(text.ZH, "violation.sum", "sum", text.Yuan(fen))
		}
	}
	if r[t.Tier] == NoPenalty {
		return text.T(text.ZH, "violation.none", args)
	}
	return text.T(text.ZH, "violation.outcome", args)
}

// reasons are the circumstances of a row with what proves them, and why the sum is what it is.
func (s *View) reasons(r procedure.Cells) string {
	t := &s.Edition.Def.Terms.Severity.Violations
	var all []string
	for _, id := range strings.Fields(r[t.Grounds]) {
		if c := s.Office.Standards.Ground(id); c != nil {
			all = append(all, text.T(text.ZH, "violation.ground", "title", c.Title, "law", c.Law))
		}
	}
	if e := r[t.Evidence]; e != "" && len(all) > 0 {
		all = append(all, text.T(text.ZH, "violation.evidence", "text", e))
	}
	all = append(all, text.T(text.ZH, "violation.tier", "tier", penalty.Tier(r[t.Tier])))
	if why := r[t.Reason]; why != "" {
		all = append(all, why)
	}
	for i := range all {
		all[i] = strings.TrimRight(all[i], "。；")
	}
	return strings.Join(all, "；") + "。"
}

// proportions are the office's on the day.
func (s *View) proportions() penalty.Rules {
	return penalty.Proportions(func(name string) string { return s.Office.Text(name, s.Day) })
}

// Judge judges one row of the table of violations, and completes it: the day, the sum that is proposed, the kinds that come
// with the standard, what is computed.
func (s *View) Judge(row procedure.Cells) Judged {
	t := &s.Edition.Def.Terms.Severity.Violations
	j := Judged{Row: procedure.Cells{}}
	for k, v := range row {
		j.Row[k] = v
	}
	delete(j.Row, t.Applied)
	delete(j.Row, t.Working)
	bad := func(column procedure.FieldID, said text.Speaker) { j.Faults = append(j.Faults, RowFault{column, said}) }
	if s.Office.Standards == nil {
		bad(t.Standard, Say("violation.no-standards", nil))
		return j
	}
	if j.Row[t.Day] == "" {
		j.Row[t.Day] = s.actDay(t).String()
	}
	q := s.question(j.Row)
	if q.On > s.Day {
		bad(t.Day, Say("violation.future", text.Args{"day": q.On}))
		return j
	}
	change, err := s.Office.Standards.Choose(q, s.Day, s.proportions())
	if err != nil {
		var r *penalty.Refusal
		if !errors.As(err, &r) {
			bad(t.Standard, Say(err.Error(), nil))
			return j
		}
		path, _, _ := strings.Cut(r.Path, "[")
		column, ok := map[string]procedure.FieldID{"standard": t.Standard, "on": t.Standard, "tier": t.Tier, "party": t.As, "persons": t.Persons, "gains": t.Gains,
			"grounds": t.Grounds, "amount": t.Fine}[path]
		if r.Code == penalty.Unproved {
			column = t.Evidence
		}
		if !ok {
			column = t.Standard
		}
		bad(column, r)
		return j
	}
	j.Change = change
	s.complete(&j, bad)
	return j
}

// actDay is the day of the act where a row names none: when the violation ended, or the fact day while it goes on.
func (s *View) actDay(t *procedure.Violations) calendar.Date {
	if d, err := calendar.Parse(s.Case.Shared[t.Ended].Text); err == nil && d <= s.Day {
		return d
	}
	return s.Day
}

// question is what a row asks of the standards. Persons, and what is owed, come from the claims of the case where the row
// says nothing.
func (s *View) question(r procedure.Cells) penalty.Question {
	t := &s.Edition.Def.Terms.Severity.Violations
	on, _ := calendar.Parse(r[t.Day])
	q := penalty.Question{Standard: penalty.ID(r[t.Standard]), Tier: penalty.Tier(r[t.Tier]), On: on, Party: penalty.Party(r[t.As]), Override: r[t.Override]}
	x := s.Office.Standards.Near(q.Standard, on)
	claims := s.Case.Shared[s.Edition.Def.Terms.Claims.Owed.Table].Rows
	switch n, err := strconv.Atoi(r[t.Persons]); {
	case err == nil:
		q.Persons = &n
	case len(claims) > 0:
		n := len(claims)
		q.Persons = &n
	}
	if g := r[t.Gains]; g != "" {
		f := penalty.Fen(procedure.Fen(procedure.TextValue(g)))
		q.Gains = &f
	} else if x != nil && x.Handling() {
		var f penalty.Fen
		for _, c := range claims {
			f += penalty.Fen(procedure.Fen(procedure.TextValue(c[s.Edition.Def.Terms.Claims.Owed.Column])) - procedure.Fen(procedure.TextValue(c[s.Edition.Def.Terms.Claims.Paid.Column])))
		}
		if f > 0 {
			q.Gains = &f
		}
	}
	if q.Party == "" && x != nil {
		q.Party = x.Parties()[0]
		if person := s.Of(r[t.Party]).Particular("kind").Text == string(penalty.Person); person && x.Person != nil {
			q.Party = penalty.Person
		}
	}
	for _, id := range strings.Fields(r[t.Grounds]) {
		g := penalty.Ground{ID: id}
		if e := r[t.Evidence]; e != "" {
			g.Evidence = []string{e}
		}
		q.Grounds = append(q.Grounds, g)
	}
	return q
}

// complete fills what the row leaves open by what the standard says, and holds the rest to it.
func (s *View) complete(j *Judged, bad func(procedure.FieldID, text.Speaker)) {
	t := &s.Edition.Def.Terms.Severity.Violations
	a, r := j.Applies, j.Row
	x := a.Standard
	r[t.Applied], r[t.As] = string(x.ID), string(a.Party)
	kinds := strings.Fields(r[t.Kinds])
	if a.Tier == penalty.None {
		r[t.Fine], r[t.Confiscation], kinds = "", "", nil
	} else if len(kinds) == 0 {
		kinds = usualKinds(x, r[t.Confiscation] != "")
	}
	lacks := false
	for _, k := range x.Kinds {
		lacks = lacks || k.When == penalty.Must && a.Tier != penalty.None && !slices.Contains(kinds, string(k.Kind))
	}
	for _, k := range kinds {
		if !slices.ContainsFunc(x.Kinds, func(of penalty.KindRule) bool { return string(of.Kind) == k }) {
			bad(t.Kinds, Say("violation.kind", text.Args{"kind": penalty.Kind(k), "kinds": ruleWords(x.Kinds), "law": x.Basis}))
		}
	}
	r[t.Kinds] = strings.Join(kinds, " ")
	fined := slices.Contains(kinds, string(penalty.Fine)) || slices.Contains(kinds, string(penalty.Compensation))
	fen := penalty.Fen(procedure.Fen(procedure.TextValue(r[t.Fine])))
	switch {
	case fined && r[t.Fine] == "":
		r[t.Fine], fen = a.Proposed.String(), a.Proposed
	case !fined && fen > 0:
		bad(t.Fine, Say("violation.not-fined", text.Args{"title": x.Title}))
	case !fined:
		r[t.Fine] = ""
	}
	if fined && (fen < a.Low || fen > a.High) {
		bad(t.Fine, penalty.Outside(a, fen))
	}
	if (fined && fen != a.Proposed || lacks) && r[t.Reason] == "" {
		bad(t.Reason, Say("violation.reason", text.Args{"proposed": a.Proposed.Plain(), "kinds": ruleWords(x.Kinds)}))
	}
	if took := slices.Contains(kinds, string(penalty.Confiscate)); took && r[t.Confiscation] == "" {
		bad(t.Confiscation, Say("violation.confiscation", nil))
	} else if !took {
		r[t.Confiscation] = ""
	}
	if x.OrderFirst != "" && a.Tier != penalty.None {
		if d, err := calendar.Parse(r[t.Ordered]); err != nil || d >= s.Day {
			bad(t.Ordered, Say("violation.ordered", text.Args{"what": x.OrderFirst, "law": x.Basis}))
		}
	}
	r[t.Working] = strings.Join(penalty.Sentences(s.working(j), text.ZH), "\n")
}

// working is how the sum came about: under the law of the day of the act, and where that changed, under today's too.
func (s *View) working(j *Judged) []penalty.Line {
	lines := append(slices.Clone(j.Then.Why[:min(2, len(j.Then.Why))]), j.Then.Working...)
	if j.Now != nil {
		lines = append([]penalty.Line{Say("violation.then", text.Args{"id": string(j.Then.Standard.ID)})}, lines...)
		lines = append(lines, Say("violation.now", text.Args{"id": string(j.Now.Standard.ID)}))
		lines = append(append(lines, j.Now.Why[:min(2, len(j.Now.Why))]...), j.Now.Working...)
		lines = append(lines, Say("violation.lighter", text.Args{"id": string(j.Applies.Standard.ID)}))
	}
	for _, w := range []string{j.Applies.Standard.OrderFirst, j.Applies.Standard.Licence, j.Applies.Standard.Note} {
		if w != "" {
			lines = append(lines, penalty.Line{Key: w})
		}
	}
	if why := j.Applies.Standard.Unverified; why != "" {
		lines = append(lines, Say("penalty.why.unverified", text.Args{"what": why}))
	}
	return lines
}

// usualKinds are the kinds that come of themselves.
func usualKinds(x *penalty.Standard, gains bool) []string {
	var kinds []string
	for _, k := range x.Kinds {
		switch {
		case k.When == penalty.Must, k.When == penalty.May && k.Kind == penalty.Fine, k.When == penalty.Gains && gains:
			kinds = append(kinds, string(k.Kind))
		}
	}
	return kinds
}

func ruleWords(rules []penalty.KindRule) string {
	var words []string
	for _, k := range rules {
		words = append(words, k.In(text.ZH))
	}
	return strings.Join(words, "、")
}

// Punishable tells whether the party needs a row of the table of violations, by what falls on it among the values.
func (s *View) Punishable(party string, values procedure.Values) bool {
	x := s.Of(party)
	for _, ft := range s.Edition.Def.Terms.Severity.Violations.Needed.Fields {
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
		return v.Has(NoPenalty)
	})
}
