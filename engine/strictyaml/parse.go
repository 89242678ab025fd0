package strictyaml

import (
	"errors"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"dossier/engine/text"
)

const (
	maxBytes  = 4 << 20 // of one file
	maxDepth  = 64      // lists and maps inside each other
	maxTokens = 100_000 // words and marks: the parser's time grows faster than their number
	maxFaults = 100     // told of one file's syntax
)

// Parse reads one document. Its error is always [text.Faults]. An empty file is a
// Null node at 1:1.
func Parse(file string, data []byte) (root *Node, err error) {
	if len(data) > maxBytes {
		return nil, text.Faults{{File: file, Line: 1, Col: 1, Message: text.Say("the file has %s bytes, more than %s MiB", len(data), maxBytes>>20), Hint: "split it"}}
	}
	src, faults := read(file, data)
	if len(faults) > 0 {
		return nil, faults.Err()
	}
	// The parser below is somebody else's: what it trips over is the file's fault.
	defer func() {
		if recover() != nil {
			root, err = nil, text.Faults{src.fault(1, 1, "the file can't be read as YAML", "look for an unclosed bracket or quote")}
		}
	}()
	tokens := lexer.Tokenize(src.text())
	if len(tokens) > maxTokens {
		return nil, text.Faults{src.fault(1, 1, text.Say("the file has more than %s words and marks", maxTokens), "split it")}
	}
	if faults := refused(src, tokens); len(faults) > 0 {
		return nil, faults.Err()
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, text.Faults{syntax(src, err)}
	}
	b := builder{source: src}
	for i, doc := range parsed.Docs {
		if i == 0 {
			root = b.document(doc)
			continue
		}
		tk := doc.GetToken()
		if doc.Start != nil {
			tk = doc.Start
		}
		line, col := b.at(tk)
		b.faults = append(b.faults, src.fault(line, col, "a second document", "one file holds one document: take out ---"))
		break
	}
	if len(b.faults) > 0 {
		return nil, b.faults.Err()
	}
	if root == nil {
		root = &Node{Line: 1, Col: 1}
	}
	root.adopt(root)
	return root, nil
}

// refused finds what is not allowed wherever it stands, and nesting that is
// too deep, before the parser recurses into it.
func refused(src source, tokens token.Tokens) text.Faults {
	var faults text.Faults
	refuse := func(tk *token.Token, message, hint text.Words) {
		if len(faults) < maxFaults {
			faults = append(faults, src.fault(tk.Position.Line, tk.Position.Column, message, hint))
		}
	}
	var flow int
	var blocks []int // columns of the open block lists and maps
	for i, tk := range tokens {
		if tk.Type == token.InvalidType {
			continue // the parser tells it better
		}
		switch tk.Type {
		case token.AnchorType:
			refuse(tk, "an anchor (&)", "write the value where it is used; a text that begins with & needs quotes")
		case token.AliasType:
			refuse(tk, "an alias (*)", "write the value out; a text that begins with * needs quotes")
		case token.MergeKeyType:
			refuse(tk, "a merge key (<<)", "write the keys out")
		case token.TagType:
			refuse(tk, "a tag (!)", "write the value without it; a text that begins with ! needs quotes")
		case token.DirectiveType:
			refuse(tk, "a directive (%)", "take it out; a text that begins with % needs quotes")
		case token.MappingKeyType:
			refuse(tk, "a question mark for a key (?)", "write key: value; a text that begins with ? needs quotes")
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		case token.SequenceEntryType:
			blocks = open(blocks, tk.Position.Column)
		case token.MappingValueType:
			if flow == 0 && i > 0 {
				blocks = open(blocks, tokens[i-1].Position.Column)
			}
		case token.StringType:
			if runsOn(tk) {
				refuse(tk, "a list item that is indented deeper than the one before it", "give the items of one list the same indentation; a text that begins with - needs quotes")
			}
		}
		if flow+len(blocks) > maxDepth {
			refuse(tk, text.Say("more than %s lists and maps inside each other", maxDepth), "")
			break
		}
	}
	return faults
}

// open closes the blocks that are indented deeper than col and opens one there.
func open(blocks []int, col int) []int {
	for len(blocks) > 0 && blocks[len(blocks)-1] >= col {
		blocks = blocks[:len(blocks)-1]
	}
	return append(blocks, col)
}

// runsOn says that a plain text goes on over a line that looks like an item.
func runsOn(tk *token.Token) bool {
	if tk.Prev != nil && (tk.Prev.Type == token.LiteralType || tk.Prev.Type == token.FoldedType) {
		return false
	}
	lines := strings.Split(strings.TrimSpace(tk.Origin), "\n")
	for _, line := range lines[1:] {
		if line = strings.TrimLeft(line, " "); line == "-" || strings.HasPrefix(line, "- ") {
			return true
		}
	}
	return false
}

