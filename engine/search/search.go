package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTerms bounds a query's terms; the sharpest stay.
const maxTerms = 12

// exact marks the key that is a whole line.
const exact = "="

// Keys are the index keys of a text, sorted, each once. Of a line they are
//
//   - the line itself, marked: =任人社监立2026 19号
//   - each character that isn't ASCII with the one behind it, alone where that is ASCII or the line ends: 宏达, 司
//   - each three neighbours of the line written in ASCII, with an ideograph's initials in its place, fewer where the line ends
//     or a character has none: hdj, 026, gs, s
//
// A key has at most 65 characters. A usual company name has about forty keys;
// no line has more than some thousands, whatever stands in it.
func Keys(text string) []string {
	var keys []string
	for _, line := range lines(text) {
		whole := exact + string(line)
		keys = append(keys, whole)
		var spelt grams
		var first, second letters // of the two neighbours to the left
		left, wide, at := 0, false, len(exact)
		for _, r := range line {
			if wide { // the character before
				end := at
				if !ascii(r) {
					end += utf8.RuneLen(r)
				}
				keys = append(keys, whole[left:end])
			}
			left, wide, at = at, !ascii(r), at+utf8.RuneLen(r)
			now := lettersOf(r)
			spelt.from(first, second, now)
			first, second = second, now
		}
		if wide {
			keys = append(keys, whole[left:])
		}
		spelt.from(first, second, letters{})
		spelt.from(second, letters{}, letters{})
		keys = spelt.appendTo(keys)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// grams are short ASCII strings, kept as bytes until all are known.
type grams struct {
	text  []byte
	sizes []byte
}

// from adds those that begin at a character, as long as the three go on.
func (g *grams) from(first, second, third letters) {
	for _, a := range first.all() {
		if second.n == 0 {
			g.add(a)
		}
		for _, b := range second.all() {
			if third.n == 0 {
				g.add(a, b)
			}
			for _, c := range third.all() {
				g.add(a, b, c)
			}
		}
	}
}

func (g *grams) add(gram ...byte) {
	g.text = append(g.text, gram...)
	g.sizes = append(g.sizes, byte(len(gram)))
}

func (g *grams) appendTo(keys []string) []string {
	text, at := string(g.text), 0
	for _, size := range g.sizes {
		keys = append(keys, text[at:at+int(size)])
		at += int(size)
	}
	return keys
}

// Whole is the key of a line as a whole.
func Whole(line string) string { return exact + string(fold(line)) }

// Query are the terms of a query, the sharpest first, none the beginning of another: each must be a key of the record, or what
// one begins with. nil is a query with nothing to look for.
func Query(query string) []string {
	var terms []string
	for _, word := range words(query) {
		for start := 0; start < len(word); {
			end := start + 1
			for end < len(word) && ascii(word[end]) == ascii(word[start]) {
				end++
			}
			run, size := word[start:end], 2
			if ascii(word[start]) {
				size = 3
			}
			size = min(size, len(run))
			for i := range len(run) - size + 1 {
				terms = append(terms, string(run[i:i+size]))
			}
			start = end
		}
	}
	slices.Sort(terms)
	sharp := terms[:0]
	for i, term := range terms {
		if i+1 == len(terms) || !strings.HasPrefix(terms[i+1], term) {
			sharp = append(sharp, term)
		}
	}
	slices.SortStableFunc(sharp, func(a, b string) int { return cmp.Compare(sharpness(b), sharpness(a)) })
	return sharp[:min(len(sharp), maxTerms)]
}

// sharpness orders terms by how few records are expected to have them.
func sharpness(term string) int {
	if term[0] < 0x80 {
		return len(term)
	}
	return len([]rune(term)) * 2
}

// Match says whether every word of a query is found in a line of the text: as
// a part of it, where a letter may also stand for an ideograph that is read
// with that initial.
func Match(text, query string) bool {
	parts := words(query)
	if len(parts) == 0 {
		return false
	}
	all := lines(text)
	for _, word := range parts {
		if !slices.ContainsFunc(all, func(line []rune) bool { return contains(line, word) }) {
			return false
		}
	}
	return true
}

func contains(line, word []rune) bool {
	for i := range len(line) - len(word) + 1 {
		if slices.EqualFunc(line[i:i+len(word)], word, stands) {
			return true
		}
	}
	return false
}

// stands says whether a query's character may stand for one of a line.
func stands(got, typed rune) bool {
	if got == typed {
		return true
	}
	if !ascii(typed) || ascii(got) {
		return false
	}
	l := lettersOf(got)
	return slices.Contains(l.all(), byte(typed))
}
