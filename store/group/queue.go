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

// Queue shares transactions between commits that come at the same time. One goroutine takes everything that is waiting and writes it in one
// transaction; meanwhile the next ones gather. Nobody waits for a timer: a lone commit is written at once.
type Queue struct {
	mu      sync.Mutex
	waiting []*Change
	closed  bool

	wake  chan struct{} // holds one token when there is something to look at
	ended chan struct{}
	write func([]*Change)
}

// Start makes a queue whose groups are written by write, one after another; it answers each change once.
func Start(write func([]*Change)) *Queue {
	q := &Queue{wake: make(chan struct{}, 1), ended: make(chan struct{}), write: write}
	go q.run()
	return q
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

func (q *Queue) take() (group []*Change, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	group, q.waiting = q.waiting, nil
	return group, q.closed
}

// most is how many changes are not worth waiting for more: what a transaction costs is shared by then.
const most = 256

// gather lets whoever is about to come do so first: where the processor is what is short, each of them has its change ready
// sooner than one transaction more would be written. Nobody waits for a clock, and a lone change for nobody.
func (q *Queue) gather() {
	for n := -1; ; {
		q.mu.Lock()
		now := len(q.waiting)
		q.mu.Unlock()
		if now == n || now >= most {
			return
		}
		n = now
		runtime.Gosched()
	}
}

func (q *Queue) run() {
	defer close(q.ended)
	for range q.wake {
		q.gather()
		group, closed := q.take()
		if len(group) > 0 {
			q.write(group)
			q.nudge() // look again at what came meanwhile
		} else if closed {
			return
		}
	}
}
