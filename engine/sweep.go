package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// sweeping is how many cases of a sweep are drawn and written at the same time: a store writes them together.
const sweeping = 32

// Sweep fires the timers that have run out, of every case, and gives how many did; safe to run twice. It reads the cases of
// the index of timers up to today: one that has fired is out of it, one that the case's states don't have is not in it, and
// one that waits, for its guards or for a schedule to be published, is asked again by every sweep. Cases are decided one after
// another, so that their papers are numbered in the order of the index, and each is written by itself: acts come between. A case that
// fails keeps no other waiting: the faults are given together.
func (e *Engine) Sweep(ctx context.Context) (int, error) {
	var faults []error
	var mu sync.Mutex // of faults and n
	n, after := 0, ""
	tomorrow := e.Today().Add(1).String() // keys are a day and a case: those of today are before it
	for {
		entries, err := e.Store.Scan(ledger.Scan{Index: listing.IndexTimer, To: tomorrow, After: after, Limit: 200})
		if err != nil || len(entries) == 0 {
			return n, errors.Join(append(faults, err)...)
		}
		var all sync.WaitGroup
		free := make(chan struct{}, sweeping)
		for _, x := range entries {
			after = x.Cursor
			if ctx.Err() != nil {
				break
			}
			free <- struct{}{}
			decided := make(chan struct{})
			all.Go(func() {
				done, err := e.fire(ctx, casefile.CaseID(procedure.Int(x.ID)), sync.OnceFunc(func() { close(decided) }))
				<-free
				mu.Lock()
				defer mu.Unlock()
				if n += done; err != nil && len(faults) < 10 {
					faults = append(faults, fmt.Errorf("case %s: %w", x.ID, err))
				}
			})
			<-decided
		}
		all.Wait()
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
}

// Fire fires the timers of one case in one commit, and gives how many did.
func (e *Engine) Fire(ctx context.Context, id casefile.CaseID) (n int, err error) {
	return e.fire(ctx, id, func() {})
}

// fire calls decided, which may be called again, once it has taken its numbers or won't.
func (e *Engine) fire(ctx context.Context, id casefile.CaseID, decided func()) (n int, err error) {
	defer decided()
	err = e.Commit(ctx, func(t *decide.Sitting) (Entry, error) {
		defer decided()
		d, err := e.Read(id)
		if err == nil {
			err = t.Expired(d)
		}
		if err != nil {
			return Entry{}, err
		}
		n = len(d.Events)
		return Entry{Dockets: []*decide.Docket{d}}, nil
	})
	if err != nil {
		n = 0
	}
	return n, err
}
