package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"dossier/engine/canonical"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Reads tells whether the store can be read; nil when it can.
func (e *Engine) Reads() error {
	_, err := e.Stored(ledger.KindOffice, ledger.OfficeID, &struct{}{})
	return err
}

// Read loads a case with its pinned edition.
func (e *Engine) Read(id casefile.CaseID) (*decide.Docket, error) { return e.read(id, true) }

// Pass loads a case as Read does and doesn't keep it in mind: for whoever passes over all of them once.
func (e *Engine) Pass(id casefile.CaseID) (*decide.Docket, error) { return e.read(id, false) }

func (e *Engine) read(id casefile.CaseID, keep bool) (*decide.Docket, error) {
	snap, err := e.Store.Case(id)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": "case", "id": strconv.Itoa(int(id))})
	}
	if err != nil {
		return nil, err
	}
	c := e.kept.read(id, snap.Data)
	if c == nil {
		c = &casefile.Case{}
		if err := ledger.Read(snap.Data, c); err != nil {
			return nil, fmt.Errorf("case %d: %w", id, err)
		}
		if keep {
			e.kept.keep(keptCase{text: canonical.Text{JSON: snap.Data}, of: c})
		}
	}
	ed := e.Edition(c.Edition)
	if ed == nil {
		return nil, fmt.Errorf("case %d rests on edition %.12s of %s, which is not here", id, c.Edition, c.Workflow)
	}
	return &decide.Docket{Edition: ed, Read: snap.Seq, Before: c, Case: c}, nil
}

// Fines are what other cases than this one were fined by a standard, of the latest mostFines. What can't be read is left out.
func (e *Engine) Fines(but *casefile.Case, id penalty.ID) []penalty.Fen {
	es, _ := e.Store.Scan(ledger.Scan{Index: listing.IndexCharge, Prefix: string(id) + "/", Desc: true, Limit: mostFines})
	var all []penalty.Fen
	for _, en := range es {
		if x, err := listing.ReadCharge(en.Value); err == nil && x.Fine > 0 && x.Case != but.ID {
			all = append(all, penalty.Fen(x.Fine))
		}
	}
	return all
}

// mostFines is with how many decided violations a sum is compared.
const mostFines = 1000

func (e *Engine) LinkedTo(c *casefile.Case, w procedure.WorkflowID) bool {
	for _, l := range c.Links {
		if d, err := e.Read(l.Case); err == nil && d.Case.Workflow == w {
			return true
		}
	}
	return false
}

// NumberOf is the number of a case that a field of type case names; what names none stays as it is.
func (e *Engine) NumberOf(id string) string {
	if d, err := e.Read(casefile.CaseID(procedure.Int(id))); err == nil && d.Case.Number() != "" {
		return d.Case.Number()
	}
	return id
}

// Resolve finds a case by its id or by any number printed on its papers.
func (e *Engine) Resolve(text string) (casefile.CaseID, error) {
	text = strings.TrimSpace(text)
	if n := procedure.Int(text); n > 0 && strconv.Itoa(n) == text {
		return casefile.CaseID(n), nil
	}
	for _, key := range []string{listing.Numbered(text), text} { // a number, or the code on a paper
		entries, err := e.Store.Scan(ledger.Scan{Index: listing.IndexNumber, Prefix: key, Limit: 10})
		if err != nil {
			return 0, err
		}
		for _, en := range entries {
			if en.Key.Key == key {
				return casefile.CaseID(procedure.Int(en.ID)), nil
			}
		}
	}
	return 0, refusal.New(refusal.NotFound, refusal.Args{"what": "case", "id": text})
}
