package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// caller is a program with an API token.
type caller struct {
	*visitor
	token string
	key   string // sent as Idempotency-Key when it is not ""
}

func (b *bureau) caller(who office.PersonID, scope access.Scope) *caller {
	b.t.Helper()
	token, err := access.NewToken(b.t.Context(), b.Engine, who, who, "test", scope, 1)
	if err != nil {
		b.t.Fatal(err)
	}
	return &caller{visitor: b.visit(""), token: token}
}

// answer is what the API said, read as JSON.
type answer struct {
	*shown
	json map[string]any
}

func (c *caller) call(method, path, body string) *answer {
	c.t.Helper()
	var r io.Reader
	kind := ""
	if body != "" {
		r, kind = strings.NewReader(body), "application/json"
	}
	req := c.request(method, "/api/v1"+path, r, kind)
	return c.ask(req)
}

func (c *caller) ask(req *http.Request) *answer {
	c.t.Helper()
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.key != "" {
		req.Header.Set("Idempotency-Key", c.key)
	}
	a := &answer{shown: c.send(req)}
	if strings.Contains(a.head.Get("Content-Type"), "json") && a.body != "" {
		if err := json.Unmarshal([]byte(a.body), &a.json); err != nil {
			c.t.Fatalf("%s: %v\n%s", a.path, err, a.body)
		}
	}
	return a
}

// is holds the answer to a status and, when it is a problem, to a code.
func (a *answer) is(status int, code string) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d\n%s", a.path, a.status, status, a.body)
	}
	if status >= 400 {
		if a.head.Get("Content-Type") != "application/problem+json" || a.json["code"] != code || a.json["status"] != float64(status) || a.json["title"] == "" {
			a.t.Errorf("%s: want a problem %q\n%s", a.path, code, a.body)
		}
	}
	return a
}

func TestAPITakesACaseIn(t *testing.T) {
	b := newBureau(t)
	c := b.caller("clerk", access.WriteScope)
	values, _, err := specimen.Samples(b.Engine, casefile.Command{Workflow: "labour-case", Action: "open", Actor: "clerk",
		Values: procedure.Values{"source": procedure.TextValue("complaint"), "employer": procedure.TextValue("任县宏达建筑劳务有限公司")}}, crew)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"workflow": "labour-case", "fact": "2026-02-27", "values": values})
	if err != nil {
		t.Fatal(err)
	}
	c.key = "one"
	a := c.call("POST", "/cases", string(body)).is(201, "")
	if a.head.Get("Location") != "/api/v1/cases/1" || a.json["id"] != 1.0 || a.json["workflow"] != "labour-case" || a.json["state"] != "intake" || a.json["seq"] != 1.0 {
		t.Errorf("%s", a.body)
	}
	clocks := a.json["clocks"].([]any)
	if first := clocks[0].(map[string]any); first["id"] != "filing" || first["due"] != "2026-03-05" || first["state"] != "running" || first["remaining"] != 3.0 || first["provisional"] != false {
		t.Errorf("clock %v", first)
	} else if on := first["rests_on"].(map[string]any); on["start"] != "2026-02-27" || on["period"] != "5 workdays" || on["seq"] != 1.0 || len(on["law"].([]any)) == 0 {
		t.Errorf("rests on %v", on)
	}
	if again := c.call("POST", "/cases", string(body)).is(201, ""); again.json["id"] != 1.0 {
		t.Errorf("the same key opened case %v", again.json["id"])
	}
	c.call("POST", "/cases", strings.Replace(string(body), "宏达", "恒源", 1)).is(422, "key-reused")
	c.key = ""

	list := c.call("GET", "/cases?q=hdjz", "").is(200, "")
	if cases := list.json["cases"].([]any); len(cases) != 1 || cases[0].(map[string]any)["party"] != "任县宏达建筑劳务有限公司" {
		t.Errorf("%s", list.body)
	}
	if none := c.call("GET", "/cases?q=nothing", "").is(200, ""); len(none.json["cases"].([]any)) != 0 {
		t.Errorf("%s", none.body)
	}
	c.call("GET", "/cases/1", "").is(200, "")
	if ev := c.call("GET", "/cases/1/events", "").is(200, ""); len(ev.json["events"].([]any)) != 1 {
		t.Errorf("%s", ev.body)
	}
	p := c.call("GET", "/cases/1/papers/1", "")
	if p.status != 200 || !strings.HasPrefix(p.body, "%PDF-") {
		t.Errorf("%d %.30q", p.status, p.body)
	}
}

