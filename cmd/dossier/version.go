package main

import (
	"fmt"
	"runtime/debug"
)

// version prints the version, the commit and the Go version.
func version(p *process, _ []string) error {
	info, _ := debug.ReadBuildInfo()
	commit := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	fmt.Fprintf(p.out, "dossier %s\ncommit %s\n%s\n", v, commit, info.GoVersion)
	return nil
}
