package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

func caseAt(id casefile.CaseID) string { return "/cases/" + strconv.FormatInt(int64(id), 10) }

func TestCarryACaseThroughFilingInTheBrowser(t *testing.T) {
	b := newBureau(t)
	clerk := b.visit("clerk")
	clerk.get("/cases/new").want(200).says("main", "劳动保障监察案件")
	at := "/cases/new/labour-case"
	form := clerk.get(at).want(200).form(at)
	form.Set("v.source", "complaint")
	form.Set("then", "check")
	p := clerk.post(at, form).want(200) // the choice of the source brings up the complaint's own form
	form = p.form(at)
	values, _, err := specimen.Samples(b.Engine, casefile.Command{Workflow: "labour-case", Action: "open", Actor: "clerk",
		Values: procedure.Values{"source": procedure.TextValue("complaint")}}, crew)
	if err != nil {
		t.Fatal(err)
	}
	type_(form, values)
	form.Set("v.employer", "任县宏达建筑劳务有限公司")
	form.Set("then", "do")
	p = clerk.post(at, form).want(200)
	if p.path != "/cases/1" {
		t.Fatalf("lands on %s: %s", p.path, p.text("main"))
	}
	p.says("p.notice", "已办理").says("h1", "任县宏达建筑劳务有限公司")

	submit := "/cases/1/do/submit-filing"
	form = clerk.get(submit).want(200).form(submit)
	if form.Get("v.employer") != "任县宏达建筑劳务有限公司" {
		t.Errorf("the employer isn't known on the next form: %v", form)
	}
	values, _, err = specimen.Samples(b.Engine, casefile.Command{Case: 1, Action: "submit-filing", Actor: "clerk"}, crew)
	if err != nil {
		t.Fatal(err)
	}
	type_(form, values)
	form.Set("then", "do")
	clerk.post(submit, form).want(200).says("p.notice", "已办理")

	reviewer := b.visit("reviewer")
	reviewer.get("/approvals").want(200).says("h2", "立案审核")
	reviewer.post("/cases/1/do/pass-filing", url.Values{"then": {"do"}, "v.opinion": {"材料齐全，建议立案。"}, "back": {"/approvals"}}).
		want(200).says("p.notice", "已办理")

	captain := b.visit("captain")
	approve := "/cases/1/do/approve-filing"
	form = captain.get(approve).want(200).form(approve)
	form.Set("v.opinion", "同意立案。")
	form["v.officers"] = []string{"", "officer", "officer2"}
	form.Set("v.in-charge", "officer")
	form.Set("then", "do")
	p = captain.post(approve, form).want(200)
	p.says("p.notice", "任人社监立〔2026〕1号").says("li.now", "调查")
	if c, err := desk.View(b.Engine, "captain", 1); err != nil || !c.Case.Holds("officer", "officer-in-charge") {
		t.Errorf("officer in charge: %v, %v", c.Case.Roles, err)
	}
}

// type_ puts values into a form as a person would.
func type_(form url.Values, values procedure.Values) {
	for id, v := range values {
		switch {
		case len(v.Rows) > 0:
			for i, row := range v.Rows {
				for column, text := range row {
					form.Set("t."+string(id)+"."+strconv.Itoa(i)+"."+string(column), text)
				}
			}
		default:
			form["v."+string(id)] = v.Strings()
		}
	}
}

func TestFaultsKeepWhatWasTyped(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	at := caseAt(id) + "/do/approve-filing"
	form := v.get(at).form(at)
	key := form.Get("key")
	form.Set("day", "2026-03-09") // in the future
	form.Set("v.remark", "先记下<b>这一句</b>")
	form["v.officers"] = []string{"", "officer"}
	form.Set("then", "do")
	p := v.post(at, form).want(422)
	p.says("div#unmet", "2名以上").says("div#unmet", "责任清单四（九）二（一）3").says("div#summary", "晚于今天")
	for _, a := range p.all("div#summary") {
		for n := range a.Descendants() {
			if href := attr(n, "href"); n.Data == "a" && len(p.all(strings.Replace(href, "#", "input#", 1)))+len(p.all(strings.Replace(href, "#", "fieldset#", 1)))+
				len(p.all(strings.Replace(href, "#", "textarea#", 1)))+len(p.all(strings.Replace(href, "#", "select#", 1))) != 1 {
				t.Errorf("the summary links to %s, which is not one input", href)
			}
		}
	}
	again := p.form(at)
	if again.Get("day") != "2026-03-09" || again.Get("v.remark") != "先记下<b>这一句</b>" || len(again["v.officers"]) != 2 || again.Get("key") != key {
		t.Errorf("what was typed is now %v", again)
	}
	if strings.Contains(p.body, "<b>这一句</b>") {
		t.Error("what was typed is not escaped")
	}
}

