// Package pgserver runs PostgreSQL for the tests of one package: a cluster in a temporary folder, made from the programs that
// Debian's package postgresql brings, without sync where nobody asks for it. Tests alone import it.
package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// elsewhere, in the environment, is the address of a server that the tests use instead of one of their own.
const elsewhere = "TEST_DATABASE_URL"

// oldest is the oldest version that will do.
const oldest = 15

// Server is a running cluster. It listens on a socket in its folder alone.
type Server struct {
	Dir   string // the folder; the cluster is in data below it
	bin   string
	as    *syscall.SysProcAttr // PostgreSQL refuses to run as root
	mu    sync.Mutex
	cmd   *exec.Cmd
	log   bytes.Buffer
	flags []string
}

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

var schemas atomic.Int64

// Main runs the tests of a package and then stops the server that they started, if they did. A TestMain calls it.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		if err := shared.server.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// URL is the address of a schema that nobody has used yet, on the server that the package's tests share.
func URL(t testing.TB) string {
	t.Helper()
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if url := os.Getenv(elsewhere); url != "" {
		mark := "?"
		if strings.Contains(url, "?") {
			mark = "&"
		}
		return url + mark + "schema=" + schema
	}
	return Shared(t).URL() + "&schema=" + schema
}

// Shared is the server that the package's tests share, without sync.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() {
		shared.server, shared.err = New("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// New makes a cluster with these settings and starts it. The caller removes it.
func New(settings ...string) (*Server, error) {
	s, err := blank()
	if err != nil {
		return nil, err
	}
	_, err = s.run("initdb", "-D", s.Data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err == nil {
		err = s.Start(settings...)
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

// Standby makes a copy of a running cluster that follows it, and starts it.
func (s *Server) Standby(name string, settings ...string) (*Server, error) {
	b, err := blank()
	if err != nil {
		return nil, err
	}
	_, err = b.run("pg_basebackup", "-h", s.Dir, "-U", "postgres", "-D", b.Data(), "-R", "-X", "stream", "-c", "fast", "--no-sync",
		"-d", "application_name="+name)
	if err == nil {
		err = b.Start(settings...)
	}
	if err != nil {
		return nil, errors.Join(err, b.Remove())
	}
	return b, nil
}

// blank is a server without a cluster yet.
func blank() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if s.Dir, err = os.MkdirTemp("", "dossier-pg-"); err != nil {
		return nil, err
	}
	if os.Getuid() != 0 {
		return s, nil
	}
	uid, gid, err := another()
	if err == nil {
		err = os.Chown(s.Dir, uid, gid)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(s.Dir))
	}
	s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return s, nil
}

// another is a user who is not root.
func another() (uid, gid int, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return 0, 0, fmt.Errorf("PostgreSQL doesn't run as root, and there is no user postgres or nobody: %w", err)
		}
	}
	uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// programs is the folder of the newest version's programs.
func programs() (string, error) {
	version := func(dir string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		return n
	}
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return version(a) - version(b) })
	if n := len(dirs); n > 0 && version(dirs[n-1]) >= oldest {
		return dirs[n-1], nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", fmt.Errorf("the tests need PostgreSQL %d or later: make tools, or apt-get install postgresql, or set %s", oldest, elsewhere)
}

// Data is the folder of the cluster.
func (s *Server) Data() string { return filepath.Join(s.Dir, "data") }

// URL is the address of the cluster's database. It has a query already.
func (s *Server) URL() string { return "postgres://postgres@/postgres?host=" + s.Dir }

// run runs one of PostgreSQL's programs to its end.
func (s *Server) run(name string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.SysProcAttr, cmd.Dir = s.as, s.Dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return string(out), nil
}

// SQL runs statements in psql and gives what it prints, bare.
func (s *Server) SQL(sql string) (string, error) {
	out, err := s.run("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", s.Dir, "-U", "postgres", "-d", "postgres", "-c", sql)
	return strings.TrimSpace(out), err
}

// Start starts the cluster with these settings beside those of its file, and waits until it answers.
func (s *Server) Start(settings ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if settings != nil {
		s.flags = settings
	}
	args := []string{"-D", s.Data(), "-k", s.Dir, "-h", ""}
	for _, set := range append([]string{"logging_collector=off", "log_min_messages=warning", "shared_buffers=32MB"}, s.flags...) {
		args = append(args, "-c", set)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	attr := syscall.SysProcAttr{}
	if s.as != nil {
		attr = *s.as
	}
	attr.Pdeathsig = syscall.SIGQUIT // a test that is killed leaves no server behind
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr = &attr, s.Dir, &s.log, &s.log
	started := make(chan error)
	go func() { // the signal comes when the thread that started it ends: this one lives as long as the program
		runtime.LockOSThread()
		started <- cmd.Start()
		select {}
	}()
	if err := <-started; err != nil {
		return err
	}
	s.cmd = cmd
	var err error
	for range 600 {
		if _, err = s.run("pg_isready", "-q", "-h", s.Dir); err == nil {
			return nil
		}
		if cmd.Process.Signal(syscall.Signal(0)) != nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the server doesn't answer: %w\n%s", err, s.log.String())
}

// Stop ends the cluster: with SIGINT as an operator would, with SIGKILL as a machine does that loses its power. The whole group
// of its processes ends.
func (s *Server) Stop(how syscall.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return nil
	}
	cmd := s.cmd
	s.cmd = nil
	if err := cmd.Process.Signal(how); err != nil {
		return err
	}
	_ = cmd.Wait() // it says how it ended
	if how == syscall.SIGKILL {
		return s.buried()
	}
	return nil
}

// buried waits until the processes that a killed server leaves behind have ended: they notice by themselves.
func (s *Server) buried() error {
	for range 600 {
		cwds, err := filepath.Glob("/proc/[0-9]*/cwd")
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(cwds, func(link string) bool {
			dir, err := os.Readlink(link)
			return err == nil && dir == s.Data()
		}) {
			return os.RemoveAll(filepath.Join(s.Data(), "postmaster.pid"))
		}
		time.Sleep(20 * time.Millisecond)
	}
	return errors.New("the processes of a killed server go on")
}

// Processor is the time that the server's processes have used so far.
func (s *Server) Processor() time.Duration {
	var sum time.Duration
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range stats {
		cwd, err := os.Readlink(filepath.Join(filepath.Dir(f), "cwd"))
		if err != nil || cwd != s.Data() {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		stat := string(b)
		fs := strings.Fields(stat[strings.LastIndexByte(stat, ')')+2:])
		u, _ := strconv.Atoi(fs[11])
		k, _ := strconv.Atoi(fs[12])
		sum += time.Duration(u+k) * 10 * time.Millisecond
	}
	return sum
}

// Promote makes a standby the primary.
func (s *Server) Promote() error {
	_, err := s.run("pg_ctl", "promote", "-D", s.Data(), "-w")
	return err
}

// Remove stops the cluster and removes its folder.
func (s *Server) Remove() error {
	return errors.Join(s.Stop(syscall.SIGQUIT), os.RemoveAll(s.Dir))
}

// Until tries f until it is content or the context ends, and gives what it said last.
func Until(ctx context.Context, f func() error) error {
	for {
		err := f()
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}
