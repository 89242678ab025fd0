package calendar

import (
	"errors"
	"strings"
	"testing"
)

func TestDueRefuses(t *testing.T) {
	c := published(t)
	filed := Of(2026, 1, 12)
	sixty := Period{60, Workdays} // due 2026-04-13
	first := Pause{Of(2026, 2, 10), Of(2026, 3, 16)}
	tests := []struct {
		name string
		run  Run
		want Refusal
	}{
		{"no start", Run{Period: sixty}, Refusal{Code: NoStart}},
		{"no period", Run{Start: filed}, Refusal{Code: BadPeriod, Day: filed}},
		{"no extension", Run{Start: filed, Period: sixty, Extend: []Period{{}}}, Refusal{Code: BadPeriod, Day: filed}},
		{"extension in another unit", Run{Start: filed, Period: sixty, Extend: []Period{{30, Days}}}, Refusal{Code: ExtendUnit, Day: filed}},
		{"months paused", Run{Start: filed, Period: Period{6, Months}, Pauses: []Pause{first}}, Refusal{Code: MonthsPaused, Day: first.From}},
		{"fixed date paused", Run{By: filed, Pauses: []Pause{first}}, Refusal{Code: FixedDate, Day: filed}},
		{"fixed date extended", Run{By: filed, Extend: []Period{sixty}}, Refusal{Code: FixedDate, Day: filed}},
		{"before the start", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 1, 9), Of(2026, 1, 20)}}},
			Refusal{Code: PauseBeforeStart, Day: Of(2026, 1, 9), Limit: filed}},
		{"on the due date", Run{Start: filed, Period: sixty, Pauses: []Pause{{From: Of(2026, 4, 13)}}},
			Refusal{Code: PauseAfterDue, Day: Of(2026, 4, 13), Limit: Of(2026, 4, 13)}},
		{"after the due date", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 4, 14), Of(2026, 4, 20)}}},
			Refusal{Code: PauseAfterDue, Day: Of(2026, 4, 14), Limit: Of(2026, 4, 13)}},
		{"after the due date that the first pause gives", Run{Start: filed, Period: sixty, Pauses: []Pause{first, {Of(2026, 5, 13), Of(2026, 5, 20)}}},
			Refusal{Code: PauseAfterDue, Pause: 1, Day: Of(2026, 5, 13), Limit: Of(2026, 5, 13)}},
		{"after the extended due date", Run{Start: filed, Period: sixty, Extend: []Period{{30, Workdays}}, Pauses: []Pause{{From: Of(2026, 5, 27)}}},
			Refusal{Code: PauseAfterDue, Day: Of(2026, 5, 27), Limit: Of(2026, 5, 27)}},
		{"days after the rolled due date", Run{Start: Of(2026, 9, 21), Period: Period{15, Days}, Pauses: []Pause{{From: Of(2026, 10, 8)}}},
			Refusal{Code: PauseAfterDue, Day: Of(2026, 10, 8), Limit: Of(2026, 10, 8)}},
		{"resumed on the same day", Run{Start: filed, Period: sixty, Pauses: []Pause{{first.From, first.From}}},
			Refusal{Code: PauseBackward, Day: first.From, Limit: first.From}},
		{"resumed before", Run{Start: filed, Period: sixty, Pauses: []Pause{{first.To, first.From}}},
			Refusal{Code: PauseBackward, Day: first.From, Limit: first.To}},
		{"overlap", Run{Start: filed, Period: sixty, Pauses: []Pause{first, {Of(2026, 3, 13), Of(2026, 3, 20)}}},
			Refusal{Code: PausesOverlap, Pause: 1, Day: Of(2026, 3, 13), Limit: first.To}},
		{"after an open one", Run{Start: filed, Period: sixty, Pauses: []Pause{{From: first.From}, {Of(2026, 3, 17), Of(2026, 3, 20)}}},
			Refusal{Code: PausesOverlap, Pause: 1, Day: Of(2026, 3, 17)}},
		{"suspended on a rest day", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 2, 7), first.To}}},
			Refusal{Code: RestDay, Day: Of(2026, 2, 7), Limit: Of(2026, 2, 9)}},
		{"resumed on a rest day", Run{Start: filed, Period: sixty, Pauses: []Pause{{first.From, Of(2026, 2, 21)}}},
			Refusal{Code: RestDay, Day: Of(2026, 2, 21), Limit: Of(2026, 2, 24)}},
		{"second resumed on a rest day", Run{Start: filed, Period: sixty, Pauses: []Pause{first, {Of(2026, 4, 3), Of(2026, 4, 6)}}},
			Refusal{Code: RestDay, Pause: 1, Day: Of(2026, 4, 6), Limit: Of(2026, 4, 7)}},
		{"a rest day and an overlap", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 2, 7), first.To}, {Of(2026, 3, 13), 0}}},
			Refusal{Code: PausesOverlap, Pause: 1, Day: Of(2026, 3, 13), Limit: first.To}},
		{"days out of range", Run{Start: Of(9999, 1, 1), Period: Period{100, Days}}, Refusal{Code: OutOfRange, Day: Of(9999, 1, 1)}},
		{"workdays out of range", Run{Start: Of(9990, 1, 1), Period: Period{9000, Workdays}}, Refusal{Code: OutOfRange, Day: Of(9990, 1, 1)}},
		{"months out of range", Run{Start: Of(9990, 1, 1), Period: Period{120, Months}}, Refusal{Code: OutOfRange, Day: Of(9990, 1, 1)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := c.Due(tt.run)
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("answers %+v, %v", res, err)
			}
			if *refusal != tt.want {
				t.Errorf("refuses with %+v, want %+v", *refusal, tt.want)
			}
			if full := res.Due != 0 || res.Open; full != (refusal.Code == RestDay) {
				t.Errorf("answers %+v beside %s", res, refusal.Code)
			}
			if refusal.Error() != refusal.EN() || strings.Count(refusal.EN(), ": ") != 1 || strings.Count(refusal.ZH(), "：") != 1 {
				t.Errorf("%q, %q: want what is wrong and what to do", refusal.EN(), refusal.ZH())
			}
			if _, err := c.Explain(tt.run, 0); !errors.As(err, &refusal) || *refusal != tt.want {
				t.Errorf("Explain answers %v, want %v", err, &tt.want)
			}
		})
	}
}

