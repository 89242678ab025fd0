package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/specimen"
)

// TestDelegatePages: each page on which a delegate acts says for whom, and what they sign says it too; the delegation ends
// with whoever lent the post.
func TestDelegatePages(t *testing.T) {
	b := newBureau(t)
	b.join(office.Person{ID: "captain2", Name: "孙副", Posts: []office.Held{{Post: "captain"}}})
	if err := access.KeepPerson(t.Context(), b.Engine, "", *b.Office().Person("captain2"), password, 1); err != nil {
		t.Fatal(err)
	}
	first, second := b.atGate("任县甲建筑有限公司"), b.atGate("任县乙纺织有限公司")
	today := b.Today()
	if _, err := access.Delegate(t.Context(), b.Engine, "captain", office.Delegation{Post: "captain", From: "captain", To: "officer2", Start: today, End: today.Add(5)}); err != nil {
		t.Fatal(err)
	}
	v := b.visit("officer2")
	v.get("/?tab=lent").want(http.StatusOK).says("td.r-state", "代孙队").says("td.r-do", "审批")
	v.get("/approvals").want(http.StatusOK).says("p.hint", "签署：赵办（代孙队）")
	v.get(caseAt(first)).want(http.StatusOK).says("main", "批准立案（代孙队）")
	at := caseAt(first) + "/do/approve-filing"
	p := v.get(at).want(http.StatusOK).says("p.as", "您代孙队办理，文书上签作“赵办（代孙队）”")
	if len(p.all("select#f-for")) != 0 {
		t.Error("a choice of one")
	}
	f := p.form(at)
	values, _, err := specimen.Samples(b.Engine, casefile.Command{Case: first, Action: "approve-filing", Actor: "officer2"}, crew)
	if err != nil {
		t.Fatal(err)
	}
	type_(f, values)
	f.Set("then", "do")
	v.post(at, f).want(http.StatusOK).says("section#story", "赵办（代孙队） 批准立案")
	if c := b.read(first); c.Papers[len(c.Papers)-1].For != "" || c.Taken[len(c.Taken)-1].For != "captain" {
		t.Errorf("signed by %+v", c.Taken[len(c.Taken)-1])
	}
	// In English it says the same.
	v.post("/lang", url.Values{"to": {"en"}, "back": {"/?tab=lent"}}).says("td.r-state", "for 孙队")
	// The post's own holder is gone: nobody stands in for them.
	a := b.visit("admin")
	g := a.get("/admin/people/captain").form("/admin/people/captain")
	g.Set("v.disabled", today.String())
	a.post("/admin/people/captain", g).want(http.StatusOK)
	v.get(caseAt(second) + "/do/approve-filing").want(http.StatusForbidden)
	if p := v.get("/"); strings.Contains(p.text("nav.tabs"), "For others") {
		t.Error("still stands in")
	}
	v.get("/admin/delegations").want(http.StatusOK).says("main", "without effect: 孙队")
	b.visit("captain2").get("/").want(http.StatusOK).says("div#desk-lists", "任县乙纺织有限公司")
}

// TestRecallPages: the page and the button say what is taken back; a request that came back says so among the papers.
func TestRecallPages(t *testing.T) {
	b := newBureau(t)
	id := b.investigated("任县甲建筑有限公司")
	b.do("officer", id, "request-suspension", nil)
	v := b.visit("officer")
	v.get(caseAt(id)).want(http.StatusOK).says("main", "撤回“申请中止”").says("section#documents", "草稿")
	at := caseAt(id) + "/do/recall"
	f := v.get(at).want(http.StatusOK).says("main", "撤回李察3月2日办理的“申请中止”").form(at)
	f.Set("then", "do")
	v.post(at, f).want(http.StatusUnprocessableEntity).says("div#summary", "理由")
	f.Set("v.reason", "情形选错了")
	v.post(at, f).want(http.StatusOK).says("section#story", "情形选错了").says("section#story", "已撤回")
	b.do("officer2", id, "request-suspension", nil)
	v.get(at).want(http.StatusForbidden).says("main", "“撤回”现在不能由您办理")
	w := b.visit("officer2")
	at = caseAt(id) + "/do/withdraw-suspension?walk=suspension"
	f = w.get(at).want(http.StatusOK).form(at)
	f.Set("then", "do")
	w.post(at, f).want(http.StatusOK).says("section#documents", "已撤回或者退回")
	v.get(caseAt(id)).says("main", "申请中止")
}
