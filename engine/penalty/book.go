package penalty

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dossier/engine/calendar"
)

// Book is all standards and circumstances of an office. It doesn't change once it is made.
type Book struct {
	// Note is the form of the note on discretion.
	Note string

	standards     []*Standard // in the order given; of one id by day
	circumstances []*Circumstance
	guess         func(word string, among []string) string
}

// NewBook makes a book. guess finds the nearest of some words for one that isn't among them; nil guesses nothing. One
// standard may be there several times, each with its own time; times of one id that overlap are an error.
func NewBook(standards []*Standard, circumstances []*Circumstance, guess func(string, []string) string) (*Book, error) {
	if guess == nil {
		guess = func(string, []string) string { return "" }
	}
	b := &Book{standards: slices.Clone(standards), circumstances: slices.Clone(circumstances), guess: guess}
	var errs []error
	first, last := map[ID]int{}, map[ID]*Standard{}
	for i, s := range b.standards {
		if _, ok := first[s.ID]; !ok {
			first[s.ID] = i
		}
	}
	slices.SortStableFunc(b.standards, func(x, y *Standard) int {
		return cmp.Or(cmp.Compare(first[x.ID], first[y.ID]), cmp.Compare(x.From, y.From))
	})
	for _, s := range b.standards {
		if before := last[s.ID]; before != nil && (before.To == 0 || before.To >= s.From) {
			errs = append(errs, fmt.Errorf("standard %s holds twice from %s on: end the earlier one before that day", s.ID, s.From))
		}
		last[s.ID] = s
	}
	for _, s := range b.standards {
		for _, id := range s.Successors {
			if last[id] == nil {
				errs = append(errs, fmt.Errorf("standard %s is followed by %s, which isn't there: name one that is", s.ID, id))
			}
		}
	}
	seen := map[string]bool{}
	for _, c := range b.circumstances {
		if seen[c.ID] {
			errs = append(errs, fmt.Errorf("circumstance %s is there twice: give each its own name", c.ID))
		}
		seen[c.ID] = true
		for _, id := range c.Of {
			if last[id] == nil {
				errs = append(errs, fmt.Errorf("circumstance %s belongs to %s, which isn't there: name a standard that is", c.ID, id))
			}
		}
	}
	return b, errors.Join(errs...)
}

// Standards are all standards, those that no longer hold too.
func (b *Book) Standards() []*Standard {
	return slices.Clone(b.all())
}

func (b *Book) all() []*Standard {
	if b == nil {
		return nil
	}
	return b.standards
}

// At is the standard of an id on a day. Its error is a *Refusal.
func (b *Book) At(id ID, on calendar.Date) (*Standard, error) {
	var other *Standard
	for _, s := range b.all() {
		if s.ID != id {
			continue
		}
		if s.Holds(on) {
			return s, nil
		}
		other = s
	}
	if other == nil {
		return nil, b.unknown(string(id))
	}
	r := refuse(NotInForce, "on", "id", string(id), "day", on, "span", other.span(), "instead", nil)
	if len(other.Successors) > 0 && on > other.To {
		r.Args["instead"] = say("penalty.instead", "ids", names(other.Successors))
	}
	return nil, r
}

// Near is the standard of an id on a day, or the last that bore the id; nil for none. A nil book has none.
func (b *Book) Near(id ID, on calendar.Date) *Standard {
	if b == nil {
		return nil
	}
	if s, err := b.At(id, on); err == nil {
		return s
	}
	var last *Standard
	for _, s := range b.standards {
		if s.ID == id {
			last = s
		}
	}
	return last
}

// Ground is the circumstance of an id, nil for none.
func (b *Book) Ground(id string) *Circumstance {
	if b == nil {
		return nil
	}
	return b.circumstance("", id)
}

// Find reads the id of a standard as people write it: the id, or the id before other words ("reg/30 抗拒监察").
func (b *Book) Find(s string) (ID, *Refusal) {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if b.Near(ID(word), Unverified) != nil {
		return ID(word), nil
	}
	return "", b.unknown(word)
}

// FindGround reads the id of a circumstance, or its title.
func (b *Book) FindGround(s string) (string, *Refusal) {
	var ids []string
	if b != nil {
		for _, c := range b.circumstances {
			if c.ID == s || c.Title == s {
				return c.ID, nil
			}
			ids = append(ids, c.ID)
		}
	}
	r := refuse(UnknownGround, "grounds", "ground", s, "near", nil)
	if b != nil {
		if guess := b.guess(s, ids); guess != "" {
			r.Args["near"] = say("penalty.near", "id", guess)
		}
	}
	return "", r
}

func (b *Book) unknown(id string) *Refusal {
	r := refuse(UnknownStandard, "standard", "id", id, "near", nil)
	if b != nil {
		if guess := b.guess(id, b.ids()); guess != "" {
			r.Args["near"] = say("penalty.near", "id", guess)
		}
	}
	return r
}

// span says when a standard holds.
func (s *Standard) span() Line {
	switch {
	case s.To == 0:
		return say("penalty.span.from", "from", s.From)
	case s.From == Unverified:
		return say("penalty.span.to", "to", s.To)
	}
	return say("penalty.span.both", "from", s.From, "to", s.To)
}

// Circumstances are those that bear on a standard; of "" all.
func (b *Book) Circumstances(id ID) []*Circumstance {
	if b == nil {
		return nil
	}
	var cs []*Circumstance
	for _, c := range b.circumstances {
		if id == "" || len(c.Of) == 0 || slices.Contains(c.Of, id) {
			cs = append(cs, c)
		}
	}
	return cs
}

func (b *Book) circumstance(of ID, id string) *Circumstance {
	for _, c := range b.Circumstances(of) {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (b *Book) ids() []string {
	ids := make([]ID, len(b.standards))
	for i, s := range b.standards {
		ids[i] = s.ID
	}
	return names(ids)
}

func names(ids []ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
