package main

import (
	"fmt"
	"runtime/debug"
)

// programVersion is the version of the program, (devel) of one that was built from a checkout.
func programVersion() string {
	info, _ := debug.ReadBuildInfo()
	if info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// version prints the version, the commit and the Go version.
func version(p *process, _ []string) error {
	info, _ := debug.ReadBuildInfo()
	commit := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	fmt.Fprintf(p.out, "dossier %s\ncommit %s\n%s\n", programVersion(), commit, info.GoVersion)
	return nil
}
