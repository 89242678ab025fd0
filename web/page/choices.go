package page

import (
	"slices"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
)

// Named are the documents that a field may name.
func Named(f *procedure.Field, all []casefile.Issued) []casefile.Issued {
	var ds []casefile.Issued
	for _, d := range all {
		if d.Void == 0 && (len(f.Of) == 0 || slices.Contains(f.Of, d.Form)) {
			ds = append(ds, d)
		}
	}
	return ds
}

// Option is one choice of a list.
type Option struct {
	Value, Label, Sub string
	On                bool
}

// Yes reads a tick of an address.
func Yes(s string) bool { return s == "1" || s == "true" || s == "yes" || s == "on" }

// Cut is the beginning of a text, at most n characters.
func Cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Tab is one of several lists, reached by a link.
type Tab struct {
	ID, Title string
	Address   string
	Count     int
	Class     string // "red" or "amber" where the count is one of time
	Now       bool
}

type LinkView struct{ Text, Address string }

// Or is a text, or the other where it is empty.
func Or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
