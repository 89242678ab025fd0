package engine

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// guardSpec is one guard: what it asks, and the function that answers. What it is given stands in [GuardArgs].
type guardSpec struct {
	code  Code // what an unmet guard answers; its name by default
	doc   string
	check func(*scope, Arg) (bool, Args)
}

// GuardNames gives the closed list, sorted, with what each asks.
func GuardNames() map[string]string {
	m := map[string]string{}
	for n, g := range guardSpecs {
		m[n] = g.doc
	}
	return m
}

var guardSpecs map[string]guardSpec

func init() {
	guardSpecs = map[string]guardSpec{
		"certified": {check: certified,
			doc: "each of these people holds an enforcement certificate valid on the fact day, and they are enough"},
		"staff": {check: staff,
			doc: "these people are enough, and of these posts"},
		"before-due": {code: ClockExpired, check: beforeDue,
			doc: "the clock runs and the fact day is not after its due day; of a suspension, before it"},
		"extendable": {check: extendable,
			doc: "the clock's extensions are not used up"},
		"not-after-due": {code: ClockExpired, check: notAfterDue,
			doc: "the fact day is not after the clock's due day"},
		"window-over": {check: windowOver,
			doc: "each run of these windows is over or waived on the fact day"},
		"window-open": {check: windowOpen,
			doc: "the fact day lies within the window, which was not given up before"},
		"at-rest": {check: atRest, doc: "these side walks are at rest"},
		"walk-in": {check: walkIn,
			doc: "the walk is in one of these states"},
		"set":     {check: allSet, doc: "all of these facts are set"},
		"unset":   {check: noneSet, doc: "none of these facts is set"},
		"any-set": {check: anySet, doc: "one of these facts is set"},
		"every":   {check: allSet, doc: "the fact is set for each document and respondent that it is kept per"},
		"since": {check: since,
			doc: "the first fact is set, for all that it is kept per, and not before the second's latest day"},
		"not-since": {check: func(s *scope, a Arg) (bool, Args) { met, args := since(s, a); return !met, args },
			doc: "the first fact is not set, or was before the second's latest day"},
		"followed": {check: followed, doc: "each of these facts that is set was followed by that one, for the same document and respondent"},
		"reached":  {check: reached, doc: "the fact day is not before that day"},
		"late-charge": {check: lateCharge,
			doc: "the charge is not above 3 % of the fine for each day after the clock's due day that counts, nor above the fine"},
		"issued": {check: formsIssued, doc: "a document of each of these forms is issued"},
		"filled": {check: formsFilled, doc: "a paper of each of these forms is filled"},
		"notice-covers": {check: noticeCovers,
			doc: "a notice already served covers the outcome now approved: no further kind, no higher sum"},
		"major": {check: major,
			doc: "the penalty is major: a licence revoked, a large fine or a large confiscation"},
		"at-most": {check: atMost,
			doc: "the sum is not above the office's setting"},
		"at-least": {check: atLeast,
			doc: "the sum reaches the office's setting"},
		"nothing-owed": {check: nothingOwed,
			doc: "what was paid covers what is owed; without `paid`: nothing was ever to be paid"},
		"no-heavier": {check: noHeavier,
			doc: "what is signed now is not heavier than what that part of the form proposed, nor of another kind"},
		"several": {check: several, doc: "the table of the case has more than one row"},
		"parties": {check: partiesOnly, doc: "each row of the table names a party of the case"},
		"none-of": {check: noneOf, doc: "none of these people holds one of these roles, nor took part in what these forms record"},
		"kinds-present": {check: kindsPresent,
			doc: "each of these kinds of participants is present; one whose post is vacant that day may be missing"},
		"other-than": {code: SeparationOfDuty, check: otherThan, doc: "another person than did that action"},
		"ahead": {check: ahead,
			doc: "the fact day leaves so many full days before that day"},
		"linked":      {check: isLinked, doc: "a case of that procedure is linked"},
		"no-findings": {check: noFindings, doc: "no finding is open"},
		"did":         {check: did, doc: "each of these actions was taken in this case"},
		"never":       {check: func(*scope, Arg) (bool, Args) { return false, nil }, doc: "never: the text says why, and `when:` says of what"},
		"pending":     {check: func(*scope, Arg) (bool, Args) { return false, nil }, doc: "never: the text says what is missing"},
	}
}

