package bolt_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"dossier/store/bolt"
)

// files is every file under dir with its bytes; folders have none.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			m[path] = ""
			return err
		}
		data, err := os.ReadFile(path)
		m[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refuses opens dir, which must fail with the code and leave every file as it was.
func refuses(t *testing.T, dir string, create bool, code string) *bolt.OpenError {
	t.Helper()
	before := files(t, dir)
	s, err := bolt.Open(dir, bolt.Options{Create: create, Owner: "intruder"})
	if err == nil {
		t.Errorf("opened, want %s", code)
		s.Close()
	}
	var e *bolt.OpenError
	if !errors.As(err, &e) || e.Code != code || e.Where == "" || e.Why == "" || e.Do == "" {
		t.Fatalf("open: %+v, want %s with where, why and what to do", err, code)
	}
	if after := files(t, dir); !maps.Equal(before, after) {
		t.Errorf("open left other files than it found")
	}
	return e
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(data), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// database changes the database in dir behind the store's back.
func database(t *testing.T, dir string, f func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "dossier.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	made := func(t *testing.T, dir string) {
		if err := openDir(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		create bool
		code   string
		make   func(t *testing.T, dir string)
	}{
		"a folder that is missing":         {false, bolt.CodeMissing, func(*testing.T, string) {}},
		"a folder that is empty":           {false, bolt.CodeMissing, func(t *testing.T, dir string) { write(t, dir+"/x", ""); os.Remove(dir + "/x") }},
		"somebody's documents":             {true, bolt.CodeNotOurs, func(t *testing.T, dir string) { write(t, dir+"/letter.docx", "x") }},
		"blobs whose database is gone":     {true, bolt.CodeNotOurs, func(t *testing.T, dir string) { made(t, dir); os.Remove(dir + "/dossier.db") }},
		"a file":                           {true, bolt.CodeNotOurs, func(t *testing.T, dir string) { write(t, dir, "x") }},
		"a database of no bytes":           {true, bolt.CodeDamaged, func(t *testing.T, dir string) { write(t, dir+"/dossier.db", "") }},
		"a folder in the database's place": {true, bolt.CodeDamaged, func(t *testing.T, dir string) { write(t, dir+"/dossier.db/x", "") }},
		"a database of other bytes":        {true, bolt.CodeDamaged, func(t *testing.T, dir string) { write(t, dir+"/dossier.db", strings.Repeat("x", 1<<16)) }},
		"a database cut short":             {true, bolt.CodeDamaged, func(t *testing.T, dir string) { made(t, dir); os.Truncate(dir+"/dossier.db", 5000) }},
		"a database cut at a page": {true, bolt.CodeDamaged, func(t *testing.T, dir string) {
			made(t, dir)
			os.Truncate(dir+"/dossier.db", 3*int64(os.Getpagesize()))
		}},
		"another program's database": {true, bolt.CodeNotOurs, func(t *testing.T, dir string) {
			write(t, dir+"/x", "")
			database(t, dir, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("wiki")); return err })
		}},
		"another program's database, like ours": {true, bolt.CodeNotOurs, func(t *testing.T, dir string) {
			write(t, dir+"/x", "")
			database(t, dir, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("meta")); return err })
		}},
		"a newer database": {true, bolt.CodeNewer, func(t *testing.T, dir string) {
			made(t, dir)
			database(t, dir, func(tx *bbolt.Tx) error {
				return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte{0, 0, 0, 0, 0, 0, 0, byte(bolt.Format + 1)})
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			c.make(t, dir)
			refuses(t, dir, c.create, c.code)
		})
	}
}

func TestOpenBesideTheOfficesFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/workflows/ours.yaml", "x")
	write(t, dir+"/documents/ours.yaml", "x")
	openDir(t, dir)
}

func TestOwned(t *testing.T) {
	dir := t.TempDir()
	s := openDir(t, dir)
	e := refuses(t, dir, true, bolt.CodeOwned)
	if e.Owner == nil || e.Owner.PID != os.Getpid() || e.Owner.Name != "a test" || e.Owner.Since.IsZero() {
		t.Errorf("owner %+v", e.Owner)
	}
	if !strings.Contains(e.Error(), "a test") {
		t.Errorf("%q does not say by whom", e)
	}
	// An owner who says nothing is still respected.
	if err := os.WriteFile(dir+"/owner.json", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if e := refuses(t, dir, true, bolt.CodeOwned); e.Owner != nil {
		t.Errorf("owner %+v from nothing", e.Owner)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir + "/owner.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a closed folder still names its owner: %v", err)
	}
	openDir(t, dir)
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s := openDir(t, dir)
	commit(t, s, 1, 0, "one")
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatalf("close, twice: %v", err)
	}
	if err := tryCommit(s, 1, 1, "late"); !errors.Is(err, bolt.ErrClosed) {
		t.Errorf("commit after close: %v", err)
	}
	if _, err := s.Case(1); err == nil {
		t.Error("a closed store was read")
	}
	write(t, dir+"/blobs/tmp/half-a-scan", "x") // a crash left it
	s = openDir(t, dir)
	if c, err := s.Case(1); err != nil || c.Seq != 1 || string(c.Data) != "one" {
		t.Errorf("case %+v, %v", c, err)
	}
	if _, err := os.Stat(dir + "/blobs/tmp/half-a-scan"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what the crash left is still there: %v", err)
	}
}
