package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/health"
)

// While the clock stands far before the record an act is refused as what it is, and can be done when the clock is right.
func TestClockBackIsTold(t *testing.T) {
	b := newBureau(t)
	b.KeepTime()
	path := fmt.Sprintf("/cases/%d/actions/note", b.opened("任县恒源纺织厂"))
	c := b.caller("clerk", access.WriteScope)
	c.key = "once"
	b.now.set(b.Now().Add(-time.Hour))
	if a := c.call("POST", path, `{"values":{"text":"看过"}}`).is(503, "clock-back"); !strings.Contains(a.body, "校准时钟") {
		t.Error(a.body)
	}
	b.now.set(b.Now().Add(time.Hour))
	c.call("POST", path, `{"values":{"text":"看过"}}`).is(200, "")
}

// What stops the work is told to everybody, in words; what only an administrator can mend to him alone, with what the
// system said; the program is not ready meanwhile, and a metric shows it.
func TestFaultsAreTold(t *testing.T) {
	b := newBureau(t)
	board := &b.board
	board.Set(health.Full, "", errors.New("no space left on device"), b.Now())
	board.Set(health.Sending, "mail", errors.New("connection refused"), b.Now())
	desk := b.visit("officer").get("/").want(200).body
	if !strings.Contains(desk, "磁盘写满了") || strings.Contains(desk, "no space left") || strings.Contains(desk, "发不出去") {
		t.Error("an officer's desk doesn't tell what stops the work, or tells more")
	}
	admin := b.visit("admin").get("/").want(200).body
	for _, want := range []string{"磁盘写满了", "no space left", "邮件发不出去", "connection refused"} {
		if !strings.Contains(admin, want) {
			t.Errorf("the administrator's desk lacks %q", want)
		}
	}
	v := b.visit("")
	if p := v.get("/readyz").want(http.StatusServiceUnavailable); !strings.Contains(p.body, "disk-full") || strings.Contains(p.body, "sending") {
		t.Errorf("readyz says %q", p.body)
	}
	if strings.Contains(v.get("/login").want(200).body, "磁盘写满了") {
		t.Error("a stranger is told what is wrong")
	}
	if p := v.get("/metrics").want(200); !strings.Contains(p.body, `dossier_fault{code="disk-full",what=""} 1`) || !strings.Contains(p.body, "dossier_cases 0") ||
		!strings.Contains(p.body, "go_goroutines") {
		t.Errorf("metrics lack the fault, the cases or the runtime:\n%s", p.body)
	}
	board.Set(health.Full, "", nil, b.Now())
	v.get("/readyz").want(200)
}

// The administrator has the office's own files read again; their faults are shown with their places.
func TestReloadButton(t *testing.T) {
	b := newBureau(t)
	v := b.visit("admin")
	b.faulty = errors.New("workflows/reward.yaml:3:1: unknown key")
	if p := v.post("/admin/procedures", nil); p.status != 422 || !strings.Contains(p.text("pre"), "reward.yaml:3:1") {
		t.Errorf("%d %s", p.status, p.text("main"))
	}
	b.faulty = nil
	v.post("/admin/procedures", v.get("/admin/procedures").form("/admin/procedures")).want(200).says("main", "办案程序")
	b.visit("officer").post("/admin/procedures", nil).want(403)
}
