package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

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
	if r := e.open.row(id, data); r != nil {
		return r.On(e.Today()), nil
	}
	r, err := e.rows.decode(id, data)
	return r.On(e.Today()), err
}

// sealed is what a sitting decided, ready to be written.
type sealed struct {
	papers []casefile.Upload // to be kept before the commit that names them
	commit ledger.Commit
	kept   []keptCase // to keep in mind once it is written
}

// seal draws the documents, chains the events and makes the commit.
func (e *Engine) seal(t *decide.Sitting, ds []*decide.Docket) (*sealed, error) {
	s := &sealed{}
	for _, d := range ds {
		if len(d.Events) == 0 {
			continue
		}
		for _, ev := range d.Events {
			papers, err := e.draw(t, d, ev)
			if err != nil {
				return nil, err
			}
			s.papers = append(s.papers, papers...)
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
				return nil, err
			}
			head = ledger.Chain(head, data)
			w.Events = append(w.Events, ledger.Sealed{Seq: ev.Seq, Data: data, Hash: head})
		}
		d.Case.Head = head
		text, err := canonical.Again(d.Case, e.kept.text(d.Before))
		if err != nil {
			return nil, err
		}
		w.Snapshot, w.Rests = text.JSON, d.Case.Ended != 0
		var now *listing.Listed
		now, w.Put, w.Drop = e.keys(t, d, text.JSON)
		s.kept = append(s.kept, keptCase{text, d.Case, d.Edition, t.Office, now})
		s.commit.Cases = append(s.commit.Cases, w)
	}
	return s, nil
}

// draw renders what the event issues, and writes the hash of the bytes into the event and the case.
func (e *Engine) draw(t *decide.Sitting, d *decide.Docket, ev *casefile.Event) (papers []casefile.Upload, err error) {
	for i := range ev.Issued {
		doc := &ev.Issued[i]
		pdf, err := e.Renderer.Render(paper.Of(d.Edition, t.Office, t.Today, e.NumberOf, d.Case, doc.P, ev.Day))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(pdf)
		doc.SHA256 = hex.EncodeToString(sum[:])
		papers = append(papers, casefile.Upload{SHA: doc.SHA256, Data: pdf})
		d.Case.Issued[doc.N-1].SHA256 = doc.SHA256
	}
	return papers, nil
}

// keep keeps the bytes of files, all at the same time.
func (e *Engine) keep(files []casefile.Upload) error {
	errs := make([]error, len(files))
	var all sync.WaitGroup
	for i, f := range files {
		all.Go(func() { errs[i] = e.Store.PutBlob(f.SHA, f.Data) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// Sheet is a paper of the case as the office stands now.
func (e *Engine) Sheet(ed *procedure.Edition, c *casefile.Case, p int, on calendar.Date) paper.Sheet {
	return paper.Of(ed, e.Office(), e.Today(), e.NumberOf, c, p, on)
}

// Sealed is the write of one case whose event a sitting decided, for a change that writes many at once.
func (e *Engine) Sealed(t *decide.Sitting, d *decide.Docket) (ledger.CaseWrite, error) {
	s, err := e.seal(t, []*decide.Docket{d})
	if err == nil {
		err = e.keep(s.papers)
	}
	if err != nil {
		return ledger.CaseWrite{}, err
	}
	return s.commit.Cases[0], nil
}
