package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// TestTwoPeopleOneCase works without scripts: what another did beside goes through; what an action rests on, moved, brings
// the form back with everything typed and what happened; what can't be done any more shows what was typed.
func TestTwoPeopleOneCase(t *testing.T) {
	b := newBureau(t)
	id := b.investigated("任县甲建筑有限公司")
	a := b.visit("officer")
	at := caseAt(id) + "/do/request-extension"
	typed := func() url.Values {
		t.Helper()
		f := a.get(at).want(http.StatusOK).form(at)
		values, _, err := specimen.Samples(b.Engine, casefile.Command{Case: id, Action: "request-extension", Actor: "officer"}, crew)
		if err != nil {
			t.Fatal(err)
		}
		type_(f, values)
		f.Set("v.reason", "案情复杂，需要外地协查")
		return f
	}

	// A colleague's note beside moves nothing that the request rests on.
	f := typed()
	b.do("officer2", id, "note", procedure.Values{"text": procedure.TextValue("当事人电话已变更")})
	news := a.get(caseAt(id) + "/news?seq=" + f.Get("seq") + "&action=request-extension").want(http.StatusOK)
	if !strings.Contains(news.body, "赵办 备忘：当事人电话已变更") || strings.Contains(news.body, "fault") {
		t.Errorf("news: %s", news.body)
	}
	a.get(caseAt(id) + "/news?seq=" + strconv.Itoa(int(b.read(id).Seq))).want(http.StatusNoContent)
	f.Set("then", "do")
	a.post(at, f).want(http.StatusOK).says("p.notice", "已办理")
	b.do("officer", id, "withdraw-extension", nil)

	// The walk has moved: the colleague asked first. The form is no more, what was typed is.
	f = typed()
	b.do("officer2", id, "request-extension", nil)
	f.Set("then", "do")
	p := a.post(at, f).want(http.StatusConflict)
	p.says("main", "赵办 申请延长").says("dl.facts", "案情复杂，需要外地协查").says("main", "已经暂存")
	a.get(at).want(http.StatusConflict).says("dl.facts", "案情复杂，需要外地协查")
	a.get("/").says("div#desk-side", "没填完的表单")
	a.post(at, url.Values{"then": {"drop"}}).want(http.StatusOK)
	if s, err := desk.SavedBy(b.Engine, "officer"); err != nil || len(s) != 0 {
		t.Errorf("dropped, and still there: %v %v", s, err)
	}

	// A paper that was returned and filled again by another: the form comes back, with everything typed.
	b.do("officer2", id, "withdraw-extension", nil)
	f = typed()
	b.do("officer2", id, "request-extension", nil)
	b.do("officer2", id, "withdraw-extension", nil)
	f.Set("then", "do")
	p = a.post(at, f).want(http.StatusConflict).says("div#moved", "又有了变化").says("main", "赵办 申请延长").says("textarea", "案情复杂，需要外地协查")
	f = p.form(at)
	f.Set("then", "do")
	a.post(at, f).want(http.StatusOK).says("p.notice", "已办理")
}

// TestTypedInputOutlivesTheHandOver: whoever loses the case while typing sees what they typed.
func TestTypedInputOutlivesTheHandOver(t *testing.T) {
	b := newBureau(t)
	b.join(third)
	id := b.investigated("任县甲建筑有限公司")
	at := caseAt(id) + "/do/request-suspension"
	a := b.visit("officer")
	f := a.get(at).want(http.StatusOK).form(at)
	f.Set("v.detail", "当事人下落不明")
	b.do("captain", id, "hand-over", procedure.Values{"officers": procedure.Value{List: []string{"officer2", "officer3"}}, "reason": procedure.TextValue("另有任务")})
	f.Set("then", "do")
	p := a.post(at, f).want(http.StatusForbidden).says("main", "当事人下落不明").says("main", "孙队 移交承办")
	if p.status == http.StatusOK {
		t.Error("done")
	}
	// Replaced for an interest in it: nothing of the case is shown.
	b.do("clerk", id, "request-recusal", procedure.Values{"whom": procedure.TextValue("officer")})
	b.do("leader", id, "approve-recusal", procedure.Values{"officers": procedure.Value{List: []string{"officer2", "officer3"}}})
	p = a.post(at, f).want(http.StatusNotFound).says("main", "当事人下落不明")
	if strings.Contains(p.body, "任县甲建筑有限公司") {
		t.Error("the page of somebody who was replaced names the party")
	}
	a.get(caseAt(id)+"/news?seq=1").want(http.StatusOK).says("p.fault", "没有找到")
}

// TestLivePages: in a browser with scripts, an open desk shows what comes without being loaded again; a half-filled form says
// that the case moved on, keeps what is typed, and goes through.
func TestLivePages(t *testing.T) {
	browser := chromium(t)
	b := newBureau(t)
	id := b.opened("任县直播纺织有限公司")
	b.do("clerk", id, "submit-filing", nil)
	b.do("reviewer", id, "pass-filing", nil)
	w := &walker{bureau: b, browser: browser, windows: map[office.PersonID]context.Context{}}

	captain := w.visitAs("captain", "/?tab=gates")
	w.run(captain, chromedp.WaitVisible(chromedp.CSS("#desk-lists table.rows")), chromedp.SetValue(chromedp.CSS("input[name=q]"), "没有重新载入"))
	next := b.opened("任县后来建材有限公司")
	b.do("clerk", next, "submit-filing", nil)
	b.do("reviewer", next, "pass-filing", nil)
	w.run(captain, chromedp.WaitVisible(chromedp.CSS(`#desk-lists a[href="`+caseAt(next)+`"]`)))
	if got := ask(w, captain, chromedp.Value(chromedp.CSS("input[name=q]"))); got != "没有重新载入" {
		t.Errorf("the desk was loaded anew: %q", got)
	}

	b.do("captain", id, "approve-filing", nil)
	officer := w.visitAs("officer", caseAt(id)+"/do/request-suspension")
	w.run(officer, chromedp.WaitVisible(chromedp.CSS("form#act")), chromedp.SetValue(chromedp.CSS("[name='v.detail']"), "当事人下落不明"))
	b.do("officer2", id, "note", procedure.Values{"text": procedure.TextValue("已到现场")})
	w.run(officer, chromedp.WaitVisible(chromedp.CSS("#news:not([hidden])")))
	if got := ask(w, officer, chromedp.Text(chromedp.CSS("#news"))); !strings.Contains(got, "赵办 备忘：已到现场") {
		t.Errorf("the page says %q", got)
	}
	if got := ask(w, officer, chromedp.Value(chromedp.CSS("[name='v.detail']"))); got != "当事人下落不明" {
		t.Errorf("what was typed became %q", got)
	}
	values, files, err := specimen.Samples(b.Engine, casefile.Command{Case: id, Action: "request-suspension", Actor: "officer",
		Values: procedure.Values{"detail": procedure.TextValue("当事人下落不明")}}, crew)
	if err != nil {
		t.Fatal(err)
	}
	w.fill(officer, values, b.Today(), files)
	w.sent(officer, `form#act button[value="do"]`)
	if at := ask(w, officer, chromedp.Location()); !strings.HasSuffix(at, caseAt(id)) {
		t.Errorf("after sending at %s: %.600s", at, ask(w, officer, chromedp.Text(chromedp.CSS("main"))))
	}
	// The officer's own page of the case follows too.
	b.do("officer2", id, "note", procedure.Values{"text": procedure.TextValue("已核对")})
	w.run(officer, chromedp.WaitVisible(chromedp.CSS("#news:not([hidden])")))
}
