package web_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dossier/documents/sheet"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// From the sheet of institutions over the draw to a check on a phone whose line is gone for a while, the order to mend, the
// second look and the archive: the plan's bar has grown by then.
func TestPhoneWalk(t *testing.T) {
	w := &walker{bureau: newBureau(t), browser: chromium(t), windows: map[office.PersonID]context.Context{}}
	w.trainers()
	v := w.visit("trainer")
	g := sheet.Grid{Name: "机构"}
	for _, c := range []string{"机构名称", "统一社会信用代码", "法定代表人（负责人）", "地址", "许可证编号", "有效期起", "有效期止"} {
		g.Columns = append(g.Columns, sheet.Column{Title: c})
	}
	g.Rows = [][]string{{"任县育学校", schoolCodes[0], "石瑞霞", "任县振兴大街9号", "冀0526-001", "2025-01-01", "2028-12-31"}}
	data, err := sheet.Write(g)
	if err != nil {
		t.Fatal(err)
	}
	form := v.upload("/registry/training-institution/import", nil, "file", "a.xlsx", data).want(200).form("/registry/training-institution/take")
	form.Set("which", "all")
	v.post("/registry/training-institution/take", form).want(200).says("p.notice", "更新 1")

	at := "/plans/training-special-2026"
	form = v.get(at + "/draw").want(200).form(at + "/draw/freeze")
	form["without"] = []string{"trainer3"}
	form.Set("count", "1")
	v.post(at+"/draw/freeze", form).want(200)
	form = v.post(at+"/draw", url.Values{"number": {"0417"}}).want(200).form(at + "/checks")
	form.Set("day", "2026-03-02")
	v.post(at+"/checks", form).want(200).says("p.notice", "已登记检查1件")
	enter := v.get("/cases/1/phone").want(200).form("/cases/1/do/enter-site")
	enter.Set("then", "do")
	v.post("/cases/1/do/enter-site", enter).want(200)

	c := w.visitAs("trainer", "/cases/1/phone")
	fill := `(() => {
  const f = document.getElementById("check");
  for (const r of f.querySelectorAll(".thumbs")) r.querySelector("input").checked = true;
  const set = (n, x) => { for (const e of f.querySelectorAll('[name="v.' + n + '"]')) { if (e.type === "radio") e.checked = e.value === x; else if (e.type !== "hidden") e.value = x; } };
  for (const [n, x] of Object.entries({time: "9时至10时", place: "任县人民路218号", present: "38", "as-planned": "yes", situation: "教学日志漏记两天。", handling: "rectify", refused: "no", signatory: "石瑞霞"})) set(n, x);
  f.dispatchEvent(new Event("input", {bubbles: true}));
  for (let i = 0; i < 30; i++) document.getElementById("next").click();
  const pen = document.getElementById("pen"), r = pen.getBoundingClientRect();
  for (const [what, x, y] of [["down", 10, 10], ["move", 60, 40], ["up", 60, 40]]) pen.dispatchEvent(new PointerEvent("pointer" + what, {clientX: r.left + x, clientY: r.top + y, bubbles: true}));
  window.fetch = () => Promise.reject(new TypeError("no line"));
  return !document.getElementById("signing").hidden;
})()`
	if !ask(w, c, chromedp.Evaluate[bool](fill)) {
		t.Error("the last screen is not the signature's")
	}
	w.until(c, `document.getElementById("unsent").textContent.includes("签名")`)
	ask(w, c, chromedp.Evaluate[bool](`document.getElementById("finish").click() ?? true`))
	w.until(c, `document.getElementById("unsent").textContent.includes("检查记录")`)
	v.get(at).want(200).says("main", "0 / 3")
	w.run(c, chromedp.Navigate(w.srv.URL+"/cases/1/phone")) // the line is there again
	w.until(c, `location.pathname === "/cases/1"`)
	v.get("/cases/1").want(200).says("section#documents", "检查记录表").says("section#files", "被检查单位负责人签名")

	day := func(d int) { w.now.set(time.Date(2026, 3, d, 2, 0, 0, 0, time.UTC)) }
	w.do("trainer", 1, "order-rectification", procedure.Values{"deadline": procedure.TextValue("2026-03-09")})
	day(10)
	w.do("trainer", 1, "record-recheck", nil)
	w.do("trainer", 1, "finish-check", nil)
	w.do("trainer", 1, "archive", nil)
	w.visit("trainer").get(at).want(200).says("main", "1 / 3")
}

// until waits until the page says so.
func (w *walker) until(c context.Context, what string) {
	w.t.Helper()
	for range 100 {
		if ask(w, c, chromedp.Evaluate[bool](what)) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.t.Fatalf("it never came to: %s\n%s", what, ask(w, c, chromedp.Evaluate[string]("document.body.innerText")))
}
