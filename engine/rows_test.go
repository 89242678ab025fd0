package engine_test

import (
	"encoding/json"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/listing"
)

// A row that was read before is what its bytes say and the day shows, however another day saw it.
func TestRowsReadAgain(t *testing.T) {
	now := time.Date(2026, 5, 20, 1, 0, 0, 0, time.UTC)
	e := &engine.Engine{Config: engine.Config{Now: func() time.Time { return now }}}
	read := func(day int, r listing.Row) int {
		t.Helper()
		now = time.Date(2026, 5, day, 1, 0, 0, 0, time.UTC)
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.DecodeRow(r.ID, data)
		if err != nil || got.Party != r.Party {
			t.Errorf("read %+v, %v", got, err)
		}
		return len(got.Clocks)
	}
	begins := func(day int) listing.RowClock { return listing.RowClock{Start: calendar.Of(2026, 5, day)} }
	r := listing.Row{ID: 7, Party: "任县宏达", Clocks: []listing.RowClock{begins(30), begins(1), begins(2)}}
	for _, at := range []struct{ day, clocks int }{{20, 2}, {31, 3}, {1, 1}, {31, 3}} {
		if n := read(at.day, r); n != at.clocks {
			t.Errorf("on 5/%d it has %d clocks, not %d", at.day, n, at.clocks)
		}
	}
	r.Party, r.Clocks = "任县鑫源", r.Clocks[:1]
	if n := read(31, r); n != 1 {
		t.Errorf("after it moved it has %d clocks", n)
	}
}
