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

  --read-only        不在数据目录里写任何东西：核验备份介质上的、别的用户的目录；目录写不了的自动如此
  --head N:HASH      以前打印的台账头；截去或者重写其后的记录会被发现

例：
  dossier verify
  dossier verify --data /srv/dossier --head 480:9f2c…
  dossier verify --json
`, options: []string{"head"}, switches: []string{"read-only"}, run: verifyRecord}

// verify proves the record. It fails when a flaw is found.
func verifyRecord(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("verify"); err != nil {
		return err
	}
	n, hash, err := readHead(a)
	if err != nil {
		return err
	}
	var h *house
	still := a.has("read-only")
	if !still {
		h, err = p.open(a, store.Options{Owner: "dossier verify"})
		still = store.Code(err) == "read-only"
	}
	if still {
		var done func() error
		if h, done, err = p.aside(a); err == nil {
			defer func() { err = errors.Join(err, done()) }()
		}
	}
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	report, err := p.prove(ctx, h, p.inside != nil || h.dir == "", func(now *house, _ ledger.Store, r *verify.Report) error {
		if hash == "" {
			return nil
		}
		return verify.HeldAgainst(now.Engine, r, n, hash)
	})
	if err != nil {
		return err
	}
	if s, ok := h.store.(interface{ DropBlob(sha string) error }); ok && p.inside == nil && !still && report.Whole() { // nobody else writes: nothing is on its way
		for _, sha := range report.Strays {
			if err := s.DropBlob(sha); err != nil {
				return err
			}
		}
	}
	if err := p.tell(report, a.has("json")); err != nil {
		return err
	}
	for _, line := range h.differs() { // no flaw of the record: what is in use is kept with it
		fmt.Fprintln(p.err, "dossier: "+said("own-differ", "where", line))
	}
	if !report.Whole() {
		return toldError{}
	}
	return nil
}

var rebuildVerb = verb{help: `用法：dossier rebuild

核验以后，只有索引和快照与记录不一致的，按各案的步骤重新生成索引和快照，再核验一次。步骤、台账、人员设置和编号有问题的，不动任何内容：
请从备份恢复。先停止服务；用数据库（--store postgres://…）的，先备份并恢复到目录，重新生成以后再迁回。

例：
  dossier rebuild --data /srv/dossier
`, run: rebuild}

// rebuild makes again what follows from the events, where a proof finds only that hurt.
func rebuild(ctx context.Context, p *process, a arguments) (err error) {
	if _, err := a.words("rebuild"); err != nil {
		return err
	}
	if url, _, err := a.place(); err != nil {
		return err
	} else if store.Shared(url) {
		return unreadable("shared-store", "where", store.Named(url))
	}
	h, err := p.open(a, store.Options{Owner: "dossier rebuild"})
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	made := 0
	report, err := p.prove(ctx, h, false, func(now *house, into ledger.Store, r *verify.Report) (err error) {
		made, err = verify.Rebuild(ctx, now.Engine, r)
		return err
	})
	if err == nil && made > 0 {
		report, err = p.prove(ctx, h, false, nil)
	}
	if err != nil {
		return err
	}
	if !a.has("json") {
		switch {
		case made > 0:
			fmt.Fprintf(p.out, "重新生成了%d行索引和快照\n\n", made)
		case report.Whole():
			fmt.Fprint(p.out, "没有需要重新生成的\n\n")
		default:
			fmt.Fprint(p.out, "记录本身有问题，没有改动任何内容\n\n")
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

// aside is the house of a folder that can't be written to, on a copy of its database; done removes the copy.
func (p *process) aside(a arguments) (h *house, done func() error, err error) {
	_, dir, err := a.place()
	if err != nil {
		return nil, nil, err
	}
	scratch, err := os.MkdirTemp("", "dossier-aside-")
	if err != nil {
		return nil, nil, err
	}
	done = func() error { return os.RemoveAll(scratch) }
	s, err := store.Aside(dir, scratch)
	if err == nil {
		if h, err = p.house(s, dir); err == nil {
			return h, done, nil
		}
		err = errors.Join(err, s.Close())
	}
	return nil, nil, errors.Join(err, done())
}

// prove proves the record of a house in a scratch store; where others go on writing, as it is at one moment. and, which may
// be nil, adds to the report.
func (p *process) prove(ctx context.Context, h *house, written bool, and func(now *house, into ledger.Store, r *verify.Report) error) (_ *verify.Report, err error) {
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
	far := p.far()
	report, err := verify.Run(ctx, h.Engine, into, func(what string) { far.Say("%s", what) })
	if err == nil && and != nil {
		err = and(h, into, report)
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
		return 0, "", invalid("head", "head", "head", "where", "--head "+text)
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
	Strays  int        `json:"strays"`          // files that nothing on record named
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
		out := reportJSON{Whole: r.Whole(), Cases: r.Cases, Events: r.Events, Records: r.Records, Blobs: r.Blobs, Strays: len(r.Strays), Heads: heads, Flaws: []flawJSON{}, More: r.More}
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
	switch n := len(r.Strays); {
	case n > 0 && (p.inside != nil || !r.Whole()):
		fmt.Fprintf(&b, "另　有　%d个没有登记的文件，是中断的办理留下的；停止服务后再核验一次就会清除\n", n)
	case n > 0:
		fmt.Fprintf(&b, "清　除　%d个没有登记的文件，是中断的办理留下的\n", n)
	}
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
