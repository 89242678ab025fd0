package workflows

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

// Edition is one procedure with the forms that it names, as a case pins it.
type Edition struct {
	Definition *procedure.Definition
	Source     []byte // the procedure's text; of one that is like a pattern, as it is written out
	Hash       string // SHA-256 over the text and the hashes of its forms, hex

	sheet grammar.Sheet
}

// With is the procedure with the forms that it names, as the engine runs it.
func (e *Edition) With(forms map[procedure.FormID]*procedure.Form) *procedure.Edition {
	ed := &procedure.Edition{Hash: e.Hash, Def: e.Definition, Forms: map[procedure.FormID]*procedure.Form{}}
	for _, id := range e.Definition.Forms() {
		ed.Forms[id] = forms[id]
	}
	return ed
}

// All reads the embedded procedures and those of extra, which may be nil: files in its root, each called by its
// procedure's id. An extra procedure is added, or replaces an embedded one by a higher version. The editions are sorted
// by id; own are the office's own posts. The error is [text.Faults]: every fault of every file; the editions without one are given beside it.
func All(forms map[procedure.FormID]*procedure.Form, extra fs.FS, own ...procedure.Post) ([]*Edition, error) {
	return load(forms, own, Embedded(), extra)
}

// load reads the procedures of several file systems, the later ones over the earlier.
func load(forms map[procedure.FormID]*procedure.Form, own []procedure.Post, systems ...fs.FS) ([]*Edition, error) {
	loaded := map[procedure.WorkflowID]*Edition{}
	files := map[procedure.WorkflowID]string{}
	var faults text.Faults
	for _, system := range systems {
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
				return nil, fmt.Errorf("procedure %s can't be read: %w", name, err)
			}
			file := path.Join("workflows", name)
			e, err := Open(file, data, forms, own...)
			if err != nil {
				faults = append(faults, asFaults(err)...)
				continue
			}
			id := e.Definition.ID
			if string(id) != strings.TrimSuffix(name, ".yaml") {
				faults = append(faults, e.fault(file, "workflow", text.Say("procedure %q in the file %s", id, name), text.Say("call the file %s.yaml", id)))
				continue
			}
			before := loaded[id]
			if before != nil && before.Hash == e.Hash {
				continue
			}
			if before != nil && e.Definition.Version <= before.Definition.Version {
				faults = append(faults, e.fault(file, "version", text.Say("procedure %q has version %s already", id, before.Definition.Version),
					text.Say("write version: %s", before.Definition.Version+1)))
				continue
			}
			loaded[id], files[id] = e, file
		}
	}
	editions := make([]*Edition, 0, len(loaded))
	for _, e := range loaded {
		editions = append(editions, e)
	}
	slices.SortFunc(editions, func(a, b *Edition) int {
		return strings.Compare(string(a.Definition.ID), string(b.Definition.ID))
	})
	if len(faults) == 0 { // what one procedure says of another can be checked only when all are read
		for _, e := range editions {
			faults = append(faults, e.beside(files[e.Definition.ID], editions, forms)...)
		}
	}
	return editions, faults.Err()
}

// Open reads one procedure as an edition. Its error is that of [Load].
func Open(file string, data []byte, forms map[procedure.FormID]*procedure.Form, own ...procedure.Post) (*Edition, error) {
	d, sheet, err := load1(file, data, forms, own)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	h.Write(sheet.Text)
	for _, id := range d.Forms() {
		fmt.Fprintf(h, "\n%s %s", id, forms[id].Hash)
	}
	return &Edition{d, slices.Clone(sheet.Text), hex.EncodeToString(h.Sum(nil)), sheet}, nil
}

// Against checks what the procedure says of other procedures: those that it opens, and those that its guards name.
// The error is [text.Faults].
func (e *Edition) Against(file string, others []*Edition, forms map[procedure.FormID]*procedure.Form) error {
	return e.beside(file, others, forms).Err()
}

func (e *Edition) beside(file string, others []*Edition, forms map[procedure.FormID]*procedure.Form) text.Faults {
	definitions := map[procedure.WorkflowID]*procedure.Definition{}
	for _, o := range others {
		definitions[o.Definition.ID] = o.Definition
	}
	definitions[e.Definition.ID] = e.Definition
	var faults text.Faults
	for _, f := range check.Beside(e.Definition, definitions, forms) {
		hint := f.Hint
		if hint == "" {
			hint = strictyaml.Offer(f.Value, f.Allowed)
		}
		faults = append(faults, e.fault(file, f.Path, f.Message, hint))
	}
	return faults
}

// fault places a fault in the edition's text.
func (e *Edition) fault(file, path string, message, hint text.Words) text.Fault {
	r := strictyaml.NewReader(file)
	if root, err := strictyaml.Parse(file, e.Source); err == nil {
		r.Keys(root, "workflow", "version", "title", "source", "statutes", "line", "case", "supervision", "regime", "facts", "clocks", "open", "walk", "side-walks")
	}
	r.FaultAt(path, message, hint)
	return asFaults(e.sheet.Told(r.Err()))[0]
}

// asFaults gives the faults of an error that has some.
func asFaults(err error) text.Faults {
	var faults text.Faults
	if errors.As(err, &faults) {
		return faults
	}
	return nil
}

// Pending tells the guards that aren't written yet, each as "STATE/ACTION: what it should check". A case stops at them.
func Pending(d *procedure.Definition) []string {
	var pending []string
	d.Each(func(_ *procedure.Walk, s *procedure.State, a *procedure.Action) {
		for _, g := range a.Guards {
			if g.Name != "pending" {
				continue
			}
			where := string(a.ID)
			if s != nil {
				where = string(s.ID) + "/" + where
			}
			pending = append(pending, where+": "+g.Arg.Text)
		}
	})
	return pending
}
