package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParseMoney reads a sum in yuan, "128400", "128 400.00" or "128,400.5", exactly, as fen. It refuses negative sums,
// more than two decimals and more than a hundred billion yuan.
func ParseMoney(s string) (int64, error) {
	clean := strings.NewReplacer(",", "", "，", "", " ", "", "\u00a0", "", "\u202f", "", "元", "").Replace(strings.TrimSpace(s))
	yuan, dec, _ := strings.Cut(clean, ".")
	if yuan == "" || len(dec) > 2 || strings.HasSuffix(clean, ".") {
		return 0, fmt.Errorf("%q is not a sum in yuan", s)
	}
	for len(dec) < 2 {
		dec += "0"
	}
	fen, err := strconv.ParseUint(yuan+dec, 10, 63)
	if err != nil || fen > 1e13 || fen > math.MaxInt64 {
		return 0, fmt.Errorf("%q is not a sum in yuan", s)
	}
	return int64(fen), nil
}

// FormatMoney writes fen as yuan with two decimals, "128400.00", the way a money value is kept.
func FormatMoney(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
