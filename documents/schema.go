package documents

import (
	"reflect"

	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// Schema is the JSON Schema of a form's file, ValuesSchema that of a dictionary.
func Schema() []byte {
	return patterns.Schema(strictyaml.Schema[form](newFile(original{}, &strictyaml.Node{}).Decoder, "表格 form"), "form", "version")
}

// ValuesSchema is the JSON Schema of a dictionary's file.
func ValuesSchema() []byte {
	f := newFile(original{}, &strictyaml.Node{})
	strictyaml.Register(f.Decoder, func(*strictyaml.Node) []dictionaryValue { return nil }, func(s strictyaml.Schemas) map[string]any {
		return map[string]any{"type": "array", "items": keyed(s, "value", ofValue, "value", "zh", "type")}
	})
	return strictyaml.Schema[struct {
		Values []dictionaryValue `yaml:"values,required"`
	}](f.Decoder, "共用栏目 values of the case")
}

// dictionaryValue stands for a value in the schema of a dictionary.
type dictionaryValue struct{}

// fieldsSchema offers a field, or a value by its id or with what differs.
func fieldsSchema(s strictyaml.Schemas) map[string]any {
	return map[string]any{"type": "array", "items": map[string]any{"anyOf": []any{
		map[string]any{"type": "string"}, heading, keyed(s, "value", differs, "value"), s.Struct(reflect.TypeFor[procedure.Field]())}}}
}

// heading is the schema of a heading among fields.
var heading = map[string]any{"type": "object", "properties": map[string]any{"heading": map[string]any{"type": "string"}, "en": map[string]any{"type": "string"}},
	"required": []string{"heading", "en"}, "additionalProperties": false}

// keyed is the schema of some keys of a field behind an id of another name.
func keyed(s strictyaml.Schemas, id string, keys []string, required ...string) map[string]any {
	properties := map[string]any{id: map[string]any{"type": "string"}}
	for _, key := range keys {
		properties[key] = strictyaml.KeySchema(s, reflect.TypeFor[procedure.Field](), key)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// originSchema offers where a value comes from.
func originSchema(s strictyaml.Schemas) map[string]any {
	return map[string]any{"anyOf": []any{map[string]any{"enum": []string{"today", "day", "me"}}, s.Struct(reflect.TypeFor[procedure.Known]())}}
}
