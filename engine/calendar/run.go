package calendar

// Pause is a suspension: the days after From up to and including To are not counted (C13).
type Pause struct {
	From Date // the day of suspension
	To   Date // the day of resumption; 0 while it is still open
}

// Run is one run of a clock: the causes from which its due date follows.
type Run struct {
	Start  Date     // not counted (C1)
	Period Period   // the period that the law gives
	Extend []Period // approved extensions, in the unit of Period; they follow it without a gap (C14)
	Pauses []Pause  // in order; only the last may be open
	By     Date     // a date that a person fixed, in place of Period: nothing is counted, nothing rolls
}

// Result is what follows from a Run.
type Result struct {
	Due         Date // the last day, which counts in full; 0 while a pause is open
	Raw         Date // the last day before it rolled off rest days; Due itself for working days
	Provisional bool // it rests on a day of a year without a published schedule
	Open        bool // a pause is open
	Used        int  // units that ran before the last pause; 0 without one
	Left        int  // units that were left when the last pause began; the whole period without one
	Paused      int  // units that the closed pauses took out of the count
}

// Due is when the run ends. It refuses with a *Refusal what a clock can't be: each pause is held against the due date that
// the extension and the pauses before it give.
//
// A suspension or resumption on a rest day (RestDay) has an arithmetic answer all the same: of that refusal alone the
// Result is complete, for callers that must show a date once a new schedule has turned a recorded day into a rest day.
func (c *Calendar) Due(r Run) (Result, error) {
	if r.By != 0 {
		if len(r.Pauses) > 0 || len(r.Extend) > 0 {
			return Result{}, &Refusal{Code: FixedDate, Day: r.By}
		}
		return Result{Due: r.By, Raw: r.By}, nil
	}
	total, refusal := r.total()
	if refusal != nil {
		return Result{}, refusal
	}
	if r.Period.Unit == Months {
		if len(r.Pauses) > 0 {
			return Result{}, &Refusal{Code: MonthsPaused, Day: r.Pauses[0].From}
		}
		return c.end(r, Result{Left: total, Raw: r.Start.addMonths(total)})
	}
	unit := r.Period.Unit
	res := Result{Left: total}
	from := r.Start // counting goes on from here
	at, _ := c.position(unit, from)
	var rest *Refusal
	for i, p := range r.Pauses {
		stop, stopRests := c.position(unit, p.From)
		if refusal := c.refuse(r, i, from, res.Left, stop-at); refusal != nil {
			return Result{}, refusal
		}
		if stopRests && rest == nil {
			rest = &Refusal{Code: RestDay, Pause: i, Day: p.From, Limit: c.Next(p.From)}
		}
		res.Provisional = res.Provisional || unit == Workdays && from < p.From && c.Provisional(from+1, p.From)
		ran := min(res.Left, stop-at)
		res.Used += ran
		res.Left -= ran
		if res.Open = p.To == 0; res.Open {
			continue // a pause after an open one is refused
		}
		var resumeRests bool
		from = p.To
		at, resumeRests = c.position(unit, from)
		res.Paused += at - stop
		if resumeRests && rest == nil {
			rest = &Refusal{Code: RestDay, Pause: i, Day: p.To, Limit: c.Next(p.To)}
		}
	}
	if !res.Open {
		if unit == Workdays {
			res.Raw = c.nth(at + res.Left)
			res.Provisional = res.Provisional || c.Provisional(from+1, res.Raw)
		} else {
			res.Raw = from.Add(res.Left)
		}
		var err error
		if res, err = c.end(r, res); err != nil {
			return Result{}, err
		}
	}
	if rest != nil {
		return res, rest
	}
	return res, nil
}

// end completes a result whose raw day is known.
func (c *Calendar) end(r Run, res Result) (Result, error) {
	if res.Raw <= 0 || res.Raw > lastDate-366 {
		return Result{}, &Refusal{Code: OutOfRange, Day: r.Start}
	}
	res.Due = res.Raw
	if r.Period.Unit != Workdays {
		res.Due = c.Next(res.Raw)
		res.Provisional = c.Provisional(res.Raw, res.Due)
	}
	return res, nil
}