// syntax makes a fault of the parser's error.
func syntax(src source, err error) text.Fault {
	var told interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &told) || told.GetToken() == nil || told.GetToken().Position == nil {
		return src.fault(1, 1, "the file can't be read as YAML", text.Said(strings.SplitN(err.Error(), "\n", 2)[0]))
	}
	what, do := text.Say("this is no YAML: %s", told.GetMessage()), text.Words("")
	switch message := told.GetMessage(); {
	case strings.Contains(message, "mapping value is not allowed"):
		what, do = "a second colon makes this a key", `a text that contains ": " needs quotes`
	case strings.Contains(message, "reserved character"):
		what, do = "it begins with a mark that YAML keeps for itself", "a text that begins with it needs quotes"
	case strings.Contains(message, "must be specified"), strings.HasSuffix(message, "not found"):
		what, do = "a bracket is not closed, or a comma is missing", "look for an unclosed bracket or quote"
	case strings.Contains(message, "could not find end"):
		what, do = "a quote is not closed", "look for an unclosed bracket or quote"
	case strings.Contains(message, "not allowed in this context"), strings.Contains(message, "non-map value"):
		what, do = "this can't stand here", "check the indentation of this line and the one before it"
	}
	p := told.GetToken().Position
	return src.fault(p.Line, p.Column, what, do)
}

// builder turns the parser's tree into nodes.
type builder struct {
	source
	faults text.Faults
}

func (b *builder) refuse(line, col int, path string, message, hint text.Words) {
	f := b.fault(line, col, message, hint)
	f.Path = path
	b.faults = append(b.faults, f)
}

// at is a token's position, kept inside the text.
func (b *builder) at(tk *token.Token) (line, col int) {
	if tk == nil || tk.Position == nil {
		return 1, 1
	}
	return b.clamp(tk.Position.Line, tk.Position.Column)
}

func (b *builder) document(doc *ast.DocumentNode) *Node {
	if doc == nil || doc.Body == nil {
		return nil
	}
	return b.node(doc.Body, "", nil)
}

// node builds the node of n at path; before is the token that it follows.
func (b *builder) node(n ast.Node, path string, before *token.Token) *Node {
	tk := n.GetToken()
	out := &Node{Path: path}
	out.Line, out.Col = b.at(tk)
	switch n := n.(type) {
	case *ast.MappingNode:
		out.Kind = Map
		b.keys(out, n.Values)
		if !n.IsFlowStyle && len(out.Keys) > 0 {
			out.Line, out.Col = out.Keys[0].Line, out.Keys[0].Col
		}
	case *ast.MappingValueNode:
		out.Kind = Map
		b.keys(out, []*ast.MappingValueNode{n})
		if len(out.Keys) > 0 {
			out.Line, out.Col = out.Keys[0].Line, out.Keys[0].Col
		}
	case *ast.SequenceNode:
		out.Kind = List
		for i, v := range n.Values {
			after := tk
			if i < len(n.Entries) {
				after = n.Entries[i].Start
			}
			out.Items = append(out.Items, b.node(v, path+"["+strconv.Itoa(i)+"]", after))
		}
	case *ast.NullNode:
		out.Text = written(tk)
	case *ast.LiteralNode:
		out.Kind, out.Quoted, out.Text = Scalar, true, n.Value.Value
	case ast.ScalarNode:
		out.Kind, out.Text = Scalar, tk.Value
		out.Quoted = tk.Type == token.DoubleQuoteType || tk.Type == token.SingleQuoteType
		// Of a plain text over several lines the parser tells the last line.
		if !out.Quoted && before != nil && strings.Contains(strings.TrimSpace(tk.Origin), "\n") {
			line, col := b.at(before)
			out.Line, out.Col = b.next(line, col+1)
		}
	default:
		b.refuse(out.Line, out.Col, path, text.Say("a %s can't stand here", n.Type()), "")
	}
	return out
}

// written is a null as it stands in the text; one that is left empty has a
// token that the parser made up.
func written(tk *token.Token) string {
	if strings.TrimSpace(tk.Origin) == tk.Value && tk.Type == token.NullType {
		return tk.Value
	}
	return ""
}

// keys adds the pairs to a map.
func (b *builder) keys(out *Node, pairs []*ast.MappingValueNode) {
	seen := make(map[string]int, len(pairs))
	for _, pair := range pairs {
		tk := pair.Key.GetToken()
		line, col := b.at(tk)
		name := tk.Value
		path := name
		if out.Path != "" {
			path = out.Path + "." + name
		}
		if first, ok := seen[name]; ok {
			b.refuse(line, col, path, text.Say("key %q is written twice", name), text.Say("it stands in line %s already", first))
			continue
		}
		seen[name] = line
		switch pair.Key.(type) {
		case *ast.NullNode, *ast.MappingKeyNode, *ast.MergeKeyNode:
			b.refuse(line, col, path, text.Say("%q can't be a key", name), "put it in quotes")
			continue
		}
		if pair.Start == nil || pair.Start.Type != token.MappingValueType {
			b.refuse(line, col, path, text.Say("key %q has no value", name), "write key: value, or a list in []")
			continue
		}
		out.Keys = append(out.Keys, Key{Name: name, Line: line, Col: col, Value: b.node(pair.Value, path, pair.Start)})
	}
}

// adopt tells every node its root.
func (n *Node) adopt(root *Node) {
	n.root = root
	for _, item := range n.Items {
		item.adopt(root)
	}
	for _, key := range n.Keys {
		key.Value.adopt(root)
	}
}
