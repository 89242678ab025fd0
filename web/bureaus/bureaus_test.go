package bureaus

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secret = "a-token-of-more-than-twenty-signs"

// A file is read whole or refused with the place of each fault, and no fault tells a token.
func TestRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "bureaus.yaml")
	read := func(text string) ([]Bureau, error) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return Read(name)
	}
	all, err := read(`bureaus:
  - host: city.example
    store: postgres://dossier@db/dossier?schema=city
    secrets: {mail: m, wecom: w, dingtalk: d}
    counties:
      - {name: 任县, address: "https://a.example/", token: ` + secret + `}
      - {name: 平乡县, address: "http://127.0.0.1:8080", token: ` + secret + `}
  - {host: a.example, data: /srv/a}
`)
	if err != nil || len(all) != 2 || all[0].URL != "postgres://dossier@db/dossier?schema=city" || all[1].URL != "bolt:/srv/a" || all[0].Secrets.WeCom != "w" ||
		len(all[0].Counties) != 2 || all[0].Counties[0].Address != "https://a.example" || all[0].Counties[1].Token != secret {
		t.Errorf("%+v %v", all, err)
	}
	for text, want := range map[string]string{
		"bureaus:\n  - {host: a.example}":                                                          ":2:5: bureaus[0]: the place of the data is missing",
		"bureaus:\n  - {host: A_b, data: x}":                                                       `:2:12: bureaus[0].host: "A_b" is no host name`,
		"bureaus:\n  - {host: a.example:8080, data: x}":                                            "is no host name",
		"bureaus:\n  - {host: a, data: x, store: y}":                                               "stands twice",
		"bureaus:\n  - {host: a, data: x}\n  - {host: a, data: y}":                                 `:3:12: bureaus[1].host: host "a" stands twice`,
		"bureaus:\n  - {host: a, data: x}\n  - {host: b, store: \"bolt:./x\"}":                     "another bureau has its data here",
		"bureaus:\n  - {host: a, store: \"postgres://db/x\"}":                                      "names no schema",
		"bureaus:\n  - {host: a, data: x, dta: y}":                                                 `no key "dta" here (did you mean "data"`,
		"bureaus:\n  - {host: a, data: x, counties: [{name: n, address: \"http://b\", token: t}]}": "a token can't be sent there",
		"bureaus:\n  - {host: a, data: x, counties: [{name: n, address: \"https://b\", token: " + secret + " }, {name: n, address: \"https://u@b\", token: short}]}": "this is no token",
		"bureaus: []": "no bureau stands here",
		"hosts: []":   `no key "hosts" here`,
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), name+":") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(name); err == nil || !strings.Contains(err.Error(), "chmod") {
		t.Errorf("a file that everybody may read: %v", err)
	}
}

// The file of the operator's guide is one.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(guide), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	all, err := parse("bureaus.yaml", []byte(text))
	if err != nil || len(all) != 3 || len(all[2].Counties) != 1 {
		t.Errorf("%+v %v", all, err)
	}
}

// A request goes to the bureau of its host name, however that is written; what stands elsewhere in it changes nothing.
func TestHosts(t *testing.T) {
	h := &Hosts{}
	h.Name([]Bureau{{Host: "a.example"}, {Host: "b.example"}, {Host: "c.example"}}, http.NotFoundHandler())
	for _, name := range []string{"a.example", "b.example"} {
		h.Open(name, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(name)) }))
	}
	for _, test := range []struct {
		host, path, forwarded string
		status                int
		says                  string
	}{
		{"a.example", "/", "", 200, "a.example"},
		{"B.Example.:8080", "/x", "", 200, "b.example"},
		{"a.example", "/", "b.example", 200, "a.example"},
		{"c.example", "/", "", 503, "打不开"},
		{"c.example", "/api/v1/cases", "", 503, `"code":"unavailable"`},
		{"c.example", "/healthz", "", 200, "ok"},
		{"c.example", "/readyz", "", 503, "not open"},
		{"d.example", "/", "", 404, "没有这个单位"},
		{"d.example", "/api/v1/cases", "", 404, `"code":"not-found"`},
		{"a.example.evil", "/", "", 404, "没有这个单位"},
		{"", "/", "", 404, "没有这个单位"},
		{"d.example", "/readyz", "", 503, "a.example: a.example\nb.example: b.example\nc.example: not open\n"},
		{"d.example", "/metrics", "", 404, "没有这个单位"}, // not from this machine
	} {
		r := httptest.NewRequest("GET", test.path, nil)
		r.Host = test.host
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-Host", test.forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%+v: %d %s", test, w.Code, w.Body)
		}
	}
}
