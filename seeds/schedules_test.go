package seeds

import (
	"testing"

	"dossier/engine/calendar"
)

func TestSchedules(t *testing.T) {
	schedules := Schedules()
	c := calendar.New(schedules...)
	workdays := map[int]int{2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}
	if len(schedules) != len(workdays) {
		t.Fatalf("%d schedules, want %d", len(schedules), len(workdays))
	}
	for i, s := range schedules {
		if s.Year != 2020+i || !s.Published || s.Notice == "" || s.Source == "" {
			t.Errorf("schedule %d is of %d, published %v, notice %q, source %q", i, s.Year, s.Published, s.Notice, s.Source)
		}
		if got := c.Count(calendar.Of(s.Year, 1, 1)-1, calendar.Of(s.Year, 12, 31)); got != workdays[s.Year] {
			t.Errorf("%d has %d working days, want %d", s.Year, got, workdays[s.Year])
		}
	}
}

// The Spring Festival of 2020 was prolonged after it had begun: 2020-01-31 is off, and the Saturday after it isn't worked.
func TestScheduleOf2020IsTheProlonged(t *testing.T) {
	c := calendar.New(Schedules()...)
	if got := c.Shift(calendar.Of(2020, 1, 23), 1); got != calendar.Of(2020, 2, 3) {
		t.Errorf("the working day after 2020-01-23 is %s, want 2020-02-03", got)
	}
}
