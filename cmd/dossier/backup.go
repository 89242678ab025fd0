package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"dossier/engine/ledger"
	"dossier/engine/tick"
	"dossier/store"
)

var backupVerb = verb{help: `用法：dossier backup 文件

把全部数据（案件、文书、附件、设置）备份成一个文件。文件已经存在的，不覆盖。文件写作 - 的，输出到标准输出。

例：
  dossier backup /backup/dossier-2026-03-02.tar
  dossier backup - | ssh backup 'cat > dossier.tar'
`, run: backup}

var restoreVerb = verb{help: `用法：dossier restore 文件 --data 目录

把备份恢复到一个空目录，恢复前核对备份是否完整。恢复以后请执行 dossier verify。
数据库（--store postgres://…）的备份可以恢复到空的数据库模式，也可以恢复到空目录。

例：
  dossier restore /backup/dossier-2026-03-02.tar --data /srv/dossier
`, run: restore}

// backup writes a consistent copy of everything into one file, whole or not at all.
func backup(ctx context.Context, p *process, a arguments) (err error) {
	words, err := a.words("backup", "文件")
	if err != nil {
		return err
	}
	s, _, err := p.openStore(a, store.Options{Owner: "dossier backup"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	file := p.path(words[0])
	if file == "-" {
		return s.Backup(p.out)
	}
	size, err := writeNew(file, func(w io.Writer) error {
		return s.Backup(&tick.Bytes{Far: p.far(), What: "已备份 ", Out: w})
	}, ledger.ErrDamaged)
	if err != nil && !errors.Is(err, ledger.ErrDamaged) {
		return err
	}
	if err != nil {
		return failing(err, "backup-damaged", "where", file)
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"file": file, "size": size})
	}
	_, err = fmt.Fprintf(p.out, "已备份到%s，%d字节\n", file, size)
	return err
}

// writeNew writes a file that isn't there yet, under its name only when it is whole. An error of the kind keep leaves the
// file in place all the same.
func writeNew(file string, write func(w io.Writer) error, keep error) (size int64, err error) {
	if _, err := os.Lstat(file); err == nil {
		return 0, unreadable("file-there", "where", file)
	}
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fileError(file, err)
	}
	defer os.Remove(part)
	w := bufio.NewWriterSize(f, 1<<20)
	wrote := write(w)
	if wrote != nil && (keep == nil || !errors.Is(wrote, keep)) {
		return 0, errors.Join(wrote, f.Close())
	}
	size, err = f.Seek(0, io.SeekCurrent)
	size += int64(w.Buffered())
	if err = errors.Join(err, w.Flush(), f.Sync(), f.Close()); err != nil {
		return 0, fileError(file, err)
	}
	if err := os.Link(part, file); err != nil { // unlike a rename, it never takes the place of a file
		return 0, fileError(file, err)
	}
	return size, wrote
}

// fileError says what the system says of a file.
func fileError(file string, err error) error {
	return unreadable("file-write", "why", cause(err), "where", file)
}

// restore writes a backup into an empty folder.
func restore(_ context.Context, p *process, a arguments) error {
	words, err := a.words("restore", "文件")
	if err != nil {
		return err
	}
	url, _, err := a.place()
	if err != nil {
		return err
	}
	in := io.Reader(p.in)
	if words[0] != "-" {
		f, err := os.Open(words[0])
		if err != nil {
			return unreadable("file-read", "why", cause(err), "where", words[0])
		}
		defer f.Close()
		in = f
	}
	if err := store.Restore(&tick.Bytes{Far: p.far(), What: "已读取 ", In: in}, url); err != nil {
		return err
	}
	if a.has("json") {
		return json.NewEncoder(p.out).Encode(map[string]any{"data": strings.TrimPrefix(store.Named(url), "bolt:")})
	}
	place := "--store " + store.Named(url)
	if dir, folder := strings.CutPrefix(url, "bolt:"); folder {
		place = "--data " + dir
	}
	_, err = fmt.Fprintf(p.out, "已恢复到%s，请执行 dossier verify %s\n", strings.TrimPrefix(store.Named(url), "bolt:"), place)
	return err
}
