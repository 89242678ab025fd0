package engine

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
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
}

// rowLists are rows by their numbers, and the lists that each stands in.
type rowLists struct {
	by    map[casefile.CaseID]openRow
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

// Open are the rows of the cases that are open, as they are on record now. [listing.Row.On] tells a row as a day sees it; nobody may
// change one.
func (e *Engine) Open() (*OpenRows, error) { return &e.open, e.open.follow(e) }

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

// follow brings the lists up to date.
func (o *OpenRows) follow(e *Engine) error {
	o.following.Lock()
	defer o.following.Unlock()
	if o.begun {
		news, err := e.Since(o.mark)
		if err != nil {
			return err
		}
		if !news.Lost && !news.Office { // a change of the office writes rows of cases that haven't moved
			for _, id := range news.Cases {
				if err := o.again(e, id); err != nil {
					return err
				}
			}
			o.mark = news.To
			return nil
		}
	}
	mark, err := e.LastRow()
	if err != nil {
		return err
	}
	fresh := rowLists{map[casefile.CaseID]openRow{}, map[string][]*listing.Row{}}
	for _, index := range []string{listing.IndexOpen, listing.IndexWait} {
		if err := o.scan(e, index, &fresh); err != nil {
			return err
		}
	}
	o.mu.Lock()
	o.rowLists = fresh
	o.mu.Unlock()
	o.begun, o.mark = true, mark
	return nil
}

// scan reads the rows of an index.
func (o *OpenRows) scan(e *Engine, index string, into *rowLists) error {
	scan := ledger.Scan{Index: index, Limit: 1000}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil {
			return err
		}
		for _, en := range es {
			scan.After = en.Cursor
			if id := casefile.CaseID(procedure.Int(en.ID)); into.by[id].Row == nil {
				r, err := o.decode(e, id, en.Value)
				if err != nil {
					return err
				}
				into.put(r)
			}
		}
		if len(es) < scan.Limit {
			return nil
		}
	}
}

// decode reads a row, the one that is here where it is of the same bytes.
func (o *OpenRows) decode(e *Engine, id casefile.CaseID, data []byte) (openRow, error) {
	sum := maphash.Bytes(rowSeed, data)
	if r := o.row(id, data); r != nil {
		return openRow{r, sum}, nil
	}
	r, err := e.rows.read(data)
	return openRow{&r, sum}, err
}

// again reads the row of a case that moved.
func (o *OpenRows) again(e *Engine, id casefile.CaseID) error {
	es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexRow, Prefix: listing.Padded(id), Limit: 1})
	if err != nil || len(es) == 0 {
		return err
	}
	r, err := o.decode(e, id, es[0].Value)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drop(id)
	o.put(r)
	return nil
}

// put takes a row into the lists that it stands in; into none, it isn't kept.
func (l *rowLists) put(r openRow) {
	keys := listsOf(r.Row)
	if len(keys) > 0 {
		l.by[r.ID] = r
	}
	for _, key := range keys {
		at, _ := slices.BinarySearchFunc(l.lists[key], r.ID, byNumber)
		l.lists[key] = slices.Insert(l.lists[key], at, r.Row)
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
