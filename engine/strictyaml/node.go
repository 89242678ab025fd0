// Package strictyaml reads the small, plain part of YAML that procedures and
// forms are written in, and keeps the line and column of everything it read.
// It is the only reader of YAML in the program.
//
// What a lawyer could misread is refused, with the reason: anchors, aliases,
// merge keys, tags, directives, a second document, a key written twice, tabs.
// Scalars stay text as written: 18.10 is "18.10", yes is "yes".
package strictyaml

import "dossier/engine/text"

// Kind says what a [Node] is.
type Kind int

// The kinds of a node. A value that is left empty, ~ and null are Null.
const (
	Null Kind = iota
	Scalar
	List
	Map
)

// Words are its name in a fault.
func (k Kind) Words() text.Words {
	switch k {
	case Scalar:
		return "a text"
	case List:
		return "a list"
	case Map:
		return "a map"
	default:
		return "nothing"
	}
}

// Node is one value of a document.
type Node struct {
	Kind Kind
	// Text is a scalar as written, without its quotes and with a quoted
	// text's escapes resolved. Of a Null it is what stood there: "", "~" or "null".
	Text string
	// Quoted says that a scalar stood in quotes or in a block (| or >), so
	// that it is a text whatever it looks like.
	Quoted bool
	// Items are a list's values.
	Items []*Node
	// Keys are a map's keys in the order in which they are written.
	Keys []Key
	// Path leads from the document's root to here: walk[1].actions[0].to.
	// The root's path is empty.
	Path string
	// Line and Col are where the value begins, from 1; Col counts
	// characters, not bytes. A value that is left empty stands where it was expected.
	Line, Col int

	root *Node
}

// Key is one key of a map with its own position.
type Key struct {
	Name      string
	Line, Col int
	Value     *Node
}

// Get is the value of a map's key: nil when n is nil, is no map or has no such key.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Keys {
		if n.Keys[i].Name == key {
			return n.Keys[i].Value
		}
	}
	return nil
}

// Empty says that nothing is written there: n is nil or Null.
func (n *Node) Empty() bool { return n == nil || n.Kind == Null }

// As is a map with these keys that stands where n stands.
func (n *Node) As(keys []Key) *Node {
	return &Node{Kind: Map, Keys: keys, Path: n.Path, Line: n.Line, Col: n.Col, root: n.root}
}
