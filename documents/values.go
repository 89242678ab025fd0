package documents

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
	"dossier/engine/text"
)

// ValuesFile is the dictionary of a folder: the values of a case that its forms share, each defined once.
const ValuesFile = "values.yaml"

// original is a file of a folder of forms as it stands there.
type original struct {
	name   string // in its file system, or as it was given
	folder string // "" is the root
	data   []byte
	brief  bool // name stands in a folder documents
}

func (t original) dictionary() bool { return path.Base(t.name) == ValuesFile }

// shown is the name as a fault tells it.
func (t original) shown() string {
	if t.brief {
		return path.Join("documents", t.name)
	}
	return t.name
}

// read reads the files of a file system's root and of the folders in it, in the order of their names.
func read(system fs.FS) ([]original, error) {
	var texts []original
	for _, pattern := range []string{"*.yaml", "*/*.yaml"} {
		names, err := fs.Glob(system, pattern)
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for _, name := range names {
			data, err := fs.ReadFile(system, name)
			if err != nil {
				return nil, fmt.Errorf("form %s can't be read: %w", name, err)
			}
			texts = append(texts, original{name, strings.TrimSuffix(path.Dir(name), "."), data, true})
		}
	}
	return texts, nil
}

// shelf has the values of one folder, of all its dictionaries.
type shelf struct {
	values map[procedure.FieldID]*value
	order  []*value
	read   []*file
	broken text.Faults
}

// value is one value of a case: the field that it is in each form that names it and doesn't differ.
type value struct {
	field procedure.Field
	node  *strictyaml.Node
	in    *file
}

// shelves are the folders' values, by the names of the folders.
type shelves map[string]*shelf

// add reads the dictionaries among the texts.
func (all shelves) add(texts []original) {
	for _, t := range texts {
		if !t.dictionary() {
			continue
		}
		if all[t.folder] == nil {
			all[t.folder] = &shelf{values: map[procedure.FieldID]*value{}}
		}
		all[t.folder].add(t)
	}
}

// faults are those of all dictionaries.
func (all shelves) faults() text.Faults {
	var faults text.Faults
	for _, s := range all {
		faults = append(faults, s.broken...)
		for _, f := range s.read {
			faults = append(faults, asFaults(f.Err())...)
		}
	}
	return faults
}

func (s *shelf) add(t original) {
	root, err := strictyaml.Parse(t.shown(), t.data)
	if err != nil {
		s.broken = append(s.broken, asFaults(err)...)
		return
	}
	f := newFile(t, root)
	s.read = append(s.read, f)
	if !f.Keys(root, "values") {
		return
	}
	f.Require(root, "values")
	for _, n := range f.List(root.Get("values")) {
		if !f.Keys(n, append([]string{"value"}, ofValue...)...) {
			continue
		}
		f.Require(n, "value", "zh", "type")
		v := &value{field: procedure.Field{ID: procedure.FieldID(f.String(n.Get("value"))), Shared: true}, node: n, in: f}
		f.Present(n, &v.field)
		if before := s.values[v.field.ID]; before != nil {
			f.Fault(n.Get("value"), text.Say("value %q is defined already", v.field.ID),
				text.Say("it stands in %s, line %s: name it, or choose another id", before.in.shown(), before.node.Line))
			continue
		}
		s.values[v.field.ID] = v
		s.order = append(s.order, v)
	}
}

// holds tells whether a dictionary of the shelf has these bytes.
func (s *shelf) holds(data []byte) bool {
	return s != nil && slices.ContainsFunc(s.read, func(f *file) bool { return bytes.Equal(f.data, data) })
}

// text is one dictionary with all values of the shelf.
func (s *shelf) text() []byte {
	list := &strictyaml.Node{Kind: strictyaml.List}
	for _, v := range s.order {
		list.Items = append(list.Items, v.node)
	}
	return strictyaml.Write(&strictyaml.Node{Kind: strictyaml.Map, Keys: []strictyaml.Key{{Name: "values", Value: list}}})
}

