package scenario_test

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
	"dossier/seeds/fixture"
)

// trials collects what the scenarios see of the conditions that the procedures put on their actions: each must have
// refused once (or, with `blocks: false`, left a finding), with its clause; and those of one action that can fail at one
// time must once have been told in one answer.
type trials struct {
	mu    sync.Mutex
	lines map[*procedure.Guard]string // "labour-case finish-notice: every notice-served"; of a line in several states the same
	gates map[string][]string         // "labour-case finish-notice/prior-notice" → the lines that refuse there
	unmet map[string]bool
	told  []map[string]bool // the lines of each refusal
	bare  map[string]bool   // lines told without a clause
	raw   map[string]bool   // sentences with a word or a place that is none for people
	done  int               // scenarios played
}

func newTrials(t *testing.T) *trials {
	t.Helper()
	c := fixture.Brought(t)
	r := &trials{lines: map[*procedure.Guard]string{}, gates: map[string][]string{}, unmet: map[string]bool{}, bare: map[string]bool{}, raw: map[string]bool{}}
	for _, ed := range c.Editions {
		ed.Def.Each(func(_ *procedure.Walk, st *procedure.State, a *procedure.Action) {
			name := string(ed.Def.ID) + " " + string(a.ID)
			for i := range a.Guards {
				g := &a.Guards[i]
				if g.Owes != nil { // what files owe has a test of its own
					continue
				}
				r.lines[g] = name + ": " + written(g)
				if st != nil && !g.Soft {
					r.gates[name+"/"+string(st.ID)] = append(r.gates[name+"/"+string(st.ID)], r.lines[g])
				}
			}
		})
	}
	return r
}

// written is a condition as one line of text, as the procedure's file has it.
func written(g *procedure.Guard) string {
	s := call(g.GuardCall)
	if g.When != nil {
		s += ", when"
		for _, f := range g.When.Fields {
			s += " " + strings.TrimPrefix(string(f.Form)+"."+string(f.Field), ".") + ": " + strings.Join(f.Values, " ")
		}
		if g.When.Is != nil {
			s += " is " + call(*g.When.Is)
		}
	}
	return s
}

func call(g procedure.GuardCall) string {
	s := []string{g.Name}
	s = append(s, g.Arg.Strings()...)
	for _, k := range slices.Sorted(maps.Keys(g.Arg.Named)) {
		s = append(s, k+"="+strings.Join(g.Arg.Named[k].Strings(), "+"))
	}
	return strings.Join(s, " ")
}

// unsaid is what no sentence may hold: a place that was not filled, or an English word where Chinese is spoken.
var unsaid = map[text.Lang]*regexp.Regexp{text.ZH: regexp.MustCompile(`[{}]|[a-z]{3,}`), text.EN: regexp.MustCompile(`[{}]`)}

// watch is told of each step that is played.
func (r *trials) watch(v *desk.CaseView, e *refusal.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v != nil {
		for _, f := range v.Case.Findings {
			if f.Guard < 0 {
				continue
			}
			for _, x := range v.Case.Taken {
				if x.Seq != f.Seq {
					continue
				}
				if a := taken(v.Edition.Def, x); a != nil && f.Guard < len(a.Guards) {
					r.unmet[r.lines[&a.Guards[f.Guard]]] = true
				}
			}
		}
	}
	if e == nil {
		return
	}
	told := map[string]bool{}
	for _, c := range e.Conditions {
		for lang, raw := range unsaid {
			if said := e.SayCondition(lang, c); raw.MatchString(said) {
				r.raw[said] = true
			}
		}
		if c.Guard == nil {
			continue
		}
		l := r.lines[c.Guard]
		told[l], r.unmet[l] = true, true
		r.bare[l] = r.bare[l] || len(c.Law.Cites) == 0
	}
	r.told = append(r.told, told)
}

// taken is the action of the procedure that was taken.
func taken(d *procedure.Definition, x casefile.Taken) *procedure.Action {
	id := x.Walk
	if d.Walk(id) == nil { // evidence-2 is a walk evidence
		id = id[:max(0, strings.LastIndexByte(string(id), '-'))]
	}
	w := d.Walk(id)
	if w == nil || w.State(x.From) == nil {
		return nil
	}
	return w.State(x.From).Action(x.Action)
}

func (r *trials) played() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
}

// except is a condition that is not held to the rule: how its line begins, and why.
type except struct{ line, why string }

