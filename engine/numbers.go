package engine

import (
	"maps"
	"slices"
	"strings"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Told are the rows of a table as one column by another.
func Told(v procedure.Value, name, value procedure.FieldID) map[string]string {
	m := map[string]string{}
	for _, r := range v.Rows {
		if k, x := strings.TrimSpace(r[name]), strings.TrimSpace(r[value]); k != "" && x != "" {
			m[k] = x
		}
	}
	return m
}

// onRecord tells whether a case has this number.
func (e *Engine) onRecord(number string) (bool, error) {
	es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexNumber, Prefix: listing.Numbered(number), Limit: 1})
	return len(es) > 0 && es[0].Key.Key == listing.Numbered(number), err
}

// NumbersTaken tells which of the numbers another case than the one that tells them has.
func (e *Engine) NumbersTaken(numbers procedure.Value, own casefile.CaseID) ([]refusal.FieldFault, error) {
	var bad []refusal.FieldFault
	by := Told(numbers, "kind", "number")
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		es, err := e.Store.Scan(ledger.Scan{Index: listing.IndexNumber, Prefix: listing.Numbered(by[kind]), Limit: 10})
		if err != nil {
			return nil, err
		}
		for _, en := range es {
			if en.Key.Key == listing.Numbered(by[kind]) && procedure.Int(en.ID) != int(own) {
				bad = append(bad, refusal.FieldFault{Path: "numbers." + kind, Code: refusal.FieldInvalid, Why: "field.number-taken", Args: refusal.Args{"number": by[kind], "case": en.ID}})
				break
			}
		}
	}
	return bad, nil
}
