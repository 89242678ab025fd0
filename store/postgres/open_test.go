package postgres_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/refusal"
	"dossier/store/postgres"
	"dossier/store/storetest/pgserver"
)

// one is a change that writes one event more of a case.
func one(id casefile.CaseID, read uint64, text string) ledger.Commit {
	e := ledger.Sealed{Seq: read + 1, Data: []byte(text), Hash: ledger.Chain("", []byte(text))}
	return ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: read, Events: []ledger.Sealed{e}, Snapshot: e.Data}}}
}

func commit(t *testing.T, s ledger.Store, c ledger.Commit) {
	t.Helper()
	if err := s.Commit(context.Background(), c); err != nil {
		t.Fatal(err)
	}
}

// fails opens an address that has to be refused with the code, in words that hold these.
func fails(t *testing.T, url string, opt postgres.Options, code string, words ...string) {
	t.Helper()
	s, err := postgres.Open(url, opt)
	if err == nil {
		s.Close()
	}
	var e *postgres.OpenError
	if !errors.As(err, &e) || e.Code != code || e.Where == "" || e.Do == "" {
		t.Errorf("%s: %v, want %s", url, err, code)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q doesn't say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%q tells the password", err)
	}
}

func TestAddresses(t *testing.T) {
	create := postgres.Options{Create: true}
	for _, c := range []struct{ url, code, word string }{
		{"postgres://u:secret@h/d?schema=Upper", postgres.CodeBadURL, "Upper"},
		{"postgres://u:secret@h/d?schema=pg_x", postgres.CodeBadURL, "pg_x"},
		{"postgres://u:secret@h/d?schema=a;drop", postgres.CodeBadURL, ""},
		{"postgres://u:secret@h:port/d", postgres.CodeBadURL, ""},
		{"postgres://u:secret@h/d?patience=long", postgres.CodeBadURL, "long"},
		{"postgres://u:secret@h/d?%zz", postgres.CodeBadURL, ""},
		{"postgres://u:secret@/d?host=/nowhere", postgres.CodeUnreachable, "no such file"},
		{"postgres://u:secret@127.0.0.1:1/d", postgres.CodeUnreachable, "connection refused"},
		{"postgres://u:secret@127.0.0.1:1,127.0.0.2:1/d?target_session_attrs=read-write", postgres.CodeUnreachable, "127.0.0.2"},
	} {
		fails(t, c.url, create, c.code, c.word)
	}
}

// What keeps somebody from a schema is told in words, and nothing is changed.
func TestRefused(t *testing.T) {
	server := pgserver.Shared(t)
	base := server.URL()
	create := postgres.Options{Create: true}
	sql := func(text string) {
		t.Helper()
		if _, err := server.SQL(text); err != nil {
			t.Fatal(err)
		}
	}
	sql(`create role poor login; create role reader login; alter role reader set default_transaction_read_only = on`)
	as := func(user, rest string) string { return strings.Replace(base, "postgres@", user+"@", 1) + rest }
	fails(t, strings.Replace(base, "/postgres?", "/none?", 1), create, postgres.CodeMissing, "no such database")
	fails(t, as("nobody:secret", ""), create, postgres.CodeRefused, "nobody")
	fails(t, as("poor", "&schema=poor"), create, postgres.CodeNoRights, "permission denied", "schema=poor")
	fails(t, as("reader", ""), create, postgres.CodeReadOnly, "read-write")

	sql(`create schema foreign1; create table foreign1.t (n int); create schema foreign2; create table foreign2.meta (n int);
		create schema foreign3; create table foreign3.meta (product text, format int); insert into foreign3.meta values ('other', 1);
		create schema foreign4; create table foreign4.meta (product int, format text); insert into foreign4.meta values (1, 'one')`)
	for _, name := range []string{"foreign1", "foreign2", "foreign3", "foreign4"} {
		fails(t, base+"&schema="+name, create, postgres.CodeNotOurs, "another program's", name)
	}
	if n, err := server.SQL(`select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname like 'foreign%' and relkind = 'r'`); n != "4" || err != nil {
		t.Errorf("%s tables in the others' schemas (%v), want their own 4", n, err)
	}
	if n, err := server.SQL(`select count(*) from pg_namespace where nspname = 'poor'`); n != "0" || err != nil {
		t.Errorf("a schema was left: %s %v", n, err)
	}

	// A schema of ours that belongs to another user, wholly or for reading.
	theirs := openNew(t)
	_, name, _ := strings.Cut(theirs.url, "&schema=")
	fails(t, as("poor", "&schema="+name), create, postgres.CodeNoRights, "permission denied", "as its owner")
	sql(`grant usage on schema ` + name + ` to poor; grant select on all tables in schema ` + name + ` to poor`)
	looks, err := postgres.Open(as("poor", "&schema="+name), create)
	if err != nil {
		t.Fatal(err)
	}
	defer looks.Close()
	if err := looks.Commit(context.Background(), one(1, 0, "a")); postgresCode(err) != postgres.CodeNoRights {
		t.Errorf("%v", err)
	}

	// A schema that its keeper made, empty, is filled without any right to the database.
	sql(`create schema given authorization poor`)
	s, err := postgres.Open(as("poor", "&schema=given"), create)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, one(1, 0, "a"))
	s.Close()
}

