package strictyaml

import (
	"encoding/json"
	"reflect"
	"slices"
)

// Schemas answers the JSON Schema of a type, as a decoder reads it.
type Schemas interface {
	Of(t reflect.Type, word string) map[string]any
	// Struct is that of a struct's keys, whatever way it has of its own.
	Struct(t reflect.Type) map[string]any
}

// schema collects the definitions of the structs that a schema speaks of.
type schema struct {
	d    *Decoder
	defs map[string]any
}

// Schema is the JSON Schema (2020-12) of what this decoder reads into a value of T, for an editor: it offers the keys and
// marks what is no key or lacks one. What words mean beside each other only the reader itself checks.
func Schema[T any](d *Decoder, title string) []byte {
	s := &schema{d, map[string]any{}}
	root := s.object(reflect.TypeFor[T]())
	out := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, "$defs": s.defs}
	for k, v := range root {
		out[k] = v
	}
	data, _ := json.MarshalIndent(out, "", "  ")
	return append(data, '\n')
}

// Of is the schema of one type.
func (s *schema) Of(t reflect.Type, word string) map[string]any {
	if k, ok := s.d.way(t); ok {
		return k.Schema(s, t, word)
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": []string{"string", "number", "boolean"}}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Pointer:
		return s.Of(t.Elem(), word)
	case reflect.Slice:
		item := s.Of(t.Elem(), word)
		list := map[string]any{"type": "array", "items": item}
		if t.Elem().Kind() == reflect.Struct {
			return list
		}
		return map[string]any{"anyOf": []any{item, list}}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.Of(t.Elem(), word)}
	}
	return s.Struct(t)
}

// Struct is the schema of a struct's keys.
func (s *schema) Struct(t reflect.Type) map[string]any {
	name := t.Name()
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = nil // it may speak of itself
		s.defs[name] = s.object(t)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (s *schema) object(t reflect.Type) map[string]any {
	p := planOf(t)
	properties := map[string]any{}
	for _, key := range p.keys {
		properties[key] = KeySchema(s, t, key)
	}
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(p.required) > 0 {
		o["required"] = p.required
	}
	return o
}

// KeySchema is the schema of what may stand under one key of a struct; that of a key which is read by hand allows anything.
func KeySchema(s Schemas, t reflect.Type, key string) map[string]any {
	for _, f := range planOf(t).fields {
		switch field := t.FieldByIndex(f.index).Type; {
		case !slices.Contains(f.keys, key):
		case f.byHand:
			return map[string]any{}
		case f.keyed:
			return map[string]any{"type": "object", "additionalProperties": s.Of(field.Elem(), "")}
		default:
			return s.Of(field, f.word)
		}
	}
	return map[string]any{}
}
