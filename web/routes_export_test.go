package web

import "dossier/engine"

// PostRoutes are the addresses that take a form, as gin writes them.
func PostRoutes() []string {
	s := &server{engine: &engine.Engine{}, files: readAssets()}
	var paths []string
	for _, r := range s.routes().Routes() {
		if r.Method == "POST" {
			paths = append(paths, r.Path)
		}
	}
	return paths
}
