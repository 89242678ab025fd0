package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/office"
)

// The standards are found by word, by pinyin initials and by id; those of an earlier day by that day.
func TestFindAStandard(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	v.get("/penalty").want(200).says("main", "劳动保障监察条例 6").says("ul.lines", "抗拒监察、隐瞒证据、拒不改正 2000元以上20000元以下《劳动保障监察条例》第三十条第一款 · reg/30").
		says("nav.nav", "裁量").says("ul.lines", "单位：20000元以上50000元以下 · 责任人员：10000元以上30000元以下")
	for q, want := range map[string]string{"reg/30": "reg/30", "lwpq": "lcl/92.1", "没有建立职工名册": "lcr/33", "第六十四条": "epl/64", "信息告示牌": "wage/56"} {
		p := v.get("/penalty?q=" + url.QueryEscape(q)).want(200)
		p.says("main", want)
		if strings.Count(p.text("main"), "《") > 30 {
			t.Errorf("%s finds too much: %s", q, p.text("main"))
		}
	}
	v.get("/penalty?q="+url.QueryEscape("飞机")).want(200).says("div.empty", "没有符合的裁量标准")
	if p := v.get("/penalty").want(200); strings.Contains(p.body, "agency/25.4") {
		t.Error("an overtaken standard is offered for today")
	}
	v.get("/penalty?on=2015-03-02").want(200).says("ul.lines", "提供虚假劳动力供求信息 依据待核 到2018年9月30日为止")
	v.get("/penalty?on=2015-13-02").want(422).says("div.summary", "日期")
	b.visit("").get("/penalty").says("h1", "登录")
}

// A fine is tried without a case: what the standard asks for, the tiers, the working, and why another figure isn't lawful.
func TestTryAFine(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	p := v.get("/penalty?standard=reg/30").want(200).says("dl.facts", "处罚依据").says("p.statute", "处2000元以上2万元以下的罚款")
	if len(p.all("input[name=persons]"))+len(p.all("input[name=gains]"))+len(p.all("input[name=party]"))+len(p.all("section#result")) != 0 {
		t.Error("it asks for what a fixed range doesn't need")
	}
	if p := v.get("/register/law/reg").want(200).says("div.by", "reg/30 抗拒监察"); len(p.all("a[href=/penalty?standard=reg%2F30]")) == 0 {
		t.Error("the statute doesn't lead to what it sets")
	}
	p.says("a[href=/register/law/reg#30]", "《劳动保障监察条例》第三十条第一款")
	form := p.form("/penalty")
	form.Set("tier", "usual")
	p = v.get("/penalty?" + form.Encode()).want(200)
	p.says("p.figure", "建议 7 400.00 元 在幅度之内 一般 · 本档 7 400.00 至 14 600.00 元").says("ol.working", "2000 + (20000 − 2000) × 30%").says("table.tiers", "减轻1 000.001 999.99")
	if again := p.form("/penalty"); again.Get("tier") != "usual" {
		t.Errorf("the form forgot what was asked: %v", again)
	}
	form.Set("amount", "200000")
	form.Set("who", "任县某公司<b>")
	v.get("/penalty?"+form.Encode()).want(200).says("p.figure", "拟罚 200 000.00 元 不合法").says("ul.working", "高于法定上限20000元：《劳动保障监察条例》第三十条第一款")

	v.get("/penalty?standard=reg/23&tier=light&persons=3").want(200).says("p.figure", "3 000.00")
	v.get("/penalty?standard=lcl/92.1&tier=heavy&gains=0").want(200).says("p.figure", "35 000.00").says("ul.working", "也可以不罚")
	v.get("/penalty?standard=wage/54&party=person&tier=light").want(200).says("p.figure", "10 000.00")
	v.get("/penalty?standard=reg/30&tier=reduced&ground=relieved").want(200).says("ul.working", "主动消除或者减轻违法行为危害后果，《中华人民共和国行政处罚法》第三十二条第（一）项")
	v.get("/penalty?standard=reg/23").want(200).says("dl.facts", "《中华人民共和国劳动法》第五十九条、第六十条、第六十一条、《女职工劳动保护特别规定》第七条第一款、《中华人民共和国劳动法》第六十三条")

	v.get("/penalty?standard=sil/86.1&tier=usual&gains=12345.67&on=2026-01-16&until=2026-03-01").want(200).says("p.figure", "277.77").says("ol.working", "12345.67 × 万分之5 × 45日")
	v.get("/penalty?standard="+url.QueryEscape("ｒｅｇ／２３")+"&tier=light&persons="+url.QueryEscape("３")).want(200).says("p.figure", "3 000.00")
	v.get("/penalty?standard=lcl/92.1&tier=usual&gains="+url.QueryEscape("１２８，４００．００")).want(200).says("p.figure", "282 480.00")

	for _, x := range []struct {
		query, says string
		status      int
	}{
		{"standard=reg/31&tier=usual", "没有裁量标准“reg/31”（是不是“reg/30”？）", 404},
		{"standard=agency/25.4&tier=usual", "以后的事实改用epl/65、hrm/43", 404},
		{"standard=reg/23&tier=usual", "请填受侵害的劳动者的人数", 422},
		{"standard=reg/23&tier=usual&persons=0&amount=-4", "人数不能是0", 422},
		{"standard=reg/23&tier=usual&persons=0&amount=-4", "最多两位小数", 422},
		{"standard=reg/23&tier=usual&persons=two", "“two”不是人数", 422},
		{"standard=sil/88&tier=usual&gains=5.001", "最多两位小数", 422},
		{"standard=sil/88&tier=usual", "请填骗取的金额", 422},
		{"standard=reg/23&tier=usual&persons=-3", "人数不能是-3", 422},
		{"standard=reg/23&tier=usual&persons=1.5", "“1.5”不是人数", 422},
		{"standard=sil/88&tier=usual&gains=-1", "最多两位小数", 422},
		{"standard=sil/88&tier=usual&gains=0", "请填骗取的金额", 422},
		{"standard=reg/26&tier=reduced&gains=100", "请选从轻、一般、从重", 422},
		{"standard=sil/86.1&tier=usual&gains=100&on=2026-02-10&until=2026-02-09", "止日不早于起日", 422},
		{"standard=sil/86.1&tier=usual&gains=100&on=2026-02-10&until=soon", "滞纳金算至", 422},
		{"standard=sil/86.1&tier=usual&on=2026-02-10", "请填欠缴数额", 422},
		{"standard=reg/30&tier=none-such", "没有“none-such”这一档", 422},
		{"standard=reg/30&tier=usual&ground=relieved", "不能选一般：请选从轻、减轻", 422},
		{"standard=reg/30&tier=light&ground=minor-corrected", "不能选从轻：请选不予", 422},
		{"standard=reg/30&tier=usual&ground=nothing", "没有情形“nothing”", 422},
		{"standard=reg/30&tier=usual&party=person", "不处罚责任人员", 422},
		{"standard=reg/30&tier=usual&party=dog", "不处罚dog", 422},
	} {
		p := v.get("/penalty?"+x.query).want(x.status).says("div.summary", x.says)
		if strings.Contains(p.body, "note.pdf") {
			t.Errorf("%s prints a note", x.query)
		}
	}
}

