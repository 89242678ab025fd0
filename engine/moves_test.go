package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// movedTo writes moves as "case: clock was → now, …; +finding; -finding; acts".
func movedTo(moves []change.Move) []string {
	out := []string{}
	for _, m := range moves {
		var parts []string
		for _, c := range m.Clocks {
			parts = append(parts, fmt.Sprintf("%s %s → %s", c.ID, stood(c.Was), stood(c.Now)))
		}
		for _, f := range m.Opens {
			parts = append(parts, "+"+string(f.Action)+" "+f.Code)
		}
		for _, f := range m.Clears {
			parts = append(parts, "-"+string(f.Action)+" "+f.Code)
		}
		if m.Acts.ZH != "" {
			parts = append(parts, "then "+m.Acts.ZH)
		}
		if m.Refused != nil {
			for _, c := range m.Refused.Conditions {
				parts = append(parts, strings.TrimPrefix(string(c.Code), "version-lacks-")+"? "+c.Args["walk"]+c.Args["state"]+c.Args["clock"]+c.Args["facts"]+c.Args["form"])
			}
		}
		out = append(out, fmt.Sprintf("%d: %s", m.Row.ID, strings.Join(parts, "; ")))
	}
	return out
}

func stood(s change.Standing) string {
	text := "none"
	switch {
	case s.Due != 0:
		text = s.Due.String()
	case s.Unit != "":
		text = fmt.Sprintf("%d left", s.Left)
	}
	if s.Provisional {
		text += "?"
	}
	return text
}

// of2027 is a schedule of 2027 with these days off.
func of2027(off ...calendar.Date) calendar.Schedule {
	return calendar.Schedule{Year: 2027, Published: true, Notice: "国办发明电〔2026〕9号", Off: []calendar.Holiday{{Name: "元旦", Dates: off}}}
}

// load previews a schedule, holds the preview to write nothing, loads it, and holds the load to do what the preview said.
func (s *stage) load(t *testing.T, year calendar.Schedule) []string {
	t.Helper()
	before := s.dump(t)
	preview, err := change.PreviewSchedule(t.Context(), s.Engine, "", year)
	if err != nil {
		t.Fatal(err)
	}
	if s.dump(t) != before {
		t.Error("the preview changed the store")
	}
	done, err := change.LoadSchedule(t.Context(), s.Engine, "", year)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what was done, against the preview", movedTo(done), movedTo(preview))
	return movedTo(done)
}

// undo loads the version before the last of a year's schedule.
func (s *stage) undo(t *testing.T, year int) []string {
	t.Helper()
	vs, err := change.Schedules(s.Engine, year)
	if err != nil || len(vs) < 2 {
		t.Fatalf("%d versions, %v", len(vs), err)
	}
	return s.load(t, vs[1].Schedule)
}

// clocked is a case of the clocks' procedure with these "action day" done, each recorded on its day.
func clocked(t *testing.T, steps ...string) *stage {
	t.Helper()
	s := newStage(t, scratch)
	s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer"})
	first, err := calendar.Parse(steps[0][strings.IndexByte(steps[0], ' ')+1:])
	if err != nil {
		t.Fatal(err)
	}
	s.on(first)
	s.begin(t, "clocks")
	s.act(t, steps...)
	return s
}

func (s *stage) act(t *testing.T, steps ...string) {
	t.Helper()
	for _, x := range steps {
		do, on, _ := strings.Cut(x, " ")
		d, err := calendar.Parse(on)
		if err != nil {
			t.Fatal(err)
		}
		s.on(d)
		s.do(t, 1, "officer", procedure.ActionID(do), func(c *casefile.Command) { c.Day = d })
	}
}

// only keeps of each move the clocks named.
func only(moves []string, clocks ...string) []string {
	out := []string{}
	for _, m := range moves {
		id, rest, _ := strings.Cut(m, ": ")
		for _, part := range strings.Split(rest, "; ") {
			for _, c := range clocks {
				if strings.HasPrefix(part, c+" ") {
					out = append(out, id+": "+part)
				}
			}
		}
	}
	return out
}

