package engine_test

import (
	"slices"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

var why = with("reason=写错了")

// findings tells the open findings as "action guard code".
func (s *stage) findings(t testing.TB, id casefile.CaseID) []string {
	t.Helper()
	out := []string{}
	for _, f := range s.snapshot(t, id).Findings {
		if f.Answered == 0 {
			out = append(out, string(f.Action)+" "+f.Code)
		}
	}
	return out
}

// worked is a case with each of its facts on a day of its own.
func (s *stage) worked(t testing.TB) casefile.CaseID {
	t.Helper()
	s.on(day(t, "03-02"))
	id := s.begin(t, "papers")
	for _, x := range []struct{ on, step string }{
		{"03-03", "clerk submit"}, {"03-04", "reviewer pass"}, {"03-05", "captain approve"}, {"03-06", "officer check"}} {
		s.on(day(t, x.on))
		s.take(t, id, x.step)
	}
	return id
}

func TestRecall(t *testing.T) {
	tests := []struct {
		name   string
		before []string // then the state is remembered
		steps  []string // then recalled
		by     office.PersonID
		papers []string
	}{
		{"the paper that it opened is put away", nil, []string{"clerk submit"}, "clerk", []string{"S08 shut: body/clerk past"}},
		{"a signature", []string{"clerk submit"}, []string{"reviewer pass"}, "reviewer", []string{"S08 open: body/clerk, review/reviewer past"}},
		{"a return", []string{"clerk submit", "reviewer pass"}, []string{"captain return-it"}, "captain",
			[]string{"S08 open: body/clerk, review/reviewer, approval/captain past"}},
		{"a mark", nil, []string{"clerk jot"}, "clerk", []string{}},
		{"a mark that was there", []string{"clerk jot"}, []string{"clerk jot"}, "clerk", []string{}},
		{"voided facts and released roles", append(filed[:3:3], "officer check"), []string{"officer hush"}, "officer", []string{"S08 doc 1: body/clerk, review/reviewer, approval/captain"}},
		{"a side walk's step", filed, []string{"officer ask"}, "officer",
			[]string{"S08 doc 1: body/clerk, review/reviewer, approval/captain", "S09 shut: body/officer past"}},
		{"the end of the case", filed, []string{"officer finish"}, "officer", []string{"S08 doc 1: body/clerk, review/reviewer, approval/captain"}},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t)
			id := s.begin(t, "papers", x.before...)
			was := s.snapshot(t, id)
			clocks := s.clocks(t, id)
			s.take(t, id, x.steps...)
			s.do(t, id, x.by, "recall", why)
			c := s.snapshot(t, id)
			same(t, "state", c.Main(), was.Main())
			for _, w := range c.Walks[1:] {
				same(t, "walk "+string(w.ID), w.State, s.edition(t, c.Edition).Def.Walk(w.Def).States[0].ID)
			}
			same(t, "roles", c.Roles, was.Roles)
			same(t, "shared", c.Shared, was.Shared)
			same(t, "marks", append([]string{}, c.Marks...), append([]string{}, was.Marks...))
			same(t, "taken", len(c.Taken), len(was.Taken))
			same(t, "ended", []any{c.Ended, c.EndDay}, []any{was.Ended, was.EndDay})
			same(t, "clocks", s.clocks(t, id), clocks)
			same(t, "papers", s.papers(t, id), x.papers)
			s.prove(t)
		})
	}
	t.Run("one's own steps, one after another", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "clerk jot", "clerk submit")
		s.do(t, id, "clerk", "recall", why)
		s.do(t, id, "clerk", "recall", why)
		if c := s.snapshot(t, id); len(c.Marks) != 0 {
			t.Errorf("marks %v", c.Marks)
		}
		s.refuse(t, "issued-something", id, "clerk", "recall", why) // the opening gave a number
		s.take(t, id, "clerk submit", "reviewer pass")
		same(t, "papers", s.papers(t, id), []string{"S08 shut: body/clerk past", "S08 open: body/clerk, review/reviewer"})
		s.prove(t)
	})
	t.Run("refused", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "clerk submit")
		s.refuse(t, refusal.FieldInvalid, id, "clerk", "recall") // without a reason
		s.refuse(t, refusal.NotYourGate, id, "reviewer", "recall", why)
		s.do(t, id, "captain", "note", with("text=看过"))
		s.refuse(t, "acted-since", id, "clerk", "recall", why)
		s.take(t, id, "reviewer pass", "captain approve")
		s.refuse(t, "issued-something", id, "captain", "recall", why)
		s.refuse(t, "acted-since", id, "clerk", "recall", why)
	})
	t.Run("not past a timer", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
		s.on(day(t, "03-16"))
		if n, err := s.Sweep(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d timers, %v", n, err)
		}
		s.refuse(t, "acted-since", id, "officer", "recall", why)
	})
}

