package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dossier/documents"
	"dossier/documents/bind"
	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/health"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
	"dossier/engine/registry"
	"dossier/engine/specimen"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/web"
	"dossier/web/page"
)

// source gives the texts of the procedures that the program brings.
func source(county *fixture.County) func(hash string) ([]byte, map[string]int) {
	return func(hash string) ([]byte, map[string]int) {
		for _, e := range county.Texts {
			if e.Hash == hash {
				return e.Source, e.Lines()
			}
		}
		return nil, nil
	}
}

// bureau is a served office on a store of its own, whose time the test sets.
type bureau struct {
	*engine.Engine
	alerts   *alert.Alerts
	registry *registry.Registry
	plans    *plan.Book
	board    health.Board
	faulty   error // what a reading of the office's own files finds
	t        *testing.T
	now      *watch
	srv      *httptest.Server
	lag      atomic.Int64 // how long what is sent takes on its way, in milliseconds
}

// slow is a handler at the end of a slow line: what is sent takes its time to come, and its answer to go back.
func (b *bureau) slow(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			time.Sleep(time.Duration(b.lag.Load()) * time.Millisecond)
		}
		h.ServeHTTP(w, r)
	})
}

// A watch tells the tests' time: a test sets it while the server that it talks to reads it.
type watch struct {
	sync.Mutex
	at time.Time
}

func (w *watch) time() time.Time {
	w.Lock()
	defer w.Unlock()
	return w.at
}

func (w *watch) set(at time.Time) {
	w.Lock()
	defer w.Unlock()
	w.at = at
}

const password = "一句不短的话 2026"

// newBureau opens an office with a person for each post, on 2 March 2026, a Monday.
func newBureau(t *testing.T) *bureau {
	t.Helper()
	return bureauWith(t, seeds.CountySettings(), true)
}

// bureauWith is an office that starts with these settings, the demo county or another.
func bureauWith(t *testing.T, settings map[string][]office.SettingRow, isDemo bool) *bureau {
	t.Helper()
	county := fixture.Brought(t)
	b := &bureau{t: t, now: &watch{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}}
	c := fixture.Config(fixture.Bolt(t), b.now.time, county.Editions...)
	c.Renderer, c.Blanks, c.Listings = documents.NewRenderer(county.Blanks), county.Forms, alert.Listings
	c.Settings = settings
	c.Pages = func(string, []byte) int { return 1 }
	var err error
	b.Engine, err = engine.New(c)
	if err != nil {
		t.Fatal(err)
	}
	b.hire()
	b.alerts = &alert.Alerts{Engine: b.Engine}
	kinds, err := documents.Load(documents.Registry())
	if err != nil {
		t.Fatal(err)
	}
	b.registry = registry.New(b.Engine, kinds)
	b.plans = &plan.Book{Engine: b.Engine, Quotas: seeds.Quotas(), Units: plan.Units(b.registry)}
	b.srv = httptest.NewServer(b.slow(web.New(b.Engine, page.Options{Alerts: b.alerts, Demo: isDemo, Version: "test", Log: slog.New(slog.DiscardHandler),
		Reviews:  seeds.Reviews(),
		Measures: seeds.Measures(),
		Report:   seeds.ReportForm(),
		List:     seeds.Register(), Source: source(county),
		Registry: b.registry, Plans: b.plans, Board: &b.board, Reload: func(context.Context) error { return b.faulty },
		Glyphs: documents.Glyphs{}, CodeOf: documents.CodeOf, Bind: func(ctx context.Context, who office.PersonID, id casefile.CaseID, out io.Writer) error {
			_, err := bind.File(ctx, b.Engine, who, id, bind.Options{}, out)
			return err
		}})))
	t.Cleanup(func() { b.srv.Close() }) // another may have taken its place
	return b
}

