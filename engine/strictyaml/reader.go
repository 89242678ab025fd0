package strictyaml

import (
	"slices"
	"strconv"
	"strings"

	"dossier/engine/text"
)

// Reader decodes nodes and collects what is wrong with them, so that one
// reading tells every fault of a file. Its methods take a nil node, which
// means a key that is not written, and answer the zero value without a fault.
type Reader struct {
	file   string
	faults text.Faults
	root   *Node
	places map[string]*Node
}

// NewReader reads nodes of the named file; the name stands in the faults.
func NewReader(file string) *Reader { return &Reader{file: file} }

// Fault notes a fault at a node; a nil node has no place.
func (r *Reader) Fault(n *Node, message, hint text.Words) {
	f := text.Fault{File: r.file, Message: message, Hint: hint}
	if n != nil {
		r.see(n)
		f.Line, f.Col, f.Path = n.Line, n.Col, n.Path
	}
	r.faults = append(r.faults, f)
}

// FaultAt notes a fault at a path, which need not be written; see [Reader.At].
func (r *Reader) FaultAt(path string, message, hint text.Words) {
	line, col := r.At(path)
	r.faults = append(r.faults, text.Fault{File: r.file, Line: line, Col: col, Path: path, Message: message, Hint: hint})
}

// Keys checks that a node is a map with no other keys than the allowed ones.
// An unknown key is a fault at the key's own position. The answer is whether
// it is a map.
func (r *Reader) Keys(n *Node, allowed ...string) bool {
	if !r.is(n, Map) {
		return false
	}
	known := make(map[string]bool, len(allowed))
	for _, a := range allowed {
		known[a] = true
	}
	for _, k := range n.Keys {
		if !known[k.Name] {
			r.faults = append(r.faults, text.Fault{File: r.file, Line: k.Line, Col: k.Col, Path: k.Value.Path,
				Message: text.Say("no key %q here", k.Name), Hint: Offer(k.Name, allowed)})
		}
	}
	return true
}

// Require notes a fault for each key that a map must have and has not, or has empty.
func (r *Reader) Require(n *Node, keys ...string) {
	if n == nil || n.Kind != Map {
		return
	}
	for _, key := range keys {
		switch v := n.Get(key); {
		case v == nil:
			r.Fault(n, text.Say("key %q is missing", key), "")
		case v.Kind == Null:
			r.Fault(v, text.Say("key %q is empty", key), "")
		}
	}
}

// String is a scalar's text.
func (r *Reader) String(n *Node) string {
	if !r.is(n, Scalar) {
		return ""
	}
	return n.Text
}

// Int is a whole number, written in decimal without quotes, sign + or leading zeros.
func (r *Reader) Int(n *Node) int {
	if !r.is(n, Scalar) {
		return 0
	}
	i, err := strconv.Atoi(n.Text)
	if err != nil || n.Quoted || strconv.Itoa(i) != n.Text {
		r.Fault(n, text.Say("a whole number is wanted, not %q", n.Text), "")
		return 0
	}
	return i
}

// Bool is true or false, without quotes; yes, no, on and off are texts.
func (r *Reader) Bool(n *Node) bool {
	if !r.is(n, Scalar) {
		return false
	}
	if n.Quoted || n.Text != "true" && n.Text != "false" {
		r.Fault(n, text.Say("true or false is wanted, not %q", n.Text), "")
	}
	return !n.Quoted && n.Text == "true"
}

// Strings are the texts of a list, or the one text of a scalar.
func (r *Reader) Strings(n *Node) []string {
	if n != nil && n.Kind == Scalar {
		return []string{r.String(n)}
	}
	items := r.List(n)
	if len(items) == 0 {
		return nil
	}
	out := make([]string, 0, len(items))
	for _, item := range items {
		if r.is(item, Scalar) {
			out = append(out, item.Text)
		}
	}
	return out
}

// List is a list's items.
func (r *Reader) List(n *Node) []*Node {
	if !r.is(n, List) {
		return nil
	}
	return n.Items
}

// Err is every fault noted so far as [text.Faults] in the order of the text, each once, or nil.
func (r *Reader) Err() error {
	faults := slices.Clone(r.faults)
	faults.Sort()
	return slices.Compact(faults).Err()
}

// At is the position of a path in the document that this reader has been
// shown a node of. Of a path that is not written it is that of the nearest
// parent which is; 0, 0 before any node was shown.
func (r *Reader) At(path string) (line, col int) {
	if r.root == nil {
		return 0, 0
	}
	if r.places == nil {
		r.places = map[string]*Node{}
		r.root.index(r.places)
	}
	for {
		if n, ok := r.places[path]; ok {
			return n.Line, n.Col
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return r.root.Line, r.root.Col
		}
		path = path[:cut]
	}
}

// is notes a fault when a node that is written is not of a kind.
func (r *Reader) is(n *Node, want Kind) bool {
	if n == nil {
		return false
	}
	r.see(n)
	if n.Kind != want {
		r.Fault(n, text.Say("%s is wanted, %s stands here", want.Words(), n.Kind.Words()), "")
	}
	return n.Kind == want
}

// see remembers the document that a node belongs to.
func (r *Reader) see(n *Node) {
	if r.root == nil && n.root != nil {
		r.root = n.root
	}
}

// index notes each path's node; of two alike the first in the text stays.
func (n *Node) index(places map[string]*Node) {
	if _, ok := places[n.Path]; !ok {
		places[n.Path] = n
	}
	for _, item := range n.Items {
		item.index(places)
	}
	for _, k := range n.Keys {
		k.Value.index(places)
	}
}