func TestAPIActs(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.WriteScope)
	act := fmt.Sprintf("/cases/%d/actions/submit-filing", id)
	a := c.call("POST", act, `{"seq":1,"fact":"2026-03-09","values":{"workers":[{"name":"王某","owed":"many"}]}}`).is(422, "field-invalid")
	paths := map[string]bool{}
	for _, f := range a.json["fields"].([]any) {
		paths[f.(map[string]any)["path"].(string)] = true
	}
	for _, p := range []string{"fact", "workers[0].owed", "suspected"} {
		if !paths[p] {
			t.Errorf("no fault at %s: %s", p, a.body)
		}
	}
	values, _, err := specimen.Samples(b.Engine, casefile.Command{Case: id, Action: "submit-filing", Actor: "clerk"}, crew)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"seq": 1, "values": values})
	if err != nil {
		t.Fatal(err)
	}
	a = c.call("POST", act, string(body)).is(200, "")
	if a.json["state"] != "filing-review" || a.json["seq"] != 2.0 {
		t.Errorf("%s", a.body)
	}
	c.call("POST", act, string(body)).is(409, "case-moved-on")
	c.call("POST", act, strings.Replace(string(body), `"seq":1,`, "", 1)).is(422, "unknown-action")
}

func TestATokenPassesNoGate(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	c := b.caller("captain", access.WriteScope)
	a := c.call("GET", fmt.Sprintf("/cases/%d", id), "").is(200, "")
	gate := false
	for _, x := range a.json["actions"].([]any) {
		gate = gate || x.(map[string]any)["id"] == "approve-filing" && x.(map[string]any)["gate"] == true
	}
	if !gate {
		t.Errorf("the gate isn't told as one: %s", a.body)
	}
	answer := c.call("POST", fmt.Sprintf("/cases/%d/actions/return-filing", id), `{"values":{"opinion":"退回"}}`)
	if answer.status != 403 {
		t.Errorf("a token passes a gate: %d %s", answer.status, answer.body)
	}
}

func TestAPIRefusals(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	write, read, fund := b.caller("clerk", access.WriteScope), b.caller("clerk", access.ReadScope), b.caller("fund", access.WriteScope)
	none := &caller{visitor: b.visit("")}
	bad := &caller{visitor: b.visit(""), token: "nonsense"}
	at := fmt.Sprintf("/cases/%d", id)
	for _, tt := range []struct {
		name         string
		who          *caller
		method, path string
		body         string
		status       int
		code         string
	}{
		{"no token", none, "GET", at, "", 401, "unauthorized"},
		{"a token that opens nothing", bad, "GET", at, "", 401, "unauthorized"},
		{"a session is no token", &caller{visitor: b.visit("clerk")}, "GET", at, "", 401, "unauthorized"},
		{"a scope that only reads", read, "POST", at + "/actions/note", `{"values":{"text":"x"}}`, 403, "forbidden"},
		{"somebody who may not see the case", fund, "GET", at, "", 404, "not-found"},
		{"no such case", write, "GET", "/cases/999", "", 404, "not-found"},
		{"no case at all", write, "GET", "/cases/x", "", 404, "not-found"},
		{"no such procedure", write, "POST", "/cases", `{"workflow":"none"}`, 404, "not-found"},
		{"no such address", write, "GET", "/nowhere", "", 404, "not-found"},
		{"not JSON", write, "POST", "/cases", `{`, 400, "unreadable"},
		{"an unknown member", write, "POST", "/cases", `{"workflow":"labour-case","colour":"red"}`, 400, "unreadable"},
		{"more than one value", write, "POST", "/cases", `{"workflow":"labour-case"}{}`, 400, "unreadable"},
		{"a value of no shape", write, "POST", "/cases", `{"workflow":"labour-case","values":{"employer":{"a":1}}}`, 400, "unreadable"},
		{"a member twice", write, "POST", at + "/actions/note", `{"values":{"text":"x"},"values":{"text":"y"}}`, 400, "unreadable"},
		{"a day that is none", write, "POST", at + "/actions/note", `{"fact":"2026-02-30"}`, 422, "field-invalid"},
		{"fields that are missing", write, "POST", "/cases", `{"workflow":"labour-case","values":{"source":"complaint"}}`, 422, "field-invalid"},
		{"an unknown action", write, "POST", at + "/actions/none", `{}`, 422, "unknown-action"},
		{"somebody else's action", write, "POST", at + "/actions/supervise", `{"values":{"day":"2026-03-20"}}`, 403, "not-your-gate"},
		{"a body of 11 MB", write, "POST", at + "/actions/note", `{"values":{"text":"` + strings.Repeat("x", 11<<20) + `"}}`, 413, "too-long"},
		{"a day in the query that is none", write, "GET", "/cases?due_before=x", "", 400, "unreadable"},
		{"a cursor that nobody gave", write, "GET", "/cases?after=x", "", 400, "unreadable"},
		{"a cursor of a search that nobody gave", write, "GET", "/cases?q=x&after=x", "", 400, "unreadable"},
		{"a cursor of objects that nobody gave", write, "GET", "/registry/employer?after=x", "", 400, "unreadable"},
		{"a limit that is none", write, "GET", "/cases?limit=many", "", 400, "unreadable"},
		{"a parameter that isn't known", write, "GET", "/cases?colour=red", "", 400, "unreadable"},
		{"a parameter twice", write, "GET", "/cases?q=a&q=b", "", 400, "unreadable"},
		{"a procedure that isn't known", write, "GET", "/cases?workflow=none", "", 400, "unreadable"},
		{"events after what is no number", write, "GET", at + "/events?after=x", "", 400, "unreadable"},
		{"a year that is none", write, "GET", "/plans?year=x", "", 400, "unreadable"},
		{"a method that isn't taken", write, "DELETE", at, "", 405, "wrong-method"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.who.call(tt.method, tt.path, tt.body)
			a.t = t
			a.is(tt.status, tt.code)
			if strings.Contains(a.body, "goroutine") {
				t.Error("a stack trace")
			}
		})
	}
}

