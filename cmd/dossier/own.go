package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"dossier/engine/procedure"
	"dossier/engine/text"
)

// lastGoodFile holds the office's own files as they were last read without a fault, in its folder.
const lastGoodFile = "last-good.zip"

// ownFiles are the files of the office in its folder, nil where there is none.
func ownFiles(dir string) fs.FS {
	if dir == "" {
		return nil
	}
	return os.DirFS(dir)
}

// folder is a folder of the office's files, nil when it has none of that name.
func folder(own fs.FS, name string) (fs.FS, error) {
	if own == nil {
		return nil, nil
	}
	info, err := fs.Stat(own, name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return fs.Sub(own, name)
}

// goodLibrary reads the library with the office's own files, or, where these are at fault, with those that were last read
// without one. It tells the fault.
func goodLibrary(dir string) (lib *library, fault, err error) {
	lib, err = readLibrary(ownFiles(dir))
	if err == nil || dir == "" {
		return lib, nil, err
	}
	last, none := zip.OpenReader(filepath.Join(dir, lastGoodFile))
	if none != nil {
		return nil, nil, err // nothing was ever good
	}
	defer last.Close()
	lib, old := readLibrary(last)
	if old != nil {
		return nil, nil, err // by another program than this
	}
	return lib, err, nil
}

// differs tells how the office's own files as they lie in its folder differ from the procedures that are in use, a line each.
func (h *house) differs() []string {
	if h.dir == "" {
		return nil
	}
	lib, err := readLibrary(ownFiles(h.dir))
	if err != nil {
		return []string{text.Told(text.ZH, err)}
	}
	newest := map[procedure.WorkflowID]*procedure.Edition{}
	for _, ed := range lib.editions {
		if was := newest[ed.Def.ID]; was == nil || ed.Def.Version > was.Def.Version {
			newest[ed.Def.ID] = ed
		}
	}
	var told []string
	for _, ed := range h.Workflows() {
		if n := newest[ed.Def.ID]; n != nil && n.Hash != ed.Hash {
			told = append(told, fmt.Sprintf("程序%s：目录里是第%d版（%.12s），在用的是第%d版（%.12s）", ed.Def.ID, n.Def.Version, n.Hash, ed.Def.Version, ed.Hash))
		}
	}
	return told
}

// keepGood keeps the office's own files as they are now, which were read without a fault.
func keepGood(dir string) error {
	if dir == "" {
		return nil
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	own := os.DirFS(dir)
	for _, name := range []string{postsFile, "documents", "workflows"} {
		err := fs.WalkDir(own, name, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			data, err := fs.ReadFile(own, path)
			if err != nil {
				return err
			}
			w, err := z.Create(path)
			if err == nil {
				_, err = w.Write(data)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	file := filepath.Join(dir, lastGoodFile)
	if was, err := os.ReadFile(file); err == nil && bytes.Equal(was, b.Bytes()) {
		return nil
	}
	if err := os.WriteFile(file+".part", b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".part", file)
}
