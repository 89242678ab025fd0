package calendar

import (
	"reflect"
	"slices"
	"testing"
)

func TestDay(t *testing.T) {
	c := published(t)
	tests := []struct {
		d      Date
		code   Code
		zh, en string
	}{
		{Of(2026, 1, 5), Working, "工作日", "working day"},
		{Of(2026, 2, 14), MakeUp, "调休上班", "make-up working day (调休)"},
		{Of(2026, 3, 7), Weekend, "周末", "weekend"},
		{Of(2026, 2, 16), HolidayDay, "放假（春节）", "holiday (春节)"},
		{Of(2026, 2, 21), HolidayDay, "放假（春节）", "holiday (春节)"},
		{Of(2022, 12, 31), HolidayDay, "放假（元旦）", "holiday (元旦)"},
		{Of(2024, 2, 9), Working, "工作日", "working day"},
		{Of(2027, 1, 1), Working, "工作日（当年放假安排未公布）", "working day, schedule not published"},
		{Of(2019, 5, 4), Weekend, "周末（当年放假安排未公布）", "weekend, schedule not published"},
	}
	for _, tt := range tests {
		if got := c.Day(tt.d); got.Code != tt.code || got.ZH() != tt.zh || got.EN() != tt.en {
			t.Errorf("%s is %s %q %q, want %s %q %q", tt.d, got.Code, got.ZH(), got.EN(), tt.code, tt.zh, tt.en)
		}
	}
}

func TestCodesHaveWords(t *testing.T) {
	codes := []Code{Working, MakeUp, Weekend, HolidayDay, CalendarDay, Suspended, LastRests, Rolled, Over, Before, Fixed}
	for _, code := range codes {
		if words[code].zh == "" || words[code].en == "" {
			t.Errorf("%s has no words", code)
		}
	}
	if len(words) != len(codes) {
		t.Errorf("%d words, want %d", len(words), len(codes))
	}
}

// The later year's notice was published later; what it says of the December before is what holds.
func TestLaterYearWins(t *testing.T) {
	eve := Of(2026, 12, 31)
	before := Schedule{Year: 2026, Published: true, Off: []Holiday{{Name: "元旦", Dates: []Date{eve}}}}
	after := Schedule{Year: 2027, Published: true, Off: []Holiday{{Name: "元旦", Dates: []Date{Of(2027, 1, 1)}}}, Work: []Date{eve}}
	for _, c := range []*Calendar{New(before, after), New(after, before)} {
		if workday, _ := c.Workday(eve); !workday || c.Day(eve).Code != Working {
			t.Errorf("%s is %+v, want a working day", eve, c.Day(eve))
		}
	}
	if workday, _ := New(before).Workday(eve); workday {
		t.Errorf("%s is a working day without the later notice", eve)
	}
}

func TestWithReplacesItsYear(t *testing.T) {
	c := published(t)
	s, _ := c.Schedule(2026)
	s.Work = slices.DeleteFunc(s.Work, func(d Date) bool { return d == Of(2026, 2, 14) })
	changed := c.With(s)
	if workday, _ := changed.Workday(Of(2026, 2, 14)); workday {
		t.Error("With did not replace the year")
	}
	if workday, _ := c.Workday(Of(2026, 2, 14)); !workday {
		t.Error("With changed the calendar it was asked of")
	}
	if changed.Version() == c.Version() {
		t.Error("another schedule has the same version")
	}
	if got := changed.With(published(t).schedules[6]).Version(); got != c.Version() {
		t.Errorf("the old schedule back has version %s, want %s", got, c.Version())
	}
	if !reflect.DeepEqual(c.Years(), []int{2020, 2021, 2022, 2023, 2024, 2025, 2026}) {
		t.Errorf("years %v", c.Years())
	}
}

func TestVersionIsStable(t *testing.T) {
	schedules := seeded(t)
	want := New(schedules...).Version()
	slices.Reverse(schedules)
	for i := range schedules {
		slices.Reverse(schedules[i].Work)
		slices.Reverse(schedules[i].Off)
	}
	if got := New(schedules...).Version(); got != want || len(got) != 12 {
		t.Errorf("in another order the version is %q, want %q", got, want)
	}
}

// Events name the version that they were decided under: for one schedule it must never change.
func TestVersionIsPinned(t *testing.T) {
	s := Schedule{Year: 2026, Published: true, Notice: "国办发明电〔2025〕7号", Off: []Holiday{{"元旦", []Date{Of(2026, 1, 1)}}}, Work: []Date{Of(2026, 1, 4)}}
	if got := New(s).Version(); got != "e0990c12a68a" {
		t.Errorf("the version is %q", got)
	}
}

func TestScheduleIsACopy(t *testing.T) {
	c := published(t)
	s, ok := c.Schedule(2026)
	if !ok || s.Notice == "" || s.Source == "" {
		t.Fatalf("2026 is %+v", s)
	}
	s.Work[0], s.Off[0].Dates[0] = 0, 0
	if again, _ := c.Schedule(2026); again.Work[0] == 0 || again.Off[0].Dates[0] == 0 {
		t.Error("a caller can change the calendar")
	}
	if _, ok := c.Schedule(2027); ok {
		t.Error("2027 is held")
	}
}

