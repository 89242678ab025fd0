package group

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"dossier/engine/ledger"
)

// ErrClosed: the store was closed before the commit.
var ErrClosed = errors.New("the store is closed")

// Change is a commit that waits.
type Change struct {
	ledger.Commit
	done chan error // answered once
}

// NewChange is a change of its own, for whoever writes without a queue.
func NewChange(c ledger.Commit) *Change { return &Change{c, make(chan error, 1)} }

// Answer tells whoever waits for the change what became of it. It is called once.
func (c *Change) Answer(err error) { c.done <- err }

// Answered waits for the answer.
func (c *Change) Answered() error { return <-c.done }

// Queue shares transactions between commits that come at the same time. Whoever writes takes what is waiting and writes it in one
// transaction; meanwhile the next ones gather. Nobody waits for a timer: a lone commit is written at once.
//
// Where several write at the same time, a change that touches what is being written waits for that: changes of the same case, record
// or counter are written in the order in which they came.
type Queue struct {
	mu      sync.Mutex
	waiting []*Change
	writing []*touched // what each of those who write is at; nil: it is free
	closed  bool
	at      int // how many were at it when the last group was written: its own and those who waited by then

	wake  chan struct{} // holds one token when there is something to look at
	ended chan struct{}
	write func(by int, group []*Change)
}

// Start makes a queue whose groups are written by write, so many at the same time, numbered from 0; it answers each change once.
// The lowest number that is free writes, so that the others have nothing to do where there is little.
func Start(several int, write func(by int, group []*Change)) *Queue {
	q := idle(several, write)
	go q.run()
	return q
}

func idle(several int, write func(by int, group []*Change)) *Queue {
	return &Queue{writing: make([]*touched, several), wake: make(chan struct{}, 1), ended: make(chan struct{}), write: write}
}

// Stop refuses new commits and waits until those that wait are written; false when it was stopped before.
func (q *Queue) Stop() bool {
	q.mu.Lock()
	was := q.closed
	q.closed = true
	q.mu.Unlock()
	q.nudge()
	<-q.ended
	return !was
}

func (q *Queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Commit puts a valid change into the queue and waits for its answer. The context ends only the waiting: once the change is
// being written, Commit answers what became of it.
func (q *Queue) Commit(ctx context.Context, c ledger.Commit) error {
	w := NewChange(c)
	if err := q.add(ctx, w); err != nil {
		return err
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		if q.withdraw(w) {
			return ctx.Err()
		}
		return <-w.done
	}
}

func (q *Queue) add(ctx context.Context, w *Change) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	q.waiting = append(q.waiting, w)
	if w.Begun != nil {
		w.Begun()
	}
	q.nudge()
	return nil
}

// withdraw takes a change out of the queue; false when it is not there any more.
func (q *Queue) withdraw(w *Change) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// most is how many changes are not worth waiting for more: what a transaction costs is shared by then.
const most = 256

// gather lets whoever is about to come do so first: where the processor is what is short, each of them has its change ready
// sooner than one transaction more would be written. Where one writes alone, half of those who are at it are enough where they are
// many: the others make their changes ready while those are written. Nobody waits for a clock, and a lone change for nobody.
func (q *Queue) gather() {
	for n := -1; ; {
		q.mu.Lock()
		now := len(q.waiting)
		enough := q.enough()
		q.mu.Unlock()
		if now == n || enough {
			return
		}
		n = now
		runtime.Gosched()
	}
}

// enough tells that more aren't worth waiting for.
func (q *Queue) enough() bool {
	now := len(q.waiting)
	return now >= most || q.free() == 0 || len(q.writing) == 1 && now >= 2*few && 2*now >= q.at
}

func (q *Queue) run() {
	defer close(q.ended)
	for range q.wake {
		q.gather()
		for group, by := q.take(); len(group) > 0; group, by = q.take() {
			go func() {
				q.write(by, group)
				q.mu.Lock()
				q.writing[by], q.at = nil, len(group)+len(q.waiting)
				q.mu.Unlock()
				q.nudge() // look at what came meanwhile, and what waited for this
			}()
		}
		if q.over() {
			return
		}
	}
}

// over tells that the queue was stopped and everything is written.
func (q *Queue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed && len(q.waiting) == 0 && q.free() == len(q.writing)
}
