// Package typed reads what people type: sums, numbers, days, codes, phones, the numbers of cases and names. There is one
// reader for each kind of value, and every door goes through it: pages, pasted lists, spreadsheets, the API, corrections
// and the command line. What can be cleaned is cleaned (width, invisible characters, space); what can't be read is told
// with what to type instead.
package typed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dossier/engine/calendar"
)

// Fault is why a text is no value of its kind: a key of the catalogue of messages, with its arguments.
type Fault struct {
	Why  string
	Args map[string]string
}

func fault(why string, pairs ...string) *Fault {
	f := &Fault{Why: why, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i]] = pairs[i+1]
	}
	return f
}

// lineEnds makes every line end one newline.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n")

// Clean is a text without what nobody sees: marks of direction, of joining and of byte order are taken out, every kind of
// space but the ideographic one becomes a plain one, and none stands around the text. Where only one line is asked, line
// ends and ideographic spaces become spaces too. What is no character, or a control character, is told by its place.
func Clean(s string, lines bool) (string, *Fault) {
	if !utf8.ValidString(s) {
		return "", fault("field.utf8")
	}
	if plain(s) {
		return strings.Trim(s, " "), nil
	}
	var b strings.Builder
	n, space := 0, false
	for _, r := range lineEnds.Replace(s) {
		n++
		switch {
		case r == '\n' && lines || r == '\u3000' && lines:
			b.WriteRune(r)
		case r == '\n', r == '\t', unicode.Is(unicode.Zs, r):
			r = ' '
			if !space || lines {
				b.WriteByte(' ')
			}
		case unicode.Is(unicode.Cf, r), r >= 0xfe00 && r <= 0xfe0f: // format characters, and how a character wants to be shown
			continue
		case unicode.Is(unicode.Cc, r), r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return "", fault("field.control", "code", fmt.Sprintf("U+%04X", r), "at", strconv.Itoa(n))
		default:
			b.WriteRune(r)
		}
		space = r == ' '
	}
	return strings.TrimSpace(b.String()), nil
}

// plain tells whether nothing in the text needs cleaning but spaces around it.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

// dashes are what people type for a hyphen.
var dashes = strings.NewReplacer("－", "-", "—", "-", "–", "-", "−", "-", "‐", "-", "‑", "-", "﹣", "-", "ー", "-")

// narrow is a clean text on one line with its full-width letters, digits and signs as narrow ones.
func narrow(s string) (string, *Fault) {
	s, bad := Clean(s, false)
	if bad != nil {
		return "", bad
	}
	return strings.TrimSpace(Narrow(s)), nil
}

// Narrow writes full-width letters, digits, signs and spaces, and every kind of dash, as the narrow ones.
func Narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000' || r == '\u00a0' || r == '\u202f' || r == '\u2009':
			return ' '
		}
		return r
	}, dashes.Replace(s))
}

var (
	sum     = regexp.MustCompile(`^(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.(\d{1,2}))?$`)
	inUnits = regexp.MustCompile(`^(\d{1,8})(?:\.(\d{1,4}))?(万|亿)$`)
)

// most is the largest sum, in fen: a hundred billion yuan.
const most = 10_000_000_000_000

// Money reads a sum in yuan, "128400", "128 400.00", "¥128,400.5" or "１２８４００元", exactly, as fen. Separators stand
// before groups of three digits only. Negative sums, more than two decimals and 万 are refused, the last with what to
// type.
func Money(s string) (int64, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return 0, bad
	}
	t = strings.TrimSpace(strings.TrimLeft(strings.TrimPrefix(t, "人民币"), "¥￥"))
	for _, end := range []string{"整", "正", "元", "圆"} {
		t = strings.TrimSpace(strings.TrimSuffix(t, end))
	}
	if m := inUnits.FindStringSubmatch(strings.ReplaceAll(t, " ", "")); m != nil {
		digits := map[string]int{"万": 4, "亿": 8}[m[3]]
		fen, err := strconv.ParseInt(m[1]+m[2]+strings.Repeat("0", digits-len(m[2])), 10, 64)
		if err == nil && fen <= most/100 {
			return 0, fault("field.money-units", "unit", m[3]+"元", "type", strconv.FormatInt(fen, 10))
		}
	}
	m := sum.FindStringSubmatch(t)
	if m == nil {
		return 0, fault("field.money")
	}
	yuan, err := strconv.ParseInt(strings.NewReplacer(",", "", " ", "").Replace(m[1]), 10, 48)
	cents, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	if err != nil || yuan*100+cents > most {
		return 0, fault("field.money-large")
	}
	return yuan*100 + cents, nil
}

