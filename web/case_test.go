package web_test

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/seeds/scenario"
)

func TestDeskShowsWhatWaitsAndHowUrgentItIs(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	p := v.get("/").want(200).says("h1", "我的工作").says("td.r-party", "任县宏达建筑劳务有限公司").says("td.r-state", "立案批准")
	p.says("span.calm", "剩 5 工作日")
	if href := attr(p.one("a.small"), "href"); href != fmt.Sprintf("/approvals?case=%d", id) {
		t.Errorf("the button leads to %s", href)
	}
	for _, day := range []struct {
		days        int
		class, word string
	}{{3, "amber", "黄 剩 2 工作日"}, {4, "amber", ""}, {3, "red", "红 逾期"}} {
		b.now.set(b.now.time().Add(time.Duration(day.days) * 24 * time.Hour))
		b.visit("captain").get("/?tab=gates").says("span."+day.class, day.word)
	}
	b.visit("clerk").get("/?tab=gates").says("main", "没有等您审批的事项").says("main", "登记新案件")
}

func TestFindCases(t *testing.T) {
	b := newBureau(t)
	b.opened("任县宏达建筑劳务有限公司")
	b.opened("任县恒源纺织有限公司")
	v := b.visit("officer")
	v.get("/cases").want(200).says("td.r-party", "宏达").says("td.r-party", "恒源")
	for q, want := range map[string]string{"宏达": "宏达", "hdjz": "宏达", "恒源纺织": "恒源", "2026〕2": "恒源"} {
		p := v.get("/cases?q=" + url.QueryEscape(q)).want(200)
		if got := p.text("td.r-party"); !strings.Contains(got, want) || len(p.all("td.r-party")) != 1 {
			t.Errorf("%q finds %q", q, got)
		}
	}
	if p := v.get("/cases?q=" + url.QueryEscape("任人社监收〔2026〕2号")).want(200); p.path != "/cases/2" {
		t.Errorf("a whole number leads to %s", p.path)
	}
	v.get("/cases?q=nothing").want(200).says("main", "没有符合条件的案件")
	v.get("/cases?due_before=soon").want(200).says("p.fault", "真实日期")
	v.get("/cases?workflow=labour-case&state=intake&officer=officer&overdue=1&open=1").want(200)
	p := v.get("/cases?limit=1").want(200)
	next := attr(p.one("a[rel=next]"), "href")
	if p := v.get(next).want(200); len(p.all("td.r-party")) != 1 || !strings.Contains(p.text("td.r-party"), "宏达") {
		t.Errorf("the second page has %q", p.text("td.r-party"))
	}
}

// A whole name of who complained or of a worker finds the case for those who may read it there, and for nobody else; who looked
// for the informant is on record.
func TestPeopleFindTheirCases(t *testing.T) {
	b := newBureau(t)
	id := b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "informant": procedure.TextValue("苗小禾")})
	b.opened("任县恒源纺织有限公司")
	for _, x := range []struct {
		who, name string
		n         int
	}{{"clerk", "苗小禾", 1}, {"clerk", " 苗小禾 ", 1}, {"clerk", "苗小", 0}, {"clerk", "孙二柱", 2}, {"leader", "苗小禾", 0}, {"leader", "孙二柱", 2}, {"fund", "孙二柱", 0}} {
		p := b.visit(x.who).get("/cases?open=1&q=" + url.QueryEscape(x.name)).want(200)
		if n := len(p.all("td.r-party")); n != x.n {
			t.Errorf("%s finds %d cases by %q, want %d", x.who, n, x.name, x.n)
		}
	}
	reads, err := desk.Reads(b.Engine, "captain", id)
	if err != nil || len(reads) != 1 || reads[0].Who != "clerk" || reads[0].Way != desk.BySearch {
		t.Errorf("on record: %+v, %v", reads, err)
	}
}

func TestCasePage(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	p := b.visit("captain").get(caseAt(id)).want(200)
	p.says("h1", "任县宏达建筑劳务有限公司").says("li.now", "立案").says("li.done", "✓ 登记").says("div.clock", "3月9日 星期一").says("div.clock", "怎么算的").
		says("div.clock", "5 工作日，自接收日").says("a.button", "批准立案").says("section#story", "钱审 审核通过").
		says("section#documents", "劳动保障监察立案审批表").says("section#parties", "投诉人姓名")
}

