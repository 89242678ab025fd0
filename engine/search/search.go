package search

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTerms bounds an alternative's terms; the sharpest stay.
const maxTerms = 12

// exact marks the key that is a whole line.
const exact = "="

// Keys are the index keys of a text, sorted, each once. Of a line they are
//
//   - the line itself, marked: =任人社监立2026 19号
//   - each character that isn't ASCII, and each two neighbours: 宏, 宏达
//   - each one, two and three neighbours of the line written in ASCII, with
//     an ideograph's initials in its place: h, hd, hdj, 026
//
// A key has at most 65 characters. A usual company name has about eighty keys;
// no line has more than some thousands, whatever stands in it.
func Keys(text string) []string {
	var keys []string
	for _, line := range lines(text) {
		whole := exact + string(line)
		keys = append(keys, whole)
		var spelt grams
		var before, last letters // of the two neighbours to the left
		left, at := len(exact), len(exact)
		for i, r := range line {
			end := at + utf8.RuneLen(r)
			if !ascii(r) {
				keys = append(keys, whole[at:end])
				if i > 0 && !ascii(line[i-1]) {
					keys = append(keys, whole[left:end])
				}
			}
			left, at = at, end
			now := lettersOf(r)
			for _, c := range now.all() {
				spelt.add(c)
				for _, b := range last.all() {
					spelt.add(b, c)
					for _, a := range before.all() {
						spelt.add(a, b, c)
					}
				}
			}
			before, last = last, now
		}
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

// Query are the alternatives of a query, the most exact first: the whole
// line, then any part, by characters or by initials. A record that the first
// finds is found by the second again. nil is a query with nothing to look for.
func Query(query string) [][]string {
	parts := words(query)
	if len(parts) == 0 {
		return nil
	}
	terms := map[string]bool{}
	for _, word := range parts {
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
				terms[string(run[i:i+size])] = true
			}
			start = end
		}
	}
	sharp := slices.SortedFunc(maps.Keys(terms), func(a, b string) int {
		return cmp.Or(cmp.Compare(sharpness(b), sharpness(a)), strings.Compare(a, b))
	})
	return [][]string{{Whole(query)}, sharp[:min(len(sharp), maxTerms)]}
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
