package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a period is counted in.
type Unit string

// The units. Workdays are 工作日, Days are calendar days (日, 自然日).
const (
	Workdays Unit = "workdays"
	Days     Unit = "days"
	Months   Unit = "months"
)

// maxUnits bounds a period, so that no due date leaves the calendar by a slip of the keyboard.
const maxUnits = 9999

// Period is a length of time in one unit. The zero Period is none.
type Period struct {
	N    int // 1 to 9999
	Unit Unit
}

// ParsePeriod reads "60 workdays", "15 days" or "6 months"; "1 workday", "1 day" and "1 month" too. The number is
// written in digits, from 1 to 9999.
func ParsePeriod(s string) (Period, error) {
	number, word, found := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if !found || err != nil || strconv.Itoa(n) != number {
		return Period{}, fmt.Errorf("%q is not a period: write a number and a unit, as 60 workdays, 15 days or 6 months", s)
	}
	p := Period{N: n}
	switch word {
	case "workdays", "workday":
		p.Unit = Workdays
	case "days", "day":
		p.Unit = Days
	case "months", "month":
		p.Unit = Months
	default:
		return Period{}, fmt.Errorf("%q has no known unit: use workdays, days or months", s)
	}
	if !p.valid() {
		return Period{}, fmt.Errorf("%q is too short or too long: use 1 to %d %s", s, maxUnits, p.Unit)
	}
	return p, nil
}

func (p Period) valid() bool {
	return p.N >= 1 && p.N <= maxUnits && (p.Unit == Workdays || p.Unit == Days || p.Unit == Months)
}

// String is the period as ParsePeriod reads it; "" for none.
func (p Period) String() string {
	if p == (Period{}) {
		return ""
	}
	unit := string(p.Unit)
	if p.N == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return strconv.Itoa(p.N) + " " + unit
}

// Han is the period in Chinese: 60个工作日, 15日, 6个月; "" for none.
func (p Period) Han() string {
	if p == (Period{}) {
		return ""
	}
	return strconv.Itoa(p.N) + p.Unit.measure()
}

// measure is the unit's word after a number in Chinese.
func (u Unit) measure() string {
	switch u {
	case Workdays:
		return "个工作日"
	case Months:
		return "个月"
	}
	return "日"
}

// MarshalText writes the period as ParsePeriod reads it, or nothing for none.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes; it is as strict as ParsePeriod.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
