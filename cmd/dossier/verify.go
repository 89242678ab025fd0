package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/engine/verify"
	"dossier/store"
)

var verifyVerb = verb{help: `用法：dossier verify [--head 行号:哈希值]

核验整个记录：逐案核对步骤链和台账，把全部步骤在空库中重放一遍并逐项比对，核对编号有无空缺、文书和附件有无改动。
正在提供服务的，核验当时的一份数据库副本，办案不受影响。

  --head N:HASH      以前打印的台账头；截去或者重写其后的记录会被发现

例：
  dossier verify
  dossier verify --data /srv/dossier --head 480:9f2c…
  dossier verify --json
`, options: []string{"head"}, run: verifyRecord}

// verify proves the record. It fails when a flaw is found.
func verifyRecord(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("verify"); err != nil {
		return err
	}
	n, hash, err := readHead(a)
	if err != nil {
		return err
	}
	h, err := p.open(a, store.Options{Owner: "dossier verify"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	report, err := p.prove(ctx, h, p.inside != nil || h.dir == "", func(now *house, r *verify.Report) error {
		if hash == "" {
			return nil
		}
		return verify.HeldAgainst(now.Engine, r, n, hash)
	})
	if err != nil {
		return err
	}
	if err := p.tell(report, a.has("json")); err != nil {
		return err
	}
	if !report.Whole() {
		return toldError{}
	}
	return nil
}

// prove proves the record of a house in a scratch store; where others go on writing, as it is at one moment. and, which may
// be nil, adds to the report.
func (p *process) prove(ctx context.Context, h *house, written bool, and func(*house, *verify.Report) error) (_ *verify.Report, err error) {
	scratch, err := os.MkdirTemp("", "dossier-verify-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if written {
		if h, err = p.still(h, filepath.Join(scratch, "still")); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, h.store.Close()) }()
	}
	into, err := store.Open("bolt:"+filepath.Join(scratch, "again"), store.Options{Create: true, NoSync: true, Owner: "dossier verify"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	report, err := verify.Run(ctx, h.Engine, into, func(what string) { fmt.Fprintln(p.err, what+"…") })
	if err == nil && and != nil {
		err = and(h, report)
	}
	return report, err
}

// still is the house as it is at this moment, while others go on writing to it.
func (p *process) still(h *house, dir string) (*house, error) {
	s := h.store
	if l, ok := s.(lent); ok {
		s = l.Store
	}
	copied, err := store.Still(s, dir)
	if err != nil {
		return nil, err
	}
	now, err := p.house(copied, h.dir)
	if err != nil {
		return nil, errors.Join(err, copied.Close())
	}
	return now, nil
}

// readHead reads --head N:HASH; "" when it isn't given.
func readHead(a arguments) (n uint64, hash string, err error) {
	text, err := a.one("head")
	if err != nil || text == "" {
		return 0, "", err
	}
	row, hash, _ := strings.Cut(text, ":")
	n, err = ledger.ReadRowName(row)
	if err != nil || len(hash) != 64 {
		return 0, "", invalid("head", "--head "+text, "head", errors.New("this is no head of the ledger: write it as it was printed, ROW:HASH"))
	}
	return n, hash, nil
}

// reportJSON is what --json prints.
type reportJSON struct {
	Whole   bool       `json:"whole"`
	Cases   int        `json:"cases"`
	Events  int        `json:"events"`
	Records int        `json:"records"`
	Blobs   int        `json:"blobs"`
	Head    string     `json:"head,omitempty"`  // ROW:HASH
	Heads   []string   `json:"heads,omitempty"` // where several servers write: the last row of each one's ledger
	Flaws   []flawJSON `json:"flaws"`
	More    int        `json:"more,omitempty"`
}

type flawJSON struct {
	Code  string          `json:"code"`
	Place procedure.Label `json:"place"`
	What  procedure.Label `json:"what"`
}

// tell prints a report.
func (p *process) tell(r *verify.Report, asJSON bool) error {
	heads := headsOf(r)
	if asJSON {
		out := reportJSON{Whole: r.Whole(), Cases: r.Cases, Events: r.Events, Records: r.Records, Blobs: r.Blobs, Heads: heads, Flaws: []flawJSON{}, More: r.More}
		if len(heads) == 1 {
			out.Head, out.Heads = heads[0], nil
		}
		for _, f := range r.Flaws {
			out.Flaws = append(out.Flaws, flawJSON{f.Code, f.Place, f.What})
		}
		return json.NewEncoder(p.out).Encode(out)
	}
	var b strings.Builder
	if r.Whole() {
		b.WriteString("核验通过：记录完整，没有改动\n")
	} else {
		fmt.Fprintf(&b, "核验不通过：%d处\n\n", len(r.Flaws)+r.More)
	}
	for _, f := range r.Flaws {
		fmt.Fprintf(&b, "✗ %s：%s\n", f.Place.ZH, f.What.ZH)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "……另有%d处\n", r.More)
	}
	if !r.Whole() {
		b.WriteString("\n请保留数据目录原状，与最近一次备份核对；需要时用 dossier restore 恢复到空目录\n\n")
	}
	fmt.Fprintf(&b, "案　件　%d件，%d步\n记　录　%d项\n文　件　%d个\n", r.Cases, r.Events, r.Records, r.Blobs)
	for i, head := range heads {
		label := "台账头"
		if i > 0 {
			label = "　　　"
		}
		fmt.Fprintf(&b, "%s　%s\n", label, head)
	}
	if len(heads) > 0 {
		b.WriteString("　　　　打印留存，以后用 dossier verify --head 核对\n")
	}
	_, err := p.out.Write([]byte(b.String()))
	return err
}

// headsOf are the ledgers' last rows as they are printed, ROW:HASH.
func headsOf(r *verify.Report) []string {
	var heads []string
	for _, h := range r.Heads {
		heads = append(heads, ledger.RowName(h.N)+":"+h.Hash)
	}
	return heads
}
