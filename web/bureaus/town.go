package bureaus

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"
)

// Tenant is a bureau that a [Town] serves.
type Tenant interface {
	http.Handler
	Settle(ctx context.Context, first bool) error // opens it; an error: it can be tried again
	Ending()                                      // ends the requests that would go on for ever, where it is open
	Close() error                                 // gives its data up
}

// Town is the bureaus that a process serves, each by its host name. They come and go while it serves.
type Town[T Tenant] struct {
	Hosts
	Again func() <-chan time.Time          // when one that could not be opened now is tried again
	Last  func() <-chan time.Time          // until when what one that goes now is answering is waited for
	Build func(b Bureau, of int) T         // makes one of so many, not open yet
	Count func([]T) (metrics http.Handler) // counts for all of them
	Gone  func(t T, fault error)           // told of one that isn't served any more

	changing sync.Mutex // held by whoever changes who is here
	mu       sync.Mutex
	here     map[string]*home[T] // by their hosts; nil before the first and after the end
	ended    bool
}

// home is a bureau that is here.
type home[T Tenant] struct {
	tenant T
	as     Bureau
	leave  chan struct{} // closed when it has to go
	gone   chan error    // how its data was given up
}

// Tenants are those that are here, by their hosts.
func (t *Town[T]) Tenants() []T {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []T
	for _, host := range slices.Sorted(maps.Keys(t.here)) {
		all = append(all, t.here[host].tenant)
	}
	return all
}

// Settle has these bureaus from now on and no others. One that is named no more, or otherwise, goes once it has answered what it was asked; those
// that are new are opened beside one another. tried waits until that was tried once.
func (t *Town[T]) Settle(ctx context.Context, all []Bureau) (come []T, tried func()) {
	t.changing.Lock()
	defer t.changing.Unlock()
	t.mu.Lock()
	if t.ended {
		t.mu.Unlock()
		return nil, func() {}
	}
	var leaving []*home[T]
	for host, h := range t.here {
		if !slices.ContainsFunc(all, func(b Bureau) bool { return reflect.DeepEqual(b, h.as) }) {
			delete(t.here, host)
			leaving = append(leaving, h)
		}
	}
	t.mu.Unlock()
	var going sync.WaitGroup
	for _, h := range leaving {
		going.Go(func() { t.remove(h) })
	}
	going.Wait() // its folder may be another's from now on

	var first sync.WaitGroup
	var homes []*home[T]
	t.mu.Lock()
	if t.here == nil {
		t.here = map[string]*home[T]{}
	}
	for _, b := range all {
		if t.here[b.Host] == nil {
			h := &home[T]{t.Build(b, len(all)), b, make(chan struct{}), make(chan error, 1)}
			t.here[b.Host], homes, come = h, append(homes, h), append(come, h.tenant)
		}
	}
	t.mu.Unlock()
	t.Name(all, t.Count(t.Tenants()))
	for _, h := range homes {
		first.Add(1)
		go t.live(ctx, h, first.Done)
	}
	return come, first.Wait
}

// live opens a bureau, and tries again where it can't, until it has to leave.
func (t *Town[T]) live(ctx context.Context, h *home[T], tried func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for first := true; ; first = false {
		err := h.tenant.Settle(ctx, first)
		if err == nil {
			t.Open(h.as.Host, h.tenant)
		}
		if first {
			tried()
		}
		if err == nil {
			<-h.leave
			h.gone <- h.tenant.Close()
			return
		}
		select {
		case <-h.leave:
			h.gone <- nil
			return
		case <-t.Again():
		}
	}
}

// remove ends a bureau once it has answered what it was asked.
func (t *Town[T]) remove(h *home[T]) {
	idle := t.Close(h.as.Host)
	h.tenant.Ending()
	select {
	case <-idle:
	case <-t.Last():
	}
	close(h.leave)
	t.Gone(h.tenant, <-h.gone)
}

// End gives up the data of all; nothing is asked any more.
func (t *Town[T]) End() error {
	t.changing.Lock()
	defer t.changing.Unlock()
	t.mu.Lock()
	here := t.here
	t.here, t.ended = nil, true
	t.mu.Unlock()
	var faults error
	for _, h := range here {
		close(h.leave)
	}
	for _, h := range here {
		faults = errors.Join(faults, <-h.gone)
	}
	return faults
}
