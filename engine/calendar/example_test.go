package calendar_test

import (
	"fmt"

	"dossier/engine/calendar"
)

// Sixty working days from filing, suspended for a month over the Spring Festival of a schedule.
func ExampleCalendar_Due() {
	schedule, err := calendar.ParseSchedule("2026.json", []byte(`{"year": 2026, "published": true, "notice": "国办发明电〔2025〕7号",
		"off": [{"name": "春节", "dates": ["2026-02-15", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-21", "2026-02-22", "2026-02-23"]},
			{"name": "清明节", "dates": ["2026-04-04", "2026-04-05", "2026-04-06"]}, {"name": "劳动节", "dates": ["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"]}],
		"work": ["2026-02-14", "2026-02-28", "2026-05-09"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c := calendar.New(schedule)
	filed, period := calendar.Of(2026, 1, 12), calendar.Period{N: 60, Unit: calendar.Workdays}
	whole, err := c.Due(calendar.Run{Start: filed, Period: period})
	fmt.Println(whole.Due, err)
	suspended := []calendar.Pause{{From: calendar.Of(2026, 2, 10), To: calendar.Of(2026, 3, 16)}}
	r, err := c.Due(calendar.Run{Start: filed, Period: period, Pauses: suspended})
	fmt.Println(r.Due, r.Paused, "working days out of the count,", err)
	// A make-up Saturday works; a refusal names the day at fault.
	fmt.Println(c.Workday(calendar.Of(2026, 2, 14)))
	_, err = c.Due(calendar.Run{Start: filed, Period: period, Pauses: []calendar.Pause{{From: calendar.Of(2026, 2, 17)}}})
	fmt.Println(err)
	// Output:
	// 2026-04-13 <nil>
	// 2026-05-13 20 working days out of the count, <nil>
	// true false
	// 2026-02-17 is a rest day: suspend and resume on working days, the next is 2026-02-24
}
