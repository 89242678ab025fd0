package engine_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/refusal"
	"dossier/engine/secret"
)

// Guesses are counted before they are looked at: however many come at once, no more are tried than one after another.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	var looked, waits, busy atomic.Int32
	var wait sync.WaitGroup
	for i := range 60 {
		wait.Go(func() {
			_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "guess " + strconv.Itoa(i), From: "10.0.0.9"})
			switch e := refusal.As(err); {
			case e == nil:
				t.Errorf("%v", err)
			case e.Code == access.SignInFailed:
				looked.Add(1)
			case e.Code == access.TryLater:
				waits.Add(1)
			case e.Code == access.Busy:
				busy.Add(1)
			}
		})
	}
	wait.Wait()
	if looked.Load() > 5 || looked.Load()+waits.Load()+busy.Load() != 60 {
		t.Errorf("%d looked at, %d told to wait, %d that it is busy", looked.Load(), waits.Load(), busy.Load())
	}
}

// A stranger can't keep a colleague out, and gets nowhere themselves: what they do counts at their address; at all addresses
// together it counts for browsers that nobody knows; and a new password begins anew.
func TestAStrangerKeepsNobodyOut(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	stranger := func(n int, from string) refusal.Code {
		t.Helper()
		var last refusal.Code
		for i := range n {
			at := from
			if at == "" {
				at = fmt.Sprintf("10.1.%d.%d", i/200, i%200)
			}
			_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "wrong", From: at})
			last = refusal.As(err).Code
		}
		return last
	}
	mine := access.Knock{Name: "captain", Password: password, From: "10.0.0.1"}
	if _, err := access.SignIn(ctx, s.Engine, mine); err != nil {
		t.Fatal(err)
	}
	device, err := access.Recognise(ctx, s.Engine, "captain", "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := access.Recognise(ctx, s.Engine, "captain", device); err != nil || again != device {
		t.Errorf("the same browser is %q, %v", again, err)
	}
	if code := stranger(7, "10.0.0.9"); code != access.TryLater {
		t.Errorf("a stranger may go on: %s", code)
	}
	if _, err := access.SignIn(ctx, s.Engine, mine); err != nil {
		t.Errorf("at another address the colleague is kept out: %v", err)
	}
	if code := stranger(24, ""); code != access.TryLater {
		t.Errorf("a stranger at many addresses may go on: %s", code)
	}
	_, err = access.SignIn(ctx, s.Engine, mine)
	refusedWith(t, err, access.TryLater)
	mine.Device = device
	if _, err := access.SignIn(ctx, s.Engine, mine); err != nil {
		t.Errorf("in a browser that is known the colleague is kept out: %v", err)
	}
	other := access.Knock{Name: "officer", Password: "wrong", From: "10.0.0.1", Device: device} // another's browser is none of theirs
	for range 6 {
		_, err = access.SignIn(ctx, s.Engine, other)
	}
	refusedWith(t, err, access.TryLater)
	// The operator sets a password: the counts of the old one are void, also where nobody knows the browser.
	mine.Device = ""
	*s.now = s.now.Add(2 * time.Second)
	seq, err := access.PersonSeq(s.Engine, "captain")
	if err != nil {
		t.Fatal(err)
	}
	if err := access.KeepPerson(ctx, s.Engine, "", *s.Office().Person("captain"), "a sentence that is new", seq); err != nil {
		t.Fatal(err)
	}
	mine.Password = "a sentence that is new"
	if _, err := access.SignIn(ctx, s.Engine, mine); err != nil {
		t.Errorf("after the operator has set a password: %v", err)
	}
}

// The wait grows and ends; a wrong old password counts like a wrong one at the door.
func TestOldPasswordCounts(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	var err error
	for range 6 {
		_, err = access.SetPassword(ctx, s.Engine, access.Knock{Name: "officer", Password: "wrong", From: "10.0.0.1"}, "another sentence")
	}
	e := refusedWith(t, err, access.TryLater)
	first, _ := strconv.Atoi(e.Args["seconds"])
	*s.now = s.now.Add(time.Duration(first) * time.Second)
	_, err = access.SetPassword(ctx, s.Engine, access.Knock{Name: "officer", Password: "wrong", From: "10.0.0.1"}, "another sentence")
	refusedWith(t, err, refusal.FieldInvalid)
	_, err = access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: password, From: "10.0.0.1"})
	if second, _ := strconv.Atoi(refusedWith(t, err, access.TryLater).Args["seconds"]); second <= first {
		t.Errorf("the second wait is %d s, the first was %d s", second, first)
	}
}

func TestPasswordRules(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	seq, err := access.PersonSeq(s.Engine, "captain")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ password, why string }{
		{"short", "field.password-short"}, {"12345678", "field.password-common"}, {"Password1!", "field.password-common"}, {"qwertyui", "field.password-common"},
		{"1qaz2wsx", "field.password-common"}, {"20260302", "field.password-common"}, {"captain1", "field.password-common"}, {"孙队孙队孙队12", "field.password-common"},
		{"任县劳动保障监察大队", "field.password-common"}, {"  password  ", "field.password-common"}, {"Captain", "field.password-short"},
		{string(make([]byte, 2000)), "field.too-long"},
	} {
		e := refusedWith(t, access.KeepPerson(ctx, s.Engine, "", *s.Office().Person("captain"), tt.password, seq), refusal.FieldInvalid)
		if e.Fields[0].Why != tt.why || e.Fields[0].Path != "password" {
			t.Errorf("%.20q: %s, want %s", tt.password, e.Fields[0].Why, tt.why)
		}
	}
	e := refusedWith(t, access.KeepPerson(ctx, s.Engine, "admin", *s.Office().Person("captain"), "a sentence that is new", seq), refusal.FieldInvalid)
	if e.Fields[0].Why != "field.password-others" {
		t.Errorf("an administrator sets another's password: %v", e)
	}
	if err := access.KeepPerson(ctx, s.Engine, "", *s.Office().Person("captain"), "  两头有空格的话  ", seq); err != nil {
		t.Fatal(err)
	}
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "两头有空格的话"}); refusal.As(err) == nil {
		t.Error("the spaces at the ends are lost")
	}
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: "  两头有空格的话  "}); err != nil {
		t.Error(err)
	}
}

// A full queue is told at once: nobody waits behind more than it holds.
func TestQueueIsFull(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	var leave []func()
	for range secret.MaxWaiting {
		f, ok := secret.Enter()
		if !ok {
			break // others of this package's tests are hashing
		}
		leave = append(leave, f)
	}
	_, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password})
	for _, f := range leave {
		f()
	}
	refusedWith(t, err, access.Busy)
	if _, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password}); err != nil {
		t.Errorf("it counted: %v", err)
	}
}
