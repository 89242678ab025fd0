package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

func key(k string) func(*casefile.Command) { return func(c *casefile.Command) { c.Key = k } }

// The same key is one act: pressed again it answers the first answer, with another body it is refused.
func TestKeys(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers")
	body := with("employer=甲", "facts=欠薪。")
	first := s.do(t, id, "clerk", "submit", body, key("k"))
	before := s.dump(t)
	again := s.do(t, id, "clerk", "submit", body, key("k"))
	if !again.Replayed || again.Case.Seq != first.Case.Seq || s.dump(t) != before {
		t.Errorf("pressed again: %+v", again)
	}
	stale := s.do(t, id, "clerk", "submit", body, key("k"), seen(1)) // a page drawn earlier asks the same
	if !stale.Replayed {
		t.Error("the number of the page makes it another act")
	}
	for name, change := range map[string]func(*casefile.Command){
		"values": with("facts=别的"), "day": s.fact(t, "03-01"), "paper": func(c *casefile.Command) { c.Paper = 2 },
		"file": func(c *casefile.Command) { c.Files = []casefile.Upload{{Name: "a.txt", Data: []byte("a")}} }} {
		if e := s.refuse(t, refusal.KeyReused, id, "clerk", "submit", body, key("k"), change); e.Code != refusal.KeyReused {
			t.Errorf("other %s: %v", name, e)
		}
	}
	s.refuse(t, refusal.KeyReused, id, "clerk", "jot", key("k"))
	if out := s.do(t, id, "reviewer", "pass", with("opinion=同意。"), key("k")); out.Replayed {
		t.Error("another person's key is another key")
	}
	s.refuse(t, refusal.NotYourGate, id, "clerk", "approve", key("later"))
	sign := with("opinion=同意。", "officers=officer,officer2", "in-charge=officer")
	issued := s.do(t, id, "captain", "approve", sign, key("issue"))
	if again := s.do(t, id, "captain", "approve", sign, key("issue")); len(again.Issued) != 1 || again.Issued[0] != issued.Issued[0] {
		t.Errorf("the first answer issued %v, the second %v", issued.Issued, again.Issued)
	}
	two := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Key = "papers", "open" }, with("employer=甲"))
	if again := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Key = "papers", "open" }, with("employer=甲")); again.Case.ID != two.Case.ID {
		t.Errorf("opened twice: %d and %d", two.Case.ID, again.Case.ID)
	}
	s.do(t, two.Case.ID, "clerk", "jot", key("week"))
	s.on(day(t, "03-09"))
	if out := s.do(t, two.Case.ID, "clerk", "jot", key("week")); !out.Replayed {
		t.Error("a key is forgotten before seven days are over")
	}
	s.on(day(t, "03-10"))
	if out := s.do(t, two.Case.ID, "clerk", "jot", key("week")); out.Replayed {
		t.Error("a key is kept longer than seven days")
	}
	s.prove(t)
}

// together runs f n times at once and gives what each answered.
func together(n int, f func(i int) (*engine.Outcome, error)) ([]*engine.Outcome, []error) {
	outs, errs := make([]*engine.Outcome, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { outs[i], errs[i] = f(i) })
	}
	wg.Wait()
	return outs, errs
}

func TestPressedAtOnce(t *testing.T) {
	t.Run("with one key they act once", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers")
		outs, errs := together(8, func(int) (*engine.Outcome, error) {
			return s.Do(t.Context(), casefile.Command{Case: id, Action: "jot", Actor: "clerk", Key: "k"})
		})
		acted := 0
		for i := range outs {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			if !outs[i].Replayed {
				acted++
			}
		}
		if acted != 1 || s.snapshot(t, id).Seq != 2 {
			t.Errorf("%d acted, the case has %d events", acted, s.snapshot(t, id).Seq)
		}
		s.prove(t)
	})
	t.Run("one opening with one key makes one case", func(t *testing.T) {
		s := staffed(t)
		outs, errs := together(4, func(int) (*engine.Outcome, error) {
			return s.Do(t.Context(), casefile.Command{Workflow: "papers", Actor: "clerk", Key: "k", Values: texts("employer=甲")})
		})
		for i := range outs {
			if errs[i] != nil || outs[i].Case.ID != 1 {
				t.Errorf("%v, %v", outs[i], errs[i])
			}
		}
		same(t, "cases", s.cases(t), casefile.CaseID(1))
	})
	t.Run("without a key the second finds the case moved on", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers", "clerk submit")
		_, errs := together(2, func(i int) (*engine.Outcome, error) {
			return s.Do(t.Context(), casefile.Command{Case: id, Action: "pass", Actor: []office.PersonID{"reviewer", "captain"}[i],
				Seq: 2, Values: texts("opinion=同意。")})
		})
		if slices.ContainsFunc(errs, func(err error) bool { return err != nil && !refusal.As(err).Has(refusal.CaseMovedOn) }) || (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("%v", errs)
		}
		s.prove(t)
	})
	t.Run("what does not touch each other is all done, numbers without a gap", func(t *testing.T) {
		s := staffed(t)
		id := s.begin(t, "papers")
		_, errs := together(20, func(i int) (*engine.Outcome, error) {
			if i%2 == 0 {
				return s.Do(t.Context(), casefile.Command{Workflow: "papers", Actor: "clerk", Values: texts("employer=甲" + fmt.Sprint(i))})
			}
			return s.Do(t.Context(), casefile.Command{Case: id, Action: "note", Actor: "captain", Values: texts(fmt.Sprintf("text=第%d条", i)), Seq: 1})
		})
		for _, err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
		numbers := map[string]bool{}
		for n := range s.cases(t) {
			numbers[s.snapshot(t, n+1).Numbers["intake"]] = true
		}
		for n := 1; n <= 11; n++ {
			found := false
			for x := range numbers {
				found = found || strings.HasSuffix(x, fmt.Sprintf("〕%d号", n))
			}
			if !found {
				t.Errorf("no case has the number %d: %v", n, numbers)
			}
		}
		s.prove(t)
	})
}

