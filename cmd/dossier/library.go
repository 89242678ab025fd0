package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/procedure"
	"dossier/seeds"
	"dossier/workflows"
)

// library is what the office runs on: the procedures with their forms, and the blanks that print them.
type library struct {
	editions []*procedure.Edition
	blanks   map[procedure.FormID]*documents.Blank
	sources  map[string]*workflows.Edition        // by hash, of those that were read from files
	forms    []fs.FS                              // where the forms' files are, the later over the earlier
	kinds    map[procedure.FormID]*procedure.Form // of the registry's objects
	posts    []procedure.Post                     // the office's own
}

// readLibrary reads the procedures and forms that the program brings and those of the office's workflows/ and documents/,
// with the posts of its posts.yaml.
// The error is text.Faults: every fault of every file.
func readLibrary(own fs.FS) (*library, error) {
	lib, err := readProcedures(own)
	if err != nil {
		return nil, err
	}
	registered, err := folder(own, "documents/registry")
	if err != nil {
		return nil, err
	}
	kinds := []fs.FS{documents.Registry()}
	if registered != nil {
		kinds = append(kinds, registered)
	}
	if lib.kinds, err = documents.Load(kinds...); err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(lib.kinds)) {
		for _, post := range lib.kinds[id].Keeps {
			if procedure.FindPost(lib.known(), post) == nil {
				return nil, unreadable("no-keeper", "where", string(id)+" "+string(post))
			}
		}
	}
	return lib, nil
}

// readProcedures reads all of that but the kinds of the registry.
func readProcedures(own fs.FS) (*library, error) {
	ownForms, err := folder(own, "documents")
	if err != nil {
		return nil, err
	}
	procedures, err := folder(own, "workflows")
	if err != nil {
		return nil, err
	}
	posts, err := ownPosts(own)
	if err != nil {
		return nil, err
	}
	if ownForms == nil && procedures == nil && posts == nil {
		lib, err := brought()
		if err != nil {
			return nil, err
		}
		return &library{editions: slices.Clone(lib.editions), blanks: maps.Clone(lib.blanks), sources: maps.Clone(lib.sources), forms: lib.forms}, nil
	}
	forms := []fs.FS{documents.Embedded()}
	if ownForms != nil {
		forms = append(forms, ownForms)
	}
	return loadLibrary(forms, procedures, posts)
}

// known are the posts that an office has: those that the program brings and its own.
func (lib *library) known() []procedure.Post { return append(seeds.Posts(), lib.posts...) }

// postsFile holds the office's own posts, in its folder.
const postsFile = "posts.yaml"

// ownPosts reads the office's own posts, nil when it has none.
func ownPosts(own fs.FS) ([]procedure.Post, error) {
	if own == nil {
		return nil, nil
	}
	data, err := fs.ReadFile(own, postsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return seeds.ReadPosts(postsFile, data, seeds.Posts()...)
}

// brought is what the program brings, read once.
var brought = sync.OnceValues(func() (*library, error) { return loadLibrary([]fs.FS{documents.Embedded()}, nil, nil) })

func loadLibrary(files []fs.FS, procedures fs.FS, posts []procedure.Post) (*library, error) {
	lib := &library{sources: map[string]*workflows.Edition{}, posts: posts}
	var err error
	if lib.blanks, err = documents.Blanks(files...); err != nil {
		return nil, err
	}
	forms := formsOf(lib.blanks)
	loaded, err := workflows.All(forms, procedures, posts...)
	if err != nil {
		return nil, err
	}
	for _, l := range loaded {
		lib.sources[l.Hash] = l
		lib.editions = append(lib.editions, l.With(forms))
	}
	return lib, nil
}

func formsOf(blanks map[procedure.FormID]*documents.Blank) map[procedure.FormID]*procedure.Form {
	forms := make(map[procedure.FormID]*procedure.Form, len(blanks))
	for id, b := range blanks {
		forms[id] = b.Form
	}
	return forms
}

// source is a procedure's text with the line of each of its parts; nothing of one that is no longer read from a file.
func (lib *library) source(hash string) (text []byte, lines map[string]int) {
	if e := lib.sources[hash]; e != nil {
		return e.Source, e.Lines()
	}
	return nil, nil
}

// recall adds the editions that the store keeps. A draft of a version that the program brings otherwise is refused when
// cases rest on it, and left alone when none does. Where a file has other bytes under the same version than those that cases
// rest on, the kept ones go on in its place, and warn is told.
func (lib *library) recall(s ledger.Store, warn io.Writer) error {
	records, err := s.Records(procedure.KindEdition, "", 0)
	if err != nil {
		return err
	}
	var used map[string]bool
	var kept []*procedure.Edition
	for _, r := range records {
		if lib.sources[r.ID] != nil {
			continue
		}
		var k procedure.KeptEdition
		if err := json.Unmarshal(r.Data, &k); err != nil {
			return failing(err, "record-fault", "fault", err, "where", string(r.Kind)+"/"+r.ID)
		}
		ours, err := renewed(k)
		if err != nil {
			return err
		}
		if ours && used == nil {
			if used, err = rests(s); err != nil {
				return err
			}
		}
		switch {
		case ours && used[r.ID]:
			return unreadable("earlier-draft", "where", fmt.Sprintf("程序%s第%d版", k.Workflow, k.Version))
		case ours:
			continue // nothing rests on it
		}
		ed, err := lib.unpack(s, r.ID, k)
		if err != nil {
			return failing(err, "kept-version", "fault", err, "where", fmt.Sprintf("程序%s第%d版", k.Workflow, k.Version))
		}
		kept = append(kept, ed)
		ed.Pinned = true
		i := slices.IndexFunc(lib.editions, func(x *procedure.Edition) bool { return x.Def.ID == k.Workflow && x.Def.Version == k.Version })
		if i < 0 {
			continue
		}
		if used == nil {
			if used, err = rests(s); err != nil {
				return err
			}
		}
		if !used[ed.Hash] {
			continue
		}
		fmt.Fprintln(warn, "dossier: "+said("in-use-version", "id", k.Workflow, "version", k.Version, "next", fmt.Sprintf("version: %d", k.Version+1)))
		delete(lib.sources, lib.editions[i].Hash)
		lib.editions = slices.Delete(lib.editions, i, i+1)
		ed.Pinned = false
	}
	lib.editions = append(lib.editions, kept...)
	return nil
}

// renewed tells whether the program brings the version with other bytes than these: until its release a version is renewed
// in place.
func renewed(k procedure.KeptEdition) (bool, error) {
	lib, err := brought()
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(lib.editions, func(ed *procedure.Edition) bool {
		return ed.Def.ID == k.Workflow && ed.Def.Version == k.Version
	}), nil
}

// rests are the editions that cases on record rest on, by hash.
func rests(s ledger.Store) (map[string]bool, error) {
	used := map[string]bool{}
	last, err := s.Counter("case")
	if err != nil {
		return nil, err
	}
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		snap, err := s.Case(id)
		if err != nil {
			return nil, err
		}
		edition, err := editionOf(snap.Data)
		if err != nil {
			return nil, failing(err, "record-fault", "fault", err, "where", fmt.Sprintf("第%d号案件", id))
		}
		used[edition] = true
	}
	return used, nil
}

