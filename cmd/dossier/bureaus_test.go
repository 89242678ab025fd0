package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/procedure"
	"dossier/store"
	"dossier/store/storetest/pgserver"
)

// atHost is a bureau of several, as a test speaks to it.
type atHost struct {
	*testing.T
	address, host string
	token         string
	session       []*http.Cookie
}

// ask sends one request to the bureau's host name.
func (b *atHost) ask(method, path string, head http.Header, body io.Reader) *http.Response {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.address+path, body)
	if err != nil {
		b.Fatal(err)
	}
	for k, v := range head {
		r.Header[k] = v
	}
	r.Host = b.host
	res, err := http.DefaultTransport.RoundTrip(r) // redirects are looked at
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { res.Body.Close() })
	return res
}

// says is an answer that is read to its end.
func (b *atHost) says(res *http.Response) string {
	b.Helper()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}

// call asks the API by a token.
func (b *atHost) call(method, path, token, key, kind, body string) (int, map[string]any) {
	b.Helper()
	res := b.ask(method, "/api/v1"+path, http.Header{"Authorization": {"Bearer " + token}, "Idempotency-Key": {key}, "Content-Type": {kind}}, strings.NewReader(body))
	var answer map[string]any
	if text := b.says(res); json.Unmarshal([]byte(text), &answer) != nil {
		b.Fatalf("%s %s: %d %s", b.host, path, res.StatusCode, text)
	}
	return res.StatusCode, answer
}