// momentary tells whether the guard asks only about the moment at which the action is taken: where walks stand, who has
// a role, what is found. No correction of a day or a value changes that, so it is not asked again.
func (s *scope) momentary(g *Guard) bool {
	switch g.Name {
	case "at-rest", "walk-in", "no-findings", "none-of", "pending":
		return true
	case "certified", "staff": // of a role: who has it by now was not asked then
		_, typed := s.value("", FieldID(g.Arg.Named["people"].Text))
		return !typed
	}
	return false
}

// guard evaluates one guard of an action; nil when it holds or does not apply.
func (s *scope) guard(g *Guard) *Condition {
	if g.When != nil && !s.holds(g.When) {
		return nil
	}
	spec, ok := guardSpecs[g.Name]
	if !ok {
		return &Condition{Code: Code(g.Name), Law: g.Law, Guard: g}
	}
	met, args := spec.check(s, g.Arg)
	if met {
		return nil
	}
	c := &Condition{Code: spec.code, Args: args, Law: g.Law, Guard: g}
	if c.Code == "" {
		c.Code = Code(g.Name)
	}
	if g.Name == "pending" || g.Name == "never" {
		c.Text = Label{ZH: g.Arg.Text}
	}
	return c
}

// people resolves a people field of the action, or a role of the case.
func (s *scope) people(a Arg) []PersonID {
	name := a.Text
	if v, ok := s.value("", FieldID(name)); ok {
		return personIDs(v)
	}
	return s.c.Roles[Actor(name)]
}

func personIDs(v Value) []PersonID {
	var ids []PersonID
	seen := map[string]bool{}
	for _, x := range v.Strings() {
		if !seen[x] {
			seen[x] = true
			ids = append(ids, PersonID(x))
		}
	}
	return ids
}

