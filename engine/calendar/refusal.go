package calendar

import "fmt"

// RefusalCode names what a run can't be; it never changes.
type RefusalCode string

// The refusals of Due.
const (
	NoStart          RefusalCode = "start-missing"      // no start, or one outside the calendar
	BadPeriod        RefusalCode = "period-invalid"     // a period or an extension that ParsePeriod would refuse
	ExtendUnit       RefusalCode = "extension-unit"     // an extension in another unit than the period
	FixedDate        RefusalCode = "fixed-date"         // a date that a person fixed, with a pause or an extension
	MonthsPaused     RefusalCode = "months-paused"      // a period in months, with a pause
	PauseBeforeStart RefusalCode = "pause-before-start" // Day before Limit, the start
	PauseAfterDue    RefusalCode = "pause-after-due"    // Day on or after Limit, the due date that stood then (C15)
	PauseBackward    RefusalCode = "pause-backward"     // Day, the resumption, not after Limit, the suspension (C15)
	PausesOverlap    RefusalCode = "pauses-overlap"     // Day before Limit, the end of the pause before; Limit 0: that one is open
	RestDay          RefusalCode = "pause-rest-day"     // Day is a rest day; Limit is the next working day
	OutOfRange       RefusalCode = "out-of-range"       // it ends after what the calendar can write
)

// Refusal is why a run has no due date.
type Refusal struct {
	Code  RefusalCode
	Pause int  // of which pause, from 0; meaningful for the codes that begin with pause
	Day   Date // the day that is wrong
	Limit Date // the day that it is held against
}

// Error is the refusal in English, as "what is wrong: what to do".
func (r *Refusal) Error() string { return r.EN() }

// EN is the refusal in English, as "what is wrong: what to do".
func (r *Refusal) EN() string {
	switch r.Code {
	case NoStart:
		return "the period has no start: give the day it is counted from"
	case BadPeriod:
		return fmt.Sprintf("the period or an extension is not one: use 1 to %d workdays, days or months", maxUnits)
	case ExtendUnit:
		return "an extension is in another unit than the period: give it in the period's own unit"
	case FixedDate:
		return fmt.Sprintf("%s is a fixed date, which takes neither pause nor extension: fix another date", r.Day)
	case MonthsPaused:
		return "a period in months takes no pause: leave the pause out"
	case PauseBeforeStart:
		return fmt.Sprintf("suspended on %s, before the start %s: give a day on or after the start", r.Day, r.Limit)
	case PauseAfterDue:
		return fmt.Sprintf("suspended on %s, but the period ends on %s: what has run out can't be suspended", r.Day, r.Limit)
	case PauseBackward:
		return fmt.Sprintf("resumed on %s, not after the suspension %s: give a later day", r.Day, r.Limit)
	case PausesOverlap:
		if r.Limit == 0 {
			return fmt.Sprintf("suspended on %s while an earlier suspension is open: resume that one first", r.Day)
		}
		return fmt.Sprintf("suspended on %s, before the earlier suspension ended on %s: give a day on or after it", r.Day, r.Limit)
	case RestDay:
		return fmt.Sprintf("%s is a rest day: suspend and resume on working days, the next is %s", r.Day, r.Limit)
	}
	return "the due date leaves the calendar: shorten the period"
}

// ZH is the refusal in Chinese.
func (r *Refusal) ZH() string {
	switch r.Code {
	case NoStart:
		return "期限没有起算日：请填写起算日"
	case BadPeriod:
		return fmt.Sprintf("期限或者延长的期限无效：应为1至%d个工作日、日或者月", maxUnits)
	case ExtendUnit:
		return "延长的期限与原期限单位不同：请按原期限的单位填写"
	case FixedDate:
		return fmt.Sprintf("%s是指定日期，不能中止或者延长：请重新指定日期", r.Day.Han())
	case MonthsPaused:
		return "按月计算的期限不能中止：请去掉中止"
	case PauseBeforeStart:
		return fmt.Sprintf("中止日%s早于起算日%s：中止日不得早于起算日", r.Day.Han(), r.Limit.Han())
	case PauseAfterDue:
		return fmt.Sprintf("中止日%s时期限已于%s届满：届满的期限不能中止", r.Day.Han(), r.Limit.Han())
	case PauseBackward:
		return fmt.Sprintf("恢复日%s不晚于中止日%s：恢复日应当晚于中止日", r.Day.Han(), r.Limit.Han())
	case PausesOverlap:
		if r.Limit == 0 {
			return fmt.Sprintf("中止日%s时前一次中止尚未恢复：请先恢复", r.Day.Han())
		}
		return fmt.Sprintf("中止日%s早于前一次中止的恢复日%s：中止不得重叠", r.Day.Han(), r.Limit.Han())
	case RestDay:
		return fmt.Sprintf("%s是休息日：中止日和恢复日应当是工作日，下一个工作日是%s", r.Day.Han(), r.Limit.Han())
	}
	return "期限超出日历范围：请缩短期限"
}