func TestSchema(t *testing.T) {
	url := pgserver.URL(t)
	fails(t, url, postgres.Options{}, postgres.CodeMissing, "dossier serve")
	s := schema{openAt(t, url), url}
	commit(t, s, one(1, 0, "a"))
	again := openAt(t, url) // beside the first
	if c, err := again.Case(1); err != nil || c.Seq != 1 {
		t.Errorf("%+v %v", c, err)
	}

	if _, err := s.sql(`insert into loading values ('bolt:x')`); err != nil {
		t.Fatal(err)
	}
	fails(t, url, postgres.Options{}, postgres.CodeHalf, "migrate-store", "bolt:x")
	if _, err := s.sql(`delete from loading`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sql(`update meta set format = 99`); err != nil {
		t.Fatal(err)
	}
	fails(t, url, postgres.Options{Create: true}, postgres.CodeNewer, "format 99")
	// A process that goes on under a schema that a newer one has migrated can't write any more.
	var e *postgres.OpenError
	if err := s.Commit(context.Background(), one(1, 1, "b")); !errors.As(err, &e) || e.Code != postgres.CodeNewer {
		t.Errorf("commit: %v, want %s", err, postgres.CodeNewer)
	}
	if events, err := s.Events(1, 0, 0); err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// Several processes that open a new schema at the same moment make it once.
func TestOpenAtOnce(t *testing.T) {
	url := pgserver.URL(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			s, err := postgres.Open(url, postgres.Options{Create: true})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Commit(context.Background(), one(casefile.CaseID(i+1), 0, "a")); err != nil {
				t.Error(err)
			}
			s.Close()
		})
	}
	wg.Wait()
	if events, err := openAt(t, url).Ledger(0, 0); err != nil || len(events) != 6 {
		t.Errorf("%d rows, %v", len(events), err)
	}
}