func certified(s *scope, a Arg) (bool, Args) {
	ids := s.people(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	var without []string
	for _, id := range ids {
		if _, ok := s.office.Certificate(id, s.day); !ok {
			without = append(without, s.office.Name(id))
		}
	}
	return len(without) == 0 && len(ids) >= want,
		Args{"want": itoa(want), "have": itoa(len(ids)), "who": strings.Join(without, "、"), "day": s.day.String()}
}

func staff(s *scope, a Arg) (bool, Args) {
	ids := s.people(a.Named["people"])
	want, _ := strconv.Atoi(a.Named["at-least"].Text)
	posts := a.Named["posts"].Strings()
	var others []string
	for _, id := range ids {
		fits := len(posts) == 0
		for _, p := range posts {
			fits = fits || s.office.Holds(id, Actor(p), s.today)
		}
		if !fits {
			others = append(others, s.office.Name(id))
		}
	}
	return len(others) == 0 && len(ids) >= want,
		Args{"want": itoa(want), "have": itoa(len(ids)), "who": strings.Join(others, "、")}
}

// mine are the runs of a clock that an action of this walk asks about: of one that runs once for each instance of a side
// walk, the instance's own.
func (s *scope) mine(id ClockID) []Running {
	return slices.DeleteFunc(s.runsOf(id), func(r Running) bool {
		k := parseKey(r.Key)
		return k.walk != "" && k.walk != string(s.walk)
	})
}

func beforeDue(s *scope, a Arg) (bool, Args) {
	c := s.ed.Def.Clock(ClockID(a.Text))
	stops := false
	if c != nil && s.act != nil && len(c.Stopped) > 0 {
		for _, fs := range s.act.Fact.Values() {
			for _, f := range fs {
				stops = stops || f == c.Stopped[0]
			}
		}
	}
	for _, r := range s.mine(ClockID(a.Text)) {
		if r.Ended != 0 && r.Ended < s.day || r.State == VoidClock {
			continue
		}
		if r.Due == 0 { // suspended: what stands still has not run out, and can't be suspended again
			return !stops, Args{"clock": a.Text, "due": "", "day": s.day.String()}
		}
		if s.day > r.Due || stops && s.day == r.Due {
			return false, s.dueArgs(r, a.Text)
		}
		return true, nil
	}
	return false, Args{"clock": a.Text, "day": s.day.String()}
}

// extendable asks whether the run that counts on the fact day may be lengthened once more: what is approved above the
// clock's `times` would change nothing.
func extendable(s *scope, a Arg) (bool, Args) {
	c := s.ed.Def.Clock(ClockID(a.Text))
	if c == nil || c.Extend == nil {
		return false, Args{"clock": a.Text, "times": "0"}
	}
	for _, r := range s.mine(c.ID) {
		if r.State == VoidClock || r.Ended != 0 && r.Ended < s.day {
			continue
		}
		n := 0
		for _, d := range s.c.Days {
			if d.Fact == c.Extend.At && s.seen(d) && d.Day >= r.Start {
				n++
			}
		}
		return n < max(1, c.Extend.Times), Args{"clock": a.Text, "times": itoa(max(1, c.Extend.Times))}
	}
	return true, nil
}

func notAfterDue(s *scope, a Arg) (bool, Args) {
	for _, r := range s.mine(ClockID(a.Text)) {
		if r.Due != 0 && s.day > r.Due && (r.Ended == 0 || r.Ended > r.Due) && r.State != VoidClock && r.State != WaivedWindow {
			return false, s.dueArgs(r, a.Text)
		}
	}
	return true, nil
}

// dueArgs name a clock, its due day, and whether that is provisional.
func (s *scope) dueArgs(r Running, clock string) Args {
	args := Args{"clock": clock, "due": r.Due.String(), "day": s.day.String()}
	if r.Provisional {
		args[provisionalArg] = "due"
	}
	return args
}

func windowOver(s *scope, a Arg) (bool, Args) {
	for _, id := range a.Strings() {
		for _, r := range s.mine(ClockID(id)) {
			if r.State == VoidClock || r.Ended != 0 && r.Ended <= s.day {
				continue
			}
			if r.Due == 0 || s.day <= r.Due {
				return false, s.dueArgs(r, id)
			}
		}
	}
	return true, nil
}

func windowOpen(s *scope, a Arg) (bool, Args) {
	args := Args{"clock": a.Text, "day": s.day.String()}
	again := s.act != nil && slices.ContainsFunc(s.act.Fact.Values(), func(fs []FactID) bool {
		return slices.ContainsFunc(fs, func(f FactID) bool {
			c := s.ed.Def.Clock(ClockID(a.Text))
			return c != nil && slices.Contains(c.Until, f) // what the party may do again until its time is over
		})
	})
	for _, r := range s.mine(ClockID(a.Text)) {
		gone := r.Ended != 0 && s.day > r.Ended && (r.State == WaivedWindow || !again)
		if s.day >= r.Start && (r.Due == 0 || s.day <= r.Due) && r.State != VoidClock && !gone {
			return true, nil
		}
		args = s.dueArgs(r, a.Text)
	}
	return false, args
}

func atRest(s *scope, a Arg) (bool, Args) {
	for _, id := range a.Strings() {
		for _, w := range s.c.Walks[1:] {
			if w.Def != WalkID(id) {
				continue
			}
			def := s.ed.Def.Walk(w.Def)
			if st := def.State(w.State); st != nil && !def.resting(st) {
				return false, Args{"walk": id, "state": string(w.State)}
			}
		}
	}
	return true, nil
}

// resting tells whether a state of a side walk is one of rest: marked so, or the first.
func (w *Walk) resting(s *State) bool { return s.Rest || s.ID == w.States[0].ID }

func walkIn(s *scope, a Arg) (bool, Args) {
	id := WalkID(a.Named["walk"].Text)
	for _, st := range a.Named["states"].Strings() {
		for _, w := range s.c.Walks {
			if w.Def == id && w.State == StateID(st) {
				return true, nil
			}
		}
	}
	return false, Args{"walk": string(id)}
}

func allSet(s *scope, a Arg) (bool, Args) {
	var missing []string
	for _, f := range a.Strings() {
		if !s.set(FactID(f)) {
			missing = append(missing, f)
		}
	}
	return len(missing) == 0, Args{"facts": strings.Join(missing, " ")}
}

func noneSet(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		if len(s.days(FactID(f))) > 0 {
			return false, Args{"facts": f}
		}
	}
	return true, nil
}

// setForNamed tells whether the fact is set: of one kept per respondent, for each respondent that the action's values
// name, so that one party need not wait for another; where they name none, for any.
func (s *scope) setForNamed(id FactID) bool {
	days := s.days(id)
	if f := s.ed.Def.Fact(id); f == nil || !contains(f.Per, "respondent") {
		return s.set(id)
	}
	for _, who := range s.values["respondent"].Strings() {
		if !slices.ContainsFunc(days, func(d Day) bool { return parseKey(d.Key).meets(key{respondent: who}) }) {
			return false
		}
	}
	return len(days) > 0
}

func anySet(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		if s.setForNamed(FactID(f)) {
			return true, nil
		}
	}
	return false, Args{"facts": strings.Join(a.Strings(), " ")}
}

