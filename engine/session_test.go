package engine_test

import (
	"context"
	"crypto/rand"
	"strconv"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// withPeople is a stage with an administrator, a captain and two officers, all with the same password.
func withPeople(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, scratch)
	s.Random = rand.Reader
	token, err := access.FirstLink(t.Context(), s.Engine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := access.SetUp(t.Context(), s.Engine, token, "admin", "施管", password); err != nil {
		t.Fatal(err)
	}
	for _, p := range []office.Person{
		{ID: "captain", Name: "孙队", Posts: []office.Held{{Post: "captain"}}},
		{ID: "officer", Name: "李察", Posts: []office.Held{{Post: "officer"}}},
		{ID: "officer2", Name: "赵办", Posts: []office.Held{{Post: "officer"}}},
	} {
		if err := access.KeepPerson(t.Context(), s.Engine, "", p, password, 0); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

const password = "一句不短的话 2026"

// refused holds an error to a code; "" is none.
func refusedWith(t *testing.T, err error, want refusal.Code) *refusal.Error {
	t.Helper()
	e := refusal.As(err)
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
	late, err := access.FirstLink(ctx, s.Engine)
	if err != nil {
		t.Fatal(err)
	}
	*s.now = s.now.Add(61 * time.Minute)
	_, err = access.LinkFor(s.Engine, late)
	refusedWith(t, err, access.LinkInvalid)

	token, err := access.FirstLink(ctx, s.Engine)
	if err != nil {
		t.Fatal(err)
	}
	if who, err := access.LinkFor(s.Engine, token); who != "" || err != nil {
		t.Fatalf("first link is for %q, %v", who, err)
	}
	for _, bad := range []struct{ id, name, password, path string }{
		{"Admin!", "施管", password, "id"}, {"admin", "", password, "name"}, {"admin", "施管", "short", "password"},
		{"administrator", "施管", "administrator", "password"}, {"admin", "雪人☃", password, "name"}, {"system", "施管", password, "id"},
	} {
		_, err := access.SetUp(ctx, s.Engine, token, office.PersonID(bad.id), bad.name, bad.password)
		if e := refusedWith(t, err, refusal.FieldInvalid); e.Fields[0].Path != bad.path {
			t.Errorf("%v: fault at %q", bad, e.Fields[0].Path)
		}
	}
	session, err := access.SetUp(ctx, s.Engine, token, "admin", "施管", password)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := access.Session(ctx, s.Engine, session); err != nil || p == nil || p.ID != "admin" || !p.Holds(office.Admin, s.Today()) {
		t.Fatalf("session of the first administrator: %v, %v", p, err)
	}
	_, err = access.SetUp(ctx, s.Engine, token, "second", "又一个", password)
	refusedWith(t, err, access.LinkInvalid)
	if again, err := access.FirstLink(ctx, s.Engine); again != "" || err != nil {
		t.Errorf("a second first link: %q, %v", again, err)
	}
	_, err = access.LinkFor(s.Engine, "nonsense")
	refusedWith(t, err, access.LinkInvalid)
}

func TestSignIn(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	for _, tt := range []struct {
		name, password string
		want           refusal.Code
	}{
		{"captain", password, ""}, {" Captain ", password, ""}, {"captain", "wrong wrong", access.SignInFailed},
		{"nobody", password, access.SignInFailed}, {"", "", access.SignInFailed},
	} {
		_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: tt.name, Password: tt.password})
		refusedWith(t, err, tt.want)
	}
}

func TestSignInIsThrottledAndForgives(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	for range 5 {
		_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "a wrong one"})
		refusedWith(t, err, access.SignInFailed)
	}
	_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password})
	e := refusedWith(t, err, access.TryLater)
	if n, _ := strconv.Atoi(e.Args["seconds"]); n < 1 || n > 30 {
		t.Errorf("wait %q seconds", e.Args["seconds"])
	}
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: password}); err != nil {
		t.Errorf("another person has to wait too: %v", err)
	}
	*s.now = s.now.Add(31 * time.Second)
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password}); err != nil {
		t.Fatalf("after the wait: %v", err)
	}
	_, err = access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "a wrong one"})
	refusedWith(t, err, access.SignInFailed) // counted from the beginning again
}

