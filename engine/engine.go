// Package engine is the kernel: it reads a case, lets it be decided, draws the documents, seals the events into their chain
// and commits all of it or nothing. The rooms below it tell what that means, each without the others:
//
//	procedure, check, diagram   the words of a procedure, what is wrong with them, how they are drawn
//	office, casefile, refusal   people by the day; what happened; why not
//	ledger                      what is kept, and its proof
//	rules, decide               what holds in a case on a day; a command becomes events
//	paper, listing              what stands on a sheet; rows and index keys
//
// The rooms above it (desk, change, takeover, handover, access, verify, specimen) are verbs of people and of the office that
// read and commit through it.
package engine

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
)

// Listing tells how the records of a kind that is not the engine's own are listed: the indexes that are theirs alone, and
// the entries of one record. Verify derives them again.
type Listing struct {
	Indexes []string
	Keys    func(id string, data []byte) ([]ledger.Key, error)
}

// Config is what an Engine is made of.
type Config struct {
	Store    ledger.Store
	Renderer paper.Renderer
	Editions []*procedure.Edition           // those that new cases may start on, and old ones still pinned; the highest version of an id is current
	Calendar *calendar.Calendar             // the schedules that the program brings
	Settings map[string][]office.SettingRow // defaults
	Groups   []office.Group                 // of the settings, with what each is like
	Regimes  []office.Regime                // of whose checks the visits are indexed
	Now      func() time.Time
	Clauses  map[string]office.Clause                       // what statutes dictate on papers
	Book     *penalty.Book                                  // the standards of discretion that the program brings
	Renewed  func(map[string]string) (*penalty.Book, error) // the same, with these acts' files in place of the program's
	Act      func(name string, file []byte) (string, error) // of which act a file of standards is
	Random   io.Reader                                      // tokens, salts
	Listings map[string]Listing                             // by the kind of record
	Blanks   map[procedure.FormID]*procedure.Form           // forms that belong to no procedure, printed on demand
	Pages    func(kind string, data []byte) int             // how many pages a file that comes in has; 0: it can't be told
	After    func(casefile.CaseID)                          // called after each commit that moved a case; 0: the office moved, and any case with it. It must not wait
}

// Engine runs the procedures. Its methods may be called concurrently.
type Engine struct {
	Config
	byHash   map[string]*procedure.Edition
	current  map[procedure.WorkflowID]*procedure.Edition
	Known    []procedure.Post
	order    []procedure.WorkflowID
	office   atomic.Pointer[office.Office]
	renewed  atomic.Pointer[renewed]
	counters counters
	kept     keptCases
	rows     keptRows
	open     OpenRows
	moves    moves
	latest   latest
	indexed  atomic.Bool  // no search key of a former format is in the store
	Doors    doors        // of the sign-in
	Expiry   expired      // of what is over
	renewing sync.Mutex   // held by whoever reads the office and puts it in place, so that no older view replaces a newer one
	deciding sync.RWMutex // held for reading by whoever decides and commits, for writing while all cases are counted anew
}

// New reads the office from the store and is ready.
func New(c Config) (*Engine, error) {
	e := &Engine{Config: c, byHash: map[string]*procedure.Edition{}, current: map[procedure.WorkflowID]*procedure.Edition{}}
	for _, ed := range c.Editions {
		e.byHash[ed.Hash] = ed
		cur := e.current[ed.Def.ID]
		if cur == nil {
			e.order = append(e.order, ed.Def.ID)
		}
		if cur == nil || cur.Pinned && !ed.Pinned || cur.Pinned == ed.Pinned && ed.Def.Version >= cur.Def.Version {
			e.current[ed.Def.ID] = ed
		}
	}
	e.Known = known(c.Editions)
	if c.Now != nil {
		e.moves.count = uint64(c.Now().UnixMicro())
	}
	return e, e.ReloadOffice()
}

// Moved tells whoever wants to know that cases were committed.
func (e *Engine) Moved(ids ...casefile.CaseID) {
	e.moves.tell(ids)
	if e.After == nil {
		return
	}
	for _, id := range ids {
		e.After(id)
	}
}

// Office is the present view of people, posts and settings.
func (e *Engine) Office() *office.Office { return e.office.Load() }

// Today is the present legal day.
func (e *Engine) Today() calendar.Date { return calendar.In(e.Now()) }

// Workflows gives the current edition of each procedure, in the order they were loaded.
func (e *Engine) Workflows() []*procedure.Edition {
	eds := make([]*procedure.Edition, len(e.order))
	for i, id := range e.order {
		eds[i] = e.current[id]
	}
	return eds
}

// Workflow is the current edition of a procedure, nil when there is none.
func (e *Engine) Workflow(id procedure.WorkflowID) *procedure.Edition { return e.current[id] }

// Edition is the edition of that hash, nil when it is not here.
func (e *Engine) Edition(hash string) *procedure.Edition { return e.byHash[hash] }

// Posts gives the posts of the office, in the order of their file: those by which its procedures were read.
func (e *Engine) Posts() []procedure.Post { return e.Known }

// known gathers the posts of the editions, each once.
func known(editions []*procedure.Edition) []procedure.Post {
	var posts []procedure.Post
	for _, ed := range editions {
		for _, p := range ed.Def.Posts {
			if !slices.ContainsFunc(posts, func(x procedure.Post) bool { return x.ID == p.ID }) {
				posts = append(posts, p)
			}
		}
	}
	return posts
}

// Stored decodes a record's newest version into v and gives its sequence number, 0 when there is none.
func (e *Engine) Stored(kind, id string, v any) (uint64, error) {
	r, err := e.Store.Record(kind, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return r.Seq, json.Unmarshal(r.Data, v)
}
