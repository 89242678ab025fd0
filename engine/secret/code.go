package secret

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ErrCode is a document code that is mistyped.
var ErrCode = errors.New("secret: not a document code")

// crockford are the digits of a code's check: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Code is the short code of document n of a case, both from 1: "42-1-7K3F".
// The last four characters are a check on typing, worked out from the two
// numbers alone, so that the code can stand on the document's own page; it
// proves nothing.
func Code(caseID, n int64) string {
	head := fmt.Sprintf("%d-%d", caseID, n)
	sum := check(head)
	tail := make([]byte, 4)
	for i := range tail {
		tail[len(tail)-1-i] = crockford[sum&31]
		sum >>= 5
	}
	return head + "-" + string(tail)
}

// Check reads a code as people type it: capitals or not, full-width or not,
// with spaces, with O for 0 and I or L for 1. It fails with [ErrCode]. Every
// single wrong character and every two neighbours swapped are noticed; of
// other errors all but one in a million.
func Check(code string) (caseID, n int64, err error) {
	clean := strings.Map(typed, strings.ToUpper(norm.NFKC.String(code)))
	parts := strings.Split(clean, "-")
	if len(parts) != 3 {
		return 0, 0, ErrCode
	}
	caseID, err1 := strconv.ParseInt(parts[0], 10, 64)
	n, err2 := strconv.ParseInt(parts[1], 10, 64)
	if err1 != nil || err2 != nil || caseID < 1 || n < 1 || Code(caseID, n) != clean {
		return 0, 0, ErrCode
	}
	return caseID, n, nil
}

// typed is the character that was meant by one that was typed; -1 for none.
func typed(r rune) rune {
	switch r {
	case ' ':
		return -1
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	case '‐', '‑', '‒', '–', '—', '―', '−', '－', '_':
		return '-'
	}
	return r
}

// check is a polynomial over the text's characters modulo the largest prime
// of 20 bits. As the modulus is prime and the base isn't 1, a changed
// character and swapped neighbours always change it.
func check(text string) uint64 {
	const prime, base = 1<<20 - 3, 617_411
	sum := uint64(1)
	for i := range len(text) {
		sum = (sum*base + uint64(text[i])) % prime
	}
	return sum * base % prime
}