// TestAPINamesTheMember: a body that can't be read says which of its members it is.
func TestAPINamesTheMember(t *testing.T) {
	write := newBureau(t).caller("clerk", access.WriteScope)
	for _, tt := range []struct{ path, body, told string }{
		{"/cases", `{"workflow":"labour-case","values":{"employer":{"a":1}}}`, `"path":"employer"`},
		{"/cases/open-at", `{"workflow":"labour-case","at":{"stage":{"a":1}}}`, `"path":"stage"`},
		{"/cases", `{"workflow":"labour-case","values":{"employer":"a","employer":"b"}}`, "“employer”写了两次"},
		{"/cases", `{"workflow":"labour-case","Workflow":"labour-audit"}`, "“workflow”写了两次"},
		{"/cases", `{"workflow":"labour-case","values":{"workers":[{"name":"a"},{"name":"b","name":"c"}]}}`, "“name”写了两次"},
	} {
		if a := write.call("POST", tt.path, tt.body).is(400, "unreadable"); !strings.Contains(a.body, tt.told) {
			t.Errorf("%s: %s", tt.body, a.body)
		}
	}
}

func TestAPIAttachments(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.WriteScope)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	f, err := w.CreateFormFile("file", "欠条.png")
	if err == nil {
		_, err = f.Write(png)
	}
	if err == nil {
		err = w.WriteField("proves", "欠薪金额")
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a := c.ask(c.request("POST", fmt.Sprintf("/api/v1/cases/%d/attachments", id), &body, w.FormDataContentType())).is(200, "")
	files := a.json["attachments"].([]any)
	if len(files) != 1 || files[0].(map[string]any)["type"] != "image/png" || files[0].(map[string]any)["proves"] != "欠薪金额" {
		t.Errorf("%s", a.body)
	}
	c.call("POST", fmt.Sprintf("/cases/%d/attachments", id), `{}`).is(400, "unreadable")
}

func TestAPIDeadline(t *testing.T) {
	b := newBureau(t)
	c := b.caller("clerk", access.ReadScope)
	for _, tt := range []struct{ query, want string }{
		{"from=2026-01-05&for=60+workdays&on=2026-03-02", `"due":"2026-04-03"`},
		{"from=2026-01-12&for=60+workdays&pause=2026-02-10..2026-03-16&on=2026-03-16", `"due":"2026-05-13"`},
		{"from=2026-01-12&for=60+workdays&pause=2026-02-10..&on=2026-03-02", `"open":true`},
		{"from=2026-09-21&for=15+days", `"raw":"2026-10-06"`},
		{"from=2026-01-05&for=5+workdays&explain=1", `"n":5`},
	} {
		a := c.call("GET", "/deadline?"+tt.query, "").is(200, "")
		if !strings.Contains(a.body, tt.want) {
			t.Errorf("%s: %s, want %s in it", tt.query, a.body, tt.want)
		}
	}
	if a := c.call("GET", "/deadline?from=x&for=5+workdays", "").is(400, "unreadable"); !strings.Contains(a.body, `"path":"from"`) {
		t.Errorf("%s", a.body)
	}
	for _, query := range []string{"", "from=2026-01-05&for=five", "from=2026-01-05&for=5+workdays&pause=2026-01-01..2026-01-02",
		"from=2026-01-05&for=5+workdays&extend=5+days", "from=2026-01-05&for=5+workdays&pause=x"} {
		c.call("GET", "/deadline?"+query, "").is(422, "field-invalid")
	}
}

