// Package seeds holds what an office starts with, as data.
package seeds

import (
	"embed"
	"fmt"

	"dossier/engine/calendar"
)

// scheduleFiles are the State Council's holiday arrangements, one JSON file a year.
//
//go:embed schedules/*.json
var scheduleFiles embed.FS

// Schedules are the holiday arrangements of the years that were published when this program was built, by year.
func Schedules() []calendar.Schedule {
	entries, err := scheduleFiles.ReadDir("schedules")
	if err != nil {
		panic(fmt.Sprintf("seeds: the embedded schedules are missing: %v", err))
	}
	schedules := make([]calendar.Schedule, len(entries))
	for i, entry := range entries {
		name := "schedules/" + entry.Name()
		data, err := scheduleFiles.ReadFile(name)
		if err == nil {
			schedules[i], err = calendar.ParseSchedule(name, data)
		}
		if err != nil { // the package's tests read every file
			panic(fmt.Sprintf("seeds: an embedded schedule is faulty: %v", err))
		}
	}
	return schedules
}
