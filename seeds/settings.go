package seeds

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

//go:embed settings.json
var settings []byte

// Settings are the office's settings with which a new office starts, each with its basis.
func Settings() map[string][]office.SettingRow {
	return readSettings("seeds/settings.json", settings)
}

//go:embed demo/settings.json
var demoSettings []byte

// DemoSettings are what the demo county has set of its own: its names, address, account and numbers.
func DemoSettings() map[string][]office.SettingRow {
	return readSettings("seeds/demo/settings.json", demoSettings)
}

// CountySettings are the settings of an office that is the demo county, for what is played and tested without its store.
func CountySettings() map[string][]office.SettingRow {
	m := Settings()
	maps.Copy(m, DemoSettings())
	return m
}

func readSettings(file string, data []byte) map[string][]office.SettingRow {
	var m map[string][]office.SettingRow
	if err := json.Unmarshal(data, &m); err != nil {
		panic(file + ": " + err.Error()) // embedded: a test reads it
	}
	return m
}

//go:embed settings.yaml
var groupsFile []byte

// Groups are the settings in the order in which a new office sets them, with what the values of each are like.
var Groups = sync.OnceValue(func() []office.Group {
	groups, err := readGroups("seeds/settings.yaml", groupsFile)
	if err != nil {
		panic(err.Error()) // embedded: a test reads it
	}
	return groups
})

func readGroups(file string, data []byte) ([]office.Group, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := strictyaml.NewReader(file)
	if !r.Keys(root, "groups") {
		return nil, r.Err()
	}
	var groups []office.Group
	seen := map[string]bool{}
	for _, n := range r.List(root.Get("groups")) {
		if !r.Keys(n, "heading", "zh", "en", "settings") {
			continue
		}
		r.Require(n, "heading", "zh", "en", "settings")
		g := office.Group{ID: r.String(n.Get("heading")), Title: procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))}}
		for _, n := range r.List(n.Get("settings")) {
			if !r.Keys(n, "setting", "kind", "required", "begin", "min", "max", "choices") {
				continue
			}
			r.Require(n, "setting", "kind")
			s := office.Shape{Name: r.String(n.Get("setting")), Kind: office.Kind(r.String(n.Get("kind")))}
			for key, to := range map[string]*bool{"required": &s.Required, "begin": &s.Begin} {
				if at := n.Get(key); at != nil {
					*to = r.Bool(at)
				}
			}
			if !slices.Contains(office.Kinds, s.Kind) {
				var names []string
				for _, k := range office.Kinds {
					names = append(names, string(k))
				}
				r.Fault(n.Get("kind"), text.Say("no kind %q", s.Kind), strictyaml.Offer(string(s.Kind), names))
			}
			for key, to := range map[string]*int{"min": &s.Min, "max": &s.Max} {
				if at := n.Get(key); at != nil {
					*to = r.Int(at)
				}
			}
			for _, n := range r.List(n.Get("choices")) {
				if r.Keys(n, "choice", "zh", "en") {
					r.Require(n, "choice", "zh", "en")
					s.Choices = append(s.Choices, procedure.Allowed{Value: r.String(n.Get("choice")), Label: procedure.Label{ZH: r.String(n.Get("zh")), EN: r.String(n.Get("en"))}})
				}
			}
			if (s.Kind == office.SomeKind) != (len(s.Choices) > 0) {
				r.Fault(n, "choices without their choices, or choices of another kind", "write kind: choices and choices:")
			}
			if s.Kind == office.WholeKind && s.Max <= s.Min {
				r.Fault(n, "a whole number without its bounds", "write min: and max:")
			}
			if seen[s.Name] || strings.Contains(s.Name, "*") && s.Family() == "" {
				r.Fault(n.Get("setting"), text.Say("setting %q stands twice or is no name", s.Name), "name it once, a family as seal/*")
			}
			seen[s.Name] = true
			g.Shapes = append(g.Shapes, s)
		}
		groups = append(groups, g)
	}
	return groups, r.Err()
}
