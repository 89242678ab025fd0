package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dossier/engine/access"
	"dossier/web"
	"dossier/web/page"
)

// links are the addresses of the links on a page that begin with a prefix.
func (p *shown) links(prefix string) []string {
	var all []string
	for _, n := range p.all("a") {
		if href := attr(n, "href"); strings.HasPrefix(href, prefix) {
			all = append(all, href)
		}
	}
	return all
}

// leads holds a link to its target: the page is there, and has the place that the link names.
func (v *visitor) leads(pages map[string]*shown, link string) {
	v.t.Helper()
	at, anchor, _ := strings.Cut(link, "#")
	if plain, lit, ok := strings.Cut(at, "?lit="); ok && pages["lit "+plain] != nil {
		at, anchor = plain, "action-"+lit // one lit picture a procedure is enough: of the others the action must be there
	} else if ok {
		pages["lit "+plain] = v.get(at).want(http.StatusOK)
		at = "lit " + plain
	}
	if pages[at] == nil {
		pages[at] = v.get(at).want(http.StatusOK)
	}
	anchor, err := url.PathUnescape(anchor)
	if err != nil {
		v.t.Fatal(err)
	}
	if anchor == "" {
		return
	}
	for n := range pages[at].root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == anchor {
			return
		}
	}
	v.t.Errorf("%s has no place %q", at, anchor)
}

// The list is browsed as printed: each part, each regime, each row and paragraph with a place of its own.
func TestRegisterIsBrowsed(t *testing.T) {
	v := newBureau(t).visit("clerk")
	p := v.get("/register").want(http.StatusOK).says("h1", "责任清单").says("main", "15 项主要职责，92 行具体工作事项").says("main", "（九）规范案件查处")
	pages := map[string]*shown{}
	for _, link := range p.links("/register/") {
		v.leads(pages, link)
	}
	v.get("/register/一").want(http.StatusOK).says("table", "制定全县劳动保障监察员管理培训制度").says("table", "注：“申核”当作“审核”，照原文。")
	if got := len(pages["/register/%E4%B8%80"].all("td.section")); got != 92 {
		t.Errorf("%d rows", got)
	}
	v.get("/register/二").want(http.StatusOK).says("table", "残联").says("table", "《河北省社会保险费征缴办法》")
	v.get("/register/三").want(http.StatusOK).says("table", "72 小时就业服务活动")
	v.get("/register/四(九)").want(http.StatusOK).says("main", "情况复杂的案件， 经人社行政部门负责人批准， 可以延长 30 个工作日").says("main", "注：序号 3 之后是 5，缺 4，照原文。")
	if at := v.get("/register/四（九）二（二）").want(http.StatusOK).path; at != "/register/%E5%9B%9B%28%E4%B9%9D%29" && at != "/register/%E5%9B%9B(%E4%B9%9D)" {
		t.Errorf("a place leads to %s", at)
	}
	for _, gone := range []string{"/register/五", "/register/四(十一)", "/register/law/none", "/register/change?at=五", "/admin/procedures/none/text"} {
		v.get(gone).want(http.StatusNotFound)
	}
	if at := newBureau(t).visit("").get("/register").path; !strings.HasPrefix(at, "/login") {
		t.Errorf("a stranger sees %s", at)
	}
}

// From each paragraph to what carries it, and from that back to the paragraph: every link has its place.
func TestTraceabilityLeadsBothWays(t *testing.T) {
	v := newBureau(t).visit("officer")
	pages := map[string]*shown{}
	count := 0
	for _, regime := range []string{"四(一)", "四(六)", "四(八)", "四(九)", "四(十)"} {
		p := v.get("/register/" + regime).want(http.StatusOK)
		for _, link := range append(p.links("/admin/procedures/"), p.links("/register/")...) {
			if strings.HasPrefix(link, "/register/change") {
				continue
			}
			count++
			v.leads(pages, link)
		}
	}
	for _, id := range []string{"labour-case", "insurance-audit", "fund-supervision", "training-check"} {
		p := v.get("/admin/procedures/" + id).want(http.StatusOK)
		for _, link := range append(p.links("/register/"), p.links("/admin/procedures/"+id+"/text#")...) {
			count++
			v.leads(pages, link)
		}
	}
	if count < 500 {
		t.Errorf("only %d links", count)
	}
	p := v.get("/register/四(九)").want(http.StatusOK)
	p.says("section.place", "责任清单四（九）二（一）3").says("div.carriers", "批准立案").says("div.by", "承担见 责任清单四（九）一")
	v.get("/register/四(一)").want(http.StatusOK).says("div.by", "只写监管的对象，不要求做什么")
	lit := v.get("/admin/procedures/labour-case?lit=approve-filing").want(http.StatusOK)
	lit.one("rect#lit")
	lit.says("p.then", "批准立案：大队长").says("p.then", "责任清单四（九）二（一）3")
	line := ""
	for _, link := range lit.links("/admin/procedures/labour-case/text#L") {
		line = link
		break
	}
	_, id, _ := strings.Cut(line, "#")
	v.get(line).want(http.StatusOK).one("li#" + id)
}

