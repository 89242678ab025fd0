package engine_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// lend records that a post is lent until the end of the year.
func (s *stage) lend(t testing.TB, from, to office.PersonID, post procedure.Actor) {
	t.Helper()
	id := string(from + "-" + to + "-" + office.PersonID(post))
	s.record(t, ledger.KindDelegation, id, office.Delegation{ID: id, Post: post, From: from, To: to, Start: day(t, "01-01"), End: day(t, "12-31")})
}

// Whoever may do something, a built-in action or one of the procedure, does it for nobody but who lent them a post that
// this action asks for: not for somebody who lent another post, or lent it to somebody else, not for themselves, not for a
// name that nobody has. Nothing is written.
func TestNobodySignsForAnother(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"fund": "fund"})
	s.lend(t, "captain", "captain2", "captain") // to somebody else
	for _, who := range []office.PersonID{"clerk", "reviewer", "captain", "officer"} {
		s.lend(t, "fund", who, "fund") // a post that nothing here asks for
	}
	id := s.begin(t, "papers")
	asked := 0
	for _, step := range append([]string{""}, append(slices.Clone(filed), "officer ask")...) {
		if step != "" {
			s.take(t, id, step)
		}
		for _, who := range []office.PersonID{"clerk", "reviewer", "captain", "officer"} {
			v, err := desk.View(s.Engine, who, id)
			if err != nil {
				continue
			}
			before := s.dump(t)
			for _, a := range v.Actions {
				for _, whom := range []office.PersonID{"leader", "captain2", "captain", "fund", who, "nobody", "a\x00b", office.PersonID(strings.Repeat("局", 3_000_000))} {
					asked++
					_, err := s.Do(t.Context(), casefile.Command{Case: id, Action: a.Action, Walk: a.Walk, Actor: who, For: whom, Values: texts("text=看过")})
					if e := refusal.As(err); e == nil || e.Code != refusal.NotYourGate || len(e.Error()) > 300 {
						t.Fatalf("%s by %s for %.20q: %v", a.Action, who, whom, err)
					}
				}
			}
			if s.dump(t) != before {
				t.Fatalf("something that %s was refused has been written", who)
			}
		}
	}
	if asked < 100 {
		t.Fatalf("only %d tried", asked)
	}
}

// A delegate does for whoever lent the post what that post may do, built in or not, and the record says for whom.
func TestADelegateSaysForWhom(t *testing.T) {
	s := staffed(t)
	s.hire(t, map[office.PersonID]procedure.Actor{"aide": "clerk"})
	s.lend(t, "captain", "aide", "captain")
	s.lend(t, "captain2", "aide", "captain")
	id := s.begin(t, "papers", append(slices.Clone(filed), "officer check")...)
	last := func() casefile.Event { return s.last(t, id) }
	for _, x := range []struct {
		do     procedure.ActionID
		change func(*casefile.Command)
		whom   office.PersonID
		want   office.PersonID
	}{
		{"note", with("text=代看"), "captain2", "captain2"},
		{"note", with("text=代看"), "", ""}, // a clerk may in their own right
		{"correct-fact", with("name=checked", "day=2026-03-02", "reason=写错"), "", "captain"},
		{"void-document", with("n=1", "reason=写错"), "captain2", "captain2"},
		{"mark", with("mark=urgent"), "captain", "captain"},
	} {
		s.do(t, id, "aide", x.do, x.change, behalf(x.whom))
		if ev := last(); ev.For != x.want || ev.For != "" && ev.As != "captain" {
			t.Errorf("%s for %q: recorded for %q as %q", x.do, x.whom, ev.For, ev.As)
		}
	}
	if r := prove(t, s.Engine); !r.Whole() {
		t.Errorf("%+v", r.Flaws)
	}
	if b, err := desk.BlankFor(s.Engine, "aide", id, "", "note", "", nil); err != nil || !slices.Equal(b.Lenders, []office.PersonID{"captain", "captain2"}) {
		t.Errorf("offered for %v, %v", b.Lenders, err)
	}
}

