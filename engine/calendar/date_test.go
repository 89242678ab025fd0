package calendar

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDateOf(t *testing.T) {
	tests := []struct {
		y, m, d int
		want    Date
	}{
		{1, 1, 1, 1},
		{1970, 1, 1, 719163},
		{2000, 3, 1, 730180},
		{9999, 12, 31, 3652059},
		{2024, 2, 29, Of(2024, 3, 1) - 1},
		{2026, 2, 29, 0}, {1900, 2, 29, 0}, {2026, 4, 31, 0}, {2026, 13, 1, 0}, {2026, 0, 1, 0}, {2026, 1, 0, 0}, {0, 1, 1, 0}, {10000, 1, 1, 0},
	}
	for _, tt := range tests {
		if got := Of(tt.y, tt.m, tt.d); got != tt.want {
			t.Errorf("Of(%d, %d, %d) = %d, want %d", tt.y, tt.m, tt.d, got, tt.want)
		}
	}
}

func TestDateParse(t *testing.T) {
	for _, s := range []string{"0001-01-01", "2026-01-05", "2024-02-29", "9999-12-31"} {
		if d, err := Parse(s); err != nil || d.String() != s {
			t.Errorf("Parse(%q) = %s, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2026-1-5", "2026/01/05", "20260105", "2026-02-30", "0000-01-01", "2026-01-05 ", " 2026-01-05",
		"2026-01-05T00:00:00Z", "+026-01-05", "2026-0a-05", "２026-01-05", "2026-00-10", "2026-01-00", "-001-01-01"} {
		if d, err := Parse(s); err == nil || d != 0 {
			t.Errorf("Parse(%q) = %s, want an error", s, d)
		}
	}
}

func TestDateWords(t *testing.T) {
	d := Of(2026, 1, 5)
	if d.String() != "2026-01-05" || d.Han() != "2026年1月5日" || d.HanShort() != "1月5日" || d.HanWeekday() != "星期一" || d.Weekday() != time.Monday {
		t.Errorf("%s %s %s %s %s", d, d.Han(), d.HanShort(), d.HanWeekday(), d.Weekday())
	}
	if s := Of(2026, 1, 4).HanWeekday(); s != "星期日" {
		t.Errorf("2026-01-04 is %s, want 星期日", s)
	}
	var none Date
	if none.String()+none.Han()+none.HanShort()+none.HanWeekday() != "" {
		t.Error("no date has words")
	}
	if y, m, day := none.YMD(); y != 0 || m != 0 || day != 0 {
		t.Errorf("no date is %d-%d-%d", y, m, day)
	}
}

// Every fifth day of the calendar, against the time package.
func TestDateAgainstTime(t *testing.T) {
	when := time.Date(1, 1, 1, 12, 0, 0, 0, time.UTC)
	for d := Date(1); d <= lastDate; d += 5 {
		y, m, day := d.YMD()
		if ty, tm, td := when.Date(); y != ty || m != int(tm) || day != td || d.Weekday() != when.Weekday() || Of(y, m, day) != d {
			t.Fatalf("day %d is %d-%d-%d %s, want %s", d, y, m, day, d.Weekday(), when)
		}
		when = when.AddDate(0, 0, 5)
	}
}

func TestDateIn(t *testing.T) {
	tests := []struct {
		at   string
		want Date
	}{
		{"2026-01-04T15:59:59Z", Of(2026, 1, 4)},
		{"2026-01-04T16:00:00Z", Of(2026, 1, 5)},
		{"2026-01-05T23:59:59+08:00", Of(2026, 1, 5)},
		{"2026-01-05T00:00:00+14:00", Of(2026, 1, 4)},
		{"1969-12-31T16:00:00Z", Of(1970, 1, 1)},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := In(at); got != tt.want {
			t.Errorf("In(%s) = %s, want %s", tt.at, got, tt.want)
		}
	}
	if d := In(time.Time{}); d != 0 {
		t.Errorf("the zero time is %s, want no date", d)
	}
}

func TestDateAdd(t *testing.T) {
	tests := []struct {
		d    Date
		n    int
		want Date
	}{
		{Of(2026, 2, 28), 1, Of(2026, 3, 1)},
		{Of(2026, 3, 1), -1, Of(2026, 2, 28)},
		{0, 5, 0},
		{1, -1, 0}, {1, -100, 0},
		{lastDate, 1, 0}, {lastDate, 1 << 40, 0}, {5, -(1 << 40), 0},
	}
	for _, tt := range tests {
		if got := tt.d.Add(tt.n); got != tt.want {
			t.Errorf("%s + %d = %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
}

func TestDateAddMonths(t *testing.T) {
	tests := []struct {
		d    Date
		n    int
		want Date
	}{
		{Of(2026, 1, 31), 1, Of(2026, 2, 28)},
		{Of(2024, 1, 31), 1, Of(2024, 2, 29)},
		{Of(2025, 8, 29), 6, Of(2026, 2, 28)},
		{Of(2025, 12, 15), 1, Of(2026, 1, 15)},
		{Of(2026, 1, 15), -1, Of(2025, 12, 15)},
		{Of(2026, 3, 31), -13, Of(2025, 2, 28)},
		{Of(2024, 2, 29), 12, Of(2025, 2, 28)},
		{Of(9999, 12, 1), 1, 0}, {Of(1, 1, 1), -1, 0}, {0, 3, 0},
	}
	for _, tt := range tests {
		if got := tt.d.addMonths(tt.n); got != tt.want {
			t.Errorf("%s + %d months = %s, want %s", tt.d, tt.n, got, tt.want)
		}
	}
}

func TestDateJSON(t *testing.T) {
	type pair struct{ A, B Date }
	text, err := json.Marshal(pair{A: Of(2026, 1, 5)})
	if err != nil || string(text) != `{"A":"2026-01-05","B":""}` {
		t.Errorf("%s, %v", text, err)
	}
	p := pair{B: 7}
	if err := json.Unmarshal(text, &p); err != nil || p != (pair{A: Of(2026, 1, 5)}) {
		t.Errorf("%+v, %v", p, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"2026-02-30"}`), &p); err == nil {
		t.Error("a day that doesn't exist was read")
	}
}
