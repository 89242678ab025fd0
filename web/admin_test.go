package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/seeds"
)

func TestOnlyTheAdministratorKeepsTheOffice(t *testing.T) {
	b := newBureau(t)
	captain, admin := b.visit("captain"), b.visit("admin")
	for _, path := range []string{"/admin/people", "/admin/people/officer", "/admin/new-person", "/admin/settings"} {
		captain.get(path).want(403)
		admin.get(path).want(200)
	}
	for _, path := range []string{"/admin/procedures", "/admin/procedures/labour-case", "/admin/calendar", "/admin/delegations", "/admin/tokens"} {
		captain.get(path).want(200)
	}
	captain.post("/admin/people", url.Values{"v.id": {"x"}}).want(403)
	captain.post("/admin/settings", url.Values{"name": {"bureau"}, "value": {"x"}, "from": {"2026-03-05"}}).want(403)
	captain.post("/admin/people/officer/invite", nil).want(403)
	captain.upload("/admin/calendar", nil, "file", "2027.json", []byte(`{}`)).want(403)
	captain.post("/admin/calendar/load", nil).want(403)
	captain.get("/admin/procedures/labour-case/cases").want(403)
	captain.post("/admin/procedures/labour-case/cases", nil).want(403)
}

func TestAddAndChangeAPerson(t *testing.T) {
	b := newBureau(t)
	v := b.visit("admin")
	form := url.Values{"v.id": {"liwei"}, "v.name": {"李巍"}, "t.posts.0.post": {"officer"}, "t.posts.0.from": {"2026-03-10"},
		"t.posts.0.to": {"2026-03-01"}, "t.certificates.0.number": {"13052601"}, "t.certificates.0.from": {"2026-01-01"}, "v.lang": {"zh"}}
	p := v.post("/admin/people", form).want(422).says("p.fault", "不能早于开始的日子")
	if got := p.form("/admin/people"); got.Get("v.name") != "李巍" || got.Get("t.posts.0.to") != "2026-03-01" {
		t.Errorf("what was typed: %v", got)
	}
	form.Set("t.posts.0.to", "")
	form.Set("t.posts.0.from", "")
	if p := v.post("/admin/people", form).want(200); p.path != "/admin/people/liwei" {
		t.Fatalf("lands on %s", p.path)
	}
	if !b.Office().Holds("liwei", "officer", b.Today()) {
		t.Error("holds no post")
	}
	form = v.get("/admin/people/liwei").form("/admin/people/liwei")
	form.Set("v.section", "监察大队")
	v.post("/admin/people/liwei", form).want(200).says("p.notice", "已保存：李巍")
	form.Set("v.section", "别的")
	v.post("/admin/people/liwei", form).want(409) // drawn before the last change
	if c, ok := b.Office().Certificate("liwei", b.Today()); !ok || c != "13052601" {
		t.Errorf("certificate %q, %v", c, ok)
	}
	form = v.get("/admin/people/captain").form("/admin/people/captain")
	form.Set("v.disabled", "2026-03-02")
	v.post("/admin/people/captain", form).want(422).says("div.summary", "最后一位")
}

func TestLendAPost(t *testing.T) {
	b := newBureau(t)
	b.atGate("任县宏达建筑劳务有限公司")
	captain, reviewer := b.visit("captain"), b.visit("reviewer")
	captain.post("/admin/delegations", url.Values{"post": {"captain"}, "to": {"captain"}, "start": {"2026-03-02"}, "end": {"2026-03-01"}}).
		want(422).says("div#summary", "不能委托给自己").says("div#summary", "不能早于")
	captain.post("/admin/delegations", url.Values{"post": {"captain"}, "to": {"reviewer"}, "start": {"2026-03-02"}, "end": {"2026-03-06"}, "reason": {"外出培训"}}).
		want(200).says("p.notice", "钱审").says("main", "代理中")
	reviewer.get("/?tab=lent").want(200).says("td.r-party", "宏达")
	link := ""
	for _, n := range captain.get("/admin/delegations").all("form") {
		if strings.HasSuffix(attr(n, "action"), "/end") {
			link = attr(n, "action")
		}
	}
	reviewer.post(link, nil).want(404)
	captain.post(link, nil).want(200).says("p.notice", "已收回")
	if lent := b.Office().Lent("reviewer", "captain", b.Today()); len(lent) != 0 {
		t.Errorf("still lent: %v", lent)
	}
}

