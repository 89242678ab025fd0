package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dossier/engine/change"
	"dossier/engine/health"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/store"
)

// The day's backup is made once its hour has come, once a day; the newest are kept, other files are left alone; a failure
// is on the board and on record, and tried again an hour later; what was made can be restored.
func TestNightlyBackup(t *testing.T) {
	at := time.Date(2026, 3, 2, 19, 59, 0, 0, shanghai)
	p := newProgram(t.Context())
	p.now = func() time.Time { return at }
	h, err := p.open(arguments{values: map[string][]string{"data": {filepath.Join(t.TempDir(), "data")}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.close(nil); err != nil {
			t.Error(err)
		}
	}()
	board := &health.Board{}
	run := func(want int) health.Backed {
		t.Helper()
		if n, err := h.nightly(t.Context(), board); n != want || err != nil {
			t.Fatalf("%s: made %d, %v; want %d", at, n, err, want)
		}
		last, err := health.LastBackup(h.Engine)
		if err != nil {
			t.Fatal(err)
		}
		return last
	}
	run(0) // no folder is set
	dir := filepath.Join(t.TempDir(), "backups")
	set := func(name, value string) {
		t.Helper()
		var seq uint64
		if r, err := h.Engine.Store.Record(ledger.KindSetting, name); err == nil {
			seq = r.Seq
		}
		data, err := json.Marshal([]office.SettingRow{{Value: value}})
		if err != nil {
			t.Fatal(err)
		}
		if err := change.KeepRecords(t.Context(), h.Engine, ledger.RecordWrite{Kind: ledger.KindSetting, ID: name, Read: seq, Data: data, Ledgered: true}); err != nil {
			t.Fatal(err)
		}
	}
	set(backupFolder, dir)
	set(backupKeep, "2")
	first := run(1) // none was ever made: yesterday's hour is past
	at = at.Add(time.Minute)
	run(1) // 20:00
	at = at.Add(time.Hour)
	run(0)
	if err := os.WriteFile(filepath.Join(dir, "dossier.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	at = at.AddDate(0, 0, 1)
	third := run(1)
	if _, err := os.Stat(first.File); err == nil {
		t.Error("the oldest of three is kept, where two are")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 3 {
		t.Errorf("%v, %v", files, err)
	}
	must(t, "restore", third.File, "--data", filepath.Join(t.TempDir(), "again"))

	at = at.AddDate(0, 0, 1)
	set(backupFolder, filepath.Join(third.File, "below"))
	bad := run(0)
	if fs := board.Faults(); len(fs) != 1 || fs[0].Code != health.Backup || bad.Fault == "" || bad.File != third.File {
		t.Errorf("a folder that can't be: %+v, %+v", fs, bad)
	}
	at = at.Add(time.Minute)
	if again := run(0); again.At != bad.At {
		t.Error("tried again at once")
	}
	set(backupFolder, dir)
	at = at.Add(time.Hour)
	run(1)
	if fs := board.Faults(); len(fs) != 0 {
		t.Errorf("mended: %+v", fs)
	}

	// Of several bureaus of a process one backs up at a time; who waits for its turn can be told to stop.
	at = at.AddDate(0, 0, 1)
	h.turn = make(chan struct{}, 1)
	h.turn <- struct{}{}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if n, err := h.nightly(ctx, board); n != 0 || err != nil {
		t.Errorf("in another's turn: %d %v", n, err)
	}
	<-h.turn
	run(1)
	if len(h.turn) != 0 {
		t.Error("the turn is not given on")
	}
}
