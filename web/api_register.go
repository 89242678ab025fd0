package web

import (
	"net/http"
	"strings"

	"dossier/engine/register"
)

// apiRegister is the responsibility list; with q or section what is found in it, with matter where that belongs.
func apiRegister(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	q, section, matter := strings.TrimSpace(cut(a.Query("q"), 100)), a.Query("section"), cut(a.Query("matter"), 1000)
	switch {
	case matter != "":
		ways := r.Route(matter)
		if ways == nil {
			ways = []register.Way{}
		}
		return a.json(http.StatusOK, map[string]any{"ways": ways})
	case q != "" || section != "":
		found := r.Find(q, section)
		if found == nil {
			found = []register.Entry{}
		}
		return a.json(http.StatusOK, map[string]any{"found": found})
	}
	return a.json(http.StatusOK, r.List)
}

// apiPlace is one place of the list with what carries it.
func apiPlace(a *ask) error {
	r, err := a.register()
	if err != nil {
		return err
	}
	id := strings.NewReplacer("（", "(", "）", ")").Replace(a.Param("id"))
	if !r.Has(id) {
		return a.notFound()
	}
	return a.json(http.StatusOK, r.Place(a.trace(), id))
}
