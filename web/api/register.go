package api

import (
	"net/http"
	"strings"

	"dossier/engine/register"
	"dossier/web/page"
)

// apiRegister is the responsibility list; with q or section what is found in it, with matter where that belongs.
func apiRegister(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	q, section, matter := strings.TrimSpace(page.Cut(a.Query("q"), 100)), a.Query("section"), page.Cut(a.Query("matter"), 1000)
	switch {
	case matter != "":
		ways := r.Route(matter)
		if ways == nil {
			ways = []register.Way{}
		}
		return a.Json(http.StatusOK, map[string]any{"ways": ways})
	case q != "" || section != "":
		found := r.Find(q, section)
		if found == nil {
			found = []register.Entry{}
		}
		return a.Json(http.StatusOK, map[string]any{"found": found})
	}
	return a.Json(http.StatusOK, r.List)
}

// apiPlace is one place of the list with what carries it.
func apiPlace(a *page.Ask) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	id := strings.NewReplacer("（", "(", "）", ")").Replace(a.Param("id"))
	if !r.Has(id) {
		return a.NotFound()
	}
	return a.Json(http.StatusOK, r.Place(a.Trace(), id))
}
