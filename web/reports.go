package web

import (
	"net/http"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/refusal"
	"dossier/engine/statistics"
)

// reportsView is the reports that were kept, and how to keep another.
type reportsView struct {
	base
	Reports  []reportRow
	May      bool
	From, To string
	Periods  []option
	Faults   []string
}

type reportRow struct {
	Title, Address, By, At string
}

func reportsPage(a *ask) error { return a.reports(http.StatusOK, nil) }

func (a *ask) reports(status int, faults []string) error {
	v := reportsView{base: a.base(a.T("reports.title"), "statistics"), May: a.s.statistics.Leads(a.id()), Faults: faults}
	rs, err := a.s.statistics.Reports()
	if err != nil {
		return err
	}
	for _, r := range rs {
		v.Reports = append(v.Reports, a.reportRow(r))
	}
	for _, p := range a.periods(statistics.Query{}) {
		_, query, _ := strings.Cut(p.Value, "?")
		p.Value = "/statistics/reports?" + query
		v.Periods = append(v.Periods, p)
	}
	q, _ := a.statisticsQuery()
	v.From, v.To = or(a.PostForm("from"), q.From.String()), or(a.PostForm("to"), q.To.String())
	return a.draw(status, "reports", v)
}

// reportRow says a report: a month, a quarter and a year by their names.
func (a *ask) reportRow(r *statistics.Report) reportRow {
	return reportRow{a.reportTitle(r), "/statistics/reports/" + r.ID, a.Name(r.By), a.Moment(r.At)}
}

func (a *ask) reportTitle(r *statistics.Report) string {
	y, m, d := r.From.YMD()
	y2, m2, last := r.To.YMD()
	_, _, next := (r.To + 1).YMD()
	whole := d == 1 && next == 1 && last > 1 && y == y2
	switch {
	case whole && m == m2:
		return a.T("reports.month", "year", y, "n", m)
	case whole && m2 == m+2 && m%3 == 1:
		return a.T("reports.quarter", "year", y, "n", (m+2)/3)
	case whole && m == 1 && m2 == 12:
		return a.T("reports.year", "year", y)
	}
	return a.T("reports.span", "from", a.Date(r.From), "to", a.Date(r.To))
}

// keepReport freezes the figures of a period.
func keepReport(a *ask) error {
	a.Request.URL.RawQuery = "from=" + a.PostForm("from") + "&to=" + a.PostForm("to")
	q, faults := a.statisticsQuery()
	if len(faults) > 0 {
		return a.reports(http.StatusUnprocessableEntity, faults)
	}
	r, err := a.s.statistics.Keep(a.Request.Context(), a.id(), q)
	if bad := refusal.As(err); bad != nil && bad.Code == refusal.FieldInvalid {
		for _, x := range bad.Fields {
			faults = append(faults, a.T(x.Why, pairs(x.Args)...))
		}
		return a.reports(http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return a.see("/statistics/reports/" + r.ID)
}

// reportView is one report with what is counted otherwise by now.
type reportView struct {
	base
	Kept      reportRow
	Span      string
	Total     []figureView
	Corrected []correctedView
	Clocks    []clockFigures
	Classes   []classView
}

type correctedView struct{ Title, Then, Now, Address string }

type classView struct {
	Title string
	Rows  []tableRow
}

func reportPage(a *ask) error {
	r, err := a.s.statistics.Report(a.Param("id"))
	if err != nil {
		return err
	}
	v := reportView{base: a.base(a.reportTitle(r), "statistics"), Kept: a.reportRow(r), Span: a.T("reports.span", "from", a.Date(r.From), "to", a.Date(r.To))}
	for _, c := range r.Total {
		v.Total = append(v.Total, figureView{Title: c.Title, Value: a.figure(c.Unit, c.N), Before: a.figure(c.Unit, c.Before), Change: grown(c.N, c.Before), Means: c.Means})
	}
	corrected, err := a.s.statistics.Corrections(r)
	if err != nil {
		return err
	}
	q := statistics.Query{From: r.From, To: r.To}
	for _, c := range corrected {
		v.Corrected = append(v.Corrected, correctedView{c.Title, a.figure(c.Unit, c.Then), a.figure(c.Unit, c.Now), casesBehind(q, "measure", c.Measure)})
	}
	for _, k := range r.Classes {
		x := classView{Title: a.T("statistics.by." + string(k.By))}
		for _, row := range k.Rows {
			y := tableRow{Title: row.Title}
			for _, c := range r.Total[:5] {
				y.Cells = append(y.Cells, openable{Value: a.figure(c.Unit, row.Cells[c.Measure])})
			}
			x.Rows = append(x.Rows, y)
		}
		v.Classes = append(v.Classes, x)
	}
	return a.draw(http.StatusOK, "report", v)
}

// reportFile prints a report as it was kept.
func reportFile(a *ask) error {
	r, err := a.s.statistics.Report(a.Param("id"))
	if err != nil {
		return err
	}
	data, err := desk.NotePDF(a.s.engine, a.s.opt.Report, r.Values(a.office.Name))
	if err != nil {
		return err
	}
	a.pdf(data, a.reportTitle(r))
	return nil
}