// Number reads a whole number, "1200", "1,200" or "１２００". Its bounds are the field's.
func Number(s string) (int, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return 0, bad
	}
	minus := strings.HasPrefix(t, "-")
	m := sum.FindStringSubmatch(strings.TrimPrefix(t, "-"))
	if m == nil || m[2] != "" {
		return 0, fault("field.whole")
	}
	n, err := strconv.Atoi(strings.NewReplacer(",", "", " ", "").Replace(m[1]))
	if err != nil || n > most {
		return 0, fault("field.whole")
	}
	if minus {
		n = -n
	}
	return n, nil
}

var (
	dayText   = regexp.MustCompile(`^(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*[日号]?$`)
	dayPlain  = regexp.MustCompile(`^(\d{4})()(\d{2})()(\d{2})$`)
	hourText  = regexp.MustCompile(`^(.*?)[ T]*(\d{1,2})\s*[:时点]\s*(\d{1,2})分?(?::\d{1,2}(?:\.\d+)?)?$`)
	separates = map[string]string{"年": "月"}
)

// Day reads a day: 2026-03-02, 2026-3-2, 2026/3/2, 2026.3.2, 2026年3月2日 or 20260302. It must be one of the calendar.
func Day(s string) (calendar.Date, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return 0, bad
	}
	if d, ok := day(t); ok {
		return d, nil
	}
	return 0, fault("field.date")
}

func day(t string) (calendar.Date, bool) {
	m := dayText.FindStringSubmatch(t)
	if m == nil {
		if m = dayPlain.FindStringSubmatch(t); m == nil {
			return 0, false
		}
	}
	if want, ok := separates[m[2]]; ok && m[4] != want || !ok && m[4] != m[2] {
		return 0, false
	}
	n := [3]int{}
	for i, j := range [3]int{1, 3, 5} {
		n[i], _ = strconv.Atoi(m[j])
	}
	d := calendar.Of(n[0], n[1], n[2])
	return d, d != 0
}

// Moment reads a day with its hour, 2026-01-05 14:30, as it is kept; a day alone is kept as a day.
func Moment(s string) (string, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return "", bad
	}
	if d, ok := day(t); ok {
		return d.String(), nil
	}
	m := hourText.FindStringSubmatch(t)
	if m == nil {
		return "", fault("field.datetime")
	}
	d, ok := day(strings.TrimSpace(m[1]))
	hour, _ := strconv.Atoi(m[2])
	minute, _ := strconv.Atoi(m[3])
	if !ok || hour > 23 || minute > 59 {
		return "", fault("field.datetime")
	}
	return fmt.Sprintf("%s %02d:%02d", d, hour, minute), nil
}

// Fold is a text as it is compared with others: width, case, invisible characters, space and signs don't count.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

var (
	bracketed = regexp.MustCompile(`[〔\[(（【〈<﹝［{]\s*(\d{4})\s*[〕\])）】〉>﹞］}]`)
	zeros     = regexp.MustCompile(`(^|〕|\p{Han})0+([0-9])`)
)

// CaseNumber is the number of a case or paper as the office writes it: 任人社监立〔2026〕36号, whatever brackets, width,
// space and zeros were typed.
func CaseNumber(s string) (string, *Fault) {
	t, bad := narrow(s)
	if bad != nil {
		return "", bad
	}
	t = strings.ReplaceAll(t, " ", "")
	t = strings.Replace(bracketed.ReplaceAllString(t, "〔$1〕"), "〕第", "〕", 1)
	return zeros.ReplaceAllString(t, "$1$2"), nil
}

// SameNumber is what two writings of one number have in common: CaseNumber without its signs and the 号 at its end, in
// small letters.
func SameNumber(s string) string {
	t, bad := CaseNumber(s)
	if bad != nil {
		return ""
	}
	parts := strings.FieldsFunc(strings.ToLower(norm.NFKC.String(strings.TrimSuffix(t, "号"))), func(r rune) bool {
		return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)
	})
	return strings.Join(parts, " ")
}

// Date is Day with the error of [calendar.Parse], for doors that have no catalogue of messages.
func Date(s string) (calendar.Date, error) {
	if d, bad := Day(s); bad == nil {
		return d, nil
	}
	return calendar.Parse(s)
}