func TestInformantIsMasked(t *testing.T) {
	b := newBureau(t)
	const name = "苗小禾"
	id := b.do("clerk", 0, "open", procedure.Values{"source": procedure.TextValue("complaint"), "informant": procedure.TextValue(name), "facts": procedure.TextValue("据苗小禾反映，三个月没有发工资。")})
	b.do("clerk", id, "note", procedure.Values{"text": procedure.TextValue("苗小禾又来电话催问")})
	b.visit("clerk").get(caseAt(id)).says("section#parties", name).says("section#story", "苗小禾又来电话")
	b.visit("officer").get(caseAt(id)).says("section#story", "＊＊＊又来电话").says("section#parties", "据＊＊＊反映")
	form := b.visit("clerk").get(caseAt(id)+"/do/submit-filing").says("#reveals", "案件基本情况里写有").form(caseAt(id) + "/do/submit-filing")
	form.Set("v.facts", "据投诉人反映，三个月没有发工资。")
	form.Set("then", "check")
	if p := b.visit("clerk").post(caseAt(id)+"/do/submit-filing", form).want(200); strings.Contains(p.text("#then"), "基本情况里写有") {
		t.Error("it says so of what is no longer there")
	}
	masked, err := desk.View(b.Engine, "officer", id)
	if err != nil {
		t.Fatal(err)
	}
	p := b.visit("officer").get(caseAt(id)).want(200)
	if masked.Veil == 0 {
		t.Fatal("an officer who has nothing to do with the case knows the informant")
	}
	p.says("main", "看不到投诉举报人")
	if strings.Contains(p.body, name) || strings.Contains(b.visit("officer").get("/cases").body, name) {
		t.Error("the informant's name is on the page")
	}
}

func TestDeadlineSheet(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	p := v.get(caseAt(id) + "/deadline/filing").want(200)
	p.says("h1", "期限计算表").says("dl.facts", "2026年3月9日 星期一").says("section.month", "2026年3月").says("td.key", "接收").says("td.due", "5")
	if n := len(p.all("td.rest")); n != 2 {
		t.Errorf("%d rest days, want the weekend", n)
	}
	v.get(caseAt(id) + "/deadline/no-such").want(404)
	v.get(caseAt(id) + "/deadline/no-such/sheet.pdf").want(404)
	paper := pdfText(t, []byte(v.get(caseAt(id)+"/deadline/filing/sheet.pdf").want(200).body))
	for _, want := range []string{"劳动保障监察案件期限计算表", "2026年3月9日（星期一）", "立案，5个工作日", "计算3月3日至3月9日5—", "国办发明电〔2025〕7号"} {
		if !strings.Contains(strip(paper), want) {
			t.Errorf("the sheet does not say %q:\n%s", want, paper)
		}
	}
}

func TestApprovalsOnACard(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	b.do("clerk", id, "submit-filing", nil)
	v := b.visit("reviewer")
	p := v.get("/approvals").want(200).says("h2", "立案审核").says("dl.facts", "案件基本情况").says("dl.facts", "立案 3月9日 到期")
	button := p.all("button[name=then]")
	if len(button) < 2 {
		t.Fatalf("%d buttons", len(button))
	}
	card := p.all("article.matter")[0]
	form := url.Values{"then": {"do"}}
	for n := range card.Descendants() {
		if n.Data == "input" && attr(n, "type") == "hidden" {
			form.Set(attr(n, "name"), attr(n, "value"))
		}
	}
	var back string
	for _, n := range button {
		if strings.Contains(attr(n, "formaction"), "return-filing") {
			back = attr(n, "formaction")
		}
	}
	v.post(back, form).want(422).says("div#summary", "意见")
	form.Set("v.opinion", "缺少劳动合同复印件。")
	if p := v.post(back, form).want(200); p.path != "/approvals" {
		t.Errorf("lands on %s", p.path)
	}
	v.get("/approvals").says("main", "没有等您审批的事项")
}