func TestChangeASetting(t *testing.T) {
	b := newBureau(t)
	v := b.visit("admin")
	v.get("/admin/settings").want(200).says("summary", "任县人力资源和社会保障局")
	v.post("/admin/settings", url.Values{"name": {"statement"}, "value": {"five"}, "from": {"2026-03-05"}}).want(422).says("div#summary", "请写期限")
	v.post("/admin/settings", url.Values{"name": {"bureau"}, "value": {"邢台市任泽区人力资源和社会保障局"}, "basis": {"国函〔2020〕"}, "from": {"2026-03-05"}}).
		want(200).says("p.notice", "2026年3月5日")
	if got := b.Office().Text("bureau", b.Today()); got != "任县人力资源和社会保障局" {
		t.Errorf("today %q", got)
	}
	b.now.set(b.now.time().AddDate(0, 0, 3))
	if got := b.Office().Text("bureau", b.Today()); got != "邢台市任泽区人力资源和社会保障局" {
		t.Errorf("from its day %q", got)
	}
}

// What a new office has to set stands on its administrator's desk until it is set.
func TestFirstRunIsOnTheDesk(t *testing.T) {
	if n := len(newBureau(t).visit("admin").get("/").want(200).all("section#first")); n != 0 {
		t.Error("the demo county is to be set up")
	}
	b := bureauWith(t, seeds.Settings(), false)
	if got, want := b.Office().Printed("address", b.Today()), "〔尚未设定：地址〕"; got != want {
		t.Errorf("in the place of an address that isn't set stands %s, want %s", got, want)
	}
	if n := len(b.visit("captain").get("/").want(200).all("section#first")); n != 0 {
		t.Error("the captain is told to set up the office")
	}
	v := b.visit("admin")
	links := func() (all []string) {
		p := v.get("/").want(200)
		for _, s := range p.all("section#first") {
			for n := range s.Descendants() {
				if n.Data == "a" {
					all = append(all, attr(n, "href"))
				}
			}
		}
		return all
	}
	at := "/admin/settings#g-"
	if got, want := strings.Join(links(), " "), strings.Join([]string{at + "office", at + "bank", at + "numbers", at + "messages", at + "backup"}, " "); got != want {
		t.Errorf("to set: %s, want %s", got, want)
	}
	keep := func(name, value string) {
		v.post("/admin/settings", url.Values{"name": {name}, "value": {value}, "from": {"2026-03-02"}}).want(200)
	}
	keep("bureau", "清河县人力资源和社会保障局")
	keep("word", "清人社监")
	keep("webhook/wecom", "https://robot.example.cn/send")
	p := v.get("/").says("section#first", "大队名")
	if strings.Contains(p.text("section#first"), "局名") {
		t.Error("the bureau's name is set")
	}
	if got, want := strings.Join(links(), " "), strings.Join([]string{at + "office", at + "bank", at + "backup"}, " "); got != want {
		t.Errorf("to set: %s, want %s", got, want)
	}
	for _, name := range []string{"brigade", "address", "court", "reconsideration-body", "bank"} {
		keep(name, "清河县的")
	}
	keep("phone", "0319-8170068")
	keep("fund-phone", "12333")
	keep("backup/folder", "/backup")
	if got := links(); len(got) != 0 {
		t.Errorf("still to set: %v", got)
	}
	b.now.set(b.now.time().AddDate(1, 0, 0))
	v = b.visit("admin")
	if got := links(); len(got) != 1 || got[0] != "/admin/calendar" {
		t.Errorf("in a year without its schedule: %v", got)
	}
}

