package tick

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

// sweeps counts its calls.
type sweeps struct {
	n   atomic.Int32
	err error
}

func (s *sweeps) Sweep(context.Context) (int, error) { s.n.Add(1); return 1, s.err }

func TestTicks(t *testing.T) {
	var log bytes.Buffer
	s := &sweeps{err: errors.New("the disk is full")}
	k, err := Start(slog.New(slog.NewTextHandler(&log, nil)), nil, func(string, int, time.Duration, error) {}, time.UTC, time.Now, []Pass{{"sweep", s.Sweep}, {"alerts", s.Sweep}})
	if err != nil {
		t.Fatal(err)
	}
	k.apart.Wait()
	if n := len(k.cron.Entries()); n != 2 {
		t.Errorf("%d ticks", n)
	}
	for _, e := range k.cron.Entries() {
		e.WrappedJob.Run()
	}
	k.Stop()
	if s.n.Load() != 6 || strings.Count(log.String(), "the disk is full") != 6 {
		t.Errorf("%d sweeps: %s", s.n.Load(), log.String())
	}
}

// A clock that was set, back or forward, is noticed by the time that passes beside it; one that only runs is not.
func TestKeepPace(t *testing.T) {
	beat := make(chan time.Time, 4)
	at, ran := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), time.Duration(0)
	jumps := []time.Duration{0, -2 * time.Hour, 0, time.Hour}
	var was []int
	n := 0
	ctx, stop := context.WithCancel(t.Context())
	for range jumps {
		beat <- at
	}
	next := func() {
		if n++; n > len(jumps) {
			stop()
			return
		}
		ran += 10 * time.Second
		at = at.Add(10*time.Second + jumps[n-1])
	}
	next()
	KeepPace(ctx, beat, func() time.Time { return at }, func() time.Duration { return ran }, func() { was = append(was, n) }, next)
	if !slices.Equal(was, []int{2, 4}) {
		t.Errorf("the clock was set at the beats %v, want 2 and 4", was)
	}
}

// What has taken the duty up does the passes at once, and no pass before.
func TestRelief(t *testing.T) {
	var mine bool
	ran := 0
	on := func(context.Context) (bool, error) { return mine, nil }
	job := relief(t.Context(), on, []cron.Job{cron.FuncJob(func() { ran++ })})
	for _, step := range []struct {
		mine bool
		ran  int
	}{{false, 0}, {true, 1}, {true, 1}, {false, 1}, {true, 2}} {
		mine = step.mine
		if job.Run(); ran != step.ran {
			t.Errorf("%+v: %d passes", step, ran)
		}
	}
}
