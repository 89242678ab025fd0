package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dossier/engine/ledger"
	"dossier/store"
)

const migrateHelp = `用法：dossier migrate-store --from 地址 --to 地址

把全部数据（案件、文书、附件、人员、设置、台账）迁到另一种数据库，目标必须是空的。迁移前核验来源，迁移后核验目标，
逐行比对，台账头必须一致。中途断开的，重新执行同一命令，从断开处继续。迁移期间请停止 dossier serve。

  --from             来源，如 bolt:/srv/dossier
  --to               目标，如 postgres://dossier@db/dossier?schema=renxian
  --json             输出JSON

例：
  dossier migrate-store --from bolt:/srv/dossier --to postgres://dossier@db/dossier?schema=renxian
  dossier migrate-store --from postgres://dossier@db/dossier?schema=renxian --to bolt:/srv/back
`

// migrateStore moves the record from one store into an empty one, and proves both.
func migrateStore(p *process, args []string) error {
	a, err := readArguments(args, []string{"from", "to"}, []string{"json"})
	if err != nil {
		return err
	}
	if a.has("help") {
		_, err := p.out.Write([]byte(migrateHelp))
		return err
	}
	if _, err := a.words("migrate-store"); err != nil {
		return err
	}
	from, err := a.one("from")
	if err != nil {
		return err
	}
	to, err := a.one("to")
	if err != nil {
		return err
	}
	if from == "" || to == "" {
		return unreadable("move-ends", "from", store.Named(from), "to", store.Named(to))
	}
	if from == to {
		return unreadable("move-same", "where", "--to "+store.Named(to))
	}
	moved, err := p.move(p.ctx, from, to)
	if err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(moved)
	}
	_, err = fmt.Fprintf(p.out, "已迁移到%s：%d行，%d个文件\n两边核验通过，逐行一致，台账头%s\n", store.Named(to), moved.Rows, moved.Blobs, strings.Join(moved.Heads, " "))
	return err
}

// migratedJSON is what --json prints.
type migratedJSON struct {
	Rows  int      `json:"rows"` // with those that came before it was cut off
	Blobs int      `json:"blobs"`
	Heads []string `json:"heads"` // of the ledgers, ROW:HASH, on both sides
}

// side is a store on one side of a move: what it proves to be, and the hash of all its rows.
type side struct {
	heads  []string
	digest string
}

// move moves the record; a record that isn't whole stays where it is.
func (p *process) move(ctx context.Context, from, to string) (_ migratedJSON, err error) {
	const owner = "dossier migrate-store"
	var none migratedJSON
	opened, err := store.Open(from, store.Options{Owner: owner, Now: p.now})
	if err != nil {
		return none, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	source := opened
	if store.Shared(from) { // read as of one moment, so that what is compared is what was moved
		if err := store.Alone(opened); err != nil {
			return none, err
		}
		if source, err = store.Still(opened, ""); err != nil {
			return none, err
		}
		defer func() { err = errors.Join(err, source.Close()) }()
	}
	fmt.Fprintln(p.err, "核验来源 "+store.Named(from))
	before, err := p.side(ctx, source, from)
	if err != nil {
		return none, err
	}
	fmt.Fprintln(p.err, "迁移到 "+store.Named(to))
	whence := store.Named(from) + " " + strings.Join(before.heads, " ") + " " + before.digest
	done, err := store.Move(ctx, source, whence, to, owner, func(m store.Moved) {
		fmt.Fprintf(p.err, "已迁移%d行，%d个文件…\n", m.Skipped+m.Rows, m.Blobs)
	})
	if err != nil {
		return none, err
	}
	if store.Shared(from) {
		if err := store.Alone(opened); err != nil { // somebody came meanwhile
			return none, err
		}
	}
	target, err := store.Open(to, store.Options{Owner: owner, Now: p.now})
	if err != nil {
		return none, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	fmt.Fprintln(p.err, "核验目标 "+store.Named(to))
	after, err := p.side(ctx, target, to)
	if err == nil && (before.digest != after.digest || !slices.Equal(before.heads, after.heads)) {
		err = failing(nil, "move-differs", "where", store.Named(to))
	}
	return migratedJSON{Rows: done.Skipped + done.Rows, Blobs: done.Blobs, Heads: after.heads}, err
}

// side proves a store.
func (p *process) side(ctx context.Context, s ledger.Store, url string) (side, error) {
	dir, folder := strings.CutPrefix(url, "bolt:")
	if !folder {
		dir = ""
	}
	h, err := p.house(s, dir)
	if err != nil {
		return side{}, err
	}
	report, err := p.prove(ctx, h, false, nil)
	if err != nil {
		return side{}, err
	}
	if !report.Whole() {
		return side{}, errors.Join(toldError{}, p.tell(report, false))
	}
	digest, err := store.Digest(s)
	return side{headsOf(report), digest}, err
}
