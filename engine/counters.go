package engine

import (
	"slices"
	"sync"

	"dossier/engine/decide"
)

// counters hand out the numbers of this process one turn after another, so that no two turns take the same in vain. A turn holds
// a counter only while it decides: the next one counts on from what it took, and draws its papers meanwhile. They commit in
// the order in which they took; where one gives up, those behind it find that the number isn't there and take another.
type counters struct {
	mu sync.Mutex
	by map[string]*counter
}

type counter struct {
	deciding sync.Mutex
	idle     *sync.Cond    // nobody has taken and not committed; on counters.mu, as what follows
	out      int           // turns that have taken and not committed
	next     uint64        // what the last of them took
	lost     bool          // one of them gave up: what those behind it took isn't to be counted on
	begun    chan struct{} // closed once the last of them has begun to commit
}

// hold is what one turn holds of them.
type hold struct {
	of    *counters
	names []string
	held  []*counter
	after []chan struct{} // those who took before it
	own   chan struct{}   // closed once it has begun to commit; nil: it took nothing
	once  sync.Once
}

func (c *counters) held() *hold { return &hold{of: c} }

// take holds the counter from when a number is asked for, and gives the last that was taken. A counter that stands before
// another that is held is not waited for, so that no two turns wait for one another: where it isn't free, the store tells
// who was first.
func (h *hold) take(name string, stored func(string) (uint64, error)) (uint64, error) {
	if slices.Contains(h.names, name) {
		return stored(name)
	}
	h.of.mu.Lock()
	c := h.of.by[name]
	if c == nil {
		if h.of.by == nil {
			h.of.by = map[string]*counter{}
		}
		c = &counter{idle: sync.NewCond(&h.of.mu)}
		h.of.by[name] = c
	}
	h.of.mu.Unlock()
	if len(h.names) > 0 && name < slices.Max(h.names) {
		if !c.deciding.TryLock() {
			return stored(name)
		}
	} else {
		c.deciding.Lock()
	}
	h.names, h.held = append(h.names, name), append(h.held, c)
	h.of.mu.Lock()
	for c.lost {
		c.idle.Wait()
	}
	next, out := c.next, c.out
	h.of.mu.Unlock()
	if out > 0 {
		return next, nil
	}
	return stored(name)
}

// decided lets go of the counters: whoever waits for them counts on from what was taken.
func (h *hold) decided(taken map[string]decide.Counted) {
	h.of.mu.Lock()
	for i, c := range h.held {
		n := taken[h.names[i]]
		if n.Value == n.Read {
			continue
		}
		if h.own == nil {
			h.own = make(chan struct{})
		}
		if c.out > 0 {
			h.after = append(h.after, c.begun)
		}
		c.out, c.next, c.begun = c.out+1, n.Value, h.own
	}
	h.of.mu.Unlock()
	for i, c := range h.held {
		if n := taken[h.names[i]]; n.Value == n.Read {
			h.held[i] = nil
		}
		c.deciding.Unlock()
	}
	h.held = slices.DeleteFunc(h.held, func(c *counter) bool { return c == nil })
}

// await waits until those who took before have begun to commit.
func (h *hold) await() {
	for _, c := range h.after {
		<-c
	}
}

// begin lets those behind follow.
func (h *hold) begin() {
	h.once.Do(func() {
		if h.own != nil {
			close(h.own)
		}
	})
}

// end tells what became of the turn.
func (h *hold) end(err error) {
	h.of.mu.Lock()
	defer h.of.mu.Unlock()
	for _, c := range h.held {
		c.out--
		c.lost = (c.lost || err != nil) && c.out > 0
		if !c.lost {
			c.idle.Broadcast()
		}
	}
}

// giveUp lets go of the counters of a turn that took nothing.
func (h *hold) giveUp() {
	for _, c := range h.held {
		c.deciding.Unlock()
	}
}