// The office's proportions are its settings.
func TestProportionsAreSettings(t *testing.T) {
	b := newBureau(t)
	if err := access.KeepSetting(t.Context(), b.Engine, "admin", "tier-light", office.SettingRow{From: calendar.Of(2026, 3, 2), Value: "20", Basis: "县局规定"}); err != nil {
		t.Fatal(err)
	}
	v := b.visit("officer")
	v.get("/penalty?standard=reg/30&tier=usual").want(200).says("p.figure", "本档 5 600.00 至 14 600.00 元")
	admin := b.visit("admin")
	for _, bad := range []string{"81", "101", "12.5", "-3", "许多"} {
		admin.post("/admin/settings", url.Values{"name": {"tier-heavy"}, "from": {"2026-03-02"}, "value": {bad}, "basis": {"县局规定"}}).want(422)
	}
	admin.post("/admin/settings", url.Values{"name": {"tier-heavy"}, "from": {"2026-03-02"}, "value": {"81"}, "basis": {"县局规定"}}).says("div.summary", "之和不能超过100")
	v.get("/penalty?standard=reg/30&tier=usual").want(200).says("p.figure", "本档 5 600.00 至 14 600.00 元")
	admin.post("/admin/settings", url.Values{"name": {"tier-heavy"}, "from": {"2026-03-02"}, "value": {"80"}, "basis": {"县局规定"}}).want(200)
	v.get("/penalty?standard=reg/30&tier=usual").want(200).says("p.figure", "本档 5 600.00 至 5 600.00 元")
}