// A machine whose clock is more than five seconds off is refused, with the figures.
func TestClock(t *testing.T) {
	url := pgserver.URL(t)
	for _, off := range []time.Duration{-7 * time.Second, 7 * time.Second, 24 * time.Hour} {
		fails(t, url, postgres.Options{Create: true, Now: ahead(off)}, postgres.CodeClock, "seconds off", "NTP")
	}
	if _, err := (schema{nil, url}).sql(`select 1 from meta`); err == nil {
		t.Error("a schema was made")
	}
	s, err := postgres.Open(url, postgres.Options{Create: true, Now: ahead(3 * time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	commit(t, s, one(1, 0, "a"))
	// Another that is as near to the database, but too far from the first.
	fails(t, url, postgres.Options{Now: ahead(-4 * time.Second)}, postgres.CodeClock, "another server's", "7.")
	s2, err := postgres.Open(url, postgres.Options{Now: ahead(-time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	s2.Close()
}

func ahead(by time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(by) }
}

// A clock that is set while the program runs: nothing is written until it is set right, and then work goes on by itself. Of two
// servers that differ the one that is further from the database waits.
func TestClockIsSet(t *testing.T) {
	url := pgserver.URL(t)
	var off [2]atomic.Int64
	var stores [2]*postgres.Store
	for i := range stores {
		var err error
		stores[i], err = postgres.Open(url, postgres.Options{Create: true, Now: func() time.Time { return time.Now().Add(time.Duration(off[i].Load())) }})
		if err != nil {
			t.Fatal(err)
		}
		defer stores[i].Close()
		commit(t, stores[i], one(casefile.CaseID(i+1), 0, "a"))
	}
	a, b := stores[0], stores[1]
	for _, by := range []time.Duration{time.Minute, -time.Minute} {
		off[0].Store(int64(by))
		for range 2 {
			err := a.Commit(context.Background(), one(1, 1, "b"))
			if e := refusal.As(err); e == nil || e.Code != refusal.ClockSkew || e.Args["off"] != "60.0" && e.Args["off"] != "59.9" || e.Args["most"] != "5" {
				t.Fatalf("%v", err)
			}
		}
	}
	off[0].Store(0)
	commit(t, a, one(1, 1, "b"))
	off[0].Store(int64(4 * time.Second))
	off[1].Store(int64(-3 * time.Second))
	for _, s := range stores { // each is near enough to the database, and says so to the other
		if err := s.Clock(); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, b, one(2, 1, "b"))
	if err := a.Clock(); postgresCode(err) != postgres.CodeClock {
		t.Errorf("%v", err)
	}
	if err := a.Commit(context.Background(), one(1, 2, "c")); postgresCode(err) != postgres.CodeClock {
		t.Errorf("%v", err)
	}
	commit(t, b, one(2, 2, "c"))
	off[1].Store(0)
	if err := b.Clock(); err != nil {
		t.Error(err)
	}
	commit(t, b, one(2, 3, "d"))
	commit(t, a, one(1, 2, "c"))
}

// A schema of the format before is brought to this one.
func TestMigrated(t *testing.T) {
	s := openNew(t)
	commit(t, s, one(1, 0, "a"))
	for _, sql := range []string{`alter table writers drop column ahead`, `update meta set format = 1`} {
		if _, err := s.sql(sql); err != nil {
			t.Fatal(err)
		}
	}
	again := openAt(t, s.url)
	commit(t, again, one(1, 1, "b"))
	if events, err := again.Events(1, 0, 0); err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func postgresCode(err error) string {
	var e *postgres.OpenError
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

// Where the server has no space left, a commit says so, changes nothing, and works again when there is some.
func TestFull(t *testing.T) {
	server, s := pgserver.Shared(t), openNew(t)
	file, err := s.sql(`select pg_relation_filepath('events')`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.SQL(`checkpoint`); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(server.Data(), file)
	owner, err := os.Stat(server.Data())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(file), os.Symlink("/dev/full", file)); err != nil { // a disk on which nothing can be written
		t.Fatal(err)
	}
	for range 2 {
		err := s.Commit(context.Background(), one(1, 0, "a"))
		if postgresCode(err) != postgres.CodeFull || !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%v", err)
		}
	}
	if _, err := s.Case(1); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("half of it is there: %v", err)
	}
	own := owner.Sys().(*syscall.Stat_t)
	if err := errors.Join(os.Remove(file), os.WriteFile(file, nil, 0o600), os.Chown(file, int(own.Uid), int(own.Gid))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'a test'`); err != nil { // they have the file open
		t.Fatal(err)
	}
	commit(t, s, one(1, 0, "a"))
}
