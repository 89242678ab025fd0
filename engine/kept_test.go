package engine

import (
	"encoding/json"
	"fmt"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
)

// However many rows are read, no more than so many are kept.
func TestKeptRowsAreBounded(t *testing.T) {
	var k keptRows
	for id := range casefile.CaseID(mostRows + 500) {
		r := listing.Row{ID: id, Party: fmt.Sprint("任县", id), Officers: []office.PersonID{"officer"}, Ended: id%2 == 0}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.decode(id, data); err != nil || got.Party != r.Party || got.Ended != r.Ended {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if len(k.kept.by) != mostRows {
		t.Errorf("%d rows are kept", len(k.kept.by))
	}
}
