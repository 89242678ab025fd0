package documents

import (
	"embed"
	"io/fs"

	"dossier/engine/grammar"
)

//go:embed forms
var embedded embed.FS

//go:embed like/*.yaml
var likes embed.FS

// patterns are what several forms have in common, by the word that stands behind like:.
var patterns = grammar.ReadPatterns(likes, "like")

//go:embed registry/*.yaml
var kinds embed.FS

// Registry gives the forms of what is supervised, one for each kind of the registry.
func Registry() fs.FS {
	sub, err := fs.Sub(kinds, "registry")
	if err != nil {
		panic(err) // the name is right
	}
	return sub
}

// Embedded gives the forms that the program brings along: a folder for each kind of procedure.
func Embedded() fs.FS {
	forms, err := fs.Sub(embedded, "forms")
	if err != nil {
		panic(err) // the name is right
	}
	return forms
}