func TestCorrectFact(t *testing.T) {
	fix := func(name, d string) func(*casefile.Command) {
		return with("name="+name, "day=2026-"+d, "reason=写错了")
	}
	t.Run("who may", func(t *testing.T) {
		s := staffed(t)
		id := s.worked(t)
		s.do(t, id, "clerk", "correct-fact", fix("submitted", "03-02"))
		s.do(t, id, "captain2", "correct-fact", fix("submitted", "03-03"))
		s.do(t, id, "leader", "correct-fact", fix("submitted", "03-02"))
		s.refuse(t, refusal.NotYourGate, id, "officer", "correct-fact", fix("submitted", "03-03"))
		s.refuse(t, refusal.NotYourGate, id, "clerk", "correct-fact", fix("checked", "03-05"))
		s.refuse(t, refusal.FieldInvalid, id, "clerk", "correct-fact", with("name=submitted", "day=2026-03-03"))
		s.prove(t)
	})
	t.Run("which days", func(t *testing.T) {
		s := staffed(t)
		id := s.worked(t)
		s.on(day(t, "03-10"))
		s.refuse(t, refusal.FactInFuture, id, "captain", "correct-fact", fix("checked", "03-11"))
		s.refuse(t, refusal.FactBeforeCause, id, "captain", "correct-fact", fix("agreed", "03-02"))
		s.refuse(t, refusal.FactBeforeCause, id, "captain", "correct-fact", fix("submitted", "03-01"))
		s.refuse(t, refusal.FieldInvalid, id, "captain", "correct-fact", fix("checked", "03-07")) // a Saturday
		s.refuse(t, refusal.FieldInvalid, id, "captain", "correct-fact", fix("checked", "02-30"))
		s.refuse(t, refusal.FieldInvalid, id, "captain", "correct-fact", fix("over", "03-05"))    // not set
		s.refuse(t, refusal.FieldInvalid, id, "captain", "correct-fact", fix("nothing", "03-05")) // unknown
		s.do(t, id, "captain", "correct-fact", fix("checked", "03-10"))
		s.do(t, id, "captain", "correct-fact", fix("checked", "03-05"))
		s.prove(t)
	})
	t.Run("one of several by its key", func(t *testing.T) {
		s := staffed(t)
		id := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Values["respondents"] = "papers", rows("name", "甲", "乙") }).Case.ID
		s.take(t, id, append(filed[:3:3], "officer tell")...)
		s.on(day(t, "03-10"))
		s.do(t, id, "officer", "tell-one", with("document=2", "respondent=甲"), s.fact(t, "03-04"))
		s.do(t, id, "officer", "tell-one", with("document=3", "respondent=乙"), s.fact(t, "03-05"))
		s.do(t, id, "officer", "correct-fact", fix("told#/甲", "03-06"))
		var got []string
		for _, d := range s.snapshot(t, id).Days {
			if d.Fact == "told" {
				got = append(got, d.Key+" "+d.Day.String())
			}
		}
		same(t, "told", got, []string{"/甲 2026-03-06", "/乙 2026-03-05"})
	})
	t.Run("what no longer holds becomes a finding and goes away when it holds again", func(t *testing.T) {
		s := staffed(t)
		id := s.worked(t)
		same(t, "findings", s.findings(t, id), []string{})
		s.do(t, id, "clerk", "correct-fact", fix("received", "02-25")) // 5 working days end on 3 March: the 28th is one
		same(t, "findings", s.findings(t, id), []string{"approve clock-expired"})
		s.refuse(t, "no-findings", id, "officer", "finish")
		s.do(t, id, "clerk", "correct-fact", fix("received", "02-27")) // they end on 5 March
		same(t, "findings", s.findings(t, id), []string{})
		s.refuse(t, refusal.FactBeforeCause, id, "clerk", "correct-fact", fix("submitted", "03-06")) // approved on the 5th
		same(t, "findings", s.findings(t, id), []string{})
		s.do(t, id, "clerk", "correct-fact", fix("received", "02-25"))
		same(t, "findings", s.findings(t, id), []string{"approve clock-expired"})
		s.refuse(t, refusal.NotYourGate, id, "officer", "answer-finding", with("finding=approve", "reason=已核"))
		s.do(t, id, "captain", "answer-finding", with("finding=approve", "reason=已核"))
		same(t, "findings", s.findings(t, id), []string{})
		s.refuse(t, refusal.FieldInvalid, id, "captain", "answer-finding", with("finding=approve", "reason=已核"))
		s.take(t, id, "officer finish")
		s.prove(t)
	})
	t.Run("an action recorded late brings its findings too", func(t *testing.T) {
		s := staffed(t)
		id := s.worked(t)
		s.on(day(t, "03-20"))
		s.do(t, id, "officer", "check", s.fact(t, "03-12"))
		same(t, "findings", s.findings(t, id), []string{})
		s.do(t, id, "officer", "check", s.fact(t, "03-13"))
		same(t, "findings", s.findings(t, id), []string{})
	})
}

