// Package change is what the office changes under open cases: schedules of a year, settings, people's posts, new versions
// of a procedure. What the change moves in a case (a due day, a finding) is written in the same commit, as a rechecked event
// on each, and can be looked at before.
package change

import (
	"context"
	"errors"
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
)

func Write(ctx context.Context, e *engine.Engine, kind, id string, read uint64, v any, ledgered bool) error {
	w, err := engine.Record(kind, id, read, v)
	if err != nil {
		return err
	}
	w.Ledgered = ledgered
	return KeepRecords(ctx, e, w)
}

// recount writes records on which cases rest, together with what they change in the cases: the index entries that move,
// and a rechecked event on each open case that has new findings or due days. It tells which. Meanwhile no command is decided,
// so that none writes entries that were derived by the records of before.
func recount(ctx context.Context, e *engine.Engine, ws []ledger.RecordWrite) ([]Move, error) {
	for try := 1; ; try++ {
		var moves []Move
		err := e.Exclusive(func() (next *office.Office, err error) {
			moves, next, err = countAnew(ctx, e, ws)
			return next, err
		})
		var c *ledger.Conflict
		if try == 10 || !errors.As(err, &c) || c.What != "case" {
			return moves, err
		} // another server acted on a case meanwhile
	}
}

// countAnew is one pass of recount; it gives the office as it is afterwards too.
func countAnew(ctx context.Context, e *engine.Engine, ws []ledger.RecordWrite) ([]Move, *office.Office, error) {
	old, next, err := offices(e, ws)
	if err != nil {
		return nil, nil, err
	}
	last, err := e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return nil, nil, err
	}
	commit, why := ledger.Commit{Records: ws}, causes(ws, old)
	var moves []Move
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		d, err := e.Read(id)
		if err != nil {
			return nil, nil, err
		}
		w, m, err := rewrite(e, d, old, next, why)
		if err != nil {
			return nil, nil, err
		}
		if len(w.Events)+len(w.Put)+len(w.Drop) > 0 {
			commit.Cases = append(commit.Cases, w)
		}
		if m != nil {
			moves = append(moves, *m)
		}
	}
	if err := e.Store.Commit(ctx, commit); err != nil {
		return nil, nil, err
	}
	return moves, next, nil
}

// offices are the office as it is on record, and as it would be with these writes.
func offices(e *engine.Engine, ws []ledger.RecordWrite) (old, next *office.Office, err error) {
	if old, err = e.ReadOffice(nil); err != nil {
		return nil, nil, err
	}
	next, err = e.ReadOffice(ws)
	return old, next, err
}

// KeepRecords writes records that are not a case's and, when they make the Office, replaces the view. A schedule, a setting
// or a person's posts and certificates change in the same commit what open cases rest on in them.
func KeepRecords(ctx context.Context, e *engine.Engine, ws ...ledger.RecordWrite) error {
	if slices.ContainsFunc(ws, func(w ledger.RecordWrite) bool { return w.Counts() || w.Stands(e.Office()) }) {
		_, err := recount(ctx, e, ws)
		return err
	}
	if err := e.Store.Commit(ctx, ledger.Commit{Records: ws}); err != nil {
		return err
	}
	if slices.ContainsFunc(ws, ledger.RecordWrite.Office) {
		err := e.ReloadOffice()
		e.Moved(0)
		return err
	}
	return nil
}