// What a member of a command names is there, or the command is refused and nothing is written.
func TestEveryMemberIsKnown(t *testing.T) {
	s := staffed(t)
	id := s.begin(t, "papers", "clerk submit")
	long := strings.Repeat("九", 3_000_000)
	file := func(f casefile.Upload) func(*casefile.Command) {
		return func(c *casefile.Command) { f.Data = []byte("a"); c.Files = append(c.Files, f) }
	}
	for _, x := range []struct {
		name   string
		do     procedure.ActionID
		change func(*casefile.Command)
		code   refusal.Code
	}{
		{"a walk of another name, built in", "note", func(c *casefile.Command) { c.Walk = "request" }, refusal.UnknownAction},
		{"a walk of another name", "pass", func(c *casefile.Command) { c.Walk = "nowhere" }, refusal.UnknownAction},
		{"a walk without end", "pass", func(c *casefile.Command) { c.Walk = procedure.WalkID(long) }, refusal.UnknownAction},
		{"an action without end", procedure.ActionID(long), func(c *casefile.Command) {}, refusal.UnknownAction},
		{"an action with NUL", "no\x00te", func(c *casefile.Command) {}, refusal.UnknownAction},
		{"an actor without end", "note", func(c *casefile.Command) { c.Actor = office.PersonID(long) }, refusal.Forbidden},
		{"a paper that is not there", "pass", func(c *casefile.Command) { c.Paper = 7 }, refusal.NotFound},
		{"a paper below none", "pass", func(c *casefile.Command) { c.Paper = -1 }, refusal.NotFound},
		{"a paper that the action doesn't fill", "pass", func(c *casefile.Command) { c.Paper = 1 }, refusal.NotFound},
		{"a paper where none is filled", "note", func(c *casefile.Command) { c.Paper = 2 }, refusal.NotFound},
		{"a page of the future", "note", func(c *casefile.Command) { c.Seq = 99 }, refusal.Unreadable},
		{"a key without end", "note", func(c *casefile.Command) { c.Key = long }, refusal.Unreadable},
		{"a key with NUL", "note", func(c *casefile.Command) { c.Key = "\x00" }, refusal.Unreadable},
		{"a procedure beside a case", "note", func(c *casefile.Command) { c.Workflow = "papers" }, refusal.Unreadable},
		{"a case below none", "note", func(c *casefile.Command) { c.Case = -1 }, refusal.NotFound},
		{"a day in the year 1", "note", func(c *casefile.Command) { c.Day = calendar.Of(1, 1, 1) }, refusal.FieldInvalid},
		{"a field without end", "note", func(c *casefile.Command) { c.Values[procedure.FieldID(long)] = procedure.TextValue("x") }, refusal.FieldInvalid},
		{"a file where none is taken", "note", file(casefile.Upload{Name: "a.txt"}), refusal.FieldInvalid},
		{"a file in place of a text", "pass", file(casefile.Upload{Name: "a.txt", Field: "opinion"}), refusal.FieldInvalid},
		{"a file's name without end", "attach", file(casefile.Upload{Name: long}), refusal.FieldInvalid},
		{"a file's note without end", "attach", file(casefile.Upload{Name: "a.txt", Proves: long}), refusal.FieldInvalid},
	} {
		t.Run(x.name, func(t *testing.T) {
			who := office.PersonID("reviewer")
			before := s.dump(t)
			cmd := casefile.Command{Case: id, Action: x.do, Actor: who, Values: texts("text=看过", "opinion=同意。")}
			if x.do != "note" {
				delete(cmd.Values, "text")
			}
			if x.do != "pass" {
				delete(cmd.Values, "opinion")
			}
			x.change(&cmd)
			_, err := s.Do(t.Context(), cmd)
			if e := refusal.As(err); e == nil || !e.Has(x.code) || len(e.Error()) > 400 {
				t.Errorf("%.300v, want %s", err, x.code)
			}
			if s.dump(t) != before {
				t.Error("something was written")
			}
			if _, err := desk.Foresee(s.Engine, cmd); err != nil && refusal.As(err) == nil {
				t.Errorf("foreseen: %.300v", err)
			}
		})
	}
	for name, cmd := range map[string]casefile.Command{
		"another action opens": {Workflow: "papers", Action: "note", Actor: "clerk"},
		"a walk":               {Workflow: "papers", Actor: "clerk", Walk: "request"},
		"a paper":              {Workflow: "papers", Actor: "clerk", Paper: 1},
		"a page":               {Workflow: "papers", Actor: "clerk", Seq: 1},
		"no such procedure":    {Workflow: procedure.WorkflowID(long), Actor: "clerk"},
	} {
		cmd.Values = texts("employer=甲")
		before := s.dump(t)
		if _, err := s.Do(t.Context(), cmd); refusal.As(err) == nil || len(err.Error()) > 300 || s.dump(t) != before {
			t.Errorf("opened with %s: %.300v", name, err)
		}
	}
}

