package main

import (
	"context"
	"log/slog"
	"time"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/health"
	"dossier/engine/tick"
	"dossier/store"
	"dossier/web/measure"
)

// shanghai is the zone of the office's clock.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

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
	deliver := func(ctx context.Context) (int, error) { return alerts.Deliver(ctx, alerts.Channels()) }
	var on tick.Duty
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
	ticks, err := tick.Start(log, on, ran, shanghai, h.Now, []tick.Pass{{Name: "sweep", Run: h.Sweep}, {Name: "alerts", Run: alerts.Pass}, {Name: "quotas", Run: h.quotas(alerts)},
		{Name: "expire", Run: func(ctx context.Context) (int, error) { return access.Expire(ctx, h.Engine) }}}, []tick.Pass{{Name: "deliver", Run: deliver}}, []tick.Pass{{Name: "backup", Run: nightly}}, []tick.Pass{{Name: "checks", Run: h.book().GoOn}})
	if err != nil {
		return nil, err
	}
	const checks = 3 // its row
	h.book().Press, h.book().Left = 5*time.Second, func() { ticks.Soon(checks) }
	ctx, end := context.WithCancel(context.Background())
	paced := make(chan struct{})
	go func() {
		defer close(paced)
		beat := time.NewTicker(10 * time.Second)
		defer beat.Stop()
		began := time.Now()
		tick.KeepPace(ctx, beat.C, h.Now, func() time.Duration { return time.Since(began) }, func() { ticks.Again(); log.Warn("this machine's clock was set") }, pace)
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
		ticks.Stop()
		<-watched
		<-hears
	}, nil
}
