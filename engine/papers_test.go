package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/specimen"
)

// crew are the people of the papers' tests, by the posts that samples ask for.
var crew = map[procedure.Actor][]office.PersonID{
	"clerk": {"clerk"}, "officer": {"officer", "officer2"}, "reviewer": {"reviewer"}, "captain": {"captain"}, "leader": {"leader"}}

// staffed opens a stage on the scratch procedures with the crew and a second captain.
func staffed(t testing.TB) *stage {
	t.Helper()
	s := newStage(t, scratch)
	posts := map[office.PersonID]procedure.Actor{"captain2": "captain", "outsider": "admin"}
	for post, people := range crew {
		for _, p := range people {
			posts[p] = post
		}
	}
	s.hire(t, posts)
	return s
}

// try does an action for a person, required fields filled with samples.
func (s *stage) try(t testing.TB, id casefile.CaseID, who office.PersonID, do procedure.ActionID, change ...func(*casefile.Command)) (*engine.Outcome, error) {
	t.Helper()
	cmd := casefile.Command{Case: id, Action: do, Actor: who, Values: procedure.Values{}}
	for _, f := range change {
		f(&cmd)
	}
	values, files, err := specimen.Samples(s.Engine, cmd, crew)
	if err != nil {
		return nil, err
	}
	for i := range files {
		files[i].Data = []byte(files[i].Name)
	}
	cmd.Values, cmd.Files = values, append(cmd.Files, files...)
	return s.Do(t.Context(), cmd)
}

// do is try that must succeed.
func (s *stage) do(t testing.TB, id casefile.CaseID, who office.PersonID, do procedure.ActionID, change ...func(*casefile.Command)) *engine.Outcome {
	t.Helper()
	out, err := s.try(t, id, who, do, change...)
	if err != nil {
		t.Fatalf("%s by %s: %v", do, who, err)
	}
	return out
}

// refuse is try that must be refused with a code, changing nothing.
func (s *stage) refuse(t testing.TB, code refusal.Code, id casefile.CaseID, who office.PersonID, do procedure.ActionID, change ...func(*casefile.Command)) *refusal.Error {
	t.Helper()
	before := s.dump(t)
	_, err := s.try(t, id, who, do, change...)
	e := refusal.As(err)
	if e == nil || !e.Has(code) {
		t.Errorf("%s by %s: %v, want a refusal with %s", do, who, err, code)
		return &refusal.Error{}
	}
	if s.dump(t) != before {
		t.Errorf("%s by %s was refused and changed the store", do, who)
	}
	return e
}

// dump is everything that the store has, as text.
func (s *stage) dump(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	if err := s.store.Dump(func(bucket string, key, value []byte) error {
		fmt.Fprintf(&b, "%s %q %q\n", bucket, key, value)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The changes that a test makes to a command.
func with(pairs ...string) func(*casefile.Command) {
	return func(c *casefile.Command) {
		for k, v := range texts(pairs...) {
			c.Values[k] = v
		}
	}
}

func behalf(who office.PersonID) func(*casefile.Command) {
	return func(c *casefile.Command) { c.For = who }
}

func seen(seq uint64) func(*casefile.Command) { return func(c *casefile.Command) { c.Seq = seq } }

func (s *stage) fact(t testing.TB, d string) func(*casefile.Command) {
	return func(c *casefile.Command) { c.Day = day(t, d) }
}

// begin opens a case of a scratch procedure and takes it through the actions "person action", one after another.
func (s *stage) begin(t testing.TB, w procedure.WorkflowID, steps ...string) casefile.CaseID {
	t.Helper()
	id := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow = w }).Case.ID
	s.take(t, id, steps...)
	return id
}

// take does the actions "person action", one after another.
func (s *stage) take(t testing.TB, id casefile.CaseID, steps ...string) {
	t.Helper()
	for _, x := range steps {
		who, do, _ := strings.Cut(x, " ")
		s.do(t, id, office.PersonID(who), procedure.ActionID(do))
	}
}

// filed takes a case of the papers' procedure to where it is worked on.
var filed = []string{"clerk submit", "reviewer pass", "captain approve"}

// told writes a paper as "form open doc: part/by past, …".
func told(p casefile.Paper) string {
	var parts []string
	for _, x := range p.Parts {
		text := string(x.Part) + "/" + string(x.By)
		if x.For != "" {
			text += "(" + string(x.For) + ")"
		}
		if x.Past != 0 {
			text += " past"
		}
		parts = append(parts, text)
	}
	state := "shut"
	switch {
	case p.Open:
		state = "open"
	case p.Doc > 0:
		state = fmt.Sprintf("doc %d", p.Doc)
	}
	if p.For != "" {
		state += " for " + p.For
	}
	return fmt.Sprintf("%s %s: %s", p.Form, state, strings.Join(parts, ", "))
}

// papers tells every paper of a case, the one that the opening filled left out.
func (s *stage) papers(t testing.TB, id casefile.CaseID) []string {
	t.Helper()
	var out []string
	for _, p := range s.snapshot(t, id).Papers[1:] {
		out = append(out, told(p))
	}
	return out
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%q", got), fmt.Sprintf("%q", want); g != w {
		t.Errorf("%s:\n have %s\n want %s", what, g, w)
	}
}

