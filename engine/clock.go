package engine

import (
	"sync/atomic"
	"time"

	"dossier/engine/refusal"
)

// mostBack is how far the clock may stand behind the record and be counted as the record's own moment: a time service sets
// a clock right by seconds. Behind it by more, the clock is wrong, or was when the last act was recorded.
const mostBack = 5 * time.Minute

// latest is the last moment at which something happened in a case, of those that this process knows.
type latest struct {
	machine bool // the clock is a machine's, which may be set wrong, and no player's
	seconds atomic.Int64
}

// raise keeps the moment where it is later than what is kept.
func (l *latest) raise(at time.Time) {
	for {
		was := l.seconds.Load()
		if at.Unix() <= was || l.seconds.CompareAndSwap(was, at.Unix()) {
			return
		}
	}
}

// at is the moment that is kept; the zero time where any moment will do.
func (l *latest) at() time.Time {
	if !l.machine {
		return time.Time{}
	}
	return time.Unix(l.seconds.Load(), 0).UTC()
}

// moment is now for the record: never before the last act on it.
func (l *latest) moment(now time.Time) time.Time {
	if last := l.at(); last.After(now) {
		return last
	}
	return now
}

// forward refuses to record anything while the clock stands far before what is on record.
func (l *latest) forward(now time.Time) error {
	last := l.at()
	if last.Sub(now) <= mostBack {
		return nil
	}
	return refusal.New(refusal.ClockBack, refusal.Args{"now": minute(now), "last": minute(last)})
}

// minute is a moment as the office's clock shows it.
func minute(at time.Time) string {
	return at.In(time.FixedZone("Asia/Shanghai", 8*60*60)).Format("2006-01-02 15:04")
}
