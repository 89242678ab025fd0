package alert_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/alert"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/engine/verify"
	"dossier/seeds/fixture"
	"dossier/store/bolt"
)

// killed, in the environment, makes this test binary a program that does an office's work until it is killed.
const killed = "DOSSIER_TEST_KILLED"

// orders are what such a program is told: the folder, the servers, and the time, which runs three minutes each millisecond.
type orders struct {
	Dir, Mail, Robot string
	Began            time.Time
}

// now is the office's time.
func (o orders) now() time.Time {
	return time.Date(2026, 1, 5, 1, 0, 0, 0, time.UTC).Add(time.Since(o.Began) * 180_000)
}

// settings name the servers.
func (o orders) settings() map[string]string {
	return map[string]string{"mail/server": o.Mail, "mail/from": "alerts@example.cn", "webhook/wecom": o.Robot}
}

func TestMain(m *testing.M) {
	if said := os.Getenv(killed); said != "" {
		fmt.Fprintln(os.Stderr, workUntilKilled(said))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// workUntilKilled opens cases, lets timers and alerts pass, and delivers, all at once.
func workUntilKilled(said string) error {
	var o orders
	if err := json.Unmarshal([]byte(said), &o); err != nil {
		return err
	}
	st, err := bolt.Open(o.Dir, bolt.Options{Owner: "the killed"})
	if err != nil {
		return err
	}
	a, err := openOffice(st, o.now, o.settings())
	if err != nil {
		return err
	}
	ctx, faults := context.Background(), make(chan error)
	watch := alert.NewWatch(a)
	a.Engine.After = watch.After
	go watch.Run(ctx, func(err error) { faults <- err })
	again := func(f func() error) {
		for {
			if err := f(); err != nil {
				faults <- err
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	go again(func() error { _, err := a.Pass(ctx); return err })
	go again(func() error { _, err := a.Deliver(ctx, a.Channels()); return err })
	go again(func() error { return openCase(ctx, a.Engine) })
	fmt.Println("ready")
	return <-faults
}

// openCase opens one case more, marks it or not, and goes on with it.
func openCase(ctx context.Context, e *engine.Engine) error {
	c := casefile.Command{Workflow: "labour-case", Action: "open", Actor: "王窗", Values: procedure.Values{"source": procedure.TextValue("complaint")}}
	values, _, err := specimen.Samples(e, c, nil)
	if err != nil {
		return err
	}
	c.Values = values
	out, err := e.Do(ctx, c)
	if err != nil || out.Case.ID%3 > 0 {
		return err
	}
	_, err = e.Do(ctx, casefile.Command{Case: out.Case.ID, Action: "mark", Actor: "孙队", Values: procedure.Values{"mark": procedure.TextValue("urgent")}})
	time.Sleep(20 * time.Millisecond)
	return err
}

// TestKilledBetweenCauseAndDelivery kills the program again and again, wherever it happens to be between a commit, the pass
// that tells of it and the servers' answers. In the end everything that was to be told has been told, and what went out has
// arrived: at a receiver that honours the messages' ids each once.
func TestKilledBetweenCauseAndDelivery(t *testing.T) {
	dir, r := t.TempDir(), rand.New(rand.NewPCG(7, 9))
	var mu sync.Mutex
	cut := func() bool { mu.Lock(); defer mu.Unlock(); return r.IntN(5) == 0 }
	post, robot := newPostOffice(t, "plain"), newGroup(t)
	post.cut = cut
	robot.answer = func(w http.ResponseWriter) {
		if cut() { // taken, but the sender doesn't hear of it
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
	}
	o := orders{Dir: dir, Mail: post.addr, Robot: robot.URL + "/send?key=k", Began: time.Now()}
	staff(t, dir, o)
	said, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		cmd := exec.Command(os.Args[0])
		cmd.Env, cmd.Stderr = append(os.Environ(), killed+"="+string(said)), os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		wait := time.Duration(r.IntN(500)) * time.Millisecond
		mu.Unlock()
		time.Sleep(wait)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the program ended: %v", err)
		}
	}
	s := finish(t, o)
	sent := s.outgone()
	if len(sent) < 50 || len(robot.times) < 5 || len(post.letters) < 3 {
		t.Errorf("only %d messages, %d to the robot, %d letters: too few to prove anything", len(sent), len(robot.times), len(post.letters))
	}
	arrived := map[string]string{} // the channel and the parcel's id → what arrived under it
	take := func(key, content string) {
		if was, ok := arrived[key]; ok && was != content {
			t.Errorf("%s came twice, as\n%s\nand\n%s", key, was, content)
		}
		arrived[key] = content
	}
	for _, x := range robot.times {
		take("wecom "+x.id, x.body)
	}
	for _, l := range post.letters {
		id, _, _ := strings.Cut(strings.Trim(l.id, "<>"), "@")
		take("mail "+id, l.subject+"\n"+l.body)
	}
	parcels := map[string]int{}
	for _, m := range sent {
		parcels[m.Channel+" "+m.Parcel]++
	}
	for key, n := range parcels {
		if !strings.Contains(arrived[key], fmt.Sprintf("案卷提醒%d件", n)) {
			t.Errorf("%s has %d messages on record; what arrived is %q", key, n, arrived[key])
		}
	}
	for key := range arrived {
		if parcels[key] == 0 {
			t.Errorf("%s arrived and is not on record", key)
		}
	}
	t.Logf("%d messages in %d parcels, which came %d times", len(sent), len(parcels), len(robot.times)+len(post.letters))
}

// staff hires the office's people and gives them addresses.
func staff(t *testing.T, dir string, o orders) {
	t.Helper()
	st, err := bolt.Open(dir, bolt.Options{Create: true, Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	s := newStageOn(t, st, filed[:1]...)
	s.reach("周局", "zhou@example.cn", "")
	s.reach("孙队", "sun@example.cn", "13900000000")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
}

// finish opens what the kills left, lets the rest of the month pass, and proves the record.
func finish(t *testing.T, o orders) *stage {
	t.Helper()
	st, err := bolt.Open(o.Dir, bolt.Options{Owner: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	now := time.Date(2026, 1, 30, 9, 0, 0, 0, time.UTC)
	if late := o.now(); late.After(now) {
		now = late
	}
	a, err := openOffice(st, func() time.Time { return now }, o.settings())
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Alerts: a, t: t, now: &now}
	s.pass()
	cases, err := st.Counter("case")
	if err != nil {
		t.Fatal(err)
	}
	for id := casefile.CaseID(1); id <= casefile.CaseID(cases); id++ { // asked of each, a pass has left nothing
		if n, err := a.Case(t.Context(), id); n != 0 || err != nil {
			t.Errorf("case %d had %d untold, %v", id, n, err)
		}
	}
	var waiting, dead []alert.Out
	for range 1200 { // until nothing waits: what waits for a working morning may have a long holiday before it
		if _, err := a.Deliver(t.Context(), a.Channels()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(20 * time.Minute)
		if waiting, dead, err = a.Outbox(t.Context()); err != nil || len(waiting) == 0 {
			break
		}
	}
	if err != nil || len(waiting)+len(dead) > 0 {
		t.Errorf("%d wait, %d were given up, %v", len(waiting), len(dead), err)
	}
	report, err := verify.Run(t.Context(), a.Engine, fixture.Bolt(t), nil)
	if err != nil || !report.Whole() {
		t.Errorf("the record is not whole: %+v, %v", report, err)
	}
	return s
}

// outgone are all messages of the ledger, each with the telling that it belongs to; a telling that should have one and
// doesn't is a fault.
func (s *stage) outgone() []alert.Out {
	s.t.Helper()
	seen := map[string]alert.Out{}
	cases, err := s.Engine.Store.Counter("case")
	if err != nil {
		s.t.Fatal(err)
	}
	for id := casefile.CaseID(1); id <= casefile.CaseID(cases); id++ {
		told, err := s.OfCase(s.t.Context(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, x := range told {
			outs, err := s.Sendings(s.t.Context(), x.ID)
			if err != nil {
				s.t.Fatal(err)
			}
			want := 1 // the robot reaches everybody
			if x.To == "周局" || x.To == "孙队" {
				want = 2
			}
			if x.Superseded {
				want = 0
			}
			if len(outs) != want {
				s.t.Errorf("case %d: %s %d to %s has %d messages, want %d", id, x.Clock, x.Threshold, x.To, len(outs), want)
			}
			for _, o := range outs {
				if o.Sent.IsZero() || o.Parcel == "" {
					s.t.Errorf("%s was not sent", o.ID)
				}
				seen[o.ID] = o
			}
		}
	}
	return slices.Collect(maps.Values(seen))
}
