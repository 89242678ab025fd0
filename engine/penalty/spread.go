package penalty

import "slices"

// Spread says where sums lie: the middle one, the quarters, the ends. Sums between two are the lower of them.
type Spread struct {
	N                                 int
	Least, Lower, Median, Upper, Most Fen
}

// SpreadOf measures sums.
func SpreadOf(sums []Fen) Spread {
	if len(sums) == 0 {
		return Spread{}
	}
	s := slices.Sorted(slices.Values(sums))
	at := func(quarter int) Fen { return s[(len(s)-1)*quarter/4] }
	return Spread{len(s), s[0], at(1), at(2), at(3), s[len(s)-1]}
}

// enough is how many sums must be known before one that lies apart is noted.
const enough = 5

// Outlier tells whether a sum lies further from the middle half than one and a half times that half's width (Tukey's fences).
func (s Spread) Outlier(sum Fen) bool {
	width := (s.Upper - s.Lower) * 3 / 2
	return s.N >= enough && (sum < s.Lower-width || sum > s.Upper+width)
}
