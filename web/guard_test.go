package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/desk"
)

func TestHeadersAreStrict(t *testing.T) {
	b := newBureau(t)
	for _, path := range []string{"/login", "/", "/nowhere", "/api/v1/cases", "/healthz"} {
		h := b.visit("").get(path).head
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: policy %q lacks %s", path, csp, part)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// TestPagesNeedNothingElse: no page has a script or a style of its own, or asks another host for anything.
func TestPagesNeedNothingElse(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	for _, path := range []string{"/", "/cases", "/approvals", caseAt(id), caseAt(id) + "/do/approve-filing", caseAt(id) + "/deadline/filing",
		"/admin/procedures/labour-case", "/admin/calendar"} {
		p := v.get(path).want(200)
		for n := range p.root.Descendants() {
			if has(n, "style") || n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
				t.Errorf("%s: %s with a style or script of its own", path, n.Data)
			}
			for _, name := range []string{"src", "href", "action", "formaction"} {
				if s := attr(n, name); strings.Contains(s, "//") && !strings.HasPrefix(s, "http://www.w3.org/") {
					t.Errorf("%s: %s=%q", path, name, s)
				}
			}
		}
	}
}

func TestCrossOriginPostIsRefused(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	r := v.request("POST", "/account", strings.NewReader("old=x"), "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	v.send(r).want(http.StatusForbidden)
}

func TestTooLongBodyIsSaidPlainly(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	p := v.post(caseAt(id)+"/do/note", url.Values{"then": {"do"}, "v.text": {strings.Repeat("长", 4<<20)}}).want(http.StatusRequestEntityTooLarge)
	p.says("h1", "10 MB")
	form := url.Values{"then": {"do"}, "v.text": {strings.Repeat("长", 5<<20)}}
	v.upload(caseAt(id)+"/do/note", form, "file", "a.txt", []byte("x")).want(http.StatusRequestEntityTooLarge)
	v.post(caseAt(id)+"/do/note", url.Values{"then": {"do"}, "v.text": {strings.Repeat("长", 1<<20)}}).want(422).says("p.fault", "最多")
	if c, err := desk.View(b.Engine, "clerk", id); err != nil || c.Case.Seq != 1 {
		t.Errorf("something changed: seq %d, %v", c.Case.Seq, err)
	}
}

func TestUnknownAddress(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	for _, path := range []string{"/nowhere", "/cases/99999", "/cases/abc", "/cases/1/documents/x.pdf", "/admin/procedures/none", "/static/none.css", "/cases/new/none"} {
		v.get(path).want(404)
	}
}

func TestHealthReadyMetrics(t *testing.T) {
	b := newBureau(t)
	v := b.visit("")
	v.get("/healthz").want(200)
	v.get("/readyz").want(200)
	v.get("/login")
	p := v.get("/metrics").want(200)
	for _, line := range []string{"# TYPE dossier_http_requests_total counter\n", `dossier_http_requests_total{method="GET",route="/login",status="200"} 1`,
		`dossier_info{version="test"} 1`} {
		if !strings.Contains(p.body, line) {
			t.Errorf("metrics lack %q:\n%s", line, p.body)
		}
	}
}

// The counters keep nothing of a client's own words, and are not for everybody.
func TestCountersAreBounded(t *testing.T) {
	b := newBureau(t)
	v := b.visit("")
	for i := range 50 {
		v.send(v.request("BREW"+strconv.Itoa(i), "/anything/"+strconv.Itoa(i), nil, ""))
	}
	body := v.get("/metrics").want(200).body
	if strings.Contains(body, "BREW") || !strings.Contains(body, `method="other"`) || strings.Contains(body, "anything") {
		t.Errorf("%s", body)
	}
	r := v.request("GET", "/metrics", nil, "")
	r.Header.Set("X-Forwarded-For", "203.0.113.9") // through a proxy of this machine
	v.send(r).want(http.StatusUnauthorized)
	token, err := access.NewToken(t.Context(), b.Engine, "officer", "officer", "", access.ReadScope, 1)
	if err != nil {
		t.Fatal(err)
	}
	r = v.request("GET", "/metrics", nil, "")
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.Header.Set("Authorization", "Bearer "+token)
	v.send(r).want(200)
}

func TestStaticFilesAreCachedByTheirBytes(t *testing.T) {
	b := newBureau(t)
	p := b.visit("").get("/login")
	sheets := 0
	for _, n := range p.all("link[rel=stylesheet]") {
		href := attr(n, "href")
		if !strings.HasPrefix(href, "/static/") { // the sheet of rare characters has no mark and is kept for a month
			continue
		}
		sheets++
		sheet := b.visit("").get(href).want(200)
		if !strings.Contains(sheet.head.Get("Cache-Control"), "immutable") || !strings.HasPrefix(sheet.head.Get("Content-Type"), "text/css") {
			t.Errorf("%v", sheet.head)
		}
	}
	if sheets == 0 {
		t.Error("the page has no style sheet")
	}
	if h := b.visit("").get("/static/style.css").want(200).head; h.Get("Cache-Control") != "no-store" {
		t.Errorf("without its mark: %q", h.Get("Cache-Control"))
	}
}