func TestDueAllows(t *testing.T) {
	c := published(t)
	filed, sixty := Of(2026, 1, 12), Period{60, Workdays}
	fine := Run{Start: Of(2026, 9, 21), Period: Period{15, Days}} // raw 10-06, due 10-08
	tests := []struct {
		name string
		run  Run
		want Result
	}{
		{"suspended on the start day", Run{Start: filed, Period: sixty, Pauses: []Pause{{filed, Of(2026, 1, 19)}}},
			Result{Due: Of(2026, 4, 20), Raw: Of(2026, 4, 20), Left: 60, Paused: 5}},
		{"resumed after the unpaused due date", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 4, 10), Of(2026, 4, 30)}}},
			Result{Due: Of(2026, 5, 6), Raw: Of(2026, 5, 6), Used: 59, Left: 1, Paused: 14}},
		{"suspended again on the day of resumption", Run{Start: filed, Period: sixty, Pauses: []Pause{{Of(2026, 2, 10), Of(2026, 3, 2)}, {Of(2026, 3, 2), Of(2026, 3, 16)}}},
			Result{Due: Of(2026, 5, 13), Raw: Of(2026, 5, 13), Used: 21, Left: 39, Paused: 20}},
		{"open", Run{Start: filed, Period: sixty, Pauses: []Pause{{From: Of(2026, 2, 10)}}},
			Result{Open: true, Used: 21, Left: 39}},
		{"second open", Run{Start: Of(2026, 7, 6), Period: sixty, Pauses: []Pause{{Of(2026, 7, 20), Of(2026, 8, 3)}, {From: Of(2026, 9, 21)}}},
			Result{Open: true, Used: 46, Left: 14, Paused: 10}},
		{"days extended roll once, at the end", Run{Start: fine.Start, Period: fine.Period, Extend: []Period{{15, Days}}},
			Result{Due: Of(2026, 10, 21), Raw: Of(2026, 10, 21), Left: 30}},
		{"months extended", Run{Start: Of(2026, 1, 31), Period: Period{1, Months}, Extend: []Period{{1, Months}}},
			Result{Due: Of(2026, 3, 31), Raw: Of(2026, 3, 31), Left: 2}},
		{"days paused shift by the calendar", Run{Start: fine.Start, Period: fine.Period, Pauses: []Pause{{Of(2026, 9, 25), Of(2026, 10, 3)}}},
			Result{Due: Of(2026, 10, 14), Raw: Of(2026, 10, 14), Used: 4, Left: 11, Paused: 8}},
		{"days paused onto a rest day", Run{Start: fine.Start, Period: fine.Period, Pauses: []Pause{{Of(2026, 9, 25), Of(2026, 10, 6)}}},
			Result{Due: Of(2026, 10, 19), Raw: Of(2026, 10, 17), Used: 4, Left: 11, Paused: 11}},
		{"days paused after the last day, before the end", Run{Start: fine.Start, Period: fine.Period, Pauses: []Pause{{Of(2026, 10, 7), Of(2026, 10, 16)}}},
			Result{Due: Of(2026, 10, 16), Raw: Of(2026, 10, 16), Used: 15, Paused: 9}},
		{"days open", Run{Start: fine.Start, Period: fine.Period, Pauses: []Pause{{From: Of(2026, 9, 25)}}},
			Result{Open: true, Used: 4, Left: 11}},
		{"fixed date", Run{Start: filed, By: Of(2026, 2, 16)}, Result{Due: Of(2026, 2, 16), Raw: Of(2026, 2, 16)}},
		{"fixed date without a start", Run{By: Of(2027, 2, 13)}, Result{Due: Of(2027, 2, 13), Raw: Of(2027, 2, 13)}},
		{"provisional before the pause", Run{Start: Of(2019, 12, 25), Period: Period{10, Workdays}, Pauses: []Pause{{Of(2020, 1, 2), Of(2020, 1, 6)}}},
			Result{Due: Of(2020, 1, 13), Raw: Of(2020, 1, 13), Used: 5, Left: 5, Paused: 2, Provisional: true}},
		{"provisional days only in the pause", Run{Start: Of(2019, 12, 20), Period: Period{3, Workdays}, Pauses: []Pause{{Of(2019, 12, 20), Of(2019, 12, 31)}}},
			Result{Due: Of(2020, 1, 6), Raw: Of(2020, 1, 6), Left: 3, Paused: 7}},
	}
	for _, tt := range tests {
		if res, err := c.Due(tt.run); err != nil || res != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", tt.name, res, err, tt.want)
		}
	}
}

