package access

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"dossier/engine"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
)

// savedLife is how long half-typed input is kept that nobody goes on with.
const savedLife = 180 * 24 * time.Hour

// expiring are the kinds of records that are deleted when their time is over, each with the moment at which it is. None of
// them stands in the ledger.
var expiring = map[string]func(data []byte) (time.Time, error){
	ledger.KindKey: func(data []byte) (time.Time, error) {
		return ends(data, func(a engine.Answered) time.Time { return a.At.Add(engine.KeyLife) })
	},
	desk.KindSaved: func(data []byte) (time.Time, error) {
		return ends(data, func(s desk.Saved) time.Time { return s.At.Add(savedLife) })
	},
	KindTries: func(data []byte) (time.Time, error) {
		return ends(data, func(t tries) time.Time { return unix(t.Last).Add(triesLife) })
	},
	KindDevice: func(data []byte) (time.Time, error) {
		return ends(data, func(d device) time.Time { return unix(d.Seen).Add(deviceLife) })
	},
	KindSession: func(data []byte) (time.Time, error) { return ends(data, session.ends) },
}

func unix(s int64) time.Time { return time.Unix(s, 0) }

// ends is the session's last moment: idle for too long, or at its longest.
func (s session) ends() time.Time {
	idle, life := unix(s.Seen).Add(sessionIdle), unix(s.Started).Add(sessionLife)
	if life.Before(idle) {
		return life
	}
	return idle
}

func ends[T any](data []byte, of func(T) time.Time) (time.Time, error) {
	var v T
	err := json.Unmarshal(data, &v)
	return of(v), err
}

// Expire deletes what is over of idempotency keys, sessions, half-typed input and counts of failed tries, and gives how many.
// It goes through them once in six hours, however often it is called.
func Expire(ctx context.Context, e *engine.Engine) (int, error) {
	e.Expiry.Lock()
	defer e.Expiry.Unlock()
	now := e.Now()
	if now.Sub(e.Expiry.At) < 6*time.Hour && !now.Before(e.Expiry.At) {
		return 0, nil
	}
	n := 0
	for _, kind := range slices.Sorted(maps.Keys(expiring)) {
		end := expiring[kind]
		for after := ""; ; {
			rs, err := e.Store.Records(kind, after, 200)
			if err != nil || ctx.Err() != nil {
				return n, err
			}
			for _, r := range rs {
				after = r.ID
				at, err := end(r.Data)
				if err == nil && !now.After(at) {
					continue
				}
				if err := engine.IgnoreConflict(change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: kind, ID: r.ID, Read: r.Seq, Delete: true})); err != nil {
					return n, err
				}
				n++
			}
			if len(rs) < 200 {
				break
			}
		}
	}
	e.Expiry.At = now
	return n, nil
}
