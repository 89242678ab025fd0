package procedure

import (
	"regexp"
	"strings"

	"dossier/engine/calendar"
)

// ValidIDNumber tells whether s is a resident identity number: 17 digits with a real day of birth and the check
// character of GB 11643 (ISO 7064 mod 11-2).
func ValidIDNumber(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		weight := 1 << (17 - i) % 11
		sum += int(s[i]-'0') * weight
	}
	if _, err := calendar.Parse(s[6:10] + "-" + s[10:12] + "-" + s[12:14]); err != nil {
		return false
	}
	return s[17] == "10X98765432"[sum%11]
}

// CreditAlphabet are the characters of a unified social credit code, in the order of their values.
const CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ValidCreditCode tells whether s is a unified social credit code: 18 characters with the check character of GB 32100
// (weights 3^i mod 31).
func ValidCreditCode(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		value := strings.IndexByte(CreditAlphabet, s[i])
		if value < 0 {
			return false
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	return s[17] == CreditAlphabet[(31-sum%31)%31]
}

var (
	phonePattern = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}|\d{5,8})$`)
	MoneyPattern = regexp.MustCompile(`^(0|[1-9]\d{0,12})\.\d{2}$`)
	WholePattern = regexp.MustCompile(`^(0|-?[1-9]\d{0,14})$`)
	ClockPattern = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// ValidPhone tells whether s is a mobile number, a number with its area code, or a short one.
func ValidPhone(s string) bool { return phonePattern.MatchString(s) }
