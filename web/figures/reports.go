package figures

import (
	"net/http"
	"strings"

	"dossier/engine/desk"
	"dossier/engine/refusal"
	"dossier/engine/statistics"
	"dossier/web/page"
)

// reportsView is the reports that were kept, and how to keep another.
type reportsView struct {
	page.Base
	Reports  []reportRow
	May      bool
	From, To string
	Periods  []page.Option
	Faults   []string
}

type reportRow struct {
	Title, Address, By, At string
}

func ReportsPage(a *page.Ask) error { return reports(a, http.StatusOK, nil) }

func reports(a *page.Ask, status int, faults []string) error {
	v := reportsView{Base: a.Base(a.T("reports.title"), "statistics"), May: a.Site.Statistics.Leads(a.ID()), Faults: faults}
	rs, err := a.Site.Statistics.Reports()
	if err != nil {
		return err
	}
	for _, r := range rs {
		v.Reports = append(v.Reports, showReport(a, r))
	}
	for _, p := range periods(a, statistics.Query{}) {
		_, query, _ := strings.Cut(p.Value, "?")
		p.Value = "/statistics/reports?" + query
		v.Periods = append(v.Periods, p)
	}
	q, _ := statisticsQuery(a)
	v.From, v.To = page.Or(a.PostForm("from"), q.From.String()), page.Or(a.PostForm("to"), q.To.String())
	return a.Draw(status, "reports", v)
}

// showReport says a report: a month, a quarter and a year by their names.
func showReport(a *page.Ask, r *statistics.Report) reportRow {
	return reportRow{reportTitle(a, r), "/statistics/reports/" + r.ID, a.Name(r.By), a.Moment(r.At)}
}

func reportTitle(a *page.Ask, r *statistics.Report) string {
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

// KeepReport freezes the figures of a period.
func KeepReport(a *page.Ask) error {
	a.Request.URL.RawQuery = "from=" + a.PostForm("from") + "&to=" + a.PostForm("to")
	q, faults := statisticsQuery(a)
	if len(faults) > 0 {
		return reports(a, http.StatusUnprocessableEntity, faults)
	}
	r, err := a.Site.Statistics.Keep(a.Request.Context(), a.ID(), q)
	if bad := refusal.As(err); bad != nil && bad.Code == refusal.FieldInvalid {
		for _, x := range bad.Fields {
			faults = append(faults, a.T(x.Why, pairs(x.Args)...))
		}
		return reports(a, http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return a.See("/statistics/reports/" + r.ID)
}

// reportView is one report with what is counted otherwise by now.
type reportView struct {
	page.Base
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

func ReportPage(a *page.Ask) error {
	r, err := a.Site.Statistics.Report(a.Param("id"))
	if err != nil {
		return err
	}
	v := reportView{Base: a.Base(reportTitle(a, r), "statistics"), Kept: showReport(a, r), Span: a.T("reports.span", "from", a.Date(r.From), "to", a.Date(r.To))}
	for _, c := range r.Total {
		v.Total = append(v.Total, figureView{Title: InUnit(a, c.Title, c.Unit), Value: Figure(a, c.Unit, c.N), Before: Figure(a, c.Unit, c.Before), Change: grown(c.N, c.Before), Means: c.Means})
	}
	corrected, err := a.Site.Statistics.Corrections(r)
	if err != nil {
		return err
	}
	q := statistics.Query{From: r.From, To: r.To}
	for _, c := range corrected {
		v.Corrected = append(v.Corrected, correctedView{InUnit(a, c.Title, c.Unit), Figure(a, c.Unit, c.Then), Figure(a, c.Unit, c.Now), CasesBehind(q, "measure", c.Measure)})
	}
	for _, k := range r.Classes {
		x := classView{Title: a.T("statistics.by." + string(k.By))}
		for _, row := range k.Rows {
			y := tableRow{Title: row.Title}
			for _, c := range r.Total[:5] {
				y.Cells = append(y.Cells, openable{Value: Figure(a, c.Unit, row.Cells[c.Measure])})
			}
			x.Rows = append(x.Rows, y)
		}
		v.Classes = append(v.Classes, x)
	}
	return a.Draw(http.StatusOK, "report", v)
}

// ReportFile prints a report as it was kept.
func ReportFile(a *page.Ask) error {
	r, err := a.Site.Statistics.Report(a.Param("id"))
	if err != nil {
		return err
	}
	data, err := desk.NotePDF(a.Site.Engine, a.Site.Options.Report, r.Values(a.Office.Name))
	if err != nil {
		return err
	}
	a.Pdf(data, reportTitle(a, r))
	return nil
}
