package penalty

import (
	"fmt"
	"math/bits"
	"strings"
)

// Fen is a sum of money in whole fen.
type Fen int64

// String is the sum in yuan with two decimals, the way a money value is kept: 2000.00.
func (f Fen) String() string {
	if f < 0 {
		return "-" + (-f).String()
	}
	return fmt.Sprintf("%d.%02d", f/100, f%100)
}

// MarshalText writes the sum in yuan with two decimals.
func (f Fen) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Plain is the sum without decimals that are nothing: 2000, 1999.99. Of hundredths it is a number: 0.5.
func (f Fen) Plain() string {
	return strings.TrimSuffix(strings.TrimRight(f.String(), "0"), ".")
}

// The most that can be asked, so that no product leaves int64: persons, fen, the hundredths of a multiple, the fen of a range.
const (
	MaxPersons  = 1_000_000
	MaxSum      = Fen(1e13)
	MaxMultiple = 20_00
	MaxRange    = 1e9
	MaxRate     = 100    // ten-thousandths a day
	MaxDays     = 36_525 // a hundred years
)

// scale turns a range into fen: base times a bound of the range over div.
type scale struct{ base, div int64 }

// at is the point of the range that lies percent of the way from its lower to its upper bound, in fen. What isn't whole
// is cut off, or rounded up where the point is the statute's lower bound; this is the only rounding.
func (s scale) at(r Range, percent int64, up bool) Fen {
	return s.of(r.Low*100+(r.High-r.Low)*percent, 100, up)
}

// of is value/part of the range's units in fen.
func (s scale) of(value, part int64, up bool) Fen {
	hi, lo := bits.Mul64(uint64(s.base), uint64(value)) // what a sum makes in many days leaves 64 bits before it is divided
	f, rest := bits.Div64(hi, lo, uint64(s.div*part))
	if up && rest > 0 {
		f++
	}
	return Fen(f)
}