func TestDocumentsAndPapers(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	b.do("captain", id, "approve-filing", nil)
	v := b.visit("officer")
	p := v.get(caseAt(id) + "/documents/1.pdf").want(200)
	if !strings.HasPrefix(p.body, "%PDF-") || !strings.HasPrefix(p.head.Get("Content-Disposition"), "inline") {
		t.Errorf("%.20q %v", p.body, p.head)
	}
	v.get(caseAt(id) + "/documents/99.pdf").want(404)
	if p := v.get(caseAt(id) + "/papers/1.pdf").want(200); !strings.HasPrefix(p.body, "%PDF-") {
		t.Errorf("%.20q", p.body)
	}
	b.visit("fund").get(caseAt(id) + "/documents/1.pdf").want(404)
}

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82")

func TestUploadFromAPhone(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	p := v.get(caseAt(id)).want(200)
	if n := len(p.all("input[capture=environment]")); n != 1 {
		t.Errorf("%d inputs for the camera", n)
	}
	at := caseAt(id) + "/do/attach"
	v.upload(at, url.Values{"then": {"do"}, "v.proves": {"欠薪金额"}}, "file.camera", "欠条.png", png).want(200).says("section#files", "1. 欠条.png").says("section#files", "欠薪金额")
	f := v.get(caseAt(id) + "/files/1").want(200)
	if f.body != string(png) || f.head.Get("Content-Type") != "image/png" || !strings.Contains(f.head.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", f.head)
	}
	v.post(at, url.Values{"then": {"do"}}).want(422).says("p.fault", "附件")
	v.upload(at, url.Values{"then": {"do"}}, "file", "程序.pdf", []byte("MZ\x90\x00 not a PDF")).want(422)
	if c, err := desk.View(b.Engine, "clerk", id); err != nil || len(c.Case.Files) != 1 {
		t.Errorf("files: %d, %v", len(c.Case.Files), err)
	}
}

// What was signed by hand is owed as a scan: it is listed, taken in under the paper's code, and stands beside the original
// with its pages and its day.
func TestSignedScanStandsBesideItsPaper(t *testing.T) {
	b := newBureau(t)
	id := b.investigated("任县宏达建筑劳务有限公司")
	v := b.visit("officer")
	p := v.get(caseAt(id)).want(200).says("ul.lacks", "劳动保障监察立案审批表")
	c, err := desk.View(b.Engine, "officer", id)
	if err != nil {
		t.Fatal(err)
	}
	lacks := func() (n, last int) {
		for _, l := range b.caller("officer", access.ReadScope).call("GET", fmt.Sprintf("/cases/%d", id), "").is(200, "").json["lacks"].([]any) {
			if scan := l.(map[string]any)["scan"]; scan != nil {
				n, last = n+1, int(scan.(float64))
			}
		}
		return n, last
	}
	before, of := lacks()
	at := caseAt(id) + "/do/attach"
	if got := p.links(fmt.Sprintf("%s?v.document=%d", at, of)); len(got) != 1 {
		t.Fatalf("the scan is taken in by %v", got)
	}
	v.upload(at, url.Values{"then": {"do"}, "v.document": {c.Case.Document(of).Code}}, "file", "签字.png", png).want(200).
		says("section#documents", "签字扫描件（1 页，")
	if after, _ := lacks(); before == 0 || after != before-1 {
		t.Errorf("%d scans lack, then %d", before, after)
	}
	beside := fmt.Sprintf("%s/documents/%d/beside", caseAt(id), of)
	both := v.get(beside).want(200).says("dl.facts", c.Case.Document(of).Code)
	if !strings.Contains(both.head.Get("Content-Security-Policy"), "frame-src 'self'") || len(both.all("iframe")) != 1 || len(both.all("img")) != 1 {
		t.Errorf("beside each other: %s", both.body)
	}
	if len(v.get(caseAt(id)).want(200).links(beside)) != 1 {
		t.Error("the case doesn't lead there")
	}
	v.get(fmt.Sprintf("%s/documents/99/beside", caseAt(id))).want(404)
}

