package rules

import (
	"slices"
	"strconv"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

func init() {
	guardSpecs = map[string]guardSpec{
		"certified": {check: certified,
			doc: "each of these people holds an enforcement certificate valid on the fact day, and they are enough"},
		"staff": {check: staff,
			doc: "these people are enough, and of these posts"},
		"before-due": {code: refusal.ClockExpired, check: beforeDue,
			doc: "the clock runs and the fact day is not after its due day; of a suspension, before it"},
		"extendable": {check: extendable,
			doc: "the clock's extensions are not used up"},
		"not-after-due": {code: refusal.ClockExpired, check: notAfterDue,
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
		"not-since": {check: func(s *View, a procedure.Arg) (bool, refusal.Args) { met, args := since(s, a); return !met, args },
			doc: "the first fact is not set, or was before the second's latest day"},
		"in-time": {check: inTime,
			doc: "the fact day, or the day of posting where the paper gives one, lies within the window, which was not given up before"},
		"not-followed": {check: func(s *View, a procedure.Arg) (bool, refusal.Args) { met, args := followed(s, a); return !met, args },
			doc: "one of these facts was set and not followed by that one"},
		"followed": {check: followed, doc: "each of these facts that is set was followed by that one, for the same document and respondent"},
		"reached":  {check: reached, doc: "the fact day is not before that day"},
		"late-charge": {check: lateCharge,
			doc: "the charge with those before it is not above 3 % of the fine for each day after the clock's due day that counts, nor above the fine"},
		"issued": {check: formsIssued, doc: "a document of each of these forms is issued"},
		"to-issue": {check: toIssue,
			doc: "of some whom it concerns no document of the form waits to be served: none is issued, or the fact was set since"},
		"filled": {check: formsFilled, doc: "a paper of each of these forms is filled"},
		"notice-covers": {check: noticeCovers,
			doc: "a notice already served covers the outcome now approved: no further kind, no higher sum; one from before these facts doesn't count"},
		"major": {check: major,
			doc: "the penalty is major: a licence revoked, a large fine or a large confiscation"},
		"at-most": {check: atMost,
			doc: "the sum is not above the office's setting"},
		"at-least": {check: atLeast,
			doc: "the sum reaches the office's setting"},
		"nothing-owed": {check: nothingOwed,
			doc: "what was paid covers what is owed; without `paid`: nothing was ever to be paid; `by`: only what a document of these forms in force says; `unless`: nothing after that fact"},
		"outstanding": {check: outstanding,
			doc: "something is owed of one of the procedure's debts, or a document of `by` is in force and `done` was not set since it was issued"},
		"owing":       {check: owing, doc: "something is still owed before what is recorded now; of a sum of 0 it asks nothing"},
		"come":        {check: come, doc: "each of these facts is set, and the fact day is not before the day that counts of it"},
		"together":    {check: allTogether, doc: "all respondents stand where the action stands"},
		"one-outcome": {check: oneOutcome, doc: "the form gives no party both no penalty and something else"},
		"once-each":   {check: onceEach, doc: "no two rows of the table name one party"},
		"no-heavier": {check: noHeavier,
			doc: "what is signed now is not heavier than what that part of the form proposed, nor of another kind"},
		"several": {check: several, doc: "the table of the case has more than one row"},
		"parties": {check: partiesOnly, doc: "each row of the table names a party of the case"},
		"none-of": {check: noneOf, doc: "none of these people holds one of these roles"},
		"kinds-present": {check: kindsPresent,
			doc: "each of these kinds of participants is present; one whose post is vacant that day may be missing"},
		"share":      {check: share, doc: "the number is so many percent of the other, rounded up, and no more than it"},
		"all-items":  {check: allItems, doc: "each choice of the column has its row in the table"},
		"no-row":     {check: noRow, doc: "no row of the table has that value in the column"},
		"other-than": {code: refusal.SeparationOfDuty, check: otherThan, doc: "another person than did that action"},
		"ahead": {check: ahead,
			doc: "the fact day leaves so many full days before that day"},
		"linked":      {check: isLinked, doc: "a case of that procedure is linked"},
		"no-findings": {check: NoFindings, doc: "no finding is open"},
		"did":         {check: did, doc: "each of these actions was taken in this case"},
		"never":       {check: func(*View, procedure.Arg) (bool, refusal.Args) { return false, nil }, doc: "never: the text says why, and `when:` says of what"},
		"pending":     {check: func(*View, procedure.Arg) (bool, refusal.Args) { return false, nil }, doc: "never: the text says what is missing"},
	}
}

// Momentary tells whether the guard asks only about the moment at which the action is taken: where walks stand, who has
// a role, what is found. No correction of a day or a value changes that, so it is not asked again.
func (s *View) Momentary(g *procedure.Guard) bool {
	switch g.Name {
	case "at-rest", "walk-in", "no-findings", "none-of", "pending":
		return true
	case "certified", "staff": // of a role: who has it by now was not asked then
		_, typed := s.Value("", procedure.FieldID(g.Arg.Named["people"].Text))
		return !typed
	}
	return false
}

// Guard evaluates one guard of an action; nil when it holds or does not apply.
func (s *View) Guard(g *procedure.Guard) *refusal.Condition {
	if g.When != nil && !s.Holds(g.When) {
		return nil
	}
	spec, ok := guardSpecs[g.Name]
	if !ok {
		return &refusal.Condition{Code: refusal.Code(g.Name), Law: g.Law, Guard: g}
	}
	met, args := spec.check(s, g.Arg)
	if met {
		return nil
	}
	c := &refusal.Condition{Code: spec.code, Args: args, Law: g.Law, Guard: g}
	if c.Code == "" {
		c.Code = refusal.Code(g.Name)
	}
	if g.Name == "pending" || g.Name == "never" {
		c.Text = procedure.Label{ZH: g.Arg.Text}
	}
	return c
}

func atRest(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, id := range a.Strings() {
		for _, w := range s.Case.Walks[1:] {
			if w.Def != procedure.WalkID(id) || w.Party != "" && s.View != nil && !slices.Contains(s.View, w.Party) {
				continue
			}
			def := s.Edition.Def.Walk(w.Def)
			if st := def.State(w.State); st != nil && !def.Resting(st) {
				return false, refusal.Args{"walk": id, "state": string(w.State)}
			}
		}
	}
	return true, nil
}

func walkIn(s *View, a procedure.Arg) (bool, refusal.Args) {
	id := procedure.WalkID(a.Named["walk"].Text)
	for _, st := range a.Named["states"].Strings() {
		for _, w := range s.Case.Walks {
			if w.Def == id && w.State == procedure.StateID(st) && !(id == procedure.Main && s.View != nil) && (w.Party == "" || s.View == nil || slices.Contains(s.View, w.Party)) {
				return true, nil
			}
		}
		if id == procedure.Main && slices.ContainsFunc(s.View, func(p string) bool { return s.Case.Stands(p) == procedure.StateID(st) }) {
			return true, nil
		}
	}
	return false, refusal.Args{"walk": string(id)}
}

func isLinked(s *View, a procedure.Arg) (bool, refusal.Args) {
	return s.Linked != nil && s.Linked(procedure.WorkflowID(a.Text)), refusal.Args{"workflow": a.Text}
}

func NoFindings(s *View, _ procedure.Arg) (bool, refusal.Args) {
	n := 0
	for _, f := range s.Case.Findings {
		if f.Answered == 0 && f.Seq < s.Upto && f.Code != "no-findings" {
			n++
		}
	}
	return n == 0, refusal.Args{"n": strconv.Itoa(n)}
}

func did(s *View, a procedure.Arg) (bool, refusal.Args) {
	for _, want := range a.Strings() {
		found := false
		for _, t := range s.Case.Taken {
			found = found || t.Action == procedure.ActionID(want) && t.Seq < s.Upto && casefile.Overlap(t.Parties, s.View)
		}
		if !found {
			return false, refusal.Args{"action": want}
		}
	}
	return true, nil
}
