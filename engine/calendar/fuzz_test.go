package calendar

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"dossier/engine/text"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-01-05", "2026-02-30", "0000-00-00", "", "9999-12-31", "2026-1-05x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err == nil && d.String() != s {
			t.Errorf("Parse(%q) is %q", s, d)
		}
		if err != nil && d != 0 {
			t.Errorf("Parse(%q) answers %s beside its error", s, d)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"60 workdays", "1 day", "6 months", "0 days", "-1 days", "60"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p || !p.valid() {
			t.Errorf("ParsePeriod(%q) is %q, which reads as %+v, %v", s, p, again, err)
		}
	})
}

func FuzzParseSchedule(f *testing.F) {
	whole, err := os.ReadFile("../../seeds/schedules/2023.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for _, s := range []string{"", "{", "[]", "null", `{"year": 2026}`, `{"year": 2026, "published": false}`, "{\"year\":\n 2026,,}", `{"off":[{"dates":[1]}]}`, `{"a":[[[[[[[[[[]]]]]]]]]]}`, "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseSchedule("x.json", data)
		if err != nil {
			faults, ok := err.(text.Faults)
			if !ok || len(faults) == 0 {
				t.Fatalf("the error is no list of faults: %v", err)
			}
			for _, fault := range faults {
				if lines := bytes.Count(data, []byte("\n")) + 1; fault.Line < 1 || fault.Line > lines || fault.Col < 1 || fault.Col > len(data)+1 {
					t.Errorf("a fault outside the file: %v", fault)
				}
			}
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseSchedule("x.json", text); err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%s reads back as %+v, %v", text, again, err)
		}
		New(s).Next(Of(2026, 1, 1))
	})
}
