package alert

import (
	"context"
	"fmt"

	"dossier/engine/casefile"
)

// waiting is how many cases may wait to be told at once; those beyond it are found by the next tick.
const waiting = 1024

// Watch tells at once of each case that was committed, between the ticks that make the passes. It is for haste alone: what
// it forgets, by being ended or by too much at once, the ledger names to the next pass.
type Watch struct {
	alerts *Alerts
	queue  chan casefile.CaseID
}

// NewWatch makes a watch.
func NewWatch(a *Alerts) *Watch {
	return &Watch{alerts: a, queue: make(chan casefile.CaseID, waiting)}
}

// After is the engine's After: it notes the case and returns at once. A change of the office waits for the tick.
func (w *Watch) After(id casefile.CaseID) {
	if id == 0 {
		return
	}
	select {
	case w.queue <- id:
	default:
	}
}

// Run tells of the cases that were committed, one after another, until the context ends. A case that fails is told to
// fault, and looked at again by the next pass.
func (w *Watch) Run(ctx context.Context, fault func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-w.queue:
			if err := w.look(ctx, id); err != nil && ctx.Err() == nil {
				fault(err)
			}
		}
	}
}

// look is the pass of one case. A panic is a fault of that case and ends no other's.
func (w *Watch) look(ctx context.Context, id casefile.CaseID) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("case %d: %v", id, p)
		}
	}()
	_, err = w.alerts.Case(ctx, id)
	return err
}
