package procedure

import (
	"slices"
)

// Index is where a state stands in the order of the file.
func (w *Walk) Index(id StateID) int {
	return slices.IndexFunc(w.States, func(s State) bool { return s.ID == id })
}
