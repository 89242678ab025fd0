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
	"dossier/engine/text"
)

// Blank is a form with what only its paper needs.
type Blank struct {
	Form  *procedure.Form
	Print *Print // how it is laid out; nil when the file doesn't say

	original original
	shelf    *shelf
}

// Load reads the forms of the file systems, each CODE.yaml in their roots or in a folder there. The forms of a folder may
// name the values of its values.yaml. A later file system adds forms and values to those before it, or replaces a form by a
// higher version. The error is [text.Faults]: every fault of every file.
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
	shelves := shelves{}
	loaded := map[procedure.FormID]*file{}
	var faults text.Faults
	for _, system := range fsys {
		if system == nil {
			continue
		}
		files, err := read(system)
		if err != nil {
			return nil, err
		}
		shelves.add(files)
		for _, t := range files {
			if t.dictionary() {
				continue
			}
			f, err := readForm(t, shelves[t.folder])
			if err != nil {
				faults = append(faults, asFaults(err)...)
				continue
			}
			f.named(strings.TrimSuffix(path.Base(t.name), ".yaml"))
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
		f.meaning(check.Form(f.form, forms))
		blanks[id] = &Blank{f.form, f.print, f.original, shelves[f.folder]}
	}
	for _, f := range loaded {
		f.shared(loaded)
		faults = append(faults, f.faults()...)
	}
	return blanks, append(faults, shelves.faults()...).Err()
}

// Check reads forms and dictionaries by the names of their files, adds the forms to those that are known, and tells their
// faults. The forms may name each other, and the values of the folder that they lie in, ours among them.
func Check(names []string, texts map[string][]byte, known map[procedure.FormID]*procedure.Form) text.Faults {
	shelves := shelves{}
	if ours, err := read(Embedded()); err == nil {
		shelves.add(slices.DeleteFunc(ours, func(t original) bool { return !t.dictionary() }))
	}
	var given []original
	for _, name := range names {
		folder := path.Base(path.Dir(name))
		if folder == "." || folder == "documents" || folder == "forms" {
			folder = ""
		}
		t := original{name: name, folder: folder, data: texts[name]}
		if v := shelves[folder]; t.dictionary() && v.holds(t.data) {
			continue // one of ours, under its own name
		}
		given = append(given, t)
	}
	shelves.add(given)
	var faults text.Faults
	var files []*file
	for _, t := range given {
		if t.dictionary() {
			continue
		}
		f, err := readForm(t, shelves[t.folder])
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
		f.meaning(check.Form(f.form, known))
		faults = append(faults, f.faults()...)
	}
	return append(faults, shelves.faults()...)
}

// Files gives the files that the forms were read from, by their names: with them alone the forms are read as they are.
func Files(blanks map[procedure.FormID]*Blank) map[string][]byte {
	files := map[string][]byte{}
	texts := map[*shelf][]byte{}
	for id, b := range blanks {
		files[path.Join(b.original.folder, string(id)+".yaml")] = b.original.data
		if s := b.shelf; s != nil {
			if texts[s] == nil {
				texts[s] = s.text()
			}
			files[path.Join(b.original.folder, ValuesFile)] = texts[s]
		}
	}
	return files
}

// file is one form with the reader that collects its faults.
type file struct {
	*grammar.Reader
	original
	root  *strictyaml.Node
	form  *procedure.Form
	print *Print
	shelf *shelf
	sheet grammar.Sheet
	uses  map[string]use // by its path, a field that names a value
}

func newFile(t original, root *strictyaml.Node) *file {
	f := &file{Reader: grammar.New(t.shown()), original: t, root: root, uses: map[string]use{}}
	f.words()
	f.layoutWords()
	return f
}

// readForm decodes the shape of one form. Faults of shape stay with the reader; the error is for what is no YAML at all.
func readForm(t original, s *shelf) (*file, error) {
	sheet, root, err := grammar.Written(t.shown(), t.data, patterns)
	if err != nil {
		return nil, err
	}
	t.data = sheet.Text
	f := newFile(t, root)
	f.sheet = sheet
	f.shelf = s
	f.decode(root)
	if f.Err() == nil {
		f.open()
	}
	sum := sha256.Sum256(append(slices.Clone(t.data), f.used()...))
	f.form.Hash = hex.EncodeToString(sum[:])
	return f, nil
}

// faults are those of the form, where its text was written.
func (f *file) faults() text.Faults { return asFaults(f.sheet.Told(f.Err())) }

// named checks that the file bears the form's code.
func (f *file) named(base string) {
	if string(f.form.ID) != base && f.form.ID != "" {
		f.Fault(f.root.Get("form"), text.Say("form %s in the file %s.yaml", f.form.ID, base), text.Say("call the file %s.yaml", f.form.ID))
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
		f.Fault(f.root.Get("version"), text.Say("form %s has version %s already", f.form.ID, before.form.Version), text.Say("write version: %s", before.form.Version+1))
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
						text.Say("shared field %q is of type %s, in form %s of type %s", field.ID, field.Type, other.form.ID, b.Type),
						"a value of the case is of one type in all forms")
				}
			}
		}
	}
}

// asFaults gives the faults of an error that has some.
func asFaults(err error) text.Faults {
	var faults text.Faults
	if errors.As(err, &faults) {
		return faults
	}
	return nil
}
