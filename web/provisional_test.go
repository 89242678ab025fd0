package web_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/web"
	"dossier/web/page"
)

// restart opens the office anew on the same store, its configuration changed.
func (b *bureau) restart(change func(*engine.Config)) {
	b.t.Helper()
	c := b.Config
	change(&c)
	e, err := engine.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	b.srv.Close()
	b.Engine, b.alerts = e, &alert.Alerts{Engine: e}
	b.srv = httptest.NewServer(web.New(e, page.Options{Alerts: b.alerts, Demo: true, Version: "test"}))
}

// reader keeps what was drawn, as text.
type reader struct {
	*documents.Renderer
	sync.Mutex
	drawn map[procedure.FormID]string
}

func (r *reader) Render(s paper.Sheet) ([]byte, error) {
	r.Lock()
	defer r.Unlock()
	text := ""
	for _, v := range s.Values {
		text += v.Text + "\n"
	}
	r.drawn[s.Form.ID] = text
	return r.Renderer.Render(s)
}

// A due day in a year whose schedule is not published is marked wherever it is shown, printed or sent; when the schedule is
// loaded, nowhere.
func TestProvisionalDaysAreMarked(t *testing.T) {
	b := newBureau(t)
	papers := &reader{Renderer: documents.NewRenderer(nil), drawn: map[procedure.FormID]string{}}
	b.restart(func(c *engine.Config) { c.Renderer = papers })
	b.now.set(time.Date(2026, 12, 28, 1, 0, 0, 0, time.UTC)) // the filing is due on 4 January, if that is a working day
	gate := b.atGate("任县宏达建筑劳务有限公司")
	filed := b.atGate("任县锦绣餐饮有限公司")
	b.do("captain", filed, "approve-filing", nil)
	b.now.set(time.Date(2026, 12, 31, 1, 0, 0, 0, time.UTC))
	if n, err := b.alerts.Pass(t.Context()); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	captain, api := b.visit("captain"), b.caller("captain", access.ReadScope)
	on := func(path, selector string) func() string {
		return func() string { return captain.get(path).want(200).text(selector) }
	}
	then := func() string {
		approve := caseAt(gate) + "/do/approve-filing"
		form := captain.get(approve).form(approve)
		form.Set("v.opinion", "同意立案。")
		form["v.officers"] = []string{"", "officer", "officer2"}
		form.Set("v.in-charge", "officer")
		form.Set("then", "check")
		return captain.post(approve, form).want(200).text("div#then")
	}
	json := func(path, marked string) func() string {
		return func() string {
			return strings.ReplaceAll(api.call("GET", path, "").is(200, "").body, marked, "（暂定）")
		}
	}
	places := []struct {
		what, part string
		text       func() string
	}{
		{"desk", "（暂定）", on("/?tab=gates", "td.r-light")},
		{"desk, for all of them", "件案件的到期日为暂定", func() string { // what was told before stays beside it
			_, after, _ := strings.Cut(on("/", "section#alerts")(), "放假安排尚未载入")
			return after
		}},
		{"list", "（暂定）", on("/cases", "td.r-light")},
		{"search", "（暂定）", on("/cases?q="+url.QueryEscape("宏达"), "td.r-light")},
		{"approvals", "1月4日（暂定）", on("/approvals", "dd")},
		{"case page", "（暂定）", on(caseAt(gate), "div.clock")},
		{"what if it were extended", "（暂定）", on(caseAt(filed), "p.quiet")},
		{"deadline sheet, its head", "（暂定）", on(caseAt(gate)+"/deadline/filing", "span.light")},
		{"deadline sheet, its due day", "（暂定）", on(caseAt(gate)+"/deadline/filing", "dd")},
		{"what the action brings", "日（暂定）", then},
		{"daily list", "（暂定）", on("/alerts/daily", "main")},
		{"API, a case", "（暂定）", json(caseAt(gate), `"due":"2027-01-04","state":"running","remaining":2,"unit":"workdays","provisional":true`)},
		{"API, a due date", "（暂定）", json("/deadline?from=2026-12-28&for=5+workdays", `"provisional":true`)},
	}
	for _, p := range places {
		if got := p.text(); !strings.Contains(got, p.part) {
			t.Errorf("%s: %q is not in %q", p.what, p.part, got)
		}
	}
	told := on("/alerts", "section#alerts")() // what was told stays as it was told
	printed := papers.drawn["LJ01"]
	later := func(day int) {
		b.now.set(time.Date(2027, 1, day, 1, 0, 0, 0, time.UTC))
		captain, api = b.visit("captain"), b.caller("captain", access.ReadScope) // the sessions of last year have ended
	}
	later(6)
	order := func() string {
		captain.get(caseAt(gate) + "/supervision.pdf").want(200)
		return papers.drawn["LJ39"]
	}
	b.do("captain", gate, "approve-filing", procedure.Values{})
	late := b.atGate("任县拖延建筑有限公司")
	for what, got := range map[string]string{"alerts": told, "registration form": printed, "findings": on(caseAt(gate), "section#findings")()} {
		if !strings.Contains(got, "1月4日（暂定）") {
			t.Errorf("%s: %q", what, got)
		}
	}
	later(20)
	gate = late
	if got := order(); !strings.Contains(got, "1月13日（暂定）") {
		t.Errorf("supervision order: %q", got)
	}

	year := calendar.Schedule{Year: 2027, Published: true, Notice: "国办发明电〔2026〕9号", Off: []calendar.Holiday{{Name: "元旦", Dates: []calendar.Date{calendar.Of(2027, 1, 1)}}}}
	if _, err := change.LoadSchedule(t.Context(), b.Engine, "admin", year); err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		if got := p.text(); strings.Contains(got, "暂定") {
			t.Errorf("%s, when the schedule is loaded: %q", p.what, got)
		}
	}
	if got := order(); !strings.Contains(got, "1月13日到期") {
		t.Errorf("supervision order, when the schedule is loaded: %q", got)
	}
	b.opened("任县按时商贸有限公司")
	if got := papers.drawn["LJ01"]; strings.Contains(got, "暂定") || !strings.Contains(got, "2027年1月27日") {
		t.Errorf("registration form, when the schedule is loaded: %q", got)
	}
}
