package engine

import (
	"context"
	"errors"
	"fmt"

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

// Fire fires the timers of one case in one commit, and gives how many did.
func (e *Engine) Fire(ctx context.Context, id casefile.CaseID) (n int, err error) {
	err = e.Commit(ctx, func(t *decide.Sitting) (Entry, error) {
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
