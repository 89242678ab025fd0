package desk_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
)

// What runs out first stands first, what never does last, and of one day each where it stood.
func TestSoonestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 19))
	for n := range 60 {
		var rows []listing.Row
		for i := range n {
			row := listing.Row{ID: casefile.CaseID(i)}
			if day := r.IntN(6); day > 0 {
				row.Clocks = []listing.RowClock{{Due: calendar.Of(2026, 3, day)}}
			}
			rows = append(rows, row)
		}
		due := func(x listing.Row) calendar.Date {
			if len(x.Clocks) == 0 {
				return calendar.Of(9999, 1, 1)
			}
			return x.Clocks[0].Due
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, func(x, y listing.Row) int { return int(due(x)) - int(due(y)) })
		desk.SoonestFirst(rows)
		for i := range rows {
			if rows[i].ID != want[i].ID {
				t.Fatalf("%d rows: at %d stands case %d, want %d", n, i, rows[i].ID, want[i].ID)
			}
		}
	}
}
