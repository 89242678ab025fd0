package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
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
func version(p *process, args []string) error {
	info, _ := debug.ReadBuildInfo()
	commit := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	if slices.Contains(args, "--json") {
		return json.NewEncoder(p.out).Encode(map[string]string{"version": programVersion(), "commit": commit, "go": info.GoVersion})
	}
	fmt.Fprintf(p.out, "dossier %s\ncommit %s\n%s\n", programVersion(), commit, info.GoVersion)
	return nil
}
