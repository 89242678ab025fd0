package engine_test

import (
	"slices"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// Who has a second step signs in with the password and a code, each code once; a recovery code stands in for it, once; wrong
// codes count like wrong passwords; a one-time link is no way around it.
func TestSecondStep(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	enter := func(code string) error {
		_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password, Code: code, From: "10.0.0.1"})
		return err
	}
	code := func(key string) string {
		c, err := secret.CodeAt(key, *s.now)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	made, err := access.NewSecond(s.Engine, "captain")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := access.SameSecond(s.Engine, "captain", made.Secret); err != nil || again.Secret != made.Secret || again.Picture == "" {
		t.Errorf("%v, %v", again.Secret, err)
	}
	_, err = access.KeepSecond(ctx, s.Engine, "captain", made.Secret, "000000")
	refusedWith(t, err, refusal.FieldInvalid)
	if err := enter(""); err != nil {
		t.Errorf("asked for a code before there is a second step: %v", err)
	}
	codes, err := access.KeepSecond(ctx, s.Engine, "captain", made.Secret, code(made.Secret))
	if err != nil || len(codes) != 10 {
		t.Fatalf("%v, %v", codes, err)
	}
	refusedWith(t, enter(""), access.CodeNeeded)
	refusedWith(t, enter(code(made.Secret)), access.CodeNeeded) // the one that it was turned on with
	*s.now = s.now.Add(30 * time.Second)
	if err := enter(code(made.Secret)); err != nil {
		t.Fatalf("with a fresh code: %v", err)
	}
	refusedWith(t, enter(code(made.Secret)), access.CodeNeeded)
	if err := enter(" " + codes[3] + " "); err != nil {
		t.Errorf("with a recovery code: %v", err)
	}
	refusedWith(t, enter(codes[3]), access.CodeNeeded)
	for range 4 {
		refusedWith(t, enter("123123"), access.CodeNeeded)
	}
	refusedWith(t, enter("123123"), access.TryLater)
	link, err := access.Invite(ctx, s.Engine, "admin", "captain")
	if err != nil {
		t.Fatal(err)
	}
	if session, err := access.SetUp(ctx, s.Engine, link, "", "", "a password of mine"); session != "" || err != nil {
		t.Errorf("a link opens a session past the second step: %q, %v", session, err)
	}
	refusedWith(t, access.DropSecond(ctx, s.Engine, "admin", access.Knock{Name: "captain"}), refusal.Forbidden)
	refusedWith(t, access.DropSecond(ctx, s.Engine, "officer", access.Knock{Name: "officer", Password: password}), refusal.ConditionUnmet)
	*s.now = s.now.Add(time.Hour)
	refusedWith(t, access.DropSecond(ctx, s.Engine, "captain", access.Knock{Name: "captain", Password: "wrong"}), refusal.FieldInvalid)
	if err := access.DropSecond(ctx, s.Engine, "captain", access.Knock{Name: "captain", Password: "a password of mine"}); err != nil {
		t.Fatal(err)
	}
	if has, err := access.HasSecond(s.Engine, "captain"); has || err != nil {
		t.Errorf("still there, %v", err)
	}
}

// The office can ask it of posts: who holds one owes it until they have it.
func TestSecondStepIsOwed(t *testing.T) {
	s := withPeople(t)
	s.record(t, ledger.KindSetting, "second-step", []office.SettingRow{{Value: "captain admin"}})
	var owe []office.PersonID
	for _, p := range s.Office().People() {
		if owes, err := access.OwesSecond(s.Engine, p); err != nil {
			t.Fatal(err)
		} else if owes {
			owe = append(owe, p.ID)
		}
	}
	if !slices.Equal(owe, []office.PersonID{"admin", "captain"}) {
		t.Errorf("%v", owe)
	}
}
