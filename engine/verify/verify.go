// Package verify proves the record: it replays every chain into an empty store, follows the ledger, derives each index
// again, and places whatever differs. It never changes what it reads.
package verify

import (
	"context"
	"encoding/json"
	"errors"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Flaw is one thing on record that is not as it was written.
type Flaw struct {
	Code  string          // stable: "chain", "ledger", "snapshot", "index", "record", "counter", "blob", …
	Place procedure.Label // the case and event, the record, the counter, the file
	What  procedure.Label // what is wrong with it
}

// Report is what [Engine.Verify] found. The record is whole when it has no flaws and its head is the one that was printed.
type Report struct {
	Cases, Events, Records, Rows, Blobs int
	N                                   uint64        // the first ledger's last row, 0 for an empty record
	Hash                                string        // and its hash
	Heads                               []ledger.Mark // the last row of every ledger
	Flaws                               []Flaw
	More                                int      // faults beyond those that are listed
	Beyond                              int      // of the faults, those that [Rebuild] can't mend
	Strays                              []string // files that nothing on record names, by their SHA-256: left by what was cut off; no fault

	suspects []casefile.CaseID // whose snapshot or index is not what their events make of them
	apart    []apart           // index entries of records that are not as they should be
}

// mostFaults is how many faults a report lists.
const mostFaults = 200

func (r *Report) fault(code string, place, what procedure.Label) {
	r.Beyond++
	if len(r.Flaws) == mostFaults {
		r.More++
		return
	}
	r.Flaws = append(r.Flaws, Flaw{code, place, what})
}

// add puts what was found elsewhere behind what is here.
func (r *Report) add(x *Report) {
	r.Cases += x.Cases
	r.Events += x.Events
	r.Blobs += x.Blobs
	for _, f := range x.Flaws {
		r.fault(f.Code, f.Place, f.What)
	}
	r.More += x.More
	r.Beyond += x.More
}

// Whole tells whether nothing was found wrong.
func (r *Report) Whole() bool { return len(r.Flaws) == 0 }

// Run proves the record: every case's chain of events; the ledger's own chain, and that it names every event and every
// version of a ledgered record, and nothing else; every event applied again, and the snapshot and index entries that come of it
// held to the record's; records written again into an empty store and compared row by row; counters without a gap; that whoever acted for another had been lent the post; documents and files against their SHA-256. It asks
// nothing of the office but its schedules and settings. Nobody may write to either store meanwhile. progress, which may be
// nil, is told in words what is being done. An error means that the proof could not be carried through.
func Run(ctx context.Context, e *engine.Engine, into ledger.Store, progress func(string)) (*Report, error) {
	if progress == nil {
		progress = func(string) {}
	}
	v := &verifier{e: e, ctx: ctx, into: into, progress: progress, report: &Report{}, heads: map[string][]ledger.LedgerHead{},
		taken: map[string][]uint64{}, people: map[office.PersonID][]version[office.Person]{}, lent: map[string][]version[office.Delegation]{}, names: map[string]bool{}, spoilt: map[string]bool{}, kinds: map[string]bool{}, indexes: map[string]bool{}}
	for _, step := range []func() error{v.ledger, v.office, v.cases, v.records, v.counters, v.compare, v.strays} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return v.report, nil
}

// verifier is one proof under way.
type verifier struct {
	e        *engine.Engine
	ctx      context.Context
	into     ledger.Store
	progress func(string)
	report   *Report
	heads    map[string][]ledger.LedgerHead // "case/42", "person/liwei" → what the ledger says of it, in order
	proofs   []proof                        // of cases, by their id less one
	hash     hasher
	taken    map[string][]uint64 // counter → the numbers that events took from it
	people   map[office.PersonID][]version[office.Person]
	lent     map[string][]version[office.Delegation]
	names    map[string]bool // files that something on record names
	blind    bool            // a delegation can't be read: who stood in for whom is not asked
	spoilt   map[string]bool // what is not compared again, a fault of it being told: "case/42"
	kinds    map[string]bool // of records that are in the ledger or nowhere
	indexes  map[string]bool // that follow from what is in the ledger
	last     casefile.CaseID // the highest that exists
}

func (v *verifier) fault(code string, place, what procedure.Label) { v.report.fault(code, place, what) }

// damaged tells a reading that failed because of what was read; any other error stays one.
func (v *verifier) damaged(err error, place procedure.Label) error {
	var syntax *json.SyntaxError
	if errors.Is(err, ledger.ErrDamaged) || errors.Is(err, ledger.ErrNotFound) || errors.As(err, &syntax) {
		v.fault("damaged", place, procedure.Label{ZH: "读不出来：" + err.Error(), EN: "can't be read: " + err.Error()})
		return nil
	}
	return err
}
