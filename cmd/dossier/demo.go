package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/secret"
	"dossier/seeds/demo"
	"dossier/seeds/scenario"
	"dossier/store"
)

// demoPassword is that of every person of the demo county.
const demoPassword = "dossier-demo"

// kindDemo is the record that marks a folder as the demo county's.
const kindDemo = "demo"

// county is how far a folder holds the demo county.
type county int

const (
	noCounty   county = iota
	halfCounty        // its filling was cut off
	wholeCounty
)

// countyRow is what stands in the record.
type countyRow struct {
	Filled bool `json:"filled"`
}

func countyOf(s ledger.Store) (county, error) {
	r, err := s.Record(kindDemo, "county")
	if errors.Is(err, ledger.ErrNotFound) {
		return noCounty, nil
	}
	if err != nil {
		return noCounty, err
	}
	var row countyRow
	if err := json.Unmarshal(r.Data, &row); err != nil {
		return noCounty, err
	}
	if row.Filled {
		return wholeCounty, nil
	}
	return halfCounty, nil
}

// openDemo opens the demo county, and fills it where the folder is empty. A folder that holds anything else is refused.
func (p *process) openDemo(a arguments, opt store.Options) (*house, error) {
	url, dir, err := a.place()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return nil, unreadable("the demo county lives in a folder", "--store", "give --data DIR, or leave both out")
	}
	state, err := look(url, dir, opt)
	if err != nil {
		return nil, err
	}
	if state == halfCounty {
		if err := removeStore(dir); err != nil {
			return nil, err
		}
	}
	if state != wholeCounty {
		if err := p.fill(a, opt); err != nil {
			return nil, err
		}
	}
	h, err := p.open(a, opt)
	if err != nil {
		return nil, err
	}
	if err := h.lib.keep(p.ctx, h.Engine); err != nil {
		return nil, h.close(err)
	}
	return h, nil
}

// look tells how far the folder holds the demo county; an error when it holds an office's own data.
func look(url, dir string, opt store.Options) (state county, err error) {
	s, err := store.Open(url, opt)
	if err != nil {
		return noCounty, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if state, err = countyOf(s); err != nil || state != noCounty {
		return state, err
	}
	n, err := s.Counter("case")
	if err != nil {
		return state, err
	}
	people, err := s.Records(ledger.KindPerson, "", 1)
	if err == nil && (n > 0 || len(people) > 0) {
		err = unreadable("the folder holds an office's own data", dir, "start without --demo, or name an empty folder with --data")
	}
	return state, err
}

// removeStore removes a store that can be made anew; the office's own files beside it stay.
func removeStore(dir string) error {
	return errors.Join(os.Remove(filepath.Join(dir, "dossier.db")), os.RemoveAll(filepath.Join(dir, "blobs")))
}

// fill plays the demo county into an empty store. Nothing is synced on the way; the mark that it is whole comes last.
func (p *process) fill(a arguments, opt store.Options) (err error) {
	opt.NoSync = true
	at := p.now()
	painter := *p
	painter.now = func() time.Time { return at }
	h, err := painter.open(a, opt)
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	ctx := p.ctx
	if err := h.lib.keep(ctx, h.Engine); err != nil {
		return err
	}
	if err := h.mark(ctx, 0, countyRow{}); err != nil {
		return err
	}
	hash, err := secret.Hash(rand.Reader, demoPassword)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.err, "正在铺开演示县……")
	if err := demo.Fill(ctx, &scenario.Stage{Engine: h.Engine, At: &at}, p.today(), p.calendar, hash); err != nil {
		return err
	}
	at = p.now()
	if err := demo.Supervise(ctx, h.registry(), h.book(), p.today()); err != nil {
		return err
	}
	return h.mark(ctx, 1, countyRow{Filled: true})
}

func (h *house) mark(ctx context.Context, read uint64, row countyRow) error {
	data, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return change.KeepRecords(ctx, h.Engine, ledger.RecordWrite{Kind: kindDemo, ID: "county", Read: read, Data: data, Ledgered: true})
}
