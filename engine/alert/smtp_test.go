package alert_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/engine/alert"
	"dossier/engine/office"
)

// letter is a mail as the server took it.
type letter struct{ from, to, id, subject, body string }

// postOffice is a mail server of the test's own. It speaks STARTTLS, and lets a user in by a password.
type postOffice struct {
	addr     string
	cert     tls.Certificate
	roots    *x509.CertPool
	bad      string      // what is wrong with it, as TestMailFails names it; "plain": no TLS
	cut      func() bool // whether to hang up on a letter that was taken
	mu       sync.Mutex
	letters  []letter
	secured  int
	signedIn int
}

func newPostOffice(t *testing.T, bad string) *postOffice {
	t.Helper()
	ts := httptest.NewUnstartedServer(http.NotFoundHandler())
	ts.StartTLS()
	roots := x509.NewCertPool()
	roots.AddCert(ts.Certificate())
	p := &postOffice{cert: ts.TLS.Certificates[0], roots: roots, bad: bad}
	ts.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = l.Addr().String()
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(5 * time.Second))
				p.serve(c)
			})
		}
	})
	t.Cleanup(func() { l.Close(); wait.Wait() })
	return p
}

// serve talks to one client; an error of the connection ends it.
func (p *postOffice) serve(c net.Conn) {
	switch p.bad {
	case "greeting":
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n\r\nwhat?\r\n")
		return
	case "busy":
		fmt.Fprintf(c, "421 come again\r\n")
		return
	case "closed":
		fmt.Fprintf(c, "554 no service\r\n")
		return
	case "endless":
		for {
			if _, err := fmt.Fprintf(c, "220-%s\r\n", strings.Repeat("x", 400)); err != nil {
				return
			}
		}
	case "silent":
		io.Copy(io.Discard, c)
		return
	}
	r := bufio.NewReader(c)
	say := func(s string) { fmt.Fprintf(c, "%s\r\n", s) }
	say("220 post.test ESMTP")
	secure := false
	var l letter
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			if p.bad == "plain" {
				say("250-post.test\r\n250 8BITMIME")
			} else if !secure {
				say("250-post.test\r\n250-8BITMIME\r\n250 STARTTLS")
			} else {
				say("250-post.test\r\n250-8BITMIME\r\n250 AUTH PLAIN")
			}
		case "STARTTLS":
			say("220 go on")
			tc := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{p.cert}})
			if tc.Handshake() != nil {
				return
			}
			c, r, secure = tc, bufio.NewReader(tc), true
			p.mu.Lock()
			p.secured++
			p.mu.Unlock()
		case "AUTH":
			_, token, _ := strings.Cut(rest, " ")
			said, _ := base64.StdEncoding.DecodeString(token)
			if string(said) != "\x00alerts@example.cn\x00秘密" {
				say("535 no")
				continue
			}
			p.mu.Lock()
			p.signedIn++
			p.mu.Unlock()
			say("235 in")
		case "MAIL":
			if p.bad == "sender" {
				say("553 not you")
				continue
			}
			l = letter{from: rest}
			say("250 ok")
		case "RCPT":
			if p.bad == "refuse" {
				say("550 nobody here")
				continue
			}
			if p.bad == "grey" {
				say("451 in five minutes")
				continue
			}
			l.to = rest
			say("250 ok")
		case "DATA":
			if p.bad == "hangs up" {
				return
			}
			say("354 go on")
			if p.bad == "hangs up amid" {
				r.ReadString('\n')
				return
			}
			var b strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
			}
			if p.bad == "full" {
				say("452 no room")
				continue
			}
			if p.bad == "spam" {
				say("554 not this")
				continue
			}
			l.read(b.String())
			p.mu.Lock()
			p.letters = append(p.letters, l)
			cut := p.cut != nil && p.cut()
			p.mu.Unlock()
			if cut {
				return
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (l *letter) read(data string) {
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		l.body = err.Error()
		return
	}
	l.id = m.Header.Get("Message-ID")
	l.subject, _ = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	body := m.Body
	switch m.Header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, _ := io.ReadAll(body)
	l.body = string(text)
}

// channel is a mail channel to the server.
func (p *postOffice) channel(s *stage) *alert.Mail {
	return &alert.Mail{Server: p.addr, User: "alerts@example.cn", Password: "秘密", From: "案卷提醒 <alerts@example.cn>", Words: s.words,
		Now: s.Engine.Now, TLS: &tls.Config{RootCAs: p.roots, ServerName: "example.com"}, Timeout: 400 * time.Millisecond}
}

