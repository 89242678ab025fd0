package alert

import (
	"context"
	"sync/atomic"
	"time"

	"dossier/engine"
)

// waiting is how many cases may wait for their pass; more make the next tick look at all of them.
const waiting = 1024

// workday is the hour of the office's time at which the day's work, and with it a whole pass, begins.
const workday = 8

// Watch makes the passes when they are due: one case after each commit, all of them at the start, on each new day and at
// 08:00. What it forgets by being ended is found by the pass of the next start.
type Watch struct {
	alerts *Alerts
	queue  chan engine.CaseID
	whole  atomic.Bool  // all cases are to be looked at
	last   atomic.Int64 // the half of a day of the last whole pass
}

// NewWatch makes a watch that has not looked yet: its first tick looks at every case.
func NewWatch(a *Alerts) *Watch {
	return &Watch{alerts: a, queue: make(chan engine.CaseID, waiting)}
}

// After is the engine's After: it notes the case and returns at once.
func (w *Watch) After(id engine.CaseID) {
	if id == 0 {
		w.whole.Store(true)
		return
	}
	select {
	case w.queue <- id:
	default:
		w.whole.Store(true)
	}
}

// Tick makes a whole pass if one is due. It may be run at any time and as often as one likes.
func (w *Watch) Tick(ctx context.Context) (int, error) {
	half := half(w.alerts.Engine.Now())
	if w.last.Load() == half && !w.whole.Load() {
		return 0, nil
	}
	w.whole.Store(false) // before the pass: what comes meanwhile asks for the next one
	n, err := w.alerts.Pass(ctx)
	if err != nil {
		w.whole.Store(true)
		return n, err
	}
	w.last.Store(half)
	return n, nil
}

// half counts the halves of days, of which the second begins with the day's work; never 0.
func half(t time.Time) int64 {
	n := int64(dateOf(t)) * 2
	if t.In(zone).Hour() >= workday {
		n++
	}
	return n + 1
}

// Run tells of the cases that were committed, one after another, until the context ends. A case that fails is told to
// fault and is looked at again with the next tick.
func (w *Watch) Run(ctx context.Context, fault func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-w.queue:
			if _, err := w.alerts.Case(ctx, id); err != nil && ctx.Err() == nil {
				w.whole.Store(true)
				fault(err)
			}
		}
	}
}
