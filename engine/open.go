package engine

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
)

// OpenRows are the rows of the cases that are open or that somebody waits for, decoded: every desk asks for them again and again.
// Before each answer they follow the ledgers, so that they are what any server has committed by then. A row, once it is here, is never
// changed: one that moved takes its place. They take about a kilobyte each.
type OpenRows struct {
	following sync.Mutex // held by whoever brings them up to date
	begun     bool
	mark      ledger.Mark

	mu sync.RWMutex // of what follows; nothing is read from the store under it
	rowLists
	counts map[string]any // see [Counted]
	turn   int            // goes on whenever what is counted may be another
}

// rowLists are rows by their numbers, and the lists that each stands in, as a day sees them.
type rowLists struct {
	by    map[casefile.CaseID]openRow
	day   calendar.Date
	lists map[string][]*listing.Row // by the case's number
}

// openRow is a row with the sum of the bytes that it was decoded from.
type openRow struct {
	*listing.Row
	sum uint64
}

// rowSeed is this process's own: nobody can make two rows of one sum.
var rowSeed = maphash.MakeSeed()

// The lists: of all that are open, of an officer's that are open, of those that a post or "@" and a person are waited for in.
const listOpen = "open"

func listOf(p office.PersonID) string { return "of/" + string(p) }

func listWait(whom string) string { return "wait/" + whom }

// listsOf are the lists that a row stands in, each once.
func listsOf(r *listing.Row) []string {
	var keys []string
	if !r.Ended {
		keys = append(keys, listOpen)
		for _, p := range r.Officers {
			keys = append(keys, listOf(p))
		}
	}
	for _, w := range r.Waits {
		for _, p := range w.Posts {
			keys = append(keys, listWait(string(p)))
		}
		for _, p := range w.People {
			keys = append(keys, listWait("@"+string(p)))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// All are those of all open cases, by the cases' numbers.
func (o *OpenRows) All() []*listing.Row { return o.list(listOpen) }

// Of are those in which the person is an officer.
func (o *OpenRows) Of(p office.PersonID) []*listing.Row { return o.list(listOf(p)) }

// Waiting are those in which a walk waits for a post, or for "@" and a person, of cases that have ended too.
func (o *OpenRows) Waiting(whom string) []*listing.Row { return o.list(listWait(whom)) }

func (o *OpenRows) list(key string) []*listing.Row {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Clone(o.lists[key])
}

// row is the row that was decoded from these bytes; nil where it isn't here.
func (o *OpenRows) row(id casefile.CaseID, data []byte) *listing.Row {
	o.mu.RLock()
	x := o.by[id]
	o.mu.RUnlock()
	if x.Row == nil || x.sum != maphash.Bytes(rowSeed, data) {
		return nil
	}
	return x.Row
}

// moved takes in the row of a case that moved.
func (o *OpenRows) moved(r openRow) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drop(r.ID)
	o.put(r)
	o.turned()
}

// turned forgets what was counted.
func (o *OpenRows) turned() { o.counts, o.turn = map[string]any{}, o.turn+1 }

// counted is what count makes of the rows of all open cases; see [Counted].
func counted[T any](o *OpenRows, name string, count func([]*listing.Row) T) T {
	o.mu.RLock()
	kept, ok := o.counts[name].(T)
	turn := o.turn
	o.mu.RUnlock()
	if ok {
		return kept
	}
	fresh := count(o.All())
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.turn == turn {
		o.counts[name] = fresh
	}
	return fresh
}

// anew takes the place of all.
func (o *OpenRows) anew(fresh rowLists) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rowLists = fresh
	o.turned()
}

// on lets the lists tell the rows as a day sees them.
func (o *OpenRows) on(day calendar.Date) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.day == day {
		return
	}
	was := o.by
	o.rowLists = noRows(day)
	for _, id := range slices.Sorted(maps.Keys(was)) {
		o.put(was[id])
	}
	o.turned()
}

func noRows(day calendar.Date) rowLists {
	return rowLists{map[casefile.CaseID]openRow{}, day, map[string][]*listing.Row{}}
}

// put takes a row into the lists that it stands in; into none, it isn't kept.
func (l *rowLists) put(r openRow) {
	keys := listsOf(r.Row)
	if len(keys) > 0 {
		l.by[r.ID] = r
	}
	seen := r.Seen(l.day)
	for _, key := range keys {
		at, _ := slices.BinarySearchFunc(l.lists[key], r.ID, byNumber)
		l.lists[key] = slices.Insert(l.lists[key], at, seen)
	}
}

// drop takes a case's row out.
func (l *rowLists) drop(id casefile.CaseID) {
	was := l.by[id]
	if was.Row == nil {
		return
	}
	delete(l.by, id)
	for _, key := range listsOf(was.Row) {
		at, _ := slices.BinarySearchFunc(l.lists[key], id, byNumber)
		if l.lists[key] = slices.Delete(l.lists[key], at, at+1); len(l.lists[key]) == 0 {
			delete(l.lists, key)
		}
	}
}

func byNumber(r *listing.Row, id casefile.CaseID) int { return cmp.Compare(r.ID, id) }