func TestPapers(t *testing.T) {
	tests := []struct {
		name  string
		steps []string
		want  []string
	}{
		{"the first part opens it", []string{"clerk submit"}, []string{"S08 open: body/clerk"}},
		{"a gate signs the same paper", []string{"clerk submit", "reviewer pass"}, []string{"S08 open: body/clerk, review/reviewer"}},
		{"a return keeps the signature as history and the paper open", []string{"clerk submit", "reviewer return-it"},
			[]string{"S08 open: body/clerk, review/reviewer past"}},
		{"a return from the last gate undoes every signature", []string{"clerk submit", "reviewer pass", "captain return-it"},
			[]string{"S08 open: body/clerk, review/reviewer past, approval/captain past"}},
		{"filled again, the earlier filling is history", []string{"clerk submit", "reviewer return-it", "clerk submit", "reviewer pass"},
			[]string{"S08 open: body/clerk past, review/reviewer past, body/clerk, review/reviewer"}},
		{"issued, it is a document", filed, []string{"S08 doc 1: body/clerk, review/reviewer, approval/captain"}},
		{"a later part takes the earlier ones over from the document", append(filed[:3:3], "reviewer amend"),
			[]string{"S08 doc 1: body/clerk, review/reviewer, approval/captain", "S08 open: body/clerk, review/reviewer"}},
		{"the last part alone takes all others over, and is issued anew", append(filed[:3:3], "captain reissue"),
			[]string{"S08 doc 1: body/clerk, review/reviewer, approval/captain", "S08 doc 2: body/clerk, review/reviewer, approval/captain"}},
		{"one paper for each respondent", append(filed[:3:3], "officer tell"),
			[]string{"S08 doc 1: body/clerk, review/reviewer, approval/captain", "S03 doc 2 for 任县甲公司: body/officer"}},
		{"a request returned stays open and is mended", append(filed[:3:3], "officer ask", "leader return-request", "officer ask", "leader grant"),
			[]string{"S08 doc 1: body/clerk, review/reviewer, approval/captain",
				"S09 doc 2: body/officer past, approval/leader past, body/officer, approval/leader"}},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t)
			id := s.begin(t, "papers", x.steps...)
			same(t, "papers", s.papers(t, id), x.want)
			s.prove(t)
		})
	}
}

// A case is among those of each of its respondents, by the whole name as it is compared, and of nobody else.
func TestCasesOfAParty(t *testing.T) {
	s := staffed(t)
	id := s.do(t, 0, "clerk", "", func(c *casefile.Command) {
		c.Workflow, c.Values["respondents"] = "papers", rows("name", "任县甲公司", "任县乙公司")
	}).Case.ID
	for name, want := range map[string]int{"任县甲公司": 1, "任县乙公司": 1, "任县 乙公司": 1, "任县": 0, "乙公司": 0, "任县乙公司二": 0, "": 0, "/": 0} {
		rows, err := desk.OfParty(s.Engine, office.System, name)
		if err != nil || len(rows) != want || want == 1 && rows[0].ID != id {
			t.Errorf("%q: %v, %v", name, rows, err)
		}
	}
	s.Engine.Store = rowsUnread{s.Engine.Store}
	if rows, err := desk.OfParty(s.Engine, office.System, "任县甲公司"); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a case that can't be read is left out: %v, %v", rows, err)
	}
}

// rowsUnread is a store of which no row of a case can be read.
type rowsUnread struct{ ledger.Store }

func (s rowsUnread) Scan(q ledger.Scan) ([]ledger.Entry, error) {
	if q.Index == listing.IndexRow {
		return nil, ledger.ErrDamaged
	}
	return s.Store.Scan(q)
}

