package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/gin-gonic/gin"

	"dossier/engine/refusal"
	reading "dossier/engine/typed"
	"dossier/web/page"
)

// parameter is a parameter of an address as openapi.json describes it.
type parameter struct {
	Name, In string
	Schema   struct {
		Type, Format     string
		Enum             []string
		Minimum, Maximum *int
	}
}

// parameters are those of each route of the API, by its method and path as gin writes it.
var parameters = sync.OnceValue(func() map[string][]parameter {
	var doc struct {
		Paths map[string]map[string]struct{ Parameters []parameter }
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		panic(err) // embedded
	}
	all := map[string][]parameter{}
	for path, ops := range doc.Paths {
		path = "/api/v1" + regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1")
		for method, op := range ops {
			all[method+" "+path] = op.Parameters
		}
	}
	return all
})

// holds tells whether a value can be one of the parameter's.
func (p *parameter) holds(value string) bool {
	if value == "" {
		return true
	}
	switch {
	case p.Schema.Type == "integer":
		n, err := strconv.Atoi(value)
		return err == nil && n >= 0 && (p.Schema.Minimum == nil || n >= *p.Schema.Minimum) && (p.Schema.Maximum == nil || n <= *p.Schema.Maximum)
	case p.Schema.Type == "boolean":
		return page.Yes(value) || slices.Contains([]string{"0", "false", "no", "off"}, value)
	case p.Schema.Format == "date":
		_, err := reading.Date(value)
		return err == nil
	case len(p.Schema.Enum) > 0:
		return slices.Contains(p.Schema.Enum, value)
	}
	return true
}

// sound refuses an address with a parameter that the API's description doesn't know, that stands twice where one is asked,
// or that can't be read as it says, and a key that is too long: one that was cut would be another's.
func sound(c *gin.Context) error {
	known := parameters()["get "+c.FullPath()]
	if c.Request.Method != "GET" {
		known = nil
	}
	query := c.Request.URL.Query()
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	var bad []string
	for _, name := range names {
		i := slices.IndexFunc(known, func(p parameter) bool { return p.In == "query" && p.Name == name })
		if i < 0 || len(query[name]) > 1 && known[i].Schema.Type != "array" || slices.ContainsFunc(query[name], func(v string) bool { return !known[i].holds(v) }) {
			bad = append(bad, name)
		}
	}
	if len(bad) > 0 {
		return refusal.Parameter(bad...)
	}
	if len(key(c)) > maxKey {
		return &refusal.Error{Code: refusal.Unreadable, Args: refusal.Args{"what": keyHeader}}
	}
	return nil
}
