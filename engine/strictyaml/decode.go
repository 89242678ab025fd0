package strictyaml

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dossier/engine/text"
)

// Decoder turns nodes into Go values by the `yaml` tags of their types, and collects what is wrong. A tag is
//
//	yaml:"KEY[,required][,keyed][,word=WORD][,into=FIELD]"    the value of a key, of a struct one of its fields
//	yaml:",inline"                               the keys of another struct, among these
//	yaml:",key"                                  the element's own key, of a list that is written as a map (keyed)
//	yaml:"KEY KEY,by-hand"                       keys that a [Decoder.After] of the struct reads
//	yaml:"-"                                     nothing that is written
//
// A key that is not written leaves its field as it is. A list of words may be one word.
type Decoder struct {
	*Reader
	ways  map[reflect.Type]Way
	match []func(reflect.Type) (Way, bool)
	after map[reflect.Type]func(n *Node, v any)
}

// Way reads a type that is written in a way of its own.
type Way struct {
	// Read puts what stands at the node into the value; word is the tag's.
	Read func(n *Node, v reflect.Value, word string)
	// Schema says in JSON Schema what may stand there.
	Schema func(s Schemas, t reflect.Type, word string) map[string]any
}

// NewDecoder reads nodes of the named file.
func NewDecoder(file string) *Decoder {
	return &Decoder{Reader: NewReader(file), ways: map[reflect.Type]Way{}, after: map[reflect.Type]func(*Node, any){}}
}

// Register gives T a way of its own to be read; read answers its value, schema what may stand there.
func Register[T any](d *Decoder, read func(n *Node) T, schema func(s Schemas) map[string]any) {
	d.ways[reflect.TypeFor[T]()] = Way{
		Read:   func(n *Node, v reflect.Value, _ string) { v.Set(reflect.ValueOf(read(n))) },
		Schema: func(s Schemas, _ reflect.Type, _ string) map[string]any { return schema(s) },
	}
}

// Words gives T, a text, the words that an editor offers. Whether others are wrong is a question of meaning.
func Words[T ~string](d *Decoder, words ...T) {
	Register(d, func(n *Node) T { return T(d.String(n)) }, Plain(map[string]any{"enum": words}))
}

// Plain is a schema that speaks of no other type.
func Plain(schema map[string]any) func(Schemas) map[string]any {
	return func(Schemas) map[string]any { return schema }
}

// Match gives the types that it knows a way of their own to be read.
func (d *Decoder) Match(match func(reflect.Type) (Way, bool)) { d.match = append(d.match, match) }

// After does what is to be done by hand once a struct's keys are read.
func After[T any](d *Decoder, f func(n *Node, v *T)) {
	d.after[reflect.TypeFor[T]()] = func(n *Node, v any) { f(n, v.(*T)) }
}

// Into reads a node into what the pointer points to.
func (d *Decoder) Into(n *Node, pointer any) {
	if n != nil {
		d.Value(n, reflect.ValueOf(pointer).Elem(), "")
	}
}

// Value reads a node into a value; word is that of the tag.
func (d *Decoder) Value(n *Node, v reflect.Value, word string) {
	if k, ok := d.way(v.Type()); ok {
		k.Read(n, v, word)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.String(n))
	case reflect.Int:
		v.SetInt(int64(d.Int(n)))
	case reflect.Bool:
		v.SetBool(d.Bool(n))
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.Value(n, p.Elem(), word)
		v.Set(p)
	case reflect.Slice:
		d.list(n, v, word)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		d.Each(n, func(key string, n *Node) {
			x := reflect.New(v.Type().Elem()).Elem()
			d.Value(n, x, word)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), x)
		})
	case reflect.Struct:
		d.Struct(n, v.Addr().Interface())
	default:
		panic("strictyaml: no way to read " + v.Type().String())
	}
}

func (d *Decoder) way(t reflect.Type) (Way, bool) {
	if k, ok := d.ways[t]; ok {
		return k, true
	}
	for _, m := range d.match {
		if k, ok := m(t); ok {
			return k, true
		}
	}
	return Way{}, false
}

