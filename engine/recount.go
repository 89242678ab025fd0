package engine

import (
	"context"
	"errors"
	"slices"
)

// counts tells whether a record is one by which clocks are counted.
func (w RecordWrite) counts() bool {
	return w.Kind == KindSchedule || w.Kind == KindSetting || w.Kind == KindBrought
}

// office tells whether a record is one of the office's.
func (w RecordWrite) office() bool {
	return w.counts() || w.Kind == KindPerson || w.Kind == KindDelegation
}

// recount writes records on which cases rest, together with what they change in the cases: the index entries that move,
// and a rechecked event on each open case that has new findings or due days. It tells which. Meanwhile no command is decided,
// so that none writes entries that were derived by the records of before.
func (e *Engine) recount(ctx context.Context, ws []RecordWrite) ([]Move, error) {
	for try := 1; ; try++ {
		var moves []Move
		err := e.exclusive(func() (next *Office, err error) {
			moves, next, err = e.countAnew(ctx, ws)
			return next, err
		})
		var c *Conflict
		if try == 10 || !errors.As(err, &c) || c.What != "case" {
			return moves, err
		} // another server acted on a case meanwhile
	}
}

// exclusive lets f change what cases rest on while nobody decides and nobody renews the office. The office that it gives
// takes the place of the present one.
func (e *Engine) exclusive(f func() (*Office, error)) error {
	e.deciding.Lock()
	defer e.deciding.Unlock()
	e.renewing.Lock()
	defer e.renewing.Unlock()
	next, err := f()
	if err == nil {
		e.office.Store(next)
		e.moved(0)
	}
	return err
}

// countAnew is one pass of recount; it gives the office as it is afterwards too.
func (e *Engine) countAnew(ctx context.Context, ws []RecordWrite) ([]Move, *Office, error) {
	old, next, err := e.offices(ws)
	if err != nil {
		return nil, nil, err
	}
	last, err := e.Store.Counter(counterCase)
	if err != nil {
		return nil, nil, err
	}
	commit, why := Commit{Records: ws}, causes(ws, old)
	var moves []Move
	for id := CaseID(1); id <= CaseID(last); id++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		d, err := e.read(id)
		if err != nil {
			return nil, nil, err
		}
		w, m, err := e.rewrite(d, old, next, why)
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
func (e *Engine) offices(ws []RecordWrite) (old, next *Office, err error) {
	if old, err = e.readOffice(nil); err != nil {
		return nil, nil, err
	}
	next, err = e.readOffice(ws)
	return old, next, err
}

// readOffice reads the office as it is on record, with these writes as if they were made.
func (e *Engine) readOffice(ws []RecordWrite) (*Office, error) {
	var records []Record
	for _, kind := range []string{KindBrought, KindPerson, KindDelegation, KindSetting, KindSchedule} {
		rs, err := e.Store.Records(kind, "", 0)
		if err != nil {
			return nil, err
		}
		records = append(records, rs...)
	}
	for _, w := range ws {
		records = slices.DeleteFunc(records, func(r Record) bool { return r.Kind == w.Kind && r.ID == w.ID })
		if w.office() && !w.Delete {
			records = append(records, Record{Kind: w.Kind, ID: w.ID, Seq: w.Read + 1, Data: w.Data})
		}
	}
	return ReadOffice(e.Calendar, e.Settings, records)
}

// reloadOffice replaces the view of people, posts and settings by what is on record now.
func (e *Engine) reloadOffice() error {
	e.renewing.Lock()
	defer e.renewing.Unlock()
	o, err := e.readOffice(nil)
	if err == nil {
		e.office.Store(o)
	}
	return err
}

// KeepRecords writes records that are not a case's and, when they make the Office, replaces the view. A schedule, a setting
// or a person's posts and certificates change in the same commit what open cases rest on in them.
func (e *Engine) KeepRecords(ctx context.Context, ws ...RecordWrite) error {
	if slices.ContainsFunc(ws, func(w RecordWrite) bool { return w.counts() || w.stands(e.Office()) }) {
		_, err := e.recount(ctx, ws)
		return err
	}
	if err := e.Store.Commit(ctx, Commit{Records: ws}); err != nil {
		return err
	}
	if slices.ContainsFunc(ws, RecordWrite.office) {
		err := e.reloadOffice()
		e.moved(0)
		return err
	}
	return nil
}