// signIn signs the captain in.
func (b *atHost) signIn(password string) {
	b.Helper()
	form := url.Values{"name": {"captain"}, "password": {password}}
	res := b.ask("POST", "/login", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader(form.Encode()))
	for _, c := range res.Cookies() {
		b.session = append(b.session, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	if page := b.ask("GET", "/cases", b.cookies(), nil); page.StatusCode != 200 {
		b.Fatalf("%s: signed in the captain gets %d", b.host, page.StatusCode)
	}
}

func (b *atHost) cookies() http.Header {
	head := http.Header{}
	for _, c := range b.session {
		head.Add("Cookie", c.String())
	}
	return head
}

// opens opens a case, whose party names the bureau, and puts a file into it; it gives the code of the paper that was issued.
func (b *atHost) opens(body, key string) (id int, code string) {
	b.Helper()
	status, answer := b.call("POST", "/cases", b.token, key, "application/json", strings.Replace(body, "EMPLOYER", b.host+"的厂", 1))
	docs, _ := answer["documents"].([]any)
	if status != 201 || len(docs) == 0 {
		b.Fatalf("%s: %d %v", b.host, status, answer)
	}
	id, code = int(answer["id"].(float64)), docs[0].(map[string]any)["code"].(string)
	var form strings.Builder
	w := multipart.NewWriter(&form)
	f, err := w.CreateFormFile("file", "evidence.txt")
	if err == nil {
		_, err = io.WriteString(f, "evidence of "+b.host)
	}
	if err != nil || w.Close() != nil {
		b.Fatal(err)
	}
	if status, answer := b.call("POST", fmt.Sprintf("/cases/%d/attachments", id), b.token, key+"-file", w.FormDataContentType(), form.String()); status != 200 {
		b.Fatalf("%s: %d %v", b.host, status, answer)
	}
	return id, code
}

// nothingCrosses has two bureaus act and holds what belongs to one against the other.
func nothingCrosses(t *testing.T, body string, a, b *atHost) {
	t.Helper()
	if status, _ := b.call("GET", "/cases", a.token, "", "", ""); status != 401 {
		t.Errorf("a token of %s opens %s: %d", a.host, b.host, status)
	}
	if res := b.ask("GET", "/cases", a.cookies(), nil); res.StatusCode != 303 && res.StatusCode != 302 {
		t.Errorf("a session of %s opens %s: %d", a.host, b.host, res.StatusCode)
	}
	head := b.cookies()
	head.Set("Origin", "http://"+a.host)
	head.Set("Content-Type", "application/x-www-form-urlencoded")
	if res := b.ask("POST", "/account", head, strings.NewReader("")); res.StatusCode != 403 {
		t.Errorf("a page of %s sends a form to %s: %d", a.host, b.host, res.StatusCode)
	}
	heard := b.ask("GET", "/alerts/stream", b.cookies(), nil)
	news := bufio.NewScanner(heard.Body)
	a.opens(body, "one")
	id, code := a.opens(body, "two")
	if res := a.ask("GET", "/check/"+code, nil, nil); res.StatusCode != 200 {
		t.Errorf("%s doesn't know its own paper %s: %d", a.host, code, res.StatusCode)
	}
	if res := b.ask("GET", "/check/"+code, nil, nil); res.StatusCode != 404 {
		t.Errorf("%s knows the paper %s of %s: %d", b.host, code, a.host, res.StatusCode)
	}
	for _, path := range []string{fmt.Sprint("/cases/", id), fmt.Sprintf("/cases/%d/documents/1", id), fmt.Sprintf("/cases/%d/bound.pdf", id)} {
		if res := a.ask("GET", path, a.cookies(), nil); res.StatusCode != 200 {
			t.Errorf("%s%s: %d", a.host, path, res.StatusCode)
		}
		if res := b.ask("GET", path, b.cookies(), nil); res.StatusCode != 404 {
			t.Errorf("%s%s, which is %s's: %d", b.host, path, a.host, res.StatusCode)
		}
	}
	// The same key is another act there, and the stream of b's people hears of that alone.
	theirs, _ := b.opens(body, "two")
	for event := ""; news.Scan(); {
		if name, ok := strings.CutPrefix(news.Text(), "event: "); ok {
			event = name
		} else if moved, ok := strings.CutPrefix(news.Text(), "data: "); ok && event == "moved" {
			if moved != fmt.Sprint(theirs) {
				t.Errorf("%s hears of %s, which is %s's", b.host, moved, a.host)
			}
			break
		}
	}
	for _, path := range []string{"/cases", "/", "/statistics", "/metrics"} {
		if page := b.says(b.ask("GET", path, b.cookies(), nil)); strings.Contains(page, a.host) {
			t.Errorf("%s%s tells of %s", b.host, path, a.host)
		}
	}
	if status, answer := b.call("GET", "/cases", b.token, "", "", ""); status != 200 || len(answer["cases"].([]any)) != theirs || strings.Contains(fmt.Sprint(answer), a.host) {
		t.Errorf("%s: %d %v", b.host, status, answer)
	}
}

// written is a file of bureaus as it is handed to --bureaus.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bureaus.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const bureauPassword = "一个很长的新密码"

// prepared gives a bureau people and a token, and, where it is asked to speak, the captain a password and the body that opens a
// case there, of a party EMPLOYER.
func prepared(t *testing.T, p *program, at string, speaks bool) (token, body string) {
	t.Helper()
	h, err := p.open(arguments{values: map[string][]string{"store": {at}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err = hire(t.Context(), h); err == nil {
		token, err = access.NewToken(t.Context(), h.Engine, "clerk", "clerk", "a test", access.WriteScope, 1)
	}
	var values procedure.Values
	if speaks {
		values = opens(t, h, "clerk").Values
	}
	if err := h.close(err); err != nil {
		t.Fatal(err)
	}
	if !speaks {
		return token, ""
	}
	delete(values, "employer")
	rest, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	p.in = strings.NewReader(bureauPassword + "\n")
	if code := p.run([]string{"user", "password", "captain", "--password", "-", "--store", at}); code != 0 {
		t.Fatal(p.stderr.String())
	}
	return token, `{"workflow":"labour-case","values":{"employer":"EMPLOYER",` + string(rest[1:]) + `}`
}

// Three bureaus in folders are served by one process, and a fourth that can't be opened keeps none of them; nothing of one is
// the other's. It is served as soon as it can be.
func TestBureaus(t *testing.T) {
	was := tryAgain
	tryAgain = 50 * time.Millisecond
	t.Cleanup(func() { tryAgain = was })
	file, dirs := "bureaus:\n", map[string]string{}
	var all []*atHost
	var body string
	for _, host := range []string{"a.example", "b.example", "c.example"} {
		dirs[host] = filepath.Join(t.TempDir(), "data")
		b := &atHost{T: t, host: host}
		b.token, body = prepared(t, newProgram(t.Context()), "bolt:"+dirs[host], true)
		all = append(all, b)
		counties := ""
		if host == "a.example" { // a city's, whose county doesn't answer
			counties = `, counties: [{name: 乙县, address: "http://127.0.0.1:1", token: a-token-of-twenty-signs}]`
		}
		file += fmt.Sprintf("  - {host: %s, data: %s%s}\n", host, dirs[host], counties)
	}
	broken := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(broken, nil, 0o600); err != nil { // no folder
		t.Fatal(err)
	}
	s := serving(t, "--bureaus", written(t, file+"  - {host: d.example, data: "+broken+"}\n"))
	if out := s.stdout.String(); !strings.Contains(out, "d.example 打不开") || strings.Contains(out, "a.example") {
		t.Error(out)
	}
	for _, b := range all {
		b.address = s.address
		b.signIn(bureauPassword)
	}
	nothingCrosses(t, body, all[0], all[1])
	if page := all[0].says(all[0].ask("GET", "/city", all[0].cookies(), nil)); !strings.Contains(page, "乙县") || !strings.Contains(page, "没有答复") || strings.Contains(page, "a-token-of") {
		t.Errorf("the city's view:\n%s", page)
	}
	if res := all[1].ask("GET", "/city", all[1].cookies(), nil); res.StatusCode != 404 {
		t.Errorf("the city's view at another bureau: %d", res.StatusCode)
	}
	if status, answer := all[2].call("GET", "/cases", all[2].token, "", "", ""); status != 200 || len(answer["cases"].([]any)) > 0 {
		t.Errorf("where nobody acted: %v", answer)
	}
	closed, nobody := &atHost{T: t, address: s.address, host: "d.example"}, &atHost{T: t, address: s.address, host: "127.0.0.1"}
	if res := closed.ask("GET", "/", nil, nil); res.StatusCode != 503 || res.Header.Get("Retry-After") == "" || !strings.Contains(closed.says(res), "打不开") {
		t.Errorf("what can't be opened answers %d", res.StatusCode)
	}
	if res := nobody.ask("GET", "/readyz", nil, nil); res.StatusCode != 503 || nobody.says(res) != "a.example: ok\nb.example: ok\nc.example: ok\nd.example: not open\n" {
		t.Errorf("ready: %d", res.StatusCode)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	for closed.ask("GET", "/healthz", nil, nil); closed.ask("GET", "/readyz", nil, nil).StatusCode != 200; time.Sleep(20 * time.Millisecond) {
		if t.Context().Err() != nil {
			t.Fatal("it is not tried again")
		}
	}
	for !strings.Contains(s.stdout.String(), "d.example 还没有管理员") { // it is printed beside its opening
		time.Sleep(5 * time.Millisecond)
	}
	if res := nobody.ask("GET", "/cases", nil, nil); res.StatusCode != 404 {
		t.Errorf("no bureau: %d", res.StatusCode)
	} else if page := nobody.says(res); !strings.Contains(page, "没有这个单位") || strings.Contains(page, "example") {
		t.Error(page)
	}
	if counts := nobody.says(nobody.ask("GET", "/metrics", nil, nil)); !strings.Contains(counts, `dossier_cases{bureau="a.example"} 2`) || !strings.Contains(counts, `dossier_cases{bureau="c.example"} 0`) ||
		strings.Count(counts, "\ngo_goroutines ") != 1 {
		t.Errorf("counts of all:\n%s", counts)
	}
	if res := nobody.ask("GET", "/metrics", http.Header{"X-Forwarded-For": {"10.1.2.3"}}, nil); res.StatusCode != 404 {
		t.Errorf("counts of all through a proxy: %d", res.StatusCode)
	}
	if log := s.stderr.String(); !strings.Contains(log, "bureau=b.example") {
		t.Error("the log doesn't name the bureau")
	}
	// Each folder's owner carries out the commands of others, on that folder.
	if out := must(t, "reload", "--data", dirs["b.example"]); !strings.Contains(out, "已按本局现在的文件办理") {
		t.Error(out)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("%d: %s", code, s.stderr.String())
	}
	for host, dir := range dirs {
		must(t, "verify", "--data", dir)
		if out := must(t, "statistics", "--from", "2026-01-01", "--to", "2026-12-31", "--data", dir); host == "c.example" && strings.Contains(out, "厂") {
			t.Error(out)
		}
	}
}

// The file is read again while its bureaus are served: one that is new is opened, one that is gone is closed and its folder given free, one that
// moved is opened where it is now, and the others notice nothing. A file that is at fault changes nothing, and it is said.
func TestBureausReread(t *testing.T) {
	dirs, all := map[string]string{}, map[string]*atHost{}
	for _, host := range []string{"a.example", "b.example", "c.example"} {
		dirs[host] = filepath.Join(t.TempDir(), "data")
		b := &atHost{T: t, host: host}
		p := newProgram(t.Context())
		p.now = time.Now
		b.token, _ = prepared(t, p, "bolt:"+dirs[host], true)
		all[host] = b
	}
	line := func(host, dir string) string { return fmt.Sprintf("  - {host: %s, data: %s}\n", host, dirs[dir]) }
	name := written(t, "bureaus:\n"+line("a.example", "a.example")+line("b.example", "b.example"))
	s := startServing(t, "--bureaus", name)
	t.Cleanup(s.kill)
	for _, b := range all {
		b.address = s.address
	}
	all["a.example"].signIn(bureauPassword)
	heard := all["a.example"].ask("GET", "/alerts/stream", all["a.example"].cookies(), nil)
	going := all["b.example"]
	going.signIn(bureauPassword)
	left := going.ask("GET", "/alerts/stream", going.cookies(), nil)
	again := func(text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte("bureaus:\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, f func() bool) {
		t.Helper()
		for begun := time.Now(); !f(); time.Sleep(20 * time.Millisecond) {
			if time.Since(begun) > time.Minute {
				t.Fatalf("%s: never\n%s", what, s.log.String())
			}
		}
	}
	status := func(host, by string) int {
		res := all[host].ask("GET", "/api/v1/cases", http.Header{"Authorization": {"Bearer " + all[by].token}}, nil)
		_ = all[host].says(res)
		return res.StatusCode
	}
	again(line("a.example", "a.example") + "  - {host: c.example, dta: x}\n")
	until("the fault is said", func() bool {
		return strings.Contains(s.log.String(), "all goes on as it was") && strings.Contains(s.log.String(), "bureaus.yaml:3")
	})
	refused(t, []string{"bureaus.yaml:3", "dta"}, "reload", "--bureaus", name)
	if status("a.example", "a.example") != 200 || status("b.example", "b.example") != 200 || status("c.example", "c.example") != 404 {
		t.Error("a faulty file changes who is served")
	}
	again(line("a.example", "a.example") + line("c.example", "b.example")) // c has moved into b's folder
	until("c is served", func() bool { return status("c.example", "b.example") == 200 })
	if got := status("b.example", "b.example"); got != 404 {
		t.Errorf("b is answered: %d", got)
	}
	_ = going.says(left) // which was ended
	again(line("a.example", "a.example") + line("c.example", "c.example"))
	until("c is served from its own folder", func() bool { return status("c.example", "c.example") == 200 })
	if got := status("c.example", "b.example"); got != 401 {
		t.Errorf("c takes b's token: %d", got)
	}
	must(t, "verify", "--data", dirs["b.example"]) // nobody holds it
	if page := all["a.example"].ask("GET", "/cases", all["a.example"].cookies(), nil); page.StatusCode != 200 {
		t.Errorf("a's session has ended: %d", page.StatusCode)
	}
	nobody := &atHost{T: t, address: s.address, host: "127.0.0.1"}
	if got := nobody.says(nobody.ask("GET", "/readyz", nil, nil)); got != "a.example: ok\nc.example: ok\n" {
		t.Errorf("ready: %s", got)
	}
	if counts := nobody.says(nobody.ask("GET", "/metrics", nil, nil)); strings.Contains(counts, `bureau="b.example"`) || !strings.Contains(counts, `bureau="c.example"`) {
		t.Error("the counts are not those of who is served")
	}
	heard.Body.Close()
	if out := must(t, "reload", "--bureaus", name); !strings.Contains(out, "SIGHUP") {
		t.Error(out)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, s.log.String())
	}
}

func TestBureausRefused(t *testing.T) {
	refused(t, []string{"--data、--store"}, "serve", "--bureaus", "x.yaml", "--data", "y")
	refused(t, []string{"x.yaml"}, "serve", "--listen", "127.0.0.1:0", "--bureaus", filepath.Join(t.TempDir(), "x.yaml"))
	code, _, errs := dossier(t, "serve", "--listen", "127.0.0.1:0", "--bureaus", written(t, "bureaus:\n  - {host: A.example, data: x}\n"))
	if code != 1 || !strings.Contains(errs, "bureaus.yaml:2:12: ") {
		t.Error(errs)
	}
}

// Twenty bureaus, a schema each in one database, are served by one process, which holds a bounded number of connections. All act at once,
// and nothing crosses.
func TestTwentyBureaus(t *testing.T) {
	const n = 20
	file := "bureaus:\n"
	all, urls := make([]*atHost, n), make([]string, n)
	var body string
	var wg sync.WaitGroup
	for i := range n {
		urls[i] = pgserver.URL(t)
		all[i] = &atHost{T: t, host: fmt.Sprintf("county%02d.example", i+1)}
		file += fmt.Sprintf("  - {host: %s, store: \"%s\"}\n", all[i].host, urls[i])
		wg.Go(func() {
			p := newProgram(t.Context())
			p.now = time.Now
			token, opens := prepared(t, p, urls[i], i < 2)
			if all[i].token = token; i == 0 {
				body = opens
			}
		})
	}
	wg.Wait()
	began := time.Now()
	s := startServing(t, "--log-level", "error", "--bureaus", written(t, file))
	t.Cleanup(s.kill)
	t.Logf("%d bureaus are ready after %s: %s", n, time.Since(began).Round(time.Millisecond), resident(t, s.cmd.Process.Pid))
	for i, b := range all {
		b.address = s.address
		wg.Go(func() {
			if i > 1 {
				b.opens(body, "one")
			}
		})
	}
	wg.Wait()
	for _, b := range all[:2] {
		b.signIn(bureauPassword)
	}
	nothingCrosses(t, body, all[0], all[1])
	for _, b := range all[2:] {
		if status, answer := b.call("GET", "/cases", b.token, "", "", ""); status != 200 || len(answer["cases"].([]any)) != 1 || !strings.Contains(fmt.Sprint(answer), b.host) {
			t.Errorf("%s: %d %v", b.host, status, answer)
		}
		if status, _ := b.call("GET", "/cases", all[0].token, "", "", ""); status != 401 {
			t.Errorf("%s takes another's token: %d", b.host, status)
		}
	}
	held, err := pgserver.Shared(t).SQL("select count(*) from pg_stat_activity where application_name like 'dossier serve%'")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s connections, %s", strings.TrimSpace(held), resident(t, s.cmd.Process.Pid))
	if procedure.Int(strings.TrimSpace(held)) > mostConns+2*n+2 { // two writers each, one that hears and one on duty for all
		t.Errorf("%s connections are held", held)
	}
}

// resident is what a process holds of memory.
func resident(t *testing.T, pid int) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "" // another system
	}
	var says []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "RssAnon") || strings.HasPrefix(line, "VmRSS") || strings.HasPrefix(line, "VmHWM") {
			says = append(says, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(says, ", ")
}
