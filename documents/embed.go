package documents

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml
var embedded embed.FS

// Embedded gives the forms that the program brings along.
func Embedded() fs.FS { return embedded }
