package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"dossier/engine/refusal"
)

// mostSkew is how far the clocks of two machines may differ that work on one schema: the servers', and the database's.
const mostSkew = 5 * time.Second

// clock is how this machine's clock stands beside the database's and those of the others that commit.
type clock struct {
	now   func() time.Time // nil: it is not asked
	ahead atomic.Int64     // milliseconds that our clock was before the database's when it was measured
	off   atomic.Bool      // it was found too far off: it is measured again before anything is written

	mu   sync.Mutex
	ours []int64 // our numbers among the writers
}

// enrolled tells that a number among the writers is ours.
func (c *clock) enrolled(writer int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ours = append(c.ours, writer)
}

// errClock: the database found that our clock is too far off its own, or what was sent came late.
var errClock = errors.New("this machine's clock is not the database's")

// Clock holds this machine's clock against the database's and those of the servers that committed in the last minute. Of two servers that
// differ by more than [mostSkew] the one is refused that is further from the database. Nothing is written until it is found right again.
func (s *Store) Clock() error {
	if s.clock.now == nil {
		return nil
	}
	return s.view(func(ctx context.Context, q querier) error { return s.clock.hold(ctx, q, s.where) })
}

// hold measures: the way there and back is counted in our favour, so that a busy machine is not taken for a wrong one.
func (c *clock) hold(ctx context.Context, q querier, where string) error {
	ahead, there, err := c.measure(ctx, q)
	if err != nil {
		return err
	}
	c.mu.Lock()
	ours := append([]int64{}, c.ours...)
	c.mu.Unlock()
	var other int64
	err = q.QueryRow(ctx, `select ahead from writers where id <> all($1) and at > now() - interval '1 minute' and ahead is not null order by abs(ahead - $2) desc limit 1`,
		ours, ahead.Milliseconds()).Scan(&other)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	theirs := time.Duration(other) * time.Millisecond
	switch {
	case ahead.Abs() > mostSkew:
		err = skewed(where, "the database server's", there.Add(ahead), there)
	case err == nil && (ahead-theirs).Abs() > mostSkew && ahead.Abs() >= theirs.Abs():
		err = skewed(where, "another server's", there.Add(ahead), there.Add(theirs))
	default:
		err = nil
	}
	c.ahead.Store(ahead.Milliseconds())
	c.off.Store(err != nil)
	return err
}

// measure is how far our clock is before the database's at least, and what that showed.
func (c *clock) measure(ctx context.Context, q querier) (ahead time.Duration, there time.Time, err error) {
	before := c.now()
	if err := q.QueryRow(ctx, `select clock_timestamp()`).Scan(&there); err != nil {
		return 0, there, err
	}
	after := c.now()
	switch {
	case before.After(there):
		ahead = before.Sub(there)
	case after.Before(there):
		ahead = after.Sub(there)
	}
	return ahead, there, nil
}

// stamp is what a commit says of our clock, in milliseconds: how far ahead it was found, and what it shows.
func (c *clock) stamp() (ahead, now *int64) {
	if c.now == nil {
		return nil, nil
	}
	a, n := c.ahead.Load(), c.now().UnixMilli()
	return &a, &n
}

// skewed is the refusal, with both clocks.
func skewed(where, whose string, here, there time.Time) error {
	const form = "2006-01-02 15:04:05"
	by := here.Sub(there)
	sh := time.FixedZone("Asia/Shanghai", 8*60*60)
	e := refusal.New(refusal.ClockSkew, refusal.Args{"now": here.In(sh).Format(form), "other": there.In(sh).Format(form),
		"off": fmt.Sprintf("%.1f", by.Abs().Seconds()), "most": fmt.Sprintf("%.0f", mostSkew.Seconds())})
	return &OpenError{Code: CodeClock, Where: where, Err: e,
		Why: fmt.Sprintf("this machine's clock is %.1f seconds off %s (here %s, there %s), more than %.0f", by.Seconds(), whose, here.UTC().Format(form), there.UTC().Format(form), mostSkew.Seconds()),
		Do:  "set both by the same time service (chrony, NTP), then start again, or wait until it is set: a server that runs goes on by itself"}
}
