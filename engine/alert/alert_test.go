package alert_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"dossier/engine/access"
	"dossier/engine/alert"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/specimen"
	"dossier/engine/text"
	"dossier/engine/verify"
	"dossier/seeds/fixture"
)

// TestPasses travels in time: who is told of a case, when, and never twice.
func TestPasses(t *testing.T) {
	opened := filed[:1]
	for _, tt := range []struct {
		name  string
		steps []string
		days  [][2]int // of the passes
		clock string
		want  []string
	}{
		{"nothing before the first threshold", opened, [][2]int{{1, 7}}, "", nil},
		{"two days before, nobody in charge: whom it waits for and the next of the line", opened, [][2]int{{1, 8}}, "filing",
			[]string{"filing 2 王窗", "filing 2 孙队"}},
		{"twice run tells once", opened, [][2]int{{1, 8}, {1, 8}, {1, 8}}, "filing", []string{"filing 2 王窗", "filing 2 孙队"}},
		{"day by day, up the line", opened, [][2]int{{1, 8}, {1, 9}, {1, 12}, {1, 13}}, "filing",
			[]string{"filing 2 王窗", "filing 2 孙队", "filing 1 王窗", "filing 1 孙队", "filing 0 王窗", "filing 0 孙队",
				"filing -1 王窗", "filing -1 孙队", "filing -1 周局"}},
		{"after a week of downtime only the most severe", opened, [][2]int{{1, 19}}, "filing",
			[]string{"filing 2 王窗 ×", "filing 2 孙队 ×", "filing 1 王窗 ×", "filing 1 孙队 ×", "filing 0 王窗 ×", "filing 0 孙队 ×",
				"filing -1 王窗", "filing -1 孙队", "filing -1 周局"}},
		{"urgent: the leader at once", and(opened, "date: 2026-01-05, as: captain, do: mark, with: {mark: urgent}"), [][2]int{{1, 8}}, "filing",
			[]string{"filing 2 王窗", "filing 2 孙队", "filing 2 周局"}},
		{"an officer in charge is told alone before the due day", filed, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 李察"}},
		{"ten, three and one before, on the day, one and three after: up the line", filed,
			[][2]int{{3, 25}, {3, 26}, {4, 6}, {4, 7}, {4, 8}, {4, 9}, {4, 10}, {4, 13}, {4, 14}, {4, 15}, {4, 30}}, "investigation",
			[]string{"investigation 10 李察", "investigation 3 李察", "investigation 1 李察", "investigation 0 李察", "investigation 0 孙队",
				"investigation -1 李察", "investigation -1 孙队", "investigation -1 周局", "investigation -3 李察", "investigation -3 孙队", "investigation -3 周局"}},
		{"downtime over one threshold of two", filed, [][2]int{{3, 25}, {4, 9}}, "investigation",
			[]string{"investigation 10 李察 ×", "investigation 3 李察 ×", "investigation 1 李察"}},
		{"a target is nobody's lateness: ninety days", filed, [][2]int{{4, 9}, {4, 30}}, "penalty-warning",
			[]string{"penalty-warning 10 李察 ×", "penalty-warning 0 李察", "penalty-warning 0 孙队"}},
		{"a suspended clock tells nobody", and(filed, "date: 2026-03-16, as: officer, do: request-suspension", "date: 2026-03-17, as: leader, do: approve-suspension"),
			[][2]int{{3, 27}, {4, 13}, {5, 20}}, "investigation", nil},
		{"the party's time ends: the officer in charge alone", notified, [][2]int{{3, 31}, {4, 1}, {4, 3}}, "statement", []string{"statement -1 李察"}},
		{"a finding: the second of the line", wrong, [][2]int{{3, 31}, {4, 1}}, "finding-finish-notice", []string{"finding-finish-notice 0 孙队"}},
		{"a supervision runs up the line", and(filed, "date: 2026-01-12, as: leader, do: supervise, with: {day: 2026-01-20}"), [][2]int{{1, 19}, {1, 20}, {1, 21}},
			"supervision", []string{"supervision 1 李察", "supervision 0 李察", "supervision 0 孙队", "supervision -1 李察", "supervision -1 孙队", "supervision -1 周局"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, tt.steps...)
			for _, d := range tt.days {
				s.at(d[0], d[1], 8, 0)
				s.pass()
			}
			s.want(tt.clock, tt.want...)
			if n := s.pass(); n != 0 {
				t.Errorf("told %d again", n)
			}
		})
	}
}