// hire writes the people's records with one hash of the password, which is slow to make on purpose.
func (b *bureau) hire() {
	b.t.Helper()
	ctx := b.t.Context()
	token, err := access.FirstLink(ctx, b.Engine)
	if err == nil {
		_, err = access.SetUp(ctx, b.Engine, token, "admin", "施管", password)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	hash := b.Office().Person("admin").Password
	var ws []ledger.RecordWrite
	for _, p := range []office.Person{
		{ID: "clerk", Name: "王窗", Posts: []office.Held{{Post: "clerk"}}}, {ID: "officer", Name: "李察", Posts: []office.Held{{Post: "officer"}}},
		{ID: "officer2", Name: "赵办", Posts: []office.Held{{Post: "officer"}}}, {ID: "reviewer", Name: "钱审", Posts: []office.Held{{Post: "reviewer"}}},
		{ID: "captain", Name: "孙队", Posts: []office.Held{{Post: "captain"}}}, {ID: "leader", Name: "周局", Posts: []office.Held{{Post: "leader"}}},
		{ID: "fund", Name: "沈监", Posts: []office.Held{{Post: "fund"}}},
	} {
		p.Password = hash
		if p.Posts[0].Post == "officer" {
			p.Certificates = []office.Certificate{{Number: "1305260" + p.Name, From: calendar.Of(2024, 1, 1), To: calendar.Of(2029, 12, 31)}}
		}
		data, err := json.Marshal(p)
		if err != nil {
			b.t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(ctx, b.Engine, ws...); err != nil {
		b.t.Fatal(err)
	}
}

// crew are the people that samples name.
var crew = map[procedure.Actor][]office.PersonID{"clerk": {"clerk"}, "officer": {"officer", "officer2"}, "reviewer": {"reviewer"},
	"captain": {"captain"}, "leader": {"leader"}, "fund": {"fund"}, "training": {"trainer", "trainer2"}}

// do takes an action with the forms' sample values and those given, and gives the case.
func (b *bureau) do(who office.PersonID, id casefile.CaseID, action procedure.ActionID, given procedure.Values) casefile.CaseID {
	b.t.Helper()
	return b.run(who, "labour-case", id, action, given)
}

// run is the same in another procedure.
func (b *bureau) run(who office.PersonID, workflow procedure.WorkflowID, id casefile.CaseID, action procedure.ActionID, given procedure.Values) casefile.CaseID {
	b.t.Helper()
	c := casefile.Command{Case: id, Action: action, Actor: who, Values: given}
	if id == 0 {
		c.Workflow = workflow
	}
	values, files, err := specimen.Samples(b.Engine, c, crew)
	if err != nil {
		b.t.Fatal(err)
	}
	c.Values = values
	for _, f := range files {
		f.Data = []byte("%PDF-1.4\n%%EOF\n")
		c.Files = append(c.Files, f)
	}
	out, err := b.Do(b.t.Context(), c)
	if err != nil {
		b.t.Fatalf("%s by %s: %v", action, who, err)
	}
	return out.Case.ID
}

// opened is a fresh complaint against an employer.
func (b *bureau) opened(employer string) casefile.CaseID {
	b.t.Helper()
	return b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "employer": procedure.TextValue(employer)})
}

// atGate is a case whose filing waits for the captain.
func (b *bureau) atGate(employer string) casefile.CaseID {
	b.t.Helper()
	id := b.opened(employer)
	b.do("clerk", id, "submit-filing", nil)
	return b.do("reviewer", id, "pass-filing", nil)
}

// visitor is a browser without scripts.
type visitor struct {
	t    *testing.T
	base string
	http.Client
}

// visit opens a browser, signed in unless who is "".
func (b *bureau) visit(who string) *visitor {
	b.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	v := &visitor{t: b.t, base: b.srv.URL, Client: http.Client{Jar: jar}}
	if who != "" {
		if p := v.post("/login", url.Values{"name": {who}, "password": {password}}); p.status != http.StatusOK || p.path != "/" {
			b.t.Fatalf("sign-in of %s: %d at %s", who, p.status, p.path)
		}
	}
	return v
}

// shown is an answer, redirects followed.
type shown struct {
	t      *testing.T
	status int
	path   string
	head   http.Header
	body   string
	root   *html.Node
}

func (v *visitor) send(r *http.Request) *shown {
	v.t.Helper()
	res, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	return &shown{v.t, res.StatusCode, res.Request.URL.RequestURI(), res.Header, string(body), root}
}

func (v *visitor) request(method, path string, body io.Reader, kind string) *http.Request {
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func (v *visitor) get(path string) *shown {
	v.t.Helper()
	return v.send(v.request("GET", path, nil, ""))
}

func (v *visitor) post(path string, form url.Values) *shown {
	v.t.Helper()
	return v.send(v.request("POST", path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"))
}

// upload sends a form with one file.
func (v *visitor) upload(path string, form url.Values, field, name string, data []byte) *shown {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range form {
		for _, x := range vs {
			if err := w.WriteField(k, x); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	f, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return v.send(v.request("POST", path, &b, w.FormDataContentType()))
}

// want holds the answer to a status.
func (p *shown) want(status int) *shown {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.path, p.status, status, p.text("main"))
	}
	return p
}

// all gives the elements that fit a selector: "tag", "tag.class", "tag#id", "tag[name=value]".
func (p *shown) all(selector string) []*html.Node {
	tag, rest := selector, ""
	if i := strings.IndexAny(selector, ".#["); i >= 0 {
		tag, rest = selector[:i], selector[i:]
	}
	fits := func(n *html.Node) bool {
		if n.Type != html.ElementNode || tag != "" && n.Data != tag {
			return false
		}
		switch {
		case rest == "":
			return true
		case rest[0] == '.':
			return slices.Contains(strings.Fields(attr(n, "class")), rest[1:])
		case rest[0] == '#':
			return attr(n, "id") == rest[1:]
		}
		name, value, _ := strings.Cut(rest[1:len(rest)-1], "=")
		return attr(n, name) == value
	}
	var found []*html.Node
	for n := range p.root.Descendants() {
		if fits(n) {
			found = append(found, n)
		}
	}
	return found
}

// one is the only element that fits.
func (p *shown) one(selector string) *html.Node {
	p.t.Helper()
	found := p.all(selector)
	if len(found) != 1 {
		p.t.Fatalf("%s: %d of %q, want one\n%s", p.path, len(found), selector, p.text("main"))
	}
	return found[0]
}

// text is what the elements that fit say, their spaces made single.
func (p *shown) text(selector string) string {
	var b strings.Builder
	for _, n := range p.all(selector) {
		fmt.Fprintln(&b, said(n))
	}
	return strings.TrimSpace(b.String())
}

// says holds what the elements that fit say to a part.
func (p *shown) says(selector, part string) *shown {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, part) {
		p.t.Errorf("%s: %q says %q, want %q in it", p.path, selector, got, part)
	}
	return p
}

// form is what the form that posts to an address would send as it stands; fields with a name only.
func (p *shown) form(action string) url.Values {
	p.t.Helper()
	f := p.one("form[action=" + action + "]")
	out := url.Values{}
	for n := range f.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		switch n.Data {
		case "textarea":
			out.Add(name, strings.TrimPrefix(raw(n), "\n"))
		case "select":
			for o := range n.Descendants() {
				if o.Type == html.ElementNode && o.Data == "option" && has(o, "selected") {
					out.Add(name, attr(o, "value"))
				}
			}
		case "input":
			switch kind := attr(n, "type"); {
			case kind == "submit" || kind == "file":
			case (kind == "checkbox" || kind == "radio") && !has(n, "checked"):
			default:
				out.Add(name, attr(n, "value"))
			}
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func raw(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func said(n *html.Node) string { return strings.Join(strings.Fields(raw(n)), " ") }
