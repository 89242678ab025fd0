package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"dossier/engine/change"
	"dossier/engine/lay"
	"dossier/engine/ledger"
	"dossier/engine/secret"
	"dossier/seeds/demo"
	"dossier/seeds/scenario"
	"dossier/store"
)

var demoVerb = verb{help: `用法：dossier demo --cases 件数 --data 目录 [--seed 种子]

铺开一个大的演示县：先铺开演示县，再按它的案件铺开更多的案件，直到共有这么多件。当事人、劳动者、编号、日期各不相同，
每件案件的记录各自封存，核验通过；文书沿用样本案件的。同一个种子铺开的总是一样；中断以后再执行一次就接着铺开。

  --cases 件数   一共多少件
  --seed 种子    默认 1

例：
  dossier demo --cases 10000 --data /srv/big
  dossier serve --demo --data /srv/big
`, options: []string{"cases", "seed"}, run: layCounty}

// layCounty lays down a large county. Nothing is synced on the way: the folder can be made anew.
func layCounty(ctx context.Context, p *process, a arguments) (err error) {
	whole := func(name, usual string) (n int, err error) {
		text, err := a.one(name)
		if err != nil {
			return 0, err
		}
		if text == "" {
			text = usual
		}
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			return 0, invalid(name, "field-invalid", "demo-count", "where", "--"+name, "name", name)
		}
		return n, nil
	}
	n, err := whole("cases", "")
	if err != nil {
		return err
	}
	seed, err := whole("seed", "1")
	if err != nil {
		return err
	}
	h, err := p.openDemo(a, store.Options{Create: true, Owner: "dossier demo", NoSync: true})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	if _, err := change.Bring(ctx, h.Engine); err != nil { // as the first start would: then it has nothing to count
		return err
	}
	began, last, was := p.now(), time.Time{}, -1
	return lay.Down(ctx, h.Engine, n, uint64(seed), func(done int) {
		if was < 0 {
			was = done
		}
		if now := p.now(); done == n || now.Sub(last) >= time.Second {
			last = now
			fmt.Fprintf(p.err, "已有%d件，共%d件，每秒%.0f件\n", done, n, float64(done-was)/max(now.Sub(began).Seconds(), 0.001))
		}
	})
}

// demoPassword is that of every person of the demo county.
const demoPassword = "dossier-demo"

// kindDemo is the record that marks a folder as the demo county's.
const kindDemo = "demo"

// county is what stands in the record: whether the folder holds the demo county whole, or its filling was cut off.
type county struct {
	Filled bool `json:"filled"`
}

// countyOf reads the record; nil where there is none.
func countyOf(s ledger.Store) (*county, error) {
	r, err := s.Record(kindDemo, "county")
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := &county{}
	return c, json.Unmarshal(r.Data, c)
}

// openDemo opens the demo county, and fills it where the folder is empty. A folder that holds anything else is refused. On a
// database server it is opened where it was brought, whole, and never filled.
func (p *process) openDemo(a arguments, opt store.Options) (*house, error) {
	url, dir, err := a.place()
	if err != nil {
		return nil, err
	}
	opt.Create = opt.Create && dir != ""
	there, err := look(url, dir, opt)
	whole := there != nil && there.Filled
	switch {
	case dir == "" && (err == nil && !whole || store.Code(err) == "no-database"):
		return nil, unreadable("demo-store")
	case err != nil:
		return nil, err
	case whole:
	case there != nil:
		if err := removeStore(dir); err != nil {
			return nil, err
		}
	}
	if !whole {
		if err := p.fill(a, opt); err != nil {
			return nil, err
		}
	}
	h, err := p.open(a, opt)
	if err != nil {
		return nil, err
	}
	return h.settled(p.ctx)
}

// look tells how far the store holds the demo county; an error when it holds an office's own data.
func look(url, dir string, opt store.Options) (there *county, err error) {
	s, err := store.Open(url, opt)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if there, err = countyOf(s); err != nil || there != nil {
		return there, err
	}
	n, err := s.Counter("case")
	if err != nil {
		return nil, err
	}
	people, err := s.Records(ledger.KindPerson, "", 1)
	if err == nil && (n > 0 || len(people) > 0) {
		err = unreadable("demo-office", "where", cmp.Or(dir, "--store"))
	}
	return nil, err
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
	if err := h.mark(ctx, 0, county{}); err != nil {
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
	return h.mark(ctx, 1, county{Filled: true})
}

func (h *house) mark(ctx context.Context, read uint64, row county) error {
	data, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return change.KeepRecords(ctx, h.Engine, ledger.RecordWrite{Kind: kindDemo, ID: "county", Read: read, Data: data, Ledgered: true})
}
