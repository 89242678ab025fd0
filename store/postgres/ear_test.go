package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/store/postgres"
)

// The stores of one database that a process has open hear by one connection, each what others commit to its own schema; who has
// ended hears no more. Where the connection breaks off, all are told that they may have missed something.
func TestHearByOneConnection(t *testing.T) {
	a, b := openNew(t), openNew(t)
	all := []schema{a, b}
	others := []*postgres.Store{openAt(t, a.url), openAt(t, b.url)}
	said := []chan string{make(chan string, 10_000), make(chan string, 10_000)}
	ends := make([]func(), 2)
	hear := func(i int) {
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		ends[i] = func() { end(); <-ended }
		go func() {
			defer close(ended)
			all[i].Hear(ctx, func(whats []string, lost bool) { said[i] <- fmt.Sprint(whats, lost) })
		}()
	}
	seqs := make([]uint64, 2)
	until := func(i int, want string) { // commits, to this one's case, until it hears that
		t.Helper()
		for {
			commit(t, others[i], one(casefile.CaseID(i+1), seqs[i], "x"))
			seqs[i]++
			select {
			case got := <-said[i]:
				switch {
				case got == want:
					return
				case !strings.Contains(got, fmt.Sprintf("case/%d", i+1)):
					t.Fatalf("%d hears %s, want %s", i, got, want)
				}
			default:
			}
		}
	}
	const where = ` from pg_stat_activity where query like '%listen "' || $1 || '"%' or query like '%listen "' || $2 || '"%'`
	schemas := []any{}
	for _, s := range all {
		_, name, _ := strings.Cut(s.url, "&schema=")
		schemas = append(schemas, name)
	}
	hear(0)
	until(0, "[case/1] false")
	hear(1)
	until(1, "[case/2] false")
	until(0, "[case/1] false")
	if n, err := a.sql(`select count(*)::text`+where, schemas...); n != "1" || err != nil {
		t.Errorf("they hear by %s connections (%v)", n, err)
	}
	if _, err := a.sql(`select pg_terminate_backend(pid)`+where, schemas...); err != nil {
		t.Fatal(err)
	}
	until(0, "[] true")
	until(1, "[] true")
	until(1, "[case/2] false")
	ends[0]()
	for len(said[0]) > 0 {
		<-said[0]
	}
	until(1, "[case/2] false")
	commit(t, others[0], one(1, seqs[0], "x"))
	until(1, "[case/2] false")
	if len(said[0]) > 0 {
		t.Errorf("it still hears %s", <-said[0])
	}
	ends[1]()
	hear(1) // anew
	until(1, "[case/2] false")
	ends[1]()
}
