package listing

import "strings"

// Words numbers texts, so that what is remembered of a hundred thousand cases holds none; "" is 0. A number is never given anew.
type Words struct {
	number map[string]int32
	Text   []string // by number
}

// NewWords has no text but "".
func NewWords() *Words { return &Words{number: map[string]int32{"": 0}, Text: []string{""}} }

// Of is the number of a text, a new one where it has none.
func (w *Words) Of(s string) int32 {
	n, ok := w.number[s]
	if !ok {
		s = strings.Clone(s) // what it was cut out of is let go
		n = int32(len(w.Text))
		w.number[s], w.Text = n, append(w.Text, s)
	}
	return n
}

// Find is the number of a text that has one.
func (w *Words) Find(s string) (n int32, ok bool) {
	n, ok = w.number[s]
	return n, ok
}
