package bolt_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/store/bolt"
)

const nobody = 65534

// asNobody runs f without root's right to write anywhere. The thread on which it ran is thrown away with its goroutine.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done)
		if os.Geteuid() == 0 {
			runtime.LockOSThread()
			if _, _, no := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); no != 0 {
				done <- no
				return
			}
		}
		f()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// give makes dir and all in it nobody's, with these rights for the folder and the database.
func give(t *testing.T, dir string, folder, database os.FileMode) {
	t.Helper()
	for path := range files(t, dir) {
		if os.Geteuid() == 0 {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		if strings.HasSuffix(path, "dossier.db") {
			if err := os.Chmod(path, database); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Chmod(dir, folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
}

func TestReadOnlyFolder(t *testing.T) {
	made, sealed, bare := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{made, sealed} {
		if err := openDir(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
	}
	give(t, made, 0o700, 0o400)
	give(t, sealed, 0o500, 0o600)
	give(t, bare, 0o500, 0)
	_, backup := filled(t)
	asNobody(t, func() {
		for name, dir := range map[string]string{"the database": made, "the folder": sealed, "an empty folder": bare} {
			s, err := bolt.Open(dir, bolt.Options{Create: true})
			if err == nil {
				s.Close()
			}
			var e *bolt.OpenError
			if !errors.As(err, &e) || e.Code != bolt.CodeReadOnly {
				t.Errorf("%s: %v, want %s", name, err, bolt.CodeReadOnly)
			}
		}
		var e *bolt.OpenError
		if err := bolt.Restore(bytes.NewReader(backup), bare); !errors.As(err, &e) || e.Code != bolt.CodeReadOnly {
			t.Errorf("restore: %v, want %s", err, bolt.CodeReadOnly)
		}
	})
}

// noSpace lets no file of this process grow beyond size until the function that it gives is called.
func noSpace(t *testing.T, size uint64) (again func()) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	done := false
	again = func() {
		if !done {
			done = true
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
				t.Error(err)
			}
			signal.Reset(syscall.SIGXFSZ)
		}
	}
	t.Cleanup(again)
	return again
}

func fullError(t *testing.T, what string, err error) {
	t.Helper()
	var e *bolt.OpenError
	if !errors.As(err, &e) || e.Code != bolt.CodeFull {
		t.Errorf("%s: %v, want %s", what, err, bolt.CodeFull)
	}
}

// TestFullDisk runs in a process of its own: the limit would hit what go test writes itself.
func TestFullDisk(t *testing.T) {
	if os.Getenv("DOSSIER_TEST_FULL_DISK") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
		cmd.Env = append(os.Environ(), "DOSSIER_TEST_FULL_DISK=1")
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestFullDisk")) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	dir, empty := t.TempDir(), t.TempDir()
	s := openDir(t, dir)
	var noise strings.Builder // which nothing can pack
	for r := rand.New(rand.NewPCG(1, 1)); noise.Len() < 1<<20; {
		noise.WriteByte(byte('a' + r.IntN(26)))
	}
	big := noise.String()
	commit(t, s, 1, 0, big)
	info, err := os.Stat(dir + "/dossier.db")
	if err != nil {
		t.Fatal(err)
	}
	_, backup := filled(t)

	again := noSpace(t, uint64(info.Size()))
	id := casefile.CaseID(2)
	for err = nil; err == nil && id < 100; id++ {
		err = tryCommit(s, id, 0, big)
	}
	fullError(t, "commit", err)
	id--
	if _, err := s.Case(id); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the case that did not fit: %v", err)
	}
	if c, err := s.Case(id - 1); err != nil || len(c.Data) != len(big) {
		t.Errorf("the case before: %v", err)
	}
	again()
	commit(t, s, id, 0, big)

	again = noSpace(t, 1000)
	fullError(t, "put blob", s.PutBlob(sum([]byte(big)), []byte(big)))
	if _, err := s.Blob(sum([]byte(big))); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the blob that did not fit: %v", err)
	}
	_, err = bolt.Open(empty, bolt.Options{Create: true})
	fullError(t, "open", err)
	_, err = bolt.Open(empty+"/new", bolt.Options{Create: true})
	fullError(t, "open", err)
	fullError(t, "restore", bolt.Restore(bytes.NewReader(backup), empty))
	if left := files(t, empty); len(left) != 1 {
		t.Errorf("the empty folder holds %v", left)
	}
	again()
	if err := s.PutBlob(sum([]byte(big)), []byte(big)); err != nil {
		t.Fatal(err)
	}
	openDir(t, empty)
}

// TestFileCutWhileOpen takes the file away under an open store, as a failing disk would: reads and commits fail, and the program lives.
func TestFileCutWhileOpen(t *testing.T) {
	dir := t.TempDir()
	s, err := bolt.Open(dir, bolt.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id := casefile.CaseID(1); id <= 60; id++ {
		commit(t, s, id, 0, strings.Repeat("x", 1000))
	}
	if err := os.Truncate(dir+"/dossier.db", 2*int64(os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	_, err = s.Case(1)
	_, err2 := s.Scan(ledger.Scan{Index: "state"})
	err3 := s.Dump(func(string, []byte, []byte) error { return nil })
	for i, err := range []error{err, err2, err3, tryCommit(s, 99, 0, "x"), tryCommit(s, 99, 0, "x")} {
		if !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("use %d: %v, want ErrDamaged", i, err)
		}
	}
}