// An article is shown with its version and what rests on it; where the text was not seen, that is said.
func TestStatutePage(t *testing.T) {
	v := newBureau(t).visit("clerk")
	v.get("/register/law/apl").want(http.StatusOK).says("h1", "中华人民共和国行政处罚法").says("main", "2021年1月22日修订，自2021年7月15日起施行").
		says("main", "当事人要求听证的，应当在行政机关告知后五日内提出").says("div.by", "当事人要求听证")
	v.get("/register/law/rules").want(http.StatusOK).says("main", "未见条文原文，以下是要点")
}

// What is asked opens with its clause on the very page: the list's words and the statute's.
func TestClauseOpensWhereItIsShown(t *testing.T) {
	b := newBureau(t)
	id := b.investigated("任县甲建筑有限公司")
	p := b.visit("officer").get(caseAt(id) + "/do/request-extension").want(http.StatusOK)
	p.says("details.clause", "责任清单四（九）二（二）").says("details.clause", "可以延长 30 个工作日").says("details.clause", "《劳动保障监察条例》第十七条").says("details.clause", "自立案之日起60个工作日内完成")
}

// Words and sections find the entries; what was looked for is marked. What is not there is said, and nothing breaks.
func TestRegisterIsSearched(t *testing.T) {
	v := newBureau(t).visit("clerk")
	p := v.get("/register?q=" + url.QueryEscape("童工") + "&section=" + url.QueryEscape("劳动股")).want(http.StatusOK)
	p.says("section#found", "找到 1 项").says("mark", "童工").says("ul.found", "责任清单一10（3）")
	v.get("/register?section="+url.QueryEscape("劳动监察大队")).want(http.StatusOK).says("section#found", "找到 8 项")
	v.get("/register?q=ldjcdd").want(http.StatusOK).says("ul.found", "劳动监察大队")
	v.get("/register?q=%3Cscript%3E").want(http.StatusOK).says("section#found", "清单里没有这样的项")
}

// The clerk describes a matter and sees whose it is; from a registered case the letter is one press away, filled in.
func TestWhere(t *testing.T) {
	b := newBureau(t)
	v := b.visit("clerk")
	p := v.get("/register/where?matter=" + url.QueryEscape("老板拖欠工资")).want(http.StatusOK)
	p.says("h2", "本队的事项").says("ul.ways", "责任清单四（九）一（六）")
	if got := p.links("/cases/new/"); len(got) != 1 || got[0] != "/cases/new/labour-case" {
		t.Errorf("registering is at %v", got)
	}
	if got := b.visit("fund").get("/register/where?matter=" + url.QueryEscape("老板拖欠工资")).want(http.StatusOK).links("/cases/new/"); len(got) != 0 {
		t.Errorf("who may not register is sent to %v", got)
	}
	v.get("/register/where?matter="+url.QueryEscape("月亮上有没有兔子")).want(http.StatusOK).says("h2", "清单里没有相近的事项")

	id := b.opened("任县甲残疾人服务站")
	p = v.get(caseAt(id) + "/do/refer").want(http.StatusOK)
	where := p.links("/register/where?case=")
	if len(where) != 1 {
		t.Fatalf("the letter's form leads to %v", where)
	}
	v.get(where[0]).want(http.StatusOK).says("p.back", "任县甲残疾人服务站")
	q := "/register/where?case=" + strings.TrimPrefix(caseAt(id), "/cases/") + "&matter="
	p = v.get(q+url.QueryEscape("残疾人想参加创业培训")).want(http.StatusOK).says("h2", "其他部门的事项")
	letter := p.links(caseAt(id) + "/do/refer?")
	if len(letter) != 1 {
		t.Fatalf("the letter is at %v", letter)
	}
	form := v.get(letter[0]).want(http.StatusOK).form(caseAt(id) + "/do/refer")
	if form.Get("v.to") != "残联" || !strings.Contains(form.Get("v.reason"), "责任清单二2（2）：促进残疾人就业保障由残联负责") || !strings.Contains(form.Get("v.reason"), "《残疾人就业条例》") {
		t.Errorf("the letter is filled with %v", form)
	}
	p = v.get(q+url.QueryEscape("工伤待遇怎么领")).want(http.StatusOK).says("h2", "本局其他科室的事项")
	form = v.get(p.links(caseAt(id) + "/do/decline?")[0]).want(http.StatusOK).form(caseAt(id) + "/do/decline")
	if !strings.Contains(form.Get("v.detail"), "工伤保险待遇审核股承办") || !strings.Contains(form.Get("v.basis"), "责任清单一4（2）") {
		t.Errorf("the notice is filled with %v", form)
	}
	at := b.investigated("任县乙残疾人服务站")
	p = b.visit("officer").get("/register/where?case=" + strings.TrimPrefix(caseAt(at), "/cases/") + "&matter=" + url.QueryEscape("残疾人想参加创业培训")).want(http.StatusOK)
	if got := p.links(caseAt(at) + "/do/"); len(got) != 0 {
		t.Errorf("a case that is past being sent on is sent on by %v", got)
	}
	b.visit("fund").get(q + "x").want(http.StatusNotFound) // who may not see the case learns nothing of it, not even that it is there
}

