package procedure

import (
	"slices"
)

// Posts are the posts of an office; a person holds them, an action names them in `by:`.
var Posts = []Actor{"clerk", "officer", "reviewer", "captain", "deputy", "recorder", "legal", "leader", "chair", "audit",
	"audit-head", "fund", "fund-head", "section", "training", "exchange", "labour", "medical", "employment", "admin"}

// Roles are what every case gives without an `assigns:`. The opener did `open`; the requester filled the first part of
// the open paper of the walk; who is barred may not see the case any more.
var Roles = []Actor{"officer-in-charge", "assigned-officers", "opener", "requester", Barred}

// Barred is the role of who was replaced for an interest in the case: `bars:` gives it, and nothing takes it away.
const Barred Actor = "barred"

// PostList gives the posts of an office, in the order of the language.
func PostList() []Actor { return slices.Clone(Posts) }

// Parts gives all form parts that the action may fill.
func (a *Action) Parts() []FormPart {
	parts := a.Form.Values()
	for _, o := range a.Forms {
		parts = append(parts, o.Value)
	}
	return parts
}

// Texts gives ids as plain words.
func Texts[T ~string](ids []T) []string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return words
}
