package documents_test

import (
	"testing"

	"dossier/documents"
	"dossier/engine/procedure"
)

// Every kind of the registry reads, and has what finds its objects.
func TestRegistry(t *testing.T) {
	forms, err := documents.Load(documents.Registry())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]procedure.FormID{}
	for id, f := range forms {
		if f.Kind == "" || kinds[f.Kind] != "" {
			t.Errorf("%s is of the kind %q, as %s", id, f.Kind, kinds[f.Kind])
		}
		kinds[f.Kind] = id
		if name := f.Field("name"); name == nil || !name.Required || name.Type != procedure.Text {
			t.Errorf("%s has no name that must be given", id)
		}
	}
	if len(kinds) != 13 {
		t.Errorf("%d kinds", len(kinds))
	}
}