func TestSettingsAreFound(t *testing.T) {
	b := newBureau(t)
	v := b.visit("admin")
	p := v.get("/admin/settings").want(200)
	order := []string{}
	for _, s := range p.all("section") {
		if id, is := strings.CutPrefix(attr(s, "id"), "g-"); is {
			order = append(order, id)
		}
	}
	if want := "office bank people papers numbers messages backup periods sums checks"; strings.Join(order, " ") != want {
		t.Errorf("groups %v, want %s", order, want)
	}
	for _, x := range []struct{ text, says, not string }{
		{"缴款", "缴款账户", "邮件服务器"},
		{"MAIL", "邮件服务器", "缴款账户"},
		{"工作日 申辩", "陈述申辩期限", "归档期限"},
		{"社会保险稽核 盖章", "稽核", "局名"},
		{"查无此项", "没有含“查无此项”的设置", "局名"},
	} {
		p := v.get("/admin/settings?q="+url.QueryEscape(x.text)).want(200).says("main", x.says)
		if strings.Contains(p.text("main"), x.not) {
			t.Errorf("%q finds %s", x.text, x.not)
		}
	}
}

// A value is of the kind that its setting has; who writes another one is told what to write.
func TestSettingsAreOfTheirKind(t *testing.T) {
	b := newBureau(t)
	v := b.visit("admin")
	for _, x := range []struct{ name, value, says, kept string }{
		{"check-address", "ldjc.example.gov.cn", "https://", ""},
		{"check-address", "ftp://ldjc.example.gov.cn", "https://", ""},
		{"check-address", "https://ldjc.example.gov.cn", "", "https://ldjc.example.gov.cn"},
		{"check-address", "", "", ""},
		{"webhook/wecom", "robot", "https://", ""},
		{"mail/server", "mail.example.cn", "主机:端口", ""},
		{"mail/server", "mail.example.cn:0", "主机:端口", ""},
		{"mail/server", "mail.example.cn:70000", "主机:端口", ""},
		{"mail/server", "mail.example.cn:465", "", "mail.example.cn:465"},
		{"phone", "call me", "电话号码", "0319-7590068"},
		{"risks", "C 2、D", "等级和签数", ""},
		{"risks", "C 0", "等级和签数", ""},
		{"mail/from", "ldjc", "邮箱地址", ""},
		{"mail/from", "监察 <a@example.cn>", "邮箱地址", ""},
		{"mail/from", "a@example.cn", "", "a@example.cn"},
		{"backup/hour", "24", "不大于23", "20"},
		{"backup/hour", "0", "", "0"},
		{"backup/keep", "0", "不小于1", "30"},
		{"backup/folder", "backup", "全路径", ""},
		{"backup/folder", "/backup/dossier", "", "/backup/dossier"},
		{"second-step", "leader hcair", "没有岗位“hcair”", ""},
		{"second-step", "leader chair", "", "leader chair"},
		{"statement", "三天", "3 工作日", "3 workdays"},
		{"statement", "0日", "3 工作日", "3 workdays"},
		{"statement", "5个工作日", "", "5 workdays"},
		{"statement", "2 个月", "", "2 months"},
		{"statement", "7天", "", "7 days"},
		{"statement", "", "请填写", "7 days"},
		{"number", "{word}{type}〔{year}〕号", "{n}", "{word}{type}字〔{year}〕{n}号"},
		{"number", "{word}{tpye}〔{year}〕{n}号", "{type}", "{word}{type}字〔{year}〕{n}号"},
		{"number/case", "{word}{type}〔{year}〕第{n}号", "", "{word}{type}〔{year}〕第{n}号"},
		{"bureau", "", "请填写", "任县人力资源和社会保障局"},
		{"spot-fine-person", "许多", "", "200.00"},
	} {
		p := v.post("/admin/settings", url.Values{"name": {x.name}, "value": {x.value}, "from": {"2026-03-02"}})
		if got := b.Office().Text(x.name, b.Today()); got != x.kept {
			t.Errorf("%s %q: kept %q, want %q", x.name, x.value, got, x.kept)
		}
		if x.says != "" {
			p.want(422).says("div#summary", x.says)
		}
	}
	if got := v.get("/admin/settings?q=" + url.QueryEscape("陈述申辩期限")).one("input[name=value]"); attr(got, "value") != "7 日" {
		t.Errorf("its form has %q", attr(got, "value"))
	}
}

