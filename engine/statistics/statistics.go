// Package statistics counts what is on record: cases and money by what tells them apart, how the clocks were kept, how long
// each post held what it signs. It keeps no books of its own: it reads the facts that listing leaves with each commit
// ([listing.Fact]), by month, and follows the ledger for what moved since.
//
// Every figure is a sum over cases, each counted once in one row, so that the rows of a table add up to its total, and the
// cases behind a figure are the very ones that were counted.
package statistics

import (
	"slices"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/listing"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Unit is what a measure counts in.
type Unit string

// The units.
const (
	Cases  Unit = "cases"
	People Unit = "people"
	Money  Unit = "fen"
)

// Measure is a figure's meaning, as data: it is shown beside the figure.
type Measure struct {
	ID    string
	Title procedure.Label
	Means procedure.Label // what is counted, by which day
	Unit  Unit
	Law   procedure.Law

	Headline bool // one of those that whoever leads sees first
}

// Dimension is what tells cases apart.
type Dimension string

// The dimensions. Months, quarters and years are those of the day by which a figure counts.
const (
	ByProcedure Dimension = "workflow"
	BySource    Dimension = "source"
	ByCategory  Dimension = "category"
	ByIndustry  Dimension = "industry"
	ByTownship  Dimension = "township"
	ByHandling  Dimension = "handling"
	ByOutcome   Dimension = "outcome"
	ByOfficer   Dimension = "officer"
	ByMonth     Dimension = "month"
	ByQuarter   Dimension = "quarter"
	ByYear      Dimension = "year"
)

// Dimensions lists them all.
var Dimensions = []Dimension{ByProcedure, BySource, ByCategory, ByIndustry, ByTownship, ByHandling, ByOutcome, ByOfficer, ByMonth, ByQuarter, ByYear}

// Query asks for figures of a period, both days in it.
type Query struct {
	From, To calendar.Date
	By       Dimension              // "": the total only
	Only     procedure.WorkflowID   // of one procedure; "" of all
	Known    []procedure.WorkflowID // those that there are

	axis int   // of By among the dimensions
	only int32 // Only among the words
}

// Fault refuses a question that has no answer; nil when it has one.
func (q Query) Fault() error {
	var fields []refusal.FieldFault
	if q.To < q.From {
		fields = append(fields, refusal.FieldFault{Path: "to", Code: refusal.FieldInvalid, Why: "statistics.backward", Args: refusal.Args{"from": q.From.String(), "to": q.To.String()}})
	}
	if q.By != "" && !slices.Contains(Dimensions, q.By) {
		fields = append(fields, refusal.FieldFault{Path: "by", Code: refusal.FieldInvalid, Why: "statistics.no-dimension", Args: refusal.Args{"by": string(q.By), "known": join(Dimensions)}})
	}
	if q.Only != "" && !slices.Contains(q.Known, q.Only) {
		fields = append(fields, refusal.FieldFault{Path: "workflow", Code: refusal.FieldInvalid, Why: "statistics.no-procedure", Args: refusal.Args{"workflow": string(q.Only), "known": join(q.Known)}})
	}
	if fields == nil {
		return nil
	}
	return &refusal.Error{Code: refusal.FieldInvalid, Fields: fields}
}

func join[S ~string](all []S) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = string(s)
	}
	return strings.Join(texts, "、")
}

// Before is the same question of the year before.
func (q Query) Before() Query {
	q.From, q.To = yearBefore(q.From), yearBefore(q.To)
	return q
}

func yearBefore(d calendar.Date) calendar.Date {
	y, m, day := d.YMD()
	if last := calendar.Of(y-1, m+1, 1).Add(-1); m < 12 {
		if _, _, n := last.YMD(); day > n {
			return last
		}
	}
	if m == 2 && day == 28 { // the end of a February stays one
		if _, next, _ := d.Add(1).YMD(); next == 3 {
			return calendar.Of(y-1, 3, 1).Add(-1)
		}
	}
	return calendar.Of(y-1, m, day)
}

// Figures are the answer.
type Figures struct {
	Query     Query
	Rows      []Row // by what tells them apart, the keys in order
	Total     Row
	Clocks    []ClockRow
	Gates     []GateRow
	Penalties []PenaltyRow
	Damaged   []Damaged // what is not counted, because it can't be read
}

// measures is how many there are.
const measures = len(counters)

// Row is one line of a table: a figure per measure, in the order of [Measures].
type Row struct {
	Key   string
	Cells [measures]int64
}