// names are the values' ids.
func (s *shelf) names() []string {
	if s == nil {
		return nil
	}
	names := make([]string, len(s.order))
	for i, v := range s.order {
		names[i] = string(v.field.ID)
	}
	return names
}

// named tells whether a node among fields names a value, by its bare id or with what differs.
func named(n *strictyaml.Node) bool { return n.Kind == strictyaml.Scalar || n.Get("value") != nil }

// differs are the keys that may be other ones where a form names a value. A written law takes its why with it.
var differs = []string{"zh", "en", "hint", "required", "when", "min", "from", "sample", "phrases", "only", "law", "why"}

// use is a value where a form names it, with the keys that differ there.
type use struct {
	*value
	differs []string
}

// valued is the field that a form has of a value.
func (f *file) valued(n *strictyaml.Node) procedure.Field {
	at := n
	if n.Kind == strictyaml.Map {
		f.Keys(n, append([]string{"value"}, differs...)...)
		if at = n.Get("value"); len(n.Keys) == 1 {
			f.Fault(n, "nothing differs here", text.Say("write - %s", at.Text))
		}
	}
	id := procedure.FieldID(f.String(at))
	var v *value
	if f.shelf != nil {
		v = f.shelf.values[id]
	}
	if v == nil {
		if id != "" {
			f.Fault(n, text.Say("no value %q", id), strictyaml.Offer(string(id), f.shelf.names()))
		}
		return procedure.Field{ID: id}
	}
	u := use{value: v}
	for _, k := range n.Keys {
		u.differs = append(u.differs, k.Name)
	}
	f.uses[n.Path] = u
	x := v.field
	if n.Kind == strictyaml.Map {
		f.Present(n, &x)
		if only := n.Get("only"); only != nil {
			x.Choices = f.only(only, x.Choices)
		}
	}
	return x
}

// only are those of a value's choices that this form offers, in the order of the value.
func (f *file) only(n *strictyaml.Node, all []procedure.Allowed) []procedure.Allowed {
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.Value
	}
	for _, item := range f.List(n) {
		if id := f.String(item); !slices.Contains(ids, id) {
			f.Fault(item, text.Say("the value has no choice %q", id), strictyaml.Offer(id, ids))
		}
	}
	wanted := f.Strings(n)
	return slices.DeleteFunc(slices.Clone(all), func(a procedure.Allowed) bool { return !slices.Contains(wanted, a.Value) })
}

// used are the texts of the values that the form names, in the order of their ids: its meaning rests on them.
func (f *file) used() string {
	texts := map[procedure.FieldID][]byte{}
	for _, u := range f.uses {
		texts[u.field.ID] = strictyaml.Write(u.node)
	}
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		b.WriteString("\n")
		b.Write(texts[id])
	}
	return b.String()
}

// meaning notes the faults of meaning, those of a value where it is defined.
func (f *file) meaning(faults []check.Fault) {
	var own []check.Fault
	for _, fault := range faults {
		if v, rest := f.defines(fault.Path); v != nil {
			fault.Path = v.node.Path + rest
			v.in.Meaning([]check.Fault{fault})
			continue
		}
		own = append(own, fault)
	}
	f.Meaning(own)
}

// defines gives the value that says what stands at a path of the form, and the rest of the path; nil where the form itself
// says it.
func (f *file) defines(at string) (*value, string) {
	for _, path := range slices.Sorted(maps.Keys(f.uses)) {
		u := f.uses[path]
		rest, ok := strings.CutPrefix(at, path+".")
		if !ok {
			continue
		}
		key, _, _ := strings.Cut(rest, ".")
		key, _, _ = strings.Cut(key, "[")
		if u.node.Get(key) != nil && !slices.Contains(u.differs, key) {
			return u.value, "." + rest
		}
	}
	return nil, ""
}
