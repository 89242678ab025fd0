package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	neturl "net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/health"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/specimen"
	"dossier/store"
	"dossier/store/storetest/pgserver"
	"dossier/web/page"
)

// asProgram, in the environment, makes this test binary the program itself.
const asProgram = "DOSSIER_TEST_AS_PROGRAM"

// staffed puts the demo county's people into a schema, and gives a token for one of them.
func staffed(t *testing.T, url string, who office.PersonID) (token string) {
	t.Helper()
	p := newProgram(t.Context())
	p.now = time.Now
	h, err := p.open(arguments{values: map[string][]string{"store": {url}}}, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	err = hire(t.Context(), h)
	if err == nil {
		token, err = access.NewToken(t.Context(), h.Engine, who, who, "a test", access.WriteScope, 1)
	}
	if err := h.close(err); err != nil {
		t.Fatal(err)
	}
	return token
}

// openHouse opens a schema as a server does, within this process: it hears of nothing that others do.
func openHouse(t *testing.T, url string) *house {
	t.Helper()
	p := newProgram(t.Context())
	p.now = time.Now
	h, err := p.open(arguments{values: map[string][]string{"store": {url}}}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	return h
}

// opens is the command that opens a labour case.
func opens(t *testing.T, h *house, who office.PersonID) casefile.Command {
	t.Helper()
	c := casefile.Command{Workflow: "labour-case", Action: "open", Actor: who, Values: procedure.Values{"source": procedure.TextValue("complaint")}}
	values, _, err := specimen.Samples(h.Engine, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Values = values
	return c
}

// opening is the body that opens a labour case.
func opening(t *testing.T, url string) string {
	t.Helper()
	h := openHouse(t, url)
	values := opens(t, h, "clerk").Values
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"workflow": "labour-case", "values": values})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A server that has heard nothing decides by the office as another has changed it: it refuses whom the other let go, and
// admits whom the other let in.
func TestOfficeOfOthers(t *testing.T) {
	url := pgserver.URL(t)
	staffed(t, url, "clerk")
	a, b := openHouse(t, url), openHouse(t, url)
	cmd := opens(t, b, "clerk")
	if _, err := b.Do(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	keep := func(h *house, p office.Person, posts ...procedure.Actor) error {
		t.Helper()
		p.Posts = nil
		for _, post := range posts {
			p.Posts = append(p.Posts, office.Held{Post: post})
		}
		seq, err := access.PersonSeq(h.Engine, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		return access.KeepPerson(t.Context(), h.Engine, "", p, "", seq)
	}
	second := office.Person{ID: "second", Name: "乙"}
	if err := keep(a, second, "clerk"); err != nil {
		t.Fatal(err)
	}
	cmd.Actor = "second" // of whom b has never heard
	if _, err := b.Do(t.Context(), cmd); err != nil {
		t.Errorf("let in by another server: %v", err)
	}
	if err := keep(a, second, "officer"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Do(t.Context(), cmd); refusal.As(err) == nil {
		t.Errorf("taken out of the post by another server: %v", err)
	}
	// Of two administrators who save at the same moment the second's change is decided again by the office that has moved.
	if err := keep(a, second, "clerk"); err != nil {
		t.Fatal(err)
	}
	if err := keep(b, office.Person{ID: "third", Name: "丙"}, "officer"); err != nil {
		t.Error(err)
	}
}

// mute is a store whose server goes away once a commit is done, before it has said so.
type mute struct {
	ledger.Store
	away bool
}

type awayError struct{ error }

func (awayError) Unavailable() bool { return true }

func (m *mute) Commit(ctx context.Context, c ledger.Commit) error {
	err := m.Store.Commit(ctx, c)
	if err == nil && m.away {
		err = awayError{errors.New("whether it was recorded is not known")}
	}
	return err
}

// An act of which nobody knows whether it was recorded is asked again by its key, at the same server or another, and is done once;
// its number is given to no other.
func TestOutcomeAskedByKey(t *testing.T) {
	url := pgserver.URL(t)
	staffed(t, url, "clerk")
	a, b := openHouse(t, url), openHouse(t, url)
	m := &mute{Store: a.Engine.Store, away: true}
	a.Engine.Store = m
	cmd := opens(t, b, "clerk")
	for i, h := range []*house{a, b} {
		m.away = true
		cmd.Key = fmt.Sprint("key", i)
		if _, err := a.Do(t.Context(), cmd); !page.Away(err) {
			t.Fatalf("%v", err)
		}
		m.away = false
		out, err := h.Do(t.Context(), cmd)
		if err != nil || !out.Replayed || int(out.Case.ID) != 2*i+1 {
			t.Fatalf("%+v %v", out, err)
		}
		cmd.Key = ""
		if out, err = a.Do(t.Context(), cmd); err != nil || int(out.Case.ID) != 2*i+2 {
			t.Fatalf("the next is %+v, %v", out, err)
		}
	}
	if v := verifyReal(t, url); v.Cases != 4 {
		t.Errorf("%+v", v)
	}
}

// A server whose clock is set more than five seconds off the database's refuses acts with the figures, and is not ready, until it
// is set right; the other works on meanwhile. One that is off doesn't start.
func TestClocksOfServers(t *testing.T) {
	url := pgserver.URL(t)
	staffed(t, url, "clerk")
	board := &health.Board{}
	var off atomic.Int64
	p := newProgram(t.Context())
	p.now = func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
	p.watch = func(_ string, _ time.Duration, err error) { storeFault(board, err, p.now()) }
	at := arguments{values: map[string][]string{"store": {url}}}
	a, err := p.open(at, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.store.Close()
	b := openHouse(t, url)
	cmd := opens(t, b, "clerk")
	for _, by := range []time.Duration{6 * time.Second, -6 * time.Second} {
		off.Store(int64(by))
		_, err := a.Do(t.Context(), cmd)
		if e := refusal.As(err); e == nil || e.Code != refusal.ClockSkew || e.Args["now"] == e.Args["other"] || !strings.HasPrefix(e.Args["off"], "6.") && e.Args["off"] != "5.9" {
			t.Errorf("off by %s: %v", by, err)
		}
		if f := board.Faults(); len(f) != 1 || f[0].Code != health.Skew || !f[0].Code.Stops() || !strings.Contains(f[0].Says, "seconds off the database server's") {
			t.Errorf("off by %s: faults %+v", by, f)
		}
		if _, err := b.Do(t.Context(), cmd); err != nil {
			t.Error(err)
		}
		if _, err := p.open(at, store.Options{}); store.Code(err) != "clock-skew" {
			t.Errorf("off by %s it starts: %v", by, err)
		}
		if code := p.run([]string{"user", "list", "--store", url}); code != 1 || !strings.Contains(p.stderr.String(), "秒，超过5秒") {
			t.Errorf("off by %s: %d %s", by, code, p.stderr.String())
		}
	}
	off.Store(0)
	if _, err := a.Do(t.Context(), cmd); err != nil {
		t.Error(err)
	}
	if f := board.Faults(); len(f) > 0 {
		t.Errorf("faults %+v", f)
	}
}

// A schedule is loaded at one server while cases are opened at another: each case counts by the schedule as it is in the end.
func TestScheduleBesideServers(t *testing.T) {
	url := pgserver.URL(t)
	staffed(t, url, "clerk")
	a, b := openHouse(t, url), openHouse(t, url)
	cmd := opens(t, b, "clerk")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var opened atomic.Int64
	wg.Go(func() {
		for ctx.Err() == nil {
			if _, err := b.Do(t.Context(), cmd); err != nil {
				t.Error(err)
				return
			}
			opened.Add(1)
		}
	})
	year, _, _ := a.Today().YMD()
	schedule, ok := a.Office().Calendar.Schedule(year)
	if !ok {
		t.Fatalf("no schedule of %d", year)
	}
	for i := range 6 {
		for opened.Load() < int64(4*i) && !t.Failed() { // some of them between two loads
			time.Sleep(time.Millisecond)
		}
		s := schedule
		s.Notice = fmt.Sprint("试", i)
		var off []calendar.Date
		for d := a.Today() + 1; len(off) <= i%3; d++ {
			off = append(off, d)
		}
		s.Off = append(slices.Clone(s.Off), calendar.Holiday{Name: "试", Dates: off})
		if _, err := change.LoadSchedule(t.Context(), a.Engine, "", s); err != nil {
			t.Errorf("load %d: %v", i, err)
		}
	}
	stop()
	wg.Wait()
	verifyReal(t, url)
}

// server is a dossier serve in a process of its own.
type server struct {
	cmd     *exec.Cmd
	address string
	log     *lines
}

func startServer(t *testing.T, url string) *server {
	t.Helper()
	return startServing(t, "--store", url)
}

func startServing(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(os.Args[0], append([]string{"serve", "--json", "--listen", "127.0.0.1:0"}, args...)...), log: &lines{}}
	s.cmd.Env = append(os.Environ(), asProgram+"=1")
	s.cmd.Stderr = s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	var ready struct{ Address string }
	if err != nil || json.Unmarshal([]byte(line), &ready) != nil || ready.Address == "" {
		t.Fatalf("the server didn't start: %q %v\n%s", line, err, s.log.String())
	}
	s.address = ready.Address
	return s
}

// kill ends the server as a machine does that loses its power.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// TestServersKilled has two servers work on one schema and kills one of them at random, again and again, while people go on
// with whichever answers. Each act that was acknowledged is on record once, numbers are given once and without a gap, and
// the record is proved.
func TestServersKilled(t *testing.T) {
	const workers = 6
	url := pgserver.URL(t)
	token := staffed(t, url, "clerk")
	w := newWork(token, opening(t, url))
	w.all = []*server{startServer(t, url), startServer(t, url)}
	t.Cleanup(w.kill)
	stop := w.begin(t, workers)
	r := rand.New(rand.NewPCG(4, 2))
	for round := range roundsOr(t, 5) {
		w.wait(t, 25+r.IntN(25))
		i := r.IntN(2)
		w.all[i].kill()
		w.put(i, startServer(t, url))
		if t.Failed() {
			t.Fatalf("round %d", round+1)
		}
	}
	stop()
	w.acknowledged().onRecord(t, url, true)
	if v := verifyReal(t, url); len(v.Heads) < 2 {
		t.Errorf("%+v", v)
	}
}

// What one server does the other shows at once: a case's page, the office, who may come in.
func TestServersHear(t *testing.T) {
	url := pgserver.URL(t)
	token := staffed(t, url, "clerk")
	body := opening(t, url)
	a, b := startServer(t, url), startServer(t, url)
	t.Cleanup(func() { a.kill(); b.kill() })
	only := func(s *server, token, key string) (map[string]any, error) {
		w := newWork(token, body)
		w.all = []*server{s}
		return w.send(rand.New(rand.NewPCG(1, 1)), key, "/cases", "application/json", body)
	}
	heard := stream(t, b, url, "captain")
	if at := <-heard; at != "at" {
		t.Fatalf("the stream begins with %q", at)
	}
	answer, err := only(a, token, "k1")
	if err != nil {
		t.Fatal(err)
	}
	id := answer["id"]
	for what := range heard { // an open page at the other server
		if what == fmt.Sprint("moved ", id) {
			break
		}
	}
	// The same key at the other server is the same act.
	again, err := only(b, token, "k1")
	if err != nil || again["id"] != id {
		t.Errorf("%v %v, want case %v", again["id"], err, id)
	}
	// Who is disabled at the command line is out at both at once.
	mustReal(t, "user", "add", "second", "--name", "乙", "--post", "clerk", "--store", url)
	var second struct{ Token string }
	if err := json.Unmarshal([]byte(mustReal(t, "token", "create", "--user", "second", "--scope", "write", "--json", "--store", url)), &second); err != nil {
		t.Fatal(err)
	}
	for i, s := range []*server{a, b} {
		if _, err := only(s, second.Token, fmt.Sprint("s", i)); err != nil {
			t.Error(err)
		}
	}
	mustReal(t, "user", "disable", "second", "--store", url)
	for i, s := range []*server{a, b} {
		if _, err := only(s, second.Token, fmt.Sprint("t", i)); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("server %d: %v", i, err)
		}
	}
}

// stream opens the stream of news of a person's page at a server, and gives what it says: "at", "moved 7".
func stream(t *testing.T, s *server, url string, who string) <-chan string {
	t.Helper()
	p := newProgram(t.Context())
	p.now, p.in = time.Now, strings.NewReader("一个很长的新密码\n")
	if code := p.run([]string{"user", "password", who, "--password", "-", "--store", url}); code != 0 {
		t.Fatalf("%d %s", code, p.stderr.String())
	}
	page := browser(t)
	res, err := page.PostForm(s.address+"/login", neturl.Values{"name": {who}, "password": {"一个很长的新密码"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.address+"/alerts/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err = page.Do(req); err != nil || res.StatusCode != 200 {
		t.Fatalf("%v %v", res, err)
	}
	says := make(chan string, 100)
	go func() {
		defer close(says)
		defer res.Body.Close()
		event := ""
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "event":
				event = value
			case name == "data" && event == "moved":
				says <- "moved " + value
			case name == "data":
				says <- event
			}
		}
	}()
	return says
}

// The passes are made by one server at a time; the other takes them up when the first is killed.
func TestDutyIsTakenOver(t *testing.T) {
	url := pgserver.URL(t)
	open := func() store.Several {
		t.Helper()
		s, err := store.Open(url, store.Options{Create: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s.(store.Several)
	}
	a := startServer(t, url)
	t.Cleanup(a.kill)
	b := open()
	if mine, err := b.OnDuty(t.Context()); mine || err != nil {
		t.Errorf("two are on duty: %v", err)
	}
	a.kill()
	for mine := false; !mine; { // as soon as the server has noticed
		var err error
		if mine, err = b.OnDuty(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if mine, err := b.OnDuty(t.Context()); !mine || err != nil {
		t.Errorf("it doesn't keep the duty: %v", err)
	}
	if mine, err := open().OnDuty(t.Context()); mine || err != nil {
		t.Errorf("a third has it too: %v", err)
	}
}
