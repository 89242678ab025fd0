package tick

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

// Of what several starts leave, one runs at a time; one that is ended ends, whether it runs or waits, and no stop is a fault.
func TestBehind(t *testing.T) {
	var at, most atomic.Int32
	begun := make(chan struct{}, 3)
	run := func(ctx context.Context) error {
		most.Store(max(most.Load(), at.Add(1)))
		defer at.Add(-1)
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	var faults atomic.Int32
	failed := func(error) { faults.Add(1) }
	ends := []func(){Behind(run, failed), Behind(run, failed), Behind(run, failed)}
	<-begun
	for _, end := range ends {
		end()
	}
	if most.Load() != 1 || at.Load() != 0 || faults.Load() != 0 {
		t.Errorf("%d at once, %d left, %d faults", most.Load(), at.Load(), faults.Load())
	}
	told := make(chan error, 1)
	end := Behind(func(context.Context) error { return errors.New("the disk is away") }, func(err error) { told <- err })
	if err := <-told; err.Error() != "the disk is away" {
		t.Error(err)
	}
	end()
}
