package typed

import (
	"regexp"
	"slices"
	"strings"

	"dossier/engine/calendar"
)

// bare is a code without what people set between its characters.
func bare(s string) (string, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return "", bad
	}
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(t)), nil
}

var allDigits = regexp.MustCompile(`^\d+$`)

// provinces are the first two digits of the codes of places (GB/T 2260).
var provinces = func() []string {
	var all []string
	for _, of := range []string{"11 12 13 14 15", "21 22 23", "31 32 33 34 35 36 37", "41 42 43 44 45 46", "50 51 52 53 54", "61 62 63 64 65", "71 81 82 83"} {
		all = append(all, strings.Fields(of)...)
	}
	return all
}()

// oldest is the age beyond which a year of birth is a slip.
const oldest = 130

// IDNumber reads a resident identity number (GB 11643-1999): 17 digits with the code of a province, or 9 and one for the
// permanent identity card of foreigners, a real day of birth not after today, and the check character of ISO 7064 mod
// 11-2. Numbers of 15 digits, void since 2013, and those of which a spreadsheet kept 15 digits are told as such. Without
// today the day of birth is only held to the calendar.
func IDNumber(s string, today calendar.Date) (string, *Fault) {
	if strings.ContainsAny(s, "eE+") && strings.ContainsAny(s, ".．") {
		return "", fault("field.id-cut") // 1.10101E+17
	}
	t, bad := bare(s)
	switch {
	case bad != nil:
		return "", bad
	case len(t) == 15 && allDigits.MatchString(t):
		return "", fault("field.id-15")
	case len(t) != 18 || !allDigits.MatchString(t[:17]) || t[17] != 'X' && (t[17] < '0' || t[17] > '9'):
		return "", fault("field.id-number")
	}
	if t[17] != idCheck(t) && strings.HasSuffix(t, "000") {
		return "", fault("field.id-cut")
	}
	if t[17] != idCheck(t) || !slices.Contains(provinces, t[:2]) && (t[0] != '9' || !slices.Contains(provinces, t[1:3])) {
		return "", fault("field.id-number")
	}
	born, err := calendar.Parse(t[6:10] + "-" + t[10:12] + "-" + t[12:14])
	if err != nil {
		return "", fault("field.id-number")
	}
	year, _, _ := born.YMD()
	if now, _, _ := today.YMD(); today != 0 && (born > today || year < now-oldest) {
		return "", fault("field.id-born", "day", born.String())
	}
	return t, nil
}

// idCheck is the check character of the first 17 digits.
func idCheck(t string) byte {
	n := 0
	for i := range 17 {
		n += int(t[i]-'0') * (1 << (17 - i) % 11)
	}
	return "10X98765432"[n%11]
}

// CreditAlphabet are the characters of a unified social credit code, in the order of their values.
const CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// registrars are the departments that give out credit codes, each with the kinds of organisations that it registers: the
// first two characters of a code (GB 32100-2015, tables 2 and 3, with the departments added since).
var registrars = map[byte]string{'1': "1239", '2': "19", '3': "123459", '4': "19", '5': "1239", '6': "129", '7': "129", '8': "19", '9': "123", 'A': "19", 'N': "1239", 'Y': "1"}

// CreditCode reads a unified social credit code (GB 32100-2015): 18 characters without I, O, S, V and Z; a department and
// a kind that there are; the code of a province, or 10 for what is registered with the state's own; and the check
// character (weights 3^i mod 31). An identity number is told as one.
func CreditCode(s string) (string, *Fault) {
	if strings.ContainsAny(s, "eE+") && strings.ContainsAny(s, ".．") {
		return "", fault("field.id-cut")
	}
	t, bad := bare(s)
	if bad != nil {
		return "", bad
	}
	if _, bad := IDNumber(t, 0); bad == nil {
		return "", fault("field.credit-id")
	}
	if len(t) != 18 || strings.Trim(t, CreditAlphabet) != "" {
		return "", fault("field.credit-code")
	}
	kinds, known := registrars[t[0]]
	if !known || !strings.Contains(kinds, t[1:2]) || t[2:4] != "10" && !slices.Contains(provinces, t[2:4]) || !allDigits.MatchString(t[2:8]) {
		return "", fault("field.credit-first", "first", t[:8])
	}
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(CreditAlphabet, t[i]) * weight
		weight = weight * 3 % 31
	}
	if t[17] != CreditAlphabet[(31-sum%31)%31] {
		return "", fault("field.credit-code")
	}
	return t, nil
}

var (
	mobile = regexp.MustCompile(`^(?:\+?0{0,2}86)?(1[3-9]\d{9})$`)
	fixed  = regexp.MustCompile(`^(?:(0(?:10|2\d|[3-9]\d{2}))-?(\d{7,8})|([48]00)-?(\d{3})-?(\d{4})|(\d{5,8}))(?:-(\d{1,6}))?$`)
	around = strings.NewReplacer(" ", "", "(", "", ")", "-", "转", "-", "分机", "-")
)

// Phone reads a mobile number, a number with its area code and perhaps an extension, a 400 or 800 number, or a short one.
// It is kept without space: 13800138000, 0319-7590068, 0319-7590068-12.
func Phone(s string) (string, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return "", bad
	}
	if m := mobile.FindStringSubmatch(strings.NewReplacer(" ", "", "-", "").Replace(t)); m != nil {
		return m[1], nil
	}
	t = strings.ReplaceAll(around.Replace(t), "--", "-")
	m := fixed.FindStringSubmatch(t)
	if m == nil {
		return "", fault("field.phone")
	}
	var parts []string
	for _, p := range m[1:] {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "-"), nil
}
