// Package documents reads the forms of the office, one YAML file each.
package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"dossier/engine/grammar"
	"dossier/engine/procedure"
	"dossier/engine/procedure/check"
	"dossier/engine/strictyaml"
)

// Blank is a form with what only its paper needs.
type Blank struct {
	Form  *procedure.Form
	Print *Print // how it is laid out; nil when the file doesn't say
}

// Load reads the forms of the file systems, each CODE.yaml in their roots. A later file system adds forms to those
// before it, or replaces one by a higher version. The error is [strictyaml.Faults]: every fault of every file.
func Load(fsys ...fs.FS) (map[procedure.FormID]*procedure.Form, error) {
	blanks, err := Blanks(fsys...)
	forms := make(map[procedure.FormID]*procedure.Form, len(blanks))
	for id, b := range blanks {
		forms[id] = b.Form
	}
	return forms, err
}

// Blanks reads the same with each form's layout.
func Blanks(fsys ...fs.FS) (map[procedure.FormID]*Blank, error) {
	loaded := map[procedure.FormID]*file{}
	var faults strictyaml.Faults
	for _, system := range fsys {
		if system == nil {
			continue
		}
		names, err := fs.Glob(system, "*.yaml")
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for _, name := range names {
			data, err := fs.ReadFile(system, name)
			if err != nil {
				return nil, fmt.Errorf("form %s can't be read: %w", name, err)
			}
			f, err := read(path.Join("documents", name), data)
			if err != nil {
				faults = append(faults, asFaults(err)...)
				continue
			}
			f.named(strings.TrimSuffix(name, ".yaml"))
			if before := loaded[f.form.ID]; before != nil && !f.replaces(before) {
				continue
			}
			loaded[f.form.ID] = f
		}
	}
	forms := make(map[procedure.FormID]*procedure.Form, len(loaded))
	for id, f := range loaded {
		forms[id] = f.form
	}
	blanks := make(map[procedure.FormID]*Blank, len(loaded))
	for id, f := range loaded {
		f.Meaning(check.Form(f.form, forms))
		blanks[id] = &Blank{f.form, f.print}
	}
	for _, f := range loaded {
		f.shared(loaded)
		faults = append(faults, asFaults(f.Err())...)
	}
	return blanks, faults.Err()
}

// Check reads forms by the names of their files, adds them to those that are known, and tells their faults. The forms
// may name each other.
func Check(names []string, texts map[string][]byte, known map[procedure.FormID]*procedure.Form) strictyaml.Faults {
	var faults strictyaml.Faults
	var files []*file
	for _, name := range names {
		f, err := read(name, texts[name])
		if err != nil {
			faults = append(faults, asFaults(err)...)
			continue
		}
		files = append(files, f)
		if f.form.ID != "" {
			known[f.form.ID] = f.form
		}
	}
	for _, f := range files {
		f.Meaning(check.Form(f.form, known))
		faults = append(faults, asFaults(f.Err())...)
	}
	return faults
}

// file is one form with the reader that collects its faults.
type file struct {
	*grammar.Reader
	root  *strictyaml.Node
	form  *procedure.Form
	print *Print
}

// read decodes the shape of one form. Faults of shape stay with the reader; the error is for what is no YAML at all.
func read(name string, data []byte) (*file, error) {
	root, err := strictyaml.Parse(name, data)
	if err != nil {
		return nil, err
	}
	f := &file{Reader: grammar.New(name), root: root}
	f.form = f.decode(root)
	if n := root.Get("print"); n != nil {
		f.print = readPrint(f.Reader, f.form, n)
	}
	sum := sha256.Sum256(data)
	f.form.Hash = hex.EncodeToString(sum[:])
	return f, nil
}

// named checks that the file bears the form's code.
func (f *file) named(base string) {
	if string(f.form.ID) != base && f.form.ID != "" {
		f.Fault(f.root.Get("form"), fmt.Sprintf("form %s in the file %s.yaml", f.form.ID, base), fmt.Sprintf("call the file %s.yaml", f.form.ID))
	}
	if f.form.ID == "" {
		f.form.ID = procedure.FormID(base)
	}
}

// replaces tells whether the form takes the place of one that was loaded before. The same bytes again change nothing;
// other bytes need a higher version.
func (f *file) replaces(before *file) bool {
	if f.form.Hash == before.form.Hash {
		return false
	}
	if f.form.Version <= before.form.Version {
		f.Fault(f.root.Get("version"), fmt.Sprintf("form %s has version %d already", f.form.ID, before.form.Version), fmt.Sprintf("write version: %d", before.form.Version+1))
	}
	return true
}

// shared checks that a value of the case is of one type in all forms. The fault stands in the form whose code comes
// later.
func (f *file) shared(loaded map[procedure.FormID]*file) {
	for _, other := range loaded {
		if other.form.ID >= f.form.ID {
			continue
		}
		for i, part := range f.form.Parts {
			for j, field := range part.Fields {
				if !field.Shared || field.Type == "" {
					continue
				}
				b := other.form.Field(field.ID)
				if b != nil && b.Shared && b.Type != "" && b.Type != field.Type {
					f.FaultAt(fmt.Sprintf("parts[%d].fields[%d].type", i, j),
						fmt.Sprintf("shared field %q is of type %s, in form %s of type %s", field.ID, field.Type, other.form.ID, b.Type),
						"a value of the case is of one type in all forms")
				}
			}
		}
	}
}

// asFaults gives the faults of an error that has some.
func asFaults(err error) strictyaml.Faults {
	var faults strictyaml.Faults
	if errors.As(err, &faults) {
		return faults
	}
	return nil
}
