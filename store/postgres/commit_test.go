package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/group"
	"dossier/store/storetest/pgserver"
)

func open(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(url, Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func oneEvent(id casefile.CaseID, read uint64) ledger.Commit {
	e := ledger.Sealed{Seq: read + 1, Data: fmt.Append(nil, id, read), Hash: ledger.Chain("", fmt.Append(nil, id, read))}
	return ledger.Commit{Cases: []ledger.CaseWrite{{ID: id, Read: read, Events: []ledger.Sealed{e}, Snapshot: e.Data}}}
}

func counter(read, value uint64) ledger.Commit {
	return ledger.Commit{Counters: []ledger.CounterWrite{{Name: "n", Read: read, Value: value}}}
}

func session(read uint64, text string, remove bool) ledger.Commit {
	return ledger.Commit{Records: []ledger.RecordWrite{{Kind: "session", ID: "a", Read: read, Data: []byte(text), Delete: remove}}}
}

func person(read uint64, text string, remove bool) ledger.Commit {
	return ledger.Commit{Records: []ledger.RecordWrite{{Kind: "person", ID: "li", Read: read, Data: []byte(text), Delete: remove, Ledgered: true}}}
}

func rests(c ledger.Commit, kind, id string, seq uint64) ledger.Commit {
	c.Checks = []ledger.Check{{Kind: kind, ID: id, Seq: seq}}
	return c
}

// What is committed together is decided one after another, whether it is believed at first or has to be looked up.
func TestGroup(t *testing.T) {
	for _, before := range []bool{false, true} { // whether somebody else was there before
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			s := open(t, pgserver.URL(t))
			late := oneEvent(9, 4)
			if before {
				if err := s.Commit(context.Background(), person(0, "gone", false)); err != nil {
					t.Fatal(err)
				}
				if err := s.Commit(context.Background(), person(1, "gone", true)); err != nil {
					t.Fatal(err)
				}
			}
			var changes []*group.Change
			var want []string
			for _, c := range []struct {
				commit ledger.Commit
				want   string
			}{
				{oneEvent(1, 0), ""},
				{oneEvent(2, 0), ""},
				{oneEvent(1, 0), "case 1 has moved"}, // read what the first has moved
				{oneEvent(1, 1), ""},                 // read what the first wrote
				{counter(0, 1), ""},
				{counter(0, 1), "counter n has moved"},
				{counter(1, 2), ""},
				{session(0, "1", false), ""},
				{session(1, "2", true), ""},
				{session(1, "3", false), "record session/a has moved"},
				{session(0, "4", false), ""},
				{rests(oneEvent(3, 0), "session", "a", 1), ""},
				{rests(oneEvent(4, 0), "session", "a", 0), "record session/a has moved"},
				{rests(oneEvent(5, 0), "person", "li", 0), ""},
				{person(0, "anew", false), ""},
				{late, "case 9 has moved"},
			} {
				if !before && c.commit.Cases != nil && c.commit.Cases[0].ID == 9 {
					continue
				}
				changes, want = append(changes, group.NewChange(c.commit)), append(want, c.want)
			}
			s.write(0, changes)
			for i, c := range changes {
				got := ""
				if err := c.Answered(); err != nil {
					got = err.Error()
				}
				if got != want[i] {
					t.Errorf("change %d: %q, want %q", i, got, want[i])
				}
			}
			ledger, err := s.Ledger(0, 0)
			if err != nil {
				t.Fatal(err)
			}
			whats := ""
			for _, h := range ledger[len(ledger)-1].Heads {
				whats += fmt.Sprintf("%s@%d ", h.What, h.Seq)
			}
			seq := map[bool]uint64{false: 1, true: 3}[before]
			if want := fmt.Sprintf("case/1@1 case/2@1 case/1@2 case/3@1 case/5@1 person/li@%d ", seq); whats != want {
				t.Errorf("heads %s, want %s", whats, want)
			}
			if n, err := s.Counter("n"); n != 2 || err != nil {
				t.Errorf("counter %d, %v", n, err)
			}
			if r, err := s.Record("session", "a"); err != nil || r.Seq != 1 || string(r.Data) != "4" {
				t.Errorf("%+v %v", r, err)
			}
			if r, err := s.Record("person", "li"); err != nil || r.Seq != seq {
				t.Errorf("%+v %v", r, err)
			}
		})
	}
}