// forge adds an event to a case behind the engine's back, chained and applied as an older program would have.
func (s *stage) forge(t *testing.T, id casefile.CaseID, edit func(*casefile.Event)) {
	t.Helper()
	c := s.snapshot(t, id)
	ed := s.edition(t, c.Edition)
	ev := &casefile.Event{Schema: casefile.EventSchema, Case: id, Seq: c.Seq + 1, Prev: c.Head, At: s.now.UTC(), Actor: "clerk", As: "opener", Action: "note",
		Walk: procedure.Main, Day: s.Today(), Calendar: s.Office().Calendar.Version(), Values: texts("text=看过")}
	edit(ev)
	data, err := Canonical(ev)
	if err != nil {
		t.Fatal(err)
	}
	head := ledger.Chain(c.Head, data)
	after := Apply(ed, c, ev)
	after.Head = head
	snapshot, err := Canonical(after)
	if err != nil {
		t.Fatal(err)
	}
	err = s.store.Commit(t.Context(), ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: c.Seq, Events: []ledger.Sealed{{Seq: ev.Seq, Data: data, Hash: head}},
		Snapshot: snapshot, Put: Entries(s.Engine, ed, after)}}})
	if err != nil {
		t.Fatal(err)
	}
}

// Events of the past that no check of today would let through are told by verify, and none else.
func TestVerifyTellsWhatCouldNotBeDecided(t *testing.T) {
	for name, x := range map[string]struct {
		edit func(*casefile.Event)
		want string // the flaw's code, "" for none
	}{
		"in one's own name":             {func(ev *casefile.Event) {}, ""},
		"for who lent the post":         {func(ev *casefile.Event) { ev.Actor, ev.For, ev.As = "reviewer", "captain", "captain" }, ""},
		"for who lent nothing":          {func(ev *casefile.Event) { ev.For, ev.As = "leader", "leader" }, "on-behalf"},
		"for who lent it to another":    {func(ev *casefile.Event) { ev.For, ev.As = "captain", "captain" }, "on-behalf"},
		"by a post that was not lent":   {func(ev *casefile.Event) { ev.Actor, ev.For, ev.As = "reviewer", "captain", "clerk" }, "on-behalf"},
		"before it was lent":            {func(ev *casefile.Event) { ev.Actor, ev.For, ev.As, ev.At = "officer2", "captain2", "captain", s0 }, "on-behalf"},
		"for a name that nobody has":    {func(ev *casefile.Event) { ev.For = "a\x00b" }, "on-behalf"},
		"by a name that nobody has":     {func(ev *casefile.Event) { ev.Actor = "nobody" }, "actor"},
		"by nobody":                     {func(ev *casefile.Event) { ev.Actor = "" }, "actor"},
		"by a timer for somebody":       {func(ev *casefile.Event) { ev.Actor, ev.For = office.System, "leader" }, "actor"},
		"for who had lost it meanwhile": {func(ev *casefile.Event) { ev.Actor, ev.For, ev.As = "officer", "leader2", "leader" }, "on-behalf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := staffed(t)
			s.Random = rand.Reader
			s.hire(t, map[office.PersonID]procedure.Actor{"leader2": "leader"})
			s.lend(t, "captain", "reviewer", "captain")
			s.lend(t, "leader2", "officer", "leader")
			if _, err := access.Delegate(t.Context(), s.Engine, "captain2", office.Delegation{Post: "captain", From: "captain2", To: "officer2", Start: s.Today(), End: s.Today()}); err != nil {
				t.Fatal(err)
			}
			gone := office.Person{ID: "leader2", Name: "前任", Posts: []office.Held{{Post: "leader", To: s.Today().Add(-1)}}}
			if err := access.KeepPerson(t.Context(), s.Engine, "outsider", gone, "", 1); err != nil {
				t.Fatal(err)
			}
			*s.now = s.now.Add(time.Hour)
			id := s.begin(t, "papers")
			s.forge(t, id, x.edit)
			r := prove(t, s.Engine)
			var codes []string
			for _, f := range r.Flaws {
				codes = append(codes, f.Code)
			}
			if x.want == "" && len(codes) > 0 || x.want != "" && !slices.Equal(codes, []string{x.want}) {
				t.Errorf("%+v", r.Flaws)
			}
		})
	}
}

// s0 is a moment before anything of a stage was written.
var s0 = time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
