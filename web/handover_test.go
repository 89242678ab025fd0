package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// investigated is a case in its investigation: 李察 has charge of it, 赵办 is the second officer.
func (b *bureau) investigated(employer string) casefile.CaseID {
	b.t.Helper()
	id := b.atGate(employer)
	return b.do("captain", id, "approve-filing", nil)
}

// join makes a person of the office who is not one of the crew.
func (b *bureau) join(p office.Person) {
	b.t.Helper()
	if err := access.KeepPerson(b.t.Context(), b.Engine, "admin", p, "", 0); err != nil {
		b.t.Fatal(err)
	}
}

var third = office.Person{ID: "officer3", Name: "马宏", Posts: []office.Held{{Post: "officer"}},
	Certificates: []office.Certificate{{Number: "130526099", From: calendar.Of(2024, 1, 1), To: calendar.Of(2029, 12, 31)}}}

// TestHandOverPages walks the three steps as a captain does, without a script: choose, look, hand over; and again.
func TestHandOverPages(t *testing.T) {
	b := newBureau(t)
	b.join(third)
	first, second := b.investigated("任县甲建筑有限公司"), b.investigated("任县乙纺织有限公司")
	at := "/people/officer/hand-over"
	v := b.visit("captain")
	v.get("/cases?officer=officer&open=1").want(http.StatusOK).says("main", "移交这些案件")
	p := v.get(at).want(http.StatusOK).says("table", "任县甲建筑有限公司").says("table", "李察（主办）、赵办")
	if got := p.form(at)["case"]; len(got) != 0 {
		t.Errorf("chosen before anybody chose: %v", got)
	}
	// What is missing is told at once, with what was typed still there.
	p = v.post(at, url.Values{"reason": {"工作调整"}, "then": {"preview"}}).want(http.StatusUnprocessableEntity)
	p.says("div#summary", "接手人员").says("div#summary", "至少选择一件").says("textarea#f-reason", "工作调整")
	f := v.post(at, url.Values{"reason": {"工作调整"}, "officers": {"officer3"}, "then": {"all"}}).want(http.StatusOK).form(at)
	if len(f["case"]) != 2 || f.Get("officers") != "officer3" || f.Get("reason") != "工作调整" {
		t.Fatalf("all chosen: %v", f)
	}
	f.Set("then", "preview")
	p = v.post(at, f).want(http.StatusOK).says("main", "可以移交 2 件，不能移交 0 件").says("table", "→ 马宏（主办）、赵办")
	f = p.form(at)
	// Back to the form, nothing is lost.
	f.Set("then", "edit")
	if g := v.post(at, f).want(http.StatusOK).form(at); g.Get("officers") != "officer3" || len(g["case"]) != 2 {
		t.Errorf("back at the form: %v", g)
	}
	if c := b.read(first); c.Holds("officer3", "officer-in-charge") {
		t.Error("a preview hands over")
	}
	f.Set("then", "do")
	for range 2 { // pressed twice is once
		v.post(at, f).want(http.StatusOK).says("p.notice", "已移交 2 件").says("table", "已移交")
	}
	for _, id := range []casefile.CaseID{first, second} {
		c := b.read(id)
		if !c.Holds("officer3", "officer-in-charge") || !c.Holds("officer2", "assigned-officers") || c.Holds("officer", "assigned-officers") {
			t.Errorf("case %d: %v", id, c.Roles)
		}
		steps, err := desk.History(t.Context(), b.Engine, "captain", id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range steps {
			if s.Action == "hand-over" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("case %d was handed over %d times", id, n)
		}
	}
	v.get(at).want(http.StatusOK).says("main", "李察名下没有要移交的案件")
	b.visit("officer").get(at).want(http.StatusForbidden)
	v.get("/people/nobody/hand-over").want(http.StatusNotFound)
}

// TestHandOverRefusals: what can't go is told in the preview with its reason, and keeps nothing else from going.
func TestHandOverRefusals(t *testing.T) {
	b := newBureau(t)
	b.join(third)
	b.join(office.Person{ID: "officer4", Name: "田无证", Posts: []office.Held{{Post: "officer"}}})
	good, moved := b.investigated("任县甲建筑有限公司"), b.investigated("任县乙纺织有限公司")
	at := "/people/officer/hand-over"
	v := b.visit("captain")
	wish := func(who string) url.Values {
		return url.Values{"officers": {who}, "reason": {"调离"}, "then": {"preview"}, "case": {strconv.Itoa(int(good)), strconv.Itoa(int(moved))}}
	}
	v.post(at, wish("officer4")).want(http.StatusOK).says("td.r-outcome", "田无证").says("td.r-outcome", "执法证").says("td.r-outcome", "责任清单")
	v.post(at, wish("reviewer")).want(http.StatusOK).says("td.r-outcome", "不属于这一岗位")
	v.post(at, wish("officer")).want(http.StatusUnprocessableEntity).says("div#summary", "不能移交给本人")
	p := v.post(at, wish("officer2")).want(http.StatusOK).says("td.r-outcome", "须有2名以上") // he has it already: nobody would be the second
	if len(p.form(at)["case"]) != 0 {
		t.Error("what is refused is carried on")
	}
	f := v.post(at, wish("officer3")).want(http.StatusOK).form(at)
	// Who was replaced for an interest in a case can't come back to it.
	barred := b.investigated("任县丙食品有限公司")
	b.do("clerk", barred, "request-recusal", procedure.Values{"whom": procedure.TextValue("officer3")})
	b.do("leader", barred, "approve-recusal", procedure.Values{"officers": procedure.Value{List: []string{"officer", "officer2"}}})
	w := wish("officer3")
	w["case"] = []string{strconv.Itoa(int(barred))}
	v.post(at, w).want(http.StatusOK).says("td.r-outcome", "马宏是本案的已回避人员").says("td.r-outcome", "行政处罚法")
	// Meanwhile somebody else hands one of them over.
	b.do("leader", moved, "hand-over", procedure.Values{"officers": procedure.Value{List: []string{"officer", "officer3"}}, "in-charge": procedure.TextValue("officer"), "reason": procedure.TextValue("另有安排")})
	f.Set("then", "do")
	v.post(at, f).want(http.StatusOK).says("p.notice", "已移交 1 件，没有移交 1 件").says("td.r-outcome", "已经有变化")
	if c := b.read(good); !c.Holds("officer3", "officer-in-charge") {
		t.Error("one that is refused keeps the other")
	}
	// The administrator may neither see nor move a case, but is told how many there are and who can.
	a := b.visit("admin")
	a.get("/admin/people/officer").want(http.StatusOK).says("section#in-hand", "2 件").says("section#in-hand", "孙队")
	a.get(at).want(http.StatusForbidden)
}

// TestDisabledOfficer: what waited for them stands on the captain's desk; a day that is still to come changes nothing yet.
func TestDisabledOfficer(t *testing.T) {
	b := newBureau(t)
	b.join(third)
	b.investigated("任县甲建筑有限公司")
	a, v := b.visit("admin"), b.visit("captain")
	f := a.get("/admin/people/officer").form("/admin/people/officer")
	f.Set("v.disabled", b.Today().Add(7).String())
	a.post("/admin/people/officer", f).want(http.StatusOK).says("section#in-hand", "自3月9日起停用").says("section#in-hand", "1 件")
	if p := v.get("/").want(http.StatusOK); strings.Contains(p.text("nav.tabs"), "待移交") {
		t.Error("on the captain's desk a week before")
	}
	v.get("/people/officer/hand-over").says("main", "自3月9日起停用")
	b.visit("officer").get("/?tab=tasks").want(http.StatusOK).says("main", "任县甲建筑有限公司")
	b.now.set(b.now.time().AddDate(0, 0, 7))
	a, v = b.visit("admin"), b.visit("captain") // the sessions of last week are over
	p := v.get("/?tab=stranded").want(http.StatusOK).says("div#desk-lists", "任县甲建筑有限公司").says("div#desk-lists", "移交李察的案件")
	p.says("main", "已停用（3月9日起）")
	b.visit("leader").get("/?tab=stranded").want(http.StatusOK).says("div#desk-lists", "没有等着移交的案件")
	f = v.get("/people/officer/hand-over").form("/people/officer/hand-over")
	if len(f["case"]) != 1 {
		t.Errorf("of who is gone, all are chosen: %v", f)
	}
	// The last holder of a post stays, and the page says why.
	f = a.get("/admin/people/captain").form("/admin/people/captain")
	f.Set("v.disabled", b.Today().Add(30).String())
	a.post("/admin/people/captain", f).want(http.StatusUnprocessableEntity).says("main", "“大队长”的最后一位在岗人员，自2026年4月8日起")
}

// read is a case as it stands.
func (b *bureau) read(id casefile.CaseID) *casefile.Case {
	b.t.Helper()
	v, err := desk.View(b.Engine, office.System, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return v.Case
}