// total is the period and its extensions, in the period's unit.
func (r Run) total() (int, *Refusal) {
	if r.Start <= 0 || r.Start > lastDate {
		return 0, &Refusal{Code: NoStart}
	}
	if !r.Period.valid() {
		return 0, &Refusal{Code: BadPeriod, Day: r.Start}
	}
	total := r.Period.N
	for _, e := range r.Extend {
		if !e.valid() {
			return 0, &Refusal{Code: BadPeriod, Day: r.Start}
		}
		if e.Unit != r.Period.Unit {
			return 0, &Refusal{Code: ExtendUnit, Day: r.Start}
		}
		total += e.N
	}
	return total, nil
}

// position is the unit's ruler: the difference of two positions is the units after the one day through the other. rests
// is whether a clock in that unit passes over the day.
func (c *Calendar) position(u Unit, d Date) (at int, rests bool) {
	if u != Workdays {
		return int(d), false
	}
	rank, workday := c.look(d)
	return rank, !workday
}

// units are the units after one day through another.
func (c *Calendar) units(u Unit, after, through Date) int {
	if u == Workdays {
		return c.Count(after, through)
	}
	return int(through - after)
}

// refuse is why the i-th pause can't be, when left units were left after the day from and ran units went by until the
// pause; nil when it can.
func (c *Calendar) refuse(r Run, i int, from Date, left, ran int) *Refusal {
	p := r.Pauses[i]
	switch {
	case p.From < r.Start:
		return &Refusal{Code: PauseBeforeStart, Pause: i, Day: p.From, Limit: r.Start}
	case i > 0 && (r.Pauses[i-1].To == 0 || p.From < r.Pauses[i-1].To):
		return &Refusal{Code: PausesOverlap, Pause: i, Day: p.From, Limit: r.Pauses[i-1].To}
	case p.To != 0 && p.To <= p.From:
		return &Refusal{Code: PauseBackward, Pause: i, Day: p.To, Limit: p.From}
	case ran < left:
		return nil
	}
	due := c.Next(from + Date(left))
	if r.Period.Unit == Workdays {
		due = c.nth(c.rank(from) + left)
	}
	if p.From < due {
		return nil // its last day is past, but was a rest day: the end has rolled on
	}
	return &Refusal{Code: PauseAfterDue, Pause: i, Day: p.From, Limit: due}
}

// Remaining is what is left of the run from a day on, in the period's own unit: 0 on the due day, negative when overdue (of
// working days -1 already on the rest days that follow), and while a pause is open what was left when it began. Days are
// counted to the due date, rolled; of months, one that has begun is one. To a date that a person fixed it is calendar days.
// 0 when Due refuses (but not for RestDay).
func (c *Calendar) Remaining(r Run, on Date) int {
	res, _ := c.Due(r)
	switch {
	case res.Open:
		return res.Left
	case res.Due == 0:
		return 0
	case r.By != 0:
		return int(res.Due - on)
	}
	unit := r.Period.Unit
	switch {
	case unit == Months:
		return remainingMonths(res, on)
	case on > res.Due:
		return min(-1, -c.units(unit, res.Due, on))
	}
	left := c.units(unit, on, res.Due)
	for _, p := range r.Pauses {
		if on < p.To {
			left -= c.units(unit, max(on, p.From), p.To)
		}
	}
	return left
}

// remainingMonths counts the months, begun ones too, from on to the raw end; past that end 1 until the due day; from the
// due day on those since, negative.
func remainingMonths(res Result, on Date) int {
	switch {
	case on < res.Raw:
		return monthsBegun(on, res.Raw)
	case on < res.Due:
		return 1
	}
	return -monthsBegun(res.Due, on)
}

// monthsBegun is the fewest months that lead from one day to the other or past it.
func monthsBegun(from, to Date) int {
	y, m, _ := from.YMD()
	toY, toM, _ := to.YMD()
	n := (toY-y)*12 + toM - m
	if from.addMonths(n) < to {
		n++
	}
	return n
}
