// Package review is the self-check of a case file (案卷评查自检): rules that are data, each a question that a file reviewer
// asks, answered from the case as it stands. It is pure: nothing is kept, so an answer is never older than the case.
//
// A rule names one of the checks below and what it looks at. What a rule asks about and the case doesn't have, it does not
// mark: what the file lacks is told by the rules that ask for papers.
package review

import (
	"fmt"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/charges"
	"dossier/engine/lacks"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// Severity says how a fault weighs.
type Severity string

// The severities, the heaviest first.
const (
	Grave   Severity = "grave"   // the decision itself is at risk
	Serious Severity = "serious" // a step or a paper that the law asks for
	Slight  Severity = "slight"  // the file's order
)

// Severities lists them all.
var Severities = []Severity{Grave, Serious, Slight}

// Rule is one question.
type Rule struct {
	ID       string
	Title    procedure.Label // what is wrong when it is broken
	Mend     procedure.Label // what mends it
	By       procedure.ActionID
	Severity Severity
	Points   int // that it costs, of 100
	Law      procedure.Law
	Check    Check
}

// Book is the rules of each procedure; those under "" are asked of every file.
type Book struct {
	Rules map[procedure.WorkflowID][]Rule
	Feed  Feed
}

// Of are the rules by which a procedure's files are checked: its own, and those of every file.
func (b Book) Of(id procedure.WorkflowID) []Rule { return slices.Concat(b.Rules[id], b.Rules[""]) }

// Feed is the action of a review of files, of whose table the files that were drawn are rows.
type Feed struct {
	Workflow procedure.WorkflowID
	Action   procedure.ActionID
	Table    procedure.FieldID
	Number   procedure.FieldID // its columns
	Party    procedure.FieldID
	Outcome  procedure.FieldID
	Closed   procedure.FieldID
	How      procedure.FieldID // the field that says how they were chosen, and its value of a draw
	Drawn    string
	Note     procedure.FieldID // the field for the seed and what it was drawn from
}

// Check is what a rule looks at. Exactly one of its fields is set.
type Check struct {
	Late     []procedure.ClockID  // a run of these clocks was met late, or runs out unmet
	Any      procedure.ClockKind  // so was a clock of this kind of which no other rule asks
	Order    [2]procedure.FactID  // the second fact's day is before the first's
	Skipped  *Skipped             // papers were issued, and what must go before them has no day
	Backward []procedure.FormID   // a part of the form was signed before the part that it follows
	Unasked  bool                 // the same, of every form of which no other rule asks it
	Owed     bool                 // what the file owes by now is not in it, and no other rule asks for it
	After    *After               // a part was signed after the fact that rests on it
	Unserved *Unserved            // an issued document has no day of service
	Unsigned []procedure.FormID   // an issued document has no signed scan
	Few      *Few                 // fewer people took part than must
	Empty    []procedure.FieldRef // a field is blank in a paper that counts
	Not      *Not                 // a field says something else than it should
	Differ   []procedure.FieldRef // papers that must agree don't
	Sums     [][]Amount           // so don't these sums
	Missing  *Missing             // a paper is not there
	Open     bool                 // findings are not answered
}

// Skipped asks that a fact have a day before documents of these forms are issued.
type Skipped struct {
	Fact  procedure.FactID
	Forms []procedure.FormID
}

// After asks that a part of a form be signed no later than a fact.
type After struct {
	Form procedure.FormID
	Part procedure.PartID
	Fact procedure.FactID
}

// Unserved asks that each document of these forms have its day of the fact, which is kept per document, unless there is
// time yet by the clock.
type Unserved struct {
	Forms []procedure.FormID
	Fact  procedure.FactID
	While procedure.ClockID
}

// Few asks that a field name so many people at least.
type Few struct {
	At    procedure.FieldRef
	Least int
}

// Not asks that a field have a value.
type Not struct {
	At   procedure.FieldRef
	Want string
}

// Missing asks that one of the forms be filled once a fact has its day.
type Missing struct {
	Forms []procedure.FormID
	After procedure.FactID
	When  []procedure.FormID // only where one of these was issued
}

// Amount is a part of a sum: a field of money, or a column of a table, added up or taken off.
type Amount struct {
	procedure.FieldRef
	Column procedure.FieldID // "": the field itself
	Less   bool
}

// File is what the rules are asked of.
type File struct {
	Case    *casefile.Case
	Edition *procedure.Edition
	Clocks  []rules.Running
	Lacks   []lacks.Lack // what it owes by now
	Today   calendar.Date
}

// Mark is a rule that a case breaks, at one place.
type Mark struct {
	Rule  *Rule
	At    procedure.FormID  // the paper that it is about, "" of none
	N     int               // its number among the documents, 0 before it is issued
	Fact  procedure.FactID  // the day that it is about, "" of none
	Clock procedure.ClockID // the clock, "" of none
	Day   calendar.Date     // the day at fault, or by which it should have been; 0 of none
	Due   calendar.Date     // of a clock: the day that it was due
	Found []string          // the values that differ, or the number found
	Lack  *lacks.Lack       // what is owed
}

// Review is what the rules say of a case.
type Review struct {
	Marks  []Mark
	Kept   []*Rule // asked, and not broken
	Points int     // what is left of 100
}

// Look asks every rule. A rule that is broken at several places costs its points once, but each thing that is owed its own.
func Look(ask []Rule, view *File, cal *calendar.Calendar) Review {
	r := Review{Points: 100}
	for i := range ask {
		x := looker{rule: &ask[i], all: ask, view: view, c: view.Case, cal: cal}
		x.check()
		switch {
		case len(x.marks) > 0:
			r.Marks = append(r.Marks, x.marks...)
			r.Points -= ask[i].Points
			if ask[i].Check.Owed {
				r.Points -= ask[i].Points * (len(x.marks) - 1)
			}
		case x.asked:
			r.Kept = append(r.Kept, &ask[i])
		}
	}
	r.Points = max(r.Points, 0)
	slices.SortStableFunc(r.Marks, func(a, b Mark) int {
		return slices.Index(Severities, a.Rule.Severity) - slices.Index(Severities, b.Rule.Severity)
	})
	return r
}

// looker asks one rule of one case.
type looker struct {
	rule  *Rule
	all   []Rule
	view  *File
	c     *casefile.Case
	cal   *calendar.Calendar
	asked bool // the case has what the rule asks about
	marks []Mark
}

func (x *looker) mark(m Mark) {
	m.Rule = x.rule
	x.marks = append(x.marks, m)
}

func (x *looker) check() {
	k := &x.rule.Check
	switch {
	case len(k.Late) > 0:
		x.late(func(c *procedure.Clock) bool { return slices.Contains(k.Late, c.ID) })
	case k.Any != "":
		x.late(func(c *procedure.Clock) bool {
			return (c.Kind == k.Any || c.Kind == "" && k.Any == procedure.Legal) &&
				!slices.ContainsFunc(x.all, func(r Rule) bool { return slices.Contains(r.Check.Late, c.ID) })
		})
	case k.Order != [2]procedure.FactID{}:
		x.order(k.Order[0], k.Order[1])
	case k.Skipped != nil:
		x.skipped(k.Skipped)
	case len(k.Backward) > 0:
		x.backward(k.Backward)
	case k.Unasked:
		x.backward(slices.DeleteFunc(x.view.Edition.Def.Forms(), func(f procedure.FormID) bool {
			return slices.ContainsFunc(x.all, func(r Rule) bool { return slices.Contains(r.Check.Backward, f) })
		}))
	case k.Owed:
		x.owed()
	case k.After != nil:
		x.after(k.After)
	case k.Unserved != nil:
		x.unserved(k.Unserved)
	case len(k.Unsigned) > 0:
		x.unsigned(k.Unsigned)
	case k.Few != nil:
		x.each(k.Few.At, func(m Mark, v procedure.Value) {
			if n := len(v.Strings()); n < k.Few.Least {
				m.Found = []string{strconv.Itoa(n)}
				x.mark(m)
			}
		})
	case len(k.Empty) > 0:
		for _, at := range k.Empty {
			x.each(at, func(m Mark, v procedure.Value) {
				if v.Empty() {
					x.mark(m)
				}
			})
		}
	case k.Not != nil:
		x.each(k.Not.At, func(m Mark, v procedure.Value) {
			if !v.Empty() && !v.Has(k.Not.Want) {
				x.mark(m)
			}
		})
	case len(k.Differ) > 0:
		x.differ(k.Differ)
	case len(k.Sums) > 0:
		x.sums(k.Sums)
	case k.Missing != nil:
		x.missing(k.Missing)
	case k.Open:
		x.asked = true
		for _, f := range x.c.Findings {
			if f.Answered == 0 {
				x.mark(Mark{Found: []string{string(f.Action)}})
			}
		}
	}
}

// owed tells what the file owes. What another rule asks for by name is told there.
func (x *looker) owed() {
	x.asked = true
	told := func(it procedure.Item) bool {
		return slices.ContainsFunc(x.all, func(r Rule) bool {
			k := &r.Check
			return k.Skipped != nil && it.Fact == k.Skipped.Fact || k.Unserved != nil && it.Fact == k.Unserved.Fact ||
				k.Missing != nil && slices.Contains(k.Missing.Forms, it.Form)
		})
	}
	for i := range x.view.Lacks {
		l := &x.view.Lacks[i]
		if items := l.Items(); !slices.ContainsFunc(items, told) {
			x.mark(Mark{At: items[0].Form, Fact: items[0].Fact, Lack: l})
		}
	}
}

func (x *looker) late(asked func(*procedure.Clock) bool) {
	for _, r := range x.view.Clocks {
		if r.Def == nil || !asked(r.Def) || r.Provisional {
			continue
		}
		x.asked = true
		if r.State == rules.OverdueClock || r.State == rules.MissedClock {
			x.mark(Mark{Clock: r.Def.ID, Day: r.Ended, Due: r.Due})
		}
	}
}

// days are the days of a fact that count.
func (x *looker) days(id procedure.FactID) []casefile.Day {
	var days []casefile.Day
	for _, d := range x.c.Days {
		if d.Fact == id && d.Void == 0 && d.Day != 0 {
			days = append(days, d)
		}
	}
	return days
}

// first and last are the bounds of a fact's days; ok is false when it has none.
func (x *looker) bounds(id procedure.FactID) (first, last calendar.Date, ok bool) {
	for i, d := range x.days(id) {
		if i == 0 || d.Day < first {
			first = d.Day
		}
		last = max(last, d.Day)
		ok = true
	}
	return first, last, ok
}

func (x *looker) order(before, then procedure.FactID) {
	first, _, ok := x.bounds(before)
	_, last, also := x.bounds(then)
	if !ok || !also {
		return
	}
	x.asked = true
	if last < first {
		x.mark(Mark{Fact: then, Day: last, Due: first})
	}
}

func (x *looker) skipped(s *Skipped) {
	_, _, ok := x.bounds(s.Fact)
	for _, d := range x.issued(s.Forms) {
		x.asked = true
		if !ok {
			x.mark(Mark{At: d.Form, N: d.N, Fact: s.Fact, Day: d.Day})
		}
	}
}

// issued are the documents of these forms that are in force.
func (x *looker) issued(forms []procedure.FormID) []casefile.Issued {
	var docs []casefile.Issued
	for _, d := range x.c.Issued {
		if d.Void == 0 && slices.Contains(forms, d.Form) {
			docs = append(docs, d)
		}
	}
	return docs
}

// papers are the papers of a form that count: those issued and in force, and those being filled.
func (x *looker) papers(form procedure.FormID) []casefile.Paper {
	var papers []casefile.Paper
	for _, p := range x.c.Papers {
		if p.Form == form && (p.Open || p.Doc > 0 && p.Doc <= len(x.c.Issued) && x.c.Issued[p.Doc-1].Void == 0) {
			papers = append(papers, p)
		}
	}
	return papers
}

// present are a paper's fillings that are no history, in the order of the form's parts.
func present(p casefile.Paper, form *procedure.Form) []casefile.Filled {
	var parts []casefile.Filled
	for _, part := range form.Parts {
		for _, f := range p.Parts {
			if f.Part == part.ID && f.Past == 0 {
				parts = append(parts, f)
			}
		}
	}
	return parts
}

func (x *looker) backward(forms []procedure.FormID) {
	for _, id := range forms {
		form := x.view.Edition.Forms[id]
		if form == nil {
			continue
		}
		for _, p := range x.papers(id) {
			parts := present(p, form)
			for i := 1; i < len(parts); i++ {
				x.asked = true
				if parts[i].Day < parts[i-1].Day {
					x.mark(Mark{At: id, N: p.Doc, Day: parts[i].Day, Due: parts[i-1].Day})
				}
			}
		}
	}
}

// after compares each document's signature with the fact's day of that document where it is kept per document, else with
// its first day.
func (x *looker) after(a *After) {
	first, _, ok := x.bounds(a.Fact)
	if !ok {
		return
	}
	for _, p := range x.papers(a.Form) {
		by := first
		for _, d := range x.days(a.Fact) {
			if p.Doc > 0 && document(d.Key) == p.Doc {
				by = d.Day
			}
		}
		for _, f := range p.Parts {
			if f.Part != a.Part || f.Past != 0 {
				continue
			}
			x.asked = true
			if f.Day > by {
				x.mark(Mark{At: a.Form, N: p.Doc, Fact: a.Fact, Day: f.Day, Due: by})
			}
		}
	}
}

// document is the document that a fact's key names: "3" or "3/2"; 0 of another.
func document(key string) int {
	n := 0
	for _, c := range key {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (x *looker) unserved(u *Unserved) {
	if slices.ContainsFunc(x.view.Clocks, func(r rules.Running) bool {
		return r.Def != nil && r.Def.ID == u.While && (r.State == rules.RunningClock || r.State == rules.SuspendedClock)
	}) {
		return
	}
	for _, d := range x.issued(u.Forms) {
		x.asked = true
		if !slices.ContainsFunc(x.days(u.Fact), func(day casefile.Day) bool { return document(day.Key) == d.N }) {
			x.mark(Mark{At: d.Form, N: d.N, Fact: u.Fact, Day: d.Day})
		}
	}
}

func (x *looker) unsigned(forms []procedure.FormID) {
	for _, d := range x.issued(forms) {
		x.asked = true
		if !slices.ContainsFunc(x.c.Files, func(f casefile.Attachment) bool { return f.Doc == d.N && f.Superseded == 0 }) {
			x.mark(Mark{At: d.Form, N: d.N, Day: d.Day})
		}
	}
}

// each gives a field's value in each paper that counts and whose part with the field is filled.
func (x *looker) each(at procedure.FieldRef, f func(Mark, procedure.Value)) {
	form := x.view.Edition.Forms[at.Form]
	if form == nil {
		return
	}
	field := form.Field(at.Field)
	if field == nil {
		return
	}
	for _, p := range x.papers(at.Form) {
		for _, filled := range present(p, form) {
			part := form.Part(filled.Part)
			if !slices.ContainsFunc(part.Fields, func(y procedure.Field) bool { return y.ID == at.Field }) {
				continue
			}
			x.asked = true
			f(Mark{At: at.Form, N: p.Doc, Day: filled.Day, Found: []string{string(at.Field)}}, filled.Values[at.Field])
		}
	}
}

// differ compares the latest value of each field; where one has none it isn't compared.
func (x *looker) differ(fields []procedure.FieldRef) {
	var at []procedure.FieldRef
	var values []procedure.Value
	var days []Mark
	for _, f := range fields {
		var last procedure.Value
		var where Mark
		x.each(f, func(m Mark, v procedure.Value) {
			if !v.Empty() {
				last, where = v, m
			}
		})
		if !last.Empty() {
			at, values, days = append(at, f), append(values, last), append(days, where)
		}
	}
	x.asked = len(values) > 1
	for i := 1; i < len(values); i++ {
		if !values[i].Equal(values[0]) {
			x.mark(Mark{At: at[i].Form, N: days[i].N, Day: days[i].Day, Found: []string{values[0].String(), values[i].String()}})
		}
	}
}

// sums compares sums of the latest papers; one whose latest paper says nothing isn't compared. Where there are several parties each
// has papers of its own, and nothing is compared.
func (x *looker) sums(all [][]Amount) {
	if len(casefile.Parties(x.view.Edition.Def, x.c)) > 1 {
		return
	}
	first, said := int64(0), false
	for _, side := range all {
		sum, any := int64(0), false
		var where Mark
		for _, a := range side {
			n, at, ok := x.amount(a)
			if !ok {
				any = false
				break
			}
			if a.Less {
				n = -n
			}
			sum, where, any = sum+n, at, true
		}
		switch {
		case !any:
		case !said:
			first, said = sum, true
		case x.compared(sum != first):
			where.Found = []string{procedure.FormatMoney(first), procedure.FormatMoney(sum)}
			x.mark(where)
		}
	}
}

// compared tells whether what was asked is a fault.
func (x *looker) compared(fault bool) bool {
	x.asked = true
	return fault
}

// amount is what the latest filling of a form says: of a field that the table of violations adds up, what its rows make.
func (x *looker) amount(a Amount) (fen int64, at Mark, ok bool) {
	form := x.view.Edition.Forms[a.Form]
	violations := &x.view.Edition.Def.Terms.Severity.Violations
	field := a.Field
	if added := form != nil && a.Form == violations.Form && a.Column == "" && violations.Adds(a.Field); added {
		field = violations.Table
	}
	asked := x.asked
	x.each(procedure.FieldRef{Form: a.Form, Field: field}, func(m Mark, v procedure.Value) {
		if fen, at, ok = 0, m, !v.Empty(); !ok {
			return
		}
		switch {
		case field != a.Field:
			fen = procedure.Fen(charges.Table{Violations: violations, Rows: v.Rows}.Sum(a.Field))
		case a.Column == "":
			fen = procedure.Fen(v)
		}
		for _, r := range v.Rows {
			fen += procedure.Fen(procedure.TextValue(r[a.Column]))
		}
	})
	x.asked = asked // only what is compared was asked
	return fen, at, ok
}

func (x *looker) missing(m *Missing) {
	_, day, ok := x.bounds(m.After)
	if !ok || len(m.When) > 0 && len(x.issued(m.When)) == 0 {
		return
	}
	x.asked = true
	for _, f := range m.Forms {
		if len(x.papers(f)) > 0 {
			return
		}
	}
	x.mark(Mark{At: m.Forms[0], Fact: m.After, Day: day})
}

// Fits tells what a rule names that the procedure and its forms don't have: "clock x", "field LJ16.y". Empty: all is there.
func (r *Rule) Fits(ed *procedure.Edition) []string {
	var lacks []string
	lack := func(ok bool, what string, of ...any) {
		if !ok {
			lacks = append(lacks, fmt.Sprintf(what, of...))
		}
	}
	fact := func(id procedure.FactID) { lack(ed.Def.Fact(id) != nil, "fact %s", id) }
	forms := func(ids ...procedure.FormID) {
		for _, id := range ids {
			lack(ed.Forms[id] != nil, "form %s", id)
		}
	}
	field := func(f procedure.FieldRef) {
		form := ed.Forms[f.Form]
		lack(form != nil && form.Field(f.Field) != nil, "field %s", f)
	}
	k := &r.Check
	for _, id := range k.Late {
		lack(ed.Def.Clock(id) != nil, "clock %s", id)
	}
	if k.Order != [2]procedure.FactID{} {
		fact(k.Order[0])
		fact(k.Order[1])
	}
	if k.Skipped != nil {
		fact(k.Skipped.Fact)
		forms(k.Skipped.Forms...)
	}
	forms(k.Backward...)
	if k.After != nil {
		fact(k.After.Fact)
		forms(k.After.Form)
		form := ed.Forms[k.After.Form]
		lack(form == nil || form.Part(k.After.Part) != nil, "part %s of %s", k.After.Part, k.After.Form)
	}
	if k.Unserved != nil {
		fact(k.Unserved.Fact)
		lack(ed.Def.Clock(k.Unserved.While) != nil, "clock %s", k.Unserved.While)
		forms(k.Unserved.Forms...)
	}
	forms(k.Unsigned...)
	if k.Few != nil {
		field(k.Few.At)
	}
	for _, f := range slices.Concat(k.Empty, k.Differ) {
		field(f)
	}
	for _, side := range k.Sums {
		for _, a := range side {
			field(a.FieldRef)
			if form := ed.Forms[a.Form]; form != nil && form.Field(a.Field) != nil && a.Column != "" {
				lack(slices.ContainsFunc(form.Field(a.Field).Columns, func(c procedure.Field) bool { return c.ID == a.Column }), "column %s.%s", a.FieldRef, a.Column)
			}
		}
	}
	if k.Not != nil {
		field(k.Not.At)
	}
	if k.Missing != nil {
		fact(k.Missing.After)
		forms(slices.Concat(k.Missing.Forms, k.Missing.When)...)
	}
	if r.By != "" {
		known := procedure.BuiltinForm(r.By) != nil
		ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) { known = known || a.ID == r.By })
		lack(known, "action %s", r.By)
	}
	return lacks
}

// Name is what the check is called in the rules.
func (k *Check) Name() string {
	switch {
	case len(k.Late) > 0 || k.Any != "":
		return "late"
	case k.Order != [2]procedure.FactID{}:
		return "order"
	case k.Skipped != nil:
		return "skipped"
	case len(k.Backward) > 0 || k.Unasked:
		return "backward"
	case k.Owed:
		return "owed"
	case k.After != nil:
		return "after"
	case k.Unserved != nil:
		return "unserved"
	case len(k.Unsigned) > 0:
		return "unsigned"
	case k.Few != nil:
		return "few"
	case len(k.Empty) > 0:
		return "empty"
	case k.Not != nil:
		return "not"
	case len(k.Differ) > 0 || len(k.Sums) > 0:
		return "differ"
	case k.Missing != nil:
		return "missing"
	case k.Open:
		return "open"
	}
	return ""
}
