package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dossier/documents/sheet"
)

// A report keeps its figures; what is entered later is told on its page and not on its paper.
func TestReportIsFrozen(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县甲建筑有限公司")
	v := b.visit("captain")
	v.get("/statistics/reports").want(http.StatusOK).says("main", "还没有留存过报表")
	period := url.Values{"from": {"2026-01-01"}, "to": {"2026-12-31"}}
	p := v.post("/statistics/reports", period).want(http.StatusOK).says("h1", "2026年年报").says("p.then", "留存以后没有更正")
	if !strings.Contains(p.text("main"), "收案（件）10") {
		t.Errorf("kept: %s", p.text("main"))
	}
	b.do("clerk", id, "refer", nil)
	links := v.get("/statistics/reports").want(http.StatusOK).says("table", "2026年年报").links("/statistics/reports/2026")
	v.get(links[0]).want(http.StatusOK).says("main", "留存以后的更正").says("main", "办结（件）01")
	if pdf := v.get(links[0] + "/report.pdf").want(http.StatusOK); !strings.HasPrefix(pdf.body, "%PDF") {
		t.Error("no paper")
	}
	v.post("/statistics/reports", period).want(http.StatusOK).says("p.then", "没有更正") // another of the same period, which leaves the first
	if got := len(v.get("/statistics/reports").links("/statistics/reports/2026")); got != 4 {
		t.Errorf("%d reports", got)
	}
	for field, want := range map[string]url.Values{"早于开始日期": {"from": {"2026-02-05"}, "to": {"2026-02-01"}}, "还没有开始": {"from": {"2027-01-01"}, "to": {"2027-01-31"}}, "soon": {"from": {"soon"}, "to": {"2026-03-01"}}} {
		v.post("/statistics/reports", want).want(http.StatusUnprocessableEntity).says("p.fault", field)
	}
	v.get("/statistics/reports/none").want(http.StatusNotFound)
	b.visit("clerk").post("/statistics/reports", period).want(http.StatusForbidden)
}

// The county on one screen: whoever leads sees it, others don't.
func TestCounty(t *testing.T) {
	b := newBureau(t)
	b.opened("任县甲建筑有限公司")
	p := b.visit("captain").get("/county").want(http.StatusOK).says("main", "已经超期").says("main", "积压在哪里").says("main", "今年以来").says("main", "追回工资")
	if strings.Contains(p.text("main"), "王福顺") {
		t.Error("a claimant is named")
	}
	if len(p.links("/cases?overdue=1")) != 1 || len(p.links("/approvals")) == 0 {
		t.Error("a number leads nowhere")
	}
	b.visit("clerk").get("/county").want(http.StatusForbidden)
}

// Ledgers are written of the cases that the filters leave and the reader may see; a formula in a text stays a text.
func TestLedgers(t *testing.T) {
	b := newBureau(t)
	b.opened("=HYPERLINK(\"http://x\")有限公司")
	b.opened("任县乙建筑有限公司")
	v := b.visit("captain")
	v.get("/ledgers").want(http.StatusOK).says("main", "案件台账").says("main", "送达台账")
	read := func(path string) []sheet.Row {
		t.Helper()
		book, err := sheet.Read([]byte(v.get(path).want(http.StatusOK).body))
		if err != nil || len(book.Pages) != 1 {
			t.Fatalf("%s: %v", path, err)
		}
		return book.Pages[0].Rows
	}
	rows := read("/ledgers/open?ledger=cases&workflow=&from=")
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	text := ""
	for _, r := range rows {
		for _, c := range r.Cells {
			text += c.Raw + "|"
		}
	}
	if !strings.Contains(text, "=HYPERLINK") || !strings.Contains(text, "任县乙") {
		t.Errorf("rows: %s", text)
	}
	for path, want := range map[string]int{"cases?workflow=insurance-audit": 1, "cases?to=2020-01-01": 1, "penalties": 1, "services": 1, "evidence": 1, "alerts": 1} {
		if got := len(read("/ledgers/" + path)); got != want {
			t.Errorf("%s: %d rows, want %d", path, got, want)
		}
	}
	v.get("/ledgers/colours").want(http.StatusNotFound)
	v.get("/ledgers/cases?from=2026-03-05&to=2026-03-01").want(http.StatusUnprocessableEntity).says("p.fault", "早于开始日期")
	v.get("/ledgers/cases?from=soon").want(http.StatusUnprocessableEntity).says("p.fault", "soon")
}
