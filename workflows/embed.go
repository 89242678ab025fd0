// Package workflows reads the procedures of the office, one YAML file each.
package workflows

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml
var embedded embed.FS

// Embedded gives the procedures that the program brings along.
func Embedded() fs.FS { return embedded }
