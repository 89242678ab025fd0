package grammar

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// Patterns are the texts that several files have in common, by their names.
type Patterns map[string][]byte

// ReadPatterns reads the YAML files of a folder; it panics where there is no such folder, for it is the program's own.
func ReadPatterns(system fs.FS, folder string) Patterns {
	files, err := fs.Glob(system, folder+"/*.yaml")
	patterns := Patterns{}
	for _, name := range files {
		var data []byte
		if data, err = fs.ReadFile(system, name); err != nil {
			break
		}
		patterns[strings.TrimSuffix(path.Base(name), ".yaml")] = data
	}
	if err != nil || len(patterns) == 0 {
		panic(fmt.Sprintf("no patterns in %s: %v", folder, err))
	}
	return patterns
}

// Sheet is a file as it is written out: with `like: PATTERN` the pattern stands in its place, its holes filled by `with`
// and the file's own keys laid over it. Of any other file it is the file.
type Sheet struct {
	Text   []byte
	places map[string]spot // by the paths of the text, where it was written; nil: as it stands
}

// spot is a place in the file or in its pattern.
type spot struct {
	file      string
	line, col int
}

// hole is what a pattern leaves to the files that are like it: <post>.
var hole = regexp.MustCompile(`<([a-z][a-z0-9-]*)>`)

// names are the keys by which an item of a list is the same as one of the pattern's.
var names = []string{"state", "do", "part"}

// Written writes out a file and reads what is written. The error is [text.Faults].
func Written(file string, data []byte, patterns Patterns) (Sheet, *strictyaml.Node, error) {
	root, err := strictyaml.Parse(file, data)
	if err != nil {
		return Sheet{}, nil, err
	}
	like := root.Get("like")
	if like == nil {
		return Sheet{Text: data}, root, nil
	}
	w := &writer{Reader: strictyaml.NewReader(file), file: file, from: map[*strictyaml.Node]string{}, with: map[string]*strictyaml.Node{}}
	var laid []*strictyaml.Node
	for _, name := range w.Strings(like) {
		source, ok := patterns[name]
		if !ok {
			w.Fault(like, text.Say("no pattern %q", name), strictyaml.Offer(name, slices.Sorted(maps.Keys(patterns))))
			continue
		}
		from := path.Join("like", name+".yaml")
		p, err := strictyaml.Parse(from, source)
		if err != nil {
			return Sheet{}, nil, err
		}
		laid = append(laid, w.copy(p, from))
	}
	w.fill(root, laid)
	if err := w.Err(); err != nil {
		return Sheet{}, nil, err
	}
	out := w.root(laid, root)
	ahead(out.Get("walk"))
	places := map[string]spot{}
	w.place(out, "", places)
	sheet := Sheet{strictyaml.Write(out), places}
	root, err = strictyaml.Parse(file, sheet.Text)
	return sheet, root, sheet.Told(err)
}

// Schema adds to the JSON Schema of a file what a file says that is like a pattern: of the keys that the pattern has, it
// needs none, nor of those within a key that both may have.
func (p Patterns) Schema(of []byte, always ...string) []byte {
	var s map[string]any
	if err := json.Unmarshal(of, &s); err != nil {
		panic(err) // it was made by a program
	}
	name := map[string]any{"enum": slices.Sorted(maps.Keys(p))}
	plain, like := map[string]any{}, map[string]any{}
	for _, key := range []string{"type", "properties", "additionalProperties", "required"} {
		plain[key], like[key] = s[key], s[key]
		delete(s, key)
	}
	properties := maps.Clone(plain["properties"].(map[string]any))
	defs, _ := s["$defs"].(map[string]any)
	for key, value := range properties {
		ref, _ := value.(map[string]any)["$ref"].(string)
		if def, ok := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any); ok && def["required"] != nil {
			part := maps.Clone(def)
			delete(part, "required")
			properties[key] = part
		}
	}
	properties["like"] = map[string]any{"anyOf": []any{name, map[string]any{"type": "array", "items": name}}}
	properties["with"] = map[string]any{"type": "object"}
	like["properties"], like["required"] = properties, append([]string{"like"}, always...)
	s["anyOf"] = []any{plain, like}
	data, _ := json.MarshalIndent(s, "", "  ")
	return append(data, '\n')
}

