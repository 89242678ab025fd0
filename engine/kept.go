package engine

import (
	"bytes"
	"encoding/json"
	"sync"

	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// keptCases are the cases that were read or written last, as they were decoded. One is used only for the very bytes that it was
// decoded from, and nobody changes it: a case is changed in a copy.
type keptCases struct {
	mu sync.Mutex
	by map[casefile.CaseID]keptCase
}

// keptCase is a case with the bytes that it is stored as; entries are its index entries by an edition and an office, nil where
// nobody has derived them.
type keptCase struct {
	data    []byte
	of      *casefile.Case
	edition *procedure.Edition
	office  *office.Office
	entries *listing.Listed
}

// mostKept is how many cases are kept: some tens of megabytes.
const mostKept = 512

// keep takes a case in, in the place of any other where there are many.
func (k *keptCases) keep(c keptCase) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[casefile.CaseID]keptCase{}
	}
	if _, there := k.by[c.of.ID]; !there && len(k.by) >= mostKept {
		for id := range k.by { // any
			delete(k.by, id)
			break
		}
	}
	k.by[c.of.ID] = c
}

// read is the case that these bytes were decoded to; nil where it isn't kept.
func (k *keptCases) read(id casefile.CaseID, data []byte) *casefile.Case {
	k.mu.Lock()
	c := k.by[id]
	k.mu.Unlock()
	if c.of == nil || !bytes.Equal(c.data, data) {
		return nil
	}
	return c.of
}

// entries are the index entries of a case that was read from here; nil where they aren't known.
func (k *keptCases) entries(of *casefile.Case, ed *procedure.Edition, o *office.Office) *listing.Listed {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.by[of.ID]; c.of == of && c.edition == ed && c.office == o {
		return c.entries
	}
	return nil
}

// keptRows are the rows of cases that were read last, as they were decoded: lists read what is open, and what is newest, again and
// again. One is used only for the very bytes that it was decoded from, and nobody changes it.
type keptRows struct {
	mu sync.RWMutex
	by map[casefile.CaseID]keptRow
}

type keptRow struct {
	data []byte
	row  listing.Row
}

// mostKeptRows is how many rows are kept: some tens of megabytes.
const mostKeptRows = 16384

// decode is the row that these bytes are.
func (k *keptRows) decode(id casefile.CaseID, data []byte) (listing.Row, error) {
	k.mu.RLock()
	kept, there := k.by[id]
	k.mu.RUnlock()
	if there && bytes.Equal(kept.data, data) {
		return kept.row, nil
	}
	var row listing.Row
	if err := json.Unmarshal(data, &row); err != nil {
		return row, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[casefile.CaseID]keptRow{}
	}
	for other := range k.by {
		if there || len(k.by) < mostKeptRows {
			break
		}
		delete(k.by, other) // any
	}
	k.by[id] = keptRow{bytes.Clone(data), row}
	return row, nil
}
