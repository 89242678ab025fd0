package figures

import (
	"net/http"
	"net/url"
	"strconv"

	"dossier/engine/statistics"
	"dossier/web/page"
)

// chart is bars drawn on the server: lines of one or two bars each, the first full and the second hatched, every bar with
// its number, so that it is read in black and white and on paper.
type chart struct {
	Title, First, Second string
	Width, Height        int
	Legend               int // where the legend's second word begins
	Bars                 []chartLine
}

type chartLine struct {
	Label              string
	Y, Middle          int
	First, Second      int // lengths
	FirstN, SecondN    string
	FirstAt, SecondAt  int // where the numbers stand
	FirstUp, SecondUp  int // the number's line
	SecondY, Hair      int
	LabelAt, BarsBegin int
}

// The chart's measures, in its own units.
const (
	chartWidth = 720
	chartLabel = 190 // room for the labels
	chartBar   = 13
	chartStep  = 40
	chartTop   = 30
	mostBars   = 24
)

// rowsChart draws received and done by what tells the rows apart; nil where there is nothing to compare.
func rowsChart(a *page.Ask, f *statistics.Figures, titles statistics.Titles) *chart {
	received, done := a.Site.Statistics.Measures[0], a.Site.Statistics.Measures[3]
	c := &chart{Title: a.T("statistics.chart"), First: a.L(received.Title), Second: a.L(done.Title)}
	most := int64(1)
	rows := f.Rows
	if len(rows) > mostBars {
		rows = rows[len(rows)-mostBars:]
	}
	for i := range rows {
		most = max(most, rows[i].Cell(received.ID), rows[i].Cell(done.ID))
	}
	for i := range rows {
		r := &rows[i]
		c.add(page.Cut(titles.Row(f.Query.By, r.Key), 13), r.Cell(received.ID), r.Cell(done.ID), most)
	}
	if len(c.Bars) == 0 {
		return nil
	}
	return c
}

func (c *chart) add(label string, first, second, most int64) {
	y := chartTop + len(c.Bars)*chartStep
	length := func(n int64) int { return int(n * (chartWidth - chartLabel - 70) / most) }
	x := chartLine{Label: label, Y: y, Middle: y + chartBar + 4, First: length(first), Second: length(second), FirstN: strconv.FormatInt(first, 10), SecondN: strconv.FormatInt(second, 10),
		SecondY: y + chartBar + 2, FirstUp: y + chartBar - 2, SecondUp: y + 2*chartBar, LabelAt: chartLabel - 10, BarsBegin: chartLabel, Hair: y + 2*chartBar + 6}
	x.FirstAt, x.SecondAt = chartLabel+x.First+6, chartLabel+x.Second+6
	c.Bars = append(c.Bars, x)
	c.Width, c.Height, c.Legend = chartWidth, y+chartStep, chartLabel+110
}

// spreadsheet answers with a spreadsheet to be kept.
func spreadsheet(a *page.Ask, data []byte, name string) {
	a.Writer.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	a.Data(http.StatusOK, page.Xlsx, data)
}