// Told gives the faults of the sheet's text the places where it was written.
func (s Sheet) Told(err error) error {
	faults, ok := err.(text.Faults)
	if !ok || s.places == nil {
		return err
	}
	faults = slices.Clone(faults)
	for i := range faults {
		f := &faults[i]
		for at := f.Path; ; at = at[:max(strings.LastIndexAny(at, ".["), 0)] {
			if p, ok := s.places[at]; ok {
				f.File, f.Line, f.Col = p.file, p.line, p.col
				break
			}
			if at == "" {
				break
			}
		}
	}
	return faults.Err()
}

// writer lays a file over its patterns.
type writer struct {
	*strictyaml.Reader
	file string
	from map[*strictyaml.Node]string // of the patterns' nodes: their files
	with map[string]*strictyaml.Node
}

// copy is a node that may be changed, of a pattern's file or, "", of the file itself.
func (w *writer) copy(n *strictyaml.Node, from string) *strictyaml.Node {
	c := *n
	c.Items, c.Keys = nil, nil
	for _, item := range n.Items {
		c.Items = append(c.Items, w.copy(item, from))
	}
	for _, k := range n.Keys {
		k.Value = w.copy(k.Value, from)
		c.Keys = append(c.Keys, k)
	}
	if from != "" {
		w.from[&c] = from
	}
	return &c
}

// fill reads what stands in the patterns' holes.
func (w *writer) fill(root *strictyaml.Node, laid []*strictyaml.Node) {
	var wanted []string
	why := map[string]string{}
	for _, p := range laid {
		if holes := p.Get("holes"); holes != nil {
			for _, k := range holes.Keys {
				if _, ok := why[k.Name]; !ok {
					wanted = append(wanted, k.Name)
				}
				why[k.Name] = k.Value.Text
			}
		}
	}
	if with := root.Get("with"); with != nil {
		for _, k := range with.Keys {
			if !slices.Contains(wanted, k.Name) {
				w.Fault(k.Value, text.Say("the pattern has no hole <%s>", k.Name), strictyaml.Offer(k.Name, wanted))
			}
			w.with[k.Name] = k.Value
		}
	}
	for _, name := range wanted {
		if w.with[name] == nil {
			w.Fault(root.Get("like"), text.Say("the pattern's hole <%s> is empty", name), text.Say("write with: {%s: …}: %s", name, why[name]))
		}
	}
}

// root is the whole file: each pattern over those before it, the file over all; what the patterns lack stands first.
func (w *writer) root(laid []*strictyaml.Node, own *strictyaml.Node) *strictyaml.Node {
	out := &strictyaml.Node{Kind: strictyaml.Map}
	for _, p := range laid {
		p.Keys = slices.DeleteFunc(p.Keys, func(k strictyaml.Key) bool { return k.Name == "holes" })
		out = w.over(out, w.filled(p), "")
	}
	first, rest := []strictyaml.Key(nil), &strictyaml.Node{Kind: strictyaml.Map}
	for _, k := range own.Keys {
		switch {
		case k.Name == "like" || k.Name == "with":
		case out.Get(k.Name) == nil:
			first = append(first, k)
		default:
			rest.Keys = append(rest.Keys, k)
		}
	}
	out = w.over(out, rest, "")
	out.Keys = append(first, out.Keys...)
	return out
}

// filled is a pattern's node with its holes filled.
func (w *writer) filled(n *strictyaml.Node) *strictyaml.Node {
	if n.Kind == strictyaml.Scalar {
		return w.scalar(n)
	}
	var items []*strictyaml.Node
	for _, item := range n.Items {
		v := w.filled(item)
		if v.Kind == strictyaml.List && item.Kind == strictyaml.Scalar {
			items = append(items, v.Items...) // a hole among others
			continue
		}
		items = append(items, v)
	}
	n.Items = items
	for i := range n.Keys {
		n.Keys[i].Name, n.Keys[i].Value = w.text(n.Keys[i].Name), w.filled(n.Keys[i].Value)
	}
	return n
}

func (w *writer) scalar(n *strictyaml.Node) *strictyaml.Node {
	if m := hole.FindStringSubmatch(n.Text); m != nil && m[0] == n.Text && w.with[m[1]] != nil {
		return w.copy(w.with[m[1]], "")
	}
	n.Text = w.text(n.Text)
	return n
}

// text puts words in the holes of a text.
func (w *writer) text(s string) string {
	return hole.ReplaceAllStringFunc(s, func(s string) string {
		if v := w.with[s[1:len(s)-1]]; v != nil && v.Kind == strictyaml.Scalar {
			return v.Text
		}
		return s
	})
}

