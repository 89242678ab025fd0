package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/seeds/demo"
	"dossier/store"
)

var remake = flag.String("remake", "", "write a small data folder of today's program into testdata under this name")

// A data folder that an earlier program left is opened, goes on and is verified: each of testdata/folders, which stay as they
// are once a version is out. Its cases rest on a procedure and forms of the office's own, whatever the program brings.
func TestEarlierFolders(t *testing.T) {
	if *remake != "" {
		makeFolder(t, filepath.Join("testdata", "folders", *remake+".zip"))
	}
	files, err := filepath.Glob("testdata/folders/*.zip")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			z, err := zip.OpenReader(file)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			if err := os.CopyFS(dir, z); err != nil {
				t.Fatal(err)
			}
			was := verifyReal(t, "bolt:"+dir)
			if was.Cases == 0 || was.Events < 4 || was.Blobs < 3 {
				t.Errorf("too little to prove anything: %+v", was)
			}
			p := newProgram(t.Context())
			h, err := p.open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.Do(t.Context(), casefile.Command{Case: 1, Action: "note", Actor: "captain", Values: procedure.Values{"text": procedure.TextValue("又办了一步")}})
			finds := func(when string) {
				t.Helper()
				page, err := desk.Find(h.Engine, "captain", desk.Query{Text: "任县"})
				former, ferr := h.Former()
				if err != nil || ferr != nil || len(page.Rows) != 1 || former != (when == "before") {
					t.Errorf("%s it is indexed anew: %d found, former keys %v (%v, %v)", when, len(page.Rows), former, err, ferr)
				}
			}
			finds("before")
			if err == nil {
				err = change.IndexAnew(t.Context(), h.Engine)
			}
			finds("after")
			if err := h.close(err); err != nil {
				t.Fatal(err)
			}
			must(t, "rebuild", "--data", dir)
			tar := filepath.Join(t.TempDir(), "x.tar")
			must(t, "backup", tar, "--data", dir)
			again := filepath.Join(t.TempDir(), "again")
			must(t, "restore", tar, "--data", again)
			if now := verifyReal(t, "bolt:"+again); now.Events != was.Events+1 {
				t.Errorf("%+v, and before %+v", now, was)
			}
		})
	}
}

// makeFolder writes a folder with one case that has been opened, approved, noted and given a file.
func makeFolder(t *testing.T, file string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	files := os.DirFS(filepath.Join("..", "..", "testdata", "sound"))
	for name, to := range map[string]string{"sound.yaml": "workflows/sound.yaml", "forms/A01.yaml": "documents/sound/A01.yaml",
		"forms/A02.yaml": "documents/sound/A02.yaml", "forms/A03.yaml": "documents/sound/A03.yaml"} {
		data, err := fs.ReadFile(files, name)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(dir, to)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, to), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h, err := newProgram(t.Context()).open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	crew := map[procedure.Actor][]office.PersonID{}
	var ws []ledger.RecordWrite
	for _, p := range demo.People() {
		for _, held := range p.Posts {
			crew[held.Post] = append(crew[held.Post], p.ID)
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(t.Context(), h.Engine, ws...); err != nil {
		t.Fatal(err)
	}
	for hash, l := range h.lib.sources { // what the program brings would only make the folder large
		if l.Definition.ID != "sound" {
			delete(h.lib.sources, hash)
		}
	}
	if err := h.lib.keep(t.Context(), h.Engine); err != nil {
		t.Fatal(err)
	}
	for _, c := range []casefile.Command{
		{Workflow: "sound", Action: "open", Actor: "clerk"},
		{Case: 1, Action: "submit", Actor: "clerk"},
		{Case: 1, Action: "approve", Actor: "captain"},
		{Case: 1, Action: "note", Actor: "captain", Values: procedure.Values{"text": procedure.TextValue("到现场看过")}},
		{Case: 1, Action: "attach", Actor: "officer", Files: []casefile.Upload{{Name: "工资表.txt", Data: []byte("王福顺\t18600.00\n")}}, Values: procedure.Values{"proves": procedure.TextValue("欠薪金额")}},
	} {
		if c.Values == nil {
			if c.Values, _, err = specimen.Samples(h.Engine, c, crew); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.Do(t.Context(), c); err != nil {
			t.Fatal(c.Action, err)
		}
	}
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
