package calendar

// Code names a reason why a day counts or not; it never changes.
type Code string

// What a day is by itself (Calendar.Day), then what it is in the count of one period (Calendar.Explain).
const (
	Working    Code = "working" // 工作日
	MakeUp     Code = "make-up" // 调休上班: a Saturday or Sunday that is worked
	Weekend    Code = "weekend" // a Saturday or Sunday
	HolidayDay Code = "holiday" // listed as off; Name says which holiday

	CalendarDay Code = "calendar-day" // counts because every day does
	Suspended   Code = "suspended"    // would count, but the period stands still (C13)
	LastRests   Code = "last-rests"   // the last day counted, but a rest day: the end rolls on (C4)
	Rolled      Code = "rolled"       // the end, rolled off the rest days before it (C4)
	Over        Code = "over"         // after the due date
	Before      Code = "before"       // before a date that a person fixed; nothing is counted
	Fixed       Code = "fixed"        // the date that a person fixed
)

// Why is the reason why a day counts or not.
type Why struct {
	Code        Code
	Name        string // of the holiday, in Chinese; else ""
	Provisional bool   // the schedule of the year is not published
}

// Kind is what a day is by itself: a Why with one of the first four codes.
type Kind = Why

// Workday is whether the day is worked; asked of a Kind.
func (w Why) Workday() bool { return w.Code == Working || w.Code == MakeUp }

// words are the texts of the codes.
var words = map[Code]struct{ zh, en string }{
	Working:     {"工作日", "working day"},
	MakeUp:      {"调休上班", "make-up working day (调休)"},
	Weekend:     {"周末", "weekend"},
	HolidayDay:  {"放假", "holiday"},
	CalendarDay: {"自然日", "calendar day"},
	Suspended:   {"中止期间，不计入", "suspended (中止)"},
	LastRests:   {"顺延，最后一日是休息日", "rolls on (顺延), the last day being a rest day"},
	Rolled:      {"休息日后的第一日，期限届满", "first day after the rest days (顺延)"},
	Over:        {"期限已届满", "after the due date"},
	Before:      {"指定日期之前", "before the fixed date"},
	Fixed:       {"指定日期", "the fixed date"},
}

// ZH is the reason in Chinese.
func (w Why) ZH() string {
	text := words[w.Code].zh
	if w.Name != "" {
		text += "（" + w.Name + "）"
	}
	if w.Provisional {
		text += "（当年放假安排未公布）"
	}
	return text
}

// EN is the reason in English; a holiday keeps its Chinese name.
func (w Why) EN() string {
	text := words[w.Code].en
	if w.Name != "" {
		text += " (" + w.Name + ")"
	}
	if w.Provisional {
		text += ", schedule not published"
	}
	return text
}

// MarshalText writes the reason in English.
func (w Why) MarshalText() ([]byte, error) { return []byte(w.EN()), nil }
