package web

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/web/page"
)

// TestOpenAPIDescribesEachRoute: the document and the routes name the same addresses with the same methods and parameters,
// and every schema that is named is there.
func TestOpenAPIDescribesEachRoute(t *testing.T) {
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Summary     string
			OperationID string
			Parameters  []struct{ Name, In string }
			Responses   map[string]any
		} `json:"paths"`
		Components map[string]map[string]any `json:"components"`
	}
	openAPI, err := os.ReadFile("api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("openapi %q", doc.OpenAPI)
	}
	s := &server{page.New(&engine.Engine{}, page.Options{})}
	var routed, described []string
	for _, r := range s.routes().Routes() {
		if path, ok := strings.CutPrefix(r.Path, "/api/v1"); ok {
			routed = append(routed, r.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(path, "{$1}"))
		}
	}
	named := map[string]bool{}
	for path, ops := range doc.Paths {
		for method, op := range ops {
			described = append(described, strings.ToUpper(method)+" "+path)
			if op.Summary == "" || op.Responses["401"] == nil {
				t.Errorf("%s %s lacks its summary or its 401", method, path)
			}
			if op.OperationID == "" || named[op.OperationID] {
				t.Errorf("%s %s has no name of its own: %q", method, path, op.OperationID)
			}
			named[op.OperationID] = true
			var in []string
			for _, p := range op.Parameters {
				if p.In == "path" {
					in = append(in, p.Name)
				}
			}
			for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				if !slices.Contains(in, m[1]) {
					t.Errorf("%s %s doesn't describe {%s}", method, path, m[1])
				}
			}
			if method == "post" && !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.Name == "Idempotency-Key" }) {
				t.Errorf("%s takes no Idempotency-Key", path)
			}
		}
	}
	slices.Sort(routed)
	slices.Sort(described)
	if !slices.Equal(routed, described) {
		t.Errorf("routes    %v\ndescribed %v", routed, described)
	}
	for _, m := range regexp.MustCompile(`"#/components/(\w+)/(\w+)"`).FindAllStringSubmatch(string(openAPI), -1) {
		if doc.Components[m[1]][m[2]] == nil {
			t.Errorf("no %s/%s", m[1], m[2])
		}
	}
	var told struct {
		Components struct {
			Schemas struct {
				Code  struct{ Enum []refusal.Code }
				Field struct {
					Properties struct {
						Type struct{ Enum []procedure.FieldType }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(openAPI, &told); err != nil {
		t.Fatal(err)
	}
	codes := append(slices.Clone(refusal.Codes), "unauthorized", "too-long", "unavailable", "internal")
	if !slices.Equal(told.Components.Schemas.Code.Enum, codes) {
		t.Errorf("codes %v, described %v", codes, told.Components.Schemas.Code.Enum)
	}
	if !slices.Equal(told.Components.Schemas.Field.Properties.Type.Enum, procedure.FieldTypes) {
		t.Errorf("types %v, described %v", procedure.FieldTypes, told.Components.Schemas.Field.Properties.Type.Enum)
	}
}

// TestOpenAPIDescribesWhatIsKept: rows, events and standards are answered as they are kept; each member is described, and
// nothing that isn't there.
func TestOpenAPIDescribesWhatIsKept(t *testing.T) {
	type schema struct {
		Properties map[string]*schema
		Items      *schema
		Enum       []string
	}
	var doc struct {
		Components struct{ Schemas map[string]*schema }
	}
	data, err := os.ReadFile("api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	of := doc.Components.Schemas
	standard := of["Standards"].Properties["standards"].Items
	for _, x := range []struct {
		kept any
		told *schema
	}{{listing.Row{}, of["Row"]}, {listing.Wait{}, of["Row"].Properties["waits"].Items}, {listing.RowClock{}, of["Row"].Properties["clocks"].Items},
		{casefile.Event{}, of["Event"]}, {penalty.Listing{}, standard}} {
		kind := reflect.TypeOf(x.kept)
		var have []string
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			have = append(have, name)
		}
		slices.Sort(have)
		if told := slices.Sorted(maps.Keys(x.told.Properties)); !slices.Equal(have, told) {
			t.Errorf("%s has %v\nand is described with %v", kind, have, told)
		}
	}
	var kinds []string
	for _, k := range penalty.Kinds() {
		kinds = append(kinds, string(k))
	}
	if told := standard.Properties["kinds"].Items.Enum; !slices.Equal(told, kinds) {
		t.Errorf("kinds %v, described as %v", kinds, told)
	}
}
