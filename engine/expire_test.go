package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/store/bolt"
)

// What is over is deleted, what isn't stays; nothing of it is in the ledger.
func TestExpire(t *testing.T) {
	s, ctx := withPeople(t), t.Context()
	count := func(kind string) int {
		t.Helper()
		rs, err := s.Store.Records(kind, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(rs)
	}
	fill := func() string {
		t.Helper()
		token, err := access.SignIn(ctx, s.Engine, access.Knock{Name: "captain", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := access.Recognise(ctx, s.Engine, "captain", ""); err != nil {
			t.Fatal(err)
		}
		_, err = access.SignIn(ctx, s.Engine, access.Knock{Name: "officer", Password: "wrong"})
		refusedWith(t, err, access.SignInFailed)
		if _, err := desk.Save(ctx, s.Engine, desk.Saved{Draft: desk.Draft{Person: "officer", Action: "note", Slot: token[:8]}}); err != nil {
			t.Fatal(err)
		}
		return token
	}
	s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk"})
	s.begin(t, "papers")
	s.do(t, 1, "clerk", "jot", key("k"))
	fill()
	kinds := []string{"key", desk.KindSaved, access.KindTries, access.KindDevice, access.KindSession}
	if n, err := access.Expire(ctx, s.Engine); n != 0 || err != nil {
		t.Fatalf("%d are over at once, %v", n, err)
	}
	for _, kind := range kinds {
		if count(kind) == 0 {
			t.Fatalf("no %s", kind)
		}
	}
	*s.now = s.now.Add(200 * 24 * time.Hour)
	fresh := fill()
	if n, err := access.Expire(ctx, s.Engine); n < len(kinds) || err != nil {
		t.Errorf("%d are over after 200 days, %v", n, err)
	}
	for kind, want := range map[string]int{"key": 0, desk.KindSaved: 1, access.KindDevice: 1, access.KindSession: 1, access.KindTries: 2} {
		if n := count(kind); n != want {
			t.Errorf("%d of %s stay, want %d", n, kind, want)
		}
	}
	if p, err := access.Session(ctx, s.Engine, fresh); err != nil || p == nil {
		t.Errorf("a fresh session went with them: %v", err)
	}
	if r := prove(t, s.Engine); !r.Whole() {
		t.Errorf("%+v", r.Flaws)
	}
}

// Of a command that is refused no file is kept.
func TestRefusedUploadsLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	st, err := bolt.Open(dir, bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s := staffed(t)
	eds, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	if s.Engine, err = engine.New(engine.Config{Store: st, Renderer: glyphless("☃"), Editions: eds, Calendar: cal, Settings: settings(), Now: func() time.Time { return *s.now }}); err != nil {
		t.Fatal(err)
	}
	s.store = st
	s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "outsider": "admin"})
	files := func() int {
		t.Helper()
		n := 0
		err := filepath.WalkDir(filepath.Join(dir, "blobs"), func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				n++
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return n
	}
	id := s.begin(t, "papers")
	before := files()
	up := func(c *casefile.Command) {
		c.Files = []casefile.Upload{{Name: "a.txt", Data: []byte("a file of " + string(c.Actor))}}
	}
	s.refuse(t, refusal.FieldInvalid, id, "clerk", "note", with("text=甲"), up)
	if _, err := s.try(t, id, "outsider", "attach", up); err == nil {
		t.Error("a stranger attaches")
	}
	if n := files(); n != before {
		t.Errorf("%d files, there were %d", n, before)
	}
	s.do(t, id, "clerk", "attach", up)
	if n := files(); n != before+1 {
		t.Errorf("%d files after one was attached, there were %d", n, before)
	}
}