// over lays a node of the file over one of the pattern: maps key by key, a list of named things one by one; anything else
// stands instead.
func (w *writer) over(base, own *strictyaml.Node, key string) *strictyaml.Node {
	switch {
	case base.Kind == strictyaml.Map && own.Kind == strictyaml.Map:
		for _, k := range own.Keys {
			i := slices.IndexFunc(base.Keys, func(b strictyaml.Key) bool { return b.Name == k.Name })
			if i < 0 {
				base.Keys = append(base.Keys, k)
				continue
			}
			if base.Get("do") != nil && k.Value.Kind == strictyaml.Scalar && k.Value.Text == "none" && !k.Value.Quoted {
				base.Keys = slices.Delete(base.Keys, i, i+1)
				continue
			}
			base.Keys[i].Value = w.over(base.Keys[i].Value, k.Value, k.Name)
		}
		if own.Get("law") != nil && own.Get("why") == nil { // another law needs a reason of its own
			base.Keys = slices.DeleteFunc(base.Keys, func(k strictyaml.Key) bool { return k.Name == "why" })
		}
		return base
	case base.Kind == strictyaml.List && own.Kind == strictyaml.List && slices.Contains([]string{"walk", "actions", "parts"}, key):
		at := 0
		for _, item := range own.Items {
			i := slices.IndexFunc(base.Items, func(n *strictyaml.Node) bool { return known(n) != "" && known(n) == known(item) })
			if i >= 0 {
				base.Items[i] = w.over(base.Items[i], item, "")
				at = i + 1
				continue
			}
			base.Items = slices.Insert(base.Items, at, item)
			at++
		}
		return base
	}
	return own
}

// ahead puts an action where it stands first: one that the file has in a state before that of the pattern.
func ahead(states *strictyaml.Node) {
	type place struct {
		list *strictyaml.Node
		i    int
	}
	waiting, written := map[string]place{}, map[string]bool{}
	if states == nil {
		return
	}
	for _, s := range states.Items {
		actions := s.Get("actions")
		if actions == nil {
			continue
		}
		for i, n := range actions.Items {
			do := n.Get("do")
			if do == nil {
				id := n.Text
				if again := n.Get("again"); again != nil {
					id = again.Text
				}
				if _, ok := waiting[id]; !ok && !written[id] {
					waiting[id] = place{actions, i}
				}
				continue
			}
			if p, ok := waiting[do.Text]; ok {
				p.list.Items[p.i], actions.Items[i] = swapped(n, p.list.Items[p.i])
			}
			written[do.Text] = true
		}
	}
}

// swapped is an action as it is at its first place, and what differs at the place where it was written.
func swapped(written, first *strictyaml.Node) (here, there *strictyaml.Node) {
	do := written.Get("do")
	if first.Kind == strictyaml.Scalar {
		return written, first
	}
	here = &strictyaml.Node{Kind: strictyaml.Map, Line: written.Line, Col: written.Col}
	there = &strictyaml.Node{Kind: strictyaml.Map, Line: first.Line, Col: first.Col, Keys: []strictyaml.Key{{Name: "again", Value: do}}}
	for _, k := range written.Keys {
		v := first.Get(k.Name)
		switch {
		case v == nil:
			here.Keys = append(here.Keys, k)
			continue
		case v.Kind != strictyaml.Scalar || v.Text != "none":
			here.Keys = append(here.Keys, strictyaml.Key{Name: k.Name, Value: v})
		}
		there.Keys = append(there.Keys, k)
	}
	for _, k := range first.Keys {
		if k.Name != "again" && written.Get(k.Name) == nil {
			here.Keys = append(here.Keys, k)
			there.Keys = append(there.Keys, strictyaml.Key{Name: k.Name, Value: &strictyaml.Node{Kind: strictyaml.Scalar, Text: "none"}})
		}
	}
	return here, there
}

// known is the name by which an item of a list is told from others, "" where it has none.
func known(n *strictyaml.Node) string {
	for _, key := range names {
		if v := n.Get(key); v != nil {
			return key + " " + v.Text
		}
	}
	return ""
}

// place notes where each node of the result was written.
func (w *writer) place(n *strictyaml.Node, at string, places map[string]spot) {
	s := spot{w.file, max(n.Line, 1), max(n.Col, 1)}
	if from, ok := w.from[n]; ok {
		s.file = from
	}
	places[at] = s
	for i, item := range n.Items {
		w.place(item, fmt.Sprintf("%s[%d]", at, i), places)
	}
	for _, k := range n.Keys {
		under := k.Name
		if at != "" {
			under = at + "." + k.Name
		}
		w.place(k.Value, under, places)
	}
}