func TestAPIProceduresAndAlerts(t *testing.T) {
	b := newBureau(t)
	b.atGate("任县宏达建筑劳务有限公司")
	c := b.caller("captain", access.ReadScope)
	if a := c.call("GET", "/workflows", "").is(200, ""); len(a.json["workflows"].([]any)) != len(b.Workflows()) {
		t.Errorf("%s", a.body)
	}
	if a := c.call("GET", "/workflows/labour-case", "").is(200, ""); a.json["workflow"] != "labour-case" {
		t.Errorf("%.200s", a.body)
	} else {
		described(t, a.json)
	}
	c.call("GET", "/workflows/none", "").is(404, "not-found")
	if a := c.call("GET", "/alerts", "").is(200, ""); len(a.json["alerts"].([]any)) != 0 {
		t.Errorf("%s", a.body)
	}
	b.now.set(b.now.time().AddDate(0, 0, 10))
	late := b.caller("captain", access.ReadScope)
	a := late.call("GET", "/alerts", "").is(200, "")
	if list := a.json["alerts"].([]any); len(list) != 1 || list[0].(map[string]any)["state"] != "overdue" {
		t.Errorf("%s", a.body)
	}
}

// TestAPITakesOverACaseBegunOnPaper: opened and put where it stands in one act, once a key, by who may.
func TestAPITakesOverACaseBegunOnPaper(t *testing.T) {
	b := newBureau(t)
	values := map[string]any{"source": "complaint", "employer": "任县丙建筑公司", "party-kind": "unit", "credit-code": "91130526MA0F7K2Q3W", "address": "任县昌平大街",
		"legal-representative": "郭新磊", "contact": "田敏", "contact-phone": "0319-7518633", "cause": "拖欠农民工工资", "facts": "没有结清工资。", "migrant": "yes", "ongoing": "yes",
		"workers": []any{map[string]string{"name": "王福顺", "owed": "18600", "paid": "6000"}}}
	body, err := json.Marshal(map[string]any{"workflow": "labour-case", "received": "2026-02-09", "values": values, "at": map[string]any{"state": "investigating",
		"facts": []any{map[string]string{"name": "filed", "day": "2026-02-12"}}, "numbers": []any{map[string]string{"kind": "case", "number": "任人社监立〔2026〕7号"}},
		"officers": []string{"officer", "officer2"}, "in-charge": "officer"}})
	if err != nil {
		t.Fatal(err)
	}
	c := b.caller("captain", access.WriteScope)
	c.key = "paper-7"
	for range 2 {
		if a := c.call("POST", "/cases/open-at", string(body)).is(201, ""); a.json["state"] != "investigating" || a.json["number"] != "任人社监立〔2026〕7号" || a.json["id"] != 1.0 {
			t.Errorf("%s", a.body)
		}
	}
	for _, ev := range c.call("GET", "/cases/1/events", "").is(200, "").json["events"].([]any) {
		if e := ev.(map[string]any); e["token"] == nil || e["token"] == "" {
			t.Errorf("an event without its token: %v", e)
		}
	}
	b.caller("clerk", access.WriteScope).call("POST", "/cases/open-at", string(body)).is(403, "not-your-gate")
	b.caller("captain", access.WriteScope).call("POST", "/cases/open-at", strings.Replace(string(body), "02-12", "02-01", 1)).is(422, "field-invalid")
	c.call("POST", "/cases/open-at", strings.Replace(string(body), "2026-02-09", "2026-02-10", 1)).is(422, "key-reused")
}

