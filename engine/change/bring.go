package change

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strconv"

	"dossier/engine"
	"dossier/engine/ledger"
	"dossier/engine/office"
)

// broughtID is the id of the only record of its kind.
const broughtID = "program"

// Bring puts on record what the program brings. Where an older one brought something else, each open case whose days move
// gets a rechecked event in the same commit, as when a schedule is loaded; it tells which. The office's own schedules and
// settings stay in front of what is brought. Doing it again does nothing.
func Bring(ctx context.Context, e *engine.Engine) ([]Move, error) {
	now := e.Brings()
	data, err := ledger.Canonical(now)
	if err != nil {
		return nil, err
	}
	var last json.RawMessage
	seq, err := e.Stored(ledger.KindBrought, broughtID, &last)
	if err != nil {
		return nil, err
	}
	if seq > 0 {
		was, err := engine.BroughtOf(last)
		if err != nil {
			return nil, err
		}
		if same, err := ledger.Canonical(was); err != nil || bytes.Equal(same, data) {
			return nil, err
		}
	}
	w, err := engine.Record(ledger.KindBrought, broughtID, seq, engine.Signed[engine.Brought]{Data: now, By: "", At: e.Now()})
	if err != nil {
		return nil, err
	}
	moves, err := recount(ctx, e, []ledger.RecordWrite{w})
	return moves, engine.IgnoreConflict(err)
}

// news are the years whose schedule is another than the one that counted, with the notices' numbers.
func news(b engine.Brought, old *office.Office) (years, notices []string) {
	for _, s := range b.Schedules {
		if was, _ := old.Calendar.Schedule(s.Year); !reflect.DeepEqual(plain(was), plain(s)) {
			years, notices = append(years, strconv.Itoa(s.Year)), append(notices, s.Notice)
		}
	}
	return years, notices
}