func TestSessionEnds(t *testing.T) {
	disable := func(s *stage, ctx context.Context) error {
		seq, err := access.PersonSeq(s.Engine, "officer")
		if err != nil {
			return err
		}
		p := *s.Office().Person("officer")
		p.Disabled = s.Today()
		return access.KeepPerson(ctx, s.Engine, "admin", p, "", seq)
	}
	for _, tt := range []struct {
		name string
		end  func(s *stage, ctx context.Context, token string) error
		open bool
	}{
		{"not after eleven hours", func(s *stage, _ context.Context, _ string) error { *s.now = s.now.Add(11 * time.Hour); return nil }, true},
		{"after a day without a request", func(s *stage, _ context.Context, _ string) error { *s.now = s.now.Add(24 * time.Hour); return nil }, false},
		{"when signed out", func(s *stage, ctx context.Context, token string) error { return access.SignOut(ctx, s.Engine, token) }, false},
		{"when disabled", func(s *stage, ctx context.Context, _ string) error { return disable(s, ctx) }, false},
		{"with a new password", func(s *stage, ctx context.Context, _ string) error {
			_, err := access.SetPassword(ctx, s.Engine, access.Knock{Name: "officer", Password: password}, "another sentence")
			return err
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, ctx := withPeople(t), t.Context()
			token, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: password})
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.end(s, ctx, token); err != nil {
				t.Fatal(err)
			}
			p, err := access.Session(ctx, s.Engine, token)
			if err != nil || (p != nil) != tt.open {
				t.Errorf("session open: %v, want %v (%v)", p != nil, tt.open, err)
			}
		})
	}
	s, ctx := withPeople(t), t.Context()
	token, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	for range 80 { // used every ten hours it lasts, but not for ever
		*s.now = s.now.Add(10 * time.Hour)
		if p, _ := access.Session(ctx, s.Engine, token); p == nil {
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
	_, err := access.Invite(ctx, s.Engine, "captain", "officer")
	refusedWith(t, err, refusal.Forbidden)
	_, err = access.Invite(ctx, s.Engine, "admin", "nobody")
	refusedWith(t, err, refusal.NotFound)
	token, err := access.Invite(ctx, s.Engine, "admin", "officer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := access.SetUp(ctx, s.Engine, token, "ignored", "ignored", "a password of mine"); err != nil {
		t.Fatal(err)
	}
	if got := s.Office().Name("officer"); got != "李察" {
		t.Errorf("name became %q", got)
	}
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: "a password of mine"}); err != nil {
		t.Error(err)
	}
}

func TestTokenScopes(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	_, err := access.NewToken(ctx, s.Engine, "officer", "captain", "", access.ReadScope, 0)
	refusedWith(t, err, refusal.Forbidden)
	for _, bad := range []struct {
		scope access.Scope
		days  int
	}{{"all", 1}, {access.ReadScope, -1}, {access.ReadScope, 5000}} {
		_, err := access.NewToken(ctx, s.Engine, "officer", "officer", "x", bad.scope, bad.days)
		refusedWith(t, err, refusal.FieldInvalid)
	}
	token, err := access.NewToken(ctx, s.Engine, "officer", "officer", "报表", access.WriteScope, 10)
	if err != nil {
		t.Fatal(err)
	}
	if p, scope, err := access.Bearer(s.Engine, token); err != nil || p == nil || p.ID != "officer" || scope.Scope != access.WriteScope {
		t.Fatalf("%v %v %v", p, scope, err)
	}
	if p, _, _ := access.Bearer(s.Engine, token+"x"); p != nil {
		t.Error("another token opens")
	}
	mine, err := access.Tokens(s.Engine, "captain")
	if err != nil || len(mine) != 0 {
		t.Errorf("captain sees %d tokens, %v", len(mine), err)
	}
	all, err := access.Tokens(s.Engine, "admin")
	if err != nil || len(all) != 1 {
		t.Fatalf("admin sees %d tokens, %v", len(all), err)
	}
	refusedWith(t, access.RevokeToken(ctx, s.Engine, "captain", all[0].ID), refusal.NotFound)
	second, err := access.NewToken(ctx, s.Engine, "", "officer", "", access.ReadScope, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := access.RevokeToken(ctx, s.Engine, "officer", all[0].ID); err != nil {
		t.Fatal(err)
	}
	if p, _, _ := access.Bearer(s.Engine, token); p != nil {
		t.Error("a revoked token opens")
	}
	s.on(calendar.Of(2026, 6, 1))
	if p, _, _ := access.Bearer(s.Engine, second); p != nil {
		t.Error("an expired token opens")
	}
}
