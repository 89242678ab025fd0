package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"dossier/store"
)

// get fetches a page.
func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// browser is a client that keeps cookies.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func TestServeDemo(t *testing.T) {
	dir := demoFolder(t)
	s := serving(t, "--demo", "--data", dir)
	for _, who := range []string{"clerk", "captain", "admin", demoPassword} {
		if !strings.Contains(s.stdout.String(), who) {
			t.Errorf("%q doesn't name %s", s.stdout.String(), who)
		}
	}
	c := browser(t)
	r, err := c.PostForm(s.address+"/login", url.Values{"name": {"captain"}, "password": {demoPassword}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if code, body := get(t, c, s.address+"/cases"); code != 200 || !strings.Contains(body, "任") {
		t.Errorf("the cases: %d\n%.400s", code, body)
	}
	code, _, errs := dossier(t, "verify", "--data", dir)
	if code != 1 || !strings.Contains(errs, s.address) {
		t.Errorf("a folder that is being served: %d %s", code, errs)
	}
	refused(t, []string{"address already in use"}, "serve", "--listen", strings.TrimPrefix(s.address, "http://"), "--data", filepath.Join(dir, "other"))
	if code := s.stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, s.stderr.String())
	}
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
	before := must(t, "verify", "--data", dir, "--json")
	serving(t, "--demo", "--data", dir).stop()
	if after := must(t, "verify", "--data", dir, "--json"); after[:40] != before[:40] {
		t.Errorf("started again, the county is another:\n%s%s", before, after)
	}
	refused(t, []string{"demo county", "--demo"}, "serve", "--data", dir, "--listen", "127.0.0.1:0")
}

func TestFirstRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := serving(t, "--data", dir)
	_, link, _ := strings.Cut(s.stdout.String(), s.address+"/setup/")
	link, _, _ = strings.Cut(link, "\n")
	if code, body := get(t, browser(t), s.address+"/setup/"+link); code != 200 || !strings.Contains(body, "form") {
		t.Errorf("the setup link: %d\n%s", code, body)
	}
	s.stop()
	must(t, "user", "add", "boss", "--name", "施博", "--post", "admin", "--data", dir)
	again := serving(t, "--data", dir)
	if strings.Contains(again.stdout.String(), "/setup/") {
		t.Errorf("a link for the first administrator, though there is one: %s", again.stdout.String())
	}
	again.stop()
	refused(t, []string{"own data"}, "serve", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "施博") {
		t.Errorf("the refused demo changed the folder: %s", out)
	}
}

// A filling that was cut off is begun anew; the office's own files stay.
func TestDemoHalfFilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	own := filepath.Join(dir, "documents")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	p := newProgram(t.Context())
	h, err := p.open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(h.mark(t.Context(), 0, countyRow{})); err != nil {
		t.Fatal(err)
	}
	serving(t, "--demo", "--data", dir).stop()
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "captain") {
		t.Error(out)
	}
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
}

// sweeps counts its calls.
type sweeps struct {
	n   atomic.Int32
	err error
}

func (s *sweeps) Sweep(context.Context) (int, error) { s.n.Add(1); return 1, s.err }

func TestTicks(t *testing.T) {
	var log lines
	s := &sweeps{err: errors.New("the disk is full")}
	k, err := startTicks(slog.New(slog.NewTextHandler(&log, nil)), []pass{{"sweep", s.Sweep}, {"alerts", s.Sweep}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(k.cron.Entries()); n != 2 {
		t.Errorf("%d ticks", n)
	}
	for _, e := range k.cron.Entries() {
		e.WrappedJob.Run()
	}
	k.stop()
	if s.n.Load() != 6 || strings.Count(log.String(), "the disk is full") != 6 {
		t.Errorf("%d sweeps: %s", s.n.Load(), log.String())
	}
}

// A request that is under way when the program is told to stop is answered.
func TestGracefulStop(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	inside := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(inside)
		<-ctx.Done()
		_, _ = io.WriteString(w, "done")
	})
	ended := make(chan error, 1)
	go func() { ended <- listenUntil(ctx, l, handler, slog.New(slog.DiscardHandler), func() {}) }()
	go func() { <-inside; stop() }()
	if code, body := get(t, http.DefaultClient, "http://"+l.Addr().String()); code != 200 || body != "done" {
		t.Errorf("%d %s", code, body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