func TestFindingLeadsToItsCorrection(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	b.now.set(b.now.time().Add(20 * 24 * time.Hour))
	b.do("captain", id, "approve-filing", nil) // long after the filing's due day: let pass, with a finding
	p := b.visit("captain").get(caseAt(id)).want(200).says("section#findings", "批准立案")
	link := ""
	for _, n := range p.all("a.small") {
		if strings.Contains(attr(n, "href"), "answer-finding") {
			link = attr(n, "href")
		}
	}
	v := b.visit("captain")
	form := v.get(link).want(200).form(strings.SplitN(link, "?", 2)[0])
	if !slices.Contains(form["v.finding"], "approve-filing") {
		t.Errorf("the finding isn't filled in: %v", form)
	}
	form.Set("v.reason", "当事人住院，已补充说明。")
	form.Set("then", "do")
	v.post(strings.SplitN(link, "?", 2)[0], form).want(200).says("section#findings", "没有待纠正的问题")
}

func TestBuiltinActionsHaveTheirForms(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	c, err := desk.View(b.Engine, "captain", id)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range c.Actions {
		v.get(caseAt(id)+"/do/"+string(x.Action)+"?walk="+string(x.Walk)).want(200).says("h1", x.Title.ZH)
		n++
	}
	if n < 8 {
		t.Errorf("only %d actions", n)
	}
	v.post(caseAt(id)+"/do/note", url.Values{"then": {"do"}, "v.text": {"请核对考勤表。"}}).want(200).says("section#story", "请核对考勤表。")
	v.post(caseAt(id)+"/do/mark", url.Values{"then": {"do"}, "v.mark": {"urgent"}}).want(200).says("span.mark", "紧急")
}

