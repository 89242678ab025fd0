package engine

import (
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/sight"
)

// Look reads a case for a person: timers that have run out are shown as fired, and the informant is masked from whoever
// need not know.
func (e *Engine) Look(who office.PersonID, id casefile.CaseID) (*decide.Docket, *decide.Sitting, bool, error) {
	d, err := e.Read(id)
	if err != nil {
		return nil, nil, false, err
	}
	t := e.Sit()
	if !sight.Sees(d.Edition, t.Office, d.Case, who, t.Today) {
		return nil, nil, false, sight.Unseen(id)
	}
	if err := t.Expired(d); err != nil {
		return nil, nil, false, err
	}
	masked := !sight.Knows(d.Edition, t.Office, d.Case, who, t.Today)
	if masked {
		d.Case = casefile.Masked(d.Edition, d.Case)
	}
	return d, t, masked, nil
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

func (e *Engine) RowOf(id casefile.CaseID) (listing.Row, error) {
	es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexRow, Prefix: listing.Padded(id), Limit: 1})
	if err != nil {
		return listing.Row{}, err
	}
	if len(es) == 0 {
		return listing.Row{}, ledger.ErrNotFound
	}
	return e.DecodeRow(es[0].Value)
}