func TestSecondPressIsOneAct(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	at := caseAt(id) + "/do/return-filing"
	form := v.get(at).form(at)
	form.Set("v.opinion", "缺少劳动合同，请补正。")
	form.Set("then", "do")
	v.post(at, form).want(200)
	c, err := desk.View(b.Engine, "captain", id)
	if err != nil {
		t.Fatal(err)
	}
	p := v.post(at, form).want(200).says("p.notice", "没有重复办理")
	if p.path != caseAt(id) {
		t.Errorf("a second press leads to %s", p.path)
	}
	if again, err := desk.View(b.Engine, "captain", id); err != nil || again.Case.Seq != c.Case.Seq {
		t.Errorf("a second press moved the case from %d to %d (%v)", c.Case.Seq, again.Case.Seq, err)
	}
	if saved, err := desk.SavedBy(b.Engine, "captain"); err != nil || len(saved) != 0 {
		t.Errorf("it left %v, %v", saved, err)
	}
}

func TestCaseThatMovedOn(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	captain := b.visit("captain")
	at := caseAt(id) + "/do/approve-filing"
	form := captain.get(at).form(at)
	if err := func() error { // the captain returned it in another window, and it came back
		for _, step := range []struct {
			who    office.PersonID
			action procedure.ActionID
		}{{"captain", "return-filing"}, {"clerk", "submit-filing"}, {"reviewer", "pass-filing"}} {
			b.do(step.who, id, step.action, nil)
		}
		return nil
	}(); err != nil {
		t.Fatal(err)
	}
	form.Set("v.opinion", "这一句不能丢")
	form["v.officers"] = []string{"", "officer", "officer2"}
	form.Set("v.in-charge", "officer")
	form.Set("then", "do")
	p := captain.post(at, form).want(409)
	p.says("h2", "案件又有了变化")
	form = p.form(at)
	if form.Get("v.opinion") != "这一句不能丢" {
		t.Errorf("lost: %v", form)
	}
	form.Set("then", "do")
	captain.post(at, form).want(200).says("p.notice", "已办理")
}

func TestSomebodyElsesGate(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	at := caseAt(id) + "/do/approve-filing"
	v.get(at).want(403).says("h1", "批准立案")
	v.post(at, url.Values{"then": {"do"}, "v.opinion": {"同意"}}).want(403)
	b.visit("fund").get(caseAt(id)).want(404)
	v.get(caseAt(id) + "/do/no-such").want(422)
}

func TestSavedInputComesBack(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	at := caseAt(id) + "/do/submit-filing"
	form := v.get(at).form(at)
	form.Set("v.entry-opinion", "写了一半")
	form.Set("day", "2026-02-30")
	form.Set("then", "save")
	p := v.post(at, form).want(200).says("p.notice", "已暂存")
	if got := p.form(at); got.Get("v.entry-opinion") != "写了一半" || got.Get("day") != "2026-02-30" {
		t.Errorf("came back as %v", got)
	}
	v.get("/").says("main", "没填完的表单").says("main", "任县宏达建筑劳务有限公司")
	b.visit("captain").get("/").want(200)

	r := v.request("POST", at, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
	r.Header.Set("X-Requested-With", "script")
	if p := v.send(r).want(200); !strings.Contains(p.body, "09:00") {
		t.Errorf("the script is told %q", p.body)
	}
	form.Set("then", "drop")
	v.post(at, form).want(200)
	if got := v.get(at).form(at); got.Get("v.entry-opinion") == "写了一半" {
		t.Error("still there after it was dropped")
	}
}

func TestPastedRows(t *testing.T) {
	b := newBureau(t)
	v := b.visit("clerk")
	at := "/cases/new/labour-case"
	form := v.get(at).form(at)
	form.Set("v.source", "inspection")
	form.Set("then", "check")
	form = v.post(at, form).want(200).form(at)
	form.Set("t.workers.0.name", "王福顺")
	form.Set("paste.workers", "姓名\t应付工资\n𬭚某\t18,600.00\n𠮷某\t￥9 000\n")
	form.Set("then", "paste:workers")
	p := v.post(at, form).want(200)
	got := p.form(at)
	for name, want := range map[string]string{"t.workers.0.name": "王福顺", "t.workers.1.name": "𬭚某", "t.workers.1.owed": "18600.00", "t.workers.2.owed": "9000.00"} {
		if got.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Get(name), want)
		}
	}
	p.says("tfoot", "27 600.00").says("tfoot", "3 行")
	got.Set("t.workers.2.owed", "九千")
	got.Set("then", "do")
	v.post(at, got).want(422).says("#summary", "劳动者名单第3行 𠮷某：应付工资")
	got.Set("then", "row:workers")
	if more := v.post(at, got).form(at); !more.Has("t.workers.9.name") {
		t.Error("no further rows")
	}
}

