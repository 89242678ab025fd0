// Package charges is the rows of a proposal's table of violations: what they add up to, what they say together, and how the
// office's standards of discretion judge each. It knows no case: what a row asks of one is handed over.
package charges

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

// Table is the rows with what they are read by.
type Table struct {
	*procedure.Violations
	Book *penalty.Book
	Rows []procedure.Cells

	Proofs func(cell string) string // what proves the circumstances, as people read it; nil: as it stands
}

// Sum is a field of the form that is added up from the rows: nothing where they say nothing of it.
func (t Table) Sum(field procedure.FieldID) procedure.Value {
	switch field {
	case t.Kinds:
		var v procedure.Value
		for _, k := range penalty.Kinds() { // in the order in which they are told
			if !k.Handled() && slices.ContainsFunc(t.Rows, func(r procedure.Cells) bool { return t.has(r, k) }) {
				v.List = append(v.List, string(k))
			}
		}
		return v
	case t.Confiscation:
		var sum int64
		for _, r := range t.Rows {
			sum += procedure.Fen(procedure.TextValue(r[t.Confiscation]))
		}
		return some(sum)
	}
	var pen []penalty.Row
	for _, r := range t.Rows {
		if t.sumOf(r) == field {
			pen = append(pen, penalty.Row{Party: r[t.Party], Act: r[t.Act], Standard: penalty.ID(r[t.Standard]), Fine: penalty.Fen(procedure.Fen(procedure.TextValue(r[t.Fine])))})
		}
	}
	var sum int64
	sums, _ := penalty.Total(pen)
	for _, x := range sums {
		sum += int64(x.Fine)
	}
	return some(sum)
}

// sumOf is the field to which a row's sum is added.
func (t Table) sumOf(r procedure.Cells) procedure.FieldID {
	switch {
	case t.has(r, penalty.Compensation):
		return t.Compensation
	case t.has(r, penalty.LateFee):
		return t.LateFee
	}
	return t.Fine
}

// has tells whether a row has that kind of penalty.
func (t Table) has(r procedure.Cells, kind penalty.Kind) bool {
	for k := range strings.FieldsSeq(r[t.Kinds]) {
		if k == string(kind) {
			return true
		}
	}
	return false
}

func some(fen int64) procedure.Value {
	if fen == 0 {
		return procedure.Value{}
	}
	return procedure.TextValue(procedure.FormatMoney(fen))
}

// RowOf is the one row of a table of violations among the values from which a field is added up; -1 where there is none, or
// where there are several.
func (t Table) RowOf(field procedure.FieldID) int {
	at := -1
	if !t.Adds(field) || field == t.Compensation || field == t.LateFee {
		return at
	}
	for i, r := range t.Rows {
		if r[field] != "" && at >= 0 {
			return -1
		}
		if r[field] != "" {
			at = i
		}
	}
	return at
}

// standard is the standard that a row names on the day of its act: the one that applies, where it was judged.
func (t Table) standard(r procedure.Cells) *penalty.Standard {
	id := r[t.Standard]
	if r[t.Applied] != "" {
		id = r[t.Applied]
	}
	on, _ := calendar.Parse(r[t.Day])
	return t.Book.Near(penalty.ID(id), on)
}

