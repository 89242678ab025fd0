package calendar

import (
	"fmt"
	"time"
)

// Date is a legal day: the number of days since 0000-12-31 in the proleptic Gregorian calendar, so that 1 is
// 0001-01-01, a Monday. 0 means no date. It is a day in Asia/Shanghai, never an instant.
type Date int32

const (
	unixEpoch Date = 719163  // 1970-01-01
	lastDate  Date = 3652059 // 9999-12-31, the last day that four digits can write
	daySecs        = 24 * 60 * 60
)

// shanghai is UTC+8 all year; a fixed zone needs no tzdata.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Of is the day y-m-d, or 0 when the calendar has no such day (2026-02-30) or the year is outside 1 to 9999.
func Of(y, m, d int) Date {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > monthDays(y, m) {
		return 0
	}
	return civil(y, m, d)
}

// civil counts y-m-d without asking whether it exists; the caller has.
func civil(y, m, d int) Date {
	return Date(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix()/daySecs) + unixEpoch
}

// monthDays is the number of days of month m of year y.
func monthDays(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Parse reads a day written YYYY-MM-DD. Nothing else is accepted: no other order, no spaces, no day that doesn't exist.
func Parse(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, fmt.Errorf("%q is not a date: write it as 2026-01-05", s)
	}
	var n [3]int
	for i, part := range [3]string{s[:4], s[5:7], s[8:]} {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return 0, fmt.Errorf("%q is not a date: write it as 2026-01-05", s)
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	d := Of(n[0], n[1], n[2])
	if d == 0 {
		return 0, fmt.Errorf("%q is not a day of the calendar: check the month and the day", s)
	}
	return d, nil
}

// In is the day on which t falls in Asia/Shanghai; 0 for the zero time.
func In(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.In(shanghai).Date()
	return Of(y, int(m), d)
}

// YMD is the year, month and day of the month; 0, 0, 0 for no date.
func (d Date) YMD() (year, month, day int) {
	if d == 0 {
		return 0, 0, 0
	}
	y, m, day := time.Unix(int64(d-unixEpoch)*daySecs, 0).UTC().Date()
	return y, int(m), day
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	_, r := week(d)
	return time.Weekday(r)
}

// week splits d into whole weeks and the day of the week, Sunday 0: day 1 is a Monday. It rounds down, below zero too.
func week(d Date) (weeks, weekday int) {
	q, r := int(d)/7, int(d)%7
	if r < 0 {
		q, r = q-1, r+7
	}
	return q, r
}

// Add is the day n days later, earlier when n is negative. No date stays no date, and what would lie before
// 0001-01-01 or after 9999-12-31 is no date.
func (d Date) Add(n int) Date {
	sum := int64(d) + int64(n)
	if d == 0 || sum < 1 || sum > int64(lastDate) {
		return 0
	}
	return Date(sum)
}

// addMonths is the same-numbered day n months later, or the last day of that month when it is shorter (C6).
func (d Date) addMonths(n int) Date {
	y, m, day := d.YMD()
	m += y*12 + n - 1
	y, m = m/12, m%12+1
	if d == 0 || y < 1 || y > 9999 {
		return 0
	}
	return civil(y, m, min(day, monthDays(y, m)))
}

// String is the day as 2026-01-05; "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.YMD()
	if y < 0 || y > 9999 {
		return fmt.Sprintf("%04d-%02d-%02d", y, m, day)
	}
	text := [10]byte{4: '-', 7: '-'} // by hand: days stand in every row and key
	for i, n := range [8]int{y / 1000, y / 100, y / 10, y, m / 10, m, day / 10, day} {
		text[i+max(0, i/2-1)] = byte('0' + n%10)
	}
	return string(text[:])
}

// Han is the day as 2026年1月5日; "" for no date.
func (d Date) Han() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.YMD()
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

// HanShort is the day without its year, as 1月5日; "" for no date.
func (d Date) HanShort() string {
	if d == 0 {
		return ""
	}
	_, m, day := d.YMD()
	return fmt.Sprintf("%d月%d日", m, day)
}

// HanWeekday is the day of the week as 星期一; "" for no date.
func (d Date) HanWeekday() string {
	if d == 0 {
		return ""
	}
	return [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}[d.Weekday()]
}

// MarshalText writes 2026-01-05, or nothing for no date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// AppendText writes the day behind other text.
func (d Date) AppendText(b []byte) ([]byte, error) { return append(b, d.String()...), nil }

// UnmarshalText reads what MarshalText writes; it is as strict as Parse.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	day, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = day
	return nil
}
