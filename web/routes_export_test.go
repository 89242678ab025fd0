package web

import (
	"dossier/engine"
	"dossier/web/page"
)

// PostRoutes are the addresses that take a form, as gin writes them.
func PostRoutes() []string {
	s := &server{page.New(&engine.Engine{}, page.Options{})}
	var paths []string
	for _, r := range s.routes().Routes() {
		if r.Method == "POST" {
			paths = append(paths, r.Path)
		}
	}
	return paths
}

// Route is an address for whoever is signed in, with what it asks of them.
type Route struct{ Method, Path, Right string }

// Routes is the table of such addresses.
func Routes() (out []Route) {
	for _, r := range routes {
		out = append(out, Route{r.method, r.path, string(r.may)})
	}
	return out
}
