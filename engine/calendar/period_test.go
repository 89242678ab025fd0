package calendar

import (
	"encoding/json"
	"testing"
)

func TestPeriodParse(t *testing.T) {
	tests := []struct {
		in   string
		want Period
		out  string
		han  string
	}{
		{"60 workdays", Period{60, Workdays}, "60 workdays", "60个工作日"},
		{"1 workday", Period{1, Workdays}, "1 workday", "1个工作日"},
		{"1 workdays", Period{1, Workdays}, "1 workday", "1个工作日"},
		{"15 days", Period{15, Days}, "15 days", "15日"},
		{"1 day", Period{1, Days}, "1 day", "1日"},
		{"6 months", Period{6, Months}, "6 months", "6个月"},
		{"1 month", Period{1, Months}, "1 month", "1个月"},
		{"9999 days", Period{9999, Days}, "9999 days", "9999日"},
	}
	for _, tt := range tests {
		p, err := ParsePeriod(tt.in)
		if err != nil || p != tt.want || p.String() != tt.out || p.Han() != tt.han {
			t.Errorf("ParsePeriod(%q) = %+v %q %q, %v, want %q %q", tt.in, p, p, p.Han(), err, tt.out, tt.han)
		}
	}
	for _, in := range []string{"", "60", "workdays", "60workdays", "60  workdays", " 60 workdays", "60 workdays ", "060 workdays", "+6 days", "-6 days",
		"0 days", "10000 days", "6.5 days", "60 Workdays", "60 weeks", "六十 days", "99999999999999999999 days", "1e2 days"} {
		if p, err := ParsePeriod(in); err == nil || p != (Period{}) {
			t.Errorf("ParsePeriod(%q) = %+v, want an error", in, p)
		}
	}
}

func TestPeriodJSON(t *testing.T) {
	type pair struct{ A, B Period }
	text, err := json.Marshal(pair{A: Period{60, Workdays}})
	if err != nil || string(text) != `{"A":"60 workdays","B":""}` {
		t.Errorf("%s, %v", text, err)
	}
	p := pair{B: Period{1, Days}}
	if err := json.Unmarshal(text, &p); err != nil || p != (pair{A: Period{60, Workdays}}) {
		t.Errorf("%+v, %v", p, err)
	}
	if err := json.Unmarshal([]byte(`{"A":"60"}`), &p); err == nil {
		t.Error("a period without a unit was read")
	}
	if (Period{}).Han() != "" {
		t.Error("no period has words")
	}
}
