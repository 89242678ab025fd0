package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/refusal"
)

// Entry is what one sitting wants written, all or nothing.
type Entry struct {
	Dockets []*decide.Docket     // cases, with the events that were decided in them
	Records []ledger.RecordWrite // beside them
	Files   []casefile.Upload    // whose bytes are kept first
}

// tries is how often something is decided again because what it rests on moved meanwhile.
const tries = 50

// Commit is the one way in which cases move: decided enters in a sitting what is to be written, and it is drawn, sealed and
// committed at once. Where the case, a number or the office moved meanwhile, it is decided again in a new sitting; where it
// was refused by an office that another server has changed, once more by the office as it is. Nothing is written where
// nothing was entered. The error is decided's, or *ledger.Conflict after many tries.
//
// It may be called several times and must change nothing itself. A number that it asks for is its own until it is
// written or given up.
func (e *Engine) Commit(ctx context.Context, decided func(*decide.Sitting) (Entry, error)) error {
	refused := false
	return ledger.Again(tries, func() error {
		err := e.turn(ctx, decided)
		if !refused && refusal.As(err) != nil {
			refused = true
			renewed, failed := e.Renew()
			if failed != nil {
				return failed
			}
			if renewed {
				err = e.turn(ctx, decided)
			}
		}
		var moved *ledger.Conflict
		if errors.As(err, &moved) && moved.What == "record" {
			if err := e.ReloadOffice(); err != nil {
				return err
			}
		}
		return err
	})
}

// turn is one pass of a commit.
func (e *Engine) turn(ctx context.Context, decided func(*decide.Sitting) (Entry, error)) error {
	if err := e.latest.forward(e.Now()); err != nil {
		return err
	}
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	t := e.Sit()
	held := e.counters.held()
	t.Counter = func(name string) (uint64, error) { return held.take(name, e.Store.Counter) }
	entry, err := decided(t)
	if err != nil {
		held.giveUp()
		return err
	}
	held.decided(t.Taken)
	err = e.enter(ctx, t, held, entry)
	held.end(err)
	return err
}

// enter draws, seals and commits what was decided.
func (e *Engine) enter(ctx context.Context, t *decide.Sitting, held *hold, entry Entry) (err error) {
	defer held.begin() // whoever is behind goes on, whatever became of this
	s, err := e.seal(t, entry.Dockets)
	if err != nil {
		return err
	}
	commit := &s.commit
	commit.Records = entry.Records
	if len(commit.Cases)+len(commit.Records) == 0 {
		return nil
	}
	commit.Checks = []ledger.Check{Check(t.Office)}
	for _, name := range slices.Sorted(maps.Keys(t.Taken)) {
		commit.Counters = append(commit.Counters, ledger.CounterWrite{Name: name, Read: t.Taken[name].Read, Value: t.Taken[name].Value})
	}
	if err := e.keep(append(s.papers, entry.Files...)); err != nil {
		return err
	}
	held.await()
	commit.Begun = held.begin
	if err := e.Store.Commit(ctx, *commit); err != nil {
		return err
	}
	if len(commit.Cases) > 0 {
		e.latest.raise(t.Now)
	}
	for _, k := range s.kept {
		e.kept.keep(k)
	}
	ids := make([]casefile.CaseID, len(commit.Cases))
	for i, w := range commit.Cases {
		ids[i] = w.ID
	}
	e.Moved(ids...)
	return nil
}

// Sit opens a sitting at this moment, never before the last act on record: the clock is read once.
func (e *Engine) Sit() *decide.Sitting {
	at := e.latest.moment(e.Now())
	t := &decide.Sitting{Office: e.Office(), Now: at.UTC().Truncate(time.Second), Today: calendar.In(at), Counter: e.Store.Counter, Edition: e.Workflow,
		Taken: map[string]decide.Counted{}, Printed: e.onRecord, Linked: e.LinkedTo, Fines: e.Fines}
	if e.Renderer != nil {
		t.Missing = e.Renderer.Missing
	}
	return t
}
