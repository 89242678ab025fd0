package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"dossier/engine/text"
)

// node is one JSON value and where it stands.
type node struct {
	offset int    // in bytes
	kind   string // "a text", "a number", "a truth value", "nothing", "a list" or "an object"
	value  any    // string, json.Number or bool
	list   []*node
	fields []field
}

// field is one key of an object, in the file's order.
type field struct {
	key    string
	offset int
	value  *node
}

const (
	maxFile  = 1 << 20 // bytes; a year's schedule has two thousand
	maxDepth = 8       // a schedule needs four
)

var errDeep = errors.New("nested too deep")

// parse reads the whole file into a node; nil, with a fault, when it isn't JSON.
func (r *scheduleReader) parse() *node {
	if len(r.data) > maxFile {
		r.fault(0, "more than 1 MiB", "give the schedule of one year")
		return nil
	}
	if !utf8.Valid(r.data) {
		r.fault(0, "not UTF-8", "save the file as UTF-8")
		return nil
	}
	p := &parser{data: r.data, decoder: json.NewDecoder(bytes.NewReader(r.data))}
	p.decoder.UseNumber()
	root, err := p.node(maxDepth)
	if err == nil {
		if _, err = p.token(); err == io.EOF {
			return root
		}
		r.fault(p.offset, "something after the end", "one file holds one schedule")
		return nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		r.fault(max(int(syntax.Offset)-1, p.offset), text.Say("this is no JSON: %s", syntax), "correct the JSON here")
	case err == errDeep:
		r.fault(p.offset, "nested too deep", "a schedule has three levels")
	default:
		r.fault(len(r.data), "the file ends too early", "close what is open")
	}
	return nil
}

// parser reads tokens and knows where each begins.
type parser struct {
	data    []byte
	decoder *json.Decoder
	offset  int // of the last token
}

func (p *parser) token() (json.Token, error) {
	start := int(p.decoder.InputOffset())
	for start < len(p.data) && bytes.IndexByte([]byte(" \t\r\n,:"), p.data[start]) >= 0 {
		start++
	}
	p.offset = start
	return p.decoder.Token()
}

// node reads one value, whole.
func (p *parser) node(depth int) (*node, error) {
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	n := &node{offset: p.offset, value: token}
	switch token {
	case json.Delim('{'):
		n.kind = "an object"
	case json.Delim('['):
		n.kind = "a list"
	default:
		switch token.(type) {
		case string:
			n.kind = "a text"
		case bool:
			n.kind = "a truth value"
		case nil:
			n.kind = "nothing"
		default:
			n.kind = "a number"
		}
		return n, nil
	}
	if depth == 0 {
		return nil, errDeep
	}
	for p.decoder.More() {
		f := field{}
		if n.kind == "an object" {
			key, err := p.token()
			if err != nil {
				return nil, err
			}
			f.key, _ = key.(string)
			f.offset = p.offset
		}
		if f.value, err = p.node(depth - 1); err != nil {
			return nil, err
		}
		if n.kind == "an object" {
			n.fields = append(n.fields, f)
		} else {
			n.list = append(n.list, f.value)
		}
	}
	_, err = p.token() // the closing bracket
	return n, err
}

// position is the line and the column, in characters, of an offset in bytes; both from 1.
func position(data []byte, offset int) (line, col int) {
	before := data[:min(offset, len(data))]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
