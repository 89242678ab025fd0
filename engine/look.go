package engine

import (
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Look reads a case for a person: timers that have run out are shown as fired, and the informant is masked from whoever
// need not know.
func (e *Engine) Look(who office.PersonID, id casefile.CaseID) (*decide.Docket, *decide.Sitting, bool, error) {
	d, err := e.Read(id)
	if err != nil {
		return nil, nil, false, err
	}
	t := e.Sit()
	if !Sees(d.Edition, t.Office, d.Case, who, t.Today) {
		return nil, nil, false, refusal.New(refusal.Forbidden, refusal.Args{"who": t.Office.Name(who)})
	}
	if err := t.Expired(d); err != nil {
		return nil, nil, false, err
	}
	masked := !knows(d.Edition, t.Office, d.Case, who, t.Today)
	if masked {
		d.Case = casefile.Masked(d.Edition, d.Case)
	}
	return d, t, masked, nil
}

// knows tells whether the person may know the informant: a role in the case, who opened it, or a post that signs one of
// the procedure's gates.
func knows(ed *procedure.Edition, o *office.Office, c *casefile.Case, who office.PersonID, today calendar.Date) bool {
	if who == office.System || c.Opener == who {
		return true
	}
	for _, people := range c.Roles {
		if slices.Contains(people, who) {
			return true
		}
	}
	knows := false
	ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		if a.Decision == "" {
			return
		}
		for _, list := range a.By.Values() {
			for _, post := range list {
				knows = knows || o.Holds(who, post, today) || len(o.Lent(who, post, today)) > 0
			}
		}
	})
	return knows
}

func (e *Engine) Admit(who office.PersonID, id casefile.CaseID) error {
	d, err := e.Read(id)
	if err != nil {
		return err
	}
	if !Sees(d.Edition, e.Office(), d.Case, who, e.Today()) {
		return refusal.New(refusal.Forbidden, refusal.Args{"who": e.Office().Name(who)})
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
