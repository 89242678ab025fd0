// Package review is the self-check of a case file (案卷评查自检): rules that are data, each a question that a file reviewer
// asks, answered from the case as it stands. It is pure: nothing is kept, so an answer is never older than the case.
//
// A rule names one of the checks below and what it looks at. What a rule asks about and the case doesn't have, it does not
// mark: what the file lacks is told by the rules that ask for papers.
package review

import (
	"fmt"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
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

// Check is what a rule looks at: one of the kinds in this package, each a type that stands with what it does.
type Check interface {
	Name() string // what it is called in the rules; kinds that are told alike share one
	ask(*looker)
	fits(*needs)
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
		x.rule.Check.ask(&x)
		switch {
		case len(x.marks) > 0:
			r.Marks = append(r.Marks, x.marks...)
			r.Points -= ask[i].Points
			if _, each := ask[i].Check.(Owed); each {
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

// bounds are the first and the last of a fact's days; ok is false when it has none.
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

// needs gathers what a rule names and an edition lacks.
type needs struct {
	ed    *procedure.Edition
	lacks []string
}

func (n *needs) lack(ok bool, what string, of ...any) {
	if !ok {
		n.lacks = append(n.lacks, fmt.Sprintf(what, of...))
	}
}

func (n *needs) clock(id procedure.ClockID) { n.lack(n.ed.Def.Clock(id) != nil, "clock %s", id) }

func (n *needs) fact(id procedure.FactID) { n.lack(n.ed.Def.Fact(id) != nil, "fact %s", id) }

func (n *needs) forms(ids ...procedure.FormID) {
	for _, id := range ids {
		n.lack(n.ed.Forms[id] != nil, "form %s", id)
	}
}

func (n *needs) fields(refs ...procedure.FieldRef) {
	for _, f := range refs {
		form := n.ed.Forms[f.Form]
		n.lack(form != nil && form.Field(f.Field) != nil, "field %s", f)
	}
}

// Fits tells what a rule names that the procedure and its forms don't have: "clock x", "field LJ16.y". Empty: all is there.
func (r *Rule) Fits(ed *procedure.Edition) []string {
	n := &needs{ed: ed}
	r.Check.fits(n)
	if r.By != "" {
		known := procedure.BuiltinForm(r.By) != nil
		ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) { known = known || a.ID == r.By })
		n.lack(known, "action %s", r.By)
	}
	return n.lacks
}
