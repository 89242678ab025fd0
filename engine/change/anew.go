package change

import (
	"context"
	"errors"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
)

// Search keys of a former format are replaced behind the start. Each case gets the present ones first; then the former are
// dropped. Until the last is gone, searches ask both ([engine.Engine.Former]).

// kindIndexing is the record of how far that has come, while it goes on; its id is the index.
const kindIndexing = "indexing"

// indexed is how far the indexing has come.
type indexed struct {
	Case casefile.CaseID `json:"case"` // up to this one they have the present keys
}

// One commit of an indexing is short: acts come between.
const (
	casesAnew = 50
	keysAnew  = 2000
)

// IndexAnew gives cases the search keys of this program, where those of a former format stand. What is done stays when it is
// stopped, and is not done again; done a second time it does nothing.
func IndexAnew(ctx context.Context, e *engine.Engine) error {
	for {
		former, err := e.Former()
		if err != nil || !former {
			return err
		}
		var moved *ledger.Conflict
		if err := indexAnew(ctx, e); err != nil && !errors.As(err, &moved) { // an act came between, or another server does it too
			return err
		}
	}
}

func indexAnew(ctx context.Context, e *engine.Engine) error {
	var far indexed
	seq, err := e.Stored(kindIndexing, listing.IndexSearch, &far)
	if err != nil {
		return err
	}
	last, err := e.Store.Counter(ledger.CounterCase)
	if err != nil {
		return err
	}
	write := func(cases []ledger.CaseWrite, drop []ledger.Key, done bool) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		w, err := engine.Record(kindIndexing, listing.IndexSearch, seq, far)
		if err != nil {
			return err
		}
		w.Drop, w.Delete = drop, done
		seq++
		return e.Store.Commit(ctx, ledger.Commit{Cases: cases, Records: []ledger.RecordWrite{w}})
	}
	for far.Case < casefile.CaseID(last) {
		var cases []ledger.CaseWrite
		for ; far.Case < casefile.CaseID(last) && len(cases) < casesAnew; far.Case++ {
			d, err := e.Pass(far.Case + 1)
			if err != nil {
				return err
			}
			cases = append(cases, ledger.CaseWrite{ID: far.Case + 1, Read: d.Read, Put: listing.Searched(d.Edition.Def, d.Case)})
		}
		if err := write(cases, nil, false); err != nil {
			return err
		}
	}
	for _, index := range []string{listing.FormerParty, listing.FormerSearch} { // the last says that there are any
		for more := true; more; {
			es, err := e.Store.Scan(ledger.Scan{Index: index, Limit: keysAnew})
			if err != nil {
				return err
			}
			var drop []ledger.Key
			for _, en := range es {
				drop = append(drop, en.Key)
			}
			more = len(es) == keysAnew
			if done := !more && index == listing.FormerSearch; done || len(drop) > 0 {
				if err := write(nil, drop, done); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