// An answer is provisional only when a day that it rests on lies in a year without a schedule.
func TestProvisional(t *testing.T) {
	c := published(t)
	gap := New(seeded(t)[0], seeded(t)[2]) // 2020 and 2022
	tests := []struct {
		name  string
		c     *Calendar
		start Date
		p     Period
		due   Date
		want  bool
	}{
		{"workdays through the last day of the year", c, Of(2026, 12, 24), Period{5, Workdays}, Of(2026, 12, 31), false},
		{"workdays into the next year", c, Of(2026, 12, 24), Period{6, Workdays}, Of(2027, 1, 1), true},
		{"days to the last day of the year", c, Of(2026, 12, 1), Period{30, Days}, Of(2026, 12, 31), false},
		{"days into the next year", c, Of(2026, 12, 1), Period{31, Days}, Of(2027, 1, 1), true},
		{"months into the next year", c, Of(2026, 12, 1), Period{1, Months}, Of(2027, 1, 1), true},
		{"days that begin before the schedules", c, Of(2019, 12, 20), Period{20, Days}, Of(2020, 1, 9), false},
		{"workdays that begin before the schedules", c, Of(2019, 12, 20), Period{5, Workdays}, Of(2019, 12, 27), true},
		{"workdays from the last day before the schedules", c, Of(2019, 12, 31), Period{1, Workdays}, Of(2020, 1, 2), false},
		{"days across a gap", gap, Of(2020, 12, 1), Period{400, Days}, Of(2022, 1, 5), false},
		{"workdays across a gap", gap, Of(2020, 12, 1), Period{290, Workdays}, Of(2022, 1, 12), true},
		{"no schedule", New(), Of(2026, 1, 5), Period{5, Workdays}, Of(2026, 1, 12), true},
	}
	for _, tt := range tests {
		due, _, provisional := tt.c.Add(tt.start, tt.p)
		if due != tt.due || provisional != tt.want {
			t.Errorf("%s: %s + %s = %s, provisional %v, want %s, %v", tt.name, tt.start, tt.p, due, provisional, tt.due, tt.want)
		}
	}
	for _, span := range []struct {
		first, last Date
		want        bool
	}{
		{Of(2020, 1, 1), Of(2026, 12, 31), false},
		{Of(2026, 12, 31), Of(2027, 1, 1), true},
		{Of(2019, 12, 31), Of(2020, 1, 1), true},
		{Of(2027, 1, 1), Of(2027, 1, 1), true},
	} {
		if got := c.Provisional(span.first, span.last); got != span.want {
			t.Errorf("%s to %s: provisional %v, want %v", span.first, span.last, got, span.want)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	c := published(t)
	for _, p := range []Period{{}, {0, Days}, {-1, Days}, {10000, Workdays}, {5, "weeks"}} {
		if due, raw, _ := c.Add(Of(2026, 1, 5), p); due != 0 || raw != 0 {
			t.Errorf("Add of %+v answers %s", p, due)
		}
		if cause, ok := c.Back(Of(2026, 1, 5), p); cause != 0 || ok {
			t.Errorf("Back of %+v answers %s", p, cause)
		}
	}
	for _, p := range []Period{{5, Workdays}, {5, Days}, {5, Months}} {
		if due, _, _ := c.Add(0, p); due != 0 {
			t.Errorf("no start + %s answers %s", p, due)
		}
		if cause, ok := c.Back(0, p); cause != 0 || ok {
			t.Errorf("%s before no day answers %s", p, cause)
		}
		if cause, ok := c.Back(3, p); cause != 0 || ok {
			t.Errorf("%s before 0001-01-03 answers %s", p, cause)
		}
	}
	if cause, ok := c.Back(lastDate, Period{1, Months}); cause != Of(9999, 11, 30) || !ok {
		t.Errorf("a month before the last day is %s, want 9999-11-30", cause)
	}
	for _, p := range []Period{{9999, Days}, {9999, Months}} {
		if due, _, _ := c.Add(Of(9990, 1, 1), p); due != 0 {
			t.Errorf("9990-01-01 + %s answers %s", p, due)
		}
	}
}

func TestShiftAndNext(t *testing.T) {
	c := published(t)
	tests := []struct {
		d    Date
		n    int
		want Date
	}{
		{Of(2026, 2, 13), 1, Of(2026, 2, 14)},
		{Of(2026, 2, 14), 1, Of(2026, 2, 24)},
		{Of(2026, 2, 24), -1, Of(2026, 2, 14)},
		{Of(2026, 2, 20), -1, Of(2026, 2, 14)},
		{Of(2026, 2, 20), 1, Of(2026, 2, 24)},
		{Of(2026, 2, 20), 0, Of(2026, 2, 20)},
		{Of(2026, 4, 10), -10, Of(2026, 3, 26)},
	}
	for _, tt := range tests {
		if got := c.Shift(tt.d, tt.n); got != tt.want {
			t.Errorf("Shift(%s, %d) = %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
	for _, pair := range [][2]Date{{Of(2026, 2, 15), Of(2026, 2, 24)}, {Of(2026, 2, 14), Of(2026, 2, 14)}, {Of(2026, 2, 13), Of(2026, 2, 13)}} {
		if got := c.Next(pair[0]); got != pair[1] {
			t.Errorf("Next(%s) = %s, want %s", pair[0], got, pair[1])
		}
	}
}
