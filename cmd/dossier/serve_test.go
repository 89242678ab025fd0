package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
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
	refused(t, []string{"地址已经被占用"}, "serve", "--listen", strings.TrimPrefix(s.address, "http://"), "--data", filepath.Join(dir, "other"))
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
	refused(t, []string{"演示县", "--demo"}, "serve", "--data", dir, "--listen", "127.0.0.1:0")
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
	refused(t, []string{"一个局自己的数据"}, "serve", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "施博") {
		t.Errorf("the refused demo changed the folder: %s", out)
	}
}

// A filling that was cut off is begun anew: the folder of these tests was one.
func TestDemoHalfFilled(t *testing.T) {
	dir := demoFolder(t)
	if out := must(t, "user", "list", "--data", dir); !strings.Contains(out, "captain") {
		t.Error(out)
	}
	p := newProgram(t.Context())
	h, err := p.open(arguments{values: map[string][]string{"data": {dir}}}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	there, err := countyOf(h.store)
	if err = h.close(err); err != nil || there == nil || !there.Filled {
		t.Errorf("%v %v", there, err)
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

// What finds its folder served runs inside the server, and says the same.
func TestInside(t *testing.T) {
	dir, elsewhere := demoFolder(t), t.TempDir()
	s := serving(t, "--demo", "--data", dir)
	out := must(t, "user", "add", "liwei", "--name", "李维", "--post", "officer", "--data", dir)
	_, link, _ := strings.Cut(out, "服务器地址")
	link, _, _ = strings.Cut(link, " ")
	if code, body := get(t, browser(t), s.address+link); code != 200 || !strings.Contains(body, "李维") {
		t.Errorf("the link that was made beside the server: %d\n%.300s", code, body)
	}
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
	code, out, _ := dossier(t, "verify", "--data", dir, "--head", "1:"+strings.Repeat("0", 64))
	if code != 1 || !strings.Contains(out, "台账第1行") {
		t.Errorf("%d %s", code, out)
	}
	p := newProgram(t.Context())
	p.in = strings.NewReader("一个很长的新密码\n")
	if code := p.run([]string{"user", "password", "liwei", "--password", "-", "--data", dir}); code != 0 {
		t.Errorf("%d %s", code, p.stderr.String())
	}
	r, err := browser(t).PostForm(s.address+"/login", url.Values{"name": {"liwei"}, "password": {"一个很长的新密码"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.Request.URL.Path != "/" {
		t.Errorf("the password that was set beside the server opens %s", r.Request.URL)
	}
	file := filepath.Join(elsewhere, "b.tar")
	must(t, "backup", file, "--data", dir)
	must(t, "restore", file, "--data", filepath.Join(elsewhere, "again"))
	must(t, "print", "1", "1", "-o", filepath.Join(elsewhere, "1.pdf"), "--data", dir)
	if out := must(t, "token", "create", "--user", "liwei", "--data", dir, "--json"); !strings.Contains(out, "token") {
		t.Error(out)
	}
	refused(t, []string{"nobody"}, "user", "password", "nobody", "--data", dir)
	refused(t, []string{"不会覆盖"}, "backup", file, "--data", dir)
	if code, out, _ := dossier(t, "user", "disable", "nobody", "--data", dir, "--json"); code != 1 || !strings.HasPrefix(out, `{"error":`) {
		t.Errorf("%d %s", code, out)
	}
	for _, args := range [][]string{{"serve", "--demo", "--listen", "127.0.0.1:0"}, {"restore", file}} {
		if code, _, errs := dossier(t, append(args, "--data", dir)...); code != 1 || errs == "" {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	if code := s.stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, s.stderr.String())
	}
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "核验通过") {
		t.Error(out)
	}
}
