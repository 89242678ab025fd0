package seeds

import (
	_ "embed"

	"dossier/engine/plan"
)

//go:embed quotas.json
var quotas []byte

// Quotas are how often the office must check whom, each row with its clause.
func Quotas() *plan.Quotas {
	qs, err := plan.Read(quotas)
	if err != nil {
		panic("seeds/quotas.json: " + err.Error()) // embedded: a test reads it
	}
	return qs
}