func TestRemaining(t *testing.T) {
	c := published(t)
	investigation := Run{Start: Of(2026, 1, 5), Period: Period{60, Workdays}} // due 2026-04-03
	paused := Run{Start: Of(2026, 1, 12), Period: Period{60, Workdays}, Pauses: []Pause{{Of(2026, 2, 10), Of(2026, 3, 16)}}}
	open := Run{Start: Of(2026, 1, 12), Period: Period{60, Workdays}, Pauses: []Pause{{From: Of(2026, 2, 10)}}}
	fine := Run{Start: Of(2026, 9, 21), Period: Period{15, Days}}   // raw 10-06, due 10-08
	suit := Run{Start: Of(2026, 3, 6), Period: Period{6, Months}}   // raw 09-06, due 09-07
	month := Run{Start: Of(2026, 1, 31), Period: Period{1, Months}} // raw and due 02-28
	tests := []struct {
		name string
		run  Run
		on   Date
		want int
	}{
		{"workdays on the start", investigation, Of(2026, 1, 5), 60},
		{"workdays before the start", investigation, Of(2025, 12, 29), 64},
		{"workdays a day on", investigation, Of(2026, 1, 6), 59},
		{"workdays on a rest day", investigation, Of(2026, 3, 29), 5},
		{"workdays on the due day", investigation, Of(2026, 4, 3), 0},
		{"workdays overdue by rest days only", investigation, Of(2026, 4, 6), -1},
		{"workdays overdue by one", investigation, Of(2026, 4, 7), -1},
		{"workdays overdue", investigation, Of(2026, 4, 8), -2},
		{"before the pause", paused, Of(2026, 2, 9), 40},
		{"on the suspension", paused, Of(2026, 2, 10), 39},
		{"in the pause", paused, Of(2026, 3, 2), 39},
		{"on the resumption", paused, Of(2026, 3, 16), 39},
		{"after the pause", paused, Of(2026, 3, 17), 38},
		{"paused, due", paused, Of(2026, 5, 13), 0},
		{"open, before it began", open, Of(2026, 1, 20), 39},
		{"open", open, Of(2026, 12, 1), 39},
		{"days on the start", fine, Of(2026, 9, 21), 17},
		{"days on the raw end", fine, Of(2026, 10, 6), 2},
		{"days due", fine, Of(2026, 10, 8), 0},
		{"days overdue", fine, Of(2026, 10, 10), -2},
		{"days paused", Run{Start: fine.Start, Period: fine.Period, Pauses: []Pause{{Of(2026, 9, 25), Of(2026, 10, 3)}}}, Of(2026, 9, 28), 11},
		{"months on the start", suit, Of(2026, 3, 6), 6},
		{"months a day on", suit, Of(2026, 3, 7), 6},
		{"months a month on", suit, Of(2026, 4, 6), 5},
		{"months on the raw end", suit, Of(2026, 9, 6), 1},
		{"months due", suit, Of(2026, 9, 7), 0},
		{"months overdue", suit, Of(2026, 9, 8), -1},
		{"months overdue by one and a half", suit, Of(2026, 10, 20), -2},
		{"month to a shorter month", month, Of(2026, 1, 31), 1},
		{"month the day before", month, Of(2026, 2, 27), 1},
		{"month due", month, Of(2026, 2, 28), 0},
		{"fixed date", Run{By: Of(2026, 2, 16)}, Of(2026, 2, 10), 6},
		{"fixed date over", Run{By: Of(2026, 2, 16)}, Of(2026, 2, 20), -4},
		{"refused", Run{Start: Of(2026, 1, 12)}, Of(2026, 2, 20), 0},
	}
	for _, tt := range tests {
		if got := c.Remaining(tt.run, tt.on); got != tt.want {
			t.Errorf("%s: %d on %s, want %d", tt.name, got, tt.on, tt.want)
		}
	}
}
