package engine

import (
	"maps"
	"slices"
	"sync"

	"dossier/engine/casefile"
	"dossier/engine/office"
)

// moves tells who listens of the cases that this process commits. It keeps nothing: whoever comes later reads the cases.
type moves struct {
	mu        sync.Mutex
	count     uint64
	listeners map[*Listener]bool
}

// Listener hears of each case that this process commits, from when it began to listen. Several commits between two takes
// are told at once, so that a slow listener holds up nobody.
type Listener struct {
	news  chan struct{}
	of    *moves
	cases map[casefile.CaseID]bool
}

// Moves is how many commits this process has made that moved cases. What is drawn after it was asked shows all of them.
func (e *Engine) Moves() uint64 {
	e.moves.mu.Lock()
	defer e.moves.mu.Unlock()
	return e.moves.count
}

// Listen begins to listen. The caller must call Stop.
func (e *Engine) Listen() *Listener {
	m := &e.moves
	m.mu.Lock()
	defer m.mu.Unlock()
	l := &Listener{news: make(chan struct{}, 1), of: m, cases: map[casefile.CaseID]bool{}}
	if m.listeners == nil {
		m.listeners = map[*Listener]bool{}
	}
	m.listeners[l] = true
	return l
}

// News gets one value whenever there is something to take.
func (l *Listener) News() <-chan struct{} { return l.news }

// Take gives the cases that moved since the last take, in their order, and how many commits there were in all. Case 0 stands
// for any: the office moved.
func (l *Listener) Take() ([]casefile.CaseID, uint64) {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	ids := slices.Sorted(maps.Keys(l.cases))
	clear(l.cases)
	return ids, l.of.count
}

// Stop ends the listening. It may be called twice.
func (l *Listener) Stop() {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	delete(l.of.listeners, l)
}

// tell wakes who listens.
func (m *moves) tell(ids []casefile.CaseID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	for l := range m.listeners {
		for _, id := range ids {
			l.cases[id] = true
		}
		select {
		case l.news <- struct{}{}:
		default: // it has news already
		}
	}
}

// Sees tells whether the person may see the case.
func (e *Engine) Sees(who office.PersonID, id casefile.CaseID) bool { return e.Admit(who, id) == nil }
