package text

import "strings"

// Listed are the words of a list as people write one, parted by marks or blanks: "甲、乙", "a, b" and "a b" are two each.
func Listed(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;； ", r) })
}
