package alert_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/engine/alert"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

type ctx = context.Context

// group is a robot's server that remembers what it was sent and shows each message id once.
type group struct {
	*httptest.Server
	mu     sync.Mutex
	calls  int
	shown  map[string]string
	times  []call // each time that a message came
	query  string
	head   http.Header
	answer func(w http.ResponseWriter)
}

// call is one time that a message came.
type call struct{ id, body string }

func newGroup(t *testing.T) *group {
	g := &group{shown: map[string]string{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		g.mu.Lock()
		g.calls++
		g.query, g.head = r.URL.RawQuery, r.Header
		g.shown[r.Header.Get("Idempotency-Key")] = string(body)
		g.times = append(g.times, call{r.Header.Get("Idempotency-Key"), string(body)})
		answer := g.answer
		g.mu.Unlock()
		if answer != nil {
			answer(w)
			return
		}
		io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	t.Cleanup(g.Close)
	return g
}

// TestRobotShapes: what is sent is what each robot reads, signed where it asks for that, with the parcel's id.
func TestRobotShapes(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.at(1, 19, 8, 0)
	to := office.Person{ID: "zhou", Name: "周局", Phone: "13900000000"}
	parcel := alert.Parcel{ID: "p1", Messages: []alert.Out{{Red: true, Told: alert.Told{Case: 7, Number: "任人社监收〔2026〕1号", Party: "任县某公司",
		Title: procedure.Label{ZH: "立案期限"}, Due: s.Engine.Today() - 7, At: s.Engine.Now(), Red: true}}}}
	for _, tt := range []struct {
		kind, query, want string
		signed            bool // in the head
	}{
		{"wecom", "key=k", `{"msgid":"p1","msgtype":"text","text":{"content":"周局 案卷提醒1件，红色1件\n【红】 任人社监收〔2026〕1号 立案期限逾期5个工作日（1月12日到期）。\n    https://ldjc.example.gov.cn/cases/7","mentioned_mobile_list":["13900000000"]}}`, true},
		{"dingtalk", "key=k&sign=", `{"at":{"atMobiles":["13900000000"],"isAtAll":false},"msgid":"p1","msgtype":"text","text":{"content":"周局 案卷提醒1件，红色1件\n【红】 任人社监收〔2026〕1号 立案期限逾期5个工作日（1月12日到期）。\n    https://ldjc.example.gov.cn/cases/7 @13900000000"}}`, false},
	} {
		g := newGroup(t)
		r := &alert.Robot{Kind: tt.kind, URL: g.URL + "/send?key=k", Secret: "SEC1", Words: s.words, Now: s.Engine.Now}
		if err := r.Send(t.Context(), to, parcel); err != nil {
			t.Fatal(err)
		}
		if got := g.shown["p1"]; got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.kind, got, tt.want)
		}
		if !strings.HasPrefix(g.query, tt.query) || strings.Contains(g.shown["p1"], "任县某公司") {
			t.Errorf("%s %s", g.query, g.shown["p1"])
		}
		if strings.HasPrefix(g.head.Get("X-Signature"), "sha256=") != tt.signed {
			t.Errorf("%s is signed %q", tt.kind, g.head.Get("X-Signature"))
		}
		if tt.kind == "dingtalk" && !strings.Contains(g.query, "timestamp=1768780800000") {
			t.Error(g.query)
		}
	}
	// A landline is nobody's mention, and what goes out on a later day speaks of that day.
	late := parcel
	late.ID, late.Day = "p2", s.Engine.Today()+3
	to.Phone = "0319-7590068"
	g := newGroup(t)
	if err := (&alert.Robot{Kind: "wecom", URL: g.URL, Words: s.words, Now: s.Engine.Now}).Send(t.Context(), to, late); err != nil {
		t.Fatal(err)
	}
	if got := g.shown["p2"]; !strings.Contains(got, "逾期8个工作日") || !strings.Contains(got, `"mentioned_mobile_list":[]`) {
		t.Error(got)
	}
	// What doesn't fit into one message of a robot goes in several, each whole; a mail holds all.
	s.reach("王窗", "wang@example.cn", "")
	var many []alert.Out
	for range 60 {
		many = append(many, parcel.Messages[0])
	}
	sizes, sum := s.Bundles("王窗", "wecom", many), 0
	for _, n := range sizes {
		sum += n
		few := alert.Parcel{ID: fmt.Sprint("q", sum), Messages: many[:n]}
		if err := (&alert.Robot{Kind: "wecom", URL: g.URL, Words: s.words, Now: s.Engine.Now}).Send(t.Context(), office.Person{Name: "王窗"}, few); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(g.shown[few.ID], "……") {
			t.Errorf("a parcel of %d is cut", n)
		}
	}
	if sum != 60 || len(sizes) < 2 || sizes[0] < 10 {
		t.Errorf("60 messages go in parcels of %v", sizes)
	}
	subject, lines := s.words(to).Mailed(alert.Parcel{Messages: many})
	said := 0
	for _, l := range lines {
		if strings.Contains(l, many[0].Told.Number) {
			said++
		}
	}
	if said != 20 || !strings.HasPrefix(lines[len(lines)-1], "另有40件") || !strings.Contains(subject, "60件") {
		t.Errorf("%s: %d are said one by one, then %q", subject, said, lines[len(lines)-1])
	}
	if sizes := s.Bundles("王窗", "mail", many); len(sizes) != 1 {
		t.Errorf("60 messages go in mails of %v", sizes)
	}
	// A message longer than a robot takes is cut at a line, and says so.
	for range 60 {
		parcel.Messages = append(parcel.Messages, parcel.Messages[0])
	}
	g = newGroup(t)
	if err := (&alert.Robot{Kind: "wecom", URL: g.URL, Words: s.words, Now: s.Engine.Now}).Send(t.Context(), to, parcel); err != nil {
		t.Fatal(err)
	}
	var sent struct{ Text struct{ Content string } }
	if err := json.Unmarshal([]byte(g.shown["p1"]), &sent); err != nil || len(sent.Text.Content) > 2048 || !strings.HasSuffix(sent.Text.Content, "\n……") {
		t.Error(len(sent.Text.Content), err)
	}
}

