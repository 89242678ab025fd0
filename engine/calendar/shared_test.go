package calendar

import (
	"os"
	"path/filepath"
	"testing"
)

// seeded are the schedules that the program is seeded with, 2020 to 2026.
func seeded(t testing.TB) []Schedule {
	t.Helper()
	files, err := filepath.Glob("../../seeds/schedules/*.json")
	if err != nil || len(files) != 7 {
		t.Fatalf("%d schedules, want 7: %v", len(files), err)
	}
	var schedules []Schedule
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseSchedule(file, data)
		if err != nil {
			t.Fatal(err)
		}
		schedules = append(schedules, s)
	}
	return schedules
}

// published is a calendar of the seeded schedules.
func published(t testing.TB) *Calendar {
	t.Helper()
	return New(seeded(t)...)
}
