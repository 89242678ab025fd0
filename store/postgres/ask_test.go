package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/storetest/pgserver"
)

// Who asks while a case is being read is read with whoever else does: each gets its own, also where one is not there.
func TestCasesAreReadTogether(t *testing.T) {
	s := open(t, pgserver.URL(t))
	for id := casefile.CaseID(1); id <= 5; id++ {
		if err := s.Commit(context.Background(), oneEvent(id, 0)); err != nil {
			t.Fatal(err)
		}
	}
	s.askers.reading = true // one is being read
	var wg sync.WaitGroup
	for _, id := range []casefile.CaseID{1, 2, 3, 4, 5, 6, 2} {
		wg.Go(func() {
			snap, err := s.Case(id)
			switch {
			case id == 6 && !errors.Is(err, ledger.ErrNotFound):
				t.Errorf("case 6: %v, want ErrNotFound", err)
			case id < 6 && (err != nil || snap.Seq != 1 || string(snap.Data) != fmt.Sprint(id, 0)):
				t.Errorf("case %d: %+v, %v", id, snap, err)
			}
		})
	}
	for n := 0; n < 7; runtime.Gosched() {
		s.askers.mu.Lock()
		n = len(s.askers.waiting)
		s.askers.mu.Unlock()
	}
	s.askers.waiting[3].turn <- true // it is done
	wg.Wait()
	if s.askers.reading || len(s.askers.waiting) > 0 {
		t.Errorf("nobody asks, but %+v", &s.askers)
	}
}
