package calendar

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// lines writes days as date, running count (- when not counted), p when paused, code.
func lines(days []Day) string {
	var b strings.Builder
	for _, d := range days {
		n, p := "-", ""
		if d.Counted {
			n = fmt.Sprint(d.N)
		}
		if d.Paused {
			p = " p"
		}
		fmt.Fprintf(&b, "%s %s%s %s\n", d.Date.String()[5:], n, p, d.Why.Code)
	}
	return b.String()
}

func TestExplain(t *testing.T) {
	c := published(t)
	tests := []struct {
		name    string
		run     Run
		through Date
		want    string
	}{
		{"E01 workdays over the Spring Festival", Run{Start: Of(2026, 2, 13), Period: Period{3, Workdays}}, 0, `
02-14 1 make-up
02-15 - holiday
02-16 - holiday
02-17 - holiday
02-18 - holiday
02-19 - holiday
02-20 - holiday
02-21 - holiday
02-22 - holiday
02-23 - holiday
02-24 2 working
02-25 3 working
`},
		{"workdays paused and overdue", Run{Start: Of(2026, 3, 4), Period: Period{3, Workdays}, Pauses: []Pause{{Of(2026, 3, 5), Of(2026, 3, 10)}}}, Of(2026, 3, 13), `
03-05 1 working
03-06 - p suspended
03-07 - p weekend
03-08 - p weekend
03-09 - p suspended
03-10 - p suspended
03-11 2 working
03-12 3 working
03-13 - over
`},
		{"open through its day", Run{Start: Of(2026, 3, 4), Period: Period{3, Workdays}, Pauses: []Pause{{From: Of(2026, 3, 5)}}}, 0, `
03-05 1 working
`},
		{"open through a later day", Run{Start: Of(2026, 3, 4), Period: Period{3, Workdays}, Pauses: []Pause{{From: Of(2026, 3, 5)}}}, Of(2026, 3, 7), `
03-05 1 working
03-06 - p suspended
03-07 - p weekend
`},
		{"E21 days roll", Run{Start: Of(2026, 10, 2), Period: Period{4, Days}}, 0, `
10-03 1 calendar-day
10-04 2 calendar-day
10-05 3 calendar-day
10-06 4 last-rests
10-07 - holiday
10-08 - rolled
`},
		{"E36 days don't roll off a make-up day", Run{Start: Of(2026, 9, 18), Period: Period{2, Days}}, 0, `
09-19 1 calendar-day
09-20 2 calendar-day
`},
		{"days paused", Run{Start: Of(2026, 3, 9), Period: Period{3, Days}, Pauses: []Pause{{Of(2026, 3, 10), Of(2026, 3, 12)}}}, 0, `
03-10 1 calendar-day
03-11 - p suspended
03-12 - p suspended
03-13 2 calendar-day
03-14 3 last-rests
03-15 - weekend
03-16 - rolled
`},
		{"days paused after the last day", Run{Start: Of(2026, 10, 2), Period: Period{4, Days}, Pauses: []Pause{{Of(2026, 10, 7), Of(2026, 10, 9)}}}, 0, `
10-03 1 calendar-day
10-04 2 calendar-day
10-05 3 calendar-day
10-06 4 last-rests
10-07 - holiday
10-08 - p suspended
10-09 - p rolled
`},
		{"fixed date", Run{Start: Of(2026, 3, 6), By: Of(2026, 3, 8)}, Of(2026, 3, 9), `
03-07 - before
03-08 - fixed
03-09 - over
`},
		{"fixed date without a start", Run{By: Of(2026, 3, 8)}, 0, `
03-08 - fixed
`},
		{"before the start", Run{Start: Of(2026, 3, 6), Period: Period{3, Days}}, Of(2026, 3, 6), "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			days, err := c.Explain(tt.run, tt.through)
			if got := "\n" + lines(days); err != nil || got != tt.want {
				t.Errorf("%v%s\nwant%s", err, got, tt.want)
			}
		})
	}
}

// Of months, N is the month that is running.
func TestExplainMonths(t *testing.T) {
	days, err := published(t).Explain(Run{Start: Of(2025, 12, 31), Period: Period{2, Months}}, 0)
	if err != nil || len(days) != 59 {
		t.Fatalf("%d days, %v, want 59", len(days), err)
	}
	for i, want := range map[int]int{0: 1, 30: 1, 31: 2, 58: 2} {
		if !days[i].Counted || days[i].N != want {
			t.Errorf("%s is %d, want %d", days[i].Date, days[i].N, want)
		}
	}
	days, err = published(t).Explain(Run{Start: Of(2026, 3, 6), Period: Period{6, Months}}, 0)
	if err != nil || !strings.HasSuffix(lines(days), "09-05 6 calendar-day\n09-06 6 last-rests\n09-07 - rolled\n") {
		t.Errorf("%v\n%s", err, lines(days[len(days)-4:]))
	}
}

func TestExplainTooLong(t *testing.T) {
	if days, err := published(t).Explain(Run{Start: Of(2026, 1, 5), Period: Period{3, Days}}, Of(2200, 1, 1)); err == nil || days != nil {
		t.Errorf("%d days, %v, want a refusal", len(days), err)
	}
}

func TestExplainJSON(t *testing.T) {
	days, err := published(t).Explain(Run{Start: Of(2026, 2, 13), Period: Period{1, Workdays}}, Of(2026, 2, 15))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(days)
	want := `[{"date":"2026-02-14","counted":true,"n":1,"why":"make-up working day (调休)"},{"date":"2026-02-15","counted":false,"why":"after the due date"}]`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
}