// A page drawn from an earlier state of the case is refused only when what its action rests on has changed.
func TestStalePages(t *testing.T) {
	tests := []struct {
		name   string
		before []string // the page is drawn after these
		since  []func(*testing.T, *stage, casefile.CaseID)
		who    office.PersonID
		do     procedure.ActionID
		change func(*casefile.Command)
		moved  bool
	}{
		{"the walk moved", []string{"clerk submit"}, steps("reviewer pass"), "captain2", "pass", nil, true},
		{"the walk moved and came back", []string{"clerk submit"}, steps("reviewer return-it", "clerk submit"), "reviewer", "pass", nil, true},
		{"the paper was filled", filed, steps("reviewer amend"), "captain", "amend", nil, true},
		{"the paper was issued", append(filed[:3:3], "reviewer amend"), steps("captain reissue"), "captain2", "amend", nil, false}, // opens another
		{"a fact that it follows was corrected", filed, fixes("agreed"), "officer", "check", nil, true},
		{"a fact that it does not name was corrected", append(filed[:3:3], "officer wait"), fixes("submitted"), "officer", "answer", nil, false},
		{"a clock that its guard names was moved", filed, fixes("agreed"), "officer2", "check", nil, true},
		{"an action beside it, that stays", filed, steps("officer tell"), "officer", "check", nil, false},
		{"another walk moved", filed, steps("officer ask"), "officer", "check", nil, false},
		{"its own side walk moved", append(filed[:3:3], "officer ask"), steps("leader return-request", "officer ask"), "leader", "grant", nil, true},
		{"the main walk's action, for a side walk", filed, steps("officer check"), "officer", "ask", nil, false},
		{"a note", []string{"clerk submit"}, built("note", "text=看过"), "reviewer", "pass", nil, false},
		{"an attachment", []string{"clerk submit"}, built("attach", "proves=考勤"), "reviewer", "pass", nil, false},
		{"a mark", []string{"clerk submit"}, built("mark", "mark=urgent"), "reviewer", "pass", nil, false},
		{"the fact that is corrected was corrected", filed, fixes("agreed"), "captain2", "correct-fact", with("name=agreed", "day=2026-03-01", "reason=更正"), true},
		{"another fact was corrected", filed, fixes("agreed"), "captain2", "correct-fact", with("name=submitted", "day=2026-03-02", "reason=更正"), false},
		{"the value that is corrected was filled anew", []string{"clerk submit"}, steps("reviewer return-it", "clerk submit"), "captain", "correct-value", with("name=S08.facts", "value=乙", "reason=更正"), true},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t)
			id := s.begin(t, "papers", x.before...)
			seq := s.snapshot(t, id).Seq
			for _, f := range x.since {
				f(t, s, id)
			}
			if x.change == nil {
				x.change = func(*casefile.Command) {}
			}
			if x.moved {
				s.refuse(t, refusal.CaseMovedOn, id, x.who, x.do, x.change, seen(seq))
			} else {
				s.do(t, id, x.who, x.do, x.change, seen(seq))
			}
			s.prove(t)
		})
	}
	s := staffed(t)
	id := s.begin(t, "papers")
	s.refuse(t, refusal.Unreadable, id, "clerk", "submit", seen(9))
	s.refuse(t, refusal.Unreadable, id, "clerk", "note", with("text=甲"), seen(9))
	s.refuse(t, refusal.UnknownAction, id, "captain", "approve")              // not of this state
	s.refuse(t, refusal.UnknownAction, id, "captain", "fly")                  // of none
	s.refuse(t, refusal.UnknownAction, id, "captain", "approve", seen(1))     // nothing has moved
	s.refuse(t, refusal.NotFound, 99, "captain", "note", with("text=甲"))      // no such case
	s.refuse(t, refusal.NotFound, 0, "clerk", "", func(c *casefile.Command) { // no such procedure
		c.Workflow = "nothing"
	})
}

