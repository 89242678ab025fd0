package engine

import (
	"encoding/json"
	"fmt"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
)

// However many rows are read, no more than so many are kept; those of what has ended displace none of what is open.
func TestKeptRowsAreBounded(t *testing.T) {
	var k keptRows
	read := func(id casefile.CaseID, ended bool) {
		t.Helper()
		r := listing.Row{ID: id, Party: fmt.Sprint("任县", id), Officers: []office.PersonID{"officer"}, Ended: ended}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := k.decode(id, data); err != nil || got.Party != r.Party || got.Ended != ended {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	const open = 100
	for id := range casefile.CaseID(open) {
		read(id, false)
	}
	for id := range casefile.CaseID(mostEndedRows + 500) {
		read(open+id, true)
	}
	if len(k.open.by) != open || len(k.ended.by) != mostEndedRows {
		t.Errorf("%d open ones are kept, %d that ended", len(k.open.by), len(k.ended.by))
	}
	read(7, true) // it has ended
	if len(k.open.by) != open-1 || k.ended.of(7).data == nil {
		t.Error("a case that ended is kept as open")
	}
	for id := range casefile.CaseID(mostOpenRows + 500) {
		read(1e6+id, false)
	}
	if len(k.open.by) != mostOpenRows {
		t.Errorf("%d open ones are kept", len(k.open.by))
	}
}
