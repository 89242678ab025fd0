package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/refusal"
)

// story tells the events of a case after a sequence number as "actor action day recorded".
func (s *stage) story(t testing.TB, id casefile.CaseID, after uint64) []string {
	t.Helper()
	evs, err := desk.Events(s.Engine, office.System, id, after)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, ev := range evs {
		out = append(out, fmt.Sprintf("%s %s %s %s", ev.Actor, ev.Action, ev.Day.String()[5:], calendar.In(ev.At).String()[5:]))
	}
	return out
}

// reads is a store that remembers in which order cases are read, and can't read one of them.
type reads struct {
	ledger.Store
	fails casefile.CaseID
	mu    sync.Mutex
	order []casefile.CaseID
}

func (r *reads) Case(id casefile.CaseID) (ledger.Snapshot, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order = append(r.order, id)
	if id == r.fails {
		return ledger.Snapshot{}, ledger.ErrDamaged
	}
	return r.Store.Case(id)
}

func TestTimers(t *testing.T) {
	waiting := func(t *testing.T, on string) (*stage, casefile.CaseID, uint64) {
		s := staffed(t)
		s.on(day(t, on))
		id := s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
		return s, id, s.snapshot(t, id).Seq
	}
	sweep := func(t *testing.T, s *stage, want int) {
		t.Helper()
		if n, err := s.Sweep(t.Context()); err != nil || n != want {
			t.Errorf("%d timers fired, %v; want %d", n, err, want)
		}
	}
	t.Run("fires the day after, once", func(t *testing.T) {
		s, id, seq := waiting(t, "03-02")
		s.on(day(t, "03-12")) // the last of ten days
		sweep(t, s, 0)
		s.on(day(t, "03-13"))
		sweep(t, s, 1)
		sweep(t, s, 0)
		same(t, "story", s.story(t, id, seq), []string{"system deem 03-13 03-13"})
		s.prove(t)
	})
	t.Run("however late the sweep, with the day of the law; the next timer counts from it", func(t *testing.T) {
		s, id, seq := waiting(t, "03-02")
		s.on(day(t, "03-30"))
		sweep(t, s, 2)
		same(t, "story", s.story(t, id, seq), []string{"system deem 03-13 03-30", "system wake 03-19 03-30"})
		s.prove(t)
	})
	t.Run("before anything else that is done, in one commit", func(t *testing.T) {
		s, id, seq := waiting(t, "03-02")
		s.on(day(t, "03-16"))
		s.refuse(t, refusal.UnknownAction, id, "officer", "answer") // the time is over: it is no more in that place
		s.do(t, id, "captain", "note", with("text=看过"))
		same(t, "story", s.story(t, id, seq), []string{"system deem 03-13 03-16", "captain note 03-16 03-16"})
		same(t, "commit", s.lastCommit(t), []string{fmt.Sprintf("case/%d@%d", id, seq+2)})
		s.prove(t)
	})
	t.Run("not when it was ended in time, nor after", func(t *testing.T) {
		s, id, seq := waiting(t, "03-02")
		s.on(day(t, "03-12"))
		s.take(t, id, "officer answer")
		s.on(day(t, "03-16"))
		sweep(t, s, 0) // the rest ends on 17 March
		s.on(day(t, "03-18"))
		sweep(t, s, 1)
		same(t, "story", s.story(t, id, seq), []string{"officer answer 03-12 03-12", "system wake 03-18 03-18"})
	})
	t.Run("not while the day is provisional", func(t *testing.T) {
		s, id, seq := waiting(t, "12-28")
		s.on(calendar.Of(2027, 2, 1))
		sweep(t, s, 0)
		s.record(t, ledger.KindSchedule, "2027", calendar.Schedule{Year: 2027, Published: true, Notice: "国办发明电〔2026〕0号"})
		sweep(t, s, 2)
		same(t, "story", s.story(t, id, seq)[:2], []string{"system rechecked 02-01 02-01", "system deem 01-08 02-01"})
		s.prove(t)
	})
	t.Run("nobody does what is the timer's", func(t *testing.T) {
		s, id, _ := waiting(t, "03-02")
		s.refuse(t, refusal.NotYourGate, id, "officer", "deem")
		s.refuse(t, refusal.NotYourGate, id, "captain", "deem")
	})
	t.Run("many cases in one sweep, decided in the order of the index, whichever fails", func(t *testing.T) {
		s, _, _ := waiting(t, "03-02")
		const n = 50
		for range n - 1 {
			s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
		}
		s.on(day(t, "03-13"))
		r := &reads{Store: s.store, fails: 7}
		s.Engine.Store = r
		if fired, err := s.Sweep(t.Context()); fired != n-1 || !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("%d fired, %v", fired, err)
		}
		if len(r.order) != n || !slices.IsSorted(r.order) {
			t.Errorf("cases were read in the order %v", r.order)
		}
		s.Engine.Store = s.store
		sweep(t, s, 1)
		s.prove(t)
	})
}
