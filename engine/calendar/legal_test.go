package calendar

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/6tail/lunar-go/HolidayUtil"
)

// vectors are the worked examples of the law, by their numbers.
type vectors struct {
	Periods []struct {
		ID, Unit, Note  string
		Start, Raw, Due Date
		N               int
	}
	Suspensions []struct {
		ID, Note    string
		Start, Due  Date
		N           int
		Suspensions []struct{ Suspended, Resumed Date }
		Used, Left  int
		Paused      int
		DueWithout  Date `json:"due_without"`
	}
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	data, err := os.ReadFile("../../testdata/legal/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Periods) != 32 || len(v.Suspensions) != 5 {
		t.Fatalf("%d periods and %d suspensions, want 32 and 5", len(v.Periods), len(v.Suspensions))
	}
	return v
}

var vectorUnits = map[string]Unit{"wd": Workdays, "cal": Days, "month": Months}

func TestLegalPeriods(t *testing.T) {
	c := published(t)
	for _, v := range readVectors(t).Periods {
		p := Period{v.N, vectorUnits[v.Unit]}
		due, raw, provisional := c.Add(v.Start, p)
		if due != v.Due || raw != v.Raw || provisional {
			t.Errorf("%s (%s): %s + %s = %s raw %s provisional %v, want %s raw %s", v.ID, v.Note, v.Start, p, due, raw, provisional, v.Due, v.Raw)
		}
		res, err := c.Due(Run{Start: v.Start, Period: p})
		if err != nil || res.Due != v.Due || res.Raw != v.Raw || res.Left != v.N {
			t.Errorf("%s: Due is %+v, %v", v.ID, res, err)
		}
	}
}

// E03 to E04, E05 and E09: an extension follows the period without a gap.
func TestLegalExtensions(t *testing.T) {
	c := published(t)
	tests := []struct {
		id         string
		start, due Date
	}{
		{"E04", Of(2026, 1, 5), Of(2026, 5, 20)},
		{"E05", Of(2026, 8, 10), Of(2026, 12, 18)},
	}
	for _, tt := range tests {
		run := Run{Start: tt.start, Period: Period{60, Workdays}, Extend: []Period{{30, Workdays}}}
		res, err := c.Due(run)
		if err != nil || res.Due != tt.due {
			t.Errorf("%s: %+v, %v, want due %s", tt.id, res, err, tt.due)
		}
		first, _, _ := c.Add(tt.start, run.Period)
		if again, _, _ := c.Add(first, run.Extend[0]); again != tt.due {
			t.Errorf("%s: the 30th working day after %s is %s, want %s", tt.id, first, again, tt.due)
		}
	}
}

func TestLegalSuspensions(t *testing.T) {
	c := published(t)
	for _, v := range readVectors(t).Suspensions {
		run := Run{Start: v.Start, Period: Period{v.N, Workdays}}
		if res, err := c.Due(run); err != nil || res.Due != v.DueWithout {
			t.Errorf("%s: without a pause %+v, %v, want %s", v.ID, res, err, v.DueWithout)
		}
		if v.ID == "E09" { // 60 and 30
			run.Period.N, run.Extend = 60, []Period{{30, Workdays}}
		}
		for _, s := range v.Suspensions {
			run.Pauses = append(run.Pauses, Pause{s.Suspended, s.Resumed})
		}
		res, err := c.Due(run)
		want := Result{Due: v.Due, Raw: v.Due, Used: v.Used, Left: v.Left, Paused: v.Paused}
		if res != want {
			t.Errorf("%s (%s): %+v, want %+v", v.ID, v.Note, res, want)
		}
		var refusal *Refusal
		if rests := v.ID == "E12"; errors.As(err, &refusal) != rests || rests && (refusal.Code != RestDay || refusal.Day != Of(2026, 2, 7) || refusal.Limit != Of(2026, 2, 9)) {
			t.Errorf("%s: error %v", v.ID, err)
		}
	}
}

// E13: what has run out can't be suspended; the due date that counts is the one that the earlier pause gives.
func TestLegalSuspensionAfterDue(t *testing.T) {
	_, err := published(t).Due(Run{Start: Of(2026, 6, 1), Period: Period{60, Workdays},
		Pauses: []Pause{{Of(2026, 7, 1), Of(2026, 7, 20)}, {From: Of(2026, 9, 21)}}})
	var refusal *Refusal
	want := Refusal{Code: PauseAfterDue, Pause: 1, Day: Of(2026, 9, 21), Limit: Of(2026, 9, 11)}
	if !errors.As(err, &refusal) || *refusal != want {
		t.Errorf("E13: %v, want %v", err, &want)
	}
}

