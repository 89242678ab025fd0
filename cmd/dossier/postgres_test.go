package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dossier/engine/ledger"
	"dossier/store"
	"dossier/store/storetest/pgserver"
)

// realTime runs one command line on the machine's own clock, which a database server holds its own against.
func realTime(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	p := newProgram(t.Context())
	p.now = time.Now
	code = p.run(args)
	return code, p.stdout.String(), p.stderr.String()
}

func mustReal(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := realTime(t, args...)
	if code != 0 {
		t.Fatalf("dossier %s: %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

type verified struct {
	Whole                  bool
	Cases, Events, Records int
	Blobs                  int
	Head                   string
	Heads                  []string
}

func verifyReal(t *testing.T, url string) verified {
	t.Helper()
	var v verified
	if err := json.Unmarshal([]byte(mustReal(t, "verify", "--json", "--store", url)), &v); err != nil || !v.Whole {
		t.Fatalf("%+v %v", v, err)
	}
	return v
}

// digest is the hash of every row of a store.
func digest(t *testing.T, url string) string {
	t.Helper()
	s, err := store.Open(url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := store.Digest(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A county is moved into a database and back, backed up and restored, and stays the same row by row.
func TestMigrateStore(t *testing.T) {
	dir, url := demoFolder(t), pgserver.URL(t)
	from := "bolt:" + dir
	code, out, errs := realTime(t, "migrate-store", "--from", from, "--to", url)
	if code != 0 || !strings.Contains(out, "核验通过") || !strings.Contains(out, "，台账头") || !strings.Contains(errs, "已迁移") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	if digest(t, from) != digest(t, url) {
		t.Error("the rows differ")
	}
	code, _, errs = realTime(t, "migrate-store", "--from", from, "--to", url)
	if code != 1 || !strings.Contains(errs, "已经有内容") {
		t.Errorf("into a full schema: %d %s", code, errs)
	}

	// It goes on in the database as the demo county that it is, and nothing is filled there; and then back in a folder.
	p := newProgram(t.Context())
	p.now = time.Now
	h, err := p.openDemo(arguments{values: map[string][]string{"store": {url}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.openDemo(arguments{values: map[string][]string{"store": {pgserver.URL(t)}}}, store.Options{Create: true}); err == nil || !strings.Contains(err.Error(), "migrate-store") {
		t.Errorf("a demo county where nothing is: %v", err)
	}
	mustReal(t, "token", "create", "--user", "captain", "--store", url)
	back := filepath.Join(t.TempDir(), "back")
	mustReal(t, "migrate-store", "--from", url, "--to", "bolt:"+back)
	if digest(t, "bolt:"+back) != digest(t, url) {
		t.Error("the rows differ on the way back")
	}
	tar := filepath.Join(t.TempDir(), "backup.tar")
	mustReal(t, "backup", tar, "--store", url)
	again := pgserver.URL(t)
	mustReal(t, "restore", tar, "--store", again)
	folder := filepath.Join(t.TempDir(), "folder")
	mustReal(t, "restore", tar, "--data", folder)
	for _, u := range []string{again, "bolt:" + folder} {
		if digest(t, u) != digest(t, url) {
			t.Errorf("%s: the restored rows differ", u)
		}
	}
	if v := verifyReal(t, again); v.Cases < 10 || v.Blobs < 10 || v.Head == "" {
		t.Errorf("%+v", v)
	}
	data, err := os.ReadFile(tar)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoilt := range map[string][]byte{"half": data[:len(data)/2], "flipped": flipped(data, 5000)} {
		bad := filepath.Join(t.TempDir(), "bad.tar")
		if err := os.WriteFile(bad, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		to := pgserver.URL(t)
		if code, _, errs := realTime(t, "restore", bad, "--store", to); code != 1 || !strings.Contains(errs, "不是完整的备份") {
			t.Errorf("%s: %d %s", name, code, errs)
		}
		if code, _, errs := realTime(t, "verify", "--store", to); code != 1 || !strings.Contains(errs, "还没有完成") {
			t.Errorf("%s: what was left opens: %d %s", name, code, errs)
		}
		mustReal(t, "restore", tar, "--store", to)
	}
}

func flipped(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 1
	return data
}

// cutOff is a store that breaks off after so many rows of its dump.
type cutOff struct {
	ledger.Store
	rows int
}

func (c *cutOff) Dump(f func(bucket string, key, value []byte) error) error {
	return c.Store.Dump(func(bucket string, key, value []byte) error {
		if c.rows--; c.rows < 0 {
			return os.ErrDeadlineExceeded
		}
		return f(bucket, key, value)
	})
}

func (c *cutOff) Blobs(f func(sha string) error) error {
	return c.Store.(interface {
		Blobs(f func(sha string) error) error
	}).Blobs(f)
}

// A move that was cut off goes on where it was; while it has not ended nobody opens what is there. Another begins anew.
func TestMoveCutOff(t *testing.T) {
	dir := demoFolder(t)
	from, err := store.Open("bolt:"+dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	want, err := store.Digest(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{pgserver.URL(t), "bolt:" + filepath.Join(t.TempDir(), "to")} {
		none := func(store.Moved) {}
		for _, whence := range []string{"another", "this"} { // the second begins anew
			if m, err := store.Move(t.Context(), &cutOff{from, 7_000}, whence, to, "a test", none); err == nil || m.Rows < 5000 || m.Skipped > 0 {
				t.Errorf("%s: %+v %v", whence, m, err)
			}
		}
		if _, err := store.Open(to, store.Options{Create: true}); store.Code(err) != "half-moved" {
			t.Errorf("half of it opens: %v", err)
		}
		m, err := store.Move(t.Context(), from, "this", to, "a test", none)
		if err != nil || m.Skipped < 5000 || m.Rows < 1000 {
			t.Errorf("%+v %v", m, err)
		}
		if got := digest(t, to); got != want {
			t.Error("the rows differ")
		}
	}
}
