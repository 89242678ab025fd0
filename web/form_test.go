package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dossier/engine/desk"
	"dossier/engine/office"
)

// windows opens a bureau whose people each have a window of the browser.
func windows(t *testing.T, browser context.Context) *walker {
	t.Helper()
	return &walker{bureau: newBureau(t), browser: browser, windows: map[office.PersonID]context.Context{}}
}

// js runs a script in a window.
func js[T any](w *walker, c context.Context, script string) T {
	w.t.Helper()
	return ask(w, c, chromedp.Evaluate[T](script))
}

// settled waits until a script says true of the page.
func (w *walker) settled(c context.Context, what, script string) {
	w.t.Helper()
	for range 1000 { // the page may be loaded again meanwhile
		limited, stop := context.WithTimeout(c, time.Second)
		ok, err := chromedp.Run(limited, chromedp.Evaluate[bool](script))
		stop()
		if err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	text, _ := chromedp.Run(c, chromedp.Evaluate[string]("document.body.innerText"))
	w.t.Fatalf("%s:\n%.1500s", what, text)
}

// away does something by the page's own fetch and waits for its end.
func (w *walker) away(c context.Context, fetched string) {
	w.t.Helper()
	js[bool](w, c, `(delete window.done, `+fetched+`.then(() => { window.done = true }), true)`)
	w.settled(c, fetched, `!!window.done`)
}

// press sends the keys of a text one by one, as fast as somebody who writes well.
func (w *walker) press(c context.Context, selector, text string) {
	w.t.Helper()
	js[bool](w, c, `document.querySelector("`+selector+`").focus() ?? true`)
	for _, r := range text {
		w.run(c, chromedp.KeyEvent(string(r)))
		time.Sleep(25 * time.Millisecond)
	}
}

// tick clicks a choice of a field.
func (w *walker) tick(c context.Context, field, value string) {
	w.t.Helper()
	js[bool](w, c, fmt.Sprintf(`((name, value) => {
		const s = document.querySelector('select[name="v.' + name + '"]');
		const x = s ?? document.querySelector('[name="v.' + name + '"][value="' + value + '"]');
		x.focus();
		if (!s) return x.click() ?? true;
		s.value = value;
		return s.dispatchEvent(new Event("input", {bubbles: true})) && s.dispatchEvent(new Event("change", {bubbles: true}));
	})(%q, %q)`, field, value))
}

// TestFormWhilePeopleType: however long an answer takes, no letter that is typed and no tick that is made meanwhile is
// lost, and the fields that hang on the last choice are there in the end, those that hung on another are not.
func TestFormWhilePeopleType(t *testing.T) {
	browser := chromium(t)
	for _, lag := range []int64{0, 80, 300} {
		t.Run(fmt.Sprintf("%d ms", lag), func(t *testing.T) {
			t.Run("letters", func(t *testing.T) {
				w := windows(t, browser)
				c := w.visitAs("clerk", "/cases/new/labour-case")
				w.lag.Store(lag)
				const first, second = "Hongda Construction 1", "Zhang Xiaohe, steel fixer"
				w.tick(c, "source", "complaint")
				w.press(c, "#f-employer", first)
				w.settled(c, "the complainant is never asked", `!!document.querySelector("#f-informant")`)
				w.tick(c, "source", "report")
				w.settled(c, "the form of a report never comes", `!!document.querySelector("#f-anonymous")`)
				w.tick(c, "anonymous", "no")
				w.settled(c, "the informant is never asked", `!!document.querySelector("#f-informant")`)
				w.tick(c, "anonymous", "no") // a choice again, so that an answer is on its way while one types into what just came
				w.press(c, "#f-informant", second)
				time.Sleep(time.Duration(2*lag) * time.Millisecond)
				if got := js[[]string](w, c, `["#f-employer", "#f-informant"].map((x) => document.querySelector(x).value)`); !slices.Equal(got, []string{first, second}) {
					t.Errorf("typed %q and %q, there is %q", first, second, got)
				}
				if at := js[string](w, c, `document.activeElement.id`); at != "f-informant" {
					t.Errorf("the cursor has gone to %q", at)
				}
			})
			t.Run("dependent fields", func(t *testing.T) {
				w := windows(t, browser)
				c := w.visitAs("clerk", "/cases/new/labour-case")
				w.lag.Store(lag)
				for _, source := range []string{"complaint", "patrol", "report", "complaint", "report", "complaint"} {
					w.tick(c, "source", source)
					time.Sleep(15 * time.Millisecond)
				}
				w.settled(c, "the last choice's form never comes", `document.querySelector("form[data-autosave]").ariaBusy == "false" && !!document.querySelector("#f-informant-gender") && !document.querySelector("#f-anonymous")`)
				w.press(c, "#f-informant", "Zhang")
				w.tick(c, "collective", "yes")
				w.tick(c, "informant-gender", "female")
				w.settled(c, "the representatives are never asked", `!!document.querySelector("#f-representatives")`)
				w.press(c, "#f-representatives", "Wang, Li")
				w.tick(c, "collective", "no")
				w.settled(c, "the representatives stay", `!document.querySelector("#f-representatives")`)
				w.tick(c, "collective", "yes")
				w.settled(c, "the representatives don't come back", `!!document.querySelector("#f-representatives")`)
				got := js[[]string](w, c, `[...document.querySelectorAll("#f-representatives, #f-informant, [name='v.informant-gender']:checked")].map((x) => x.value).sort()`)
				if !slices.Equal(got, []string{"Wang, Li", "Zhang", "female"}) {
					t.Errorf("there is %q", got)
				}
				if n := js[int](w, c, `new Set([...document.querySelectorAll("[data-field]")].map((x) => x.dataset.field)).size - document.querySelectorAll("[data-field]").length`); n != 0 {
					t.Errorf("%d fields stand twice", -n)
				}
			})
			t.Run("ticks", func(t *testing.T) {
				w := windows(t, browser)
				id := w.atGate("任县宏达建筑劳务有限公司")
				c := w.visitAs("captain", caseAt(id)+"/do/approve-filing")
				w.lag.Store(lag)
				for _, officer := range []string{"officer", "officer2", "officer", "officer"} {
					w.tick(c, "officers", officer)
					time.Sleep(30 * time.Millisecond)
				}
				w.settled(c, "who is in charge isn't one of those chosen", `[...document.querySelectorAll("#f-in-charge [name]")].map((x) => x.value).filter((x) => x).join() == "officer,officer2"`)
				w.tick(c, "in-charge", "officer2")
				w.press(c, "#f-opinion", "agreed")
				if got := js[[]string](w, c, `[...document.querySelectorAll("#act input:checked, #f-in-charge option:checked")].map((x) => x.value)`); !slices.Equal(got, []string{"officer", "officer2", "officer2"}) {
					t.Fatalf("ticked: %q", got)
				}
				w.sent(c, `form#act button[value="do"]`)
				if roles := w.bureau.read(id).Roles; !slices.Equal(roles["assigned-officers"], []office.PersonID{"officer", "officer2"}) || !slices.Equal(roles["officer-in-charge"], []office.PersonID{"officer2"}) {
					t.Errorf("recorded: %v", roles)
				}
			})
		})
	}
}

// TestAutosaveTellsTheTruth: whoever is signed out while they type reads that it is not saved, and it is once they have
// signed in again in another window; what they send meanwhile goes through after signing in on the way.
func TestAutosaveTellsTheTruth(t *testing.T) {
	browser := chromium(t)
	w := windows(t, browser)
	id := w.opened("任县宏达建筑劳务有限公司")
	at := caseAt(id) + "/do/note"
	c := w.visitAs("clerk", at)
	w.press(c, "#f-text", "first half")
	w.settled(c, "it is never saved", `document.getElementById("saved").textContent.includes("已")`)
	w.away(c, `fetch("/logout", {method: "POST", redirect: "manual"})`)
	w.press(c, "#f-text", ", second half")
	w.settled(c, "nobody says that it isn't saved", `document.getElementById("saved").textContent.includes("没有保存") && !document.getElementById("signed-out").hidden`)
	if n := js[int](w, c, `Object.keys(localStorage).length`); n != 1 {
		t.Errorf("%d kept in the browser", n)
	}
	drafts := func() []desk.Saved {
		all, err := desk.SavedBy(w.bureau.Engine, "clerk")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := drafts(); len(all) != 1 || all[0].Values["text"].Text != "first half" {
		t.Fatalf("saved: %+v", all)
	}
	w.away(c, `fetch("/login", {method: "POST", body: new URLSearchParams({name: "clerk", password: "`+password+`"}), redirect: "manual"})`)
	js[bool](w, c, `window.dispatchEvent(new Event("focus"))`)
	w.settled(c, "it isn't saved after all", `!document.getElementById("saved").textContent.includes("没有保存") && document.getElementById("signed-out").hidden && !Object.keys(localStorage).length`)
	if all := drafts(); len(all) != 1 || all[0].Values["text"].Text != "first half, second half" {
		t.Fatalf("saved: %+v", all)
	}
	// Signed out again, and the button is pressed: what was typed goes through the sign-in.
	w.away(c, `fetch("/logout", {method: "POST", redirect: "manual"})`)
	w.press(c, "#f-text", ".")
	w.sent(c, `form#act button[value="do"]`)
	w.run(c, chromedp.SendKeys(chromedp.CSS("#name"), "clerk"), chromedp.SendKeys(chromedp.CSS("#password"), password))
	w.sent(c, `main form button`)
	if text := ask(w, c, chromedp.Text(chromedp.CSS("main"))); !strings.Contains(text, "first half, second half.") {
		t.Errorf("after signing in: %.500s", text)
	}
	if c := w.bureau.read(id); c.Seq != 2 || len(drafts()) != 0 {
		t.Errorf("%d events, drafts %v", c.Seq, drafts())
	}
	w.settled(c, "it stays in the browser", `!Object.keys(localStorage).length`)
}

// TestAutosaveOutlivesTheLine: what is typed while the server can't be reached is in the browser, and in the next page that opens.
func TestAutosaveOutlivesTheLine(t *testing.T) {
	browser := chromium(t)
	w := windows(t, browser)
	id := w.opened("任县宏达建筑劳务有限公司")
	at := caseAt(id) + "/do/note"
	c := w.visitAs("clerk", at)
	js[bool](w, c, `(window.real = fetch, window.fetch = () => Promise.reject(new TypeError("no line")), navigator.sendBeacon = () => false, true)`)
	w.press(c, "#f-text", "written underground")
	w.settled(c, "nobody says that there is no connection", `document.getElementById("saved").textContent.includes("连不上")`)
	c = w.visitAs("clerk", at)
	w.settled(c, "it is lost", `document.getElementById("f-text")?.value === "written underground" && !Object.keys(localStorage).length`)
}

// TestBackAndPressAgain: a page that is shown again after it was sent is the page as it was drawn: the same press is the same
// act, and another text asks before it is another.
func TestBackAndPressAgain(t *testing.T) {
	browser := chromium(t)
	w := windows(t, browser)
	id := w.opened("任县宏达建筑劳务有限公司")
	w.visitAs("clerk", caseAt(id))
	c := w.visitAs("clerk", caseAt(id)+"/do/note")
	w.press(c, "#f-text", "telephone call")
	w.sent(c, `form#act button[value="do"]`)
	notes := func() int {
		t.Helper()
		return int(w.bureau.read(id).Seq) - 1
	}
	if n := notes(); n != 1 {
		t.Fatalf("%d notes", n)
	}
	back := func(text string) {
		t.Helper()
		w.run(c, chromedp.NavigateBack())
		w.settled(c, "the form isn't there again", `!!document.querySelector("#f-text") && document.readyState === "complete"`)
		js[bool](w, c, `(document.querySelector("#f-text").value = "", true)`)
		w.press(c, "#f-text", text)
		w.sent(c, `form#act button[value="do"]`)
	}
	back("telephone call")
	if text := ask(w, c, chromedp.Text(chromedp.CSS("main"))); notes() != 1 || !strings.Contains(text, "没有重复办理") {
		t.Fatalf("%d notes: %.300s", notes(), text)
	}
	back("another call")
	if text := ask(w, c, chromedp.Text(chromedp.CSS("main"))); notes() != 1 || !strings.Contains(text, "已经提交办理过") {
		t.Fatalf("%d notes: %.300s", notes(), text)
	}
	w.sent(c, `form#act button[value="do"]`)
	if n := notes(); n != 2 {
		t.Errorf("%d notes after the second was meant", n)
	}
}

// TestBackWithoutScript: a browser without script asks for the address again that it was shown, and keeps nothing of the page.
// The key stands in that address: the same text is no second note, and another one asks first.
func TestBackWithoutScript(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	at := caseAt(id) + "/do/note"
	drawn := v.get(at).want(http.StatusOK).path
	press := func(address, text string) *shown {
		t.Helper()
		f := v.get(address).want(http.StatusOK).form(at)
		f.Set("v.text", text)
		f.Set("then", "do")
		return v.post(at, f)
	}
	notes := func() int { return int(b.read(id).Seq) - 1 }
	press(drawn, "telephone call").want(http.StatusOK)
	if p := press(drawn, "telephone call").want(http.StatusOK); notes() != 1 || !strings.Contains(p.text("main"), "没有重复办理") {
		t.Fatalf("%d notes: %.300s", notes(), p.text("main"))
	}
	press(drawn, "another call").want(http.StatusConflict)
	if n := notes(); n != 1 {
		t.Fatalf("%d notes", n)
	}
	if press(at, "another call").want(http.StatusOK); notes() != 2 {
		t.Errorf("%d notes after the second was begun anew", notes())
	}
}

// TestDraftsStandBesideEachOther: two that were begun of the same form are offered by name, and each goes on by itself.
func TestDraftsStandBesideEachOther(t *testing.T) {
	b := newBureau(t)
	v := b.visit("clerk")
	const at = "/cases/new/labour-case"
	one, two := v.get(at).form(at), v.get(at).form(at)
	one.Set("v.employer", "任县甲建筑有限公司")
	two.Set("v.employer", "任县乙纺织有限公司")
	for _, f := range []url.Values{one, two} {
		f.Set("then", "save")
		v.post(at, f).want(http.StatusOK)
		b.now.set(b.now.time().Add(time.Minute))
	}
	p := v.get(at).want(http.StatusOK).says("div#beside", "任县甲建筑有限公司")
	if got := p.form(at).Get("v.employer"); got != "任县乙纺织有限公司" {
		t.Errorf("the latest is %q", got)
	}
	v.get("/").says("div#desk-side", "任县甲建筑有限公司").says("div#desk-side", "任县乙纺织有限公司")
	p = v.get(at+"?draft="+one.Get("draft")).want(http.StatusOK).says("div#beside", "任县乙纺织有限公司")
	f := p.form(at)
	if f.Get("v.employer") != "任县甲建筑有限公司" {
		t.Errorf("the one that was named says %q", f.Get("v.employer"))
	}
	if got := v.get(at + "?draft=new").form(at).Get("v.employer"); got != "" {
		t.Errorf("a new one says %q", got)
	}
	f.Set("then", "drop")
	v.post(at, f).want(http.StatusOK)
	if all, err := desk.SavedBy(b.Engine, "clerk"); err != nil || len(all) != 1 || all[0].Values["employer"].Text != "任县乙纺织有限公司" {
		t.Errorf("left: %+v, %v", all, err)
	}
}

// TestFilesHaveToBeChosenAgain: a page that can't keep the files that were chosen says which.
func TestFilesHaveToBeChosenAgain(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v := b.visit("clerk")
	at := caseAt(id) + "/do/attach"
	f := v.get(at).form(at)
	f.Set("v.proves", strings.Repeat("长", 300))
	f.Set("then", "do")
	v.upload(at, f, "file", "考勤表.pdf", []byte("%PDF-1.4\n%%EOF\n")).want(http.StatusUnprocessableEntity).says("p.again", "考勤表.pdf")
	f.Set("then", "save")
	f.Add("chosen.file", "工资单.pdf") // as the script says it
	v.post(at, f).want(http.StatusOK).says("p.again", "工资单.pdf")
	// Signed out on the way: the sign-in says so, and nothing is done before they are chosen again.
	v.post("/logout", nil)
	f.Set("then", "do")
	f.Set("v.proves", "出勤")
	p := v.upload(at, f, "file", "考勤表.pdf", []byte("%PDF-1.4\n%%EOF\n")).want(http.StatusUnauthorized).says("main", "考勤表.pdf")
	g := p.form(at)
	g.Set("sign-in.name", "clerk")
	g.Set("sign-in.password", "wrong")
	g = v.post(at, g).want(http.StatusUnauthorized).says("h2", "用户名或者密码不对").form(at)
	g.Set("sign-in.name", "clerk")
	g.Set("sign-in.password", password)
	v.post(at, g).want(http.StatusOK).says("p.again", "考勤表.pdf")
	if c := b.read(id); c.Seq != 1 {
		t.Error("something was done without the files")
	}
}

// TestAnotherPersonsForm: a form that somebody drew is not sent in the name of whoever signed in since.
func TestAnotherPersonsForm(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	at := caseAt(id) + "/do/note"
	f := b.visit("clerk").get(at).form(at)
	f.Set("v.text", "接到电话")
	f.Set("then", "do")
	v := b.visit("captain")
	p := v.post(at, f).want(http.StatusConflict).says("div#moved", "王窗").says("div#moved", "孙队").says("textarea", "接到电话")
	if b.read(id).Seq != 1 {
		t.Fatal("done in another's name")
	}
	r := v.request("POST", at, strings.NewReader(f.Encode()), "application/x-www-form-urlencoded")
	r.Header.Set("X-Requested-With", "script")
	v.send(r).want(http.StatusConflict)
	f = p.form(at)
	f.Set("then", "do")
	v.post(at, f).want(http.StatusOK)
	if c := b.read(id); c.Taken == nil && c.Seq != 2 {
		t.Errorf("%+v", c)
	}
}