func TestProcedureIsDrawn(t *testing.T) {
	b := newBureau(t)
	p := b.visit("captain").get("/admin/procedures/labour-case").want(200)
	if got := p.text("main"); strings.Contains(got, "30 days") || strings.Contains(got, " workdays") {
		t.Error("a setting's period is shown as it is written, not in words")
	}
	p.one("svg")
	p.says("main", "《劳动保障监察条例》第十七条").says("main", "60 工作日")
	if strings.Contains(p.text("svg"), "script") {
		t.Error("a script in the picture")
	}
}

func TestTokenIsShownOnce(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	p := v.post("/admin/tokens", url.Values{"name": {"报表"}, "scope": {"read"}, "days": {"30"}}).want(200)
	token := p.text("code")
	if who, scope, err := access.Bearer(b.Engine, token); err != nil || who == nil || who.ID != "officer" || scope.Scope != access.ReadScope {
		t.Fatalf("%q opens for %v with %q, %v", token, who, scope.Scope, err)
	}
	p = v.get("/admin/tokens").says("main", "报表")
	if strings.Contains(p.body, token) {
		t.Error("the token is shown again")
	}
	v.post("/admin/tokens", url.Values{"scope": {"all"}, "days": {"x"}}).want(422).says("div#summary", "有效天数")
	link := ""
	for _, n := range p.all("form") {
		if strings.HasSuffix(attr(n, "action"), "/revoke") {
			link = attr(n, "action")
		}
	}
	b.visit("captain").post(link, nil).want(404)
	v.post(link, nil).want(200).says("p.notice", "作废")
	if who, _, _ := access.Bearer(b.Engine, token); who != nil {
		t.Error("a revoked token opens")
	}
}

// hole is a place of a message that nothing was put into.
var hole = regexp.MustCompile(`\{[a-z.-]+\}`)

func TestEnglishPagesHaveNoHoles(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	v.post("/lang", url.Values{"to": {"en"}, "back": {"/"}})
	b.now.set(b.now.time().Add(time.Hour))
	for _, path := range []string{"/", "/cases", "/approvals", "/admin/procedures", "/admin/calendar", caseAt(id), caseAt(id) + "/do/approve-filing", caseAt(id) + "/deadline/filing"} {
		p := v.get(path).want(200)
		if hole.MatchString(p.text("main")) && !strings.Contains(path, "procedures") {
			t.Errorf("%s has a place that was not filled: %s", path, p.text("main"))
		}
		p.says("nav", "My desk")
	}
}

// The administrator tries a channel that the settings name, and reads what the other side said.
func TestChannelsAreTried(t *testing.T) {
	b := newBureau(t)
	var got []string
	answer := `{"errcode":0,"errmsg":"ok"}`
	robot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		io.WriteString(w, answer)
	}))
	defer robot.Close()
	v := b.visit("admin")
	try := func(channel string) *shown {
		return v.post("/admin/settings/test", url.Values{"channel": {channel}})
	}
	try("wecom").want(404)
	v.post("/admin/settings", url.Values{"name": {"webhook/wecom"}, "value": {robot.URL}, "from": {"2026-03-02"}}).want(200)
	v.get("/admin/settings").says("section#g-messages", "企业微信")
	try("wecom").want(200).says("p.notice", "测试消息已由企业微信发出")
	if len(got) != 1 || !strings.Contains(got[0], "测试消息") {
		t.Errorf("the robot got %v", got)
	}
	answer = `{"errcode":93000,"errmsg":"invalid webhook url"}`
	try("wecom").want(200).says("p.notice", "企业微信没有发出去：the robot refused: 93000 invalid webhook url")
	v.post("/admin/settings", url.Values{"name": {"mail/server"}, "value": {"localhost:1"}, "from": {"2026-03-02"}}).want(200)
	try("mail").want(200).says("p.notice", "还没有登记邮箱")
	b.visit("captain").post("/admin/settings/test", url.Values{"channel": {"wecom"}}).want(403)
}