// Two respondents have a paper each; documents are numbered without a gap, the numbers of a kind too.
func TestPapersOfRespondents(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers")
	s.do(t, id, "captain", "correct-value", with("name=S01.employer", "value=任县丁公司", "reason=写错"))
	same(t, "party", s.snapshot(t, id).Shared["employer"].Text, "任县丁公司")
	two := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Values["respondents"] = "papers", rows("name", "甲", "乙") }).Case.ID
	s.take(t, two, append(filed[:3:3], "officer tell", "officer tell")...)
	same(t, "papers", s.papers(t, two)[1:], []string{"S03 doc 2 for 甲: body/officer", "S03 doc 3 for 乙: body/officer",
		"S03 doc 4 for 甲: body/officer", "S03 doc 5 for 乙: body/officer"})
	var numbers []string
	for _, d := range s.snapshot(t, two).Issued {
		numbers = append(numbers, d.Number)
	}
	for i, want := range []string{"批〔2026〕1号", "告〔2026〕1号", "告〔2026〕2号", "告〔2026〕3号", "告〔2026〕4号"} {
		if !strings.Contains(strings.ReplaceAll(numbers[i], "字", ""), want) {
			t.Errorf("document %d is %s, want %s", i+1, numbers[i], want)
		}
	}
	s.prove(t)
}

// One person plays one part on one paper, in whosever name.
func TestSeparationOfDuty(t *testing.T) {
	lend := func(s *stage, from, to office.PersonID, post procedure.Actor) {
		s.record(t, ledger.KindDelegation, string(from+"-"+to+"-"+office.PersonID(post)), office.Delegation{ID: string(from + "-" + to), Post: post, From: from, To: to,
			Start: day(t, "01-01"), End: day(t, "12-31")})
	}
	t.Run("the same person at two parts", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "captain submit")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain", "pass")
		s.take(t, id, "captain2 pass")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain", "approve")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain2", "approve")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain2", "return-it")
	})
	t.Run("also after a return", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "clerk submit", "captain pass", "captain2 return-it", "clerk submit", "reviewer pass")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain", "approve") // the review that was returned stands in the file
		s.take(t, id, "captain2 approve")
	})
	t.Run("a delegate who filled the form", func(t *testing.T) {
		s := staffed(t)
		lend(s, "captain", "clerk", "captain")
		id := s.begin(t, "papers", "clerk submit", "reviewer pass")
		s.refuse(t, refusal.SeparationOfDuty, id, "clerk", "approve")
	})
	t.Run("a delegate of the one who filled it", func(t *testing.T) {
		s := staffed(t)
		lend(s, "captain", "leader", "captain")
		id := s.begin(t, "papers", "captain submit", "reviewer pass")
		s.refuse(t, refusal.SeparationOfDuty, id, "leader", "approve")
	})
	t.Run("a delegate signs, his principal does not sign after him", func(t *testing.T) {
		s := staffed(t)
		lend(s, "reviewer", "captain2", "reviewer")
		lend(s, "captain", "leader", "captain")
		id := s.begin(t, "papers", "clerk submit")
		s.do(t, id, "captain2", "pass", behalf("reviewer"))
		s.refuse(t, refusal.SeparationOfDuty, id, "captain2", "approve")
		s.do(t, id, "leader", "approve")
		same(t, "papers", s.papers(t, id), []string{"S08 doc 1: body/clerk, review/captain2(reviewer), approval/leader(captain)"})
		s.prove(t)
	})
	t.Run("who stands in for nobody", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "clerk submit")
		s.refuse(t, refusal.NotYourGate, id, "captain2", "pass", behalf("reviewer"))
		s.refuse(t, refusal.NotYourGate, id, "clerk", "pass")
		s.refuse(t, refusal.NotFound, id, "outsider", "pass")
		s.refuse(t, refusal.NotFound, id, "nobody", "pass")
	})
	t.Run("parts that were taken over count", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "captain submit", "reviewer pass", "captain2 approve")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain", "amend")
		s.refuse(t, refusal.SeparationOfDuty, id, "captain", "reissue")
		s.take(t, id, "captain2 reissue")
	})
	t.Run("another paper is another matter", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", append(filed[:3:3], "officer ask", "captain grant", "officer2 ask")...)
		s.refuse(t, refusal.NotYourGate, id, "officer", "take-back-request") // asked by the other
		s.take(t, id, "officer2 take-back-request")
	})
}