func TestPenaltyAPI(t *testing.T) {
	b := newBureau(t)
	c := b.caller("officer", access.ReadScope)
	list := func(query string) (standards, circumstances []any) {
		a := c.call("GET", "/penalty?"+query, "").is(200, "")
		return a.json["standards"].([]any), a.json["circumstances"].([]any)
	}
	all, circumstances := list("")
	now, _ := list("on=2026-03-02")
	if len(now) < 30 || len(now) >= len(all) || len(circumstances) < 9 || now[0].(map[string]any)["id"] != "reg/23" {
		t.Errorf("%d standards, %d in force, %d circumstances", len(all), len(now), len(circumstances))
	}
	a := c.call("GET", "/penalty?standard=reg/30&tier="+url.QueryEscape("一般")+"&amount=200000", "").is(200, "")
	for _, want := range []string{`"standard":"reg/30"`, `"tier":"一般"`, `"low":"7400.00"`, `"high":"14600.00"`, `"proposed":"7400.00"`, `"lawful":false`, "高于法定上限20000元"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s: want %s", a.body, want)
		}
	}
	for _, query := range []string{"on=soon", "standard=reg/23&tier=usual&persons=0"} {
		c.call("GET", "/penalty?"+query, "").is(400, "unreadable")
	}
	if a := c.call("GET", "/penalty?tier=usual&standard="+url.QueryEscape("ｒｅｇ／２３")+"&persons=3", "").is(200, ""); !strings.Contains(a.body, `"low":"6600.00"`) {
		t.Error(a.body)
	}
	if a := c.call("GET", "/penalty?tier=usual&standard=lcl/92.1&gains="+url.QueryEscape("１２８４００"), "").is(200, ""); !strings.Contains(a.body, `"low":"282480.00"`) {
		t.Error(a.body)
	}
	if a := c.call("GET", "/penalty?standard=reg/31&tier=usual", "").is(422, "field-invalid"); !strings.Contains(a.body, "reg/30") {
		t.Errorf("no guess: %s", a.body)
	}
	for query, path := range map[string]string{"standard=reg/31&tier=usual": "standard", "standard=sil/88&tier=usual&gains=-1": "gains",
		"standard=reg/30": "tier", "standard=reg/30&tier=usual&on=2001-01-01": "on", "standard=sil/88&tier=usual": "gains", "standard=sil/88&tier=usual&gains=5.001": "gains",
		"standard=reg/30&tier=usual&amount=-1": "amount", "standard=reg/26&tier=reduced&gains=100": "tier", "standard=reg/30&tier=" + url.QueryEscape("特重"): "tier",
		"standard=reg/30&tier=usual&ground=relivd": "grounds[0]", "standard=reg/30&tier=usual&party=person": "party", "standard=reg/23&tier=usual": "persons",
		"standard=sil/86.1&tier=usual&gains=100&on=2026-02-10&until=2026-02-09": "until"} {
		a := c.call("GET", "/penalty?"+query, "").is(422, "field-invalid")
		if fields := a.json["fields"].([]any); len(fields) != 1 || fields[0].(map[string]any)["path"] != path || fields[0].(map[string]any)["message"] == "" {
			t.Errorf("%s: %s", query, a.body)
		}
	}
}

// The note is a paper of the office: what was asked, the figure in words, the working; of no lawful figure there is none.
func TestNoteOnPaper(t *testing.T) {
	v := newBureau(t).visit("officer")
	query := "standard=wage/54&party=person&tier=light&amount=12000&ground=relieved&on=2026-02-10&who=" + url.QueryEscape("任县某公司<b>") + "&reason=" + url.QueryEscape("已经补发")
	p := v.get("/penalty?" + query).want(200)
	note := attr(p.one("a.line"), "href")
	if !strings.HasPrefix(note, "/penalty/note.pdf?") {
		t.Fatalf("the note is at %s", note)
	}
	said := strip(pdfText(t, v.download(note)))
	for _, want := range []string{"行政处罚裁量说明", "任县某公司<b>", "2026年2月10日", "（责任人员）", "《保障农民工工资支付条例》第五十四条", "从轻", "12000.00元", "壹万贰仟元整", "30000", "已经补发", "第三十二条第（一）项", "证据："} {
		if !strings.Contains(said, want) {
			t.Errorf("the note doesn't say %q: %s", want, said)
		}
	}
	for _, query := range []string{"standard=reg/30&tier=usual&amount=200000", "standard=reg/31&tier=usual", "standard=reg/23&tier=usual&persons=0", "standard=reg/30&tier=usual&amount=-4", "standard=reg/30"} {
		if p := v.get("/penalty/note.pdf?" + query); !strings.HasPrefix(p.path, "/penalty?standard=") || strings.Contains(p.body, "note.pdf") {
			t.Errorf("%s: %d %s", query, p.status, p.path)
		}
	}
}

// In a browser: a fine is tried by keyboard, and the page fits a phone and a small window.
func TestPenaltyInABrowser(t *testing.T) {
	w := &walker{bureau: newBureau(t), browser: chromium(t), windows: map[office.PersonID]context.Context{}}
	c := w.visitAs("officer", "/penalty")
	w.run(c, chromedp.Navigate(w.srv.URL+"/penalty?standard=lcl/92.1&who="+url.QueryEscape("任县某公司")), chromedp.EmulateViewport(375, 800))
	w.run(c, chromedp.SendKeys(chromedp.CSS("#f-gains"), "128400"), chromedp.SendKeys(chromedp.CSS(`[name="tier"][value="usual"]`), " "))
	w.sent(c, `form.penalty button`)
	if got := ask(w, c, chromedp.Text(chromedp.CSS("p.figure"))); !strings.Contains(got, "282") {
		t.Errorf("the figure is %q", got)
	}
	for _, path := range []string{"", "/penalty"} {
		if path != "" {
			w.run(c, chromedp.Navigate(w.srv.URL+path))
		}
		for _, wide := range []int64{375, 950} {
			w.run(c, chromedp.EmulateViewport(wide, 800))
			if got := ask(w, c, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); got > wide {
				t.Errorf("%s is %d px wide on %d", path, got, wide)
			}
		}
	}
}
