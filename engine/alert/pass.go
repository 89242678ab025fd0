package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
)

// kindPass is the record of how far the passes have come; there is one, passID.
const (
	kindPass = "alert-pass"
	passID   = "all"
)

// progress is how far the passes have come: what was crossed up to the day and committed up to the row is told.
type progress struct {
	Day    calendar.Date     `json:"day"`
	Ledger ledger.Mark       `json:"ledger"`
	Again  []casefile.CaseID `json:"again,omitempty"` // could not be told
	// Schedules is the version of those that the days were counted by: a new program can bring others.
	Schedules string `json:"schedules"`
	seq       uint64
}

const (
	page      = 200 // how many index entries are read at once
	together  = 50  // how many cases are told in one commit
	mostAgain = 500 // of cases that could not be told; with more, the next pass begins where this one did
)

// Pass tells what is due to be told, of every case that may have something to tell since the pass before. It may be run at
// any time, twice and by several at once. A case that fails keeps no other from being told: the faults are given together,
// and it is looked at again by the next pass.
func (a *Alerts) Pass(ctx context.Context) (int, error) {
	from, err := a.progress()
	if err != nil {
		return 0, err
	}
	p := &pass{alerts: a, seen: map[casefile.CaseID]bool{}}
	office := a.Engine.Office()
	to := progress{Day: a.Engine.Today(), Schedules: office.Calendar.Version(), seq: from.seq}
	whole, err := p.committed(from, &to)
	if err != nil {
		return 0, err
	}
	first := from.Day.Add(1)
	// A clock that was set back was wrong before.
	if whole || to.Day < from.Day || to.Schedules != from.Schedules || office.Turns(from.Day, to.Day) {
		first = 0
	}
	if err := p.look(ctx, from.Again...); err != nil {
		return p.told, err
	}
	if err := p.days(ctx, first, to.Day); err != nil {
		return p.told, err
	}
	if err := p.flush(ctx); err != nil {
		return p.told, err
	}
	if to.Again = p.failed; len(to.Again) > mostAgain {
		return p.told, errors.Join(p.faults...)
	}
	return p.told, errors.Join(append(p.faults, a.keepProgress(ctx, from, to))...)
}

// pass is one pass under way.
type pass struct {
	alerts *Alerts
	seen   map[casefile.CaseID]bool
	next   []casefile.CaseID // seen, to be told together
	told   int
	failed []casefile.CaseID
	faults []error // the first ten
}

// committed notes the cases that the ledger names since the last pass, and tells whether any case may be another.
func (p *pass) committed(from progress, to *progress) (whole bool, err error) {
	e := p.alerts.Engine
	if from.Day == 0 { // no pass before
		to.Ledger, err = e.LastRow()
		return true, err
	}
	news, err := e.Since(from.Ledger)
	if errors.Is(err, ledger.ErrDamaged) { // whoever keeps the record is told; nobody waits for that
		p.faults = append(p.faults, err)
		to.Ledger = from.Ledger
		return true, nil
	}
	to.Ledger = news.To
	for _, id := range news.Cases {
		p.add(id)
	}
	return news.Office || news.Lost, err
}

// days looks at the cases that cross a threshold on the days from the first to the last.
func (p *pass) days(ctx context.Context, first, last calendar.Date) error {
	after := ""
	for {
		ids, next, err := desk.Warned(p.alerts.Engine, first, last, after, page)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = next
		if err := p.look(ctx, ids...); err != nil {
			return err
		}
	}
}

func (p *pass) add(id casefile.CaseID) {
	if !p.seen[id] {
		p.seen[id] = true
		p.next = append(p.next, id)
	}
}

// look tells of these cases, as many together as fit in one commit, those that were seen before aside.
func (p *pass) look(ctx context.Context, ids ...casefile.CaseID) error {
	for _, id := range ids {
		p.add(id)
	}
	if len(p.next) < together {
		return nil
	}
	return p.flush(ctx)
}

// flush tells of the cases that were noted. The error is the context's alone.
func (p *pass) flush(ctx context.Context) error {
	for ids := range slices.Chunk(p.next, together) {
		told, err := p.alerts.cases(ctx, ids)
		if err != nil { // one of them fails, or another pass told some of it first: each for itself
			for _, id := range ids {
				n, err := p.alerts.Case(ctx, id)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if told += n; err != nil {
					p.failed = append(p.failed, id)
					if len(p.faults) < 10 {
						p.faults = append(p.faults, fmt.Errorf("case %d: %w", id, err))
					}
				}
			}
		}
		p.told += told
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	p.next = nil
	return nil
}

// cases tells of several cases in one commit, or of none of them.
func (a *Alerts) cases(ctx context.Context, ids []casefile.CaseID) (int, error) {
	var told []office.PersonID
	var writes []ledger.RecordWrite
	for _, id := range ids {
		to, ws, err := a.untold(ctx, id)
		if err != nil {
			return 0, err
		}
		told, writes = append(told, to...), append(writes, ws...)
	}
	if len(writes) == 0 {
		return 0, nil
	}
	if err := a.Engine.Store.Commit(ctx, ledger.Commit{Records: writes}); err != nil {
		return 0, err
	}
	a.hub.news(told)
	return len(told), nil
}

// progress reads how far the passes have come; the zero value when there was none.
func (a *Alerts) progress() (progress, error) {
	var r progress
	rec, err := a.Engine.Store.Record(kindPass, passID)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return r, nil
	case err != nil:
		return r, err
	}
	if json.Unmarshal(rec.Data, &r) != nil { // unreadable is as good as none
		r = progress{}
	}
	r.seq = rec.Seq
	return r, nil
}

// keepProgress puts on record how far a pass has come; of two at once, one. Where nothing happened, nothing is written.
func (a *Alerts) keepProgress(ctx context.Context, from, to progress) error {
	if from.Day == to.Day && from.Ledger.Equal(to.Ledger) && from.Schedules == to.Schedules && slices.Equal(from.Again, to.Again) {
		return nil
	}
	data, err := json.Marshal(to)
	if err != nil {
		return err
	}
	return engine.IgnoreConflict(a.Engine.Store.Commit(ctx, ledger.Commit{Records: []ledger.RecordWrite{{Kind: kindPass, ID: passID, Read: to.seq, Data: data}}}))
}
