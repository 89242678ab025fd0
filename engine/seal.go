package engine

import (
	"crypto/sha256"
	"encoding/hex"

	"dossier/engine/calendar"
	"dossier/engine/canonical"
	"dossier/engine/casefile"
	"dossier/engine/decide"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/paper"
	"dossier/engine/procedure"
)

// keys are the index entries that a case has, and those that a change puts and drops for that; data is as what it is stored.
func (e *Engine) keys(t *decide.Sitting, d *decide.Docket, data []byte) (now *listing.Listed, put, drop []ledger.Key) {
	var old *listing.Listed
	if d.Before != nil {
		was := d.Was
		if was == nil {
			was = d.Edition
		}
		var stored []byte
		if old, stored = e.kept.entries(d.Before, was, t.Office); old != nil && was == d.Edition && alike(stored, data) {
			return old, nil, nil
		}
		if old == nil {
			old = listing.List(was, t.Office, d.Before, nil)
		}
	}
	now = listing.List(d.Edition, t.Office, d.Case, old)
	put, drop = now.Since(old)
	return now, put, drop
}

// DecodeRow reads a case's row back from the index, as it stands today. What its slices hold is not to be changed.
func (e *Engine) DecodeRow(id casefile.CaseID, data []byte) (listing.Row, error) {
	r, err := e.rows.decode(id, data)
	return r.On(e.Today()), err
}

// seal draws the documents, chains the events and makes the commit, and what to keep in mind of the cases once it is written.
func (e *Engine) seal(t *decide.Sitting, ds []*decide.Docket) (*ledger.Commit, []keptCase, error) {
	commit := &ledger.Commit{}
	var kept []keptCase
	for _, d := range ds {
		if len(d.Events) == 0 {
			continue
		}
		for _, ev := range d.Events {
			if err := e.draw(t, d, ev); err != nil {
				return nil, nil, err
			}
		}
		w := ledger.CaseWrite{ID: d.Case.ID, Read: d.Read}
		head := ""
		if d.Before != nil {
			head = d.Before.Head
		}
		for _, ev := range d.Events {
			ev.Prev = head
			data, err := ledger.Canonical(ev)
			if err != nil {
				return nil, nil, err
			}
			head = ledger.Chain(head, data)
			w.Events = append(w.Events, ledger.Sealed{Seq: ev.Seq, Data: data, Hash: head})
		}
		d.Case.Head = head
		text, err := canonical.Again(d.Case, e.kept.text(d.Before))
		if err != nil {
			return nil, nil, err
		}
		w.Snapshot, w.Rests = text.JSON, d.Case.Ended != 0
		var now *listing.Listed
		now, w.Put, w.Drop = e.keys(t, d, text.JSON)
		kept = append(kept, keptCase{text, d.Case, d.Edition, t.Office, now})
		commit.Cases = append(commit.Cases, w)
	}
	return commit, kept, nil
}

// draw renders what the event issues, keeps the bytes and writes their hash into the event and the case.
func (e *Engine) draw(t *decide.Sitting, d *decide.Docket, ev *casefile.Event) error {
	for i := range ev.Issued {
		doc := &ev.Issued[i]
		pdf, err := e.Renderer.Render(paper.Of(d.Edition, t.Office, t.Today, e.NumberOf, d.Case, doc.P, ev.Day))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(pdf)
		doc.SHA256 = hex.EncodeToString(sum[:])
		if err := e.Store.PutBlob(doc.SHA256, pdf); err != nil {
			return err
		}
		d.Case.Issued[doc.N-1].SHA256 = doc.SHA256
	}
	return nil
}

// Sheet is a paper of the case as the office stands now.
func (e *Engine) Sheet(ed *procedure.Edition, c *casefile.Case, p int, on calendar.Date) paper.Sheet {
	return paper.Of(ed, e.Office(), e.Today(), e.NumberOf, c, p, on)
}

// Sealed is the write of one case whose event a sitting decided, for a change that writes many at once.
func (e *Engine) Sealed(t *decide.Sitting, d *decide.Docket) (ledger.CaseWrite, error) {
	commit, _, err := e.seal(t, []*decide.Docket{d})
	if err != nil {
		return ledger.CaseWrite{}, err
	}
	return commit.Cases[0], nil
}