func steps(list ...string) []func(*testing.T, *stage, casefile.CaseID) {
	return []func(*testing.T, *stage, casefile.CaseID){func(t *testing.T, s *stage, id casefile.CaseID) { s.take(t, id, list...) }}
}

func fixes(name string) []func(*testing.T, *stage, casefile.CaseID) {
	return []func(*testing.T, *stage, casefile.CaseID){func(t *testing.T, s *stage, id casefile.CaseID) {
		s.do(t, id, "captain", "correct-fact", with("name="+name, "day=2026-03-02", "reason=更正"))
	}}
}

func built(do procedure.ActionID, pairs ...string) []func(*testing.T, *stage, casefile.CaseID) {
	return []func(*testing.T, *stage, casefile.CaseID){func(t *testing.T, s *stage, id casefile.CaseID) {
		s.do(t, id, "captain", do, with(pairs...), func(c *casefile.Command) {
			if do == "attach" {
				c.Files = []casefile.Upload{{Name: "考勤.txt", Data: []byte("考勤")}}
			}
		})
	}}
}

// A token never passes a gate, whatever the gate decides; what is no gate it may do.
func TestTokensPassNoGate(t *testing.T) {
	token := func(c *casefile.Command) { c.Token = true }
	s := staffed(t)
	id := s.begin(t, "papers")
	s.do(t, id, "clerk", "submit", token)
	s.refuse(t, refusal.Forbidden, id, "reviewer", "pass", token)
	s.refuse(t, refusal.Forbidden, id, "reviewer", "return-it", token)
	s.take(t, id, "reviewer pass")
	s.refuse(t, refusal.Forbidden, id, "captain", "approve", token)
	s.do(t, id, "captain", "note", with("text=甲"), token)
	// Nor does it undo what a gate signed, nor give the case to others.
	s.take(t, id, "captain approve", "officer check")
	told := func(who office.PersonID, do procedure.ActionID, change ...func(*casefile.Command)) {
		t.Helper()
		if e := s.refuse(t, refusal.Forbidden, id, who, do, append(change, token)...); e.Args["token"] == "" {
			t.Errorf("%s: nobody says that it is the token", do)
		}
	}
	told("officer", "recall", why)
	told("captain", "void-document", with("n=1"), why)
	told("captain", "hand-over", with("officers=officer2,officer", "in-charge=officer2"), why)
	told("captain", "correct-fact", with("name=agreed", "day=2026-03-01"), why)
	told("leader", "supervise", with("day=2026-03-20"))
	s.do(t, id, "officer", "correct-fact", with("name=checked", "day=2026-03-02"), why, token)
	two := s.begin(t, "papers", "clerk submit")
	s.do(t, two, "reviewer", "pass", token, func(c *casefile.Command) { c.Gates, c.Via = true, "0123456789ab" })
	if ev := s.last(t, two); ev.Token != "0123456789ab" || ev.Decision == "" {
		t.Errorf("by a token of a demo folder: %+v", ev)
	}
	s.prove(t)
}

// The day of an action is not in the future, not before the case, and of the office's calendar.
func TestFactDays(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers")
	s.refuse(t, refusal.FactInFuture, id, "clerk", "jot", s.fact(t, "03-03"))
	s.refuse(t, refusal.FactInFuture, id, "clerk", "note", with("text=甲"), s.fact(t, "03-03"))
	s.refuse(t, refusal.FactBeforeCause, id, "clerk", "jot", s.fact(t, "03-01"))
	s.refuse(t, refusal.FactBeforeCause, id, "clerk", "submit", s.fact(t, "03-01"))
	s.refuse(t, refusal.FactInFuture, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Day = "papers", day(t, "03-03") })
	s.on(day(t, "03-07"))
	s.take(t, id, "clerk submit", "reviewer pass", "captain approve")
	s.refuse(t, refusal.FieldInvalid, id, "officer", "check") // a Saturday
	s.refuse(t, refusal.FactBeforeCause, id, "officer", "check", s.fact(t, "03-06"))
	// a certificate is asked on the fact day
	s.record(t, ledger.KindPerson, "officer", office.Person{ID: "officer", Name: "officer", Posts: []office.Held{{Post: "officer"}},
		Certificates: []office.Certificate{{Number: "1", From: day(t, "01-01"), To: day(t, "03-09")}}})
	two := s.begin(t, "papers", "clerk submit", "reviewer pass")
	s.on(day(t, "03-10"))
	s.refuse(t, "certified", two, "captain", "approve")
	s.do(t, two, "captain", "approve", s.fact(t, "03-09"))
	s.prove(t)
}