// editionOf is the edition of a case, read no further than it stands: every case is asked, and the program waits.
func editionOf(snapshot []byte) (edition string, err error) {
	d := json.NewDecoder(bytes.NewReader(snapshot))
	if _, err := d.Token(); err != nil { // {
		return "", err
	}
	for name := json.Token(nil); name != "edition"; {
		if name, err = d.Token(); err == nil && name != "edition" {
			err = d.Decode(new(json.RawMessage))
		}
		if err != nil {
			return "", err
		}
	}
	return edition, d.Decode(&edition)
}

// keep puts the editions that new cases may start on into the store, where they aren't yet.
func (lib *library) keep(ctx context.Context, e *engine.Engine) error {
	files := sync.OnceValue(func() map[string][]byte { return documents.Files(lib.blanks) })
	for _, hash := range slices.Sorted(maps.Keys(lib.sources)) {
		_, err := e.Store.Record(procedure.KindEdition, hash)
		if err == nil {
			continue
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		l := lib.sources[hash]
		data, err := pack(l, files())
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		k := procedure.KeptEdition{Workflow: l.Definition.ID, Version: l.Definition.Version, Files: hex.EncodeToString(sum[:])}
		if err := e.Store.PutBlob(k.Files, data); err != nil {
			return err
		}
		row, err := json.Marshal(k)
		if err != nil {
			return err
		}
		if err := change.KeepRecords(ctx, e, ledger.RecordWrite{Kind: procedure.KindEdition, ID: hash, Data: row, Ledgered: true}); err != nil {
			return err
		}
	}
	return nil
}

// packing is held while a zip is made: of several bureaus that begin at once each would take as much memory for it.
var packing sync.Mutex

// pack makes a zip of a procedure's file and of all forms as they are now.
func pack(l *workflows.Edition, forms map[string][]byte) ([]byte, error) {
	packing.Lock()
	defer packing.Unlock()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, data []byte) error {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	}
	err := add("workflows/"+string(l.Definition.ID)+".yaml", l.Source)
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		err = errors.Join(err, add("documents/"+name, forms[name]))
	}
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

// unpack reads an edition from its zip. A form that is no longer there otherwise is printed by its old blank.
func (lib *library) unpack(s ledger.Store, hash string, k procedure.KeptEdition) (*procedure.Edition, error) {
	data, err := s.Blob(k.Files)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(z, "documents")
	if err != nil {
		return nil, err
	}
	blanks, err := documents.Blanks(files)
	if err != nil {
		return nil, err
	}
	name := "workflows/" + string(k.Workflow) + ".yaml"
	source, err := fs.ReadFile(z, name)
	if err != nil {
		return nil, err
	}
	forms := formsOf(blanks)
	l, err := workflows.Open(name, source, forms, lib.posts...)
	if err != nil {
		return nil, err
	}
	if l.Hash != hash {
		return nil, fmt.Errorf("%.12s ≠ %.12s: %w", l.Hash, hash, ledger.ErrDamaged)
	}
	for id, b := range blanks {
		if lib.blanks[id] == nil {
			lib.blanks[id] = b
		}
	}
	return l.With(forms), nil
}