// described holds the description of a procedure's forms to what a program needs: each action's parts are among the forms,
// each field has its type, and choices and bounds are told.
func described(t *testing.T, of map[string]any) {
	t.Helper()
	forms := of["forms"].(map[string]any)
	parts := map[string]bool{}
	seen := map[string]bool{}
	for id, f := range forms {
		for _, p := range f.(map[string]any)["parts"].([]any) {
			p := p.(map[string]any)
			parts[id+" "+p["part"].(string)] = true
			fields, _ := p["fields"].([]any)
			for _, x := range fields {
				x := x.(map[string]any)
				if x["computed"] == nil && x["type"] == nil {
					t.Errorf("%s: the type of %v isn't told", id, x)
				}
				for key := range x {
					seen[key] = true
				}
			}
		}
	}
	for _, x := range of["actions"].([]any) {
		x := x.(map[string]any)
		if x["built-in"] == nil && x["by"] == nil {
			t.Errorf("who may take %v isn't told", x["id"])
		}
		fills, _ := x["forms"].([]any)
		for _, p := range fills {
			if p := p.(map[string]any); !parts[p["form"].(string)+" "+p["part"].(string)] {
				t.Errorf("%v fills %v, which isn't described", x["id"], p)
			}
		}
	}
	for _, key := range []string{"choices", "columns", "max", "min", "max-length", "not-after", "required", "when", "law"} {
		if !seen[key] {
			t.Errorf("no field tells %q", key)
		}
	}
}

// TestAPIMethods: HEAD is answered as GET without a body, and what an address doesn't take is told with what it takes.
func TestAPIMethods(t *testing.T) {
	b := newBureau(t)
	b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.ReadScope)
	if a := c.ask(c.request("HEAD", "/api/v1/cases/1", nil, "")).is(200, ""); a.body != "" {
		t.Errorf("a body %q", a.body)
	}
	if a := c.call("DELETE", "/cases", "").is(405, "wrong-method"); !strings.Contains(a.head.Get("Allow"), "GET") || !strings.Contains(a.head.Get("Allow"), "POST") {
		t.Errorf("Allow %q", a.head.Get("Allow"))
	}
	if a := c.call("GET", "/cases/open-at", "").is(405, "wrong-method"); a.head.Get("Allow") != "POST" {
		t.Errorf("Allow %q", a.head.Get("Allow"))
	}
}

func TestAPISpeaksEnglish(t *testing.T) {
	b := newBureau(t)
	c := b.caller("clerk", access.ReadScope)
	req := c.request("GET", "/api/v1/cases/999", nil, "")
	req.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	if a := c.ask(req).is(404, "not-found"); strings.ContainsRune(a.json["title"].(string), '没') {
		t.Errorf("%s", a.body)
	}
}

// A day is read in a body as on a page, whatever was typed for its signs; what is no day is told with its member's name.
func TestAPIReadsDaysAsPagesDo(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.WriteScope)
	note := fmt.Sprintf("/cases/%d/actions/note", id)
	for _, day := range []string{"2026-03-02", "２０２６－３－２", "2026年3月2日", "2026/3/2", "20260302", "\u200b2026-03-02 ", ""} {
		body, _ := json.Marshal(map[string]any{"fact": day, "values": map[string]string{"text": "核对"}})
		c.call("POST", note, string(body)).is(http.StatusOK, "")
		events := c.call("GET", fmt.Sprintf("/cases/%d/events", id), "").json["events"].([]any)
		if last := fmt.Sprint(events[len(events)-1]); !strings.Contains(last, "2026-03-02") {
			t.Errorf("%q: %s", day, last)
		}
	}
	for path, body := range map[string]string{note: `{"fact":"2026-02-30"}`, "/cases": `{"workflow":"labour-case","fact":"2026-02-30"}`,
		"/cases/open-at": `{"workflow":"labour-case","received":"2026-02-30"}`} {
		a := c.call("POST", path, body).is(http.StatusUnprocessableEntity, "field-invalid")
		if !strings.Contains(body, fmt.Sprintf("%q", a.json["fields"].([]any)[0].(map[string]any)["path"])) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
}

// A key that is too long is refused: one that was cut would be another's.
func TestALongKeyIsNotCut(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.WriteScope)
	note := fmt.Sprintf("/cases/%d/actions/note", id)
	c.key = strings.Repeat("k", 100)
	c.call("POST", note, `{"values":{"text":"一"}}`).is(http.StatusOK, "")
	c.key += "2"
	c.call("POST", note, `{"values":{"text":"一"}}`).is(http.StatusBadRequest, "unreadable")
}
