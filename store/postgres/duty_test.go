package postgres_test

import (
	"testing"

	"dossier/store/postgres"
)

// The stores of one database that a process has open are on duty by one connection, each for its own schema; one that is closed
// gives its duty up, and none of the others'.
func TestDutiesOfOneProcess(t *testing.T) {
	a, b := openNew(t), openNew(t)
	on := func(s *postgres.Store, want bool) {
		t.Helper()
		if mine, err := s.OnDuty(t.Context()); err != nil || mine != want {
			t.Errorf("on duty: %v %v, want %v", mine, err, want)
		}
	}
	holders := func(want string) {
		t.Helper()
		const sql = `select count(*) || ' locks by ' || count(distinct pid) from pg_locks where locktype = 'advisory' and objid = 3 << 20`
		if got, err := a.sql(sql); err != nil || got != want {
			t.Errorf("%s (%v), want %s", got, err, want)
		}
	}
	on(a.Store, true)
	on(b.Store, true)
	holders("2 locks by 1")
	beside := openAt(t, a.url)
	on(beside, false)
	elsewhere := openAt(t, a.url+"&connect_timeout=7") // as another process would
	on(elsewhere, false)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	holders("1 locks by 1")
	on(elsewhere, true)
	on(beside, false)
	on(b.Store, true)
	// The connection breaks off: who asks first has the duty.
	if _, err := b.sql(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 3 << 20`); err != nil {
		t.Fatal(err)
	}
	for n := ""; n != "0"; { // a backend that was told to end has its locks for a moment yet
		var err error
		if n, err = b.sql(`select count(*)::text from pg_locks where locktype = 'advisory' and objid = 3 << 20`); err != nil {
			t.Fatal(err)
		}
	}
	on(beside, true)
	on(elsewhere, false)
	on(b.Store, true)
	holders("2 locks by 1")
}
