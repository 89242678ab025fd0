package strictyaml

import (
	"strings"

	"dossier/engine/text"
)

// Guess is the allowed word nearest to word by edit distance (a letter put
// in, left out, changed, or two neighbours swapped; capitals don't count), or
// "" when none is near. Of equally near words the first wins.
func Guess(word string, allowed []string) string {
	best, near := "", 0
	w := []rune(strings.ToLower(word))
	for _, a := range allowed {
		r := []rune(strings.ToLower(a))
		limit := max(len(w), len(r)) / 3
		if limit == 0 && len(w) > 0 && len(r) > 0 && len(w)+len(r) > 2 {
			limit = 1
		}
		if diff := len(w) - len(r); diff > limit || -diff > limit {
			continue
		}
		if d := distance(w, r); d <= limit && (best == "" || d < near) {
			best, near = a, d
		}
	}
	return best
}

// Offer is the hint for a word that is not among the allowed ones: the guess
// if there is one, and the allowed words as long as they can be read.
func Offer(word string, allowed []string) text.Words {
	const readable = 24
	n := len(allowed)
	if n == 0 {
		return ""
	}
	list := text.Say("allowed: %s", strings.Join(allowed[:min(n, readable)], ", "))
	if n > readable {
		list = text.Say("%s and %s more", list, n-readable)
	}
	if g := Guess(word, allowed); g != "" {
		return text.Say("did you mean %q? %s", g, list)
	}
	return list
}

// distance is the number of edits between two words, with neighbours swapped as one edit.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
