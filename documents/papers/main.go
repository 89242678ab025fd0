// Command papers prints the contact sheet: each form empty, usual and with every field at its longest, as PDF files in a
// folder. `make papers` runs it; look at each page before a form is done.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"dossier/documents"
	"dossier/engine"
)

func main() {
	dir := flag.String("o", "papers", "the folder to write to")
	flag.Parse()
	if err := run(*dir, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "papers:", err)
		os.Exit(1)
	}
}

// run prints the forms of these codes, all when none is named.
func run(dir string, codes []string) error {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	r := documents.NewRenderer(blanks)
	for id, b := range blanks {
		if len(codes) > 0 && !slices.Contains(codes, string(id)) {
			continue
		}
		for _, kind := range []engine.Specimen{engine.EmptySpecimen, engine.UsualSpecimen, engine.LongSpecimen} {
			pdf, err := r.Render(engine.SpecimenSheet(b.Form, kind))
			if err != nil {
				return fmt.Errorf("%s %s: %w", id, kind, err)
			}
			name := filepath.Join(dir, fmt.Sprintf("%s-%s.pdf", id, kind))
			if err := os.WriteFile(name, pdf, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
