package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"dossier/documents/sheet"
)

const codeOfA, codeOfB = "91130526MA0F7K2Q3W", "91130526MA0C1D5E2Y"

// An object is entered, found by every name, changed from a day on, merged and ended; what is wrong is told by its field.
func TestRegistryPages(t *testing.T) {
	b := newBureau(t)
	v := b.visit("officer")
	v.get("/registry").want(200).says("ul.lines", "用人单位").says("ul.lines", "由窗口工作人员")
	v.get("/registry/ship").want(404)
	v.get("/registry/employer").want(200).says("div.empty", "还没有登记")
	form := v.get("/registry/employer/new").want(200).form("/registry/employer/new")
	form.Set("then", "do")
	v.post("/registry/employer/new", form).want(422).says("div.summary", "单位名称")
	form.Set("v.name", "任县宏达建筑劳务有限公司")
	form.Set("v.credit-code", "91130526MA0F7K2Q3X")
	v.post("/registry/employer/new", form).want(422).says("p.fault", "校验码不对")
	form.Set("v.credit-code", codeOfA)
	form.Set("from", "2020-01-01")
	v.post("/registry/employer/new", form).want(200).says("p.notice", "已保存").says("dl.facts", codeOfA)
	v.post("/registry/employer/new", form).want(200) // a second press
	if p := v.get("/registry/employer").want(200).says("p.quiet", "共 1 个"); p.text("table.rows") == "" {
		t.Error("the list is empty")
	}
	form.Set("key", "another")
	v.post("/registry/employer/new", form).want(422).says("p.fault", "已经登记为任县宏达建筑劳务有限公司")

	edit := v.get("/registry/employer/1/edit").want(200).form("/registry/employer/1/edit")
	edit.Set("then", "do")
	edit.Set("v.name", "任泽区宏达建设有限公司")
	edit.Set("from", "2026-02-30")
	v.post("/registry/employer/1/edit", edit).want(422).says("p.fault", "真实日期")
	edit.Set("from", "2026-03-01")
	v.post("/registry/employer/1/edit", edit).want(422).says("div.summary", "理由")
	edit.Set("reason", "更名")
	v.post("/registry/employer/1/edit", edit).want(200).says("section#names", "任县宏达建筑劳务有限公司")
	edit.Set("key", "third")
	edit.Set("v.name", "任泽区宏达集团")
	v.post("/registry/employer/1/edit", edit).want(409).says("div.summary", "又有了变化") // the page was drawn from what is no more
	for _, q := range []string{"宏达建筑劳务", "任泽区", "hdjz", codeOfA} {
		v.get("/registry/employer?q="+url.QueryEscape(q)).want(200).says("table.rows", "曾用名：任县宏达建筑劳务有限公司")
	}
	id := b.opened("任县宏达建筑劳务有限公司")
	v.get("/registry/employer/1").want(200).says("section#cases", b.NumberOf(fmt.Sprint(id)))

	b.caller("clerk", "write").call("POST", "/registry/employer", `{"values":{"name":"任县宏达劳务队"}}`).is(201, "")
	v.post("/registry/employer/2/merge", url.Values{"into": {"employer-1"}}).want(422).says("div.summary", "理由")
	v.post("/registry/employer/2/merge", url.Values{"into": {"employer-1"}, "reason": {"重复登记"}}).want(200).says("section#names", "任县宏达劳务队")
	v.get("/registry/employer/2").want(200).says("div.then", "任泽区宏达建设有限公司")
	v.get("/registry/employer?q="+url.QueryEscape("劳务队")).want(200).says("table.rows", "任泽区宏达建设有限公司")
	v.post("/registry/employer/1/end", url.Values{"day": {"昨天"}, "reason": {"注销"}}).want(422)
	v.post("/registry/employer/1/end", url.Values{"day": {"2026-03-02"}, "reason": {"注销"}}).want(200).says("div.then", "不再监管")
	v.post("/registry/employer/1/end", url.Values{"back": {"1"}, "reason": {"登记有误"}}).want(200)

	fund := b.visit("fund")
	for _, path := range []string{"/registry/employer/new", "/registry/employer/1/edit", "/registry/employer/import", "/registry/employer/sheets/export.xlsx"} {
		fund.get(path).want(403)
	}
	fund.post("/registry/employer/1/end", url.Values{"day": {"2026-03-02"}, "reason": {"注销"}}).want(403)
	fund.get("/registry/employer/1").want(200)
}

