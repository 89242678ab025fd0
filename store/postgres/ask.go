package postgres

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
)

// askers share statements: whoever asks for a case while one is being read waits for that, and is read with all who came meanwhile. A
// lone one is read at once.
type askers struct {
	mu      sync.Mutex
	waiting []*asker
	reading bool
}

// asker is one who asks for a case.
type asker struct {
	id   casefile.CaseID
	snap ledger.Snapshot
	err  error
	turn chan bool // true: to read for all who wait; false: it has been read
}

// Case is the last snapshot of a case; ErrNotFound.
func (s *Store) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	a, all := &asker{id: id, turn: make(chan bool, 1)}, &s.askers
	all.mu.Lock()
	all.waiting = append(all.waiting, a)
	if !all.reading {
		all.reading = true
		a.turn <- true
	}
	all.mu.Unlock()
	if <-a.turn {
		s.ask(a)
	}
	return a.snap, a.err
}

// ask reads for all who wait, and gives the turn to one of those who came meanwhile.
func (s *Store) ask(a *asker) {
	all := &s.askers
	all.mu.Lock()
	group := all.waiting
	all.waiting = nil
	all.mu.Unlock()
	defer func() {
		for _, x := range group {
			if x != a {
				x.turn <- false
			}
		}
		all.mu.Lock()
		defer all.mu.Unlock()
		if all.reading = len(all.waiting) > 0; all.reading {
			all.waiting[0].turn <- true
		}
	}()
	if len(group) == 1 {
		a.snap, a.err = s.reader.Case(a.id)
		return
	}
	ids, found := map[int64]bool{}, map[int64]ledger.Snapshot{}
	for _, x := range group {
		ids[int64(x.id)] = true
	}
	var id, seq int64
	var data []byte
	err := s.view(func(ctx context.Context, q querier) error {
		clear(found)
		rows, err := q.Query(ctx, `select id, seq, snapshot from cases where id = any($1)`, sorted(ids))
		if err == nil {
			_, err = pgx.ForEachRow(rows, []any{&id, &seq, &data}, func() error {
				found[id] = ledger.Snapshot{Seq: uint64(seq), Data: data}
				return nil
			})
		}
		return err
	})
	for _, x := range group {
		snap, there := found[int64(x.id)]
		switch {
		case err != nil && !lost(err): // of one of them: it is nobody else's
			x.snap, x.err = s.reader.Case(x.id)
		case err == nil && !there:
			x.err = told(ledger.ErrNotFound, "case %d", x.id)
		default:
			x.snap, x.err = snap, told(err, "case %d", x.id)
		}
	}
}
