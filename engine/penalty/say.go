package penalty

import (
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/text"
)

// Line is one sentence of a working or a reason: a message of the catalogues with its arguments. Words of the data are
// their own key.
type Line struct {
	Key  string
	Args text.Args
}

// In is the sentence.
func (l Line) In(lang text.Lang) string { return text.T(lang, l.Key, l.Args) }

// Lines are several sentences, said one after the other.
type Lines []Line

// In is the sentences.
func (ls Lines) In(lang text.Lang) string {
	sep := ""
	if lang == text.EN {
		sep = " "
	}
	return strings.Join(Sentences(ls, lang), sep)
}

// say makes a line; args are pairs of a name and a value.
func say(key string, args ...any) Line {
	l := Line{key, text.Args{}}
	for i := 0; i+1 < len(args); i += 2 {
		l.Args[args[i].(string)] = args[i+1]
	}
	return l
}

// list says several things as one.
type list []text.Speaker

func (l list) In(lang text.Lang) string {
	parts := make([]string, len(l))
	for i, x := range l {
		parts[i] = x.In(lang)
	}
	if lang == text.EN {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

func speakers[T text.Speaker](of []T) list {
	var l list
	for _, x := range of {
		l = append(l, x)
	}
	return l
}

// Sentences are lines in words.
func Sentences(lines []Line, lang text.Lang) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.In(lang)
	}
	return out
}

// onPaper is a day as papers write it.
type onPaper calendar.Date

// In is the day: 2026年3月2日.
func (d onPaper) In(lang text.Lang) string {
	if lang == text.EN {
		return calendar.Date(d).String()
	}
	return calendar.Date(d).Han()
}
