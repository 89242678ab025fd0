package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// told is a fact as it was told: its day, and when it was told beside the others.
type toldFact struct {
	day calendar.Date
	seq int
}

// model counts one clock of ten working days by hand, a day at a time: what is suspended does not count.
type model struct {
	start                   calendar.Date
	stops, resumes, extends []toldFact
	seq                     int
}

// due is the day on which the clock runs out, or what is left of it while it is suspended.
func (m *model) due() (due calendar.Date, left int) {
	left = 10
	for _, x := range m.extends {
		if x.day >= m.start {
			left += 5
			break // once
		}
	}
	for d := m.start + 1; ; d++ {
		counts, _ := cal.Workday(d)
		for _, s := range m.stops {
			var end calendar.Date // the first resumption told after it
			for _, r := range m.resumes {
				if r.seq > s.seq {
					end = r.day
					break
				}
			}
			switch {
			case s.day < m.start || s.day >= d:
			case end == 0:
				return 0, left
			case d <= end:
				counts = false
			}
		}
		if counts {
			left--
		}
		if left == 0 {
			return d, 0
		}
	}
}

// Whatever is suspended, resumed, extended, told late or corrected, in whatever order, the clock says what counting by
// hand says.
func TestClockProperty(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(seed, 3))
			s := newStage(t, scratch)
			s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer", "captain": "captain"})
			s.on(calendar.Of(2026, 1, 5))
			out, err := s.Do(t.Context(), casefile.Command{Workflow: "clocks", Actor: "clerk", Values: texts("employer=甲")})
			if err != nil {
				t.Fatal(err)
			}
			s.on(calendar.Of(2026, 2, 9))
			m := &model{start: s.Today()}
			story := []string{"set-one " + s.Today().String()}
			if _, err := s.Do(t.Context(), casefile.Command{Case: out.Case.ID, Action: "set-one", Actor: "officer"}); err != nil {
				t.Fatal(err)
			}
			for range 25 {
				*s.now = s.now.AddDate(0, 0, rnd.IntN(4))
				cmd := casefile.Command{Case: out.Case.ID, Actor: "officer", Day: s.Today().Add(-rnd.IntN(6)), Values: procedure.Values{}}
				m.seq++
				then := toldFact{cmd.Day, m.seq}
				var done func() // what it does to the model
				switch rnd.IntN(8) {
				case 0, 1:
					cmd.Action, done = "stop", func() { m.stops = append(m.stops, then) }
				case 2, 3:
					cmd.Action, done = "resume", func() { m.resumes = append(m.resumes, then) }
				case 4:
					cmd.Action, done = "extend", func() { m.extends = append(m.extends, then) }
					cmd.Values = texts("days=3")
				default:
					name := []string{"one", "stopped", "resumed", "extended"}[rnd.IntN(4)]
					list := map[string][]toldFact{"one": {{}}, "stopped": m.stops, "resumed": m.resumes, "extended": m.extends}[name]
					if len(list) == 0 {
						continue
					}
					cmd.Action, cmd.Actor, cmd.Day = "correct-fact", "captain", 0
					cmd.Values = texts("name="+name, "day="+then.day.String(), "reason=更正")
					if name == "one" {
						done = func() { m.start = then.day }
					} else {
						done = func() { list[len(list)-1].day = then.day }
					}
				}
				_, err := s.Do(t.Context(), cmd)
				line := fmt.Sprintf("%s %s %s %v", s.Today(), cmd.Action, cmd.Day, cmd.Values)
				if err != nil {
					if refusal.As(err) == nil {
						t.Fatal(err)
					}
					story = append(story, line+" ✗ "+err.Error())
				} else {
					done()
					story = append(story, line)
				}
				due, left := m.due()
				want := fmt.Sprintf("suspended %d", left)
				switch today := s.Today(); {
				case due >= today:
					want = fmt.Sprintf("running %s %d", due.String()[5:], cal.Count(max(today, m.start), due))
				case due != 0:
					want = "overdue " + due.String()[5:]
				}
				if got := s.clocks(t, out.Case.ID)["stops"]; !strings.HasPrefix(got, want) {
					t.Fatalf("the clock is %q, counted by hand %q, after\n%s", got, want, strings.Join(story, "\n"))
				}
			}
			s.prove(t)
		})
	}
}
