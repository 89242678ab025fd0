package documents

import (
	"embed"
	"io/fs"
)

//go:embed forms
var embedded embed.FS

// Embedded gives the forms that the program brings along: a folder for each kind of procedure.
func Embedded() fs.FS {
	forms, err := fs.Sub(embedded, "forms")
	if err != nil {
		panic(err) // the name is right
	}
	return forms
}
