package group

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"dossier/engine/ledger"
)

func named(name string) ledger.Commit {
	return ledger.Commit{Counters: []ledger.CounterWrite{{Name: name, Value: 1}}}
}

func TestCancelWhileWaiting(t *testing.T) {
	q := idle(1, nil)
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan error)
	go func() { answer <- q.Commit(ctx, named("n")) }()
	<-q.wake // it waits
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v, want Canceled", err)
	}
	if group, _ := q.take(); len(group) != 0 {
		t.Error("a cancelled change still waits")
	}
}

func TestCancelTooLate(t *testing.T) {
	q := idle(1, nil)
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan error)
	go func() { answer <- q.Commit(ctx, named("n")) }()
	<-q.wake
	group, _ := q.take()
	cancel()
	group[0].Answer(nil)
	if err := <-answer; err != nil {
		t.Errorf("commit: %v, but it was written", err)
	}
}

// What waits while a group is written is the next group, in the order in which it came.
func TestWaitingShareOneWriting(t *testing.T) {
	groups := make(chan []string)
	q := Start(1, func(_ int, g []*Change) {
		var names []string
		for _, c := range g {
			names = append(names, c.Counters[0].Name)
		}
		groups <- names
		for _, c := range g {
			c.Answer(nil)
		}
	})
	done := make(chan error)
	commit := func(name string) { done <- q.Commit(context.Background(), named(name)) }
	go commit("a")
	for { // until a is being written
		q.mu.Lock()
		n := len(q.waiting)
		q.mu.Unlock()
		if n == 0 {
			go commit("b")
			break
		}
	}
	first := <-groups
	second := first
	if len(first) == 1 {
		second = <-groups
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(first) == 1 && (len(second) != 1 || first[0] == second[0]) {
		t.Errorf("groups %q, %q", first, second)
	}
	q.Stop()
}

// One who writes alone waits for half of many, for all of a few; where several write, for all.
func TestEnough(t *testing.T) {
	for _, test := range []struct {
		writers, at, waiting int
		want                 bool
	}{
		{1, 64, 31, false}, {1, 64, 32, true}, {1, 20, 15, false}, {1, 20, 16, true}, {1, 1000, most - 1, false}, {1, 1000, most, true},
		{2, 64, 32, false}, {2, 64, most, true},
	} {
		q := idle(test.writers, nil)
		q.at, q.waiting = test.at, make([]*Change, test.waiting)
		if got := q.enough(); got != test.want {
			t.Errorf("%d waiting of %d, %d write: %t", test.waiting, test.at, test.writers, got)
		}
	}
}

// Stop writes what waits, and nothing after it.
func TestStopDrains(t *testing.T) {
	q := idle(1, func(_ int, g []*Change) {
		for _, c := range g {
			c.Answer(nil)
		}
	})
	answer := make(chan error)
	go func() { answer <- q.Commit(context.Background(), named("n")) }()
	<-q.wake
	q.nudge()
	go q.run()
	if !q.Stop() || q.Stop() {
		t.Error("stop tells the first call from the second")
	}
	if err := <-answer; err != nil {
		t.Errorf("commit: %v", err)
	}
	if err := q.Commit(context.Background(), named("n")); !errors.Is(err, ErrClosed) {
		t.Errorf("commit: %v, want ErrClosed", err)
	}
}

// Of two who write one begins while the other isn't done, where there is enough for it; what meets the first waits for it.
func TestWrittenBeside(t *testing.T) {
	began, end := make(chan []*Change), make(chan struct{})
	q := Start(2, func(by int, g []*Change) {
		if by > 1 {
			t.Errorf("a third writes: %d", by)
		}
		began <- g
		<-end
		for _, c := range g {
			c.Answer(nil)
		}
	})
	done := make(chan error, few+2)
	commit := func(names ...string) {
		for _, name := range names {
			go func() { done <- q.Commit(context.Background(), named(name)) }()
		}
		for n := 0; n < len(names); runtime.Gosched() { // until they wait
			q.mu.Lock()
			n = len(q.waiting)
			q.mu.Unlock()
		}
	}
	go func() { done <- q.Commit(context.Background(), named("a")) }()
	<-began
	commit("a", "1", "2", "3", "4", "5", "6", "7")
	select {
	case g := <-began:
		t.Errorf("beside a: %d changes", len(g))
	default:
	}
	go func() { done <- q.Commit(context.Background(), named("8")) }()
	if g := <-began; len(g) != few {
		t.Errorf("beside a: %+v", g)
	}
	end <- struct{}{}
	end <- struct{}{}
	if g := <-began; len(g) != 1 || g[0].Counters[0].Name != "a" {
		t.Errorf("after a: %+v", g)
	}
	end <- struct{}{}
	for range few + 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	q.Stop()
}
