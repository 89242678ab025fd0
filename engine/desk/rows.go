package desk

import (
	"errors"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
)

// Rows are cases as a list shows them, in the order in which they are named; of those that the person may not see, and
// those of which there is none, only how many they are.
func Rows(e *engine.Engine, who office.PersonID, ids []casefile.CaseID) (rows []listing.Row, withheld int, err error) {
	for _, id := range ids {
		row, err := e.RowOf(id)
		switch {
		case errors.Is(err, ledger.ErrNotFound) || err == nil && !Shown(e, who, row):
			withheld++
		case err != nil:
			return nil, 0, err
		default:
			rows = append(rows, row)
		}
	}
	return rows, withheld, nil
}
