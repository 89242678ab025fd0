package text

import (
	"strconv"
	"strings"
)

// space groups the digits of an amount and doesn't break: U+00A0, which every font has.
const space = "\u00A0"

// Yuan is an amount in figures: fen 12_840_000 is "128 400.00", its groups
// of three held together by no-break spaces (U+00A0).
func Yuan(fen int64) string {
	n := magnitude(fen)
	digits := strconv.FormatUint(n/100, 10)
	var b strings.Builder
	if fen < 0 {
		b.WriteByte('-')
	}
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(space)
		}
		b.WriteByte(digits[i])
	}
	b.WriteByte('.')
	b.WriteByte('0' + byte(n/10%10))
	b.WriteByte('0' + byte(n%10))
	return b.String()
}

// Capital is an amount in words for a document (中文大写), by the People's
// Bank's rules for filling in bills: fen 12_840_000 is 壹拾贰万捌仟肆佰元整.
// An amount that ends with 元 or 角 is closed by 整, one that ends with 分 is
// not; between 元 and 分 without 角 stands 零; where the rules leave a 零 to
// the writer (before 仟 after 万, before 角 after a round 元) there is none.
// Below zero it begins with 负.
func Capital(fen int64) string {
	n := magnitude(fen)
	yuan, jiao, cent := n/100, n/10%10, n%10
	var b strings.Builder
	if fen < 0 {
		b.WriteString("负")
	}
	if yuan > 0 || n == 0 {
		b.WriteString(capital.write(yuan) + "元")
	}
	switch {
	case jiao > 0:
		b.WriteString(capital.digits[jiao] + "角")
	case cent > 0 && yuan > 0:
		b.WriteString(capital.digits[0])
	}
	if cent > 0 {
		b.WriteString(capital.digits[cent] + "分")
	} else {
		b.WriteString("整")
	}
	return b.String()
}
