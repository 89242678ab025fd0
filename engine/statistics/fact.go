package statistics

import (
	"fmt"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/procedure"
)

// fact is a [listing.Fact] as it is counted: every text is a number, so that a million are counted without comparing texts.
// It is remembered packed ([facts]).
type fact struct {
	id                            casefile.CaseID
	class                         [timeless]int32 // by dimension
	opened, filed, decided, ended calendar.Date
	workers                       int32
	marked                        bool
	claimed, wages, fined         int64
	runs                          []run
	gates                         []gate
	paid                          []listing.FactPaid
	charges                       []charge
}

// run is one run of a clock.
type run struct {
	clock       int32
	due, done   calendar.Date
	used, still int32
}

// gate is one signature.
type gate struct {
	post, took int32
	day        calendar.Date
	back       bool
}

// charge is one violation that was punished.
type charge struct {
	class      int32 // standard and tier
	fine, took int64 // fen
}

// timeless is the number of dimensions that don't ask for a day: the first of [Dimensions].
const timeless = 8

// clockName is how a clock stands among the words.
func clockName(w procedure.WorkflowID, c procedure.ClockID, workdays bool) string {
	unit := calendar.Days
	if workdays {
		unit = calendar.Workdays
	}
	return fmt.Sprintf("%s/%s/%s", w, c, unit)
}

// factOf shortens what was read.
func factOf(d *listing.Words, x *listing.Fact) fact {
	f := fact{id: x.Case, opened: x.Opened, filed: x.Filed, decided: x.Decided, ended: x.Ended, workers: int32(x.Workers), marked: x.Marked, claimed: x.Claimed, wages: x.Wages, fined: x.Fined, paid: x.Paid}
	outcome := ""
	if x.Ended != 0 {
		outcome = string(x.Workflow) + "/" + string(x.State)
	}
	for i, text := range [timeless]string{string(x.Workflow), x.Source, x.Category, x.Industry, x.Township, x.Handling, outcome, string(x.Officer)} {
		f.class[i] = d.Of(text)
	}
	if len(x.Runs) > 0 {
		f.runs = make([]run, len(x.Runs))
	}
	for i, r := range x.Runs {
		f.runs[i] = run{d.Of(clockName(x.Workflow, r.Clock, r.Workdays)), r.Due, r.Done, int32(r.Used), int32(r.Still)}
	}
	if len(x.Gates) > 0 {
		f.gates = make([]gate, len(x.Gates))
	}
	for i, g := range x.Gates {
		f.gates[i] = gate{d.Of(string(g.As)), int32(max(0, g.Day-g.Came)), g.Day, g.Returned}
	}
	for _, c := range x.Charges {
		f.charges = append(f.charges, charge{d.Of(string(c.Standard) + " " + string(c.Tier)), c.Fine, c.Took})
	}
	return f
}

// row is the number of the row of a class, counted on a day.
func (q *Query) row(class int32, day calendar.Date) int32 {
	if !q.timed() {
		return class
	}
	y, m, _ := day.YMD()
	switch q.By {
	case ByMonth:
		return int32(y*12 + m - 1)
	case ByQuarter:
		return int32(y*4 + (m-1)/3)
	}
	return int32(y)
}

// timed tells whether the rows are months, quarters or years.
func (q *Query) timed() bool { return q.axis >= timeless }

// lastDay is the last day of a month, quarter or year that lies in the period; 0 of one that has none.
func (q *Query) lastDay(d *listing.Words, key string) calendar.Date {
	for n := q.row(0, q.From); n <= q.row(0, q.To); n++ {
		if q.key(d, n) != key {
			continue
		}
		first := calendar.Of(int(n)+1, 1, 1)
		switch q.By {
		case ByMonth:
			first = calendar.Of(int(n+1)/12, int(n+1)%12+1, 1)
		case ByQuarter:
			first = calendar.Of(int(n+1)/4, int(n+1)%4*3+1, 1)
		}
		return min(first-1, q.To)
	}
	return 0
}

// key writes a row's number.
func (q *Query) key(d *listing.Words, n int32) string {
	switch {
	case !q.timed():
		return d.Text[n]
	case q.By == ByMonth:
		return fmt.Sprintf("%04d-%02d", n/12, n%12+1)
	case q.By == ByQuarter:
		return fmt.Sprintf("%04d-Q%d", n/4, n%4+1)
	}
	return fmt.Sprintf("%04d", n)
}
