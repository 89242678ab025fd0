package engine

import (
	"bytes"
	"sync"

	"dossier/engine/canonical"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// kept are things that were read or written last, by the number of their case, and no more than a few of them.
type kept[T any] struct {
	mu sync.RWMutex
	by map[casefile.CaseID]T
}

// of is what is kept of a case; the zero value where nothing is.
func (k *kept[T]) of(id casefile.CaseID) T {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.by[id]
}

// put keeps x, in the place of any other where there are most.
func (k *kept[T]) put(id casefile.CaseID, x T, most int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[casefile.CaseID]T{}
	}
	if _, there := k.by[id]; !there && len(k.by) >= most {
		for other := range k.by { // any
			delete(k.by, other)
			break
		}
	}
	k.by[id] = x
}

// keptCases are the cases that were read or written last, as they were decoded. One is used only for the very bytes that it was
// decoded from, and nobody changes it: a case is changed in a copy.
type keptCases struct{ kept[keptCase] }

// keptCase is a case with the bytes that it is stored as; entries are its index entries by an edition and an office, nil where
// nobody has derived them.
type keptCase struct {
	text    canonical.Text
	of      *casefile.Case
	edition *procedure.Edition
	office  *office.Office
	entries *listing.Listed
}

// mostKept is how many cases are kept: some tens of megabytes.
const mostKept = 256

// keep takes a case in.
func (k *keptCases) keep(c keptCase) { k.put(c.of.ID, c, mostKept) }

// read is the case that these bytes were decoded to; nil where it isn't kept.
func (k *keptCases) read(id casefile.CaseID, data []byte) *casefile.Case {
	c := k.kept.of(id)
	if c.of == nil || !bytes.Equal(c.text.JSON, data) {
		return nil
	}
	return c.of
}

// text is what a case that was read from here was written as; none where it isn't known.
func (k *keptCases) text(of *casefile.Case) canonical.Text {
	if of == nil {
		return canonical.Text{}
	}
	if c := k.kept.of(of.ID); c.of == of {
		return c.text
	}
	return canonical.Text{}
}

// entries are the index entries of a case that was read from here, and the bytes that it is stored as; nil where they aren't known.
func (k *keptCases) entries(of *casefile.Case, ed *procedure.Edition, o *office.Office) (*listing.Listed, []byte) {
	if c := k.kept.of(of.ID); c.of == of && c.edition == ed && c.office == o {
		return c.entries, c.text.JSON
	}
	return nil, nil
}

// alike tells whether two stored cases differ in nothing but how many events they are the sum of, from which no entry follows:
// a note is one more.
func alike(a, b []byte) bool {
	rest := func(data []byte) (front, back []byte) {
		at := bytes.Index(data, []byte(`,"seq":`))
		end := bytes.Index(data, []byte(`,"head":"`))
		if at < 0 || end < at {
			return nil, nil
		}
		return data[:at], data[min(len(data), end+len(`,"head":"`)+64):]
	}
	front, back := rest(a)
	head, tail := rest(b)
	return front != nil && bytes.Equal(front, head) && bytes.Equal(back, tail)
}

// keptRows are the rows of cases that were read last, as they were decoded, of which [OpenRows] keep none: lists read what is newest again and
// again. One is used only for the very bytes that it was decoded from, and nobody changes it.
type keptRows struct {
	kept  kept[keptRow]
	mu    sync.Mutex
	words listing.Intern // of the rows, and of those that are open
}

type keptRow struct {
	data []byte
	row  listing.Row
}

// mostRows is how many rows are kept: about two kilobytes each.
const mostRows = 8192

// decode is the row that these bytes are.
func (k *keptRows) decode(id casefile.CaseID, data []byte) (listing.Row, error) {
	if was := k.kept.of(id); was.data != nil && bytes.Equal(was.data, data) {
		return was.row, nil
	}
	row, err := k.read(data)
	if err == nil {
		k.kept.put(id, keptRow{bytes.Clone(data), row}, mostRows)
	}
	return row, err
}

// read decodes a row, and doesn't keep it.
func (k *keptRows) read(data []byte) (row listing.Row, err error) {
	if err = canonical.Read(data, &row); err != nil {
		return row, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.words == nil {
		k.words = listing.Intern{}
	}
	k.words.Row(&row)
	return row, nil
}