// Tell is what the rows say together: a sum, kinds, or a text.
func (t Table) Tell(w procedure.ViolationWord) procedure.Value {
	if field, ok := map[procedure.ViolationWord]procedure.FieldID{procedure.TellFine: t.Fine, procedure.TellConfiscation: t.Confiscation,
		procedure.TellCompensation: t.Compensation, procedure.TellLateFee: t.LateFee, procedure.TellKinds: t.Kinds}[w]; ok {
		return t.Sum(field)
	}
	var lines []string
	add := func(l string) {
		if l != "" && !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	var basis, violated penalty.Provisions
	for _, r := range t.Rows {
		x := t.standard(r)
		switch {
		case w == procedure.TellOutcome:
			add(t.outcome(r, x))
		case w == procedure.TellWorking:
			add(t.outcome(r, x) + "\n" + r[t.Working])
		case x == nil && w == procedure.TellReasons:
			add(t.reasons(r))
		case x == nil:
		case w == procedure.TellReasons && !x.Handling(): // a decision that handles gives its own
			add(t.reasons(r))
		case w == procedure.TellBasis && !x.Handling(), w == procedure.TellHandling && x.Brings(penalty.Compensation), w == procedure.TellLateBasis && x.Brings(penalty.LateFee):
			basis = append(basis, x.Basis)
		case w == procedure.TellViolated, w == procedure.TellPunished && !x.Handling(), w == procedure.TellHandled && x.Brings(penalty.Compensation),
			w == procedure.TellLateBroken && x.Brings(penalty.LateFee):
			violated = append(violated, x.Violated...)
		case w == procedure.TellLateDays && x.Brings(penalty.LateFee):
			add(t.days(r, x))
		case w == procedure.TellLicence && t.has(r, penalty.Revoke):
			add(x.Licence)
		}
	}
	if len(basis) > 0 {
		add(basis.In(text.ZH))
	}
	if len(violated) > 0 {
		add(violated.In(text.ZH))
	}
	return procedure.TextValue(strings.Join(lines, "\n"))
}

// Words are what is told as people read it.
func Words(w procedure.ViolationWord, v procedure.Value) string {
	if w == procedure.TellKinds {
		return KindWords(v)
	}
	return v.Text
}

// KindWords are kinds of penalty as people read them.
func KindWords(v procedure.Value) string {
	var words []string
	for _, k := range v.Strings() {
		words = append(words, penalty.Kind(k).In(text.ZH))
	}
	return strings.Join(words, "、")
}

// outcome is a row in a line: who, what, which tier, what falls on them.
func (t Table) outcome(r procedure.Cells, x *penalty.Standard) string {
	title := r[t.Standard]
	if x != nil {
		title = x.Title
	}
	args := text.Args{"party": r[t.Party], "title": title, "tier": penalty.Tier(r[t.Tier]), "kinds": KindWords(procedure.Value{List: strings.Fields(r[t.Kinds])}), "sums": ""}
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

// days is a row whose sum grows by the day in a line: of what, from when to when, at which rate, how much.
func (t Table) days(r procedure.Cells, x *penalty.Standard) string {
	from, _ := calendar.Parse(r[t.Day])
	until, _ := calendar.Parse(r[t.Until])
	return text.T(text.ZH, "violation.days", "of", x.Main(), "from", from.Han(), "until", until.Han(), "n", int(until-from)+1,
		"owed", text.Yuan(procedure.Fen(procedure.TextValue(r[t.Gains]))), "sum", text.Yuan(procedure.Fen(procedure.TextValue(r[t.Fine]))))
}

// reasons are the circumstances of a row with what proves them, and why the sum is what it is.
func (t Table) reasons(r procedure.Cells) string {
	var all []string
	for _, id := range strings.Fields(r[t.Grounds]) {
		if c := t.Book.Ground(id); c != nil {
			all = append(all, text.T(text.ZH, "violation.ground", "title", c.Title, "law", c.Law))
		}
	}
	if e := r[t.Evidence]; e != "" && len(all) > 0 {
		if t.Proofs != nil {
			e = t.Proofs(e)
		}
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

// Circumstances are what a row asks of its case.
type Circumstances struct {
	Day     calendar.Date // on which it is judged
	Ended   calendar.Date // the day of the act, where the row names none
	Persons int           // whose claims the case has, where the row counts none
	Owed    penalty.Fen   // what is still owed to them
	Person  bool          // the party is no unit
	Rules   penalty.Rules
	Fines   func(penalty.ID) []penalty.Fen // what was decided by a standard in other cases; nil: nobody knows
}

// Judge judges one row of the table of violations, and completes it: the day, the sum that is proposed, the kinds that come
// with the standard, what is computed.
func (t Table) Judge(row procedure.Cells, of Circumstances) Judged {
	j := Judged{Row: procedure.Cells{}}
	for k, v := range row {
		j.Row[k] = v
	}
	delete(j.Row, t.Applied)
	delete(j.Row, t.Working)
	bad := func(column procedure.FieldID, said text.Speaker) { j.Faults = append(j.Faults, RowFault{column, said}) }
	if t.Book == nil {
		bad(t.Standard, Say("violation.no-standards", nil))
		return j
	}
	if x := t.Book.Near(penalty.ID(j.Row[t.Standard]), of.Day); x != nil && x.Main().Kind == penalty.Daily { // from when to when is the row's own
		if j.Row[t.Day] == "" {
			bad(t.Day, Say("violation.first-day", text.Args{"title": x.Title, "law": x.Basis}))
			return j
		}
		if j.Row[t.Until] == "" {
			j.Row[t.Until] = of.Day.String()
		}
		if until, _ := calendar.Parse(j.Row[t.Until]); until > of.Day {
			bad(t.Until, Say("violation.until", text.Args{"title": x.Title, "day": until}))
			return j
		}
	}
	if j.Row[t.Day] == "" {
		j.Row[t.Day] = of.Ended.String()
	}
	q := t.question(j.Row, of)
	if q.On > of.Day {
		bad(t.Day, Say("violation.future", text.Args{"day": q.On}))
		return j
	}
	change, err := t.Book.Choose(q, of.Day, of.Rules)
	if err != nil {
		var r *penalty.Refusal
		if !errors.As(err, &r) {
			bad(t.Standard, Say(err.Error(), nil))
			return j
		}
		path, _, _ := strings.Cut(r.Path, "[")
		column, ok := map[string]procedure.FieldID{"standard": t.Standard, "on": t.Standard, "tier": t.Tier, "party": t.As, "persons": t.Persons, "gains": t.Gains,
			"grounds": t.Grounds, "amount": t.Fine, "until": t.Until}[path]
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
	t.complete(&j, of, bad)
	return j
}

// question is what a row asks of the standards.
func (t Table) question(r procedure.Cells, of Circumstances) penalty.Question {
	on, _ := calendar.Parse(r[t.Day])
	until, _ := calendar.Parse(r[t.Until])
	q := penalty.Question{Standard: penalty.ID(r[t.Standard]), Until: until, Tier: penalty.Tier(r[t.Tier]), On: on, Party: penalty.Party(r[t.As]), Override: r[t.Override]}
	x := t.Book.Near(q.Standard, on)
	switch n, err := strconv.Atoi(r[t.Persons]); {
	case err == nil:
		q.Persons = &n
	case of.Persons > 0:
		q.Persons = &of.Persons
	}
	if g := r[t.Gains]; g != "" {
		f := penalty.Fen(procedure.Fen(procedure.TextValue(g)))
		q.Gains = &f
	} else if x != nil && x.Handling() && x.Brings(penalty.Compensation) && of.Owed > 0 {
		q.Gains = &of.Owed
	}
	if q.Party == "" && x != nil {
		q.Party = x.Parties()[0]
		if of.Person && x.Person != nil {
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
func (t Table) complete(j *Judged, of Circumstances, bad func(procedure.FieldID, text.Speaker)) {
	a, r := j.Applies, j.Row
	x := a.Standard
	r[t.Applied], r[t.As] = string(x.ID), string(a.Party)
	kinds := strings.Fields(r[t.Kinds])
	if g := r[t.Gains]; g != "" && r[t.Confiscation] == "" && slices.ContainsFunc(x.Kinds, func(k penalty.KindRule) bool { return k.Kind == penalty.Confiscate && k.When == penalty.Gains }) {
		r[t.Confiscation] = g // what was gained is what is confiscated
	}
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
	fined := slices.ContainsFunc(kinds, func(k string) bool { return penalty.Kind(k) == penalty.Fine || penalty.Kind(k).Handled() })
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
	switch {
	case r[t.Reason] != "":
	case fined && fen != a.Proposed || lacks:
		bad(t.Reason, Say("violation.reason", text.Args{"sum": a.Proposed.Plain(), "kinds": ruleWords(x.Kinds)}))
	case slices.Contains(kinds, string(penalty.Fine)):
		if spread := of.spread(x); spread.Outlier(fen) {
			bad(t.Reason, Say("violation.outlier", text.Args{"sum": fen.Plain(), "n": spread.N, "lower": spread.Lower.Plain(), "upper": spread.Upper.Plain()}))
		}
	}
	if took := slices.Contains(kinds, string(penalty.Confiscate)); took && r[t.Confiscation] == "" {
		bad(t.Confiscation, Say("violation.confiscation", nil))
	} else if !took {
		r[t.Confiscation] = ""
	}
	if x.OrderFirst != "" && a.Tier != penalty.None {
		if d, err := calendar.Parse(r[t.Ordered]); err != nil || d >= of.Day {
			bad(t.Ordered, Say("violation.ordered", text.Args{"what": x.OrderFirst, "law": x.Basis}))
		}
	}
	r[t.Working] = strings.Join(penalty.Sentences(t.working(j), text.ZH), "\n")
}

// spread is where the fines of other cases by a standard lie.
func (of Circumstances) spread(x *penalty.Standard) penalty.Spread {
	if of.Fines == nil {
		return penalty.Spread{}
	}
	return penalty.SpreadOf(of.Fines(x.ID))
}

// working is how the sum came about: under the law of the day of the act, and where that changed, under today's too.
func (t Table) working(j *Judged) []penalty.Line {
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

// Title is a standard with its law, or circumstances, as people read them.
func Title(book *penalty.Book, t procedure.FieldType, v procedure.Value, on calendar.Date) string {
	var titles []string
	for _, id := range v.Strings() {
		if x := book.Near(penalty.ID(id), on); t == procedure.Standard && x != nil {
			id = x.Title + "（" + x.Basis.In(text.ZH) + "）"
		} else if c := book.Ground(id); t == procedure.Grounds && c != nil {
			id = c.Title
		}
		titles = append(titles, id)
	}
	return strings.Join(titles, "、")
}
