package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// grouping takes out what may stand between the digits of a sum.
var grouping = strings.NewReplacer(",", "", "，", "", " ", "", "\u00a0", "", "\u202f", "", "元", "")

// ParseMoney reads a sum in yuan, "128400", "128 400.00" or "128,400.5", exactly, as fen. It refuses negative sums,
// more than two decimals and more than a hundred billion yuan.
func ParseMoney(s string) (int64, error) {
	clean := s
	if strings.Trim(s, "0123456789.") != "" { // typed by hand
		clean = grouping.Replace(strings.TrimSpace(s))
	}
	yuan, dec, _ := strings.Cut(clean, ".")
	if yuan == "" || len(dec) > 2 || strings.HasSuffix(clean, ".") {
		return 0, fmt.Errorf("%q is not a sum in yuan", s)
	}
	whole, err := strconv.ParseUint(yuan, 10, 44)
	cents, err2 := strconv.ParseUint((dec + "00")[:2], 10, 8)
	fen := whole*100 + cents
	if err != nil || err2 != nil || fen > 1e13 {
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
