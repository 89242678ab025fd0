package web_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"dossier/engine/access"
)

// What the API says of a body that is none is said in the language that was asked for, with nothing left open.
func TestAPISpeaksOneLanguage(t *testing.T) {
	b := newBureau(t)
	id := b.opened("任县宏达建筑劳务有限公司")
	c := b.caller("clerk", access.WriteScope)
	named := regexp.MustCompile(`“[^”]*”|JSON`)
	for _, body := range []string{``, `{`, `x`, `[]`, `{"seq":-1}`, `{"seq":"a"}`, `{"fact":"x"}`, `{"fact":"2026-02-30"}`, `{"fact":"2099-01-01"}`, `{"fact":"0001-01-01"}`, `{"hack":1}`, `{"values":[]}`,
		`{"values":{"text":{"a":1}}}`, `{"walk":"none"}`, `{"walk":"\u0000"}`, `{"paper":99}`, `{"for":"chair"}`, `{"for":"\u0000"}`, `{} {}`, `{"values":{"text":["a","b"]}}`, `{"values":{"other":"a"}}`} {
		for _, lang := range []string{"zh-CN", "en"} {
			r := c.request("POST", fmt.Sprintf("/api/v1/cases/%d/actions/note", id), strings.NewReader(body), "application/json")
			r.Header.Set("Accept-Language", lang)
			r.Header.Set("Authorization", "Bearer "+c.token)
			p := c.send(r)
			var problem struct {
				Title  string
				Fields []struct{ Message string }
			}
			if err := json.Unmarshal([]byte(p.body), &problem); err != nil || p.status < 400 || p.status >= 500 {
				t.Fatalf("%s: %d %s", body, p.status, p.body)
			}
			said := []string{problem.Title}
			for _, f := range problem.Fields {
				said = append(said, f.Message)
			}
			for _, s := range said {
				english, chinese := regexp.MustCompile(`[A-Za-z]{3,}`).FindString(named.ReplaceAllString(s, "")), regexp.MustCompile(`\p{Han}`).MatchString(s)
				if s == "" || strings.ContainsAny(s, "{}") || lang == "en" && chinese && !strings.Contains(body, `fact`) || lang != "en" && (english != "" || !chinese) || strings.Contains(s, "“”") {
					t.Errorf("%s in %s: %q", body, lang, s)
				}
			}
		}
	}
}
