package scenario

import (
	"testing"

	"dossier/engine/calendar"
	"dossier/seeds"
)

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDates(t *testing.T) {
	x := dates{today: day(t, "2026-03-31"), day: day(t, "2025-12-31"), cal: calendar.New(seeds.Schedules()...)}
	for _, c := range []struct{ text, want string }{
		{"today", "2026-03-31"},
		{"today-1d", "2026-03-30"},
		{"today-1m", "2026-02-28"}, // the month's last day
		{"today-13m", "2025-02-28"},
		{"day+1wd", "2026-01-04"}, // New Year's rest, then a Sunday that is worked
		{"day+5wd-1m", "2025-12-08"},
		{"day 09:30", "2025-12-31 09:30"},
		{"2026-01-05", "2026-01-05"},
		{"自{today}起", "自2026年3月31日起"},
		{"{day:md}和{day:ym}", "12月31日和2025年12月"},
		{"{day:m}，{day:y}度", "12月，2025年度"},
		{"{today-5m..today-1m}", "2025年10月至2026年2月"},
		{"{today-2m..today-1m}的工资", "2026年1月至2月的工资"},
		{"today is not a date here", "today is not a date here"},
		{"day 9 o'clock", "day 9 o'clock"},
		{"{name}", "{name}"},
	} {
		got, bad := x.write(c.text)
		if got != c.want || bad != "" {
			t.Errorf("%s: %s, bad %q; want %s", c.text, got, bad, c.want)
		}
	}
	for _, text := range []string{"{today-5x}", "{today:week}", "{today..later}", "{day-}"} {
		if got, bad := x.write(text); bad != text {
			t.Errorf("%s: %s, bad %q", text, got, bad)
		}
	}
}

func TestSlot(t *testing.T) {
	for d := day(t, "2026-01-01"); d < day(t, "2026-02-01"); d++ {
		for n := 1; n <= 40; n++ {
			last := 0
			for k := range n {
				at := slot(d, k, n)
				if at < last || at < 8*60+30 || at >= 17*60+30 || at >= 12*60 && at < 14*60 {
					t.Fatalf("step %d of %d on %s is at minute %d, after %d", k, n, d, at, last)
				}
				last = at
			}
		}
	}
}

func TestTold(t *testing.T) {
	s, err := Read("t.yaml", []byte(`workflow: w
given: {started: day 07:00, LJ09.place: 大队}
steps:
  - {date: 2026-03-02, as: a, do: x, with: {started: day 09:10, finished: day 11:35, hour: 15时}}
  - {date: 2026-03-02, as: a, do: x, with: {time: 9时10分至11时40分}}
  - {date: 2026-03-03, fact: 2026-03-02, as: a, do: x, with: {finished: day 23:10}}
  - {date: 2026-03-03, as: a, do: x, with: {content: 每天早上9时到晚上10时都在岗，中间只休息一次，不能离开。}}
`), day(t, "2026-03-31"), calendar.New(seeds.Schedules()...))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{15*60 + 1, 11*60 + 41, 0, 0} {
		if got := told(s.Steps[i]); got != want {
			t.Errorf("step %d: %d, want %d", i+1, got, want)
		}
	}
	if got := s.Steps[2].Given["started"].Text; got != "2026-03-02 07:00" {
		t.Errorf("given from the fact day: %s", got)
	}
}
