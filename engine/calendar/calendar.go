package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// Calendar answers from a set of yearly schedules which days are worked. It is immutable and safe for concurrent use.
//
// It keeps only the days that a schedule lists, in order, each with the difference that the listed days up to it make
// against plain Monday to Friday; so that the rank of a day (how many working days lie before or on it) and the day of
// a rank each cost one binary search, whatever the distance.
type Calendar struct {
	schedules []Schedule // by year, one each
	published []span     // the years that have a schedule, neighbours joined
	version   string

	days  []Date // the listed days, ascending
	kinds []Kind // of each listed day
	ranks []int  // of each listed day
	sums  []int  // sums[i]: working days that the first i listed days add (make-up) or take away (off)
}

// span is the days from the first to the last, both included.
type span struct{ first, last Date }

// New is a calendar that holds the schedules given; of two for one year, the later argument. A schedule that is not
// published is held but not counted by. A year's file may list days of the years beside it: a day is looked up in all,
// and where two years' files differ the later year's, which was published later, wins.
func New(schedules ...Schedule) *Calendar {
	c := &Calendar{}
	for _, s := range schedules {
		s = s.clone()
		i, found := slices.BinarySearchFunc(c.schedules, s.Year, func(s Schedule, year int) int { return s.Year - year })
		if found {
			c.schedules[i] = s
		} else {
			c.schedules = slices.Insert(c.schedules, i, s)
		}
	}
	listed := map[Date]Kind{}
	for _, s := range c.schedules {
		if !s.Published {
			continue
		}
		first, last := Of(s.Year, 1, 1), Of(s.Year, 12, 31)
		if n := len(c.published); n > 0 && c.published[n-1].last+1 == first {
			c.published[n-1].last = last
		} else {
			c.published = append(c.published, span{first, last})
		}
		for _, holiday := range s.Off {
			for _, d := range holiday.Dates {
				listed[d] = Kind{Code: HolidayDay, Name: holiday.Name}
			}
		}
		for _, d := range s.Work {
			listed[d] = Kind{Code: MakeUp}
		}
	}
	for d := range listed {
		c.days = append(c.days, d)
	}
	slices.Sort(c.days)
	c.sums = []int{0}
	for i, d := range c.days {
		kind, sum := listed[d], c.sums[i]
		switch plain := weekdays(d) > weekdays(d-1); {
		case plain && kind.Code == HolidayDay:
			sum--
		case plain:
			kind.Code = Working // a weekday listed as 上班 is an ordinary working day
		case kind.Code == MakeUp:
			sum++
		}
		c.kinds = append(c.kinds, kind)
		c.sums = append(c.sums, sum)
		c.ranks = append(c.ranks, weekdays(d)+sum)
	}
	c.version = fingerprint(c.schedules)
	return c
}

