package engine

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
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

// Moves counts the commits of this process, and those that it heard of, that moved cases. It begins with a number that is this
// start's own: a page that another process drew is at none of ours. What is drawn after it was asked shows all of them.
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

// Heard is what another process has committed, by the heads of its ledger ("case/42", "person/liwei"), or, with lost, that
// anything may have been: it wakes who listens here, and renews the office. It is for haste alone: what is decided rests on
// what is on record, heard of or not.
func (e *Engine) Heard(whats []string, lost bool) error {
	var ids []casefile.CaseID
	office := lost
	for _, what := range whats {
		if id, ok := ledger.CaseOf(what); ok {
			ids = append(ids, id)
			continue
		}
		kind, _, _ := strings.Cut(what, "/")
		office = office || ledger.RecordWrite{Kind: kind}.Office()
	}
	var err error
	if office {
		err, ids = e.ReloadOffice(), append(ids, 0)
	}
	if len(ids) > 0 {
		e.moves.tell(ids)
	}
	return err
}

// Sees tells whether the person may see the case.
func (e *Engine) Sees(who office.PersonID, id casefile.CaseID) bool { return e.Admit(who, id) == nil }
