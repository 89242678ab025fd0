package web_test

import (
	"fmt"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
)

// To whoever may not see a case it is as one that isn't there: each address of it, page and API, answers word for word as
// one of a number that no case has, but for the number.
func TestAnUnseenCaseIsNone(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	b.do("captain", id, "approve-filing", nil)
	const none = 777
	v := b.visit("fund")
	token, err := access.NewToken(t.Context(), b.Engine, "fund", "fund", "", access.WriteScope, 1)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(body string, id casefile.CaseID) string {
		return strings.ReplaceAll(strings.ReplaceAll(body, fmt.Sprintf("/%d", id), "/N"), fmt.Sprintf("找到%d。", id), "找到N。")
	}
	for _, path := range []string{"", "/do/note", "/do/no-such", "/deadline/investigation", "/deadline/investigation/sheet.pdf", "/plan", "/news?seq=1", "/supervision.pdf",
		"/documents/1.pdf", "/documents/1/copy.pdf", "/papers/1", "/files/1"} {
		there, gone := v.get(caseAt(id)+path), v.get(caseAt(none)+path)
		if there.status != gone.status || plain(there.text("main"), id) != plain(gone.text("main"), none) {
			t.Errorf("%s: %d %q, of none %d %q", path, there.status, there.text("main"), gone.status, gone.text("main"))
		}
	}
	for _, x := range []struct{ method, path, body string }{{"GET", "", ""}, {"GET", "/events", ""}, {"GET", "/documents/1", ""}, {"GET", "/papers/1", ""},
		{"POST", "/actions/note", `{"values":{"text":"x"}}`}, {"POST", "/actions/approve-filing", `{}`}, {"POST", "/actions/link-case", `{"values":{"case":"1","reason":"x"}}`}} {
		ask := func(id casefile.CaseID) *shown {
			r := v.request(x.method, "/api/v1"+caseAt(id)+x.path, strings.NewReader(x.body), "application/json")
			r.Header.Set("Authorization", "Bearer "+token)
			return v.send(r)
		}
		there, gone := ask(id), ask(none)
		if there.status != 404 || gone.status != 404 || plain(there.body, id) != plain(gone.body, none) {
			t.Errorf("%s %s: %d %s, of none %d %s", x.method, x.path, there.status, there.body, gone.status, gone.body)
		}
	}
	p := v.get("/cases?q=宏达").want(200)
	if strings.Contains(p.text("main"), "宏达建筑") {
		t.Error("the search names it")
	}
}