// A new text is set against the list's, and every place that rests on it is told with its open cases.
func TestChangedClause(t *testing.T) {
	b := newBureau(t)
	b.investigated("任县甲建筑有限公司")
	b.atGate("任县乙建筑有限公司")
	v := b.visit("captain")
	at := "/register/change?at=" + url.QueryEscape("四(九)二(二)")
	form := v.get(at).want(http.StatusOK).says("section#rests", "处").form("/register/change")
	old := form.Get("text")
	form.Set("text", strings.Replace(old, "可以延长 30 个工作日", "可以延长 20 个工作日", 1))
	p := v.post("/register/change", form).want(http.StatusOK)
	if p.text("del") != "3" || p.text("ins") != "2" {
		t.Errorf("changed from %q to %q", p.text("del"), p.text("ins"))
	}
	open := map[string]string{}
	for _, n := range p.all("tr") {
		var cells []string
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode && c.Data == "td" {
				cells = append(cells, said(c))
			}
		}
		if len(cells) == 4 {
			open[cells[1]+" "+cells[2]] = cells[3]
		}
	}
	for place, want := range map[string]string{"期限 调查": "1", "事项 申请延长": "1", "日期 延长批准日": "2"} {
		if open[place] != want {
			t.Errorf("%s has %q open cases, want %s: %v", place, open[place], want, open)
		}
	}
	form.Set("text", old)
	v.post("/register/change", form).want(http.StatusOK).says("main", "和现在的条文一样")
	v.get("/register/change?at="+url.QueryEscape("四(九)一(六)")).want(http.StatusOK).says("section#rests", "以下依据的是责任清单四（九）一")
	v.get("/register/change?at="+url.QueryEscape("四(十)二")).want(http.StatusOK).says("section#rests", "现在没有什么依据这一条")
	form.Set("at", "四(四十四)")
	v.post("/register/change", form).want(http.StatusNotFound)
}

// Programs read the same list.
func TestRegisterAPI(t *testing.T) {
	c := newBureau(t).caller("clerk", access.ReadScope)
	get := func(path string, status int, into any) {
		t.Helper()
		p := c.call("GET", path, "").want(status)
		if err := json.Unmarshal([]byte(p.body), into); err != nil {
			t.Fatalf("%s: %v\n%s", path, err, p.body)
		}
	}
	var list struct{ Parts []struct{ ID string } }
	if get("/register", 200, &list); len(list.Parts) != 4 || list.Parts[3].ID != "四" {
		t.Errorf("parts %v", list.Parts)
	}
	var found struct{ Found []struct{ ID string } }
	if get("/register?q="+url.QueryEscape("童工")+"&section="+url.QueryEscape("劳动股"), 200, &found); len(found.Found) != 1 || found.Found[0].ID != "一10(3)" {
		t.Errorf("found %v", found.Found)
	}
	var ways struct{ Ways []struct{ To string } }
	if get("/register?matter="+url.QueryEscape("失业金怎么领"), 200, &ways); len(ways.Ways) == 0 || ways.Ways[0].To != "失业保险待遇审核股" {
		t.Errorf("ways %v", ways.Ways)
	}
	var place struct {
		By []struct{ Kind, Workflow, ID string }
	}
	if get("/register/"+url.PathEscape("四(九)二(二)"), 200, &place); len(place.By) < 10 || place.By[0].Workflow != "labour-case" {
		t.Errorf("carried by %v", place.By)
	}
	var problem struct{ Code string }
	if get("/register/五", 404, &problem); problem.Code != "not-found" {
		t.Errorf("problem %v", problem)
	}
}

// English pages have their words; a program without the list has no such pages.
func TestRegisterInEnglishAndWithout(t *testing.T) {
	b := newBureau(t)
	v := b.visit("captain")
	v.post("/lang", url.Values{"to": {"en"}, "back": {"/"}})
	for _, path := range []string{"/register", "/register/一", "/register/四(九)", "/register/law/apl", "/register?q=x", "/register/where?matter=" + url.QueryEscape("老板拖欠工资"), "/register/change?at=" + url.QueryEscape("四(九)二(二)")} {
		p := v.get(path).want(http.StatusOK)
		if hole.MatchString(p.text("main")) {
			t.Errorf("%s has a place that was not filled", path)
		}
	}
	v.get("/register").says("h1", "Responsibility list")

	bare := httptest.NewServer(web.New(b.Engine, page.Options{Log: slog.New(slog.DiscardHandler)}))
	defer bare.Close()
	w := b.visit("captain")
	w.base = bare.URL
	w.post("/login", url.Values{"name": {"captain"}, "password": {password}})
	for _, path := range []string{"/register", "/register/一", "/register/where", "/register/law/apl", "/admin/procedures/labour-case/text"} {
		w.get(path).want(http.StatusNotFound)
	}
	w.get("/admin/procedures/labour-case").want(http.StatusOK).says("main", "《劳动保障监察条例》第十七条")
}
