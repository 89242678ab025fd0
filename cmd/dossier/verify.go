package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/verify"
	"dossier/store"
	"dossier/store/bolt"
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
	opened := h
	defer func() { err = opened.close(err) }()
	scratch, err := os.MkdirTemp("", "dossier-verify-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if p.inside != nil { // others go on writing
		still, err := p.still(h, filepath.Join(scratch, "still"))
		if err != nil {
			return err
		}
		defer still.store.Close()
		h = still
	}
	into, err := store.Open("bolt:"+filepath.Join(scratch, "again"), store.Options{Create: true, NoSync: true, Owner: "dossier verify"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	report, err := verify.Run(ctx, h.Engine, into, func(what string) { fmt.Fprintln(p.err, what+"…") })
	if err != nil {
		return err
	}
	if hash != "" {
		if err := verify.HeldAgainst(h.Engine, report, n, hash); err != nil {
			return err
		}
	}
	if s, ok := h.store.(interface{ DropBlob(sha string) error }); ok && p.inside == nil && report.Whole() { // nobody else writes: nothing is on its way
		for _, sha := range report.Strays {
			if err := s.DropBlob(sha); err != nil {
				return err
			}
		}
	}
	if err := p.tell(report, a.has("json")); err != nil {
		return err
	}
	if !report.Whole() {
		return toldError{}
	}
	return nil
}

// stiller is a store that can give a copy of itself as it is at one moment.
type stiller interface {
	Still(dir string) (*bolt.Store, error)
}

// still is the house as it is at this moment, while others go on writing to it.
func (p *process) still(h *house, dir string) (*house, error) {
	s, ok := p.inside.store.(stiller)
	if !ok {
		return nil, unreadable("this store can't be verified while it is written to", h.dir, "stop dossier serve, then verify")
	}
	copied, err := s.Still(dir)
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
	n, err = strconv.ParseUint(row, 10, 64)
	if err != nil || n == 0 || len(hash) != 64 {
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
	Head    string     `json:"head,omitempty"` // ROW:HASH
	Strays  int        `json:"strays"`         // files that nothing on record named
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
	head := ""
	if r.N > 0 {
		head = fmt.Sprintf("%d:%s", r.N, r.Hash)
	}
	if asJSON {
		out := reportJSON{Whole: r.Whole(), Cases: r.Cases, Events: r.Events, Records: r.Records, Blobs: r.Blobs, Head: head, Strays: len(r.Strays), Flaws: []flawJSON{}, More: r.More}
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
	switch n := len(r.Strays); {
	case n > 0 && (p.inside != nil || !r.Whole()):
		fmt.Fprintf(&b, "另　有　%d个没有登记的文件，是中断的办理留下的；停止服务后再核验一次就会清除\n", n)
	case n > 0:
		fmt.Fprintf(&b, "清　除　%d个没有登记的文件，是中断的办理留下的\n", n)
	}
	if head != "" {
		fmt.Fprintf(&b, "台账头　%s\n　　　　打印留存，以后用 dossier verify --head 核对\n", head)
	}
	_, err := p.out.Write([]byte(b.String()))
	return err
}
