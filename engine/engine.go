// Package engine is the case-management engine: procedures as walks of states, papers filled in parts and signed at
// gates, facts with their days, clocks derived from them, and a chained record of what happened.
//
// One request is one pass: a Command is decided against what was read (decide.go, a pure function), the documents that
// it issues are rendered, the events are sealed into their chain, and one Commit writes all of it or nothing.
package engine

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"dossier/engine/calendar"
)

// Renderer makes paper. It is pure: the same sheet gives the same bytes.
type Renderer interface {
	// Render draws a sheet as PDF. A character that no font has is an *Error with code field-invalid.
	Render(Sheet) ([]byte, error)
	// Deadline draws the deadline sheet of a clock (期限计算表).
	Deadline(DeadlineSheet) ([]byte, error)
	// Inspect says what an uploaded file is; an *Error when it is not what it claims, encrypted, damaged or a bomb.
	Inspect(name string, data []byte) (mediaType string, err error)
	// Missing gives the characters of a text that no font has, for the moment a name is typed.
	Missing(text string) []rune
}

// Edition is one procedure with the forms that it names, known by hash. A case pins an edition.
type Edition struct {
	Hash   string
	Def    *Definition
	Forms  map[FormID]*Form
	Pinned bool // it is here for the cases that rest on it; new ones begin on another, where there is one

	once   sync.Once // for serves
	serves map[FactID]map[FormID]bool
}

// KindEdition is the record of an edition, kept at its first use; its id is the edition's hash.
const KindEdition = "edition"

// KeptEdition is what stands in the record of an edition: a zip of its files is a blob.
type KeptEdition struct {
	Workflow WorkflowID `json:"workflow"`
	Version  int        `json:"version"`
	Files    string     `json:"files"` // SHA-256 of the zip
}

// Listing tells how the records of a kind that is not the engine's own are listed: the indexes that are theirs alone, and
// the entries of one record. Verify derives them again.
type Listing struct {
	Indexes []string
	Keys    func(id string, data []byte) ([]Key, error)
}

// Config is what an Engine is made of.
type Config struct {
	Store    Store
	Renderer Renderer
	Editions []*Edition              // those that new cases may start on, and old ones still pinned; the highest version of an id is current
	Calendar *calendar.Calendar      // the schedules that the program brings
	Settings map[string][]SettingRow // defaults
	Now      func() time.Time
	Random   io.Reader          // tokens, salts
	Listings map[string]Listing // by the kind of record
	Blanks   map[FormID]*Form   // forms that belong to no procedure, printed on demand
	After    func(CaseID)       // called after each commit that moved a case; 0: the office moved, and any case with it. It must not wait
}

// Engine runs the procedures. Its methods may be called concurrently.
type Engine struct {
	Config
	byHash   map[string]*Edition
	current  map[WorkflowID]*Edition
	order    []WorkflowID
	office   atomic.Pointer[Office]
	counters locks
	moves    moves
	renewing sync.Mutex   // held by whoever reads the office and puts it in place, so that no older view replaces a newer one
	deciding sync.RWMutex // held for reading by whoever decides and commits, for writing while all cases are counted anew
}

// locks holds one lock per counter, so that two commands of this process do not take the same number in vain.
type locks struct {
	mu sync.Mutex
	by map[string]*sync.Mutex
}

func (l *locks) lock(names []string) (unlock func()) {
	held := make([]*sync.Mutex, len(names))
	l.mu.Lock()
	for i, n := range names {
		if l.by[n] == nil {
			if l.by == nil {
				l.by = map[string]*sync.Mutex{}
			}
			l.by[n] = &sync.Mutex{}
		}
		held[i] = l.by[n]
	}
	l.mu.Unlock()
	for _, m := range held {
		m.Lock()
	}
	return func() {
		for _, m := range held {
			m.Unlock()
		}
	}
}

// New reads the office from the store and is ready.
func New(c Config) (*Engine, error) {
	e := &Engine{Config: c, byHash: map[string]*Edition{}, current: map[WorkflowID]*Edition{}}
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
	return e, e.reloadOffice()
}

// moved tells whoever wants to know that cases were committed.
func (e *Engine) moved(ids ...CaseID) {
	e.moves.tell(ids)
	if e.After == nil {
		return
	}
	for _, id := range ids {
		e.After(id)
	}
}

// Office is the present view of people, posts and settings.
func (e *Engine) Office() *Office { return e.office.Load() }

// Today is the present legal day.
func (e *Engine) Today() calendar.Date { return calendar.In(e.Now()) }

// Workflows gives the current edition of each procedure, in the order they were loaded.
func (e *Engine) Workflows() []*Edition {
	eds := make([]*Edition, len(e.order))
	for i, id := range e.order {
		eds[i] = e.current[id]
	}
	return eds
}

// Workflow is the current edition of a procedure, nil when there is none.
func (e *Engine) Workflow(id WorkflowID) *Edition { return e.current[id] }

// Edition is the edition of that hash, nil when it is not here.
func (e *Engine) Edition(hash string) *Edition { return e.byHash[hash] }
