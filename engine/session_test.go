package engine_test

import (
	"context"
	"crypto/rand"
	"strconv"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
)

// withPeople is a stage with an administrator, a captain and two officers, all with the same password.
func withPeople(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, scratch)
	s.Random = rand.Reader
	token, err := s.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetUp(t.Context(), token, "admin", "施管", password); err != nil {
		t.Fatal(err)
	}
	for _, p := range []engine.Person{
		{ID: "captain", Name: "孙队", Posts: []engine.Held{{Post: "captain"}}},
		{ID: "officer", Name: "李察", Posts: []engine.Held{{Post: "officer"}}},
		{ID: "officer2", Name: "赵办", Posts: []engine.Held{{Post: "officer"}}},
	} {
		if err := s.KeepPerson(t.Context(), "admin", p, password, 0); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

const password = "一句不短的话 2026"

// refused holds an error to a code; "" is none.
func refusedWith(t *testing.T, err error, want engine.Code) *engine.Error {
	t.Helper()
	e := engine.As(err)
	switch {
	case err == nil && want == "":
	case e == nil:
		t.Fatalf("have %v, want %q", err, want)
	case !e.Has(want):
		t.Fatalf("have %v, want %q", e, want)
	}
	return e
}

func TestSetupLinkWorksOnceAndForAnHour(t *testing.T) {
	s := newStage(t, scratch)
	s.Random = rand.Reader
	ctx := t.Context()
	late, err := s.FirstLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	*s.now = s.now.Add(61 * time.Minute)
	_, err = s.LinkFor(late)
	refusedWith(t, err, engine.LinkInvalid)

	token, err := s.FirstLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if who, err := s.LinkFor(token); who != "" || err != nil {
		t.Fatalf("first link is for %q, %v", who, err)
	}
	for _, bad := range []struct{ id, name, password, path string }{
		{"Admin!", "施管", password, "id"}, {"admin", "", password, "name"}, {"admin", "施管", "short", "password"},
		{"administrator", "施管", "administrator", "password"}, {"admin", "雪人☃", password, "name"}, {"system", "施管", password, "id"},
	} {
		_, err := s.SetUp(ctx, token, engine.PersonID(bad.id), bad.name, bad.password)
		if e := refusedWith(t, err, engine.FieldInvalid); e.Fields[0].Path != bad.path {
			t.Errorf("%v: fault at %q", bad, e.Fields[0].Path)
		}
	}
	session, err := s.SetUp(ctx, token, "admin", "施管", password)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.Session(ctx, session); err != nil || p == nil || p.ID != "admin" || !p.Holds(engine.Admin, s.Today()) {
		t.Fatalf("session of the first administrator: %v, %v", p, err)
	}
	_, err = s.SetUp(ctx, token, "second", "又一个", password)
	refusedWith(t, err, engine.LinkInvalid)
	if again, err := s.FirstLink(ctx); again != "" || err != nil {
		t.Errorf("a second first link: %q, %v", again, err)
	}
	_, err = s.LinkFor("nonsense")
	refusedWith(t, err, engine.LinkInvalid)
}

func TestSignIn(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	for _, tt := range []struct {
		name, password string
		want           engine.Code
	}{
		{"captain", password, ""}, {" Captain ", password, ""}, {"captain", "wrong wrong", engine.SignInFailed},
		{"nobody", password, engine.SignInFailed}, {"", "", engine.SignInFailed},
	} {
		_, err := s.SignIn(ctx, tt.name, tt.password)
		refusedWith(t, err, tt.want)
	}
}

func TestSignInIsThrottledAndForgives(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	for range 5 {
		_, err := s.SignIn(ctx, "captain", "a wrong one")
		refusedWith(t, err, engine.SignInFailed)
	}
	_, err := s.SignIn(ctx, "captain", password)
	e := refusedWith(t, err, engine.TryLater)
	if n, _ := strconv.Atoi(e.Args["seconds"]); n < 1 || n > 30 {
		t.Errorf("wait %q seconds", e.Args["seconds"])
	}
	if _, err := s.SignIn(ctx, "officer", password); err != nil {
		t.Errorf("another person has to wait too: %v", err)
	}
	*s.now = s.now.Add(31 * time.Second)
	if _, err := s.SignIn(ctx, "captain", password); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	_, err = s.SignIn(ctx, "captain", "a wrong one")
	refusedWith(t, err, engine.SignInFailed) // counted from the beginning again
}

func TestSessionEnds(t *testing.T) {
	disable := func(s *stage, ctx context.Context) error {
		seq, err := s.PersonSeq("officer")
		if err != nil {
			return err
		}
		p := *s.Office().Person("officer")
		p.Disabled = s.Today()
		return s.KeepPerson(ctx, "admin", p, "", seq)
	}
	for _, tt := range []struct {
		name string
		end  func(s *stage, ctx context.Context, token string) error
		open bool
	}{
		{"not after eleven hours", func(s *stage, _ context.Context, _ string) error { *s.now = s.now.Add(11 * time.Hour); return nil }, true},
		{"after a day without a request", func(s *stage, _ context.Context, _ string) error { *s.now = s.now.Add(24 * time.Hour); return nil }, false},
		{"when signed out", func(s *stage, ctx context.Context, token string) error { return s.SignOut(ctx, token) }, false},
		{"when disabled", func(s *stage, ctx context.Context, _ string) error { return disable(s, ctx) }, false},
		{"with a new password", func(s *stage, ctx context.Context, _ string) error {
			_, err := s.SetPassword(ctx, "officer", password, "another sentence")
			return err
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, ctx := withPeople(t), t.Context()
			token, err := s.SignIn(ctx, "officer", password)
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.end(s, ctx, token); err != nil {
				t.Fatal(err)
			}
			p, err := s.Session(ctx, token)
			if err != nil || (p != nil) != tt.open {
				t.Errorf("session open: %v, want %v (%v)", p != nil, tt.open, err)
			}
		})
	}
	s, ctx := withPeople(t), t.Context()
	token, err := s.SignIn(ctx, "officer", password)
	if err != nil {
		t.Fatal(err)
	}
	for range 80 { // used every ten hours it lasts, but not for ever
		*s.now = s.now.Add(10 * time.Hour)
		if p, _ := s.Session(ctx, token); p == nil {
			if since := s.now.Sub(calendarNoon(2026, 3, 2)); since < 29*24*time.Hour {
				t.Fatalf("ended after %v of use", since)
			}
			return
		}
	}
	t.Error("a session that never ends")
}

func calendarNoon(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 4, 0, 0, 0, time.UTC)
}