// TestMail: what is red goes by TLS at once as one mail with the parcel's id; Chinese arrives whole.
func TestMail(t *testing.T) {
	p := newPostOffice(t, "")
	s := newStage(t, filed[:1]...)
	s.reach("周局", "zhou@example.cn", "")
	s.at(1, 19, 8, 0)
	s.pass()
	n, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": p.channel(s), "wecom": quiet{}})
	if err != nil || n != 4 {
		t.Fatal(n, err)
	}
	if len(p.letters) != 1 || p.secured != 1 || p.signedIn != 1 {
		t.Fatalf("%d letters, %d by TLS, %d signed in", len(p.letters), p.secured, p.signedIn)
	}
	l := p.letters[0]
	if !strings.Contains(l.from, "<alerts@example.cn>") || !strings.Contains(l.to, "<zhou@example.cn>") || !strings.HasSuffix(l.id, "@example.cn>") {
		t.Errorf("%+v", l)
	}
	if l.subject != "案卷提醒1件，红色1件" || !strings.Contains(l.body, "【红】") || !strings.Contains(l.body, "立案逾期5个工作日（1月12日到期）") ||
		!strings.Contains(l.body, "责任清单四（九）二（一）1") {
		t.Errorf("%s\n%s", l.subject, l.body)
	}
	if !strings.Contains(l.body, "https://ldjc.example.gov.cn/cases/1") {
		t.Errorf("the mail leads to no case:\n%s", l.body)
	}
	if n, err := s.Deliver(t.Context(), map[string]alert.Channel{"mail": p.channel(s)}); n != 0 || err != nil || len(p.letters) != 1 {
		t.Errorf("sent again: %d, %v", n, err)
	}
}

// quiet takes everything.
type quiet struct{}

func (quiet) Send(ctx ctx, _ office.Person, _ alert.Parcel) error { return ctx.Err() }

// TestMailFails: a server that is down, slow, talks nonsense, refuses, hangs up or is somebody else is an error within the
// time given, and never a mail sent in the clear. It is final only where the person has no such address.
func TestMailFails(t *testing.T) {
	s := newStage(t, filed[:1]...)
	to := office.Person{ID: "周局", Mail: "zhou@example.cn"}
	parcel := alert.Parcel{ID: "p1", Messages: []alert.Out{{Told: alert.Told{Number: "1号"}}}}
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down.Close()
	_, port, _ := net.SplitHostPort(newPostOffice(t, "plain").addr)
	for _, tt := range []struct {
		name, bad string
		set       func(*alert.Mail)
		final     bool
	}{
		{"down", "", func(m *alert.Mail) { m.Server = down.Addr().String() }, false},
		{"silent", "silent", nil, false}, {"nonsense", "greeting", nil, false}, {"an endless greeting", "endless", nil, false},
		{"busy", "busy", nil, false}, {"closed", "closed", nil, false},
		{"refuses the sender", "sender", nil, false}, {"knows nobody there", "refuse", nil, true}, {"asks for patience", "grey", nil, false},
		{"hangs up before the letter", "hangs up", nil, false}, {"hangs up amid the letter", "hangs up amid", nil, false},
		{"full", "full", nil, false}, {"takes it for spam", "spam", nil, false},
		{"wrong password", "", func(m *alert.Mail) { m.Password = "x" }, false},
		{"another's certificate", "", func(m *alert.Mail) { m.TLS = nil }, false},
		{"no TLS, not on this machine", "", func(m *alert.Mail) { m.Server = "0.0.0.0:" + port }, false},
		{"no port", "", func(m *alert.Mail) { m.Server = "mail.example.cn" }, false},
		{"no sender", "", func(m *alert.Mail) { m.From = "" }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPostOffice(t, tt.bad)
			m := p.channel(s)
			if tt.set != nil {
				tt.set(m)
			}
			begun := time.Now()
			err := m.Send(t.Context(), to, parcel)
			if err == nil {
				t.Error("sent")
			}
			var refused *alert.Refused
			if errors.As(err, &refused) != tt.final {
				t.Errorf("final: %t, %v", !tt.final, err)
			}
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
			if len(p.letters) > 0 {
				t.Error("a letter arrived")
			}
		})
	}
	p := newPostOffice(t, "")
	if err := p.channel(s).Send(t.Context(), office.Person{ID: "x"}, parcel); err == nil {
		t.Error("sent to nobody's address")
	}
}