func TestCorrectValue(t *testing.T) {
	fix := func(name, value string) func(*casefile.Command) {
		return with("name="+name, "value="+value, "reason=写错了")
	}
	s := staffed(t)
	id := s.begin(t, "papers")
	s.do(t, id, "clerk", "submit", with("sum=1"))
	s.do(t, id, "clerk", "correct-value", fix("S08.sum", "1234.5"))
	s.do(t, id, "clerk", "correct-value", fix("facts", "欠薪三个月。"))
	s.do(t, id, "captain", "correct-value", fix("S08.employer", "任县戊公司"))
	c := s.snapshot(t, id)
	same(t, "values", []string{c.Papers[1].Parts[0].Values["sum"].Text, c.Papers[1].Parts[0].Values["facts"].Text, c.Shared["employer"].Text},
		[]string{"1234.50", "欠薪三个月。", "任县戊公司"})
	s.refuse(t, refusal.NotYourGate, id, "reviewer", "correct-value", fix("S08.sum", "1"))
	s.refuse(t, refusal.FieldInvalid, id, "clerk", "correct-value", fix("S08.sum", "一百"))
	s.refuse(t, refusal.FieldInvalid, id, "clerk", "correct-value", fix("S08.nothing", "1"))
	s.refuse(t, refusal.FieldInvalid, id, "clerk", "correct-value", fix("S09.reason", "1"))
	s.take(t, id, "reviewer pass", "captain approve")
	s.refuse(t, "document-issued", id, "captain", "correct-value", fix("S08.sum", "1"))
	s.prove(t)
}

