package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Doubt is what looks wrong in a schedule that can be read: a key of the catalogue of messages, with its arguments. It
// refuses nothing, for a notice may say anything.
type Doubt struct {
	Key  string
	Args map[string]string
}

// statutory are the holidays of every year since 2008 (全国年节及纪念日放假办法第二条).
var statutory = []string{"元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"}

// firstSeven is the first year with these seven holidays.
const firstSeven = 2008

// statutoryDays are how many days the law gives in a year: what of the weekdays off is not worked on a weekend instead. In
// 2020 the Spring Festival was made longer by two.
func statutoryDays(year int) int {
	if year >= 2025 || year == 2020 {
		return 13
	}
	return 11
}

// Doubts are what looks wrong in a published schedule: weekdays off less worked weekends against the days that the law
// gives, a holiday that is missing, a run of days off with a hole.
func (s Schedule) Doubts() []Doubt {
	if !s.Published || s.Year < firstSeven {
		return nil
	}
	var ds []Doubt
	weekdays := 0
	for _, h := range s.Off {
		for i, d := range slices.Sorted(slices.Values(h.Dates)) {
			if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
				weekdays++
			}
			if before := slices.Sorted(slices.Values(h.Dates)); i > 0 && d > before[i-1]+1 {
				ds = append(ds, Doubt{"schedule.hole", map[string]string{"name": h.Name, "from": before[i-1].Add(1).String(), "to": d.Add(-1).String()}})
			}
		}
	}
	if want := statutoryDays(s.Year); weekdays-len(s.Work) != want {
		ds = append(ds, Doubt{"schedule.sum", map[string]string{"off": strconv.Itoa(weekdays), "work": strconv.Itoa(len(s.Work)),
			"left": strconv.Itoa(weekdays - len(s.Work)), "want": strconv.Itoa(want), "year": strconv.Itoa(s.Year)}})
	}
	for _, name := range statutory {
		if !slices.ContainsFunc(s.Off, func(h Holiday) bool { return strings.Contains(h.Name, name) }) {
			ds = append(ds, Doubt{"schedule.missing", map[string]string{"name": name}})
		}
	}
	return ds
}
