package penalty_test

import (
	"math/rand/v2"
	"testing"

	"dossier/engine/penalty"
)

func TestSpread(t *testing.T) {
	for _, x := range []struct {
		sums []penalty.Fen
		want penalty.Spread
	}{
		{nil, penalty.Spread{}},
		{[]penalty.Fen{7}, penalty.Spread{1, 7, 7, 7, 7, 7}},
		{[]penalty.Fen{9, 1, 5, 3, 7}, penalty.Spread{5, 1, 3, 5, 7, 9}},
		{[]penalty.Fen{4, 1, 3, 2}, penalty.Spread{4, 1, 1, 2, 3, 4}},
	} {
		if got := penalty.SpreadOf(x.sums); got != x.want {
			t.Errorf("%v: %+v, want %+v", x.sums, got, x.want)
		}
	}
	s := penalty.SpreadOf([]penalty.Fen{1, 3, 5, 7, 9})
	for sum, want := range map[penalty.Fen]bool{-4: true, -3: false, 5: false, 13: false, 14: true} {
		if s.Outlier(sum) != want {
			t.Errorf("%d is an outlier: %t", sum, !want)
		}
	}
	if penalty.SpreadOf([]penalty.Fen{5, 5, 5, 5}).Outlier(900) {
		t.Error("four sums are too few to lie apart from")
	}
}

// What is measured lies in order, within the ends, and doesn't hang on the order of the sums.
func TestSpreadProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		sums := make([]penalty.Fen, 1+r.IntN(20))
		for i := range sums {
			sums[i] = penalty.Fen(r.Int64N(1000))
		}
		s := penalty.SpreadOf(sums)
		if !(s.Least <= s.Lower && s.Lower <= s.Median && s.Median <= s.Upper && s.Upper <= s.Most) || s.Outlier(s.Median) {
			t.Fatalf("%v: %+v", sums, s)
		}
		r.Shuffle(len(sums), func(i, j int) { sums[i], sums[j] = sums[j], sums[i] })
		if penalty.SpreadOf(sums) != s {
			t.Fatalf("%v: another spread in another order", sums)
		}
	}
}
