package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// pass is one piece of work of a tick, safe to run twice: it says how much it did.
type pass struct {
	name string
	run  func(context.Context) (int, error)
}

// ticks are the moments at which the engine is told the time.
type ticks struct {
	cron *cron.Cron
	end  context.CancelFunc
}

// shanghai is the zone of the office's clock.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// startTicks does the passes in their order at once, then every minute and at the start of the day's work. A tick that is
// still running makes the next one pass; one that fails is logged, and the next tries again.
func startTicks(passes []pass, log *slog.Logger) (*ticks, error) {
	ctx, end := context.WithCancel(context.Background())
	to := cronLog{log}
	c := cron.New(cron.WithLocation(shanghai), cron.WithLogger(to), cron.WithChain(cron.Recover(to), cron.SkipIfStillRunning(to)))
	tick := func() {
		for _, p := range passes {
			n, err := p.run(ctx)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				log.Error(p.name, "err", err)
			case n > 0:
				log.Info(p.name, "n", n)
			}
		}
	}
	for _, spec := range []string{"* * * * *", "0 8 * * *"} {
		if _, err := c.AddFunc(spec, tick); err != nil {
			end()
			return nil, err
		}
	}
	tick()
	c.Start()
	return &ticks{c, end}, nil
}

// stop ends the ticks and waits for the one that is running.
func (t *ticks) stop() {
	t.end()
	<-t.cron.Stop().Done()
}

// cronLog passes cron's words on: what is usual is not worth a line.
type cronLog struct{ *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.Logger.Debug("cron: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.Logger.Error("cron: "+msg, append([]any{"err", err}, args...)...)
}
