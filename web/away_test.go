package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/ledger"
)

// downStore is a store whose server is gone for a while.
type downStore struct{ ledger.Store }

type downError struct{}

func (downError) Error() string     { return "no server" }
func (downError) Unavailable() bool { return true }

func (downStore) Record(kind, id string) (ledger.Record, error) {
	return ledger.Record{}, fmt.Errorf("record: %w", downError{})
}

func (downStore) Commit(context.Context, ledger.Commit) error {
	return fmt.Errorf("commit: %w", downError{})
}

// While the database moves to another machine people are asked for a moment, and what they sent can be sent again.
func TestAMomentPlease(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	v, c := b.visit("captain"), b.caller("captain", access.WriteScope)
	c.key = "once"
	whole := b.Store
	path, body := fmt.Sprintf("/cases/%d/actions/note", id), `{"values":{"text":"看过"}}`
	b.Store = downStore{whole}
	if p := v.get("/"); p.status != 503 || !strings.Contains(p.body, "请稍候") || !strings.Contains(p.body, `http-equiv="refresh"`) || p.head.Get("Retry-After") == "" {
		t.Errorf("%d %s", p.status, p.body)
	}
	if a := c.call("POST", path, body); a.status != 503 || a.json["code"] != "unavailable" || a.head.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	b.Store = whole
	for range 2 {
		c.call("POST", path, body).is(200, "")
	}
	if n := strings.Count(c.call("GET", fmt.Sprintf("/cases/%d/events", id), "").is(200, "").body, `"note"`); n != 1 {
		t.Errorf("the note is on record %d times", n)
	}
	if p := v.get("/"); p.status != 200 {
		t.Errorf("%d", p.status)
	}
}
