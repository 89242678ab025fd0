package text

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Words are a sentence for whoever writes a file: its English form and what stands in its places, apart, so that it can be told in
// either language. A text without places is its own form; another is made by [Say]. Words are compared as strings.
type Words string

// mark begins Words that have something in their places.
const mark = "\x00"

//go:embed faults.txt
var faults string

// chinese holds the Chinese form of each English one.
var chinese, _ = readPairs(faults)

// readPairs reads a catalogue of two lines each: the English form, and the Chinese one indented below it. Their places are %s and %q,
// or %[2]s where the order is another. Empty lines are left out. It reads on after a fault and tells the first.
func readPairs(data string) (map[string]string, error) {
	out, form := map[string]string{}, ""
	var fault error
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\r\n")
		told, below := strings.CutPrefix(line, "  ")
		_, twice := out[form]
		switch {
		case line == "":
		case !below && form == "":
			form = line
		case below && form != "" && !twice:
			out[form], form = told, ""
		case fault == nil:
			fault = fmt.Errorf("text: %q stands twice, or without its other line", line)
		}
	}
	if fault == nil && form != "" {
		fault = fmt.Errorf("text: %q has no line below it", form)
	}
	return out, fault
}

// Say is a form with its places filled: %s, or %q for what was written in the file. An argument may be Words itself.
func Say(form string, args ...any) Words {
	told := []any{form}
	for _, a := range args {
		if w, ok := a.(Words); ok {
			told = append(told, []string{string(w)})
		} else {
			told = append(told, fmt.Sprint(a))
		}
	}
	b, err := json.Marshal(told)
	if err != nil {
		panic(err) // texts and lists of texts
	}
	return Words(mark + string(b))
}

// Said is a text of a person or another program, told as it is.
func Said(s string) Words { return Say("%s", s) }

// String is the sentence in English, as programs log it.
func (w Words) String() string { return w.In(EN) }

// In is the sentence in a language.
func (w Words) In(l Lang) string {
	form, args := string(w), []any(nil)
	if packed, ok := strings.CutPrefix(form, mark); ok {
		var told []any
		if json.Unmarshal([]byte(packed), &told) != nil || len(told) == 0 {
			return packed
		}
		form, args = fmt.Sprint(told[0]), told[1:]
		for i, a := range args {
			if inner, ok := a.([]any); ok {
				args[i] = Words(fmt.Sprint(inner...)).In(l)
			}
		}
	}
	if zh := chinese[form]; zh != "" && l.known() == ZH {
		form = zh
	}
	if len(args) == 0 {
		return form
	}
	return fmt.Sprintf(form, args...)
}

// Spoken is an error that knows its own words in either language.
type Spoken interface {
	error
	Speaker
}

// Told is an error in a language where it, or what it comes from, speaks it; otherwise as it is.
func Told(l Lang, err error) string {
	var s Spoken
	if errors.As(err, &s) {
		return s.In(l)
	}
	return err.Error()
}
