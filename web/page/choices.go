package page

import (
	"net/url"
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

// With is the present address with one parameter changed, or taken out by "".
func (a *Ask) With(name, value string) string {
	q := url.Values{}
	for k, vs := range a.Request.URL.Query() {
		for _, v := range vs {
			if v != "" {
				q.Add(k, v)
			}
		}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return a.Request.URL.Path
	}
	return a.Request.URL.Path + "?" + q.Encode()
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
