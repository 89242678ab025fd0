package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// TestCheckPage asks without signing in whether a paper is genuine: by its code, by its file, and too often.
func TestCheckPage(t *testing.T) {
	b := newBureau(t)
	const party = "任县宏达建筑劳务有限公司"
	id := b.atGate(party)
	b.do("captain", id, "approve-filing", nil)
	doc := b.read(id).Issued[0]
	file, err := desk.DocumentPDF(b.Engine, office.System, id, doc.N)
	if err != nil {
		t.Fatal(err)
	}
	v := b.visit("")
	v.get("/check").want(http.StatusOK).says("main", "凭据码")
	p := v.get("/check/"+url.PathEscape(strings.ToLower(doc.Code))).want(http.StatusOK).says("section#verdict", "真实有效").says("dl.facts", doc.Number).says("dl.facts", "任县人力资源和社会保障局")
	if strings.Contains(p.body, party) || strings.Contains(p.body, caseAt(id)) {
		t.Error("the page tells more than whose paper it is")
	}
	if p := v.post("/check", url.Values{"code": {doc.Code}}).want(http.StatusOK); p.path != "/check/"+doc.Code {
		t.Errorf("a typed code leads to %s", p.path)
	}
	v.get("/check/1-1-AAAA").want(http.StatusNotFound).says("section#verdict", "查无此件")
	v.get("/check/"+url.PathEscape("<b>1")).want(http.StatusNotFound).says("dl.facts", "<b>1")
	v.post("/check", nil).want(http.StatusUnprocessableEntity).says("div.summary", "请输入凭据码")

	v.upload("/check", nil, "file", "a.pdf", file).want(http.StatusOK).says("section#verdict", "真实有效")
	v.upload("/check", nil, "file", "a.pdf", append(file, '\n')).want(http.StatusOK).says("section#verdict", "不是原件")
	v.upload("/check", nil, "file", "a.pdf", []byte("%PDF-1.4\n%%EOF\n")).want(http.StatusUnprocessableEntity).says("div.summary", "没有凭据码")
	v.upload("/check", nil, "file", "a.pdf", make([]byte, 21<<20)).want(http.StatusUnprocessableEntity).says("div.summary", "20 MB")

	b.do("captain", id, "void-document", procedure.Values{"n": procedure.TextValue("1"), "reason": procedure.TextValue("写错")})
	v.get("/check/"+doc.Code).want(http.StatusOK).says("section#verdict", "已经作废")
	b.visit("captain").get("/check/"+doc.Code).want(http.StatusOK).says("section#verdict", "打开归档的原件")

	for range 60 {
		v.get("/check/1-1-AAAA")
	}
	if p := v.get("/check/" + doc.Code).want(http.StatusTooManyRequests); p.head.Get("Retry-After") == "" || strings.Contains(p.body, doc.Number) {
		t.Error("who asks too often isn't told to wait")
	}
	b.now.set(b.now.time().Add(11 * 60e9))
	v.get("/check/" + doc.Code).want(http.StatusOK)
}
