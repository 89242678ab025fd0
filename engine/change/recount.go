// Package change is what the office changes under open cases: schedules of a year, settings, people's posts, new versions
// of a procedure. What the change moves in a case (a due day, a finding) is written in the same commit, as a rechecked event
// on each, and can be looked at before.
package change

import (
	"context"
	"errors"
	"maps"
	"slices"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
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
	if err := e.Forward(); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		var moves []Move
		err := e.Exclusive(func() (next *office.Office, err error) {
			moves, next, err = countAnew(ctx, e, ws)
			return next, err
		})
		var c *ledger.Conflict
		if try == 10 || !errors.As(err, &c) || !c.OfOffice() && c.What != "case" {
			return moves, err
		} // another server changed the office meanwhile
	}
}

// countAnew is one pass of recount; it gives the office as it is afterwards too. What other servers commit during the pass is
// counted in further, shorter passes, until nothing has come between.
func countAnew(ctx context.Context, e *engine.Engine, ws []ledger.RecordWrite) ([]Move, *office.Office, error) {
	upto, err := e.LastRow()
	if err != nil {
		return nil, nil, err
	}
	old, next, err := offices(e, ws)
	if err != nil {
		return nil, nil, err
	}
	next.Seq = old.Seq + 1
	last, err := e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return nil, nil, err
	}
	a := anew{e: e, old: old, next: next, why: causes(ws, old), writes: map[casefile.CaseID]ledger.CaseWrite{}, moves: map[casefile.CaseID]*Move{}}
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		if err := a.count(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	for try := 1; ; try++ {
		commit := ledger.Commit{Records: append(slices.Clone(ws), engine.Renewal(old)), Upto: &upto}
		for _, id := range slices.Sorted(maps.Keys(a.writes)) {
			commit.Cases = append(commit.Cases, a.writes[id])
		}
		err := e.Store.Commit(ctx, commit)
		var c *ledger.Conflict
		if err == nil {
			if len(commit.Cases) > 0 {
				e.Recorded(e.Now())
			}
			break
		}
		if !errors.As(err, &c) || c.What != "ledger" || try == 100 {
			return nil, nil, err
		}
		news, err := e.Follow(upto)
		if err != nil {
			return nil, nil, err
		}
		if news.Office || news.Lost {
			return nil, nil, &ledger.Conflict{What: "record", ID: ledger.KindOffice + "/" + ledger.OfficeID}
		}
		upto = news.To
		for _, id := range news.Cases {
			if err := a.count(ctx, id); err != nil {
				return nil, nil, err
			}
		}
	}
	var moves []Move
	for _, id := range slices.Sorted(maps.Keys(a.moves)) {
		moves = append(moves, *a.moves[id])
	}
	return moves, next, nil
}

// anew is what an office that is about to change makes of the cases.
type anew struct {
	e         *engine.Engine
	old, next *office.Office
	why       procedure.Values
	writes    map[casefile.CaseID]ledger.CaseWrite
	moves     map[casefile.CaseID]*Move
}

// count counts one case anew.
func (a *anew) count(ctx context.Context, id casefile.CaseID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := a.e.Read(id)
	if err != nil {
		return err
	}
	w, m, err := rewrite(a.e, d, a.old, a.next, a.why)
	if err != nil {
		return err
	}
	delete(a.writes, id)
	delete(a.moves, id)
	if len(w.Events)+len(w.Put)+len(w.Drop) > 0 {
		a.writes[id] = w
	}
	if m != nil {
		a.moves[id] = m
	}
	return nil
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
	if !slices.ContainsFunc(ws, ledger.RecordWrite.Office) {
		return e.Store.Commit(ctx, ledger.Commit{Records: ws})
	}
	err := e.Store.Commit(ctx, ledger.Commit{Records: append(slices.Clone(ws), engine.Renewal(e.Office()))})
	var c *ledger.Conflict
	if err != nil && !errors.As(err, &c) {
		return err
	}
	err = errors.Join(err, e.ReloadOffice()) // whoever was too late looks at it as it is now
	e.Moved(0)
	return err
}
