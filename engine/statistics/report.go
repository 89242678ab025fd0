package statistics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/text"
)

// Kept is the kind of a report's record: figures that were reported, as they stood then. A version of it is never written
// again: what is counted otherwise later is told beside it.
const Kept = "report"

// Report is figures of a period, frozen.
type Report struct {
	From    calendar.Date   `json:"from"`
	To      calendar.Date   `json:"to"`
	By      office.PersonID `json:"by"`
	At      time.Time       `json:"at"`
	Total   []ToldCell      `json:"total"`
	Classes []ToldClass     `json:"classes"`
	Clocks  []ToldClock     `json:"clocks"`
	Gates   []ToldGate      `json:"gates"`

	ID string `json:"-"`
}

// ToldClass is the rows of one dimension.
type ToldClass struct {
	By   Dimension `json:"by"`
	Rows []ToldRow `json:"rows"`
}

// reported are the dimensions that a report tells.
var reported = []Dimension{ByProcedure, BySource, ByCategory, ByTownship, ByIndustry, ByHandling, ByOutcome}

// Keep freezes the figures of a period that has begun, for whoever leads a section. Printed words are Chinese.
func (b *Book) Keep(ctx context.Context, who office.PersonID, q Query) (*Report, error) {
	e := b.Engine
	if !b.Leads(who) {
		return nil, refusal.New(refusal.Forbidden, refusal.Args{"who": e.Office().Name(who), "what": Kept})
	}
	if q.From > e.Today() {
		return nil, &refusal.Error{Code: refusal.FieldInvalid, Fields: []refusal.FieldFault{{Path: "from", Code: refusal.FieldInvalid, Why: "statistics.future"}}}
	}
	r := &Report{From: q.From, To: q.To, By: who, At: e.Now().UTC().Truncate(time.Second)}
	q.By = ""
	told, err := b.Told(q, text.ZH)
	if err != nil {
		return nil, err
	}
	r.Total, r.Clocks, r.Gates = told.Total, told.Clocks, told.Gates
	for _, d := range reported {
		q.By = d
		t, err := b.Told(q, text.ZH)
		if err != nil {
			return nil, err
		}
		r.Classes = append(r.Classes, ToldClass{d, t.Rows})
	}
	n := 0
	return r, ledger.Again(100, func() error {
		n++ // where one of this period is kept already, the next
		r.ID = fmt.Sprintf("%s-%s-%d", q.From, q.To, n)
		w, err := engine.Record(Kept, r.ID, 0, r)
		if err != nil {
			return err
		}
		return change.KeepRecords(ctx, e, w)
	})
}

// Leads tells whether the person leads a section: they keep reports.
func (b *Book) Leads(who office.PersonID) bool {
	o := b.Engine.Office()
	return o.Leads(o.Person(who), procedure.LeadsSection, b.Engine.Today())
}

// Reports are those that were kept, the latest first.
func (b *Book) Reports() ([]*Report, error) {
	rs, err := b.Engine.Store.Records(Kept, "", 0)
	if err != nil {
		return nil, err
	}
	var out []*Report
	for _, r := range rs {
		x, err := readReport(r)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(x, y *Report) int { return y.At.Compare(x.At) })
	return out, nil
}

func readReport(r ledger.Record) (*Report, error) {
	x := &Report{ID: r.ID}
	return x, json.Unmarshal(r.Data, x)
}

// Report is one of them.
func (b *Book) Report(id string) (*Report, error) {
	r, err := b.Engine.Store.Record(Kept, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, refusal.New(refusal.NotFound, refusal.Args{"what": Kept, "id": id})
	}
	if err != nil {
		return nil, err
	}
	return readReport(r)
}

// Corrected is a figure of a report that is counted otherwise by now.
type Corrected struct {
	Measure string
	Title   string
	Unit    Unit
	Then    int64
	Now     int64
}

// Corrections are the report's figures that the record tells otherwise now.
func (b *Book) Corrections(r *Report) ([]Corrected, error) {
	to := r.To
	if last := calendar.In(r.At); to > last {
		to = last // the period wasn't over: what came after is no correction
	}
	f, err := b.Answer(Query{From: r.From, To: to})
	if err != nil {
		return nil, err
	}
	var out []Corrected
	for _, c := range r.Total {
		if n := f.Total.Cell(c.Measure); n != c.N {
			out = append(out, Corrected{c.Measure, c.Title, c.Unit, c.N, n})
		}
	}
	return out, nil
}

// Values fill the report's form.
func (r *Report) Values(name func(office.PersonID) string) procedure.Values {
	unit := map[Unit]string{Cases: "（件）", People: "（人）", Money: "（元）"}
	var figures, classes, limits []procedure.Cells
	for _, c := range r.Total {
		figures = append(figures, procedure.Cells{"figure": c.Title + unit[c.Unit], "counted": c.Unit.Value(c.N), "before": c.Unit.Value(c.Before), "means": c.Means})
	}
	for _, k := range r.Classes {
		for _, x := range k.Rows {
			n := func(i int) string { return Cases.Value(x.Cells[counters[i].id]) }
			classes = append(classes, procedure.Cells{"class": text.T(text.ZH, "statistics.class."+string(k.By)) + "　" + x.Title, "received": n(0), "filed": n(1), "decided": n(2), "done": n(3), "open": n(4)})
		}
	}
	for _, c := range r.Clocks {
		rate := ""
		if c.Share >= 0 {
			rate = fmt.Sprintf("%d.%d%%", c.Share/10, c.Share%10)
		}
		median := ""
		if c.Done > 0 {
			median = text.T(text.ZH, "statistics.took."+string(c.Unit), text.Args{"n": fmt.Sprint(c.Median)})
		}
		limits = append(limits, procedure.Cells{"limit": c.Title, "done": fmt.Sprint(c.Done), "kept": fmt.Sprint(c.InTime), "late": fmt.Sprint(c.Late), "rate": rate, "median": median})
	}
	return procedure.Values{"span": procedure.TextValue(r.From.Han() + "至" + r.To.Han()), "reporter": procedure.TextValue(name(r.By)), "kept-on": procedure.TextValue(calendar.In(r.At).String()),
		"figures": {Rows: figures}, "classes": {Rows: classes}, "limits": {Rows: limits}}
}