// list reads a list; one word, or one number, is a list of one.
func (d *Decoder) list(n *Node, v reflect.Value, word string) {
	t := v.Type().Elem()
	items := []*Node{n}
	if _, own := d.way(t); n.Kind != Scalar || !own && t.Kind() != reflect.String && t.Kind() != reflect.Int {
		items = d.List(n)
	}
	v.SetZero()
	for _, item := range items {
		x := reflect.New(t).Elem()
		before := len(d.faults)
		d.Value(item, x, word)
		if len(d.faults) > before && (t.Kind() == reflect.String || t.Kind() == reflect.Int) {
			continue
		}
		v.Set(reflect.Append(v, x))
	}
}

// Each reads a map whose keys are ids, in the order of the file.
func (d *Decoder) Each(n *Node, read func(id string, n *Node)) {
	if n == nil {
		return
	}
	if n.Kind != Map {
		d.Fault(n, text.Say("a map is wanted, %s stands here", n.Kind.Words()), "write NAME: {…}, one a line")
		return
	}
	for _, k := range n.Keys {
		read(k.Name, k.Value)
	}
}

// Struct reads the keys of a map into the struct that the pointer points to, whatever way its type has of its own.
func (d *Decoder) Struct(n *Node, pointer any) {
	v := reflect.ValueOf(pointer).Elem()
	p := planOf(v.Type())
	if !d.Keys(n, p.keys...) {
		return
	}
	d.Require(n, p.required...)
	d.present(n, v)
}

// Present reads those keys of a map that the struct knows. It tells nothing of others, or of what is missing.
func (d *Decoder) Present(n *Node, pointer any) { d.present(n, reflect.ValueOf(pointer).Elem()) }

func (d *Decoder) present(n *Node, v reflect.Value) {
	p := planOf(v.Type())
	for _, f := range p.fields {
		for _, key := range f.keys {
			at := n.Get(key)
			switch {
			case at == nil || f.byHand:
			case f.keyed:
				d.keyed(at, v.FieldByIndex(f.index))
			default:
				d.Value(at, v.FieldByIndex(f.index), f.word)
			}
		}
	}
	for _, x := range p.inline {
		if after := d.after[x.t]; after != nil {
			after(n, v.FieldByIndex(x.index).Addr().Interface())
		}
	}
	if after := d.after[v.Type()]; after != nil {
		after(n, v.Addr().Interface())
	}
}

// keyed reads a map of ids into a list of structs that have their id in a field.
func (d *Decoder) keyed(n *Node, v reflect.Value) {
	t := v.Type().Elem()
	p := planOf(t)
	d.Each(n, func(id string, n *Node) {
		x := reflect.New(t).Elem()
		x.FieldByIndex(p.key).SetString(id)
		d.Value(n, x, "")
		v.Set(reflect.Append(v, x))
	})
}

// plan is how a struct is read.
type plan struct {
	fields   []planned
	keys     []string // all that may be written
	required []string
	key      []int // the field of the element's own key
	inline   []inlined
}

type planned struct {
	keys   []string
	index  []int
	word   string
	keyed  bool
	byHand bool
}

type inlined struct {
	t     reflect.Type
	index []int
}

var plans sync.Map // reflect.Type to *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{}
	p.add(t, nil)
	plans.Store(t, p)
	return p
}

// add plans the fields of a struct that stands at an index of the planned one.
func (p *plan) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		index := append(slices.Clone(at), i)
		x := planned{keys: strings.Fields(name), index: index}
		for o := range strings.SplitSeq(options, ",") {
			switch o {
			case "":
			case "inline":
				p.inline = append(p.inline, inlined{f.Type, index})
				p.add(f.Type, index)
			case "key":
				p.key = index
			case "keyed":
				x.keyed = true
			case "by-hand":
				x.byHand = true
			case "required":
				p.required = append(p.required, name)
			default:
				if field, ok := strings.CutPrefix(o, "into="); ok {
					inner, _ := f.Type.FieldByName(field)
					x.index = append(slices.Clone(index), inner.Index...)
					continue
				}
				word, ok := strings.CutPrefix(o, "word=")
				if !ok {
					panic(fmt.Sprintf("strictyaml: %s.%s: no option %s", t, f.Name, strconv.Quote(o)))
				}
				x.word = word
			}
		}
		if name != "" && name != "-" {
			p.fields = append(p.fields, x)
			p.keys = append(p.keys, x.keys...)
		}
	}
}

// KeysOf are the keys that may be written of a struct.
func KeysOf[T any]() []string { return slices.Clone(planOf(reflect.TypeFor[T]()).keys) }