func since(s *scope, a Arg) (bool, Args) {
	fs := a.Strings()
	if len(fs) != 2 {
		return false, nil
	}
	two, has := s.latest(FactID(fs[1]))
	follows := func(d Day) bool { return !has || d.Day > two.Day || d.Day == two.Day && d.Seq >= two.Seq }
	args := Args{"facts": fs[0]}
	if f := s.ed.Def.Fact(FactID(fs[0])); f != nil && len(f.Per) > 0 && len(s.expected(f)) > 0 {
		days := s.days(f.ID)
		for _, k := range s.expected(f) {
			if !slices.ContainsFunc(days, func(d Day) bool { return parseKey(d.Key).meets(k) && follows(d) }) {
				return false, args
			}
		}
		return true, args
	}
	one, ok := s.latest(FactID(fs[0]))
	return ok && follows(one), args
}

func formsIssued(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		found := false
		for _, d := range s.c.Issued {
			found = found || d.Form == FormID(f) && s.issued(d)
		}
		if !found {
			return false, Args{"form": f}
		}
	}
	return true, nil
}

func formsFilled(s *scope, a Arg) (bool, Args) {
	for _, f := range a.Strings() {
		found := false
		for i := range s.c.Papers {
			p := &s.c.Papers[i]
			for j := range p.Parts {
				found = found || p.Form == FormID(f) && s.counts(&p.Parts[j])
			}
		}
		if !found {
			return false, Args{"form": f}
		}
	}
	return true, nil
}

// fen is a money or number value in hundredths; a missing one is 0.
func fen(v Value) int64 {
	if v.Text == "" {
		return 0
	}
	f, _ := ParseMoney(v.Text)
	return f
}

func noticeCovers(s *scope, a Arg) (bool, Args) {
	notice, proposal := FormID(a.Named["notice"].Text), FormID(a.Named["proposal"].Text)
	args := Args{"form": string(notice)}
	for _, who := range s.respondents() { // a party that was told nothing is covered by nothing
		if !slices.ContainsFunc(s.c.Issued, func(d Issued) bool {
			return d.Form == notice && s.issued(d) && s.addressed(key{doc: itoa(d.N), respondent: who})
		}) {
			return false, args
		}
	}
	at := uint64(0) // the outcome that the notice told: the proposal as it stood then
	for _, d := range s.c.Issued {
		if d.Form == notice && s.issued(d) {
			at = d.Seq
		}
	}
	for _, f := range []FieldID{"handling", "penalties"} {
		now, _ := s.value(proposal, f)
		then, _ := s.valueAt(FieldRef{proposal, f}, at)
		for _, x := range now.Strings() {
			if !then.Has(x) {
				return false, args
			}
		}
	}
	told := *s
	told.upto, told.fills = min(at+1, s.upto), nil
	return !s.heavier(func(x *scope, f FieldID) Value { v, _ := x.value(proposal, f); return v }, &told), args
}

func major(s *scope, a Arg) (bool, Args) {
	form := FormID(a.Text)
	kinds, _ := s.value(form, "penalties")
	if kinds.Has("revoke") {
		return true, nil
	}
	for _, x := range [...]struct {
		kind    string
		field   FieldID
		setting string
	}{{"fine", "fine", "large-fine"}, {"confiscate", "confiscation", "large-confiscation"}} {
		limit, ok := s.office.Fen(x.setting, s.day)
		if !ok || !kinds.Has(x.kind) {
			continue
		}
		for _, party := range s.eachParty() {
			if v, _ := party.value(form, x.field); fen(v) >= limit {
				return true, nil
			}
		}
	}
	return false, Args{"form": a.Text}
}

// ref splits FORM.field; a plain name is a field of the action itself.
func ref(text string) FieldRef {
	if form, field, ok := strings.Cut(text, "."); ok {
		return FieldRef{FormID(form), FieldID(field)}
	}
	return FieldRef{"", FieldID(text)}
}

func atMost(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["value"].Text)
	v, _ := s.value(r.Form, r.Field)
	limit, ok := s.office.Fen(a.Named["setting"].Text, s.day)
	return ok && fen(v) <= limit, Args{"value": v.Text, "limit": FormatMoney(limit), "setting": a.Named["setting"].Text}
}

func atLeast(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["value"].Text)
	v, _ := s.value(r.Form, r.Field)
	limit, ok := s.office.Fen(a.Named["setting"].Text, s.day)
	return ok && fen(v) >= limit, Args{"value": v.Text, "limit": FormatMoney(limit), "setting": a.Named["setting"].Text}
}

