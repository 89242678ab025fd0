package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"dossier/engine/health"
	"dossier/engine/ledger"
	"dossier/engine/tick"
)

// The settings of the scheduled backup.
const (
	backupFolder = "backup/folder" // "" makes none
	backupHour   = "backup/hour"   // 0–23
	backupKeep   = "backup/keep"   // how many files
)

// nightPrefix begins the names of the files that the schedule makes; others in the folder are left alone.
const nightPrefix = "dossier-"

// backupRest is how long after a failure the next try waits.
const backupRest = time.Hour

// nightly makes the day's backup once its hour has come, keeps the newest files, and tells the board and the record how it
// went. It gives how many it made; the error is that this can't be told.
func (h *house) nightly(ctx context.Context, board *health.Board) (int, error) {
	dir := h.Office().Text(backupFolder, h.Today())
	if dir == "" {
		board.Set(health.Backup, "", nil, h.Now())
		return 0, nil
	}
	now := h.Now().In(shanghai)
	hour, err := strconv.Atoi(h.Office().Text(backupHour, h.Today()))
	if err != nil || hour < 0 || hour > 23 {
		hour = 0
	}
	last, err := health.LastBackup(h.Engine)
	if err != nil {
		return 0, err
	}
	if !last.Made.Before(tick.LastAt(now, hour)) || last.Fault != "" && now.Sub(last.At) < backupRest {
		return 0, nil
	}
	if h.turn != nil {
		select {
		case h.turn <- struct{}{}:
			defer func() { <-h.turn }()
		case <-ctx.Done():
			return 0, nil
		}
		now = h.Now().In(shanghai)
	}
	last.At = h.Now().UTC().Truncate(time.Second)
	prefix := nightPrefix
	if h.host != "" { // no bureau reaches another's files, whatever folder its setting names; no host has a _
		prefix += h.host + "_"
	}
	file := filepath.Join(dir, prefix+now.Format("2006-01-02-1504")+".tar")
	size, err := h.backUp(dir, file)
	if last.Fault = ""; err != nil {
		last.Fault = err.Error()
	} else {
		last.File, last.Made, last.Size = file, last.At, size
		err = thin(dir, prefix, h.Office().Text(backupKeep, h.Today()))
	}
	board.Set(health.Backup, "", err, h.Now())
	made := 0
	if last.Fault == "" {
		made = 1
	}
	return made, health.KeepBackup(ctx, h.Engine, last)
}

// backUp writes the backup, and makes its folder.
func (h *house) backUp(dir, file string) (int64, error) {
	if !filepath.IsAbs(dir) {
		return 0, failing(nil, "backup-folder", "where", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fileError(dir, err)
	}
	return writeNew(file, func(w io.Writer) error { return h.store.Backup(w) }, ledger.ErrDamaged)
}

// thin deletes the oldest of the schedule's files beyond so many.
func thin(dir, prefix, keep string) error {
	n, err := strconv.Atoi(keep)
	if err != nil || n < 1 {
		return nil
	}
	all, err := os.ReadDir(dir)
	if err != nil {
		return fileError(dir, err)
	}
	var ours []string
	for _, f := range all {
		if f.Type().IsRegular() && strings.HasPrefix(f.Name(), prefix) && strings.HasSuffix(f.Name(), ".tar") {
			ours = append(ours, f.Name())
		}
	}
	slices.Sort(ours)
	var faults error
	for _, name := range ours[:max(0, len(ours)-n)] {
		faults = errors.Join(faults, os.Remove(filepath.Join(dir, name)))
	}
	return faults
}
