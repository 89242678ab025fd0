package alert_test

import (
	"crypto/tls"
	"strings"
	"testing"

	"dossier/engine/alert"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/text"
)

// A provisional due day is marked in the mail and in what a robot sends, in both languages; a firm one is not.
func TestProvisionalDayIsMarkedWhenSent(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.at(1, 7, 8, 0)
	for _, tt := range []struct {
		lang        text.Lang
		provisional bool
		want        string
	}{
		{text.ZH, true, "1月12日（暂定）到期"},
		{text.ZH, false, "1月12日到期"},
		{text.EN, true, "2026-01-12 (provisional)"},
		{text.EN, false, "2026-01-12"},
	} {
		to := office.Person{ID: "zhou", Name: "周局", Mail: "zhou@example.cn", Phone: "13900000000", Lang: string(tt.lang)}
		parcel := alert.Parcel{ID: "p1", Messages: []alert.Out{{Told: alert.Told{Number: "任人社监收〔2026〕1号", Clock: "filing",
			Title: procedure.Label{ZH: "立案", EN: "Filing"}, Due: s.Engine.Today() + 5, Provisional: tt.provisional, At: s.Engine.Now()}}}}
		words := func(office.Person) alert.Words { return alert.Words{Lang: tt.lang, Engine: s.Engine} }

		post := newPostOffice(t, "")
		mail := &alert.Mail{Server: post.addr, From: "dossier@example.cn", Words: words, Now: s.Engine.Now, TLS: &tls.Config{RootCAs: post.roots, ServerName: "example.com"}}
		if err := mail.Send(t.Context(), to, parcel); err != nil {
			t.Fatal(err)
		}
		group := newGroup(t)
		robot := &alert.Robot{Kind: "wecom", URL: group.URL + "/send?key=k", Words: words, Now: s.Engine.Now}
		if err := robot.Send(t.Context(), to, parcel); err != nil {
			t.Fatal(err)
		}
		for way, got := range map[string]string{"mail": post.letters[0].body, "robot": group.shown["p1"]} {
			marked := strings.Contains(got, "暂定") || strings.Contains(got, "provisional")
			if !strings.Contains(got, tt.want) || marked != tt.provisional {
				t.Errorf("%s %s: %q, want %q in it, marked %v", way, tt.lang, got, tt.want, tt.provisional)
			}
		}
	}
}