// The answers that a program gives which counts the start day, misses a make-up day, or takes 除夕 2024 for a holiday.
func TestLegalWrongAnswers(t *testing.T) {
	wrong := map[string][]Date{
		"E01": {Of(2026, 2, 26), Of(2026, 3, 2)},
		"E03": {Of(2026, 4, 8)},
		"E25": {Of(2026, 3, 2)},
		"E38": {Of(2024, 2, 21)},
	}
	c := published(t)
	for _, v := range readVectors(t).Periods {
		due, _, _ := c.Add(v.Start, Period{v.N, vectorUnits[v.Unit]})
		for _, w := range wrong[v.ID] {
			if due == w {
				t.Errorf("%s answers %s", v.ID, w)
			}
		}
	}
}

// E19, E27 and E40: counting backward (C12).
func TestLegalBackward(t *testing.T) {
	tests := []struct {
		id    string
		day   Date
		p     Period
		cause Date
	}{
		{"E19", Of(2026, 5, 15), Period{7, Workdays}, Of(2026, 5, 6)},
		{"E27", Of(2026, 12, 7), Period{10, Workdays}, Of(2026, 11, 20)}, // ten days run out on 12-04 and 12-07 remains
		{"E40", Of(2026, 12, 7), Period{60, Days}, Of(2026, 9, 30)},      // 10-07 is a holiday: back, never forward
	}
	for _, tt := range tests {
		if cause, ok := published(t).Back(tt.day, tt.p); cause != tt.cause || !ok {
			t.Errorf("%s: %s before %s is %s, %v, want %s", tt.id, tt.p, tt.day, cause, ok, tt.cause)
		}
	}
}

// E41: a year without a schedule is counted Monday to Friday, and says so; once it is loaded the date moves.
func TestLegalUnpublishedYear(t *testing.T) {
	c := published(t)
	run := Run{Start: Of(2026, 11, 20), Period: Period{60, Workdays}}
	res, err := c.Due(run)
	if err != nil || res.Due != Of(2027, 2, 12) || !res.Provisional {
		t.Errorf("E41: %+v, %v, want provisional 2027-02-12", res, err)
	}
	spring := Schedule{Year: 2027, Published: true, Off: []Holiday{{Name: "元旦", Dates: []Date{Of(2027, 1, 1)}}, {Name: "春节"}}}
	for d := Of(2027, 2, 5); d <= Of(2027, 2, 12); d++ {
		spring.Off[1].Dates = append(spring.Off[1].Dates, d)
	}
	if res, _ := c.With(spring).Due(run); res.Due != Of(2027, 2, 23) || res.Provisional {
		t.Errorf("E41 with a schedule: %+v, want 2027-02-23", res)
	}
	spring.Work = []Date{Of(2027, 1, 30), Of(2027, 2, 14)}
	if res, _ := c.With(spring).Due(run); res.Due != Of(2027, 2, 19) || res.Provisional {
		t.Errorf("E41 with make-up days: %+v, want 2027-02-19", res)
	}
}

// Working days a year and a month, counted in the notices.
func TestLegalWorkingDaysPerMonth(t *testing.T) {
	months := map[int][12]int{
		2024: {22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22},
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	}
	c := published(t)
	for year, want := range months {
		for m := range 12 {
			first := Of(year, m+1, 1)
			if got := c.Count(first-1, first.addMonths(1)-1); got != want[m] {
				t.Errorf("%d-%02d has %d working days, want %d", year, m+1, got, want[m])
			}
		}
	}
}

// Every day of the seeded years against an independent reading of the notices.
func TestEveryDayAgainstLunar(t *testing.T) {
	c := published(t)
	compared := 0
	for d := Of(2020, 1, 1); d <= Of(2026, 12, 31); d++ {
		_, weekday := week(d)
		want := weekday >= 1 && weekday <= 5
		if h := HolidayUtil.GetHoliday(d.String()); h != nil {
			want = h.IsWork()
		}
		got, provisional := c.Workday(d)
		if got != want || provisional {
			t.Errorf("%s: working day %v, provisional %v, want %v", d, got, provisional, want)
		}
		compared++
	}
	if compared != 2557 {
		t.Errorf("%d days compared, want 2557", compared)
	}
}
