package alert_test

import (
	"slices"
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
)

// TestAlertsFollowWhoMustAct: whoever can't act is told nothing, who acts in their place is, and where nobody is left the
// next of the line. What was told stays told.
func TestAlertsFollowWhoMustAct(t *testing.T) {
	day := func(m, d int) calendar.Date { return calendar.Of(2026, m, d) }
	recusal := func(whom string) []string {
		return and(filed, "date: 2026-03-16, as: clerk, do: request-recusal, with: {whom: "+whom+"}")
	}
	for _, tt := range []struct {
		name  string
		steps []string
		do    func(*stage)
		days  [][2]int // of the passes, with what was told by each
		clock string
		want  []string
	}{
		{"nobody assigned: whom it waits for, and the second of the line", filed[:1], nil, [][2]int{{1, 8}}, "filing", []string{"filing 2 王窗", "filing 2 孙队"}},
		{"the officer in charge is disabled from today: whom it waits for beside them, and the captain", filed, func(s *stage) {
			s.off("李察", day(3, 20))
		}, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 赵办", "investigation 10 孙队"}},
		{"both officers are disabled: the captain alone", filed, func(s *stage) {
			s.off("李察", day(3, 20))
			s.off("赵办", day(3, 20))
		}, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 孙队"}},
		{"disabled from a later day: they are told until then, the captain from then on", filed, func(s *stage) {
			s.off("李察", day(4, 7))
			s.off("赵办", day(4, 7))
		}, [][2]int{{3, 26}, {4, 7}}, "investigation", []string{"investigation 10 李察", "investigation 10 孙队 ×", "investigation 3 孙队"}},
		{"no captain either: up the line", filed, func(s *stage) {
			for _, p := range []office.PersonID{"李察", "赵办", "孙队"} {
				s.off(p, day(3, 20))
			}
		}, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 周局"}},
		{"handed over: the new officer is told what the old one was", filed, func(s *stage) {
			s.at(3, 26, 8, 0)
			s.pass()
			s.hire("魏察", "officer")
			s.act("孙队", "hand-over", map[procedure.FieldID]string{"officers": "魏察 赵办", "in-charge": "魏察", "reason": "调离"})
		}, [][2]int{{3, 27}}, "investigation", []string{"investigation 10 李察", "investigation 10 魏察"}},
		{"replaced for an interest: their replacement", recusal("李察"), func(s *stage) {
			s.hire("魏察", "officer")
			s.act("周局", "approve-recusal", map[procedure.FieldID]string{"officers": "魏察 赵办", "in-charge": "魏察"})
		}, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 魏察"}},
		{"a captain with an interest is told nothing of the case: the leader is", recusal("孙队"), func(s *stage) {
			s.act("周局", "approve-recusal", map[procedure.FieldID]string{"officers": "李察 赵办", "in-charge": "李察"})
			s.off("李察", day(3, 20))
			s.off("赵办", day(3, 20))
		}, [][2]int{{3, 26}}, "investigation", []string{"investigation 10 周局"}},
		{"a delegate beside the captain, while the delegation lasts", filed[:1], func(s *stage) {
			s.lend("孙队", "captain", "钱审", day(1, 5), day(1, 8))
		}, [][2]int{{1, 8}, {1, 9}}, "filing", []string{"filing 2 王窗", "filing 2 孙队", "filing 2 钱审", "filing 1 王窗", "filing 1 孙队"}},
		{"a delegate who is disabled is told nothing", filed[:1], func(s *stage) {
			s.lend("孙队", "captain", "钱审", day(1, 5), day(1, 20))
			s.hire("钱二", "reviewer")
			s.off("钱审", day(1, 6))
		}, [][2]int{{1, 8}}, "filing", []string{"filing 2 王窗", "filing 2 孙队"}},
		{"who lent the post is disabled: it ends with them", filed[:1], func(s *stage) {
			s.lend("孙队", "captain", "钱审", day(1, 5), day(1, 20))
			s.hire("孙二", "captain")
			s.off("孙队", day(1, 6))
		}, [][2]int{{1, 8}}, "filing", []string{"filing 2 王窗", "filing 2 孙二"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, tt.steps...)
			if tt.do != nil {
				tt.do(s)
			}
			for _, d := range tt.days {
				s.at(d[0], d[1], 8, 0)
				s.pass()
			}
			s.want(tt.clock, tt.want...)
		})
	}
}

// TestNudgeGoesToWhoCanAct: a case that waits for somebody who is gone is nudged at the captain, who hands it over.
func TestNudgeGoesToWhoCanAct(t *testing.T) {
	s := newStage(t, filed...)
	s.at(3, 20, 9, 0)
	s.off("李察", s.Engine.Today())
	s.off("赵办", s.Engine.Today())
	to, err := s.Nudge(t.Context(), "周局", 1)
	if err != nil || !slices.Equal(to, []office.PersonID{"孙队"}) {
		t.Error(to, err)
	}
}

// off disables a person from a day on.
func (s *stage) off(id office.PersonID, from calendar.Date) {
	s.t.Helper()
	p := *s.Engine.Office().Person(id)
	p.Disabled = from
	seq, err := access.PersonSeq(s.Engine, id)
	if err != nil {
		s.t.Fatal(err)
	}
	s.keep(p, seq)
}

// hire takes a person with a certificate into the office.
func (s *stage) hire(id office.PersonID, post procedure.Actor) {
	s.t.Helper()
	s.keep(office.Person{ID: id, Name: string(id), Posts: []office.Held{{Post: post}}, Certificates: []office.Certificate{{Number: "130526" + string(id)}}}, 0)
}

// lend puts a delegation on record.
func (s *stage) lend(from office.PersonID, post procedure.Actor, to office.PersonID, start, end calendar.Date) {
	s.t.Helper()
	if _, err := access.Delegate(s.t.Context(), s.Engine, from, office.Delegation{Post: post, From: from, To: to, Start: start, End: end}); err != nil {
		s.t.Fatal(err)
	}
}

// act takes an action of case 1 with these values, lists parted by spaces, over its sample values.
func (s *stage) act(who office.PersonID, action procedure.ActionID, given map[procedure.FieldID]string) {
	s.t.Helper()
	c := casefile.Command{Case: 1, Action: action, Actor: who, Values: procedure.Values{}}
	for id, text := range given {
		c.Values[id] = procedure.Value{List: strings.Fields(text)}
		if len(c.Values[id].List) == 1 {
			c.Values[id] = procedure.TextValue(text)
		}
	}
	if procedure.BuiltinForm(action) == nil {
		values, _, err := specimen.Samples(s.Engine, c, map[procedure.Actor][]office.PersonID{"officer": {"李察", "赵办"}})
		if err != nil {
			s.t.Fatal(err)
		}
		c.Values = values
	}
	if _, err := s.Engine.Do(s.t.Context(), c); err != nil {
		s.t.Fatal(err)
	}
}