// What if: nothing is written, and each line is told with its day.
func TestPlan(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	b.do("captain", id, "approve-filing", nil)
	v := b.visit("captain")
	before, err := desk.Events(b.Engine, office.System, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := v.get(caseAt(id) + "/plan?day=2026-03-17&resume=2026-03-31").want(200)
	p.says("main", "中止“调查” → 到期日由").says("main", "批准延长“调查” → 到期日由").says("main", "告知书送达日最迟 3月11日 星期三（“陈述申辩”须先届满）").
		says("main", "决定日（送达决定） → 7 日，到 3月24日 星期二")
	v.get(caseAt(id)+"/plan?day=soon").want(422).says("div.summary", "“soon”不是日期")
	v.get(caseAt(id)+"/plan?day=2026-03-17&resume=2026-03-02").want(422).says("div.summary", "恢复日须在中止日之后")
	v.get("/cases/99/plan").want(404)
	if after, err := desk.Events(b.Engine, office.System, id, 0); err != nil || len(after) != len(before) {
		t.Errorf("asking wrote an event: %d, then %d, %v", len(before), len(after), err)
	}
}

// A document printed again says so, and a void one that it is void; the document itself stays as it was issued.
func TestCopiesSaySo(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	said := func(path string) string { return strip(pdfText(t, []byte(v.get(caseAt(id)+path).want(200).body))) }
	original := said("/documents/1.pdf")
	if copied := said("/documents/1/copy.pdf"); !strings.Contains(copied, "重印2026年3月2日") || strings.Contains(original, "重印") {
		t.Errorf("the copy: %s", copied)
	}
	b.do("captain", id, "void-document", procedure.Values{"n": procedure.TextValue("1"), "reason": procedure.TextValue("当事人名称写错，重新登记")})
	if copied := said("/documents/1/copy.pdf"); !strings.Contains(copied, "作") || !strings.Contains(copied, "废") || said("/documents/1.pdf") != original {
		t.Errorf("the copy of a void one: %s", copied)
	}
	v.get(caseAt(id) + "/documents/9/copy.pdf").want(404)
}

// A name mended after papers were issued: the API tells the party and what it owes by the new name, and marks the papers that
// bear the old one, which their sheets keep.
func TestNameMendedIsTold(t *testing.T) {
	b := newBureau(t)
	s := story(t, "labour-name-mended")
	s.Steps = slices.DeleteFunc(s.Steps, func(x scenario.Step) bool { return x.Date > calendar.Of(2026, 5, 8) })
	if err := scenario.Play(t.Context(), s, &scenario.Stage{Engine: b.Engine, At: &b.now.at}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a := b.caller("captain", access.ReadScope).call("GET", "/cases/1", "").is(200, "")
	var names []string
	for _, p := range a.json["parties"].([]any) {
		p := p.(map[string]any)
		names = append(names, p["name"].(string))
		if p["name"] == "郭新垒" && p["outstanding"] != "3000.00" {
			t.Errorf("%v owes %v", p["name"], p["outstanding"])
		}
	}
	if want := []string{"任县鑫磊建筑劳务公司", "郭新垒", "王建国"}; !slices.Equal(names, want) {
		t.Errorf("parties %v, want %v", names, want)
	}
	old := 0
	for _, d := range a.json["documents"].([]any) {
		d := d.(map[string]any)
		if party := d["party"]; party == "王建国" && d["mended"] != nil || party == "郭新垒" && d["mended"] != true {
			t.Errorf("%v", d)
		}
		if d["party"] == "郭新垒" && strings.Contains(strip(pdfText(t, []byte(b.visit("captain").get(fmt.Sprintf("%s/documents/%v.pdf", caseAt(1), d["n"])).want(200).body))), "郭新磊") {
			old++
		}
	}
	if old == 0 {
		t.Error("no paper keeps the old name")
	}
	for _, d := range b.read(1).Issued {
		if d.Mended != 0 && d.Void == 0 {
			b.visit("").get("/check/"+d.Code).want(200).says("section#verdict", "真实有效").says("dl.facts", "仍是签发时的写法")
			return
		}
	}
	t.Error("no paper is marked")
}

// Eighty-seven workers: the sums on the page are those of their rows, and those on paper.
func TestManyWorkersAgree(t *testing.T) {
	b := newBureau(t)
	s := story(t, "labour-many-workers")
	if err := scenario.Play(t.Context(), s, &scenario.Stage{Engine: b.Engine, At: &b.now.at}, io.Discard); err != nil {
		t.Fatal(err)
	}
	v := b.visit("captain")
	v.get(caseAt(1)).want(200).says("section#parties", "合计 87 行1 079 790.00216 890.00862 900.00")
	view, err := desk.View(b.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	said := map[procedure.FormID]string{}
	for _, d := range view.Case.Issued {
		said[d.Form] += strip(pdfText(t, []byte(v.get(fmt.Sprintf("%s/documents/%d.pdf", caseAt(1), d.N)).want(200).body)))
	}
	for form, want := range map[procedure.FormID][]string{
		"LJ01":  {"1079790.00216890.00862900.00"},
		"LJ16":  {"责令支付862900.00元"},
		"LJ23":  {"862900.00元"},
		"LJ23P": {"16500.00", "845165.44"},
	} {
		for _, w := range want {
			if !strings.Contains(said[form], w) {
				t.Errorf("%s does not say %q:\n%s", form, w, said[form])
			}
		}
	}
}

// Matters of one kind are approved with one opinion, each as a step of its own; one that has moved on is named and stays.
func TestApprovedTogether(t *testing.T) {
	b := newBureau(t)
	var picks []string
	for _, name := range []string{"任县宏达建筑劳务有限公司", "任县恒源纺织有限公司", "任县锦绣餐饮有限公司"} {
		id := b.do("clerk", b.opened(name), "submit-filing", nil)
		picks = append(picks, fmt.Sprintf("%d:2", id))
	}
	v := b.visit("reviewer")
	p := v.get("/approvals").want(200).says("details.together", "3 件可以一并办理")
	form := p.form("/approvals")
	form.Del("pick")
	v.post("/approvals", form).want(422).says("#left", "还没有选")
	form.Set("v.opinion", "材料齐全，建议立案。")
	b.do("reviewer", 3, "return-filing", nil)
	form["pick"] = picks
	v.post("/approvals", form).want(422).says("#left", "已办好 2 件").says("#left", "锦绣餐饮")
	for id := range 2 {
		c, err := b.Read(casefile.CaseID(id + 1))
		if err != nil || c.Case.Walk(procedure.Main).State != "filing-approval" {
			t.Errorf("case %d: %v", id+1, err)
		}
	}
	form["pick"] = []string{"1:2"}
	b.visit("fund").post("/approvals", form).want(404)
}
