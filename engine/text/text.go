// Package text is how the program speaks: messages in Chinese and English,
// amounts of money, Chinese numerals and citations of law.
//
// The messages stand in zh.txt and en.txt, one a line: `key: text`, with
// arguments as {name}. Both files have the same keys and arguments.
package text

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Lang is a language of the program.
type Lang string

// The languages. Chinese is the one that is used where another is not known.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Args are a message's arguments by name.
type Args map[string]any

// Speaker is an argument that knows its own words, such as a title in two languages.
type Speaker interface{ In(Lang) string }

var (
	//go:embed zh.txt
	zh string
	//go:embed en.txt
	en string
)

// catalogues hold the messages; a fault of the files fails the package's tests.
var catalogues = func() map[Lang]map[string]string {
	out := map[Lang]map[string]string{}
	for lang, data := range map[Lang]string{ZH: zh, EN: en} {
		out[lang], _ = Read(data)
	}
	return out
}()

// T is the message of a key in a language. Arguments are pairs of a name and
// a value, or [Args]:
//
//	T(ZH, "fact-in-future", "day", d, "today", t)
//
// A list is joined by 、 or a comma; a [Speaker] speaks the message's
// language. A key without a message is its own message, and an argument that
// isn't given stays as {name}, so that what is missing can be seen.
func T(lang Lang, key string, args ...any) string {
	message, ok := catalogues[lang.known()][key]
	if !ok {
		return key
	}
	return Fill(lang, message, args...)
}

// afterOne finds the plural that English messages write after a number, where the number is one.
var afterOne = regexp.MustCompile(`^((?: working)? (?:day|month|case|worker))s\b`)

// Fill puts arguments into a message that [Read] has read from any catalogue, as [T] does into its own.
func Fill(lang Lang, message string, args ...any) string {
	named := Args{}
	for i := 0; i < len(args); i++ {
		switch a := args[i].(type) {
		case Args:
			maps.Copy(named, a)
		case string:
			if i++; i < len(args) {
				named[a] = args[i]
			}
		}
	}
	var b strings.Builder
	one := false // the value before is 1
	for before, name := range arguments(message) {
		if one && lang == EN {
			before = afterOne.ReplaceAllString(before, "$1")
		}
		b.WriteString(before)
		if one = false; name == "" {
			continue
		}
		if value, ok := named[name]; ok {
			said := lang.say(value)
			one = said == "1"
			b.WriteString(said)
		} else {
			b.WriteString("{" + name + "}")
		}
	}
	return b.String()
}

// Has says whether a key has a message.
func Has(key string) bool {
	_, ok := catalogues[ZH][key]
	return ok
}

// Keys are the keys of a language's messages, sorted.
func Keys(lang Lang) []string { return slices.Sorted(maps.Keys(catalogues[lang.known()])) }

// Arguments are the names of the arguments that a key's message takes, sorted, each once.
func Arguments(lang Lang, key string) []string {
	var out []string
	for _, name := range arguments(catalogues[lang.known()][key]) {
		if name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (l Lang) known() Lang {
	if l == EN {
		return EN
	}
	return ZH
}

// say is an argument's value in words.
func (l Lang) say(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case Speaker:
		return v.In(l.known())
	case string:
		return v
	case []string:
		if l.known() == ZH {
			return strings.Join(v, "、")
		}
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// arguments cuts a message into texts, each with the argument that follows
// it; the last has none.
func arguments(message string) func(yield func(before, name string) bool) {
	return func(yield func(before, name string) bool) {
		for {
			before, rest, ok := strings.Cut(message, "{")
			name, after, closed := strings.Cut(rest, "}")
			if !ok || !closed {
				yield(message, "")
				return
			}
			if !yield(before, name) {
				return
			}
			message = after
		}
	}
}

// Read reads a catalogue: `key: text` a line, the text with its spaces; empty
// lines and lines that begin with # are left out. It reads on after a fault and
// tells the first.
func Read(data string) (map[string]string, error) {
	out := map[string]string{}
	var fault error
	number := 0
	for line := range strings.Lines(data) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		key, message, ok := strings.Cut(line, ": ")
		_, twice := out[key]
		if !ok || message == "" || twice || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789-./") != "" {
			if fault == nil {
				fault = fmt.Errorf("text: line %d: %q is no `key: text`, or is there twice", number, line)
			}
			continue
		}
		out[key] = message
	}
	return out, fault
}

// Runes shows characters that can't be printed: one that is private to some font, which nobody else sees, by its code.
func Runes(rs []rune) string {
	var b strings.Builder
	for _, r := range rs {
		if unicode.Is(unicode.Co, r) {
			fmt.Fprintf(&b, "U+%04X ", r)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}
