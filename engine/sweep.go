package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// Sweep fires the timers that have run out, of every case, and gives how many did; safe to run twice. It reads the cases of
// the index of timers up to today: one that has fired is out of it, one that the case's states don't have is not in it, and
// one that waits, for its guards or for a schedule to be published, is asked again by every sweep. A case that fails keeps no other waiting: the faults are given together.
func (e *Engine) Sweep(ctx context.Context) (int, error) {
	var faults []error
	n, after := 0, ""
	tomorrow := e.Today().Add(1).String() // keys are a day and a case: those of today are before it
	for {
		entries, err := e.Store.Scan(ledger.Scan{Index: listing.IndexTimer, To: tomorrow, After: after, Limit: 200})
		if err != nil || len(entries) == 0 {
			return n, errors.Join(append(faults, err)...)
		}
		for _, x := range entries {
			after = x.Cursor
			done, err := e.Fire(ctx, casefile.CaseID(procedure.Int(x.ID)))
			if n += done; err != nil && len(faults) < 10 {
				faults = append(faults, fmt.Errorf("case %s: %w", x.ID, err))
			}
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
		}
	}
}

// Fire fires the timers of one case in one commit.
func (e *Engine) Fire(ctx context.Context, id casefile.CaseID) (int, error) {
	e.Deciding.RLock()
	defer e.Deciding.RUnlock()
	for {
		d, err := e.Read(id)
		if err != nil {
			return 0, err
		}
		t := e.Sit()
		if err := t.Expired(d); err != nil || len(d.Events) == 0 {
			return 0, err
		}
		unlock := e.Counters.Lock(slices.Sorted(maps.Keys(t.Taken)))
		commit, err := e.Seal([]*decide.Docket{d})
		if err == nil {
			commit.Checks = append(commit.Checks, Check(t.Office))
			for _, name := range slices.Sorted(maps.Keys(t.Taken)) {
				commit.Counters = append(commit.Counters, ledger.CounterWrite{Name: name, Read: t.Taken[name].Read, Value: t.Taken[name].Value})
			}
			err = e.Store.Commit(ctx, *commit)
		}
		unlock()
		var moved *ledger.Conflict
		if errors.As(err, &moved) {
			if _, err := e.Renew(); err != nil {
				return 0, err
			}
			continue
		}
		if err != nil {
			return 0, err
		}
		e.Moved(id)
		return len(d.Events), nil
	}
}
