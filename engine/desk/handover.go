package desk

import (
	"cmp"
	"slices"

	"dossier/engine/calendar"
	"dossier/engine/listing"
)

// SoonestFirst sorts rows by what runs out first.
func SoonestFirst(rows []listing.Row) {
	type place struct {
		due calendar.Date
		was int
	}
	order := make([]place, len(rows)) // rows are large: each is moved once
	for i := range rows {
		order[i] = place{due(rows[i]), i}
	}
	slices.SortFunc(order, func(x, y place) int {
		if (x.due == 0) != (y.due == 0) {
			return cmp.Compare(y.due, x.due)
		}
		return cmp.Or(cmp.Compare(x.due, y.due), x.was-y.was)
	})
	const moved = -1
	for i := range order {
		first := rows[i]
		for at := i; order[at].was != moved; {
			from := order[at].was
			order[at].was = moved
			if from == i {
				rows[at] = first
				break
			}
			rows[at] = rows[from]
			at = from
		}
	}
}
