package engine

import (
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/sight"
)

// Look reads a case for a person: timers that have run out are shown as fired, and what they need not know is masked.
func (e *Engine) Look(who office.PersonID, id casefile.CaseID) (*decide.Docket, *decide.Sitting, casefile.Veil, error) {
	d, err := e.Read(id)
	if err != nil {
		return nil, nil, 0, err
	}
	t := e.Sit()
	if !sight.Sees(d.Edition, t.Office, d.Case, who, t.Today) {
		return nil, nil, 0, sight.Unseen(id)
	}
	if err := t.Expired(d); err != nil {
		return nil, nil, 0, err
	}
	veil := sight.Veil(d.Edition, t.Office, d.Case, who, t.Today)
	d.Case = casefile.Masked(d.Edition, d.Case, veil)
	return d, t, veil, nil
}

// Admit refuses whoever may not see the case, as if there were none.
func (e *Engine) Admit(who office.PersonID, id casefile.CaseID) error {
	d, err := e.Read(id)
	if err != nil {
		return err
	}
	if !sight.Sees(d.Edition, e.Office(), d.Case, who, e.Today()) {
		return sight.Unseen(id)
	}
	return nil
}

// Former tells whether search keys of a former format still stand in the store: it is being indexed anew, and what the former
// keys find, the present ones need not.
func (e *Engine) Former() (bool, error) {
	if e.indexed.Load() {
		return false, nil
	}
	es, err := e.Store.Scan(ledger.Scan{Index: listing.FormerSearch, Limit: 1})
	if err == nil && len(es) == 0 {
		e.indexed.Store(true)
	}
	return len(es) > 0, err
}

func (e *Engine) RowOf(id casefile.CaseID) (listing.Row, error) {
	es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexRow, Prefix: listing.Padded(id), Limit: 1})
	if err != nil {
		return listing.Row{}, err
	}
	if len(es) == 0 {
		return listing.Row{}, ledger.ErrNotFound
	}
	return e.DecodeRow(id, es[0].Value)
}
