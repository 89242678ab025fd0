package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"dossier/documents/sheet"
	"dossier/engine/desk"
)

// onPaper are the titles and the cells of a case begun on paper that is right.
var onPaper = [][2]string{{"当事人名称", "任县甲建筑公司"}, {"现在的环节", "调查"}, {"接收日", "2026年1月5日"}, {"立案日", "2026-1-9"}, {"案号", "旧立〔2026〕1号"}, {"承办人员", "李察、赵办"},
	{"案件来源", "投诉"}, {"当事人类别", "单位"}, {"统一社会信用代码", "91130526MA0F7K2Q3W"}, {"地址", "任县任城镇昌平大街118号"}, {"法定代表人（负责人）", "郭新磊"}, {"联系人", "田敏"},
	{"联系电话", "0319-7518633"}, {"案由", "拖欠农民工工资"}, {"案件基本情况", "完工后一直没有结清工资。"}, {"是否拖欠农民工工资", "是"}, {"违法行为是否仍在持续", "是"}, {"柜号", "三"}}

// paperSheet is a spreadsheet of n such cases, some of their cells changed: row (from 1), title, text.
func paperSheet(t *testing.T, n int, changed ...[3]string) []byte {
	t.Helper()
	g := sheet.Grid{Name: "案件"}
	for _, x := range onPaper {
		g.Columns = append(g.Columns, sheet.Column{Title: x[0]})
	}
	for i := 1; i <= n; i++ {
		var row []string
		for _, x := range onPaper {
			text := x[1]
			switch x[0] {
			case "当事人名称":
				text = fmt.Sprintf("任县第%d建筑公司", i)
			case "案号":
				text = fmt.Sprintf("旧立〔2026〕%d号", i)
			}
			for _, c := range changed {
				if c[0] == fmt.Sprint(i) && c[1] == x[0] {
					text = c[2]
				}
			}
			row = append(row, text)
		}
		g.Rows = append(g.Rows, row)
	}
	data, err := sheet.Write(g)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// hidden are the values that a form of the page carries.
func (p *shown) hidden(names ...string) url.Values {
	p.t.Helper()
	form := url.Values{}
	for _, n := range names {
		form.Set(n, attr(p.one("input[name="+n+"]"), "value"))
	}
	return form
}

func (b *bureau) count() int {
	b.t.Helper()
	page, err := desk.Find(b.Engine, "captain", desk.Query{Limit: 500})
	if err != nil {
		b.t.Fatal(err)
	}
	return len(page.Rows)
}

// A sheet of forty with three bad rows: each fault stands in its cell, nothing is taken over before the choice, and then
// the others are, once.
func TestImport(t *testing.T) {
	b := newBureau(t)
	v := b.visit("captain")
	if p := v.get("/cases").want(200); len(p.all("a[href=/cases/begun]")) != 1 {
		t.Error("the list of cases doesn't lead there")
	}
	v.get("/cases/begun").want(200).says("p.quiet", "劳动保障监察案件") // the usual one
	res := v.get("/cases/begun/labour-case/template.xlsx").want(200)
	if !strings.HasPrefix(res.body, "PK") || !strings.Contains(res.head.Get("Content-Disposition"), ".xlsx") {
		t.Error("no template")
	}
	data := paperSheet(t, 40, [3]string{"7", "立案日", "2026-1-1"}, [3]string{"19", "案号", "旧立〔2026〕18号"}, [3]string{"33", "现在的环节", "快结了"})
	p := v.upload("/cases/begun/labour-case", nil, "file", "补录.xlsx", data).want(422)
	var bad []string
	for _, n := range p.all("td.bad") {
		bad = append(bad, said(n))
	}
	if len(bad) != 3 || !strings.Contains(bad[0], "早于接收日") || !strings.Contains(bad[1], "出现了两次") || !strings.Contains(bad[2], "快结了") {
		t.Errorf("the bad cells are %q", bad)
	}
	main := p.text("main")
	for _, want := range []string{"无误 37 行，有误 3 行", "没有读入的列：柜号", "只导入无误的 37 件", "4月10日"} {
		if !strings.Contains(main, want) {
			t.Errorf("the page doesn't say %s:\n%.600s", want, main)
		}
	}
	form := p.hidden("data", "sum", "good")
	refuse := func(why string, form url.Values) {
		t.Helper()
		v.post("/cases/begun/labour-case/take", form).want(422)
		if n := b.count(); n != 0 {
			t.Errorf("%s: %d cases", why, n)
		}
	}
	refuse("not chosen to leave out the bad rows", form)
	changed := func(name, value string) url.Values {
		f := url.Values{"which": {"good"}}
		for k := range form {
			f.Set(k, form.Get(k))
		}
		f.Set(name, value)
		return f
	}
	refuse("another number of good rows than was seen", changed("good", "36"))
	refuse("another sheet than was seen", changed("sum", strings.Repeat("0", 64)))
	refuse("no sheet", changed("data", "?"))
	form.Set("which", "good")
	p = v.post("/cases/begun/labour-case/take", form).want(200)
	if n := b.count(); n != 37 || !strings.Contains(p.text("main"), "已导入 37 件") {
		t.Errorf("%d cases\n%.300s", n, p.text("main"))
	}
	p = v.post("/cases/begun/labour-case/take", form).want(200) // a second press
	if n := b.count(); n != 37 || !strings.Contains(p.text("main"), "以前已经补录的行 37") {
		t.Errorf("pressed twice: %d cases\n%.300s", n, p.text("main"))
	}
	mended := paperSheet(t, 40, [3]string{"19", "案号", "旧立〔2026〕19号"})
	p = v.upload("/cases/begun/labour-case", nil, "file", "补录.xlsx", mended).want(200)
	form = p.hidden("data", "sum", "good")
	form.Set("which", "all")
	v.post("/cases/begun/labour-case/take", form).want(200)
	if n := b.count(); n != 40 {
		t.Errorf("%d cases, want 40", n)
	}
	if p := b.visit("officer").get("/cases/1").want(200); !strings.Contains(p.text("main"), "案号 旧立〔2026〕1号") || !strings.Contains(p.text("main"), "调查") {
		t.Errorf("the case says\n%.500s", p.text("main"))
	}
}

func TestImportRefuses(t *testing.T) {
	b := newBureau(t)
	clerk, captain := b.visit("clerk"), b.visit("captain")
	if p := clerk.get("/cases"); len(p.all("a[href=/cases/begun]")) != 0 {
		t.Error("a clerk is led to what is not theirs")
	}
	data := paperSheet(t, 1)
	for _, path := range []string{"/cases/begun", "/cases/begun/labour-case", "/cases/begun/labour-case/template.xlsx", "/cases/begun/labour-case/one"} {
		clerk.get(path).want(403)
	}
	clerk.upload("/cases/begun/labour-case", nil, "file", "a.xlsx", data).want(403)
	clerk.post("/cases/begun/labour-case/take", nil).want(403)
	clerk.post("/cases/begun/labour-case/one", nil).want(403)
	captain.get("/cases/begun/nothing/one").want(404)
	for _, test := range []struct {
		name, data, want string
	}{
		{"text", "序号,当事人", "不是 .xlsx 表格"},
		{"cut off", string(data[:len(data)/2]), "已损坏"},
		{"old", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"},
		{"nothing", "", "文件是空的"},
	} {
		p := captain.upload("/cases/begun/labour-case", nil, "file", "a.xlsx", []byte(test.data)).want(422)
		if !strings.Contains(p.text("main"), test.want) {
			t.Errorf("%s:\n%.300s", test.name, p.text("main"))
		}
	}
	if p := captain.upload("/cases/begun/labour-case", nil, "other", "a.xlsx", data).want(422); !strings.Contains(p.text("main"), "请选择") {
		t.Error(p.text("main"))
	}
	if n := b.count(); n != 0 {
		t.Errorf("%d cases", n)
	}
}

// One case with its scans: what is wrong stands beside its field, what it would bring is told, and a second press makes
// no second case.
func TestImportOne(t *testing.T) {
	b := newBureau(t)
	v := b.visit("captain")
	at := "/cases/begun/labour-case/one"
	p := v.get(at).want(200)
	form := p.hidden("key")
	set := func(pairs ...string) {
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	set("then", "do", "v.state", "investigating", "v.facts.suspended", "昨天")
	p = v.post(at, form).want(422)
	for _, id := range []string{"f-received", "f-employer", "f-facts.suspended"} {
		if len(p.all("a[href=#"+id+"]")) != 1 || len(p.all("[id="+id+"]")) != 1 {
			t.Errorf("nothing is said of %s", id)
		}
	}
	set("v.received", "2026-01-05", "v.facts.filed", "2026-01-09", "v.numbers.case", "旧立〔2026〕7号", "v.source", "complaint", "v.employer", "任县丙建筑公司", "v.party-kind", "unit",
		"v.credit-code", "91130526MA0F7K2Q3W", "v.address", "任县昌平大街", "v.legal-representative", "郭新磊", "v.contact", "田敏", "v.contact-phone", "0319-7518633", "v.cause", "拖欠农民工工资",
		"v.facts", "没有结清工资。", "v.migrant", "yes", "v.ongoing", "yes", "t.workers.0.name", "王福顺", "t.workers.0.owed", "18600", "t.workers.0.paid", "6000",
		"v.facts.suspended", "2026-02-03、2026年2月25日", "v.facts.resumed", "2026-02-10", "then", "check")
	form["v.officers"] = []string{"officer", "officer2"}
	p = v.post(at, form).want(200)
	if b.count() != 0 || !strings.Contains(p.text("main"), "案件进入“调查”") || !strings.Contains(p.text("main"), "停止") && !strings.Contains(p.text("main"), "中止") {
		t.Errorf("%d cases\n%.600s", b.count(), p.text("main"))
	}
	set("then", "do")
	p = v.upload(at, form, "file", "立案审批表.pdf", []byte("%PDF-1.4\n%%EOF\n")).want(200)
	if p.path != "/cases/1" || !strings.Contains(p.text("main"), "立案审批表.pdf") || !strings.Contains(p.text("main"), "旧立〔2026〕7号") {
		t.Fatalf("at %s\n%.900s", p.path, p.text("main"))
	}
	if p = v.upload(at, form, "file", "立案审批表.pdf", []byte("%PDF-1.4\n%%EOF\n")).want(200); p.path != "/cases/1" || b.count() != 1 {
		t.Errorf("pressed twice: %d cases, at %s", b.count(), p.path)
	}
	c, err := desk.View(b.Engine, "officer", 1)
	if err != nil || len(c.Case.Files) != 1 || len(c.Case.Shared["workers"].Rows) != 1 || len(c.Case.Issued) != 0 {
		t.Errorf("%+v %v", c, err)
	}
	form.Set("key", v.get(at).hidden("key").Get("key"))
	if p = v.post(at, form).want(422); !strings.Contains(p.text("main"), "已经是第1号案件的编号") {
		t.Errorf("the same number again:\n%.300s", p.text("main"))
	}
}
