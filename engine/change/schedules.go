package change

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/ledger"
	"dossier/engine/office"
)

// LoadedSchedule is one version of a year's schedule.
type LoadedSchedule struct {
	Seq      uint64 // 1 for the first that was loaded; 0 for the one that counted before any was
	By       office.PersonID
	At       time.Time // zero for Seq 0
	Schedule calendar.Schedule
}

// Schedules are the versions of a year's schedule, the newest first, down to what the program brings: a year that is not
// published when it brings none. The first of them is the one that counts.
func Schedules(e *engine.Engine, year int) ([]LoadedSchedule, error) {
	vs, err := e.Store.Versions(ledger.KindSchedule, strconv.Itoa(year))
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return nil, err
	}
	base, ok := e.Calendar.Schedule(year)
	if !ok {
		base = calendar.Schedule{Year: year, Off: []calendar.Holiday{}, Work: []calendar.Date{}}
	}
	loaded := make([]LoadedSchedule, len(vs)+1)
	loaded[len(vs)].Schedule = base
	for i, v := range vs {
		var mark struct {
			By office.PersonID
			At time.Time
		}
		x := &loaded[len(vs)-1-i]
		if err := errors.Join(json.Unmarshal(v.Data, &x.Schedule), json.Unmarshal(v.Data, &mark)); err != nil {
			return nil, err
		}
		x.Seq, x.By, x.At = v.Seq, mark.By, mark.At
	}
	return loaded, nil
}

// PreviewSchedule tells which open cases loading a year's schedule would move, and how. Nothing is written.
func PreviewSchedule(ctx context.Context, e *engine.Engine, who office.PersonID, s calendar.Schedule) ([]Move, error) {
	w, same, err := scheduleWrite(e, who, s)
	if err != nil || same {
		return nil, err
	}
	moves, err := PreviewRecords(ctx, e, w)
	return veiled(who, moves), err
}

// LoadSchedule puts a year's schedule on record in place of the one that counted so far, and a rechecked event on each open
// case that it moves; it tells which. Loading what was loaded last does nothing.
func LoadSchedule(ctx context.Context, e *engine.Engine, who office.PersonID, s calendar.Schedule) ([]Move, error) {
	w, same, err := scheduleWrite(e, who, s)
	if err != nil || same {
		return nil, err
	}
	moves, err := recount(ctx, e, []ledger.RecordWrite{w})
	return veiled(who, moves), engine.MovedOn(err)
}

// scheduleWrite is the record of a schedule; same tells that it was the last one loaded.
func scheduleWrite(e *engine.Engine, who office.PersonID, s calendar.Schedule) (w ledger.RecordWrite, same bool, err error) {
	if err := e.Administers(who); err != nil {
		return w, false, err
	}
	id := strconv.Itoa(s.Year)
	var old calendar.Schedule
	seq, err := e.Stored(ledger.KindSchedule, id, &old)
	if err != nil {
		return w, false, err
	}
	w, err = engine.Record(ledger.KindSchedule, id, seq, engine.Signed[calendar.Schedule]{Data: s, By: who, At: e.Now()})
	return w, seq > 0 && reflect.DeepEqual(plain(old), plain(s)), err
}

// plain is a schedule whose empty lists are all nil, to be compared.
func plain(s calendar.Schedule) calendar.Schedule {
	if len(s.Off) == 0 {
		s.Off = nil
	}
	if len(s.Work) == 0 {
		s.Work = nil
	}
	if len(s.Floor) == 0 {
		s.Floor = nil
	}
	return s
}
