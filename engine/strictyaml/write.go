package strictyaml

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// plain is a text that needs no quotes wherever it stands, if it has no colon before a space or at its end.
var plain = regexp.MustCompile(`^(-?[0-9]+|[\p{L}\p{N}](?:[^,\[\]{}"'\\#\p{C}\p{Z}]| )*)$`)

// width is how long a line may be that holds a list or a map in brackets.
const width = 120

// Write is a document's text again, which [Parse] reads as the same values: short lists and maps in brackets, the rest a
// line each. Remarks are lost.
func Write(n *Node) []byte {
	var b strings.Builder
	block(&b, n, 0)
	return []byte(b.String())
}

// block writes a value that begins on a line of its own.
func block(b *strings.Builder, n *Node, indent int) {
	space := strings.Repeat(" ", indent)
	switch {
	case n.Kind == Map && len(n.Keys) > 0:
		for _, k := range n.Keys {
			if strings.HasSuffix(b.String(), "\n") { // else behind the dash of an item
				b.WriteString(space)
			}
			b.WriteString(word(k.Name, strings.Contains(k.Name, ":")) + ":")
			under(b, k.Value, indent+2, utf8.RuneCountInString(k.Name)+indent+2)
		}
	case n.Kind == List && len(n.Items) > 0:
		for _, item := range n.Items {
			b.WriteString(space + "-")
			if text := flow(item); item.Kind != Map || short(item, text, indent+2) {
				b.WriteString(" " + text + "\n")
				continue
			}
			b.WriteByte(' ')
			block(b, item, indent+2)
		}
	default:
		b.WriteString(space + flow(n) + "\n")
	}
}

// under writes the value of a key.
func under(b *strings.Builder, n *Node, indent, used int) {
	if text := flow(n); n.Kind < List || len(n.Items)+len(n.Keys) == 0 || short(n, text, used) {
		b.WriteString(" " + text + "\n")
		return
	}
	b.WriteByte('\n')
	block(b, n, indent)
}

// short tells whether a list or a map is better read in brackets.
func short(n *Node, text string, used int) bool {
	return utf8.RuneCountInString(text)+used <= width && n.Get("do") == nil && n.Get("actions") == nil
}

// flow writes a value in one line.
func flow(n *Node) string {
	switch n.Kind {
	case Map:
		parts := make([]string, len(n.Keys))
		for i, k := range n.Keys {
			parts[i] = word(k.Name, strings.Contains(k.Name, ":")) + ": " + flow(k.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case List:
		parts := make([]string, len(n.Items))
		for i, item := range n.Items {
			parts[i] = flow(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Scalar:
		return word(n.Text, n.Quoted)
	}
	return "null"
}

// word writes a text, in quotes where it had some or could be read as something else.
func word(text string, quoted bool) string {
	if !quoted && plain.MatchString(text) && !strings.Contains(text+" ", ": ") && text == strings.TrimSpace(text) && !strings.EqualFold(text, "null") {
		return text
	}
	return strconv.Quote(text)
}
