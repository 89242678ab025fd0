package alert

import (
	"encoding/json"
	"strings"
	"sync"

	"dossier/engine/office"
)

// hub tells open pages that there is news. It keeps nothing: whoever missed it finds the ledger.
type hub struct {
	mu     sync.Mutex
	pages  map[office.PersonID]map[chan struct{}]bool
	closed bool
}

// Listen gives a channel that gets one value whenever the person was told something since the last one was taken. It is
// closed by stop, which may be called twice, and by [Alerts.Close].
func (a *Alerts) Listen(who office.PersonID) (news <-chan struct{}, stop func()) {
	h := &a.hub
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(c)
		return c, func() {}
	}
	if h.pages == nil {
		h.pages = map[office.PersonID]map[chan struct{}]bool{}
	}
	if h.pages[who] == nil {
		h.pages[who] = map[chan struct{}]bool{}
	}
	h.pages[who][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if !h.pages[who][c] {
			return
		}
		delete(h.pages[who], c)
		if len(h.pages[who]) == 0 {
			delete(h.pages, who)
		}
		close(c)
	}
}

// Close ends every [Alerts.Listen], for the end of the program. The ledger goes on.
func (a *Alerts) Close() {
	h := &a.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, pages := range h.pages {
		for c := range pages {
			close(c)
		}
	}
	h.pages = nil
}

// news wakes the pages of these people.
func (h *hub) news(to []office.PersonID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range to {
		for c := range h.pages[p] {
			select {
			case c <- struct{}{}:
			default: // it has news already
			}
		}
	}
}

// Heard wakes the pages of those whom another process has told something, by the heads of its ledger ("alert/…").
func (a *Alerts) Heard(whats []string) {
	for _, what := range whats {
		id, ok := strings.CutPrefix(what, Kind+"/")
		if !ok {
			continue
		}
		var t Told
		if r, err := a.Engine.Store.Record(Kind, id); err == nil && json.Unmarshal(r.Data, &t) == nil {
			a.hub.news([]office.PersonID{t.To})
		}
	}
}
