package desk

import (
	"slices"

	"dossier/engine/listing"
)

// SoonestFirst sorts rows by what runs out first.
func SoonestFirst(rows []listing.Row) {
	slices.SortStableFunc(rows, func(a, b listing.Row) int {
		x, y := due(a), due(b)
		if x == 0 || y == 0 {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	})
}