// Next year's schedule moves what lay in it provisionally; a date that stays is provisional no more. Loading the version
// before gives the old dates back, and both loads stay on the case's record.
func TestNextYearsSchedule(t *testing.T) {
	s := clocked(t, "set-one 2026-12-21")
	same(t, "loaded", only(s.load(t, of2027(calendar.Of(2027, 1, 1))), "plain", "natural", "months"), []string{
		"1: plain 2027-01-04? → 2027-01-05", "1: natural 2027-01-05? → 2027-01-05", "1: months 2027-01-21? → 2027-01-21"})
	same(t, "loaded again", s.load(t, of2027(calendar.Of(2027, 1, 1))), []string{})
	same(t, "corrected", only(s.load(t, of2027(calendar.Of(2027, 1, 1), calendar.Of(2027, 1, 4))), "plain"), []string{"1: plain 2027-01-05 → 2027-01-06"})
	same(t, "undone", only(s.undo(t, 2027), "plain"), []string{"1: plain 2027-01-06 → 2027-01-05"})
	var told []string
	steps, err := desk.History(t.Context(), s.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range steps {
		for _, c := range x.Clocks {
			if c.ID == "plain" {
				told = append(told, fmt.Sprintf("%s %s %s → %s", x.Action, x.Values["notice"], stood(c.Was), stood(c.Now)))
			}
		}
	}
	same(t, "history", told, []string{"rechecked 国办发明电〔2026〕9号 2027-01-04? → 2027-01-05",
		"rechecked 国办发明电〔2026〕9号 2027-01-05 → 2027-01-06", "rechecked 国办发明电〔2026〕9号 2027-01-06 → 2027-01-05"})
	vs, err := change.Schedules(s.Engine, 2027)
	if err != nil || len(vs) != 4 || vs[0].Seq != 3 || vs[3].Seq != 0 || vs[3].Schedule.Published {
		t.Errorf("versions %+v, %v", vs, err)
	}
	same(t, "back to no schedule", only(s.load(t, vs[3].Schedule), "plain"), []string{"1: plain 2027-01-05 → 2027-01-04?"})
	s.prove(t)
}

// While a clock stands still its due day is not there to move: what is left of it is. It stays suspended though the day of
// its suspension turns out to be a rest day.
func TestScheduleChangesDuringSuspension(t *testing.T) {
	s := clocked(t, "set-one 2026-12-28", "stop 2027-01-06")
	same(t, "loaded", only(s.load(t, of2027(calendar.Of(2027, 1, 1), calendar.Of(2027, 1, 4), calendar.Of(2027, 1, 6))), "stops", "plain"),
		[]string{"1: plain 2027-01-11? → 2027-01-14", "1: stops 3 left? → 6 left"})
	s.prove(t)
	s.act(t, "resume 2027-01-20")
	v, err := desk.View(s.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range v.Clocks {
		if r.ID == "stops" && (r.Due != calendar.Of(2027, 1, 28) || r.Provisional) {
			t.Errorf("resumed with six days left it is due %s, provisional %v", r.Due, r.Provisional)
		}
	}
	same(t, "undone after the resumption", only(s.undo(t, 2027), "stops"), []string{"1: stops 2027-01-28 → 2027-01-25?"})
	s.prove(t)
}

// A day of service by public notice is rolled by the schedule anew, and what is counted from it with it.
func TestScheduleRollsAShiftedFact(t *testing.T) {
	s := clocked(t, "issue 2026-12-01")
	s.on(calendar.Of(2026, 12, 2))
	s.do(t, 1, "officer", "serve", with("method=public", "document=1"))
	s.on(calendar.Of(2027, 1, 11))
	same(t, "loaded", only(s.load(t, of2027(calendar.Of(2027, 1, 1))), "payment"), []string{"1: payment 2027-01-18? → 2027-01-19"})
	for _, d := range s.snapshot(t, 1).Days {
		if d.Fact == "served" && (d.Day != calendar.Of(2027, 1, 4) || d.Raw != calendar.Of(2026, 12, 2)) {
			t.Errorf("served %s, recorded %s", d.Day, d.Raw)
		}
	}
	same(t, "undone", only(s.undo(t, 2027), "payment"), []string{"1: payment 2027-01-19 → 2027-01-18?"})
	s.prove(t)
}

// A past year that the program brings no schedule of is counted Monday to Friday until one is loaded.
func TestPastYearWithoutSchedule(t *testing.T) {
	s := newStage(t, scratch)
	s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer"})
	s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Day = "clocks", calendar.Of(2019, 9, 2) })
	s.do(t, 1, "officer", "set-one", func(c *casefile.Command) { c.Day = calendar.Of(2019, 9, 20) })
	year := calendar.Schedule{Year: 2019, Published: true, Notice: "国办发明电〔2018〕15号", Off: []calendar.Holiday{{Name: "国庆节",
		Dates: []calendar.Date{calendar.Of(2019, 10, 1), calendar.Of(2019, 10, 2), calendar.Of(2019, 10, 3), calendar.Of(2019, 10, 4), calendar.Of(2019, 10, 7)}}},
		Work: []calendar.Date{calendar.Of(2019, 9, 29), calendar.Of(2019, 10, 12)}}
	same(t, "loaded", only(s.load(t, year), "plain"), []string{"1: plain 2019-10-04? → 2019-10-10"})
	s.prove(t)
}

// What waits for a date that is no more provisional acts after the load; the preview says so.
func TestTimerWaitsForTheSchedule(t *testing.T) {
	s := staffed(t)
	s.on(day(t, "12-28"))
	id := s.begin(t, "papers", append(filed[:3:3], "officer wait")...)
	seq := s.snapshot(t, id).Seq
	s.on(calendar.Of(2027, 2, 1))
	if n, err := s.Sweep(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d timers fired on a provisional day, %v", n, err)
	}
	moves := s.load(t, of2027(calendar.Of(2027, 1, 1)))
	if len(moves) != 1 || !strings.HasSuffix(moves[0], "; then 视同无异议") {
		t.Errorf("moves %q, want what the timer does then", moves)
	}
	if n, err := s.Sweep(t.Context()); n != 2 || err != nil {
		t.Errorf("%d timers fired after the load, %v; want 2", n, err)
	}
	same(t, "story", s.story(t, id, seq+1), []string{"system deem 01-08 02-01", "system wake 01-14 02-01"})
	s.prove(t)
}

// A setting that clocks are counted by is previewed by the same function.
func TestMovesOfASetting(t *testing.T) {
	s := clocked(t, "set-one 2026-03-02")
	data, err := json.Marshal([]office.SettingRow{{Value: "5 workdays"}})
	if err != nil {
		t.Fatal(err)
	}
	w := ledger.RecordWrite{Kind: ledger.KindSetting, ID: "scratch-days", Data: data, Ledgered: true}
	moves, err := change.PreviewRecords(t.Context(), s.Engine, w)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "moves", movedTo(moves), []string{"1: by-setting 2026-03-05 → 2026-03-09"})
	if err := change.KeepRecords(t.Context(), s.Engine, w); err != nil {
		t.Fatal(err)
	}
	if ev := s.last(t, 1); ev.Action != casefile.Rechecked || ev.Values["setting"].String() != "scratch-days" {
		t.Errorf("event %s of %v", ev.Action, ev.Values)
	}
	s.prove(t)
}
