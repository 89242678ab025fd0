package web_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/documents/sheet"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/registry"
)

// trainers are three people of the training section with the bureau's password, and the institutions that they supervise, each
// with a class session.
func (b *bureau) trainers() {
	b.t.Helper()
	var ws []ledger.RecordWrite
	for id, name := range map[office.PersonID]string{"trainer": "秦凤霞", "trainer2": "许卫东", "trainer3": "曹文静"} {
		data, err := json.Marshal(office.Person{ID: id, Name: name, Password: b.Office().Person("admin").Password, Posts: []office.Held{{Post: "training"}}})
		if err != nil {
			b.t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(id), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(b.t.Context(), b.Engine, ws...); err != nil {
		b.t.Fatal(err)
	}
	text := func(pairs ...string) procedure.Values {
		v := procedure.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v[procedure.FieldID(pairs[i])] = procedure.TextValue(pairs[i+1])
		}
		return v
	}
	for i, code := range schoolCodes {
		name := "任县" + string([]rune("育新启金蓝匠惠")[i]) + "学校"
		for kind, v := range map[string]procedure.Values{
			"training-institution": text("name", name, "credit-code", code, "head", "石瑞霞", "address", "任县人民路218号", "licence", "冀0526-00"+string(rune('1'+i)), "valid-from", "2025-01-01", "valid-to", "2028-12-31", "phone", "0319-7518633"),
			"class-session":        text("name", name+"第2期班", "institution", name, "institution-code", code, "trainees", "40", "valid-from", "2026-02-01", "valid-to", "2026-06-30"),
		} {
			if _, err := b.registry.Keep(b.t.Context(), "trainer", registry.Entry{Kind: kind, From: calendar.Of(2025, 1, 1), Values: v}); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

var schoolCodes = []string{"52130526MJ0941T237", "52130526MJ0RPB90C5", "52130526MJ03UW475B", "52130526MJ0LL1MXR3", "52130526MJ0W4QC5CX", "52130526MJ09JR10CW", "52130526MJ0B21KYWF"}

// Whoever checks opens a check from the object's page, with what is known of it filled in; nobody else is offered it, nor is
// one of an object that has ended.
func TestCheckOfAnObject(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	v := b.visit("trainer")
	registered, err := b.registry.Get("training-institution-1")
	if err != nil {
		t.Fatal(err)
	}
	of := func(who string) []string {
		return b.visit(who).get("/registry/training-institution/1").want(200).links("/cases/new/training-check?")
	}
	links := of("trainer")
	if len(links) != 1 || len(of("officer")) != 0 {
		t.Fatalf("a check is opened by %v, and by another section at %v", links, of("officer"))
	}
	form := v.get(links[0]).want(200).form("/cases/new/training-check")
	if form.Get("v.credit-code") != registered.Now()[registry.Code].Text || !slices.Contains(form["v.institution"], registered.Name()) && form.Get("v.employer") != registered.Name() {
		t.Errorf("the form holds %v", form)
	}
	v.post("/registry/training-institution/1/end", url.Values{"day": {"2026-03-01"}, "reason": {"办学许可注销"}}).want(200)
	if got := of("trainer"); len(got) != 0 {
		t.Errorf("of one that has ended: %v", got)
	}
}

// The year's checks of an institution stand in its assessment's table when the form is opened: their days, what the record
// of each said, and where it has come to.
func TestChecksFeedTheAssessment(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	schools := []string{"任县育学校", "任县新学校"}
	check := func(i int, day string) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		b.now.set(at.Add(time.Hour))
		id := b.run("trainer", "training-check", 0, "open", procedure.Values{"employer": procedure.TextValue(schools[i]), "credit-code": procedure.TextValue(schoolCodes[i]), "session": procedure.TextValue("第3期焊工班")})
		b.run("trainer", "training-check", id, "enter-site", nil)
		b.run("trainer", "training-check", id, "record-check", nil)
	}
	check(0, "2026-03-04")
	check(1, "2026-03-05")
	check(0, "2026-03-06")
	assess := func(year string) casefile.CaseID {
		return b.run("trainer", "training-assessment", 0, "open", procedure.Values{"employer": procedure.TextValue(schools[0]), "credit-code": procedure.TextValue(schoolCodes[0]), "year": procedure.TextValue(year)})
	}
	id := assess("2026")
	b.run("trainer", "training-assessment", id, "form-group", nil)
	form := b.visit("trainer").get(caseAt(id) + "/do/record-score").want(200).form(caseAt(id) + "/do/record-score")
	for name, want := range map[string]string{"t.daily-checks.0.on": "2026-03-04", "t.daily-checks.1.on": "2026-03-06", "t.daily-checks.1.session": "第3期焊工班", "t.daily-checks.1.as-planned": "yes", "t.daily-checks.2.on": ""} {
		if got := form.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	if form.Get("t.daily-checks.0.result") == "" {
		t.Error("a check has no outcome")
	}
	id = assess("2025")
	b.run("trainer", "training-assessment", id, "form-group", nil)
	if got := b.visit("trainer").get(caseAt(id) + "/do/record-score").want(200).form(caseAt(id) + "/do/record-score").Get("t.daily-checks.0.on"); got != "" {
		t.Errorf("the year before is told a check of %s", got)
	}
}

// A leader sees each quota with its bar; a superior's figure needs its document, and holds from then on.
func TestPlanPages(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	v := b.visit("leader")
	p := v.get("/plans").want(200).says("h1", "2026年检查计划").says("table.quotas", "每次不少于30%，即7个中的3个").says("table.quotas", "0 / 3")
	if n := len(p.all("svg.bar")); n < 25 || len(p.all("svg.year")) != 1 {
		t.Errorf("%d bars, %d calendars", n, len(p.all("svg.year")))
	}
	p.says("table#due", "日常巡查")
	if n := strings.Count(p.body, "两定") + strings.Count(p.body, "定点医疗"); n > 0 {
		t.Error("a regime that is off is shown")
	}
	v.get("/plans?year=2025").want(200).says("section#calendar", "2025年")
	v.get("/plans?year=abc").want(200)
	v.get("/plans/report?year=2026").want(200).says("table.report", "每月2次，每次不少于2个")
	v.get("/plans/ship-2026").want(404)
	v.get("/plans/medical-regular-2026").want(404)
	page := v.get("/plans/training-special-2026").want(200).says("section#units", "育学校").says("section#override", "录入上级下达的指标")
	form := page.form("/plans/training-special-2026/override")
	for _, bad := range []struct{ field, value, says string }{
		{"share", "101", "0到100"}, {"share", "一半", "0到100"}, {"times", "0", "不小于1"}, {"to", "", "请填写"}, {"to", "2025-01-01", "不能早于"}, {"document", " ", "请填写上级文件"}, {"day", "", "请填写"}, {"day", "2026-02-30", "真实日期"},
	} {
		f := url.Values{}
		for k, x := range form {
			f[k] = x
		}
		f.Set("share", "60")
		f.Set("document", "冀人社函〔2026〕9号")
		f.Set("day", "2026-02-20")
		f.Set(bad.field, bad.value)
		v.post("/plans/training-special-2026/override", f).want(422).says("div.summary", bad.says)
	}
	form.Set("share", "60")
	form.Set("document", "冀人社函〔2026〕9号")
	form.Set("day", "2026-02-20")
	v.post("/plans/training-special-2026/override", form).want(200).says("p.notice", "已录入").says("section#override", "冀人社函〔2026〕9号").says("main", "即7个中的5个")
	b.visit("officer").post("/plans/training-special-2026/override", form).want(403)
	b.visit("officer").get("/plans/training-special-2026").want(200)
}

// A plan makes its checks with one press; what is wrong is told and makes none.
func TestPlanMakesChecks(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	v := b.visit("trainer")
	at := "/plans/training-special-2026"
	form := v.get(at).want(200).form(at + "/checks")
	v.post(at+"/checks", form).want(422).says("div.summary", "请填写检查对象")
	form["object"] = schoolCodes[:2]
	one := url.Values{}
	for k, x := range form {
		one[k] = x
	}
	one["officer"] = []string{"trainer"}
	v.post(at+"/checks", one).want(422).says("div.summary", "每组要2名")
	form.Set("day", "2026-03-01")
	v.post(at+"/checks", form).want(422).says("div.summary", "不能早于今天")
	form.Set("day", "2026-03-05")
	p := v.post(at+"/checks", form).want(200).says("p.notice", "已登记检查2件，共2件").says("section#made-1", "育学校").says("section#made-1", "没有经负责人批准")
	p.says("section#units", "已安排，3月5日")
	v.get("/plans").want(200).says("table.quotas", "1次，每次不少于30%")
	b.visit("officer").post(at+"/checks", form).want(403)
	v.post(at+"/checks/1/approve", nil).want(403)
	v.post(at+"/checks/9/on", nil).want(404)
	b.visit("leader").post(at+"/checks/1/approve", nil).want(200).says("section#made-1", "周局")
}

// From the frozen list over the number that others state to the paper, the public page, the redraw and the checks.
func TestDrawPages(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	v := b.visit("trainer")
	at := "/plans/training-special-2026/draw"
	page := v.get(at).want(200).says("section#fresh", "从7个检查对象中抽3个")
	form := page.form(at + "/freeze")
	form.Set("count", "9")
	v.post(at+"/freeze", form).want(422).says("div.summary", "可以抽的只有7个")
	form.Set("count", "-1")
	v.post(at+"/freeze", form).want(422).says("div.summary", "须是整数")
	form.Set("count", "")
	form["without"] = []string{"trainer2", "trainer3"}
	v.post(at+"/freeze", form).want(422).says("div.summary", "每组要2名检查人员")
	delete(form, "without")
	v.post(at, url.Values{"number": {"0417"}}).want(422).says("div.summary", "先冻结")
	form.Set("recused.0", "trainer")
	form.Set("from.0", schoolCodes[0])
	v.post(at+"/freeze", form).want(200).says("section#waiting", "秦凤霞回避任县育学校").says("section#waiting", "等号码")
	anybody := b.visit("")
	anybody.get("/draws/training-special-2026/1").want(200).says("main", "结果还没有公布")
	anybody.get("/draws/training-special-2026/1/sheet.txt").want(404)
	anybody.get("/draws/training-special-2026/7").want(404)
	for _, bad := range []string{"", "十七", "4 17"} {
		v.post(at, url.Values{"number": {bad}}).want(422).says("div.summary", "旁人报出的数字")
	}
	v.post(at, url.Values{"number": {"0417"}, "seed-day": {"2026-03-03"}}).want(422).says("div.summary", "晚于今天")
	drawn := v.post(at, url.Values{"number": {"0417"}, "stated": {"驻局纪检组"}}).want(200).says("section#draw-1", "重算一致").says("section#draw-1", "双抽").says("section#draw-1", "驻局纪检组")
	if n := len(drawn.all("section#draw-1")); n != 1 {
		t.Errorf("%d draws", n)
	}
	if p := v.get("/plans/training-special-2026/draw/1/paper.pdf").want(200); !strings.HasPrefix(p.body, "%PDF") {
		t.Error("the paper is no PDF")
	}
	v.post(at+"/again", url.Values{}).want(422).says("div.summary", "理由")
	v.post("/plans/training-special-2026/draw/1/publish", nil).want(200).says("p.notice", "已公布")
	anybody.get("/draws/training-special-2026/1").want(200).says("table.plain", "学校")
	anybody.get("/draws/training-special-2026/1/sheet.txt").want(200)
	v.post(at+"/again", url.Values{"reason": {"停业"}, "out": {schoolCodes[2]}}).want(200).says("section#waiting", "重抽第1次，理由：停业")
	v.post(at, url.Values{"number": {"0417"}}).want(422).says("div.summary", "用过")
	again := v.post(at, url.Values{"number": {"0418"}}).want(200).says("section#draw-2", "重抽第1次")
	v.post("/plans/training-special-2026/checks", url.Values{"draw": {"1"}, "day": {"2026-03-05"}, "v.matter": {"双随机"}}).want(422).says("div.summary", "已经重抽")
	form = again.form("/plans/training-special-2026/checks")
	form.Set("day", "2026-03-05")
	v.post("/plans/training-special-2026/checks", form).want(200).says("section#made-1", "第2次抽取")
	v.post("/plans/training-special-2026/checks", form).want(200) // a second press
	form.Set("key", "another")
	v.post("/plans/training-special-2026/checks", form).want(422).says("div.summary", "已经安排过")
	list, err := sheet.Write(sheet.Grid{Name: "名单", Columns: []sheet.Column{{Title: "编号"}, {Title: "名称"}}, Rows: [][]string{{"甲", "甲公司"}, {"甲", "乙公司"}}})
	if err != nil {
		t.Fatal(err)
	}
	v.upload(at+"/freeze", url.Values{"then": {"freeze"}}, "population", "a.xlsx", list).want(422)
	v.upload(at+"/freeze", url.Values{"then": {"freeze"}}, "population", "a.xlsx", []byte("\xc3\xfb\xb3\xc6,\n")).want(422).says("div.summary", "不是 .xlsx")
	b.visit("officer").post(at+"/freeze", form).want(403)
	b.visit("officer").get(at).want(200)
}

// Whoever checks sees on the desk what is due, and is led through it on a phone, an item a screen; what is sent is on record, and the quota moves.
func TestPhoneCheck(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	v := b.visit("trainer")
	at := "/plans/training-special-2026"
	form := v.get(at).want(200).form(at + "/checks")
	form["object"] = schoolCodes[:1]
	form.Set("day", "2026-03-02")
	v.post(at+"/checks", form).want(200)
	v.get("/").want(200).says("section#tasks", "任县育学校").says("section#tasks", "今天").says("section#tasks", "0319-7518633")
	b.visit("trainer3").get("/").want(200).says("section#short", "")
	step := v.get("/cases/1/phone").want(200)
	if !strings.HasPrefix(step.path, "/cases/1/do/enter-site") {
		t.Fatalf("led to %s", step.path)
	}
	enter := step.form("/cases/1/do/enter-site")
	enter.Set("then", "do")
	page := v.post("/cases/1/do/enter-site", enter).want(200)
	if page.path != "/cases/1/phone" {
		t.Fatalf("led to %s", page.path)
	}
	if n := len(page.all("section.screen")); n < 18 {
		t.Errorf("%d screens", n)
	}
	check := page.form("/cases/1/do/record-check")
	v.post("/cases/1/do/record-check", check).want(422)
	for i := range 5 {
		check.Set("t.qualification."+string(rune('0'+i))+".result", "ok")
	}
	for i := range 4 {
		check.Set("t.effect."+string(rune('0'+i))+".result", "ok")
	}
	for field, value := range map[string]string{"time": "9时至10时", "place": "任县人民路218号", "present": "38", "as-planned": "yes", "situation": "查阅考勤表，现场点名。", "handling": "passed", "refused": "no", "signatory": "石瑞霞"} {
		check.Set("v."+field, value)
	}
	v.post("/cases/1/do/record-check", check).want(200).says("section#documents", "检查记录表")
	v.get(at).want(200).says("main", "1 / 3")
	v.get("/registry/training-institution/1").want(200).says("section#cases", "两年内1件").says("section#visits", "1 次")
	id := b.opened("任县育学校")
	c := b.visit("leader").get("/cases/" + strconv.Itoa(int(id))).want(200)
	c.says("h3#standing", "本单位两年内另有1件")
	b.visit("leader").get("/registry/training-institution/1").want(200).says("section#complaints", "投诉")
	v.get("/cases/99/phone").want(404)
}

// The API answers what the pages show, and makes checks as they do.
func TestPlanAPI(t *testing.T) {
	b := newBureau(t)
	b.trainers()
	c := b.caller("trainer", "write")
	if n := len(c.call("GET", "/plans", "").is(200, "").json["plans"].([]any)); n < 60 {
		t.Errorf("%d plans", n)
	}
	c.call("GET", "/plans/ship", "").is(404, "not-found")
	c.call("POST", "/plans/training-special-2026/checks", `{"day":"2026-03-05","objects":[],"team":["trainer","trainer2"]}`).is(422, "field-invalid")
	c.call("POST", "/plans/training-special-2026/checks", `{"day":"2026-03-05","objects":["nobody"],"team":["trainer","trainer2"]}`).is(422, "condition-unmet")
	c.call("POST", "/plans/training-special-2026/checks", `{"colour":1}`).is(400, "unreadable")
	body := `{"day":"2026-03-05","objects":["` + schoolCodes[0] + `"],"team":["trainer","trainer2"],"values":{"matter":"专项督查"}}`
	c.key = "k1"
	for range 2 {
		if x := c.call("POST", "/plans/training-special-2026/checks", body).is(201, "").json; x["planned"] != 1.0 || len(x["checks"].([]any)) != 1 {
			t.Errorf("%v", x)
		}
	}
	b.caller("trainer", "read").call("POST", "/plans/training-special-2026/checks", body).is(403, "forbidden")
	b.caller("officer", "write").call("POST", "/plans/training-special-2026/checks", body).is(403, "not-your-gate")
}
