// Package search makes the index keys by which a case or a record is found:
// by any part of a name or number, and by the initials of its pinyin.
//
// The contract. A record is indexed under each of Keys(text). For a query,
// Query(query) gives terms; a record is a candidate when each of them is the
// beginning of one of its keys (so a store needs only ranges of keys and their
// intersection). A candidate is found when Match(text, query) says so. Whatever
// Match finds is a candidate; the keys are only the sieve.
//
// A record with several names is their texts, one a line.
package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

const (
	maxRunes    = 64 // of one line that are looked at, after folding
	maxLines    = 64 // of one text that are looked at
	maxInitials = 8  // of one character; none has more
)

// more are readings that the dictionary lacks, of characters that names bear.
var more = map[rune]string{'𠮷': "jí"}

// fold brings one line into the form in which lines are compared: width
// (NFKC) and case don't count; of everything that is neither letter, digit
// nor ideograph one space stays between two ASCII letters or digits
// ("2026〕19" is "2026 19") and nothing elsewhere ("阿不都·买买提" is
// "阿不都买买提").
func fold(line string) []rune {
	// What is far too long is cut before it is worked on.
	const most = 16 * maxRunes * 4
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "")
	}
	out := make([]rune, 0, 32)
	gap := false
	for _, r := range norm.NFKC.String(line) {
		r = unicode.ToLower(r)
		if separates(r) {
			gap = true
			continue
		}
		if gap && len(out) > 0 && ascii(r) && ascii(out[len(out)-1]) {
			out = append(out, ' ')
		}
		gap = false
		out = append(out, r)
	}
	return out[:min(len(out), maxRunes)]
}

// lines are the folded lines of a text that have anything in them.
func lines(text string) [][]rune {
	var out [][]rune
	for line := range strings.Lines(text) {
		if folded := fold(line); len(folded) > 0 {
			out = append(out, folded)
		}
		if len(out) == maxLines {
			break
		}
	}
	return out
}

// words are the folded words of a query: each must be found.
func words(query string) [][]rune {
	var out [][]rune
	for _, word := range strings.Fields(query) {
		if folded := fold(word); len(folded) > 0 {
			out = append(out, folded)
		}
		if len(out) == maxLines {
			break
		}
	}
	return out
}

func separates(r rune) bool {
	return r == unicode.ReplacementChar || unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

func ascii(r rune) bool { return r <= unicode.MaxASCII }

// letters are what a character may be typed as in a query of initials: an
// ASCII character itself, an ideograph by the first letter of each of its
// readings; none when its reading isn't known.
type letters struct {
	list [maxInitials]byte
	n    int
}

func (l *letters) all() []byte { return l.list[:l.n] }

func (l *letters) add(b byte) {
	if l.n < maxInitials && !slices.Contains(l.all(), b) {
		l.list[l.n] = b
		l.n++
	}
}

func lettersOf(r rune) letters {
	var out letters
	if ascii(r) {
		out.add(byte(r))
		return out
	}
	readings := pinyin.PinyinDict[int(r)]
	if readings == "" {
		readings = more[r]
	}
	for reading := range strings.SplitSeq(readings, ",") {
		first, _ := utf8.DecodeRuneInString(reading)
		if base, ok := accented[first]; ok {
			out.add(base)
		} else if first >= 'a' && first <= 'z' {
			out.add(byte(first))
		}
	}
	return out
}

// accented are the letters with a tone that a reading may begin with.
var accented = func() map[rune]byte {
	bases := map[rune]byte{}
	for _, group := range []string{"aāáǎà", "oōóǒò", "eēéěèê", "nńňǹ", "mḿ"} {
		for _, r := range group[1:] {
			bases[r] = group[0]
		}
	}
	return bases
}()