// Two processes write two ledgers, and each goes on with its own. One that comes later takes up a ledger that is free.
func TestLedgers(t *testing.T) {
	url := pgserver.URL(t)
	a, b := open(t, url), open(t, url)
	write := func(s *Store, id casefile.CaseID) {
		t.Helper()
		if err := s.Commit(context.Background(), oneEvent(id, 0)); err != nil {
			t.Fatal(err)
		}
	}
	write(a, 1)
	write(b, 2)
	write(a, 3)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	write(b, 4)
	c := open(t, url)
	write(c, 5)
	rows, err := b.Ledger(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range rows {
		got += fmt.Sprintf("%s:%s ", ledger.RowName(r.N), r.Heads[0].What)
	}
	if want := "1:case/1 2:case/3 3:case/5 2.1:case/2 2.2:case/4 "; got != want {
		t.Errorf("ledgers %s, want %s", got, want)
	}
	for i, r := range rows {
		prev := ""
		if r.N&(1<<ledger.LedgerBits-1) > 1 {
			prev = rows[i-1].Hash
		}
		again, _, err := ledger.NextRow(r.N, prev, r.Heads)
		if err != nil || again.Hash != r.Hash || r.Prev != prev {
			t.Errorf("row %d does not follow: %v", r.N, err)
		}
	}
}

// Whoever changes a record waits for the changes that rest on the version before; those that come later are refused.
func TestChecksHold(t *testing.T) {
	url := pgserver.URL(t)
	a, b := open(t, url), open(t, url)
	ctx := context.Background()
	if err := a.Commit(ctx, person(0, "1", false)); err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= 100; seq++ {
		id := casefile.CaseID(seq)
		done := make(chan error)
		go func() { done <- a.Commit(ctx, rests(oneEvent(id, 0), "person", "li", seq)) }()
		errB := b.Commit(ctx, person(seq, "next", false))
		errA := <-done
		var conflict *ledger.Conflict
		if errB != nil || errA != nil && !errors.As(errA, &conflict) {
			t.Fatalf("round %d: %v, %v", seq, errA, errB)
		}
	}
	// The lock is there: as long as one rests on the record, another doesn't write it.
	held, err := a.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(ctx, sqlLocks, classOf(a.schema), []int32{1, lockOf("person\x00li")}, []bool{true, false}); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := a.pool.QueryRow(ctx, `select count(*) from pg_locks where locktype = 'advisory' and classid = $1::bigint::oid and mode = any('{ShareLock,ExclusiveLock}') and objid < 4096`,
		int64(uint32(classOf(a.schema)))).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d locks are held (%v), want 2", n, err)
	}
	wrote := make(chan error)
	go func() { wrote <- b.Commit(ctx, person(101, "late", false)) }()
	for waits := false; !waits; {
		if err := a.pool.QueryRow(ctx, `select exists (select from pg_locks where locktype = 'advisory' and not granted and classid = $1::bigint::oid)`, int64(uint32(classOf(a.schema)))).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-wrote:
		t.Errorf("it was written meanwhile: %v", err)
	default:
	}
	if err := held.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}

// Long values are packed by LZ4 where the server can.
func TestLongValuesArePacked(t *testing.T) {
	ctx := context.Background()
	s := open(t, pgserver.URL(t))
	c := oneEvent(1, 0)
	c.Cases[0].Snapshot = bytes.Repeat([]byte(`{"fact":"filed"},`), 1000)
	if err := s.Commit(ctx, c); err != nil {
		t.Fatal(err)
	}
	var got, want string
	err := s.view(func(ctx context.Context, q querier) error {
		return q.QueryRow(ctx, `select pg_column_compression(snapshot), case when 'lz4' = any(enumvals) then 'lz4' else 'pglz' end
			from cases, pg_settings where name = 'default_toast_compression'`).Scan(&got, &want)
	})
	if err != nil || got != want {
		t.Errorf("packed by %q, want %q; %v", got, want, err)
	}
	if snap, err := s.Case(1); err != nil || !bytes.Equal(snap.Data, c.Cases[0].Snapshot) {
		t.Errorf("%d bytes came back, %v", len(snap.Data), err)
	}
}
