package layout

import "strings"

// The marks that decide where a line of Chinese may end (GB/T 15834 on the placing of marks).
const (
	openers = "（《〈「『〔【［｛“‘([{￥¥$№§"
	closers = "。，、；：？！）》〉」』〕】］｝”’…—～·・％‰℃),.;:?!]}%々"
	// halfClosers and halfOpeners are as wide as an ideograph with ink in one half only.
	halfClosers = "。，、；：）》〉」』〕】］｝"
	halfOpeners = "（《〈「『〔【［｛"
	// counters stay with the number before them.
	counters = "元年月日时分秒人名个件份条款项号页岁天周万亿倍级户次家张位角"
	noBreak  = '\u00a0'
	wide     = '\u3000'
)

// mayBreak tells whether a line may end before text[i], 0 < i < len(text).
func mayBreak(text []rune, i int) bool {
	prev, next := text[i-1], text[i]
	switch {
	case prev == noBreak || next == noBreak:
		return false
	case next == ' ' || next == wide:
		return false // a space stays at the end of its line
	case among(openers, prev) || among(closers, next):
		return false
	case prev == ' ' || prev == wide:
		for i--; i >= 0 && (text[i] == ' ' || text[i] == wide); i-- {
		}
		return i < 0 || !among(openers, text[i])
	case isWord(prev) && isWord(next), boxed(text, i):
		return false
	case isDigit(prev) && strings.ContainsRune(counters, next):
		return false
	case (prev == '万' || prev == '亿') && next == '元':
		return false
	case prev == '第' && isDigit(next):
		return false
	case prev == '〕' && isDigit(next), next == '〔': // a document's number stays in one piece
		return false
	}
	return true
}

// boxed tells whether text[i] stands among the first words after a box to tick, which stay with it.
func boxed(text []rune, i int) bool {
	const words = 14
	for j := i - 1; j >= 0 && i-j <= words; j-- {
		switch text[j] {
		case '□', '☑':
			return true
		case ' ', wide, '；', '。':
			return false
		}
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isWord tells whether the character belongs to a word or number that is set as one.
func isWord(r rune) bool {
	return r > ' ' && r < 0x7f || r >= 0xc0 && r <= 0x24f && r != '×' && r != '÷' || r >= 0x370 && r <= 0x4ff
}

// clean takes out what has no place in a line: control characters, marks without width, variation selectors.
// Tabs become spaces. Line ends must have been dealt with.
func clean(text string) []rune {
	runes := make([]rune, 0, len(text)/2)
	for _, r := range text {
		switch {
		case r == '\t':
			r = ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0xad,
			r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef:
			continue
		}
		runes = append(runes, r)
	}
	return runes
}

// among tells whether a character is one of these marks; no ideograph is.
func among(marks string, r rune) bool {
	return (r < '一' || r > '鿿') && strings.ContainsRune(marks, r)
}
