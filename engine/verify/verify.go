// Package verify proves the record: it replays every chain into an empty store, follows the ledger, derives each index
// again, and places whatever differs. It never changes what it reads.
package verify

import (
	"context"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
)

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
		taken: map[string][]uint64{}, blobs: newBlobs(), spoilt: map[string]bool{}, kinds: map[string]bool{}, indexes: map[string]bool{}}
	var err error
	if v.former, err = e.Former(); err != nil {
		return nil, err
	}
	for _, step := range []func() error{v.ledger, v.people, v.cases, v.records, v.counters, v.compare, v.strays} {
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
	standing *standing           // nil: one case is proved by itself
	blobs    *blobs
	spoilt   map[string]bool // what is not compared again, a fault of it being told: "case/42"
	kinds    map[string]bool // of records that are in the ledger or nowhere
	indexes  map[string]bool // that follow from what is in the ledger
	last     casefile.CaseID // the highest that exists
	former   bool            // the store is being indexed anew: search keys are not compared
}

func (v *verifier) fault(code string, place, what procedure.Label) { v.report.fault(code, place, what) }

// people gathers who was ever on record, and who lent what to whom.
func (v *verifier) people() (err error) {
	v.standing, err = standingOf(v.e.Store, v.report, v.heads)
	return err
}

// strays finds the files that nothing on record names. A case that could not be proved may name some: then none are told.
func (v *verifier) strays() (err error) {
	if s, ok := v.e.Store.(blobLister); ok && len(v.spoilt) == 0 {
		v.report.Strays, err = v.blobs.strays(v.ctx, s)
	}
	return err
}
