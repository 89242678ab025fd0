package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/seeds"
	"dossier/seeds/demo"
	"dossier/store"
	"dossier/store/storetest/pgserver"
)

// monday is the moment of these tests: 2 March 2026, ten in the morning.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, shanghai)

// program is a process for a test.
type program struct {
	process
	stdout, stderr lines
}

// lines is output that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newProgram(ctx context.Context) *program {
	p := &program{}
	p.process = process{commands: commands, ctx: ctx, in: strings.NewReader(""), out: &p.stdout, err: &p.stderr, now: func() time.Time { return monday },
		calendar: calendar.New(seeds.Schedules()...)}
	return p
}

// dossier runs one command line to its end.
func dossier(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	p := newProgram(t.Context())
	code = p.run(args)
	return code, p.stdout.String(), p.stderr.String()
}

// must runs a command line that has to succeed, and gives its output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := dossier(t, args...)
	if code != 0 {
		t.Fatalf("dossier %s: %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// refused runs a command line that has to fail with a message that holds the words, in the shape what: where: what to do.
func refused(t *testing.T, words []string, args ...string) {
	t.Helper()
	code, out, errs := dossier(t, args...)
	if code != 1 || !strings.HasPrefix(errs, "dossier: ") || strings.Count(errs, ": ") < 3 || strings.Contains(errs, "goroutine") {
		t.Errorf("dossier %s: %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	for _, w := range words {
		if !strings.Contains(errs, w) {
			t.Errorf("dossier %s: %q doesn't say %q", strings.Join(args, " "), errs, w)
		}
	}
}

// served is a server that runs beside the test.
type served struct {
	*program
	address string
	stop    func() int // tells it to stop, and gives its exit code
}

// serving starts a server on a free port and waits until it is ready.
func serving(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &served{program: newProgram(ctx)}
	code := make(chan int, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		code <- s.run(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...))
	}()
	s.stop = sync.OnceValue(func() int { cancel(); return <-code })
	t.Cleanup(func() { s.stop() })
	for {
		if _, rest, ok := strings.Cut(s.stdout.String(), "案卷已就绪："); ok && strings.HasSuffix(rest, "\n") {
			s.address = strings.TrimSpace(rest)
			return s
		}
		select {
		case <-ended:
			t.Fatalf("serve %v ended: %s%s", args, s.stdout.String(), s.stderr.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// demoFolder is a folder that holds the demo county, filled once for all tests after a filling that was cut off.
func demoFolder(t *testing.T) string {
	t.Helper()
	filled.once.Do(func() {
		dir, err := os.MkdirTemp("", "dossier-demo-")
		if err != nil {
			t.Fatal(err)
		}
		filled.dir = dir
		half := arguments{values: map[string][]string{"data": {filepath.Join(dir, "data")}}}
		h, err := newProgram(t.Context()).open(half, store.Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.close(h.mark(t.Context(), 0, county{})); err != nil {
			t.Fatal(err)
		}
		serving(t, "--demo", "--data", filepath.Join(dir, "data")).stop()
	})
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(filled.dir, "data"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// peopledFolder is a folder that holds the demo county's people, and nothing else.
func peopledFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	h, err := newProgram(t.Context()).open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(hire(t.Context(), h)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hire puts the demo county's people on record.
func hire(ctx context.Context, h *house) error {
	var ws []ledger.RecordWrite
	for _, person := range demo.People() {
		data, err := json.Marshal(person)
		if err != nil {
			return err
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(person.ID), Data: data, Ledgered: true})
	}
	return change.KeepRecords(ctx, h.Engine, ws...)
}

var filled struct {
	once sync.Once
	dir  string
}

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	code := pgserver.Main(m)
	if filled.dir != "" {
		_ = os.RemoveAll(filled.dir)
	}
	os.Exit(code)
}

func TestEveryHelp(t *testing.T) {
	for name := range commands {
		if name == "version" {
			continue
		}
		for _, flag := range []string{"--help", "-h"} {
			out := must(t, name, flag)
			if !strings.Contains(out, "dossier "+name) || !strings.Contains(out, "例") && !strings.Contains(out, "Example") {
				t.Errorf("%s %s:\n%s", name, flag, out)
			}
		}
	}
	for _, args := range [][]string{nil, {"help"}, {"--help"}, {"-h"}} {
		out := must(t, args...)
		if demo, all, ok := strings.Cut(out, "serve --demo"); !ok || strings.Contains(demo, "命令（") || !strings.Contains(all, "verify") {
			t.Errorf("dossier %v:\n%s", args, out)
		}
	}
}

func TestUsage(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	for _, test := range []struct {
		name string
		args []string
		want []string
	}{
		{"no such command", []string{"serv"}, []string{"serv", "serve"}},
		{"unknown option", []string{"verify", "--heads", "1"}, []string{"--heads", "--head"}},
		{"two places", []string{"verify", "--data", "a", "--store", "bolt:b"}, []string{"--data、--store"}},
		{"not a store", []string{"verify", "--store", "mysql:x"}, []string{"mysql:x", "bolt:"}},
		{"no folder", []string{"verify", "--data", missing}, []string{missing, "dossier serve"}},
		{"no folder to back up", []string{"backup", "x.tar", "--data", missing}, []string{missing}},
		{"not a head", []string{"verify", "--head", "12:abc"}, []string{"--head 12:abc"}},
		{"a word too many", []string{"verify", "now"}, []string{"verify now"}},
		{"no file", []string{"backup"}, []string{"写成 dossier backup 文件"}},
		{"restore from nothing", []string{"restore", filepath.Join(missing, "x.tar"), "--data", missing}, []string{"x.tar"}},
		{"restore to a database from nothing", []string{"restore", "x.tar", "--store", "postgres://x"}, []string{"x.tar"}},
		{"moved from nowhere", []string{"migrate-store", "--to", "bolt:x"}, []string{"--from", "migrate-store --from 地址"}},
		{"moved to where it is", []string{"migrate-store", "--from", "bolt:x", "--to", "bolt:x"}, []string{"同一个地方"}},
		{"moved from no folder", []string{"migrate-store", "--from", "bolt:" + missing, "--to", "bolt:" + missing + "2"}, []string{missing}},
		{"moved to nothing", []string{"migrate-store", "--from", "bolt:" + missing, "--to", "x"}, []string{missing}},
		{"nothing to do with users", []string{"user"}, []string{"user add、list"}},
		{"no such thing to do with users", []string{"user", "fire", "li"}, []string{"fire"}},
		{"a token for nobody", []string{"token", "create"}, []string{"--user"}},
		{"a token for no days", []string{"token", "create", "--user", "li", "--days", "x"}, []string{"--days x"}},
		{"a paper to nowhere", []string{"print", "1", "1"}, []string{"-o 文件.pdf"}},
		{"a schedule that isn't there", []string{"calendar", "load", filepath.Join(missing, "2027.json")}, []string{"2027.json"}},
		{"the demo for everybody", []string{"serve", "--demo", "--listen", "0.0.0.0:0"}, []string{"0.0.0.0:0", "127.0.0.1"}},
		{"the demo on a server that isn't there", []string{"serve", "--demo", "--store", "postgres://x@127.0.0.1:1/x", "--listen", "127.0.0.1:0"}, []string{"没有应答", "127.0.0.1:1"}},
		{"no address", []string{"serve", "--listen", "nowhere", "--data", missing}, []string{"--listen nowhere"}},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, test.want, test.args...) })
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a refused command made the folder")
	}
}

func TestErrorsAsJSON(t *testing.T) {
	code, out, errs := dossier(t, "verify", "--json", "--data", filepath.Join(t.TempDir(), "none"))
	var body struct {
		Error struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(out), &body); err != nil || code != 1 || body.Error.Code != "no-such-folder" || body.Error.Message == "" || errs != "" {
		t.Errorf("%d %s %s %v", code, out, errs, err)
	}
}

func TestLoopback(t *testing.T) {
	for listen, want := range map[string]bool{"127.0.0.1:8080": true, "localhost:0": true, "[::1]:80": true, "127.8.8.8:1": true,
		":8080": false, "0.0.0.0:80": false, "10.0.0.1:80": false, "[::]:80": false, "example.org:80": false, "127.0.0.1": false} {
		if loopback(listen) != want {
			t.Errorf("%s: %v", listen, !want)
		}
	}
}

func TestPanicIsNoTrace(t *testing.T) {
	commands["panic"] = func(*process, []string) error { panic("index out of range") }
	defer delete(commands, "panic")
	refused(t, []string{"index out of range"}, "panic")
}
