package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/office"
	"dossier/engine/secret"
)

func TestSignInAndOut(t *testing.T) {
	b := newBureau(t)
	v := b.visit("")
	if p := v.get("/cases?open=1"); p.path != "/login?next=%2Fcases%3Fopen%3D1" {
		t.Fatalf("a stranger lands on %s", p.path)
	}
	p := v.post("/login", url.Values{"name": {"captain"}, "password": {"wrong"}, "next": {"/cases?open=1"}}).want(422)
	p.says("h2", "用户名或者密码不对")
	if got := p.form("/login"); got.Get("name") != "captain" || got.Get("password") != "" || got.Get("next") != "/cases?open=1" {
		t.Errorf("what was typed: %v", got)
	}
	if p := v.post("/login", url.Values{"name": {"captain"}, "password": {password}, "next": {"/cases?open=1"}}); p.path != "/cases?open=1" {
		t.Errorf("signed in, lands on %s", p.path)
	}
	v.get("/").want(200).says("summary", "孙队 · 大队长")
	v.post("/logout", nil)
	if p := v.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("signed out, still at %s", p.path)
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	b := newBureau(t)
	for _, next := range []string{"https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""} {
		v := b.visit("")
		if p := v.post("/login", url.Values{"name": {"clerk"}, "password": {password}, "next": {next}}).want(200); p.path != "/" {
			t.Errorf("next=%q leads to %s", next, p.path)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	b := newBureau(t)
	v := b.visit("")
	v.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := v.post("/login", url.Values{"name": {"clerk"}, "password": {password}}).want(303)
	set := p.head.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(set, part) {
			t.Errorf("cookie %q lacks %s", set, part)
		}
	}
}

func TestSetupLinkOfAPerson(t *testing.T) {
	b := newBureau(t)
	admin := b.visit("admin")
	p := admin.post("/admin/people/officer/invite", nil).want(200)
	link := p.text("code")
	at := strings.Index(link, "/setup/")
	if at < 0 {
		t.Fatalf("no link in %q", link)
	}
	path := strings.Fields(link[at:])[0]
	v := b.visit("")
	v.get(path).want(200).says("main", "李察")
	v.post(path, url.Values{"password": {"short"}, "again": {"short"}}).want(422).says("p.fault", "至少 8 个字符")
	v.post(path, url.Values{"password": {"a longer one"}, "again": {"another one"}}).want(422).says("p.fault", "不一致")
	if p := v.post(path, url.Values{"password": {"a longer one"}, "again": {"a longer one"}}).want(200); p.path != "/" {
		t.Errorf("lands on %s", p.path)
	}
	b.visit("").get(path).want(410).says("h1", "已经用过")
}

func TestChangePassword(t *testing.T) {
	b := newBureau(t)
	v, other := b.visit("officer"), b.visit("officer")
	v.post("/account", url.Values{"old": {"wrong"}, "password": {"a longer one"}, "again": {"a longer one"}}).want(422).says("p.fault", "现在的密码不对")
	v.post("/account", url.Values{"old": {password}, "password": {"a longer one"}, "again": {"a longer one"}}).want(200).says("p.notice", "密码已修改")
	if p := other.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Error("a session on another device goes on")
	}
}

func TestLanguageSwitch(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	v.get("/").says("h1", "我的工作")
	if p := v.post("/lang", url.Values{"to": {"en"}, "back": {"/cases"}}); p.path != "/cases" {
		t.Errorf("comes back to %s", p.path)
	}
	p := v.get("/").says("h1", "My desk")
	if got := attr(p.one("html"), "lang"); got != "en" {
		t.Errorf("lang=%q", got)
	}
}

// TestRefusedSignInsAreTold: the page says how long to wait, the answer says when to come again, the counters count, and
// what a stranger does keeps nobody out of a browser that they have signed in with.
func TestRefusedSignInsAreTold(t *testing.T) {
	b := newBureau(t)
	mine := b.visit("captain")
	mine.post("/logout", nil)
	v := b.visit("")
	for range 5 {
		v.post("/login", url.Values{"name": {"captain"}, "password": {"wrong"}}).want(http.StatusUnprocessableEntity)
	}
	p := v.post("/login", url.Values{"name": {"captain"}, "password": {password}}).want(http.StatusTooManyRequests).says("h2", "秒后再试")
	if p.head.Get("Retry-After") == "" {
		t.Error("nobody says when to come again")
	}
	if p := mine.post("/login", url.Values{"name": {"captain"}, "password": {password}}).want(http.StatusOK); p.path != "/" {
		t.Errorf("kept out of a browser that is known, at %s", p.path)
	}
	counts := v.get("/metrics").body
	for _, want := range []string{`dossier_sign_ins_refused_total{why="sign-in-failed"} 5`, `dossier_sign_ins_refused_total{why="try-later"} 1`} {
		if !strings.Contains(counts, want) {
			t.Errorf("the counters lack %s", want)
		}
	}
}

// TestSecondStepPages: a person turns it on with a picture and a code, is shown recovery codes once, and signs in with the
// password and a code from then on; a post of which the office asks it leads there from any page.
func TestSecondStepPages(t *testing.T) {
	b := newBureau(t)
	if err := access.KeepSetting(t.Context(), b.Engine, "admin", "second-step", office.SettingRow{From: b.Today(), Value: "leader"}); err != nil {
		t.Fatal(err)
	}
	v := b.visit("")
	if p := v.post("/login", url.Values{"name": {"leader"}, "password": {password}}); p.path != "/account" {
		t.Fatalf("lands on %s", p.path)
	}
	if p := v.get("/cases").says("p.notice", "两步登录"); p.path != "/account" {
		t.Errorf("may go to %s", p.path)
	}
	p := v.post("/account/second", url.Values{"then": {"begin"}}).want(http.StatusOK)
	if img := p.one("img"); !strings.HasPrefix(attr(img, "src"), "data:image/png;base64,") {
		t.Errorf("the picture is %.40s", attr(img, "src"))
	}
	f := p.form("/account/second")
	key := f.Get("secret")
	f.Set("then", "keep")
	f.Set("code", "000000")
	if got := v.post("/account/second", f).want(http.StatusUnprocessableEntity).says("p.fault", "口令不对").form("/account/second").Get("secret"); got != key {
		t.Errorf("the key has become %q", got)
	}
	code, err := secret.CodeAt(key, b.now.time())
	if err != nil {
		t.Fatal(err)
	}
	f.Set("code", code)
	p = v.post("/account/second", f).want(http.StatusOK)
	codes := strings.Fields(p.text("p.codes"))
	if len(codes) != 10 {
		t.Fatalf("%q", codes)
	}
	if p := v.get("/"); p.path != "/" {
		t.Errorf("still owed, at %s", p.path)
	}
	w := b.visit("")
	g := url.Values{"name": {"leader"}, "password": {password}}
	p = w.post("/login", g).want(http.StatusUnprocessableEntity).says("h2", "两步登录")
	p.one("input#code")
	g.Set("code", codes[0])
	if p := w.post("/login", g).want(http.StatusOK); p.path != "/" {
		t.Errorf("with a recovery code, at %s", p.path)
	}
	w.post("/account/second", url.Values{"then": {"off"}, "password": {"wrong"}}).want(http.StatusUnprocessableEntity)
	w.post("/account/second", url.Values{"then": {"off"}, "password": {password}}).want(http.StatusOK).says("p.notice", "两步登录")
}