// filledAt is the event that wrote the field last; the action's own values are the newest.
func (s *scope) filledAt(r FieldRef) uint64 {
	for _, f := range s.fills {
		if _, ok := s.values[r.Field]; ok && f.Form == r.Form {
			return now
		}
	}
	var at uint64
	for i := range s.c.Papers {
		p := &s.c.Papers[i]
		for j := range p.Parts {
			if _, ok := p.Parts[j].Values[r.Field]; ok && p.Form == r.Form && s.counts(&p.Parts[j]) {
				at = max(at, p.Parts[j].Seq)
			}
		}
	}
	return at
}

// noneOf keeps people out who hold one of these roles.
func noneOf(s *scope, a Arg) (bool, Args) {
	for _, id := range s.people(a.Named["people"]) {
		for _, role := range a.Named["roles"].Strings() {
			if slices.Contains(s.role(Actor(role)), id) {
				return false, Args{"who": s.office.Name(id), "role": role}
			}
		}
		for _, form := range a.Named["forms"].Strings() {
			if s.worked(id, FormID(form)) {
				return false, Args{"who": s.office.Name(id), "role": "investigator"}
			}
		}
	}
	return true, nil
}

// worked tells whether the person filled a part of a paper of that form, or is named in one: who took part in what it
// records, whether the case is still his or not.
func (s *scope) worked(id PersonID, form FormID) bool {
	f := s.ed.Forms[form]
	if f == nil {
		return false
	}
	for i := range s.c.Papers {
		if s.c.Papers[i].Form != form {
			continue
		}
		for _, x := range s.c.Papers[i].Parts {
			if x.Past != 0 || x.Seq >= s.upto {
				continue
			}
			if x.By == id {
				return true
			}
			for k, v := range x.Values {
				if fd := f.Field(k); fd != nil && (fd.Type == People || fd.Type == PersonType) && v.Has(string(id)) {
					return true
				}
			}
		}
	}
	return false
}

func nothingOwed(s *scope, a Arg) (bool, Args) {
	left := s.owes(a.Named["owed"].Strings(), a.Named["paid"].Strings())
	return left == 0, Args{"owed": FormatMoney(left)}
}

func kindsPresent(s *scope, a Arg) (bool, Args) {
	v, _ := s.value("", FieldID(a.Named["table"].Text))
	col := FieldID(a.Named["column"].Text)
	var missing []string
	for _, k := range a.Named["kinds"].Strings() {
		present := false
		for _, r := range v.Rows {
			present = present || r[col] == k
		}
		if !present && len(s.office.Holders(Actor(k), s.day)) > 0 {
			missing = append(missing, k)
		}
	}
	sort.Strings(missing)
	return len(missing) == 0, Args{"posts": strings.Join(missing, " ")}
}

func otherThan(s *scope, a Arg) (bool, Args) {
	for i := len(s.c.Taken) - 1; i >= 0; i-- {
		if t := s.c.Taken[i]; t.Action == ActionID(a.Text) && t.Seq < s.upto {
			same := t.By == s.actor || t.By == s.behalf && s.behalf != "" || t.For == s.actor && t.For != "" || t.For == s.behalf && s.behalf != ""
			return !same, Args{"who": s.office.Name(t.By)}
		}
	}
	return true, nil
}

func ahead(s *scope, a Arg) (bool, Args) {
	r := ref(a.Named["day"].Text)
	v, _ := s.value(r.Form, r.Field)
	if len(v.Text) < 10 {
		return false, Args{"by": a.Named["by"].Text}
	}
	d, err := calendar.Parse(v.Text[:10])
	p, err2 := calendar.ParsePeriod(a.Named["by"].Text)
	if err != nil || err2 != nil {
		return false, Args{"by": a.Named["by"].Text}
	}
	last, ok := s.office.Calendar.Back(d, p)
	return ok && s.day <= last, Args{"by": p.String(), "last": last.String(), "day": d.String()}
}

func isLinked(s *scope, a Arg) (bool, Args) {
	return s.linked != nil && s.linked(WorkflowID(a.Text)), Args{"workflow": a.Text}
}

func noFindings(s *scope, _ Arg) (bool, Args) {
	n := 0
	for _, f := range s.c.Findings {
		if f.Answered == 0 && f.Seq < s.upto && f.Code != "no-findings" {
			n++
		}
	}
	return n == 0, Args{"n": itoa(n)}
}

func did(s *scope, a Arg) (bool, Args) {
	for _, want := range a.Strings() {
		found := false
		for _, t := range s.c.Taken {
			found = found || t.Action == ActionID(want) && t.Seq < s.upto
		}
		if !found {
			return false, Args{"action": want}
		}
	}
	return true, nil
}
