package engine

import (
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"dossier/engine/ledger"
	"dossier/engine/refusal"
)

// mostBack is how far the clock may stand behind the record and be counted as the record's own moment: a time service sets
// a clock right by seconds. Behind it by more, the clock is wrong, or was when the last act was recorded.
const mostBack = 5 * time.Minute

// latest is the last moment at which something happened in a case, of those that this process knows.
type latest struct{ seconds atomic.Int64 }

// raise keeps the moment where it is later than what is kept.
func (l *latest) raise(at time.Time) {
	for {
		was := l.seconds.Load()
		if at.Unix() <= was || l.seconds.CompareAndSwap(was, at.Unix()) {
			return
		}
	}
}

func (l *latest) at() time.Time { return time.Unix(l.seconds.Load(), 0).UTC() }

// moment is this moment for the record: never before the last act on it.
func (e *Engine) moment() time.Time {
	now := e.Now()
	if last := e.latest.at(); e.RealTime && last.After(now) {
		return last
	}
	return now
}

// Recorded tells that something was recorded at this moment: nothing will be before it.
func (e *Engine) Recorded(at time.Time) { e.latest.raise(at) }

// Forward refuses to record anything while this machine's clock stands far before what is on record.
func (e *Engine) Forward() error {
	now, last := e.Now(), e.latest.at()
	if !e.RealTime || last.Sub(now) <= mostBack {
		return nil
	}
	return refusal.New(refusal.ClockBack, refusal.Args{"now": minute(now), "last": minute(last)})
}

// minute is a moment as the office's clock shows it.
func minute(at time.Time) string {
	return at.In(time.FixedZone("Asia/Shanghai", 8*60*60)).Format("2006-01-02 15:04")
}

// lookBack is in how many of a ledger's last rows the last act is looked for: acts stand beside records of the office.
const lookBack = 100

// recall learns from the ledgers' ends when something last happened in a case. What can't be read is left out: it is verify
// that tells of damage, and it needs an engine.
func (e *Engine) recall() {
	end, _ := e.LastRow()
	for _, m := range append(end.Others, end) {
		rows, _ := e.Store.Ledger(max(ledger.Begins(ledger.LedgerOf(m.N)), m.N-min(m.N, lookBack)), lookBack)
		for _, r := range slices.Backward(rows) {
			if at, ok := e.recordedIn(r); ok {
				e.latest.raise(at)
				break
			}
		}
	}
}

// recordedIn is the moment of a ledger's row that wrote a case: all that one row writes happened at once.
func (e *Engine) recordedIn(r ledger.LedgerRow) (time.Time, bool) {
	var ev struct{ At time.Time }
	for _, h := range r.Heads {
		id, ok := ledger.CaseOf(h.What)
		if !ok || h.Seq == 0 {
			continue
		}
		events, err := e.Store.Events(id, h.Seq-1, 1)
		if err != nil || len(events) == 0 {
			continue
		}
		err = json.Unmarshal(events[0].Data, &ev)
		return ev.At, err == nil
	}
	return time.Time{}, false
}