// Radios and a list that must be chosen from say so until something is chosen, and what is short has half a line.
func TestWhatMustBeChosenSaysSo(t *testing.T) {
	b := newBureau(t)
	v := b.visit("clerk")
	at := "/cases/new/labour-case"
	p := v.get(at).says("fieldset#f-party-kind", "请选择").says("select#f-source", "请选择")
	if class := attr(p.one("fieldset#f-party-kind"), "class"); class != "field half" {
		t.Errorf("two short radios are a %q", class)
	}
	if strings.Contains(p.text("select#f-industry"), "请选择") {
		t.Error("what may be left out has to be chosen")
	}
	form := p.form(at)
	form.Set("v.party-kind", "unit")
	form.Set("then", "check")
	if p := v.post(at, form).want(200); strings.Contains(p.text("fieldset#f-party-kind"), "请选择") {
		t.Error("what is chosen has to be chosen")
	}
}

func TestSimilarCasesAreShown(t *testing.T) {
	b := newBureau(t)
	b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	at := "/cases/new/labour-case"
	form := v.get(at).form(at)
	form.Set("v.source", "complaint")
	form.Set("v.employer", "任县宏达建筑劳务有限公司")
	form.Set("then", "check")
	v.post(at, form).want(200).says("div#then", "另有 1 件在办案件")
}

func TestWhatFollowsIsSaidBefore(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	at := caseAt(id) + "/do/approve-filing"
	form := v.get(at).form(at)
	form.Set("v.opinion", "同意立案。")
	form["v.officers"] = []string{"", "officer", "officer2"}
	form.Set("v.in-charge", "officer")
	form.Set("then", "check")
	p := v.post(at, form).want(200)
	due, _, _ := b.Office().Calendar.Add(calendar.Of(2026, 3, 2), calendar.Period{N: 60, Unit: calendar.Workdays})
	p.says("div#then", "案件进入“调查”").says("div#then", due.HanShort()).says("div#then", "停止计算")
	if c, err := desk.View(b.Engine, "captain", id); err != nil || c.Case.Seq != 3 {
		t.Errorf("asking changed the case: seq %d, %v", c.Case.Seq, err)
	}
}

func TestPreviewIsADraft(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	v := b.visit("captain")
	at := caseAt(id) + "/do/approve-filing"
	form := v.get(at).form(at)
	form.Set("v.opinion", "同意立案。")
	p := v.post(at+"/preview", form).want(200)
	if !strings.HasPrefix(p.body, "%PDF-") || p.head.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s %.20q", p.head.Get("Content-Type"), p.body)
	}
	if c, err := desk.View(b.Engine, "captain", id); err != nil || c.Case.Seq != 3 {
		t.Errorf("the preview changed the case: %v", err)
	}
}

// People name another case by a number that they have on paper.
func TestACaseIsNamedByItsNumber(t *testing.T) {
	b := newBureau(t)
	one, other := b.opened("任县宏达建筑劳务有限公司"), b.opened("任县鑫磊建筑劳务有限公司")
	view, err := desk.View(b.Engine, office.System, other)
	if err != nil {
		t.Fatal(err)
	}
	v := b.visit("captain")
	form := v.get(caseAt(one) + "/do/link-case").want(200).form(caseAt(one) + "/do/link-case")
	form.Set("then", "do")
	form.Set("v.case", "任人社监收〔2026〕99号")
	v.post(caseAt(one)+"/do/link-case", form).want(422).says("div.summary", "没有找到“任人社监收〔2026〕99号”")
	form.Set("v.case", view.Case.Number())
	v.post(caseAt(one)+"/do/link-case", form).want(200).says("section#linked", "任县鑫磊建筑劳务有限公司")
}
