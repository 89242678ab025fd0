package scenario

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// dates reads and writes the days of a scenario: 2026-01-05, or a day counted from today or from the step's fact day
// ("day"), by d (days), wd (working days) or m (months, the same day of the month or its last), once or one after another:
// today-12wd, day+3d, today-40wd-2m.
//
// A value that is such a day, alone or with an hour after it (day 14:30), is written 2026-01-05. Inside a text a day
// stands in braces and is written as a document writes it: {today-12wd} 2026年1月5日, {today-12wd:md} 1月5日, {today-2m:ym}
// 2026年1月, {today-2m:m} 1月, {today-2m:y} 2026年, {today-4m..today-2m} 2025年11月至2026年1月.
type dates struct {
	today, day calendar.Date
	cal        *calendar.Calendar
}

var (
	moving = regexp.MustCompile(`^(today|day)((?:[+-]\d{1,4}(?:d|wd|m))*)$`)
	move   = regexp.MustCompile(`([+-]\d+)(d|wd|m)`)
	inText = regexp.MustCompile(`\{(?:today|day)[^{}]*\}`)
	hour   = regexp.MustCompile(`^\d\d:\d\d$`)
)

// read gives the day that the text means.
func (x dates) read(text string) (calendar.Date, bool) {
	if day, err := calendar.Parse(text); err == nil {
		return day, true
	}
	m := moving.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	day := x.today
	if m[1] == "day" {
		day = x.day
	}
	for _, by := range move.FindAllStringSubmatch(m[2], -1) {
		n, err := strconv.Atoi(by[1])
		switch {
		case err != nil:
			return 0, false
		case by[2] == "wd":
			day = x.cal.Shift(day, n)
		case by[2] == "m":
			day = months(day, n)
		default:
			day = day.Add(n)
		}
	}
	return day, true
}

// months is the same day of another month, or that month's last.
func months(d calendar.Date, n int) calendar.Date {
	y, m, day := d.YMD()
	at := y*12 + m - 1 + n
	for ; ; day-- {
		if to, err := calendar.Parse(fmt.Sprintf("%04d-%02d-%02d", at/12, at%12+1, day)); err == nil || day <= 28 {
			return to
		}
	}
}

// write writes the days of a text out; bad is the first that is none.
func (x dates) write(text string) (written, bad string) {
	word, rest, timed := strings.Cut(text, " ")
	if moving.MatchString(word) && (!timed || hour.MatchString(rest)) {
		day, _ := x.read(word)
		return strings.TrimSuffix(day.String()+" "+rest, " "), ""
	}
	written = inText.ReplaceAllStringFunc(text, func(s string) string {
		said, ok := x.say(s[1 : len(s)-1])
		if !ok && bad == "" {
			bad = s
		}
		return said
	})
	return written, bad
}

func (x dates) say(word string) (string, bool) {
	if from, to, ok := strings.Cut(word, ".."); ok {
		a, ok1 := x.read(from)
		b, ok2 := x.read(to)
		if !ok1 || !ok2 {
			return "", false
		}
		y1, m1, _ := a.YMD()
		if y2, m2, _ := b.YMD(); y1 != y2 {
			return fmt.Sprintf("%d年%d月至%d年%d月", y1, m1, y2, m2), true
		} else {
			return fmt.Sprintf("%d年%d月至%d月", y1, m1, m2), true
		}
	}
	word, form, _ := strings.Cut(word, ":")
	day, ok := x.read(word)
	if !ok {
		return "", false
	}
	y, m, d := day.YMD()
	switch form {
	case "":
		return fmt.Sprintf("%d年%d月%d日", y, m, d), true
	case "md":
		return fmt.Sprintf("%d月%d日", m, d), true
	case "ym":
		return fmt.Sprintf("%d年%d月", y, m), true
	case "m":
		return fmt.Sprintf("%d月", m), true
	case "y":
		return fmt.Sprintf("%d年", y), true
	}
	return "", false
}