// A sheet is tried, shown, and taken as it was seen.
func TestRegistryImport(t *testing.T) {
	b := newBureau(t)
	v := b.visit("clerk")
	v.get("/registry/employer/import").want(200).says("section.card", "下载模板")
	if p := v.get("/registry/employer/sheets/template.xlsx").want(200); !strings.HasPrefix(p.body, "PK") {
		t.Error("the template is no spreadsheet")
	}
	file := func(rows ...string) []byte {
		g := sheet.Grid{Name: "用人单位", Columns: []sheet.Column{{Title: "单位名称"}, {Title: "统一社会信用代码"}, {Title: "职工人数"}}}
		for _, r := range rows {
			g.Rows = append(g.Rows, strings.Split(r, " "))
		}
		data, err := sheet.Write(g)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	v.post("/registry/employer/import", nil).want(422).says("div.summary", "请选择")
	v.upload("/registry/employer/import", nil, "file", "a.xlsx", []byte("\xc8\xce\xcf\xd8,\n")).want(422).says("div.summary", "不是 .xlsx")
	bad := v.upload("/registry/employer/import", nil, "file", "a.xlsx", file("甲公司 "+codeOfA+" 12", "乙公司 "+codeOfA+" 3", "丙公司 91130526MA0F7K2Q3X 三")).want(422)
	bad.says("section#bad", "出现了两次").says("section#bad", "校验码不对").says("main", "新登记 1")
	if p := v.get("/registry/employer"); !strings.Contains(p.body, "共 0 个") {
		t.Error("what was tried is on record")
	}
	form := bad.form("/registry/employer/take")
	form.Del("which")
	v.post("/registry/employer/take", form).want(422)
	form.Set("which", "good")
	v.post("/registry/employer/take", form).want(200).says("p.notice", "新登记 1，更新 0")
	good := v.upload("/registry/employer/import", nil, "file", "a.xlsx", file("甲公司 "+codeOfA+" 15", "丁公司 "+codeOfB+" 3")).want(200).says("section#changes", "职工人数")
	form = good.form("/registry/employer/take")
	form.Set("which", "all")
	altered := url.Values{"data": {form.Get("data")[4:]}, "sum": form["sum"], "which": {"all"}}
	v.post("/registry/employer/take", altered).want(422)
	v.post("/registry/employer/take", form).want(200).says("p.notice", "新登记 1，更新 1")
	v.post("/registry/employer/take", form).want(200).says("p.notice", "新登记 0") // a second press
}

// The API enters, changes and finds what the pages do.
func TestRegistryAPI(t *testing.T) {
	b := newBureau(t)
	c := b.caller("officer", "write")
	c.key = "k1"
	body := `{"from":"2024-01-01","values":{"name":"任县宏达建筑劳务有限公司","credit-code":"` + codeOfA + `"}}`
	for range 2 {
		if a := c.call("POST", "/registry/employer", body).is(201, ""); a.json["id"] != "employer-1" {
			t.Errorf("%v", a.json)
		}
	}
	c.call("POST", "/registry/employer", `{"values":{"name":"甲"}}`).is(422, "key-reused")
	c.key = ""
	c.call("POST", "/registry/employer", body).is(422, "field-invalid")
	c.call("POST", "/registry/employer", `{"values":{"name":"甲"},"colour":1}`).is(400, "unreadable")
	c.call("POST", "/registry/ship", body).is(404, "not-found")
	c.call("POST", "/registry/fund", body).is(403, "not-your-gate")
	c.call("POST", "/registry/employer", `{"id":"employer-1","seq":9,"reason":"更名","values":{"name":"任泽区宏达"}}`).is(409, "case-moved-on")
	c.call("POST", "/registry/employer", `{"id":"employer-1","seq":1,"reason":"更名","values":{"name":"任泽区宏达"}}`).is(200, "")
	a := c.call("GET", "/registry/employer?q=hdjz", "").is(200, "")
	if os := a.json["objects"].([]any); len(os) != 1 || len(os[0].(map[string]any)["names"].([]any)) != 2 {
		t.Errorf("%v", a.json)
	}
	b.caller("officer", "read").call("POST", "/registry/employer", body).is(403, "forbidden")
	b.caller("fund", "read").call("GET", "/registry/employer", "").is(200, "")
	c.token = ""
	c.call("GET", "/registry/employer", "").is(401, "unauthorized")
}