// TestRobotFails: a robot that is slow, down, redirects, refuses or answers nonsense is an error, without its key in it.
func TestRobotFails(t *testing.T) {
	s := newStage(t, filed[:1]...)
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter)
	}{
		{"slow", func(http.ResponseWriter) { time.Sleep(400 * time.Millisecond) }},
		{"500", func(w http.ResponseWriter) { w.WriteHeader(500) }},
		{"elsewhere", func(w http.ResponseWriter) { w.Header().Set("Location", "/there"); w.WriteHeader(302) }},
		{"a page", func(w http.ResponseWriter) { io.WriteString(w, "<html>ok</html>") }},
		{"nothing", func(http.ResponseWriter) {}},
		{"no code", func(w http.ResponseWriter) { io.WriteString(w, `{"ok":true}`) }},
		{"busy", func(w http.ResponseWriter) { w.WriteHeader(429); io.WriteString(w, `{"errcode":0}`) }},
		{"nothing to say", func(w http.ResponseWriter) { w.WriteHeader(204) }},
		{"a list", func(w http.ResponseWriter) { io.WriteString(w, `[{"errcode":0}]`) }},
		{"a code in words", func(w http.ResponseWriter) { io.WriteString(w, `{"errcode":"0"}`) }},
		{"no code at all", func(w http.ResponseWriter) { io.WriteString(w, `{"errcode":null}`) }},
		{"two answers", func(w http.ResponseWriter) { io.WriteString(w, `{"errcode":0}{"errcode":1}`) }},
		{"endless", func(w http.ResponseWriter) {
			io.WriteString(w, `{"errcode":0,"errmsg":"`)
			for range 200 {
				if _, err := io.WriteString(w, strings.Repeat("x", 1024)); err != nil {
					return
				}
			}
			io.WriteString(w, `"}`)
		}},
		{"a drop at a time", func(w http.ResponseWriter) {
			for range 8 {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(50 * time.Millisecond)
			}
			io.WriteString(w, `{"errcode":0}`)
		}},
		{"refused", func(w http.ResponseWriter) { io.WriteString(w, `{"errcode":93000,"errmsg":"invalid webhook url"}`) }},
		{"breaks off", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"errcode":0`)
		}},
		{"down", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGroup(t)
			g.answer = tt.answer
			if tt.answer == nil {
				g.Close()
			}
			r := &alert.Robot{Kind: "wecom", URL: g.URL + "/send?key=geheim", Words: s.words, Now: s.Engine.Now, Client: &http.Client{Timeout: 200 * time.Millisecond,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
			err := r.Send(t.Context(), office.Person{}, alert.Parcel{ID: "p"})
			var refused *alert.Refused
			if err == nil || strings.Contains(err.Error(), "geheim") || errors.As(err, &refused) {
				t.Error(err)
			}
		})
	}
	if err := (&alert.Robot{URL: "nowhere", Words: s.words}).Send(t.Context(), office.Person{}, alert.Parcel{}); err == nil {
		t.Error("sent to no address")
	}
}

// box is a channel that a test drives.
type box struct {
	fault error
	got   []string // the ids of parcels, each time that one came
	lens  map[string]int
	then  func()
}

func (b *box) Send(_ ctx, _ office.Person, p alert.Parcel) error {
	if b.lens == nil {
		b.lens = map[string]int{}
	}
	if n, ok := b.lens[p.ID]; ok && n != len(p.Messages) {
		return errors.New("the same id with other messages")
	}
	b.lens[p.ID] = len(p.Messages)
	b.got = append(b.got, p.ID)
	if b.then != nil {
		b.then()
	}
	return b.fault
}

// TestDigest: yellow waits for the morning of the next working day and goes as one; red goes at once.
func TestDigest(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.reach("王窗", "wang@example.cn", "")
	mail := &box{}
	deliver := func(want int) {
		t.Helper()
		n, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": mail, "wecom": quiet{}})
		if err != nil || len(mail.got) != want {
			t.Errorf("%d sent, %d parcels so far, want %d: %v", n, len(mail.got), want, err)
		}
	}
	s.at(1, 8, 20, 0) // Thursday evening
	s.pass()
	deliver(0)
	s.at(1, 9, 8, 0)
	s.pass()
	deliver(0)
	s.at(1, 9, 8, 30)
	deliver(1) // both thresholds in one digest
	if mail.lens[mail.got[0]] != 2 {
		t.Errorf("%d messages in the digest", mail.lens[mail.got[0]])
	}
	s.at(1, 12, 22, 0) // the due day, told after hours
	s.pass()
	s.at(1, 13, 0, 5)
	s.pass() // overdue: red, at once, in the night
	deliver(2)
	s.at(1, 13, 8, 30)
	deliver(3)
}

// TestMissedDigest: what a program that was not running in the morning finds at its start goes out then, once, while the day
// is still the day; what comes later waits for the next morning.
func TestMissedDigest(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.reach("王窗", "wang@example.cn", "")
	s.at(1, 6, 20, 0)
	s.pass()
	s.at(1, 9, 10, 0) // started again
	s.pass()
	next := func(want string) {
		t.Helper()
		waiting, _, err := s.Outbox(t.Context())
		if err != nil || len(waiting) == 0 {
			t.Fatal(waiting, err)
		}
		o := waiting[len(waiting)-1]
		if got := o.Next.In(time.FixedZone("CST", 8*3600)).Format("01-02 15:04"); got != want {
			t.Errorf("%s %d is due at %s, want %s", o.Told.Clock, o.Told.Threshold, got, want)
		}
	}
	next("01-09 10:00")
	if n, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": quiet{}, "wecom": quiet{}}); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	s.at(1, 10, 10, 0) // a Saturday: no digest was missed
	s.pass()
	s.at(1, 11, 20, 0)
	s.pass()
	if _, err := s.Nudge(t.Context(), "孙队", 1); err != nil { // by a person: at once, at any hour
		t.Fatal(err)
	}
	next("01-11 20:00")
}

// TestMornings: yellow goes out at half past eight on the next day that is worked, be it a Saturday; red at once on any.
func TestMornings(t *testing.T) {
	for _, tt := range []struct {
		name             string
		open             string // the day on which the case came in
		month, day, hour int    // of the pass
		want             string // when its messages are due
	}{
		{"the evening before a working day", "2026-01-05", 1, 8, 20, "2026-01-09 08:30"},
		{"early", "2026-01-05", 1, 9, 6, "2026-01-09 08:30"},
		{"after the digest", "2026-01-05", 1, 9, 9, "2026-01-12 08:30"},
		{"a make-up Saturday", "2026-02-09", 2, 13, 20, "2026-02-14 08:30"},
		{"before the Spring Festival", "2026-02-09", 2, 14, 20, "2026-02-24 08:30"},
		{"red, on a Sunday night", "2026-01-05", 1, 18, 23, "2026-01-18 23:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, "date: "+tt.open+", as: clerk, do: open, with: {source: complaint}")
			s.at(tt.month, tt.day, tt.hour, 0)
			s.pass()
			waiting, _, err := s.Outbox(t.Context())
			if err != nil || len(waiting) == 0 {
				t.Fatal(waiting, err)
			}
			for _, o := range waiting {
				if got := o.Next.In(time.FixedZone("CST", 8*3600)).Format("2006-01-02 15:04"); got != tt.want {
					t.Errorf("%s %d is due at %s, want %s", o.Told.Clock, o.Told.Threshold, got, tt.want)
				}
			}
		})
	}
}

// TestRefused: what no other try mends is given up at the first.
func TestRefused(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.reach("周局", "zhou@example.cn", "")
	s.at(1, 19, 8, 0)
	s.pass()
	mail := &box{fault: &alert.Refused{Err: errors.New("550 nobody here")}}
	if _, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": mail, "wecom": quiet{}}); err != nil {
		t.Fatal(err)
	}
	waiting, dead, err := s.Outbox(t.Context())
	if err != nil || len(waiting) != 0 || len(dead) != 1 || dead[0].Fault != "550 nobody here" || dead[0].Tries != 1 {
		t.Error(waiting, dead, err)
	}
}

// TestRetriesAndDeadLetters: failures are tried again, later each time and under the same id; then the message is given
// up, visible, and can be sent again by an administrator.
func TestRetriesAndDeadLetters(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.keep(office.Person{ID: "施管", Name: "施管", Posts: []office.Held{{Post: office.Admin}}}, 0)
	s.reach("周局", "zhou@example.cn", "")
	s.at(1, 19, 8, 0)
	s.pass()
	mail := &box{fault: errors.New("the server is down")}
	channels := map[string]alert.Channel{"mail": mail, "wecom": quiet{}}
	rounds := 0
	for ; rounds < 5000; rounds++ {
		if _, err := s.Deliver(t.Context(), channels); err != nil {
			t.Fatal(err)
		}
		*s.now = s.now.Add(time.Minute)
		if waiting, _, _ := s.Outbox(t.Context()); len(waiting) == 0 {
			break
		}
	}
	if len(mail.got) != 10 || rounds < 600 {
		t.Errorf("tried %d times in %d minutes", len(mail.got), rounds)
	}
	_, dead, err := s.Outbox(t.Context())
	if err != nil || len(dead) != 1 || dead[0].To != "周局" || dead[0].Fault != "the server is down" {
		t.Fatal(dead, err)
	}
	if e := refusal.As(s.Resend(t.Context(), "周局", dead[0].ID)); e == nil || e.Code != refusal.Forbidden {
		t.Error(e)
	}
	mail.fault = nil
	for range 2 {
		if err := s.Resend(t.Context(), "施管", dead[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Deliver(t.Context(), channels); n != 1 || err != nil {
		t.Error(n, err)
	}
	for _, id := range mail.got {
		if id != mail.got[0] {
			t.Errorf("ids %v", mail.got)
		}
	}
	told, err := s.Of(t.Context(), "周局", 1)
	if err != nil || len(told) != 1 {
		t.Fatal(told, err)
	}
	if outs, err := s.Sendings(t.Context(), told[0].ID); err != nil || len(outs) != 2 || outs[0].Sent.IsZero() || outs[0].Fault != "" {
		t.Error(outs, err)
	}
}

// TestCutBetweenSendingAndRecord: the program is killed after the receiver took a parcel and before that is on record.
// The next start sends the very same parcel again, whatever has come since, so that the receiver can drop it.
func TestCutBetweenSendingAndRecord(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.reach("周局", "zhou@example.cn", "")
	s.at(1, 19, 8, 0)
	s.pass()
	cut, kill := context.WithCancel(t.Context())
	mail := &box{then: kill}
	if _, err := s.Deliver(cut, map[string]alert.Channel{"mail": mail, "wecom": quiet{}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	mail.then = nil
	if _, err := s.Nudge(t.Context(), "孙队", 1); err != nil { // something new for somebody
		t.Fatal(err)
	}
	if _, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": mail, "wecom": quiet{}}); err != nil {
		t.Fatal(err)
	}
	if len(mail.got) != 2 || mail.got[0] != mail.got[1] {
		t.Errorf("%v", mail.got)
	}
	if n, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": mail, "wecom": quiet{}}); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// TestChoices: each person has what they choose, but for red, which who leads can't switch off.
func TestChoices(t *testing.T) {
	s := newStage(t, filed[:1]...)
	all := func(l alert.Level) map[string]alert.Level {
		return map[string]alert.Level{"mail": l, "wecom": l, "dingtalk": l}
	}
	for _, tt := range []struct {
		who office.PersonID
		l   alert.Level
		ok  bool
	}{{"周局", alert.None, false}, {"周局", alert.OnlyRed, true}, {"孙队", alert.None, true}, {"王窗", alert.OnlyRed, true}, {"王窗", "loud", false}} {
		p := s.Engine.Office().Person(tt.who)
		if err := s.Choose(t.Context(), p, all(tt.l)); (err == nil) != tt.ok {
			t.Errorf("%s chooses %s: %v", tt.who, tt.l, err)
		}
	}
	s.at(1, 8, 8, 0)
	s.pass()
	if waiting, _, err := s.Outbox(t.Context()); err != nil || len(waiting) != 0 {
		t.Errorf("yellow is sent to those who want red: %v %v", waiting, err)
	}
	s.at(1, 19, 8, 0)
	s.pass()
	waiting, _, err := s.Outbox(t.Context())
	got := map[office.PersonID]int{}
	for _, o := range waiting {
		got[o.To]++
	}
	if err != nil || got["周局"] != 1 || got["孙队"] != 0 || got["王窗"] != 1 {
		t.Error(got, err)
	}
	// Whoever comes to lead after they switched everything off has red all the same.
	p := *s.Engine.Office().Person("孙队")
	p.Posts = append(p.Posts, office.Held{Post: "leader"})
	if levels, err := s.Choice(&p); err != nil || levels["mail"] != alert.OnlyRed {
		t.Error(levels, err)
	}
}
