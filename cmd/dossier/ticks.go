package main

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/health"
	"dossier/store"
	"dossier/web/measure"
)

// pass is one piece of work of a tick, safe to run twice: it says how much it did.
type pass struct {
	name string
	run  func(context.Context) (int, error)
}

// ticks are the moments at which the engine is told the time.
type ticks struct {
	cron  *cron.Cron
	end   context.CancelFunc
	first sync.WaitGroup // the round at the start
}

// shanghai is the zone of the office's clock.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// duty tells whether this process is the one that makes the passes; nil: it is alone.
type duty func(context.Context) (bool, error)

// relieve is how often a process asks whether the one that makes the passes has ended: a third of what that may take.
const relieve = "@every 10s"

// startTicks does the passes of each row in their order at once, then every minute and at the start of the day's work. A
// row that is still running passes its next tick, and keeps no other row waiting; a pass that fails is logged, and the next
// tick tries again. It returns at once: after a long rest the first round has much to do, and nobody waits for it.
//
// Where several processes serve one store, the one on duty makes the passes; another takes the duty up when it has ended.
//
// ran is told of each pass: what it did, what it took and how it ended.
func startTicks(log *slog.Logger, on duty, ran func(name string, n int, took time.Duration, err error), rows ...[]pass) (*ticks, error) {
	ctx, end := context.WithCancel(context.Background())
	t := &ticks{end: end}
	to := cronLog{log}
	c := cron.New(cron.WithLocation(shanghai), cron.WithLogger(to))
	var jobs []cron.Job
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
				began := time.Now()
				n, err := p.run(ctx)
				if ctx.Err() != nil {
					return
				}
				ran(p.name, n, time.Since(began), err)
				switch {
				case err != nil:
					log.Error(p.name, "err", err)
				case n > 0:
					log.Info(p.name, "n", n)
				}
			}
		}
		job := cron.NewChain(cron.Recover(to)).Then(cron.FuncJob(tick)) // inside the gate, which a panic would leave shut
		job = cron.NewChain(cron.SkipIfStillRunning(to)).Then(job)      // one gate for both schedules
		jobs = append(jobs, job)
		t.first.Go(job.Run)
		for _, spec := range []string{"* * * * *", "0 8 * * *"} {
			if _, err := c.AddJob(spec, job); err != nil {
				end()
				return nil, err
			}
		}
	}
	if on != nil {
		if _, err := c.AddJob(relieve, cron.NewChain(cron.Recover(to), cron.SkipIfStillRunning(to)).Then(relief(ctx, on, jobs))); err != nil {
			end()
			return nil, err
		}
	}
	c.Start()
	t.cron = c
	return t, nil
}

// relief takes the duty up when the process that had it has ended, and then does the passes at once.
func relief(ctx context.Context, on duty, jobs []cron.Job) cron.Job {
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

// again counts the next ticks from this moment: the clock was set, and what waits for a moment of the old one would wait as
// long as it was set back.
func (t *ticks) again() {
	t.cron.Stop() // what is running goes on, and its own gate keeps it from running twice
	t.cron.Start()
}

// mostSet is how far the clock may run off the time that passes between two beats before it was set.
const mostSet = 30 * time.Second

// keepPace compares this machine's clock with the time that passes: was is called when the clock was set, then each, at
// every beat.
func keepPace(ctx context.Context, beat <-chan time.Time, now func() time.Time, passed func() time.Duration, was, each func()) {
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

// stop ends the ticks and waits for the one that is running.
func (t *ticks) stop() {
	t.end()
	<-t.cron.Stop().Done()
	t.first.Wait()
}

// cronLog passes cron's words on: what is usual is not worth a line.
type cronLog struct{ *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.Logger.Debug("cron: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.Logger.Error("cron: "+msg, append([]any{"err", err}, args...)...)
}

// quotas tells, once a day, of quotas that end short: the day alone brings one nearer to its end.
func (h *house) quotas(alerts *alert.Alerts) func(context.Context) (int, error) {
	book, told := h.book(), calendar.Date(0)
	return func(ctx context.Context) (int, error) {
		today := h.Today()
		if told == today {
			return 0, nil
		}
		ws, err := book.Warnings()
		if err != nil {
			return 0, err
		}
		n, err := alerts.Tell(ctx, ws)
		if err == nil {
			told = today
		}
		return n, err
	}
}

// tick starts what time and commits bring: timers that fire, alerts, and the messages that carry them. stop ends it all and
// waits for what is running.
func (h *house) tick(alerts *alert.Alerts, log *slog.Logger, board *health.Board, meter *measure.Meter) (stop func(), err error) {
	watch := alert.NewWatch(alerts)
	h.Engine.After = watch.After // before the first commit: nothing is served yet
	alerts.Tried = func(channel string, err error) { board.Set(health.Sending, channel, err, h.Now()) }
	alerts.Secrets = alert.Secrets{MailPassword: os.Getenv("DOSSIER_MAIL_PASSWORD"), WeCom: os.Getenv("DOSSIER_WECOM_SECRET"),
		DingTalk: os.Getenv("DOSSIER_DINGTALK_SECRET")}
	deliver := func(ctx context.Context) (int, error) { return alerts.Deliver(ctx, alerts.Channels()) }
	var on duty
	several, _ := h.store.(store.Several)
	if several != nil {
		on = several.OnDuty
	}
	ran := func(name string, n int, took time.Duration, err error) {
		meter.Pass(name, n, took, err)
		board.Set(health.Pass, name, err, h.Now())
	}
	nightly := func(ctx context.Context) (int, error) { return h.nightly(ctx, board) }
	pace := func() {
		board.Set(health.Clock, "", h.Forward(), h.Now())
		if several == nil {
			return
		}
		if err := several.Clock(); err == nil || health.Of(err) == health.Skew {
			board.Set(health.Skew, "", err, h.Now())
		}
	}
	pace()
	ticks, err := startTicks(log, on, ran, []pass{{"sweep", h.Sweep}, {"alerts", alerts.Pass}, {"quotas", h.quotas(alerts)}, {"expire", func(ctx context.Context) (int, error) { return access.Expire(ctx, h.Engine) }}}, []pass{{"deliver", deliver}}, []pass{{"backup", nightly}})
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	paced := make(chan struct{})
	go func() {
		defer close(paced)
		beat := time.NewTicker(10 * time.Second)
		defer beat.Stop()
		began := time.Now()
		keepPace(ctx, beat.C, h.Now, func() time.Duration { return time.Since(began) }, func() { ticks.again(); log.Warn("this machine's clock was set") }, pace)
	}()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		watch.Run(ctx, func(err error) { log.Error("alerts", "err", err) })
	}()
	hears := make(chan struct{})
	go func() {
		defer close(hears)
		if several == nil {
			return
		}
		several.Hear(ctx, func(whats []string, lost bool) {
			if err := h.Heard(whats, lost); err != nil {
				log.Error("what another server has changed can't be read", "err", err)
			}
			alerts.Heard(whats)
		})
	}()
	return func() {
		end()
		<-paced
		ticks.stop()
		<-watched
		<-hears
	}, nil
}
