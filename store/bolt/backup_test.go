package bolt_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

// filled is a folder with a few cases and blobs, and its backup.
func filled(t *testing.T) (f folder, backup []byte) {
	t.Helper()
	dir := t.TempDir()
	f = folder{openDir(t, dir), dir}
	for id := casefile.CaseID(1); id <= 5; id++ {
		data := fmt.Appendf(nil, "scan %d", id)
		if err := f.PutBlob(sum(data), data); err != nil {
			t.Fatal(err)
		}
		commit(t, f.Store, id, 0, string(data))
	}
	var b bytes.Buffer
	if err := f.Backup(&b); err != nil {
		t.Fatal(err)
	}
	return f, b.Bytes()
}

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

func rows(t *testing.T, s *bolt.Store) map[string]string {
	t.Helper()
	m := map[string]string{}
	err := s.Dump(func(bucket string, key, value []byte) error {
		m[bucket+"\x00"+string(key)] = string(value)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBackupRestore(t *testing.T) {
	f, backup := filled(t)
	for _, dir := range []string{filepath.Join(t.TempDir(), "new", "folder"), t.TempDir()} {
		if err := bolt.Restore(bytes.NewReader(backup), dir); err != nil {
			t.Fatal(err)
		}
		s := openDir(t, dir)
		if !maps.Equal(rows(t, s), rows(t, f.Store)) {
			t.Error("the restored rows differ")
		}
		for id := 1; id <= 5; id++ {
			data := fmt.Appendf(nil, "scan %d", id)
			if got, err := s.Blob(sum(data)); err != nil || !bytes.Equal(got, data) {
				t.Errorf("blob %d: %q, %v", id, got, err)
			}
		}
		commit(t, s, 6, 0, "goes on")
	}
}

// A blob that was damaged before does not make the backup worthless, and is not hidden either.
func TestBackupOfDamage(t *testing.T) {
	f, _ := filled(t)
	bad := sum([]byte("scan 3"))
	if err := f.DamageBlob(bad); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Backup(&b); !errors.Is(err, ledger.ErrDamaged) {
		t.Fatalf("backup: %v, want ErrDamaged", err)
	}
	dir := t.TempDir()
	if err := bolt.Restore(&b, dir); err != nil {
		t.Fatal(err)
	}
	s := openDir(t, dir)
	if _, err := s.Blob(bad); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("blob: %v, want ErrDamaged", err)
	}
	if _, err := s.Blob(sum([]byte("scan 2"))); err != nil {
		t.Errorf("another blob: %v", err)
	}
}

// broken is a writer whose disk is full after so many bytes.
type broken struct{ left int }

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("no space")
	}
	return len(p), nil
}

func TestBackupSaysWhenItIsNotWhole(t *testing.T) {
	f, backup := filled(t)
	for _, n := range []int{0, 600, len(backup) / 2, len(backup) - 1} {
		if err := f.Backup(&broken{n}); err == nil || errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("backup into %d bytes: %v", n, err)
		}
	}
}

// edited is a backup whose entries f changed: their names and bytes, or false to leave one out.
func edited(t *testing.T, backup []byte, f func(h *tar.Header, data []byte) ([]byte, bool)) []byte {
	t.Helper()
	var b bytes.Buffer
	in, out := tar.NewReader(bytes.NewReader(backup)), tar.NewWriter(&b)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		data, ok := f(h, data)
		if !ok {
			continue
		}
		h.Size = int64(len(data))
		if err := out.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRestoreRefuses(t *testing.T) {
	_, backup := filled(t)
	blob := "blobs/" + sum([]byte("scan 1"))[:2] + "/" + sum([]byte("scan 1"))
	edit := func(name string, f func(h *tar.Header, data []byte) ([]byte, bool)) []byte {
		return edited(t, backup, func(h *tar.Header, data []byte) ([]byte, bool) {
			if h.Name != name {
				return data, true
			}
			return f(h, data)
		})
	}
	flip := func(h *tar.Header, data []byte) ([]byte, bool) { data[len(data)/2] ^= 1; return data, true }
	leave := func(*tar.Header, []byte) ([]byte, bool) { return nil, false }
	rename := func(to string) func(h *tar.Header, data []byte) ([]byte, bool) {
		return func(h *tar.Header, data []byte) ([]byte, bool) { h.Name = to; return data, true }
	}
	for name, c := range map[string]struct {
		backup []byte
		code   string
	}{
		"nothing":                     {nil, bolt.CodeBadBackup},
		"no tar":                      {[]byte("PK\x03\x04"), bolt.CodeBadBackup},
		"cut in the database":         {backup[:len(backup)/3], bolt.CodeBadBackup},
		"cut at its end":              {backup[:len(backup)-3*512], bolt.CodeBadBackup},
		"without its manifest":        {edit("manifest.json", leave), bolt.CodeBadBackup},
		"without its database":        {edit("dossier.db", leave), bolt.CodeBadBackup},
		"without a blob":              {edit(blob, leave), bolt.CodeBadBackup},
		"with another blob":           {edit(blob, flip), bolt.CodeBadBackup},
		"with another database":       {edit("dossier.db", flip), bolt.CodeBadBackup},
		"with a path out of the tree": {edit(blob, rename("../../"+blob)), bolt.CodeBadBackup},
		"with a strange file":         {edit(blob, rename("blobs/x")), bolt.CodeBadBackup},
		"with two databases":          {edit(blob, rename("dossier.db")), bolt.CodeBadBackup},
		"of a newer format": {edit("manifest.json", func(_ *tar.Header, data []byte) ([]byte, bool) {
			return bytes.Replace(data, fmt.Appendf(nil, `"format":%d`, bolt.Format), []byte(`"format":99`), 1), true
		}), bolt.CodeNewer},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for _, dir := range []string{root, filepath.Join(root, "missing")} {
				before := files(t, root)
				err := bolt.Restore(bytes.NewReader(c.backup), dir)
				var e *bolt.OpenError
				if !errors.As(err, &e) || e.Code != c.code {
					t.Errorf("restore: %v, want %s", err, c.code)
				}
				if !maps.Equal(files(t, root), before) {
					t.Errorf("restore left %v", files(t, root))
				}
			}
		})
	}
}

