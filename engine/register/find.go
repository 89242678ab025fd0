package register

import (
	"slices"
	"strings"

	"dossier/engine/search"
)

// Find are the entries in which every word of the query is found, in the order of the list: in the text, in the id, or in
// the names of the sections. As in the search for cases width and case don't count, and initials of pinyin will do. A
// section, where one is given, must be among the entry's.
func (r *Register) Find(query, section string) []Entry {
	var found []Entry
	for _, e := range r.entries {
		if section != "" && !slices.Contains(e.Sections, section) {
			continue
		}
		if strings.TrimSpace(query) != "" && !e.has(query) {
			continue
		}
		found = append(found, e)
	}
	return found
}

// has tells whether every word of the query is found. One or two letters stand for themselves only: as initials nearly
// every sentence has them.
func (e Entry) has(query string) bool {
	lines := e.lines()
	for word := range strings.FieldsSeq(query) {
		if len(word) <= 2 && !strings.Contains(strings.ToLower(lines), strings.ToLower(word)) || !search.Match(lines, word) {
			return false
		}
	}
	return true
}

// window is how many characters of a text are looked at together: fewer than the search takes of a line.
const window = 60

// lines are the entry as the search wants it: short lines that overlap by half.
func (e Entry) lines() string {
	lines := append([]string{e.ID, e.Party}, e.Sections...)
	rest := []rune(strings.Join(strings.Fields(e.Text), ""))
	for len(rest) > window {
		lines = append(lines, string(rest[:window]))
		rest = rest[window/2:]
	}
	return strings.Join(append(lines, string(rest)), "\n")
}
