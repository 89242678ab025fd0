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
	"dossier/engine/decide"
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
// and a rechecked event on each open case that has new findings or due days. It tells which.
//
// All of it is one commit, so that what is on record always follows from the office on record. What the commit holds is
// counted before, while others act by the office of before; cases that have moved meanwhile are counted again, in passes that grow shorter.
// Acts wait only for the last of them and for the commit. A pass that is stopped has written nothing.
func recount(ctx context.Context, e *engine.Engine, ws []ledger.RecordWrite) ([]Move, error) {
	if err := e.Forward(); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		moves, err := countAnew(ctx, e, ws)
		var c *ledger.Conflict
		if try == 10 || !errors.As(err, &c) || !c.OfOffice() && c.What != "case" {
			return moves, err
		} // somebody changed the office meanwhile
	}
}

const (
	fewCases   = 8  // that moved during a pass: what is left is counted while acts wait
	mostPasses = 20 // before acts wait for whatever is left
)

// countAnew is one try of recount.
func countAnew(ctx context.Context, e *engine.Engine, ws []ledger.RecordWrite) ([]Move, error) {
	a := &anew{e: e, ws: ws, writes: map[casefile.CaseID]ledger.CaseWrite{}, moves: map[casefile.CaseID]*Move{}}
	var err error
	if a.upto, err = e.LastRow(); err != nil {
		return nil, err
	}
	if a.old, a.next, err = offices(e, ws); err != nil {
		return nil, err
	}
	a.next.Seq, a.why = a.old.Seq+1, causes(ws, a.old)
	if err := a.all(ctx); err != nil {
		return nil, err
	}
	for n, pass := fewCases+1, 0; n > fewCases && pass < mostPasses; pass++ {
		if n, err = a.follow(ctx); err != nil {
			return nil, err
		}
	}
	err = e.Exclusive(func() (*office.Office, error) { return a.next, a.write(ctx) })
	if err != nil {
		return nil, err
	}
	var moves []Move
	for _, id := range slices.Sorted(maps.Keys(a.moves)) {
		moves = append(moves, *a.moves[id])
	}
	return moves, nil
}

// anew is what an office that is about to change makes of the cases.
type anew struct {
	e         *engine.Engine
	ws        []ledger.RecordWrite // the change
	old, next *office.Office
	why       procedure.Values
	upto      ledger.Mark // what is counted: what was committed until then
	writes    map[casefile.CaseID]ledger.CaseWrite
	moves     map[casefile.CaseID]*Move
}

// all counts every case that rests on what changes: those that have ended rest on schedules and settings, not on people.
func (a *anew) all(ctx context.Context) error {
	if !slices.ContainsFunc(a.ws, ledger.RecordWrite.Counts) {
		return eachOpen(ctx, a.e, "", a.count)
	}
	last, err := a.e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return err
	}
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		if err := a.read(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// follow counts the cases that have moved since, and gives how many those were.
func (a *anew) follow(ctx context.Context) (int, error) {
	news, err := a.e.Follow(a.upto)
	if err != nil {
		return 0, err
	}
	if news.Office || news.Lost {
		return 0, &ledger.Conflict{What: "record", ID: ledger.KindOffice + "/" + ledger.OfficeID}
	}
	a.upto = news.To
	for _, id := range news.Cases {
		if err := a.read(ctx, id); err != nil {
			return 0, err
		}
	}
	return len(news.Cases), nil
}

// write commits the change with what it makes of the cases, once nothing has come between: other servers act on.
func (a *anew) write(ctx context.Context) error {
	for try := 1; ; try++ {
		if _, err := a.follow(ctx); err != nil {
			return err
		}
		commit := ledger.Commit{Records: append(slices.Clone(a.ws), engine.Renewal(a.old)), Upto: &a.upto}
		for _, id := range slices.Sorted(maps.Keys(a.writes)) {
			commit.Cases = append(commit.Cases, a.writes[id])
		}
		err := a.e.Store.Commit(ctx, commit)
		if err == nil && len(commit.Cases) > 0 {
			a.e.Recorded(a.e.Now())
		}
		var c *ledger.Conflict
		if !errors.As(err, &c) || c.What != "ledger" || try == 100 {
			return err
		}
	}
}

// read counts the case of that number.
func (a *anew) read(ctx context.Context, id casefile.CaseID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := a.e.Pass(id)
	if err != nil {
		return err
	}
	return a.count(d)
}

// count counts one case anew.
func (a *anew) count(d *decide.Docket) error {
	id := d.Case.ID
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
