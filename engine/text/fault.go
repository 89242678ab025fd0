package text

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing that is wrong in a file, where it stands and what to do.
type Fault struct {
	File string
	// Line and Col count from 1, Col in characters; 0 when the place is not known.
	Line, Col int
	// Path is the place in the document's own words: walk[1].actions[0].to.
	Path    string
	Message Words
	// Hint says what to do; it may be empty.
	Hint Words
}

// Error is the fault in English, as programs log it.
func (f Fault) Error() string { return f.In(EN) }

// In tells the fault in one line:
//
//	file:22:35: walk[1].actions[0].to: no state "x" (did you mean "y"?)
//
// Parts that are empty are left out.
func (f Fault) In(l Lang) string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		b.WriteByte(':')
	}
	if f.Line > 0 {
		b.WriteString(strconv.Itoa(f.Line))
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(f.Col))
		b.WriteByte(':')
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	if f.Path != "" {
		b.WriteString(f.Path)
		b.WriteString(": ")
	}
	b.WriteString(f.Message.In(l))
	b.WriteString(f.Do(l))
	return b.String()
}

// Do is what to do, in brackets; "" where nothing says it.
func (f Fault) Do(l Lang) string {
	switch {
	case f.Hint == "":
		return ""
	case l == EN:
		return " (" + f.Hint.In(l) + ")"
	default:
		return "（" + f.Hint.In(l) + "）"
	}
}

// Faults are all that is wrong, in the order of the text. They are an error when there is at least one; see [Faults.Err].
type Faults []Fault

// Error tells each fault in English on a line of its own.
func (fs Faults) Error() string { return fs.In(EN) }

// In tells each fault on a line of its own.
func (fs Faults) In(l Lang) string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.In(l)
	}
	return strings.Join(lines, "\n")
}

// Sort puts the faults in the order of file, line and column; faults of one
// place stay in the order in which they were found.
func (fs Faults) Sort() {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// Err is nil when there are no faults, otherwise the sorted faults.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	fs.Sort()
	return fs
}