func TestRestoreWantsAnEmptyFolder(t *testing.T) {
	f, backup := filled(t)
	other := t.TempDir()
	write(t, other+"/letter.docx", "x")
	for _, dir := range []string{f.dir, other} {
		before := files(t, dir)
		var e *bolt.OpenError
		if err := bolt.Restore(bytes.NewReader(backup), dir); !errors.As(err, &e) || e.Code != bolt.CodeNotEmpty {
			t.Errorf("restore: %v, want %s", err, bolt.CodeNotEmpty)
		}
		if !maps.Equal(files(t, dir), before) {
			t.Error("restore changed the folder")
		}
	}
	if _, err := os.Stat(other + "/dossier.db"); err == nil {
		t.Error("a database stands beside somebody's letter")
	}
}

func FuzzRestore(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(append([]byte("dossier.db"), make([]byte, 2000)...))
	f.Fuzz(func(t *testing.T, backup []byte) {
		dir := t.TempDir()
		var e *bolt.OpenError
		if err := bolt.Restore(bytes.NewReader(backup), dir); !errors.As(err, &e) {
			t.Fatalf("restore: %v", err)
		}
		if left := files(t, dir); len(left) != 1 {
			t.Errorf("restore left %v", left)
		}
	})
}

// The office's own procedures and forms are in the backup, and in the folder that it is restored into; nothing else of the
// folder is, and no name in a backup leads out of it.
func TestBackupHoldsTheOfficesOwnFiles(t *testing.T) {
	f, _ := filled(t)
	own := map[string]string{"workflows/own.yaml": "workflow: own\n", "documents/X01.yaml": "form: X01\n", "documents/registry/x.yaml": "form: x\n", "posts.yaml": "posts: []\n"}
	for name, text := range own {
		file := filepath.Join(f.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []string{"workflows/.hidden.yaml", "workflows/notes.txt", "documents/X01.yaml~"} {
		if err := os.WriteFile(filepath.Join(f.dir, filepath.FromSlash(other)), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Backup(&b); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "again")
	if err := bolt.Restore(bytes.NewReader(b.Bytes()), dir); err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for name := range own {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		have[name] = string(data)
	}
	for _, other := range []string{"workflows/.hidden.yaml", "workflows/notes.txt", "documents/X01.yaml~"} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(other))); err == nil {
			t.Errorf("%s was restored", other)
		}
	}
	if !maps.Equal(have, own) {
		t.Errorf("restored %v", have)
	}
	for name, change := range map[string]func(h *tar.Header, data []byte) ([]byte, bool){
		"changed": func(h *tar.Header, data []byte) ([]byte, bool) {
			return append(data, 'x'), h.Name == "workflows/own.yaml"
		},
		"out of it": func(h *tar.Header, data []byte) ([]byte, bool) {
			return named(h, data, "workflows/own.yaml", "workflows/../../own.yaml")
		},
		"a hidden one": func(h *tar.Header, data []byte) ([]byte, bool) {
			return named(h, data, "workflows/own.yaml", "workflows/.own.yaml")
		},
	} {
		dir := filepath.Join(t.TempDir(), "again")
		spoilt := edited(t, b.Bytes(), func(h *tar.Header, data []byte) ([]byte, bool) {
			d, changed := change(h, data)
			if !changed {
				d = data
			}
			return d, true
		})
		if err := bolt.Restore(bytes.NewReader(spoilt), dir); err == nil {
			t.Errorf("%s: restored", name)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: it left the folder", name)
		}
	}
}

// named gives an entry of a backup another name.
func named(h *tar.Header, data []byte, was, is string) ([]byte, bool) {
	if h.Name == was {
		h.Name = is
	}
	return data, true
}
