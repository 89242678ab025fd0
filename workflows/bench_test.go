package workflows_test

import (
	"testing"

	"dossier/documents"
	"dossier/workflows"
)

// Reading everything that the program brings along is the greater part of its start.
func BenchmarkOffice(b *testing.B) {
	for b.Loop() {
		forms, err := documents.Load(documents.Embedded())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := workflows.All(forms, nil); err != nil {
			b.Fatal(err)
		}
	}
}
