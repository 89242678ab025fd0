package calendar

// Day is one day of a run, counted or not, and why.
type Day struct {
	Date    Date `json:"date"`
	Counted bool `json:"counted"`
	N       int  `json:"n,omitempty"` // the running count through this day, in the period's unit, of months the one running; 0 when not counted
	Why     Why  `json:"why"`
	Paused  bool `json:"paused,omitempty"` // the day lies in a pause; a rest day there keeps its own reason
}

// maxExplained bounds what is told day by day: a century.
const maxExplained = 36525

// Explain tells the run day by day, from the day after the start through a day; through 0 means through the due date,
// or through the day on which the open pause began. It refuses what Due refuses; for RestDay alone the days are told all the same.
func (c *Calendar) Explain(r Run, through Date) ([]Day, error) {
	res, err := c.Due(r)
	if res.Due == 0 && !res.Open {
		return nil, err
	}
	if through == 0 {
		if through = res.Due; res.Open {
			through = r.Pauses[len(r.Pauses)-1].From
		}
	}
	start := r.Start
	if r.By != 0 && start == 0 {
		start = r.By - 1
	}
	if through <= start {
		return nil, err
	}
	if through-start > maxExplained {
		return nil, &Refusal{Code: OutOfRange, Day: r.Start}
	}
	e := explainer{c: c, run: r, res: res}
	if r.By == 0 {
		e.total, _ = r.total()
	}
	days := make([]Day, 0, through-start)
	for d := start + 1; d <= through; d++ {
		days = append(days, e.day(d))
	}
	return days, err
}

// ExplainBack tells the days between the last day for a cause and the day before which p must have run full ([Calendar.Back]),
// neither of the two among them. N counts them from the day backward; nil where Back has no answer.
func (c *Calendar) ExplainBack(day Date, p Period) []Day {
	cause, ok := c.Back(day, p)
	if !ok || day-cause > maxExplained {
		return nil
	}
	days := make([]Day, day-cause-1)
	n := 0
	for i := len(days) - 1; i >= 0; i-- {
		d := Day{Date: cause + 1 + Date(i), Why: c.Day(cause + 1 + Date(i))}
		switch {
		case p.Unit == Workdays && d.Why.Workday():
			n++
			d.Counted, d.N = true, n
		case p.Unit == Days && n < p.N:
			n++
			d.Counted, d.N, d.Why = true, n, Why{Code: CalendarDay}
		case p.Unit == Months && n < p.N:
			d.Counted, d.N, d.Why = true, n+1, Why{Code: CalendarDay}
			if d.Date <= (day-1).addMonths(-n-1)+1 {
				n++
			}
		}
		days[i] = d
	}
	return days
}

// explainer walks one run's days in order.
type explainer struct {
	c     *Calendar
	run   Run
	res   Result
	total int // units, extensions included
	n     int // units counted so far; of months, those that are full
}

// day tells the next day.
func (e *explainer) day(d Date) Day {
	day := Day{Date: d, Why: e.c.Day(d), Paused: e.paused(d)}
	rest := !day.Why.Workday()
	workdays := e.run.Period.Unit == Workdays
	switch {
	case e.run.By != 0:
		day.Why = Why{Code: Before}
		if d == e.run.By {
			day.Why = Why{Code: Fixed}
		} else if d > e.run.By {
			day.Why = Why{Code: Over}
		}
	case e.res.Due != 0 && d > e.res.Due:
		day.Why = Why{Code: Over}
	case workdays && rest:
	case day.Paused && d != e.res.Due:
		day.Why = Why{Code: Suspended}
	case workdays:
		e.n++
		day.Counted, day.N = true, e.n
	case e.n < e.total:
		e.count(&day, rest)
	case d == e.res.Due:
		day.Why.Code, day.Why.Name = Rolled, ""
	}
	return day
}

// count counts a day of a run in days or months.
func (e *explainer) count(day *Day, rest bool) {
	day.Counted, day.N = true, e.n+1
	if e.run.Period.Unit == Days || day.Date == e.run.Start.addMonths(e.n+1) {
		e.n++
	}
	switch last := e.n == e.total; {
	case last && rest:
		day.Why.Code = LastRests // the holiday's name stays
	default:
		day.Why = Why{Code: CalendarDay}
	}
}

// paused is whether d lies in a pause.
func (e *explainer) paused(d Date) bool {
	for _, p := range e.run.Pauses {
		if p.From < d && (p.To == 0 || d <= p.To) {
			return true
		}
	}
	return false
}