func TestInvite(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	_, err := s.Invite(ctx, "captain", "officer")
	refusedWith(t, err, engine.Forbidden)
	_, err = s.Invite(ctx, "admin", "nobody")
	refusedWith(t, err, engine.NotFound)
	token, err := s.Invite(ctx, "admin", "officer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetUp(ctx, token, "ignored", "ignored", "a password of mine"); err != nil {
		t.Fatal(err)
	}
	if got := s.Office().Name("officer"); got != "李察" {
		t.Errorf("name became %q", got)
	}
	if _, err := s.SignIn(ctx, "officer", "a password of mine"); err != nil {
		t.Error(err)
	}
}

func TestTokenScopes(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	_, err := s.NewToken(ctx, "officer", "captain", "", engine.ReadScope, 0)
	refusedWith(t, err, engine.Forbidden)
	for _, bad := range []struct {
		scope engine.Scope
		days  int
	}{{"all", 1}, {engine.ReadScope, -1}, {engine.ReadScope, 5000}} {
		_, err := s.NewToken(ctx, "officer", "officer", "x", bad.scope, bad.days)
		refusedWith(t, err, engine.FieldInvalid)
	}
	token, err := s.NewToken(ctx, "officer", "officer", "报表", engine.WriteScope, 10)
	if err != nil {
		t.Fatal(err)
	}
	if p, scope, err := s.Bearer(token); err != nil || p == nil || p.ID != "officer" || scope != engine.WriteScope {
		t.Fatalf("%v %v %v", p, scope, err)
	}
	if p, _, _ := s.Bearer(token + "x"); p != nil {
		t.Error("another token opens")
	}
	mine, err := s.Tokens("captain")
	if err != nil || len(mine) != 0 {
		t.Errorf("captain sees %d tokens, %v", len(mine), err)
	}
	all, err := s.Tokens("admin")
	if err != nil || len(all) != 1 {
		t.Fatalf("admin sees %d tokens, %v", len(all), err)
	}
	refusedWith(t, s.RevokeToken(ctx, "captain", all[0].ID), engine.NotFound)
	second, err := s.NewToken(ctx, "", "officer", "", engine.ReadScope, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RevokeToken(ctx, "officer", all[0].ID); err != nil {
		t.Fatal(err)
	}
	if p, _, _ := s.Bearer(token); p != nil {
		t.Error("a revoked token opens")
	}
	s.on(calendar.Of(2026, 6, 1))
	if p, _, _ := s.Bearer(second); p != nil {
		t.Error("an expired token opens")
	}
}