// A party's name is mended after papers were issued: these keep the name that they bear and say that it was mended since, to
// whoever asks about them; another party's say nothing. What is voided and issued anew bears the new name and is not marked.
func TestNameMendedAfterPapers(t *testing.T) {
	s := staffed(t)
	id := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Values["respondents"] = "papers", rows("name", "甲", "乙") }).Case.ID
	s.take(t, id, append(filed[:3:3], "officer tell")...)
	s.on(day(t, "03-10"))
	s.do(t, id, "captain", "correct-value", with("respondent=甲", "name=respondents.name", "value=丙", "reason=执照上的名称"))
	told := func(n int) string {
		t.Helper()
		x, err := desk.CheckCode(s.Engine, s.snapshot(t, id).Issued[n-1].Code)
		if err != nil || x.Verdict != desk.Genuine {
			t.Fatalf("%+v, %v", x, err)
		}
		if x.Mended == 0 {
			return ""
		}
		return x.Mended.String()
	}
	same(t, "mended", []string{told(2), told(3)}, []string{"2026-03-10", ""})
	s.take(t, id, "officer tell")
	same(t, "issued anew", []string{told(2), told(4)}, []string{"2026-03-10", ""})
	s.prove(t)
}

func TestHandOver(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", "clerk submit", "reviewer pass")
	s.refuse(t, refusal.ConditionUnmet, id, "captain", "hand-over", with("officers=officer,officer2"), why) // nobody has it yet
	s.take(t, id, "captain approve")
	s.hire(t, map[office.PersonID]procedure.Actor{"officer3": "officer"})
	s.refuse(t, refusal.NotYourGate, id, "officer", "hand-over", with("officers=officer2,officer3"), why)
	s.refuse(t, "certified", id, "captain", "hand-over", with("officers=officer2"), why)
	s.refuse(t, "certified", id, "captain", "hand-over", with("officers=officer2,leader"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "hand-over", with("officers=officer2,officer3", "in-charge=officer"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "hand-over", with("officers=officer2,ghost"), why)
	s.do(t, id, "captain", "hand-over", with("officers=officer2,officer3", "in-charge=officer3"), why)
	c := s.snapshot(t, id)
	same(t, "roles", c.Roles, map[procedure.Actor][]office.PersonID{"assigned-officers": {"officer2", "officer3"}, "officer-in-charge": {"officer3"}})
	s.refuse(t, refusal.NotFound, id, "officer", "check") // no longer his case
	s.take(t, id, "officer3 check")
	s.prove(t)
}

// Who asks anew on a paper whose first request was taken back is the one who may take it back.
func TestTakeBackByWhoAsked(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", append(slices.Clone(filed), "officer ask", "officer take-back-request", "officer2 ask")...)
	s.refuse(t, refusal.NotYourGate, id, "officer", "take-back-request")
	s.take(t, id, "officer2 take-back-request", "officer ask", "leader grant")
	s.prove(t)
}

func TestVoidDocument(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", filed...)
	s.refuse(t, refusal.NotYourGate, id, "officer", "void-document", with("n=1"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "void-document", with("n=2"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "void-document", with("n=0"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "void-document", with("n=1"))
	s.do(t, id, "captain", "void-document", with("n=1"), why)
	s.refuse(t, refusal.FieldInvalid, id, "captain", "void-document", with("n=1"), why)
	s.take(t, id, "officer ask", "leader grant", "officer tell")
	var ns []int
	numbers := map[string]bool{}
	for _, d := range s.snapshot(t, id).Issued {
		ns = append(ns, d.N)
		numbers[d.Number] = true
	}
	same(t, "documents", ns, []int{1, 2, 3})
	if len(numbers) != 3 {
		t.Errorf("a number was used again: %v", numbers)
	}
	s.prove(t)
}

func TestMarkAndSupervise(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", filed...)
	s.do(t, id, "officer", "mark", with("mark=urgent"))
	s.do(t, id, "officer", "mark", with("mark=migrant"))
	s.do(t, id, "captain", "mark", with("mark=urgent", "off=yes"))
	same(t, "marks", s.snapshot(t, id).Marks, []string{"migrant"})
	s.refuse(t, refusal.NotYourGate, id, "officer2", "mark", with("mark=urgent"))
	s.refuse(t, refusal.FieldInvalid, id, "officer", "mark", with("mark=red"))
	s.refuse(t, refusal.NotYourGate, id, "captain", "supervise", with("day=2026-03-20"))
	s.refuse(t, refusal.FieldInvalid, id, "leader", "supervise", with("day=2026-03-01"))
	s.do(t, id, "leader", "supervise", with("day=2026-03-02"))
	same(t, "supervised", s.snapshot(t, id).Supervised, day(t, "03-02"))
	s.prove(t)
}

func TestOpenAt(t *testing.T) {
	table := func(rows ...procedure.Cells) procedure.Value { return procedure.Value{Rows: rows} }
	begun := func(state string, facts, numbers []procedure.Cells) func(*casefile.Command) {
		return func(c *casefile.Command) {
			c.Values = procedure.Values{"state": procedure.TextValue(state), "officers": {List: []string{"officer", "officer2"}}}
			if facts != nil {
				c.Values["facts"] = table(facts...)
			}
			if numbers != nil {
				c.Values["numbers"] = table(numbers...)
			}
		}
	}
	fact := func(name, d string) procedure.Cells { return procedure.Cells{"name": name, "day": "2026-" + d} }
	s := staffed(t)
	s.on(day(t, "02-10"))
	id := s.begin(t, "papers")
	states := s.Workflow("papers").Def.Main.States
	place, ended := string(states[3].ID), string(states[len(states)-1].ID)
	s.on(day(t, "03-02"))
	s.refuse(t, refusal.NotYourGate, id, "clerk", "open-at", begun(place, nil, nil))
	s.refuse(t, refusal.FieldInvalid, id, "captain", "open-at", begun("nowhere", nil, nil))
	s.refuse(t, refusal.FieldInvalid, id, "captain", "open-at", begun(place, []procedure.Cells{fact("nothing", "02-11")}, nil))
	s.refuse(t, refusal.FactInFuture, id, "captain", "open-at", begun(place, []procedure.Cells{fact("submitted", "03-03")}, nil))
	s.refuse(t, refusal.FactBeforeCause, id, "captain", "open-at", begun(place, []procedure.Cells{fact("submitted", "02-09")}, nil))
	s.refuse(t, refusal.FactBeforeCause, id, "captain", "open-at", begun(place, []procedure.Cells{fact("agreed", "02-11"), fact("submitted", "02-12")}, nil))
	s.refuse(t, refusal.FieldInvalid, id, "captain", "open-at", begun(place, nil, []procedure.Cells{{"kind": "shelf", "number": "1"}}))
	s.do(t, id, "captain", "open-at", begun(place, []procedure.Cells{fact("submitted", "02-11"), fact("agreed", "02-27")}, []procedure.Cells{{"kind": "case", "number": "旧〔2026〕7号"}}))
	c := s.snapshot(t, id)
	same(t, "case", []string{string(c.Main()), c.Number(), string(c.Roles["officer-in-charge"][0])}, []string{place, "旧〔2026〕7号", "officer"})
	same(t, "clock", s.clocks(t, id)["check"], "running 03-05 3") // from 27 February: the 28th is a working Saturday
	s.refuse(t, "already-begun", s.begin(t, "papers", "clerk submit"), "captain", "open-at", begun(place, nil, nil))
	s.take(t, id, "officer check", "officer finish")
	two := s.begin(t, "papers")
	s.do(t, two, "captain", "open-at", begun(ended, nil, nil))
	if c := s.snapshot(t, two); c.Ended == 0 || slices.ContainsFunc(c.Walks, func(w casefile.WalkState) bool { return string(w.State) != ended }) {
		t.Errorf("a case begun at its end stands in %v", c.Walks)
	}
	s.prove(t)
}
