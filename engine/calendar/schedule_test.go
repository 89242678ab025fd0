package calendar

import (
	"errors"
	"strings"
	"testing"

	"dossier/engine/text"
)

func TestParseScheduleFaults(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want []string // position and the beginning of what is wrong
	}{
		{"empty", ``, []string{"1:1: the file ends too early"}},
		{"broken", "{\n  \"year\": 2026,\n  \"off\": [}\n", []string{"3:11: this is no JSON: invalid character '}'"}},
		{"cut", `{"year": 2026`, []string{"1:14: the file ends too early"}},
		{"two values", `{"year": 2026, "published": false} {}`, []string{"1:36: something after the end"}},
		{"not UTF-8", "{\"notice\": \"\xff\"}", []string{"1:1: not UTF-8"}},
		{"deep", `{"off": [[[[[[[[[]]]]]]]]]}`, []string{"1:16: nested too deep"}},
		{"a list", `[]`, []string{"1:1: here stands a list"}},
		{"nothing", `{}`, []string{"1:1: no year", "1:1: no published"}},
		{"unknown key", `{"year": 2026, "published": false, "papers": []}`, []string{`1:36: unknown key "papers"`}},
		{"key twice", `{"year": 2026, "published": false, "year": 2027}`, []string{`1:36: key "year" twice`}},
		{"year", `{"year": "2026", "published": false}`, []string{"1:10: year is not one from 1950 to 2199"}},
		{"far year", `{"year": 20260, "published": false}`, []string{"1:10: year is not one"}},
		{"broken year", `{"year": 2026.5, "published": false}`, []string{"1:10: year is not one"}},
		{"published", `{"year": 2026, "published": "yes"}`, []string{"1:29: published is a text"}},
		{"texts", `{"year": 2026, "published": false, "notice": 7, "source": null}`, []string{"1:46: notice is a number", "1:59: source is nothing"}},
		{"placeholder", `{"year": 2027, "published": true, "off": [], "work": []}`, []string{"1:1: a published schedule without holidays"}},
		{"days of an unpublished year", `{"year": 2027, "published": false, "off": [{"name": "元旦", "dates": ["2027-01-01"]}], "work": ["2027-01-02"]}`,
			[]string{"1:43: days off in a year that is not published"}},
		{"work of an unpublished year", `{"year": 2027, "published": false, "work": ["2027-01-02"]}`, []string{"1:44: working days in a year that is not published"}},
		{"floor of a published year", `{"year": 2027, "published": true, "off": [{"name": "元旦", "dates": ["2027-01-01"]}], "statutory_floor": ["2027-05-01"]}`,
			[]string{"1:104: statutory_floor in a published schedule"}},
		{"not a list", `{"year": 2027, "published": false, "off": {}, "work": 1}`, []string{"1:43: off is an object", "1:55: work is a number"}},
		{"holiday", `{"year": 2026, "published": true, "off": [{"name": " ", "dates": []}, {"nam": "x"}, 7]}`,
			[]string{"1:43: a holiday without a name", "1:43: a holiday without days", "1:71: a holiday without a name", "1:71: a holiday without days", `1:72: unknown key "nam"`, "1:85: here stands a number"}},
		{"dates", strings.Join([]string{
			`{"year": 2026, "published": true,`,
			` "off": [{"name": "元旦", "dates": ["2026-01-01", "2026-01-01", "2026-02-30", 5]},`,
			`         {"name": "别的", "dates": ["2026-01-01", "2025-11-30", "2027-02-01"]}],`,
			` "work": ["2026-01-04", "2026-01-05", "2026-01-01", "2026-1-10", "2026-01-04"]}`}, "\n"),
			[]string{"2:49: 2026-01-01 twice under off", `2:63: "2026-02-30" is not a date`, "2:77: a date that is a number",
				"3:35: 2026-01-01 twice under off", "3:49: 2025-11-30 in the schedule of 2026", "3:63: 2027-02-01 in the schedule of 2026",
				"4:25: 2026-01-05 is a Monday", "4:39: 2026-01-01 under off and under work", "4:39: 2026-01-01 is a Thursday", `4:53: "2026-1-10" is not a date`, "4:66: 2026-01-04 twice under work"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ParseSchedule("2026.json", []byte(tt.in))
			var faults text.Faults
			if !errors.As(err, &faults) || s.Year != 0 {
				t.Fatalf("answers %+v, %v, want faults alone", s, err)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tt.want) {
				t.Fatalf("%d faults, want %d:\n%v", len(lines), len(tt.want), err)
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, "2026.json:"+tt.want[i]) || !strings.HasSuffix(line, ")") {
					t.Errorf("fault %d is %q, want %q and what to do", i+1, line, tt.want[i])
				}
			}
		})
	}
	if _, err := ParseSchedule("big.json", make([]byte, maxFile+1)); err == nil {
		t.Error("more than the limit was read")
	}
}

func TestParseScheduleSpill(t *testing.T) {
	s, err := ParseSchedule("2023.json", []byte(`{"year": 2023, "published": true, "off": [{"name": "元旦", "dates": ["2023-01-02", "2022-12-30", "2024-01-01"]}], "work": ["2023-01-07"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Off[0].Dates; len(d) != 3 || d[0] != Of(2022, 12, 30) || d[2] != Of(2024, 1, 1) {
		t.Errorf("the days are %v, want them in order", d)
	}
}

func TestParseScheduleUnpublished(t *testing.T) {
	s, err := ParseSchedule("2027.json", []byte(`{"year": 2027, "published": false, "statutory_floor": ["2027-02-05", "2027-01-01"], "work": []}`))
	if err != nil || len(s.Floor) != 2 || s.Floor[0] != Of(2027, 1, 1) {
		t.Fatalf("%+v, %v", s, err)
	}
	c := New(s)
	if held, ok := c.Schedule(2027); !ok || held.Published || len(c.Years()) != 0 {
		t.Errorf("held %+v %v, published years %v", held, ok, c.Years())
	}
	if workday, provisional := c.Workday(Of(2027, 1, 1)); !workday || !provisional {
		t.Errorf("2027-01-01: working day %v, provisional %v, want Monday to Friday and provisional", workday, provisional)
	}
}

// A file that an editor marked as UTF-8 is read as one without the mark.
func TestScheduleWithByteOrderMark(t *testing.T) {
	for _, name := range []string{"with", "without"} {
		text := `{"year": 2027}`
		if name == "with" {
			text = "\ufeff" + text
		}
		_, err := ParseSchedule("2027.json", []byte(text))
		if err == nil || strings.Contains(err.Error(), "invalid character") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