// Cell is the row's figure of a measure; 0 of one that there is not.
func (r *Row) Cell(measure string) int64 {
	if i := index(measure); i >= 0 {
		return r.Cells[i]
	}
	return 0
}

// ClockRow is how one clock was kept.
type ClockRow struct {
	Workflow procedure.WorkflowID
	Clock    procedure.ClockID
	Unit     calendar.Unit // days or working days
	Done     int           // came to their end in the period
	InTime   int           // were kept in the period
	Late     int           // were broken in the period: their due day went by, done later or not yet
	Median   int           // of those done: from start to end in the clock's unit, without what stood still
	Ninth    int           // nine of ten took at most this
	Still    int           // calendar days that they stood still, together
}

// Share is the share in time of what was kept or broken, in tenths of a percent; -1 of none.
func (r *ClockRow) Share() int {
	if r.InTime+r.Late == 0 {
		return -1
	}
	return (r.InTime*1000 + (r.InTime+r.Late)/2) / (r.InTime + r.Late)
}

// GateRow is how a post signs.
type GateRow struct {
	Post     procedure.Actor
	Signed   int
	Returned int // of these
	Median   int // calendar days from the act before to the signature
	Ninth    int
}

// PenaltyRow is how often one tier of one standard was decided on, and what it came to.
type PenaltyRow struct {
	Standard penalty.ID
	Tier     penalty.Tier
	N        int   // violations
	Fine     int64 // fen
	Took     int64 // fen confiscated
}

// Damaged is a case that is not counted.
type Damaged struct {
	Case casefile.CaseID
	Why  string
}

// Behind asks for the cases behind a figure.
type Behind struct {
	Query
	Measure string // of the counters; "clock", "gate" and "penalty" with their row and column below
	Key     string // of the row; Total: all of them
	Total   bool
	Row     string // "labour-case/filing/workday"; a post; a standard and its tier, "reg/30 usual"
	Column  string // done, late; signed, sent-back; violations, fined, confiscated

	on calendar.Date // the day of what lasts
}

// counter is what a measure counts: an amount on a day of the case, or each payment that it picks on its day. What is open
// is neither: it lasts, and is counted on the period's last day.
type counter struct {
	id     string
	day    func(f *fact) calendar.Date
	amount func(f *fact) int64
	pays   func(f *fact, p *listing.FactPaid) bool
}

var counters = [...]counter{
	{id: "cases-received", day: opened, amount: itself},
	{id: "cases-filed", day: func(f *fact) calendar.Date { return f.filed }, amount: itself},
	{id: "cases-decided", day: decided, amount: itself},
	{id: "cases-done", day: func(f *fact) calendar.Date { return f.ended }, amount: itself},
	{id: "cases-open"},
	{id: "wage-cases", day: opened, amount: func(f *fact) int64 { return bit(f.workers > 0) }},
	{id: "claimants", day: opened, amount: func(f *fact) int64 { return int64(f.workers) }},
	{id: "marked-cases", day: opened, amount: func(f *fact) int64 { return bit(f.marked) }},
	{id: "wages-claimed", day: opened, amount: func(f *fact) int64 { return f.claimed }},
	{id: "wages-decided", day: decided, amount: func(f *fact) int64 { return f.wages }},
	{id: "wages-recovered", pays: func(_ *fact, p *listing.FactPaid) bool { return p.Wages }},
	{id: "wages-recovered-marked", pays: func(f *fact, p *listing.FactPaid) bool { return p.Wages && f.marked }},
	{id: "fines-decided", day: decided, amount: func(f *fact) int64 { return f.fined }},
	{id: "fines-collected", pays: func(_ *fact, p *listing.FactPaid) bool { return !p.Wages }},
}

func opened(f *fact) calendar.Date  { return f.opened }
func decided(f *fact) calendar.Date { return f.decided }
func itself(*fact) int64            { return 1 }

// each gives what a fact adds, by day; of what lasts nothing.
func (c *counter) each(f *fact, add func(calendar.Date, int64)) {
	switch {
	case c.pays != nil:
		for i := range f.paid {
			if p := &f.paid[i]; p.Day != 0 && c.pays(f, p) {
				add(p.Day, p.Fen)
			}
		}
	case c.day != nil:
		if day, n := c.day(f), c.amount(f); day != 0 && n != 0 {
			add(day, n)
		}
	}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func index(measure string) int {
	return slices.IndexFunc(counters[:], func(c counter) bool { return c.id == measure })
}

// Counted are the ids of the measures that are counted, in order.
func Counted() []string {
	ids := make([]string, len(counters))
	for i := range counters {
		ids[i] = counters[i].id
	}
	return ids
}
