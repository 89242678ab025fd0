package web_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/web"
)

// Forms made up at random, for every address that takes one, by people of every post: names that the forms have and such that
// they don't, values of every kind in the wrong place. None of it is an error of the program's own, and each event has somebody
// who did it. FUZZ=SEED,COUNT in the environment tries others, and more of them.
func TestPostsMadeUp(t *testing.T) {
	seed, count := uint64(1), 600
	if s, n, ok := strings.Cut(os.Getenv("FUZZ"), ","); ok {
		seed, _ = strconv.ParseUint(s, 10, 64)
		count, _ = strconv.Atoi(n)
	}
	b := newBureau(t)
	b.atGate("任县宏达建筑劳务有限公司")
	b.opened("任县恒源纺织厂")
	dice := rand.New(rand.NewPCG(seed, 0))
	ed := b.Workflow("labour-case")
	var actions, fields []string
	for _, st := range ed.Def.Main.States {
		for _, a := range st.Actions {
			actions = append(actions, string(a.ID))
		}
	}
	for id := range procedure.Blanks {
		actions = append(actions, string(id))
	}
	slices.Sort(actions)
	for _, id := range slices.Sorted(maps.Keys(ed.Forms)) {
		for _, p := range ed.Forms[id].Parts {
			for _, f := range p.Fields {
				fields = append(fields, "v."+string(f.ID))
			}
		}
	}
	names := append(fields, "v.text", "v.reason", "v.name", "v.day", "v.officers", "v.in-charge", "t.workers.0.name", "t.workers.0.owed", "t.workers.1.id", "paste.workers", "day", "seq", "key",
		"walk", "paper", "for", "then", "draft", "rev", "who", "id", "name", "from", "to", "post", "value", "text", "year", "objects", "n", "back", "file", "schedule", "notice", "sum", "version", "cases", "reason", "act")
	values := []string{"", " ", "0", "-1", "1", "2", "99999999999999999999", "1e9", "１２", "8,600.50", "2026-03-02", "2026-02-30", "9999-12-31", "0001-01-01", "clerk", "officer", "captain", "nobody", "complaint", "yes",
		"labour-case", "main", "\x00", "\u202e", "\xff\xfe", "𠮷", "<script>", "''", "{", "[]", "null", "../../etc", "任县恒源纺织厂", "130526199001011234", "a\tb\nc\td", strings.Repeat("长", 4000)}
	pick := func(of []string) string { return of[dice.IntN(len(of))] }
	place := map[string]func() string{
		"id": func() string { return pick([]string{"1", "2", "3", "officer", "labour-case", "labour-written", "x"}) }, "workflow": func() string { return pick([]string{"labour-case", "campaign", "x"}) },
		"action": func() string { return pick(actions) }, "kind": func() string { return pick([]string{"employer", "x"}) },
	}
	people := []string{"clerk", "officer", "officer2", "reviewer", "captain", "leader", "fund", "admin"}
	visitors, tokens := map[string]*visitor{}, map[string]string{}
	for _, who := range people {
		v := b.visit(who)
		v.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		visitors[who], tokens[who] = v, b.caller(office.PersonID(who), access.WriteScope).token
	}
	routes := slices.DeleteFunc(web.PostRoutes(), func(r string) bool { return r == "/login" || r == "/logout" || strings.HasPrefix(r, "/account") })
	part := regexp.MustCompile(`:\w+`)
	for n := range count {
		route, who := routes[n%len(routes)], pick(people)
		path := part.ReplaceAllStringFunc(route, func(p string) string {
			if f := place[p[1:]]; f != nil {
				return url.PathEscape(f())
			}
			return url.PathEscape(pick([]string{"1", "none", "2026"}))
		})
		form := url.Values{}
		for range dice.IntN(12) {
			form.Add(pick(names), pick(values))
		}
		kind, body := "application/x-www-form-urlencoded", form.Encode()
		if strings.HasPrefix(route, "/api/") {
			kind, body = "application/json", `{"workflow":"labour-case","seq":`+pick([]string{"0", "1", "-1", `"x"`})+`,"for":`+strconv.QuoteToASCII(pick([]string{"", "captain", "nobody"}))+
				`,"values":{`+strconv.QuoteToASCII(strings.TrimPrefix(pick(names), "v."))+`:`+pick([]string{`"1"`, `["a"]`, `{"b":"c"}`, `[{"name":"x"}]`, "null", "1.5"})+`}}`
		}
		v := visitors[who]
		r := v.request("POST", path, strings.NewReader(body), kind)
		if kind == "application/json" {
			r.Header.Set("Authorization", "Bearer "+tokens[who])
		}
		res, err := v.Do(r)
		if err != nil {
			t.Fatalf("FUZZ=%d: %s by %s: %v", seed, path, who, err)
		}
		res.Body.Close()
		if res.StatusCode >= 500 {
			t.Errorf("FUZZ=%d: POST %s by %s: %d\n%.400s", seed, path, who, res.StatusCode, body)
		}
	}
	last, err := b.Store.Counter(ledger.CounterCase)
	if err != nil {
		t.Fatal(err)
	}
	for id := casefile.CaseID(1); id <= casefile.CaseID(last); id++ {
		events, err := desk.Events(b.Engine, office.System, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, ev := range events {
			if ev.Actor != office.System && b.Office().Person(ev.Actor) == nil {
				t.Errorf("event %d of case %d, %s, was done by %q, who is nobody", ev.Seq, id, ev.Action, ev.Actor)
			}
		}
	}
}
