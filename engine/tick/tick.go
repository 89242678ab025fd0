// Package tick tells an office the time: what is to be done every minute and at the start of the day's work, by one process
// of those that serve a store. What is done it doesn't know.
package tick

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Pass is one piece of work of a tick, safe to run twice: it says how much it did.
type Pass struct {
	Name string
	Run  func(context.Context) (int, error)
}

// Ticks are the moments at which the engine is told the time.
type Ticks struct {
	cron  *cron.Cron
	end   context.CancelFunc
	jobs  []cron.Job
	apart sync.WaitGroup // the round at the start, and what was wanted soon
}

// Duty tells whether this process is the one that makes the passes; nil: it is alone.
type Duty func(context.Context) (bool, error)

// relieve is how often a process asks whether the one that makes the passes has ended: a third of what that may take.
const relieve = "@every 10s"

// Start does the passes of each row in their order at once, then every minute and at the start of the day's work. A
// row that is still running passes its next tick, and keeps no other row waiting; a pass that fails is logged, and the next
// tick tries again. It returns at once: after a long rest the first round has much to do, and nobody waits for it.
//
// Where several processes serve one store, the one on duty makes the passes; another takes the duty up when it has ended.
//
// ran is told of each pass: what it did, what it took by the clock now and how it ended. The schedule is the zone's.
func Start(log *slog.Logger, on Duty, ran func(name string, n int, took time.Duration, err error), zone *time.Location, now func() time.Time, rows ...[]Pass) (*Ticks, error) {
	ctx, end := context.WithCancel(context.Background())
	t := &Ticks{end: end}
	to := cronLog{log}
	c := cron.New(cron.WithLocation(zone), cron.WithLogger(to))
	for _, row := range rows {
		tick := func() {
			if on != nil {
				if mine, err := on(ctx); err != nil || !mine {
					if err != nil && ctx.Err() == nil {
						log.Warn("who makes the passes can't be asked", "err", err)
					}
					return
				}
			}
			for _, p := range row {
				began := now()
				n, err := p.Run(ctx)
				if ctx.Err() != nil {
					return
				}
				ran(p.Name, n, now().Sub(began), err)
				switch {
				case err != nil:
					log.Error(p.Name, "err", err)
				case n > 0:
					log.Info(p.Name, "n", n)
				}
			}
		}
		job := cron.NewChain(cron.Recover(to)).Then(cron.FuncJob(tick)) // inside the gate, which a panic would leave shut
		job = cron.NewChain(cron.SkipIfStillRunning(to)).Then(job)      // one gate for both schedules
		t.jobs = append(t.jobs, job)
		t.apart.Go(job.Run)
		for _, spec := range []string{"* * * * *", "0 8 * * *"} {
			if _, err := c.AddJob(spec, job); err != nil {
				end()
				return nil, err
			}
		}
	}
	if on != nil {
		if _, err := c.AddJob(relieve, cron.NewChain(cron.Recover(to), cron.SkipIfStillRunning(to)).Then(relief(ctx, on, t.jobs))); err != nil {
			end()
			return nil, err
		}
	}
	c.Start()
	t.cron = c
	return t, nil
}

// relief takes the duty up when the process that had it has ended, and then does the passes at once.
func relief(ctx context.Context, on Duty, jobs []cron.Job) cron.Job {
	had, err := on(ctx)
	had = had && err == nil
	return cron.FuncJob(func() {
		mine, err := on(ctx)
		if err == nil && mine && !had {
			for _, job := range jobs {
				job.Run()
			}
		}
		had = mine && err == nil
	})
}

// Again counts the next ticks from this moment: the clock was set, and what waits for a moment of the old one would wait as
// long as it was set back.
func (t *Ticks) Again() {
	t.cron.Stop() // what is running goes on, and its own gate keeps it from running twice
	t.cron.Start()
}

// LastAt is when it last was that hour of the day, now included.
func LastAt(now time.Time, hour int) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, now.Location())
	if now.Before(at) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// mostSet is how far the clock may run off the time that passes between two beats before it was set.
const mostSet = 30 * time.Second

// KeepPace compares this machine's clock with the time that passes: was is called when the clock was set, then each, at
// every beat.
func KeepPace(ctx context.Context, beat <-chan time.Time, now func() time.Time, passed func() time.Duration, was, each func()) {
	last, then := now().Round(0), passed() // as a clock on the wall shows it
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat:
		}
		at, since := now().Round(0), passed()
		if (at.Sub(last) - (since - then)).Abs() > mostSet {
			was()
		}
		last, then = at, since
		each()
	}
}

// Soon does the passes of a row now, by its place; a row that is running does them at its next tick. Nobody may ask for it once
// the ticks are stopped.
func (t *Ticks) Soon(row int) { t.apart.Go(t.jobs[row].Run) }

// Stop ends the ticks and waits for the one that is running.
func (t *Ticks) Stop() {
	t.end()
	<-t.cron.Stop().Done()
	t.apart.Wait()
}

// cronLog passes cron's words on: what is usual is not worth a line.
type cronLog struct{ *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.Logger.Debug("cron: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.Logger.Error("cron: "+msg, append([]any{"err", err}, args...)...)
}