// apart are conditions that can't fail together with the others of their action, and why.
var apart = []except{
	{"labour-case confirm-decision: followed", "a hearing that was asked for is concluded before the decision is drafted"},
	{"labour-case request-hearing: in-time clock=statement", "a hearing was offered or was not"},
	{"labour-case serve-prior-notice: did record-attempt", "it is served in one way"},
	{"labour-case record-service: did record-attempt", "it is served in one way"},
	{"labour-case serve-demand: did record-attempt", "it is served in one way"},
	{"labour-case serve-demand: outstanding", "what is asked as a late charge is outstanding"},
	{"labour-case issue-demand: outstanding", "what is asked as a late charge is outstanding"},
	{"labour-case issue-demand: late-charge", "while a demand waits to be served no other is filled"},
	{"labour-case serve-demand: never 当事人没有签署", "the way of service is tried by itself"},
	{"labour-case submit-proposal: notice-covers", "a defence is made of a proposal that had one outcome for each party"},
	{"labour-case request-instalments: extendable payment", "without a fine there is no period to extend"},
	{"labour-case propose-further-handling: window-over correction", "the period is over once all have corrected, and runs only of an order issued"},
	{"labour-case skip-legal-review: since legally-reviewed hearing-held", "what needed a review had one before the hearing"},
	{"labour-case confirm-decision: since legally-reviewed hearing-held", "after a hearing both were passed once: tried as a pair"},
	{"labour-case confirm-decision: since discussed hearing-held", "as above"},
	{"labour-case confirm-decision: set legally-reviewed, when LJ16.law-58", "it is marked by the captain, whose mark leads to the review"},
	{"labour-case record-review: since reconsideration-sought decided", "a decision on the spot is served on the spot"},
	{"labour-case record-review: window-over review-period", "a review that is pending is of a decision that was served"},
	{"labour-case end-hearing: reached", "no day is fixed before the notice of the hearing"},
	{"labour-case serve-demand: come served", "nothing is reviewed before it was served"},
	{"labour-case serve-demand: never 复议变更", "a decision that was changed was served and reviewed"},
	{"labour-case record-handover: set", "only what was decided is handed over, and then again"},
	{"* renew-deadline: not-since", "what was renewed was late"},
	{"* issue-deadline: not-since", "as above"},
	{"* issue-deadline: to-issue", "as above"},
	{"* renew-deadline: leaves-time", "as above"},
	{"fund-supervision decide: set handling-notice-served", "what was told of nothing was not heard"},
	{"fund-supervision decide: since legally-reviewed hearing-held", "a hearing that was asked for was not held yet"},
	{"insurance-audit serve-decision: did record-attempt", "it is served in one way"},
	{"insurance-audit issue-notice: to-issue fact=notice-served form=JH02", "the audit is in writing or on the spot"},
	{"insurance-audit serve-notice: ahead by=3 days day=JH02", "as above"},
	{"insurance-audit start-audit: reached JH02", "as above"},
	{"fund-supervision issue-conclusion: to-issue fact=conclusion-served form=JD06", "there is one conclusion"},
	{"training-check issue-handling: to-issue", "one consequence at a time"},
	{"special-hours-check issue-hearing-notice: to-issue", "a notice waits only where a hearing was asked for"},
	{"agency-check issue-hearing-notice: to-issue", "as above"},
	{"medical-check issue-hearing-notice: to-issue", "as above"},
	{"training-check issue-hearing-notice: to-issue", "as above"},
	{"fund-supervision issue-hearing-notice: to-issue", "as above"},
	{"special-hours-check approve-handling: no-heavier", "its notice tells of the withdrawal alone"},
	{"training-check approve-handling: no-heavier", "as above"},
	{"insurance-audit refer-for-penalty: window-over", "the period runs once the decision is served"},
	{"training-check finish-check: set ordered", "a record asks for rectification or for handling"},
	{"training-check propose-handling: set unplanned-third", "one consequence at a time"},
	{"special-hours-check finish-check: since ordered checked", "a record asks for rectification or for handling"},
	{"dispatch-check finish-check: since ordered checked", "a record asks for rectification or for handling"},
	{"agency-check finish-check: since ordered checked", "a record asks for rectification or for handling"},
	{"medical-check finish-check: since ordered checked", "a record asks for rectification or for handling"},
	{"subsidy-check finish-check: since ordered checked", "a record asks for rectification or for handling"},
	{"agency-check propose-handling: never 不予通过年审", "one consequence at a time"},
	{"campaign finish-campaign: set publicised", "a campaign is of one kind"},
	{"medical-check approve-handling: never 告知的是暂停定点资格", "one notice at a time"},
}

// sure are conditions that no road through the procedure leaves unmet, asked once more before something irrevocable.
var sure = []except{
	{"labour-case confirm-decision: set legally-reviewed, when LJ16.law-58", "the captain's mark leads to the review, which can't be skipped then"},
	{"special-hours-check approve-handling: no-heavier", "its notice tells of the withdrawal alone"},
	{"training-check approve-handling: no-heavier", "as above"},
}

// among tells whether a line is one of those of a table; a star stands for every procedure.
func among(table []except, line string) bool {
	_, rest, _ := strings.Cut(line, " ")
	return slices.ContainsFunc(table, func(x except) bool { return strings.HasPrefix(line, x.line) || strings.HasPrefix("* "+rest, x.line) })
}

// check is asked when all scenarios are played; a run of some of them says nothing of the rest.
func (r *trials) check(t *testing.T, files int) {
	for _, said := range slices.Sorted(maps.Keys(r.raw)) {
		t.Errorf("a condition is told as %q", said)
	}
	if r.done < files {
		return
	}
	for _, l := range slices.Sorted(maps.Values(r.lines)) {
		switch {
		case r.unmet[l] && among(sure, l):
			t.Errorf("a condition that was thought to hold on every road failed: %s", l)
		case !r.unmet[l] && !among(sure, l):
			t.Errorf("no scenario sees this condition fail: %s", l)
			r.unmet[l] = true // said once
		}
		if r.bare[l] {
			t.Errorf("a refusal without a clause: %s", l)
		}
	}
	for _, g := range slices.SortedFunc(maps.Keys(r.gates), cmp.Compare) {
		want := slices.DeleteFunc(slices.Clone(r.gates[g]), func(l string) bool { return among(apart, l) })
		if len(want) < 2 {
			continue
		}
		all := func(told map[string]bool) bool {
			return !slices.ContainsFunc(want, func(l string) bool { return !told[l] })
		}
		if !slices.ContainsFunc(r.told, all) {
			t.Errorf("no refusal of %s tells all of these together:\n  %s", g, strings.Join(want, "\n  "))
		}
	}
}
