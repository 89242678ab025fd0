package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// LedgerBits are those bits of a row's number that count within its ledger.
const LedgerBits = 40

// LedgerOf is which ledger a row is of, from 0.
func LedgerOf(n uint64) uint64 { return n >> LedgerBits }

// Begins is the number before a ledger's first row.
func Begins(ledger uint64) uint64 { return ledger << LedgerBits }

// RowName is a row's number as people read it: "480", or "2.480" in the second ledger.
func RowName(n uint64) string {
	row := strconv.FormatUint(n-Begins(LedgerOf(n)), 10)
	if l := LedgerOf(n); l > 0 {
		return strconv.FormatUint(l+1, 10) + "." + row
	}
	return row
}

// ReadRowName reads what [RowName] writes.
func ReadRowName(text string) (uint64, error) {
	ledger, row, several := strings.Cut(text, ".")
	if !several {
		ledger, row = "1", text
	}
	l, err := strconv.ParseUint(ledger, 10, 64-LedgerBits)
	if err == nil && l > 0 {
		var n uint64
		if n, err = strconv.ParseUint(row, 10, LedgerBits); err == nil && n > 0 {
			return Begins(l-1) + n, nil
		}
	}
	return 0, fmt.Errorf("%q is no row of a ledger", text)
}

// Mark is up to where somebody has looked at the ledgers: the last row of the first, and of each other one that there is.
// The zero Mark is before the first row of all.
type Mark struct {
	N      uint64 `json:"n"`
	Hash   string `json:"hash,omitempty"`
	Others []Mark `json:"others,omitempty"` // by their ledgers
}

// Equal tells whether both are at the same rows.
func (m Mark) Equal(o Mark) bool {
	a, b := m.Rows(), o.Rows()
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i].N != b[i].N || a[i].Hash != b[i].Hash {
			return false
		}
	}
	return true
}

// Rows are the marked rows, one a ledger, in their order.
func (m Mark) Rows() []Mark {
	var all []Mark
	if m.N > 0 {
		all = append(all, Mark{N: m.N, Hash: m.Hash})
	}
	return append(all, m.Others...)
}

// At is the marked row of a ledger; before its first when none is marked.
func (m Mark) At(ledger uint64) Mark {
	for _, r := range m.Rows() {
		if LedgerOf(r.N) == ledger {
			return r
		}
	}
	return Mark{N: Begins(ledger)}
}

// With is the mark with another row of that row's ledger.
func (m Mark) With(row Mark) Mark {
	var next Mark
	put := func(r Mark) {
		if LedgerOf(r.N) == 0 {
			next.N, next.Hash = r.N, r.Hash
		} else {
			next.Others = append(next.Others, r)
		}
	}
	placed := false
	for _, r := range m.Rows() {
		if !placed && LedgerOf(row.N) <= LedgerOf(r.N) {
			put(row)
			placed = true
		}
		if LedgerOf(r.N) != LedgerOf(row.N) {
			put(r)
		}
	}
	if !placed {
		put(row)
	}
	return next
}