// notified is a case whose party has until 30 March to be heard; wrong has gone on too early, as a corrected day shows.
var (
	notified = []string{"date: 2026-03-02, as: clerk, do: open, with: {source: complaint}", "date: 2026-03-03, as: clerk, do: submit-filing",
		"date: 2026-03-04, as: reviewer, do: pass-filing", "date: 2026-03-05, as: captain, do: approve-filing",
		"date: 2026-03-20, as: officer, do: draft-proposal",
		`date: 2026-03-20, as: officer, do: submit-proposal, with: {handling: [punish], penalties: [fine], fine: "5000.00"}`,
		"date: 2026-03-23, as: captain, do: pass-proposal", "date: 2026-03-24, as: leader, do: approve-proposal",
		"date: 2026-03-25, as: officer, do: serve-prior-notice, due: {statement: 2026-03-30}"}
	wrong = and(notified, "date: 2026-03-31, as: officer, do: finish-notice",
		"date: 2026-03-31, as: officer, do: correct-fact, with: {name: notice-served, day: 2026-03-27, reason: 回证上是27日}, findings: [finish-notice]")
)

// TestMovedDate: an extension moves the due day; its thresholds are told for the new day, those of the old one stay told.
func TestMovedDate(t *testing.T) {
	s := newStage(t, and(filed, "date: 2026-03-27, as: officer, do: request-extension")...)
	s.pass()
	s.want("investigation", "investigation 10 李察")
	s.do("孙队", "endorse-extension")
	s.do("周局", "approve-extension")
	s.at(4, 13, 8, 0) // the old due day has passed
	s.pass()
	s.want("investigation", "investigation 10 李察")
	s.at(5, 13, 8, 0) // ten working days before 27 May
	s.pass()
	s.want("investigation", "investigation 10 李察", "investigation 10 李察")
}

// do takes an action of case 1 with its sample values.
func (s *stage) do(who office.PersonID, action procedure.ActionID) {
	s.t.Helper()
	c := casefile.Command{Case: 1, Action: action, Actor: who}
	values, _, err := specimen.Samples(s.Engine, c, map[procedure.Actor][]office.PersonID{"officer": {"李察", "赵办"}})
	if err != nil {
		s.t.Fatal(err)
	}
	c.Values = values
	if _, err := s.Engine.Do(s.t.Context(), c); err != nil {
		s.t.Fatal(err)
	}
}

// TestSuspended: a clock that goes on after a suspension is told of by its new due day, 13 May.
func TestSuspended(t *testing.T) {
	s := newStage(t, and(filed, "date: 2026-03-16, as: officer, do: request-suspension", "date: 2026-03-17, as: leader, do: approve-suspension",
		"date: 2026-04-15, as: officer, do: request-resumption", "date: 2026-04-16, as: leader, do: approve-resumption, due: {investigation: 2026-05-13}")...)
	for _, tt := range []struct{ month, day, want int }{{4, 24, 0}, {4, 27, 1}, {5, 8, 1}, {5, 11, 2}, {5, 13, 4}} {
		s.at(tt.month, tt.day, 8, 0)
		s.pass()
		n := 0
		for _, l := range s.lines("investigation") {
			if !strings.HasSuffix(l, "×") {
				n++
			}
		}
		if n != tt.want {
			t.Errorf("%d-%d: %v, want %d", tt.month, tt.day, s.lines("investigation"), tt.want)
		}
	}
}

