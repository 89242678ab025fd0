//go:build !race

// Three thousand cells, one request after another: nothing here happens at once, and the race detector takes ten times as long.

package web_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dossier/engine/access"
	"dossier/engine/change"
	"dossier/engine/decide"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/web"
)

// postHolders hires somebody for each post of the office, who holds it and nothing else, and gives their browsers.
func (b *bureau) postHolders() map[procedure.Actor]*visitor {
	b.t.Helper()
	hash := b.Office().Person("admin").Password
	var ws []ledger.RecordWrite
	for _, post := range b.Office().Posts() {
		p := office.Person{ID: office.PersonID("only-" + post.ID), Name: "岗" + post.Title.ZH, Password: hash, Posts: []office.Held{{Post: post.ID}}}
		data, err := json.Marshal(p)
		if err != nil {
			b.t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(b.t.Context(), b.Engine, ws...); err != nil {
		b.t.Fatal(err)
	}
	out := map[procedure.Actor]*visitor{}
	for _, post := range b.Office().Posts() {
		out[post.ID] = b.visit("only-" + string(post.ID))
	}
	return out
}

// Every address answers people of each post as the administrator's table of access says: page by page, post by post.
func TestPagesByPost(t *testing.T) {
	b := newBureau(t)
	b.atGate("任县宏达建筑劳务有限公司")
	visitors := b.postHolders()
	posts := b.Office().Posts()
	table := map[string][]bool{} // address → may, in the order of the posts
	p := b.visit("admin").get("/admin/access").want(200)
	for _, row := range below(below(p.one("table#pages"), "tbody")[0], "tr") {
		var may []bool
		for _, cell := range below(row, "td")[1:] {
			may = append(may, len(below(cell, "b")) > 0)
		}
		for _, c := range below(row, "code") {
			table[said(c)] = may
		}
	}
	names := map[string]string{"workflow": "labour-case", "action": "note", "n": "1", "kind": "employer", "clock": "investigation", "p": "1", "ledger": "cases", "act": "reg", "file": "2026.json"}
	for path, id := range map[string]string{"/cases/": "1", "/admin/people/": "officer", "/admin/procedures/": "labour-case", "/people/": "officer", "/plans/": "labour-written", "/statistics/": "1", "/register/": "四(九)", "/admin/": "1"} {
		names[path] = id
	}
	fill := func(path string) string {
		return regexp.MustCompile(`:\w+`).ReplaceAllStringFunc(path, func(param string) string {
			if param != ":id" {
				return url.PathEscape(names[param[1:]])
			}
			at := ""
			for prefix := range names {
				if strings.HasPrefix(path, prefix) && len(prefix) > len(at) {
					at = prefix
				}
			}
			return url.PathEscape(names[at])
		})
	}
	cells := 0
	for _, r := range web.Routes() {
		may := table[r.Method+" "+r.Path]
		if len(may) != len(posts) {
			t.Errorf("%s is not in the table", r.Path)
			continue
		}
		for i, post := range posts {
			v := visitors[post.ID]
			var got *shown
			switch {
			case r.Path == "/alerts/stream":
				continue
			case r.Method == "GET":
				got = v.get(fill(r.Path))
			case may[i] && r.Right != "admin" && r.Right != "leads":
				continue // what it then does is others' subject
			default:
				got = v.post(fill(r.Path), url.Values{})
			}
			cells++
			refused := got.status == 403
			switch {
			case r.Right == "case" && strings.HasPrefix(r.Path, "/cases/:id"):
				sees := slices.Contains(b.Workflow("labour-case").Def.Actors(), post.ID)
				if none := strings.Replace(fill(r.Path), "/1", "/999", 1); !sees && r.Method == "GET" && got.status != v.get(none).status {
					t.Errorf("%s %s by %s, who doesn't see the case: %d", r.Method, r.Path, post.ID, got.status)
				}
			case !may[i] && !refused || got.status >= 500:
				t.Errorf("%s %s by %s: %d, and the table says no", r.Method, r.Path, post.ID, got.status)
			case may[i] && refused && r.Right != "staff" && r.Right != "takers":
				t.Errorf("%s %s by %s: %d, and the table says yes", r.Method, r.Path, post.ID, got.status)
			}
		}
	}
	if cells < 1000 {
		t.Errorf("only %d cells were tried", cells)
	}
	t.Logf("%d cells", cells)
}

// In the states that a case comes to, each action answers people of each post as the table says, by page and by API: whom it
// doesn't name are refused and nothing is written; whom it names without a condition find the form, with the fields of the table
// and no others.
func TestActionsByPost(t *testing.T) {
	b := newBureau(t)
	visitors := b.postHolders()
	ed := b.Workflow("labour-case")
	table := decide.Access(ed, b.Office(), b.Today())
	tokens := map[procedure.Actor]string{}
	for post := range visitors {
		who := office.PersonID("only-" + post)
		token, err := access.NewToken(t.Context(), b.Engine, who, who, "", access.WriteScope, 1)
		if err != nil {
			t.Fatal(err)
		}
		tokens[post] = token
	}
	id := b.opened("任县宏达建筑劳务有限公司")
	cells, found := 0, 0
	probe := func() {
		view, err := desk.View(b.Engine, "captain", id)
		if err != nil {
			t.Fatal(err)
		}
		c := view.Case
		open := map[procedure.ActionID]*procedure.Action{}
		for _, w := range c.Walks {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil {
				for i := range st.Actions {
					open[st.Actions[i].ID] = &st.Actions[i]
				}
			}
		}
		for _, x := range table {
			a := open[x.Action]
			if a == nil && x.Own {
				continue
			}
			for post, v := range visitors {
				cells++
				named := slices.Contains(x.By, post)
				at := fmt.Sprintf("%s/do/%s", caseAt(id), x.Action)
				got := v.get(at)
				where := fmt.Sprintf("%s in %s by %s", x.Action, c.Main(), post)
				if !named {
					if got.status == 200 {
						t.Errorf("%s: its form is shown, and the table says no", where)
					}
					if p := v.post(at, url.Values{"v.text": {"x"}, "v.reason": {"x"}}); p.status < 400 {
						t.Errorf("%s: POST %d", where, p.status)
					}
				}
				r := v.request("POST", fmt.Sprintf("/api/v1%s/actions/%s", caseAt(id), x.Action), strings.NewReader(`{"values":{"no-such-field":"x"}}`), "application/json")
				r.Header.Set("Authorization", "Bearer "+tokens[post])
				p := v.send(r)
				var problem struct{ Code string }
				if err := json.Unmarshal([]byte(p.body), &problem); err != nil || p.status < 400 || p.status >= 500 {
					t.Errorf("%s: API %d %.200s", where, p.status, p.body)
				}
				mine := problem.Code == "not-your-gate" || p.status == 404
				switch {
				case !named && p.status != 403 && p.status != 404:
					t.Errorf("%s: API %d %s, and the table says no", where, p.status, problem.Code)
				case named && x.Own && len(a.By) == 1 && mine:
					t.Errorf("%s: API %d %s, and the table says yes", where, p.status, problem.Code)
				}
				if named && x.Own && got.status == 200 {
					found++
					for in := range got.root.Descendants() {
						name, asks := strings.CutPrefix(attr(in, "name"), "v.")
						if !asks {
							continue
						}
						known := slices.ContainsFunc(x.Parts, func(p decide.AllowedPart) bool {
							is := func(f *procedure.Field) bool { return string(f.ID) == name }
							return slices.ContainsFunc(p.Asked, is) || slices.ContainsFunc(p.Secret, is)
						})
						if !known {
							t.Errorf("%s: it asks %s, which is not in the table", where, name)
						}
					}
				}
			}
		}
		after, err := desk.View(b.Engine, "captain", id)
		if err != nil || after.Case.Seq != c.Seq {
			t.Fatalf("in %s something was written: %v", c.Main(), err)
		}
	}
	probe()
	for _, x := range []struct {
		who    office.PersonID
		action procedure.ActionID
	}{{"clerk", "submit-filing"}, {"reviewer", "pass-filing"}, {"captain", "approve-filing"}} {
		b.do(x.who, id, x.action, nil)
		probe()
	}
	if cells < 800 || found < 8 {
		t.Errorf("only %d cells and %d forms", cells, found)
	}
	t.Logf("%d cells, %d forms", cells, found)
}

// below are the elements of that name in one.
func below(n *html.Node, name string) (out []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == name {
			out = append(out, c)
		}
	}
	return out
}

// A token or link that another makes in somebody's name is told to them; their own isn't.
func TestKeysAreTold(t *testing.T) {
	b := newBureau(t)
	admin, captain := b.visit("admin"), b.visit("captain")
	captain.post("/admin/tokens", url.Values{"name": {"mine"}, "scope": {"read"}, "days": {"1"}}).want(200)
	if p := captain.get("/alerts").want(200); strings.Contains(p.text("main"), "令牌") {
		t.Error("one's own token is told")
	}
	admin.post("/admin/tokens", url.Values{"name": {"x"}, "scope": {"read"}, "days": {"1"}, "person": {"captain"}}).want(200)
	admin.post("/admin/people/captain/invite", nil).want(200)
	captain.get("/").want(200).says("main", "施管以您的名义建了一个接口令牌").says("main", "施管为您建了一个设置密码的一次性链接")
	for n := range captain.get("/alerts").want(200).one("section#alerts").Descendants() {
		if href := attr(n, "href"); href != "" {
			captain.get(href).want(200)
		}
	}
}
