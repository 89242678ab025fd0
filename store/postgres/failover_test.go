package postgres_test

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"syscall"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/postgres"
	"dossier/store/storetest/pgserver"
)

// TestFailover kills a primary that has a synchronous standby, and makes that the primary. Whoever writes waits meanwhile and
// goes on by the address that names both; nothing that was acknowledged is lost, and no number is given twice.
func TestFailover(t *testing.T) {
	primary, err := pgserver.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := primary.Remove(); err != nil {
			t.Error(err)
		}
	})
	standby, err := primary.Standby("standby")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := standby.Remove(); err != nil {
			t.Error(err)
		}
	})
	for _, sql := range []string{`alter system set synchronous_standby_names = 'standby'`, `select pg_reload_conf()`} {
		if _, err := primary.SQL(sql); err != nil {
			t.Fatal(err)
		}
	}
	for state := ""; state != "sync"; time.Sleep(10 * time.Millisecond) {
		if state, err = primary.SQL(`select sync_state from pg_stat_replication`); err != nil {
			t.Fatal(err)
		}
	}
	url := fmt.Sprintf("postgres://postgres@/postgres?host=%s,%s&target_session_attrs=read-write", primary.Dir, standby.Dir)
	var stores []*postgres.Store
	for range 2 {
		s, err := postgres.Open(url, postgres.Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		stores = append(stores, s)
	}
	var mu sync.Mutex
	said := acknowledged{}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(said) }
	ended := make(chan struct{})
	enough := errors.New("enough")
	var wg sync.WaitGroup
	for id := casefile.CaseID(1); id <= 8; id++ {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != enough {
					t.Errorf("case %d: %v", id, p)
				}
			}()
			err := write(stores[id%2], id, func(id casefile.CaseID, e ledger.Sealed) {
				mu.Lock()
				said[fmt.Sprintf("%d %d", id, e.Seq)] = e.Hash
				mu.Unlock()
				select {
				case <-ended:
					panic(enough)
				default:
				}
			})
			panic(err)
		})
	}
	for count() < 100 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	if err := primary.Stop(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	had := count()
	if err := standby.Promote(); err != nil {
		t.Fatal(err)
	}
	for count() < had+100 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	close(ended)
	wg.Wait()
	inspect(t, stores[0], 8, maps.Clone(said))
	for _, s := range stores {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
