package engine

import (
	"slices"
	"sync"
)

// counters holds one lock per counter, so that two turns of this process do not take the same number in vain.
type counters struct {
	mu sync.Mutex
	by map[string]*sync.Mutex
}

// hold is what one turn holds of them.
type hold struct {
	of    *counters
	names []string
	locks []*sync.Mutex
}

func (c *counters) held() *hold { return &hold{of: c} }

// take holds the counter's lock from when a number is asked for. One that stands before
// another that is held is not waited for, so that no two turns wait for one another: where it isn't free, the store tells
// who was first.
func (h *hold) take(name string) {
	if slices.Contains(h.names, name) {
		return
	}
	h.of.mu.Lock()
	m := h.of.by[name]
	if m == nil {
		if h.of.by == nil {
			h.of.by = map[string]*sync.Mutex{}
		}
		m = &sync.Mutex{}
		h.of.by[name] = m
	}
	h.of.mu.Unlock()
	if len(h.names) > 0 && name < slices.Max(h.names) {
		if !m.TryLock() {
			return
		}
	} else {
		m.Lock()
	}
	h.names, h.locks = append(h.names, name), append(h.locks, m)
}

func (h *hold) release() {
	for _, m := range h.locks {
		m.Unlock()
	}
}
