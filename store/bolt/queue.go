package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.etcd.io/bbolt"

	"dossier/engine/ledger"
)

// ErrClosed: the store was closed before the commit.
var ErrClosed = errors.New("the store is closed")

// change is a commit that waits.
type change struct {
	ledger.Commit
	done chan error // answered once
}

// queue shares transactions between commits that come at the same time. One goroutine takes everything that is waiting and writes it in one
// transaction; meanwhile the next ones gather. Nobody waits for a timer: a lone commit is written at once.
type queue struct {
	mu      sync.Mutex
	waiting []*change
	closed  bool

	wake   chan struct{} // holds one token when there is something to look at
	ended  chan struct{}
	db     *bbolt.DB
	broken error // why nothing can be committed any more; the committer's own
}

func (q *queue) start(db *bbolt.DB) {
	q.db, q.wake, q.ended = db, make(chan struct{}, 1), make(chan struct{})
	go q.run()
}

// stop refuses new commits and waits until those that wait are written; false when it was stopped before.
func (q *queue) stop() bool {
	q.mu.Lock()
	was := q.closed
	q.closed = true
	q.mu.Unlock()
	q.nudge()
	<-q.ended
	return !was
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Commit writes a change; *Conflict when anything that it read has moved since. The context ends only the waiting: once the change
// is being written, Commit answers what became of it.
//
// Within one change each case, record and counter is written once, and every name (kinds, ids, indexes, keys, counters) is UTF-8 without NUL.
func (s *Store) Commit(ctx context.Context, c ledger.Commit) error {
	if err := valid(&c); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	c.Records = slices.Clone(c.Records) // check writes to it
	w := &change{c, make(chan error, 1)}
	if err := s.queue.add(ctx, w); err != nil {
		return err
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		if s.queue.withdraw(w) {
			return ctx.Err()
		}
		return <-w.done
	}
}

func (q *queue) add(ctx context.Context, w *change) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	q.waiting = append(q.waiting, w)
	q.nudge()
	return nil
}

// withdraw takes a change out of the queue; false when it is not there any more.
func (q *queue) withdraw(w *change) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

func (q *queue) take() (group []*change, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	group, q.waiting = q.waiting, nil
	return group, q.closed
}

func (q *queue) run() {
	defer close(q.ended)
	for range q.wake {
		group, closed := q.take()
		if len(group) > 0 {
			q.write(group)
			q.nudge() // look again at what came meanwhile
		} else if closed {
			return
		}
	}
}

// write commits a group in one transaction and answers each of its changes.
func (q *queue) write(group []*change) {
	answers := make([]error, len(group))
	err := q.broken
	written := false
	if err == nil {
		err = update(q.db, func(tx *bbolt.Tx) error {
			t := open(tx)
			var heads []ledger.LedgerHead
			for i, w := range group {
				if answers[i] = t.check(&w.Commit); answers[i] != nil {
					continue
				}
				if err := t.write(&w.Commit); err != nil {
					return err
				}
				heads = append(heads, w.Heads()...)
			}
			written = true
			return t.ledge(heads)
		})
		if err != nil {
			unsure := written && !full(err) || errors.Is(err, ledger.ErrDamaged)
			err = fmt.Errorf("commit: %w", explain(q.db.Path(), err))
			if unsure {
				// What is on the disk is not known any more. Only reading the file anew tells.
				q.broken = fmt.Errorf("nothing can be written until dossier is started again: %w", err)
			}
		}
	}
	for i, w := range group {
		if answers[i] == nil {
			answers[i] = err
		}
		w.done <- answers[i]
	}
}
