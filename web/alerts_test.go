package web_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// late is a complaint whose filing clock ran out on 9 March; it is 11 March and everybody has been told.
func (b *bureau) late(t *testing.T) casefile.CaseID {
	t.Helper()
	id := b.opened("任县拖延建筑有限公司")
	b.now.set(b.now.time().Add(9 * 24 * time.Hour))
	if n, err := b.alerts.Pass(t.Context()); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	return id
}

func TestDeskShowsAlerts(t *testing.T) {
	b := newBureau(t)
	b.visit("leader").get("/").want(http.StatusOK).says("section#alerts", "没有没看过的提醒")
	b.late(t)
	v := b.visit("leader")
	p := v.get("/").want(http.StatusOK)
	p.says("section#alerts", "逾期2个工作日").says("section#alerts", "责任清单").says("section#alerts", "红")
	f := p.form("/alerts/seen")
	if got := v.post("/alerts/seen", f).want(http.StatusOK); got.path != "/" {
		t.Errorf("came back to %s", got.path)
	}
	v.get("/").says("section#alerts", "没有没看过的提醒")
	v.get("/alerts").want(http.StatusOK).says("section#alerts", "已阅")
	b.visit("captain").get("/alerts").says("section#alerts", "只记录")
	// An alert is its person's own: another can't acknowledge it, and what doesn't exist isn't found.
	b.visit("captain").post("/alerts/seen", f).want(http.StatusNotFound)
	v.post("/alerts/seen", url.Values{"id": {"nothing"}}).want(http.StatusNotFound)
	// English says the same.
	v.post("/lang", url.Values{"to": {"en"}, "back": {"/alerts"}}).want(http.StatusOK).says("section#alerts", "2 working days overdue")
}

func TestCasePageShowsWhoWasTold(t *testing.T) {
	b := newBureau(t)
	id := b.late(t)
	v := b.visit("captain")
	p := v.get(caseAt(id)).want(http.StatusOK)
	p.says("section#alerts", "周局（分管局领导）").says("section#alerts", "孙队（大队长）").says("section#alerts", "王窗")
	r := v.get(caseAt(id) + "/supervision.pdf").want(http.StatusOK)
	if !strings.HasPrefix(r.body, "%PDF-") {
		t.Error("no PDF")
	}
	fresh := b.opened("任县按时商贸有限公司")
	v.get(caseAt(fresh) + "/supervision.pdf").want(http.StatusNotFound)
}

func TestNudge(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县等待食品有限公司")
	v := b.visit("captain")
	p := v.get(caseAt(id)).want(http.StatusOK)
	p.one("form[action=" + caseAt(id) + "/nudge]")
	v.post(caseAt(id)+"/nudge", nil).want(http.StatusOK).says("p.notice", "已催办王窗")
	v.post(caseAt(id)+"/nudge", nil).want(http.StatusUnprocessableEntity).says("main", "每天只能催办一次")
	b.visit("leader").post(caseAt(id)+"/nudge", nil).want(http.StatusUnprocessableEntity)
	b.visit("clerk").get("/").says("section#alerts", "孙队催办")
	b.visit("fund").post(caseAt(id)+"/nudge", nil).want(http.StatusNotFound)
	b.now.set(b.now.time().Add(24 * time.Hour))
	v.post(caseAt(id)+"/nudge", nil).want(http.StatusOK)
	b.visit("clerk").post(caseAt(id)+"/nudge", nil).want(http.StatusUnprocessableEntity)
}

func TestChoices(t *testing.T) {
	b := newBureau(t)
	for _, c := range []struct {
		who, mail string
		status    int
	}{{"officer", "none", 200}, {"leader", "none", 422}, {"leader", "red", 200}, {"officer", "loud", 422}} {
		v := b.visit(c.who)
		f := v.get("/alerts").form("/alerts/choices")
		f.Set("mail", c.mail)
		v.post("/alerts/choices", f).want(c.status)
		if got := v.get("/alerts").form("/alerts/choices").Get("mail"); (got == c.mail) != (c.status == 200) {
			t.Errorf("%s has %s", c.who, got)
		}
	}
}

func TestDailyList(t *testing.T) {
	b := newBureau(t)
	b.late(t)
	b.visit("captain").get("/alerts/daily").want(http.StatusOK).says("main", "任县拖延建筑有限公司").says("main", "尚未指定承办人")
	b.visit("clerk").get("/alerts/daily").want(http.StatusForbidden)
}

func TestOutboxIsTheAdministrators(t *testing.T) {
	b := newBureau(t)
	b.visit("admin").get("/admin/outbox").want(http.StatusOK).says("section#dead", "没有送不到")
	b.visit("captain").get("/admin/outbox").want(http.StatusForbidden)
	b.visit("captain").post("/admin/outbox/x/resend", nil).want(http.StatusForbidden)
	b.visit("admin").post("/admin/outbox/x/resend", nil).want(http.StatusNotFound)
}

// TestStream: an open page hears at once that its reader was told something, and not of what others were told.
func TestStream(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县直播纺织有限公司")
	v := b.visit("clerk")
	res, err := v.Do(v.request("GET", "/alerts/stream", nil, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatal(got)
	}
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != "retry: 5000" {
		t.Fatalf("%q", lines.Text())
	}
	if _, err := b.alerts.Nudge(t.Context(), "captain", id); err != nil {
		t.Fatal(err)
	}
	heard := func(event, data string) {
		t.Helper()
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "event: ") {
		}
		if got := lines.Text(); got != "event: "+event || !lines.Scan() || data != "" && lines.Text() != "data: "+data {
			t.Errorf("heard %q, %q; want %s %s", got, lines.Text(), event, data)
		}
	}
	heard("at", strconv.FormatUint(b.Moves(), 10))
	heard("alert", "")
	// It hears of each case that its reader may see when it moves, and of no other.
	c := casefile.Command{Workflow: "fund-supervision", Action: "open", Actor: "fund"}
	var bad error
	if c.Values, _, bad = specimen.Samples(b.Engine, c, crew); bad == nil {
		_, bad = b.Do(t.Context(), c)
	}
	if bad != nil {
		t.Fatal(bad)
	}
	b.do("captain", id, "mark", procedure.Values{"mark": procedure.TextValue("urgent")})
	heard("moved", strconv.Itoa(int(id)))
	b.do("clerk", id, "note", procedure.Values{"text": procedure.TextValue("已电话告知")})
	heard("moved", strconv.Itoa(int(id)))
	b.alerts.Close() // the end of the program ends the stream
	for lines.Scan() {
	}
	if lines.Err() != nil {
		t.Error(lines.Err())
	}
	// Opened anew after a cut it begins with an alert, in case something was missed.
	again := v.request("GET", "/alerts/stream", nil, "")
	again.Header.Set("Last-Event-ID", "1")
	if p := v.send(again); !strings.Contains(p.body, "event: alert") {
		t.Errorf("%q", p.body)
	}
	if p := b.visit("").get("/alerts/stream"); p.path == "/alerts/stream" {
		t.Errorf("a stranger listens: %d", p.status)
	}
}
