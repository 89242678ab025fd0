package workflows

import (
	"reflect"

	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
)

// Schema is the JSON Schema of a procedure's file.
func Schema() []byte {
	return patterns.Schema(strictyaml.Schema[procedure.Definition](newReader("", nil).Decoder, "办案程序 procedure"), "workflow", "version")
}

// guardSchema offers the guards and what stands beside one.
func guardSchema(s strictyaml.Schemas) map[string]any {
	properties := map[string]any{"law": s.Of(reflect.TypeFor[[]procedure.Citation](), ""), "why": map[string]any{"type": "string"},
		"when": s.Of(reflect.TypeFor[*procedure.Test](), ""), "blocks": map[string]any{"type": "boolean"}, "finding": map[string]any{"type": "string"}}
	for name := range procedure.GuardArgs {
		properties[name] = map[string]any{}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// actionsSchema offers an action, or one that stands again.
func actionsSchema(s strictyaml.Schemas) map[string]any {
	again := map[string]any{"again": map[string]any{"type": "string"}}
	for _, key := range differs {
		again[key] = map[string]any{}
	}
	return map[string]any{"type": "array", "items": map[string]any{"anyOf": []any{
		map[string]any{"type": "string"},
		map[string]any{"type": "object", "properties": again, "required": []string{"again"}, "additionalProperties": false},
		s.Struct(reflect.TypeFor[procedure.Action]()),
	}}}
}
