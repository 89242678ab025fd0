package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/web"
)

// Every address that takes a form, and every one of the API that takes a body, answers people of each post: an empty form,
// rubbish, addresses that name something and such that name nothing. None of it is an error of the program's own, and
// nothing comes on record without somebody who did it.
func TestEveryPostIsAnswered(t *testing.T) {
	b := newBureau(t)
	id := b.atGate("任县宏达建筑劳务有限公司")
	known := map[string]string{"id": "1", "workflow": "labour-case", "action": "note", "n": "1", "kind": "employer", "token": "none"}
	none := map[string]string{"id": "../9", "workflow": "无", "action": "\x00", "n": "99999999999999999999", "kind": "''", "token": "%"}
	own := map[string]map[string]string{"/admin/people/": {"id": "officer2"}, "/people/": {"id": "officer2"}, "/plans/": {"id": "labour-written"}}
	rubbish := url.Values{"v.text": {"\x00\u202e<b>", "二"}, "t.workers.999999.owed": {"１e9"}, "paste.workers": {"\t\t\n\""}, "day": {"2026-02-30"}, "seq": {"-1"}, "key": {strings.Repeat("k", 5000)},
		"walk": {"none"}, "paper": {"99"}, "for": {"nobody"}, "then": {"row:none"}, "draft": {"../.."}, "rev": {"x"}, "who": {"nobody"}, "id": {"\x00"}, "name": {"\xff"}, "from": {"x"}, "to": {"x"},
		"post": {"none"}, "value": {"-"}, "text": {"{"}, "year": {"0"}, "objects": {"none", ""}, "team": {"nobody"}, "n": {"-1"}, "back": {"//evil.example"}}
	routes := web.PostRoutes()
	if len(routes) < 40 {
		t.Fatalf("only %d routes", len(routes))
	}
	fill := func(route string, names map[string]string) string {
		return regexp.MustCompile(`:\w+`).ReplaceAllStringFunc(route, func(p string) string {
			for at, more := range own {
				if v := more[p[1:]]; v != "" && names["id"] == "1" && strings.HasPrefix(route, at) {
					return v
				}
			}
			return url.PathEscape(names[p[1:]])
		})
	}
	answers := map[int]int{}
	for _, who := range []string{"clerk", "officer", "captain", "leader", "fund", "admin"} {
		v := b.visit(who)
		token := b.caller(office.PersonID(who), access.WriteScope).token
		v.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		for _, route := range routes {
			if slices.Contains([]string{"/login", "/logout"}, route) {
				continue
			}
			for _, names := range []map[string]string{known, none} {
				path := fill(route, names)
				for _, body := range []string{"", rubbish.Encode(), `{"values":{"text":["a",{"b":"c"}]},"for":"\u0000"}`, `{"values":{}}`} {
					json := strings.HasPrefix(body, "{")
					if json != strings.HasPrefix(route, "/api/") && body != "" {
						continue
					}
					kind := "application/x-www-form-urlencoded"
					if json {
						kind = "application/json"
					}
					r := v.request("POST", path, strings.NewReader(body), kind)
					if strings.HasPrefix(route, "/api/") {
						r.Header.Set("Authorization", "Bearer "+token)
					}
					res, err := v.Do(r)
					if err != nil {
						t.Fatalf("%s by %s: %v", path, who, err)
					}
					res.Body.Close()
					answers[res.StatusCode]++
					if res.StatusCode >= 500 || res.StatusCode == http.StatusMethodNotAllowed {
						t.Errorf("POST %s (%s) by %s, %.30q: %d", path, route, who, body, res.StatusCode)
					}
				}
			}
		}
	}
	for _, status := range []int{http.StatusOK, http.StatusSeeOther, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity} {
		if answers[status] < 5 { // then it is not the forms that were answered
			t.Errorf("answers %v", answers)
			break
		}
	}
	events, err := desk.Events(b.Engine, "captain", id, 0)
	if err != nil || len(events) == 0 {
		t.Fatal(len(events), err)
	}
	for _, ev := range events {
		if ev.Actor == "" {
			t.Errorf("event %d, %s, has no actor", ev.Seq, ev.Action)
		}
	}
}
