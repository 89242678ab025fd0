package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/strictyaml"
)

// fits checks a node by the part of JSON Schema that the program writes; "" is that it fits.
func fits(root, schema map[string]any, n *strictyaml.Node) string {
	if ref, ok := schema["$ref"].(string); ok {
		return fits(root, root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), n)
	}
	if ways, ok := schema["anyOf"].([]any); ok {
		var whys []string
		for _, s := range ways {
			why := fits(root, s.(map[string]any), n)
			if why == "" {
				return ""
			}
			whys = append(whys, why)
		}
		return strings.Join(whys, "; ")
	}
	if enum, ok := schema["enum"].([]any); ok && (n.Kind != strictyaml.Scalar || !slices.Contains(enum, any(n.Text))) {
		return fmt.Sprintf("%s: %q is none of %v", n.Path, n.Text, enum)
	}
	if wanted, ok := schema["type"]; ok && !ofType(wanted, n) {
		return fmt.Sprintf("%s: %v is wanted", n.Path, wanted)
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(n.Text) {
		return fmt.Sprintf("%s: %q is not %s", n.Path, n.Text, pattern)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		for _, item := range n.Items {
			if why := fits(root, items, item); why != "" {
				return why
			}
		}
	}
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if n.Get(key.(string)) == nil {
			return fmt.Sprintf("%s: %s is missing", n.Path, key)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, k := range n.Keys {
		switch other := schema["additionalProperties"].(type) {
		case map[string]any:
			if why := fits(root, other, k.Value); why != "" {
				return why
			}
		case bool:
			if properties[k.Name] == nil {
				return fmt.Sprintf("%s: no key %s", n.Path, k.Name)
			}
		}
		if p, ok := properties[k.Name].(map[string]any); ok {
			if why := fits(root, p, k.Value); why != "" {
				return why
			}
		}
	}
	return ""
}

func ofType(wanted any, n *strictyaml.Node) bool {
	if all, ok := wanted.([]any); ok {
		return slices.ContainsFunc(all, func(one any) bool { return ofType(one, n) })
	}
	switch wanted {
	case "object":
		return n.Kind == strictyaml.Map
	case "array":
		return n.Kind == strictyaml.List
	case "integer", "number":
		_, err := strconv.ParseFloat(n.Text, 64)
		return n.Kind == strictyaml.Scalar && !n.Quoted && err == nil
	case "boolean":
		return n.Kind == strictyaml.Scalar && !n.Quoted && (n.Text == "true" || n.Text == "false")
	}
	return n.Kind == strictyaml.Scalar
}

// Each file that the program brings along fits its schema, and what is wrong in shape doesn't.
func TestSchemas(t *testing.T) {
	repository := os.DirFS("../..")
	for _, tt := range []struct {
		kind   string
		files  []string
		faulty []string
	}{
		{"procedure", []string{"workflows/*.yaml", "testdata/sound/sound.yaml"}, []string{"unknown-key-at-top", "unknown-key", "again-another-effect", "unknown-guard",
			"unknown-keep", "unknown-kind-of-clock", "unknown-decision", "case-without-party", "wrong-shape"}},
		{"form", []string{"documents/forms/*/[A-Z]*.yaml", "testdata/sound/forms/*.yaml"}, []string{"form-unknown-key", "form-unknown-type"}},
		{"values", []string{"documents/forms/*/values.yaml"}, nil},
	} {
		out, err := workflow(t, nil, "schema", tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		var schema map[string]any
		if err := json.Unmarshal([]byte(out), &schema); err != nil {
			t.Fatalf("%s: %v", tt.kind, err)
		}
		check := func(name string) string {
			data, err := fs.ReadFile(repository, name)
			if err != nil {
				t.Fatal(err)
			}
			root, err := strictyaml.Parse(name, data)
			if err != nil {
				t.Fatal(err)
			}
			return fits(schema, schema, root)
		}
		for _, pattern := range tt.files {
			names, err := fs.Glob(repository, pattern)
			if err != nil || len(names) == 0 {
				t.Fatalf("%s: no files: %v", pattern, err)
			}
			for _, name := range names {
				if why := check(name); why != "" {
					t.Errorf("%s: %s", name, why)
				}
			}
		}
		for _, name := range tt.faulty {
			if check("testdata/faulty/"+name+".yaml") == "" {
				t.Errorf("%s fits the schema of a %s", name, tt.kind)
			}
		}
	}
	if _, err := workflow(t, nil, "schema", "from"); err == nil || !strings.Contains(err.Error(), "是不是“form”") {
		t.Errorf("an unknown kind: %v", err)
	}
}
