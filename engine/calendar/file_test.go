package calendar_test

import (
	"reflect"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/seeds"
)

// What File writes is read back as it was, a published year and one that is not.
func TestFileIsReadBack(t *testing.T) {
	odd := calendar.Schedule{Year: 2031, Published: true, Notice: `引号"与<尖>&`, Off: []calendar.Holiday{{Name: "元旦", Dates: []calendar.Date{calendar.Of(2031, 1, 1)}}}, Work: []calendar.Date{}}
	for _, s := range append(seeds.Schedules(), odd, calendar.Schedule{Year: 2032, Off: []calendar.Holiday{}, Work: []calendar.Date{}}) {
		data := s.File()
		got, err := calendar.ParseSchedule("x.json", data)
		if err != nil {
			t.Errorf("%d: %v\n%s", s.Year, err, data)
			continue
		}
		want, _ := calendar.New(s).Schedule(s.Year)
		if again, _ := calendar.New(got).Schedule(s.Year); !reflect.DeepEqual(again, want) {
			t.Errorf("%d: read back as\n%+v\nwas\n%+v", s.Year, again, want)
		}
		if n := strings.Count(string(data), "\n"); n > 20 {
			t.Errorf("%d: %d lines", s.Year, n)
		}
	}
}
