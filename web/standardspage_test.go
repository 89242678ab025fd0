package web_test

import (
	"os"
	"strings"
	"testing"
)

// An act's file of standards is looked at before it is loaded: what changes, which open cases rest on it, what is wrong in it.
func TestStandardsPage(t *testing.T) {
	b := newBureau(t)
	data, err := os.ReadFile("../seeds/standards/01-reg.yaml")
	if err != nil {
		t.Fatal(err)
	}
	renewed := strings.Replace(string(data), "fixed: [2000, 20000]", "fixed: [2000, 10000]", 1)
	if renewed == string(data) {
		t.Fatal("the file has no such range")
	}
	v := b.visit("admin")
	b.visit("captain").get("/admin/standards").want(403)
	b.visit("captain").upload("/admin/standards", nil, "file", "reg.yaml", []byte(renewed)).want(403)
	b.visit("captain").post("/admin/standards/load", nil).want(403)
	v.get("/admin/standards").want(200).says("h1", "裁量标准").says("ul.lines", "劳动保障监察条例（reg）程序自带")
	v.post("/admin/standards", nil).want(422).says("div.summary", "请选择文件")
	v.upload("/admin/standards", nil, "file", "reg.yaml", []byte(strings.Replace(renewed, "fixed: [2000, 10000]", "fixed: [20000, 2000]", 1))).want(422).says("div.summary", "reg.yaml:").says("div.summary", "下限大于上限")
	gone := renewed[:strings.Index(renewed, "  - standard: 30")]
	v.upload("/admin/standards", nil, "file", "reg.yaml", []byte(gone)).want(422)
	p := v.upload("/admin/standards", nil, "file", "reg.yaml", []byte(renewed)).want(200)
	p.says("table.changes", "reg/30").says("table.changes", "2000元以上20000元以下").says("table.changes", "2000元以上10000元以下").says("main", "没有未结案件以这些标准处理")
	v.get("/penalty?standard=reg/30&tier=heavy&amount=15000").says("p.figure", "在幅度之内") // nothing is loaded yet
	form := p.form("/admin/standards/load")
	altered := p.form("/admin/standards/load")
	altered.Set("standards", strings.Replace(form.Get("standards"), "10000", "90000", 1))
	v.post("/admin/standards/load", altered).want(422).says("div.summary", "变了样")
	crlf := p.form("/admin/standards/load")
	crlf.Set("standards", strings.ReplaceAll(form.Get("standards"), "\n", "\r\n"))
	v.post("/admin/standards/load", crlf).want(200).says("p.notice", "变动1条").says("ul.lines", "施管")
	v.get("/penalty?standard=reg/30&tier=heavy&amount=15000").says("ul.working", "高于法定上限10000元")
	v.upload("/admin/standards", nil, "file", "reg.yaml", []byte(renewed)).want(200).says("main", "与现行的文件相同")
	other := strings.Replace(string(data), "fixed: [2000, 20000]", "fixed: [2000, 15000]", 1)
	late := v.upload("/admin/standards", nil, "file", "reg.yaml", []byte(other)).want(200).form("/admin/standards/load")
	v.post("/admin/standards/load", v.upload("/admin/standards", nil, "file", "reg.yaml", data).want(200).form("/admin/standards/load")).want(200)
	v.post("/admin/standards/load", late).want(409) // another file counts by now: it is looked at again
}
