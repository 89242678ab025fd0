package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strconv"

	"dossier/engine/calendar"
)

// KindBrought is the record of what the program brought by which clocks are counted: the schedules and the settings'
// defaults. They count as they stand here, so that a newer program that brings others changes nothing by itself.
const KindBrought = "brought"

// broughtID is the id of the only record of its kind.
const broughtID = "program"

type brought struct {
	Schedules []calendar.Schedule     `json:"schedules"`
	Settings  map[string][]SettingRow `json:"settings"`
}

// Bring puts on record what the program brings. Where an older one brought something else, each open case whose days move
// gets a rechecked event in the same commit, as when a schedule is loaded; it tells which. The office's own schedules and
// settings stay in front of what is brought. Doing it again does nothing.
func (e *Engine) Bring(ctx context.Context) ([]Move, error) {
	now := brought{Schedules: e.Calendar.Schedules(), Settings: e.Settings}
	data, err := canonical(now)
	if err != nil {
		return nil, err
	}
	var last json.RawMessage
	seq, err := e.stored(KindBrought, broughtID, &last)
	if err != nil {
		return nil, err
	}
	if seq > 0 {
		was, err := broughtOf(last)
		if err != nil {
			return nil, err
		}
		if same, err := canonical(was); err != nil || bytes.Equal(same, data) {
			return nil, err
		}
	}
	w, err := record(KindBrought, broughtID, seq, signed[brought]{now, "", e.Now()})
	if err != nil {
		return nil, err
	}
	moves, err := e.recount(ctx, []RecordWrite{w})
	return moves, ignoreConflict(err)
}

func broughtOf(data []byte) (b brought, err error) {
	err = json.Unmarshal(data, &b)
	return b, err
}

// news are the years whose schedule is another than the one that counted, with the notices' numbers.
func (b brought) news(old *Office) (years, notices []string) {
	for _, s := range b.Schedules {
		if was, _ := old.Calendar.Schedule(s.Year); !reflect.DeepEqual(plain(was), plain(s)) {
			years, notices = append(years, strconv.Itoa(s.Year)), append(notices, s.Notice)
		}
	}
	return years, notices
}
