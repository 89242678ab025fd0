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
		"certified":           {check: certified},
		"staff":               {check: staff},
		"before-due":          {code: refusal.ClockExpired, check: beforeDue},
		"extendable":          {check: extendable},
		"not-after-due":       {code: refusal.ClockExpired, check: notAfterDue},
		"window-over":         {check: windowOver},
		"window-open":         {check: windowOpen},
		"at-rest":             {check: atRest},
		"walk-in":             {check: walkIn},
		"set":                 {check: allSet},
		"unset":               {check: noneSet},
		"any-set":             {check: anySet},
		"every":               {check: allSet},
		"since":               {check: since},
		"not-since":           {check: func(s *View, a procedure.Arg) (bool, refusal.Args) { met, args := since(s, a); return !met, args }},
		"in-time":             {check: inTime},
		"not-followed":        {check: func(s *View, a procedure.Arg) (bool, refusal.Args) { met, args := followed(s, a); return !met, args }},
		"followed":            {check: followed},
		"reached":             {check: reached},
		"up-to":               {check: upTo},
		"leaves-time":         {check: leavesTime},
		"late-charge":         {check: lateCharge},
		"issued":              {check: formsIssued},
		"to-issue":            {check: toIssue},
		"filled":              {check: formsFilled},
		"notice-covers":       {check: noticeCovers},
		"major":               {check: major},
		"at-most":             {check: against(func(have, limit int64) bool { return have <= limit })},
		"at-least":            {check: against(func(have, limit int64) bool { return have >= limit })},
		"nothing-owed":        {check: nothingOwed},
		"outstanding":         {check: outstanding},
		"nothing-outstanding": {check: func(s *View, a procedure.Arg) (bool, refusal.Args) { met, args := outstanding(s, a); return !met, args }},
		"owing":               {check: owing},
		"come":                {check: come},
		"together":            {check: allTogether},
		"one-outcome":         {check: oneOutcome},
		"once-each":           {check: onceEach},
		"no-heavier":          {check: noHeavier},
		"several":             {check: several},
		"parties":             {check: partiesOnly},
		"none-of":             {check: noneOf},
		"kinds-present":       {check: kindsPresent},
		"share":               {check: share},
		"all-items":           {check: allItems},
		"no-row":              {check: noRow},
		"other-than":          {code: refusal.SeparationOfDuty, check: otherThan},
		"ahead":               {check: ahead},
		"linked":              {check: isLinked},
		"no-findings":         {check: NoFindings},
		"did":                 {check: did},
		"never":               {check: func(*View, procedure.Arg) (bool, refusal.Args) { return false, nil }},
		"pending":             {check: func(*View, procedure.Arg) (bool, refusal.Args) { return false, nil }},
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
	main := id == procedure.Main && s.View != nil // they may stand apart
	for _, st := range a.Named["states"].Strings() {
		if slices.ContainsFunc(s.Case.Walks, func(w casefile.WalkState) bool {
			return w.Def == id && w.State == procedure.StateID(st) && !main && (w.Party == "" || s.View == nil || slices.Contains(s.View, w.Party))
		}) || main && slices.ContainsFunc(s.View, func(p string) bool { return s.Case.Stands(p) == procedure.StateID(st) }) {
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
		if !slices.ContainsFunc(s.Case.Taken, func(t casefile.Taken) bool {
			return t.Action == procedure.ActionID(want) && t.Seq < s.Upto && casefile.Overlap(t.Parties, s.View)
		}) {
			return false, refusal.Args{"action": want}
		}
	}
	return true, nil
}
