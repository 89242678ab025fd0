package desk

import (
	"container/heap"
	"math"
	"slices"
	"sort"
	"strings"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/search"
)

// ids are numbers of cases, read from indexes as far as they are asked for, the newest first.
type ids interface {
	// next is the greatest below a number; 0: there is none. It is asked for ever smaller ones.
	next(below int) (int, error)
}

// listed are numbers at hand, rising.
type listed []int

func (l listed) next(below int) (int, error) {
	at, _ := slices.BinarySearch(l, below)
	if at == 0 {
		return 0, nil
	}
	return l[at-1], nil
}

// entries are the cases that an index has under a prefix that a case's number follows.
type entries struct {
	e             *engine.Engine
	index, prefix string
	read          []uint64 // falling; what is behind them is not read yet
	ended         bool
	size          int // of the last reading
	first, last   int // and of its numbers
}

// A reading is short at first, and where the one before has been left far behind.
const (
	firstRead = 16
	mostRead  = 8192
)

func (s *entries) next(below int) (int, error) {
	for {
		at := sort.Search(len(s.read), func(i int) bool { return int(s.read[i]) < below })
		if s.read = s.read[at:]; len(s.read) > 0 {
			return int(s.read[0]), nil
		}
		if s.ended {
			return 0, nil
		}
		if below < s.last-(s.first-s.last) {
			s.size = 0
		}
		s.size = min(max(firstRead, 4*s.size), mostRead)
		scan := ledger.Scan{Index: s.index, Prefix: s.prefix, Desc: true, Limit: s.size}
		if below < math.MaxInt {
			scan.From = s.prefix + listing.Padded(casefile.CaseID(below-1))
		}
		var err error
		if s.read, err = s.e.Store.Numbers(scan); err != nil {
			return 0, err
		}
		if s.ended = len(s.read) < s.size; len(s.read) > 0 {
			s.first, s.last = int(s.read[0]), int(s.read[len(s.read)-1])
		}
	}
}

// union are the numbers that one of several has.
type union struct {
	of []head // a heap, by the greatest next
}

// head is one of a union with the next number that is known of it.
type head struct {
	ids
	at int // not less than what comes next; what it is is known once it is below what was asked for
}

func (u *union) Len() int           { return len(u.of) }
func (u *union) Less(i, j int) bool { return u.of[i].at > u.of[j].at }
func (u *union) Swap(i, j int)      { u.of[i], u.of[j] = u.of[j], u.of[i] }
func (u *union) Push(any)           {}
func (u *union) Pop() any           { u.of = u.of[:len(u.of)-1]; return nil }

func (u *union) next(below int) (int, error) {
	for len(u.of) > 0 {
		top := &u.of[0]
		if top.at < below {
			return top.at, nil
		}
		n, err := top.ids.next(below)
		if err != nil {
			return 0, err
		}
		if top.at = n; n > 0 {
			heap.Fix(u, 0)
		} else {
			heap.Pop(u)
		}
	}
	return 0, nil
}

// either are the numbers that one of them has.
func either(of ...ids) ids {
	u := &union{}
	for _, x := range of {
		u.of = append(u.of, head{x, math.MaxInt})
	}
	return u
}

// common are the numbers that all of them have; of none, every number.
type common []ids

func (c common) next(below int) (int, error) {
	at := below - 1
	for same := 0; same < len(c); {
		for _, x := range c {
			n, err := x.next(at + 1)
			if err != nil || n == 0 {
				return 0, err
			}
			if n != at {
				at, same = n, 0
			}
			same++
		}
	}
	return at, nil
}

// parts are the cases that may have a text in a name or number: for each of its terms a key that begins with it.
func parts(e *engine.Engine, text string) (ids, error) {
	terms := search.Query(text)
	if len(terms) == 0 {
		return listed(nil), nil
	}
	var all common
	for _, term := range terms {
		x, err := begun(e, term, term)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}

// begun are the cases that have a search key with that beginning, or, while the store is being indexed anew, the former key.
func begun(e *engine.Engine, beginning, former string) (ids, error) {
	u := &union{}
	scan := ledger.Scan{Index: listing.IndexSearch, Prefix: beginning, Desc: true, Leads: true, Limit: 1000}
	for {
		es, err := e.Store.Scan(scan)
		if err != nil {
			return nil, err
		}
		for _, en := range es {
			scan.From = en.Key.Key[:strings.LastIndexByte(en.Key.Key, '/')+1]
			u.of = append(u.of, head{&entries{e: e, index: listing.IndexSearch, prefix: scan.From}, procedure.Int(en.ID)})
		}
		if len(es) < scan.Limit {
			break
		}
	}
	old, err := e.Former()
	if old {
		u.of = append(u.of, head{&entries{e: e, index: listing.FormerSearch, prefix: former + "/"}, math.MaxInt})
	}
	heap.Init(u)
	return u, err
}

// asked are the cases that a query is about, beside its text, as far as an index tells; [Query.fits] tells the rest.
func asked(e *engine.Engine, q Query) (all common) {
	if q.Open {
		all = append(all, &entries{e: e, index: listing.IndexOpen})
	}
	switch {
	case q.Workflow != "" && q.State != "":
		all = append(all, &entries{e: e, index: listing.IndexState, prefix: string(q.Workflow) + "/" + string(q.State) + "/"})
	case q.Workflow != "":
		all = append(all, &entries{e: e, index: listing.IndexFlow, prefix: string(q.Workflow) + "/"})
	}
	if q.Officer != "" {
		all = append(all, &entries{e: e, index: listing.IndexOfficer, prefix: string(q.Officer) + "/"})
	}
	return all
}

// sighted are the cases that the person may see, as far as indexes tell; [Shown] tells the rest. nil: any may be.
func sighted(e *engine.Engine, who office.PersonID) common {
	if today := e.Today(); who == office.System || e.Office().Reads(who, today, today) {
		return nil
	}
	own := &union{}
	add := func(index, prefix string) {
		own.of = append(own.of, head{&entries{e: e, index: index, prefix: prefix}, math.MaxInt})
	}
	all := true
	for _, ed := range e.Workflows() {
		if ofPosts(e, who, ed) {
			add(listing.IndexFlow, string(ed.Def.ID)+"/")
		} else {
			all = false
		}
	}
	if all {
		return nil
	}
	add(listing.IndexOfficer, string(who)+"/")
	add(listing.IndexWait, "@"+string(who)+"/")
	return common{own}
}