// TestOfficeTurns: what was put on record before and begins today (a delegation, a post) or ends (a person's time here)
// changes who is told, though nothing is committed that day.
func TestOfficeTurns(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.at(1, 8, 8, 0)
	if _, err := access.Delegate(t.Context(), s.Engine, "孙队", office.Delegation{Post: "captain", From: "孙队", To: "钱审",
		Start: calendar.Of(2026, 1, 10), End: calendar.Of(2026, 1, 31), Reason: "出差"}); err != nil {
		t.Fatal(err)
	}
	p := *s.Engine.Office().Person("赵办")
	p.Posts = append(p.Posts, office.Held{Post: "clerk", From: calendar.Of(2026, 1, 11)})
	seq, err := access.PersonSeq(s.Engine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.keep(p, seq)
	for _, tt := range []struct {
		day  int
		told []string
	}{
		{8, []string{"filing 2 孙队", "filing 2 王窗"}},
		{9, []string{"filing 1 孙队", "filing 1 王窗"}},
		{10, []string{"filing 1 钱审", "filing 2 钱审 ×"}}, // a Saturday on which nothing is due
		{11, []string{"filing 1 赵办", "filing 2 赵办 ×"}},
		{12, []string{"filing 0 孙队", "filing 0 王窗", "filing 0 赵办", "filing 0 钱审"}},
	} {
		before := s.lines("")
		s.at(1, tt.day, 8, 0)
		s.pass()
		var told []string
		for _, l := range s.lines("") {
			if !slices.Contains(before, l) {
				told = append(told, l)
			}
		}
		if !slices.Equal(told, tt.told) {
			t.Errorf("on %d January: %v, want %v", tt.day, told, tt.told)
		}
		if s.pass() != 0 {
			t.Error("told again")
		}
	}
}

// TestTwoPassesAtOnce: however many passes run, each telling and each message is made once.
func TestTwoPassesAtOnce(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.reach("周局", "zhou@example.cn", "")
	s.at(1, 19, 8, 0)
	var wait sync.WaitGroup
	told := make([]int, 6)
	for i := range told {
		wait.Go(func() {
			n, err := s.Pass(t.Context())
			if err != nil {
				t.Error(err)
			}
			told[i] = n
		})
	}
	wait.Wait()
	sum := 0
	for _, n := range told {
		sum += n
	}
	if sum != 3 || len(s.lines("filing")) != 9 {
		t.Errorf("told %d times: %v", sum, s.lines("filing"))
	}
	waiting, dead, err := s.Outbox(t.Context())
	if err != nil || len(waiting) != 4 || len(dead) != 0 { // a mail to the leader, the robot for each of three
		t.Errorf("%d messages, %d dead, %v", len(waiting), len(dead), err)
	}
}

// TestFollowsWhoMustAct: a disabled officer is not told, the next of the line is; who stands in is told too.
func TestFollowsWhoMustAct(t *testing.T) {
	s := newStage(t, filed...)
	s.at(3, 20, 9, 0)
	p := *s.Engine.Office().Person("李察")
	p.Disabled = calendar.Of(2026, 3, 20)
	seq, err := access.PersonSeq(s.Engine, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.keep(p, seq)
	if _, err := access.Delegate(t.Context(), s.Engine, "孙队", office.Delegation{Post: "captain", From: "孙队", To: "钱审",
		Start: calendar.Of(2026, 3, 20), End: calendar.Of(2026, 3, 31), Reason: "出差"}); err != nil {
		t.Fatal(err)
	}
	s.at(3, 26, 8, 0)
	s.pass()
	got := strings.Join(s.lines("investigation"), ", ")
	if strings.Contains(got, "李察") || !strings.Contains(got, "孙队") || !strings.Contains(got, "钱审") {
		t.Error(got)
	}
}

func TestAcknowledge(t *testing.T) {
	s := newStage(t, filed[:1]...)
	s.at(1, 8, 8, 0)
	s.pass()
	mine, err := s.Of(t.Context(), "王窗", 10)
	if err != nil || len(mine) != 1 || !mine[0].Seen.IsZero() {
		t.Fatal(mine, err)
	}
	for _, who := range []office.PersonID{"孙队", ""} {
		if e := refusal.As(s.Acknowledge(t.Context(), who, mine[0].ID)); e == nil || e.Code != refusal.NotFound {
			t.Errorf("%q acknowledged: %v", who, e)
		}
	}
	for range 2 {
		if err := s.Acknowledge(t.Context(), "王窗", mine[0].ID); err != nil {
			t.Fatal(err)
		}
		s.at(1, 8, 9, 0)
	}
	mine, err = s.Of(t.Context(), "王窗", 10)
	if err != nil || len(mine) != 1 || mine[0].Seen.UTC().Hour() != 0 {
		t.Error(mine, err)
	}
	if s.pass() != 0 {
		t.Error("told again after it was seen")
	}
	r, err := verify.Run(t.Context(), s.Engine, fixture.Bolt(t), func(string) {})
	if err != nil || len(r.Flaws) > 0 {
		t.Error(r, err)
	}
}

func TestNudge(t *testing.T) {
	s := newStage(t, filed[:1]...)
	to, err := s.Nudge(t.Context(), "孙队", 1)
	if err != nil || len(to) != 1 || to[0] != "王窗" {
		t.Fatal(to, err)
	}
	for _, tt := range []struct {
		who  office.PersonID
		day  int
		code refusal.Code
	}{{"孙队", 5, alert.NudgedAlready}, {"周局", 5, alert.NudgedAlready}, {"王窗", 5, alert.NobodyToNudge}, {"周局", 6, ""}} {
		s.at(1, tt.day, 10, 0)
		_, err := s.Nudge(t.Context(), tt.who, 1)
		switch e := refusal.As(err); {
		case tt.code == "" && err != nil:
			t.Errorf("%s on %d: %v", tt.who, tt.day, err)
		case tt.code != "" && (e == nil || e.Code != refusal.ConditionUnmet || e.Conditions[0].Code != tt.code):
			t.Errorf("%s on %d: %v", tt.who, tt.day, err)
		}
	}
	s.want("nudge", "nudge 0 王窗", "nudge 0 王窗")
	if all, err := s.OfCase(t.Context(), 1); err != nil || all[0].By != "孙队" || all[1].By != "周局" {
		t.Error(all, err)
	}
}

// TestPassFollows: a pass with nothing new tells nothing, on any day; a threshold, a commit that no watch saw and a
// change of the office are each found by the next pass.
func TestPassFollows(t *testing.T) {
	s := newStage(t, filed[:1]...)
	pass := func(want int) {
		t.Helper()
		if n := s.pass(); n != want {
			t.Errorf("told %d, want %d", n, want)
		}
	}
	s.at(1, 8, 7, 0)
	pass(2) // two days before: the clerk and the captain
	pass(0)
	s.at(1, 9, 0, 1)
	pass(2) // one day before
	s.at(1, 9, 7, 59)
	pass(0)
	s.do("王窗", "submit-filing")
	pass(1) // the case waits for the reviewer now, who is told of what was crossed
	s.at(1, 12, 7, 0)
	pass(2) // the due day: the reviewer and the captain
	s.at(1, 12, 8, 0)
	s.reach("孙队", "sun@example.cn", "")
	pass(0)
}

// spoilt is a store that can't read one of its cases, or its ledger.
type spoilt struct {
	ledger.Store
	id     casefile.CaseID
	ledger bool
}

func (s *spoilt) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	if id == s.id {
		return ledger.Snapshot{}, ledger.ErrDamaged
	}
	return s.Store.Case(id)
}

func (s *spoilt) Ledger(after uint64, limit int) ([]ledger.LedgerRow, error) {
	if s.ledger {
		return nil, ledger.ErrDamaged
	}
	return s.Store.Ledger(after, limit)
}

// TestPassGoesOn: a case that can't be told keeps no other from being told, and is told once it can be; a ledger that can't be
// read, or that is another than it was, costs a whole pass and nothing else.
func TestPassGoesOn(t *testing.T) {
	s := newStage(t, "case: 甲, "+filed[0], "case: 乙, "+filed[0])
	bad := &spoilt{Store: s.Engine.Store}
	s.Engine.Store = bad
	pass := func(want int, damaged bool) {
		t.Helper()
		n, err := s.Pass(t.Context())
		if n != want || errors.Is(err, ledger.ErrDamaged) != damaged || err != nil && !damaged {
			t.Errorf("told %d, want %d: %v", n, want, err)
		}
	}
	s.at(1, 7, 8, 0)
	pass(0, false)
	bad.id = 1
	s.at(1, 8, 8, 0)
	pass(2, true)
	pass(0, true) // still
	bad.id = 0
	pass(2, false)
	pass(0, false)
	if _, err := s.Engine.Do(t.Context(), casefile.Command{Case: 1, Action: "mark", Actor: "孙队", Values: procedure.Values{"mark": procedure.TextValue("urgent")}}); err != nil {
		t.Fatal(err)
	}
	bad.ledger = true
	pass(1, true) // urgent: the leader too
	bad.ledger = false
	pass(0, false)
	s.do("王窗", "submit-filing")
	if err := s.Reach(t.Context(), s.Engine.Today()); err != nil { // as if it had been looked at, but under a row that isn't there
		t.Fatal(err)
	}
	r, err := s.Engine.Store.Record("alert-pass", "all")
	if err != nil {
		t.Fatal(err)
	}
	data := strings.Replace(string(r.Data), `"n":`, `"n":1`, 1)
	if err := s.Engine.Store.Commit(t.Context(), ledger.Commit{Records: []ledger.RecordWrite{{Kind: r.Kind, ID: r.ID, Read: r.Seq, Data: []byte(data)}}}); err != nil {
		t.Fatal(err)
	}
	pass(1, false) // the reviewer, for whom the case waits now
	pass(0, false)
}

// TestRun: what is committed is told without any tick; a case that fails is told of and looked at again.
func TestRun(t *testing.T) {
	s := newStage(t, filed[:1]...)
	w := alert.NewWatch(s.Alerts)
	s.at(1, 8, 9, 0)
	news, stop := s.Listen("王窗")
	defer stop()
	faults := make(chan error, 1)
	done := make(chan struct{})
	ctx, end := context.WithCancel(t.Context())
	defer end()
	go func() {
		defer close(done)
		w.Run(ctx, func(err error) { faults <- err })
	}()
	w.After(77)
	if err := <-faults; !errors.Is(err, ledger.ErrNotFound) && refusal.As(err) == nil {
		t.Error(err)
	}
	w.After(1)
	<-news
	end()
	<-done
	s.want("filing", "filing 2 王窗", "filing 2 孙队")
}

// A quota that ends short is told once to each person and threshold, without a case, and says by when.
func TestTellsOfAQuota(t *testing.T) {
	s := newStage(t, filed[0])
	s.at(5, 24, 8, 0)
	leader := s.Engine.Office().Holders("leader", s.Engine.Today())
	if len(leader) == 0 {
		leader = []office.PersonID{"周局"}
	}
	w := listing.Crossing{Clock: listing.QuotaClock, Of: "training-patrol-2026-05", Title: procedure.Label{ZH: "培训机构：巡查（2026-05）还差2", EN: "Training: patrol (2026-05) lacks 2"}, Threshold: 7, Due: calendar.Of(2026, 5, 31),
		To: []listing.Recipient{{Person: leader[0], As: "leader"}}}
	tell := func(want int) {
		t.Helper()
		if n, err := s.Tell(t.Context(), []listing.Crossing{w}); err != nil || n != want {
			t.Errorf("%d told, %v; want %d", n, err, want)
		}
	}
	tell(1)
	tell(0)
	w.Threshold = 3
	tell(1)
	all, err := s.Of(t.Context(), leader[0], 10)
	if err != nil || len(all) != 2 || all[0].Case != 0 || all[0].Of != w.Of {
		t.Fatalf("%+v, %v", all, err)
	}
	for lang, want := range map[text.Lang]string{text.ZH: "培训机构：巡查（2026-05）还差2，5月31日截止。", text.EN: "Training: patrol (2026-05) lacks 2; its period ends on 2026-05-31."} {
		if got := (alert.Words{Lang: lang, Engine: s.Engine}).Sentence(all[0]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if err := s.Acknowledge(t.Context(), leader[0], all[0].ID); err != nil {
		t.Error(err)
	}
}
