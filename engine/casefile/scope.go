package casefile

import (
	"strings"
)

// Key tells the settings of one fact apart: the document, the respondent, the side walk that it was set for.
type Key struct {
	Doc, Respondent, Walk string
}

func ParseKey(s string) Key {
	if w, ok := strings.CutPrefix(s, "@"); ok {
		return Key{Walk: w}
	}
	d, r, _ := strings.Cut(s, "/")
	return Key{Doc: d, Respondent: r}
}

func (k Key) String() string {
	switch {
	case k.Walk != "":
		return "@" + k.Walk
	case k.Respondent != "":
		return k.Doc + "/" + k.Respondent
	}
	return k.Doc
}

// Meets tells whether two keys can be about the same thing: what both name is equal.
func (k Key) Meets(l Key) bool {
	same := func(a, b string) bool { return a == "" || b == "" || a == b }
	return same(k.Doc, l.Doc) && same(k.Respondent, l.Respondent) && same(k.Walk, l.Walk)
}