// fingerprint is the first 12 hexadecimal digits of the SHA-256 of the schedules as JSON.
func fingerprint(schedules []Schedule) string {
	text, err := json.Marshal(schedules)
	if err != nil { // no value of a Schedule can make it fail
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

// With is a calendar that holds s as well, in place of what it held for that year.
func (c *Calendar) With(s Schedule) *Calendar { return New(append(slices.Clone(c.schedules), s)...) }

// Version is a short hash of the schedules held: the same schedules, the same version, on every machine.
func (c *Calendar) Version() string { return c.version }

// Schedule is what the calendar holds for a year, published or not.
func (c *Calendar) Schedule(year int) (Schedule, bool) {
	for _, s := range c.schedules {
		if s.Year == year {
			return s.clone(), true
		}
	}
	return Schedule{}, false
}

// Schedules are all that the calendar holds, by year, those not published too.
func (c *Calendar) Schedules() []Schedule {
	all := make([]Schedule, len(c.schedules))
	for i, s := range c.schedules {
		all[i] = s.clone()
	}
	return all
}

// Years are the years whose schedule is published, ascending.
func (c *Calendar) Years() []int {
	var years []int
	for _, s := range c.schedules {
		if s.Published {
			years = append(years, s.Year)
		}
	}
	return years
}

// weekdays is the number of days Monday to Friday from day 1 to d, day 1 being a Monday.
func weekdays(d Date) int {
	q, r := week(d)
	return q*5 + min(r, 5)
}

// nthWeekday is the day d that is Monday to Friday and has weekdays(d) == n.
func nthWeekday(n int) Date {
	q, r := (n-1)/5, (n-1)%5
	if r < 0 {
		q, r = q-1, r+5
	}
	return Date(q*7 + r + 1)
}

// look is the number of working days from day 1 to d, and whether d is one.
func (c *Calendar) look(d Date) (rank int, workday bool) {
	i, found := slices.BinarySearch(c.days, d)
	if found {
		return c.ranks[i], c.kinds[i].Workday()
	}
	_, weekday := week(d)
	return weekdays(d) + c.sums[i], weekday >= 1 && weekday <= 5
}

// rank is the number of working days from day 1 to d.
func (c *Calendar) rank(d Date) int {
	rank, _ := c.look(d)
	return rank
}

// nth is the working day of a rank: between two listed days the days are plain Monday to Friday, and a listed day that
// is reached first is a make-up day, the answer itself.
func (c *Calendar) nth(rank int) Date {
	i, _ := slices.BinarySearch(c.ranks, rank) // the first listed day whose rank is not below
	d := nthWeekday(rank - c.sums[i])
	if i < len(c.days) {
		d = min(d, c.days[i])
	}
	return d
}

// Provisional is whether a day from first to last lies in a year without a published schedule.
func (c *Calendar) Provisional(first, last Date) bool {
	for _, s := range c.published {
		if s.first <= first && last <= s.last {
			return false
		}
	}
	return true
}

// Workday is whether d is a working day (C2); provisional when the schedule of its year is not published and the answer
// is only Monday to Friday.
func (c *Calendar) Workday(d Date) (workday, provisional bool) {
	_, workday = c.look(d)
	return workday, c.Provisional(d, d)
}

// Day says why d is a working day or a rest day.
func (c *Calendar) Day(d Date) Kind {
	kind := Kind{Code: Weekend}
	if i, found := slices.BinarySearch(c.days, d); found {
		kind = c.kinds[i]
	} else if _, workday := c.look(d); workday {
		kind.Code = Working
	}
	kind.Provisional = c.Provisional(d, d)
	return kind
}

// Next is d itself if it is a working day, else the first one after it: where a period that ends on d ends (C4).
func (c *Calendar) Next(d Date) Date { return c.nth(c.rank(d-1) + 1) }

// Shift is the n-th working day after d, or for a negative n the n-th before it; d itself for 0.
func (c *Calendar) Shift(d Date, n int) Date {
	switch {
	case n > 0:
		return c.nth(c.rank(d) + n)
	case n < 0:
		return c.nth(c.rank(d-1) + 1 + n)
	}
	return d
}

// Count is the number of working days after the one day, through the other; negative when through is before after.
func (c *Calendar) Count(after, through Date) int { return c.rank(through) - c.rank(after) }

// Add is the day on which a period that starts on start ends: due, and raw, the day before it rolled off rest days
// (C1–C6). It is provisional when a day that it rests on lies in a year without a published schedule: for working days each
// day after the start, for days and months only the raw day and those that it rolled over. No start, or a period that
// ParsePeriod would refuse, has no due date: 0, 0, false.
func (c *Calendar) Add(start Date, p Period) (due, raw Date, provisional bool) {
	if start == 0 || !p.valid() {
		return 0, 0, false
	}
	switch p.Unit {
	case Workdays:
		due = c.nth(c.rank(start) + p.N)
		return due, due, c.Provisional(start+1, due)
	case Days:
		raw = start.Add(p.N)
	case Months:
		raw = start.addMonths(p.N)
	}
	if raw == 0 {
		return 0, 0, false
	}
	due = c.Next(raw)
	return due, raw, c.Provisional(raw, due)
}

// Back counts backward (C12): the last day on which the cause may happen so that p full units lie between it and day,
// neither of the two counted. It is a working day: off a rest day it goes back, never forward. False where Add has no
// answer either, or where the cause would lie before the calendar begins. Whether it is provisional, Provisional(cause, day-1) tells.
func (c *Calendar) Back(day Date, p Period) (cause Date, ok bool) {
	if day == 0 || !p.valid() {
		return 0, false
	}
	last := day - 1 // the last day that can be full
	switch p.Unit {
	case Workdays:
		cause = c.nth(c.rank(last)-p.N+1) - 1
	case Days:
		cause = last.Add(-p.N)
	case Months:
		cause = last.addMonths(-p.N)
		for cause != 0 { // the last days of a long month end where the last day of a short one does
			next := (cause + 1).addMonths(p.N)
			if next == 0 || next > last {
				break
			}
			cause++
		}
	}
	if cause > 0 {
		cause = c.nth(c.rank(cause))
	}
	if cause <= 0 {
		return 0, false
	}
	return cause, true
}
