// Package workflows reads the procedures of the office, one YAML file each.
package workflows

import (
	"embed"
	"io/fs"

	"dossier/engine/grammar"
)

//go:embed *.yaml
var embedded embed.FS

//go:embed like/*.yaml
var likes embed.FS

// patterns are what several procedures have in common, by the word that stands behind like:.
var patterns = grammar.ReadPatterns(likes, "like")

// Embedded gives the procedures that the program brings along.
func Embedded() fs.FS { return embedded }
