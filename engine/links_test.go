package engine_test

import (
	"fmt"
	"testing"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// links tells the links of a case as "how case by".
func (s *stage) links(t testing.TB, id casefile.CaseID) []string {
	t.Helper()
	out := []string{}
	for _, l := range s.snapshot(t, id).Links {
		out = append(out, fmt.Sprintf("%s %d %s", l.How, l.Case, l.By))
	}
	return out
}

// lastCommit tells the heads of the ledger's last row: what one commit wrote together.
func (s *stage) lastCommit(t testing.TB) []string {
	t.Helper()
	rows, err := s.store.Ledger(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range rows[len(rows)-1].Heads {
		out = append(out, fmt.Sprintf("%s@%d", h.What, h.Seq))
	}
	return out
}

func TestLinkCase(t *testing.T) {
	s := staffed(t)
	one, two := s.begin(t, "papers"), s.begin(t, "guards")
	link := func(n string) func(*casefile.Command) { return with("case="+n, "reason=同一单位") }
	s.refuse(t, refusal.FieldInvalid, one, "captain", "link-case", link("1")) // itself
	s.refuse(t, refusal.FieldInvalid, one, "captain", "link-case", link("x"))
	s.refuse(t, refusal.FieldInvalid, one, "captain", "link-case", link("0"))
	s.refuse(t, refusal.NotFound, one, "captain", "link-case", link("3"))
	s.refuse(t, refusal.NotFound, one, "reviewer", "link-case", link("2")) // who may not see the other
	s.do(t, one, "captain", "link-case", link("2"))
	same(t, "links of the one", s.links(t, one), []string{"related 2 "})
	same(t, "links of the other", s.links(t, two), []string{"related 1 "})
	same(t, "commit", s.lastCommit(t), []string{"case/1@2", "case/2@2"})
	s.prove(t)
}

// An action that opens another case does it in its own commit, linked both ways, with what it carries over.
func TestOpens(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", filed...)
	s.do(t, id, "officer", "attach", with("proves=考勤"), func(c *casefile.Command) {
		c.Files = []casefile.Upload{{Name: "a.txt", Data: []byte("a")}, {Name: "b.txt", Data: []byte("b")}}
	})
	out := s.do(t, id, "officer", "pass-on", with("other-party=任县乙公司"))
	same(t, "opened", out.Opened, []casefile.CaseID{2})
	same(t, "commit", s.lastCommit(t), []string{"case/1@6", "case/2@1"})
	same(t, "links of the old", s.links(t, id), []string{"opened 2 pass-on"})
	same(t, "links of the new", s.links(t, 2), []string{"opened-by 1 pass-on"})
	c := s.snapshot(t, 2)
	same(t, "party", c.Shared["employer"].Text, "任县乙公司")
	same(t, "opener", c.Opener, office.PersonID("officer"))
	var files []string
	for _, f := range c.Files {
		files = append(files, fmt.Sprintf("%d %s %d", f.N, f.Name, f.Seq))
	}
	same(t, "files", files, []string{"1 a.txt 1", "2 b.txt 1"})
	s.refuse(t, refusal.AlreadyOpen, id, "officer", "pass-on", with("other-party=任县乙公司"))
	s.do(t, id, "officer", "pass-on-more")
	s.do(t, id, "officer", "pass-on-more")
	same(t, "links", s.links(t, id), []string{"opened 2 pass-on", "opened 3 pass-on-more", "opened 4 pass-on-more"})
	same(t, "party", s.snapshot(t, 4).Shared["employer"].Text, "任县丙公司")
	s.refuse(t, "issued-something", id, "officer", "recall", why)
	// what could not be carried over is asked when the new case goes on
	bare := s.begin(t, "papers", filed...)
	fresh := s.do(t, bare, "officer", "pass-on").Opened[0]
	same(t, "party", s.snapshot(t, fresh).Shared["employer"].Text, "")
	s.take(t, fresh, "clerk submit")
	s.prove(t)
}

// At once, the same action opens one case.
func TestOpensOnce(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", filed...)
	_, errs := together(4, func(i int) (*engine.Outcome, error) {
		return s.Do(t.Context(), casefile.Command{Case: id, Action: "pass-on", Actor: "officer", Values: texts("why=另案", "other-party=乙")})
	})
	done := 0
	for _, err := range errs {
		switch e := refusal.As(err); {
		case err == nil:
			done++
		case e == nil || !e.Has(refusal.AlreadyOpen):
			t.Error(err)
		}
	}
	same(t, "done", done, 1)
	same(t, "cases", s.cases(t), casefile.CaseID(2))
	s.prove(t)
}
