package web_test

import (
	"net/url"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
)

// file2026 is the schedule of 2026 with 3 to 6 March off too, when the cases of newBureau wait for their filing.
func (b *bureau) file2026(off ...calendar.Date) []byte {
	b.t.Helper()
	s, ok := b.Office().Calendar.Schedule(2026)
	if !ok {
		b.t.Fatal("no schedule of 2026")
	}
	s.Notice = "国办发明电〔2026〕3号"
	s.Off = append(s.Off[:len(s.Off):len(s.Off)], calendar.Holiday{Name: "临时放假", Dates: off})
	return s.File()
}

// A schedule's file is previewed before it is loaded; faults are told by line; the load leaves a record on the case; the
// version before is loaded again to undo it.
func TestLoadASchedule(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("admin")
	v.get("/admin/calendar?year=2026").want(200).says("td.holiday", "假").says("p.quiet", "国办").says("pre", `"off": [`)
	v.get("/admin/calendar?year=2031").want(200).says("span.amber", "尚未载入").says("ul.lines", "按周一至周五推算")
	v.upload("/admin/calendar", nil, "file", "2031.json", []byte("{\n \"year\": 2031, \"off\": 3}")).want(422).says("code", "2031.json:2:")
	v.post("/admin/calendar", nil).want(422).says("div.summary", "请选择文件")

	file := b.file2026(calendar.Of(2026, 3, 3), calendar.Of(2026, 3, 4))
	seq := b.seq(id)
	p := v.upload("/admin/calendar", nil, "file", "2026.json", file).want(200)
	p.says("td.whose", "任县宏达建筑劳务有限公司").says("table.moves", "立案3月9日3月11日").says("section.card", "1 件在办案件的 1 个期限变动")
	form := p.form("/admin/calendar/load")
	if b.seq(id) != seq || b.notice(2026) == "国办发明电〔2026〕3号" {
		t.Fatal("the preview loaded it")
	}
	altered := url.Values{"schedule": {strings.Replace(form.Get("schedule"), "2026-03-03", "2026-03-02", 1)}, "sum": form["sum"], "version": form["version"]}
	v.post("/admin/calendar/load", altered).want(422).says("div.summary", "变了样")
	v.post("/admin/calendar/load", form).want(200).says("p.notice", "1 件在办案件的 1 个期限变动").says("ul.lines", "施管").says("ul.lines", "国办发明电〔2026〕3号")
	v.post("/admin/calendar/load", form).want(200).says("p.notice", "已经是这一份") // a second press
	if got := b.seq(id); got != seq+1 {
		t.Errorf("%d events, want one", got-seq)
	}
	b.visit("captain").get(caseAt(id)).want(200).says("ul.story", "国办发明电〔2026〕3号载入，立案 3月9日 → 3月11日")

	undo := v.post("/admin/calendar", url.Values{"year": {"2026"}, "again": {"0"}}).want(200).says("table.moves", "立案3月11日3月9日")
	back := undo.form("/admin/calendar/load")
	form = v.upload("/admin/calendar", nil, "file", "2026.json", b.file2026(calendar.Of(2026, 3, 5))).want(200).form("/admin/calendar/load")
	v.post("/admin/calendar/load", form).want(200)
	again := v.post("/admin/calendar/load", back).want(409).says("div.summary", "请再核对一遍")
	v.post("/admin/calendar/load", again.form("/admin/calendar/load")).want(200).says("p.notice", "1 个期限变动")
	b.visit("captain").get(caseAt(id)).want(200).says("ul.story", "国办发明电〔2025〕7号载入，立案 3月12日 → 3月9日").says("span.due", "3月9日")
	v.upload("/admin/calendar", nil, "file", "2026.json", v.download("/admin/calendar/2026.json")).want(200).says("section.card", "和现行的一样")
	if p := v.get("/admin/calendar/2026.json?v=1"); !strings.Contains(p.body, "临时放假") || p.status != 200 {
		t.Errorf("the first version: %d %s", p.status, p.body)
	}
	// The notice itself can be pasted: what was read is shown, with what looks wrong in it, before anything is loaded.
	pasted := v.post("/admin/calendar", url.Values{"notice": {"关于2026年部分节假日安排的通知\n国办发明电〔2025〕7号\n一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"}}).want(200)
	pasted.says("div.summary", "平日放假2天").says("div.summary", "没有春节").form("/admin/calendar/load")
	v.post("/admin/calendar", url.Values{"notice": {"关于2026年部分节假日安排的通知\n一、元旦：1月1日（周五）放假1天。"}}).want(422).says("div.summary", "2:1").says("div.summary", "星期四")
	v.get("/admin/calendar?year=2015").want(200).says("div.title", "没有收录")
	for _, path := range []string{"/admin/calendar/2026.json?v=9", "/admin/calendar/2026.txt", "/admin/calendar/x.json"} {
		v.get(path).want(404)
	}
}

func (b *bureau) seq(id casefile.CaseID) uint64 {
	b.t.Helper()
	view, err := desk.View(b.Engine, office.System, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return view.Case.Seq
}

func (b *bureau) notice(year int) string {
	s, _ := b.Office().Calendar.Schedule(year)
	return s.Notice
}

// download is a file as the browser gets it.
func (v *visitor) download(path string) []byte {
	v.t.Helper()
	return []byte(v.get(path).want(200).body)
}
