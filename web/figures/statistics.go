package figures

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"dossier/documents/sheet"
	"dossier/engine/calendar"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/statistics"
	"dossier/engine/text"
	"dossier/web/page"
)

// statisticsView is the figures of a period.
type statisticsView struct {
	page.Base
	From, To  string
	By        []page.Option
	Workflows []page.Option
	Presets   []page.Option // periods by name; Value is an address
	Faults    []string
	Total     []figureView
	Heads     []string // of the table's columns
	Table     []tableRow
	ByTitle   string
	Chart     *chart
	Clocks    []clockFigures
	Kept      *chart
	Gates     []gateFigures
	Penalties []penaltyFigures
	Punished  []openable // of all of them
	Quotas    []quotaFigures
	Damaged   string
	Excel     string
	None      bool // nothing is counted at all
	Reports   bool // may be kept
}

// figureView is one figure with its meaning.
type figureView struct {
	Title, Value, Before, Change, Means, Law, Address string
}

// tableRow is one row of the table by a dimension; each cell opens its cases.
type tableRow struct {
	Title string
	Cells []openable
}

type openable struct{ Value, Address string }

type clockFigures struct {
	Title, Procedure                    string
	Done, InTime, Late                  openable
	Share, Median, Ninth, Still, Before string
}

type gateFigures struct {
	Post             string
	Signed, Returned openable
	Median, Ninth    string
}

type penaltyFigures struct {
	Title, Address, Tier string
	Cells                []openable
}

// statisticsQuery reads the question from the address; this year to today where it doesn't say.
func statisticsQuery(a *page.Ask) (q statistics.Query, faults []string) {
	year, _, _ := a.Today.YMD()
	q = statistics.Query{From: calendar.Of(year, 1, 1), To: a.Today, By: statistics.Dimension(a.Query("by")), Only: procedure.WorkflowID(a.Query("workflow"))}
	for _, x := range []struct {
		name, title string
		to          *calendar.Date
	}{{"from", "statistics.from", &q.From}, {"to", "statistics.to", &q.To}} {
		if s := a.Query(x.name); s != "" {
			d, err := calendar.Parse(s)
			if err != nil {
				faults = append(faults, a.T("plan.no-day", "field", a.T(x.title), "text", page.Cut(s, 20)))
				continue
			}
			*x.to = d
		}
	}
	return q, faults
}

func StatisticsPage(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	v := statisticsView{Base: a.Base(a.T("statistics.title"), "statistics"), From: q.From.String(), To: q.To.String(), Faults: faults, Presets: periods(a, q), Reports: a.Leads()}
	v.Wide = true
	if q.By == "" {
		q.By = statistics.ByMonth
	}
	for _, d := range statistics.Dimensions {
		v.By = append(v.By, page.Option{Value: string(d), Label: a.T("statistics.by." + string(d)), On: d == q.By})
		if d == q.By {
			v.ByTitle = a.T("statistics.by." + string(d))
		}
	}
	for _, ed := range a.Site.Engine.Workflows() {
		v.Workflows = append(v.Workflows, page.Option{Value: string(ed.Def.ID), Label: a.L(ed.Def.Title), On: ed.Def.ID == q.Only})
	}
	if len(v.Faults) > 0 {
		return a.Draw(http.StatusUnprocessableEntity, "statistics", v)
	}
	f, before, err := a.Site.Statistics.Both(q)
	if bad := refusal.As(err); bad != nil && bad.Code == refusal.FieldInvalid {
		for _, x := range bad.Fields {
			v.Faults = append(v.Faults, a.T(x.Why, pairs(x.Args)...))
		}
		return a.Draw(http.StatusUnprocessableEntity, "statistics", v)
	}
	if err != nil {
		return err
	}
	figures(a, &v, f, before)
	if v.Quotas, err = quotas(a, f.Query); err != nil {
		return err
	}
	return a.Draw(http.StatusOK, "statistics", v)
}

func pairs(args refusal.Args) (ps []any) {
	for k, v := range args {
		ps = append(ps, k, v)
	}
	return ps
}

// figures puts an answer on the page.
func figures(a *page.Ask, v *statisticsView, f, before *statistics.Figures) {
	book := a.Site.Statistics
	q, titles := f.Query, book.Titles(a.Language)
	at := func(more ...string) string { return CasesBehind(q, more...) }
	for _, m := range book.Measures {
		n, was := f.Total.Cell(m.ID), before.Total.Cell(m.ID)
		v.Total = append(v.Total, figureView{Title: InUnit(a, a.L(m.Title), m.Unit), Value: Figure(a, m.Unit, n), Before: Figure(a, m.Unit, was), Change: grown(n, was), Means: a.L(m.Means), Law: a.Cites(m.Law), Address: at("measure", m.ID)})
		v.Heads = append(v.Heads, InUnit(a, a.L(m.Title), m.Unit))
	}
	v.None = f.Total == statistics.Row{} && before.Total == statistics.Row{} && len(f.Clocks) == 0
	for i := range f.Rows {
		r := &f.Rows[i]
		row := tableRow{Title: titles.Row(q.By, r.Key)}
		for _, m := range book.Measures {
			row.Cells = append(row.Cells, openable{Figure(a, m.Unit, r.Cell(m.ID)), at("measure", m.ID, "key", r.Key, "row", "1")})
		}
		v.Table = append(v.Table, row)
	}
	v.Chart = rowsChart(a, f, titles)
	was := map[string]int{}
	for i := range before.Clocks {
		c := &before.Clocks[i]
		was[string(c.Workflow)+"/"+string(c.Clock)] = c.Share()
	}
	for i := range f.Clocks {
		c := &f.Clocks[i]
		name := string(c.Workflow) + "/" + string(c.Clock)
		cell := func(n int, column string) openable {
			return openable{strconv.Itoa(n), at("measure", statistics.OfClock, "clock", name+"/"+string(c.Unit), "column", column)}
		}
		x := clockFigures{Title: titles.Clock(c), Procedure: titles.Procedure(c.Workflow), Done: cell(c.Done, statistics.ColumnDone), InTime: cell(c.InTime, statistics.ColumnKept), Late: cell(c.Late, statistics.ColumnLate), Share: share(c.Share())}
		if c.Done > 0 {
			x.Median, x.Ninth, x.Still = a.Units(c.Median, c.Unit), a.Units(c.Ninth, c.Unit), a.Units(c.Still, calendar.Days)
		}
		if s, ok := was[name]; ok {
			x.Before = share(s)
		}
		v.Clocks = append(v.Clocks, x)
	}
	for _, g := range f.Gates {
		cell := func(n int, column string) openable {
			return openable{strconv.Itoa(n), at("measure", statistics.OfGate, "clock", string(g.Post), "column", column)}
		}
		v.Gates = append(v.Gates, gateFigures{a.Post(g.Post), cell(g.Signed, statistics.ColumnSigned), cell(g.Returned, statistics.ColumnReturned), a.Units(g.Median, calendar.Days), a.Units(g.Ninth, calendar.Days)})
	}
	sum := [3]int64{}
	for _, p := range f.Penalties {
		x := penaltyFigures{Title: titles.Standard(p.Standard), Address: "/penalty?standard=" + url.QueryEscape(string(p.Standard)), Tier: p.Tier.In(a.Language)}
		for i, c := range []struct {
			column string
			unit   statistics.Unit
			n      int64
		}{{statistics.ColumnViolations, statistics.Cases, int64(p.N)}, {statistics.ColumnFined, statistics.Money, p.Fine}, {statistics.ColumnTook, statistics.Money, p.Took}} {
			sum[i] += c.n
			x.Cells = append(x.Cells, openable{Figure(a, c.unit, c.n), at("measure", statistics.OfPenalty, "clock", string(p.Standard)+" "+string(p.Tier), "column", c.column)})
		}
		v.Penalties = append(v.Penalties, x)
	}
	for i, n := range sum {
		unit := statistics.Money
		if i == 0 {
			unit = statistics.Cases
		}
		v.Punished = append(v.Punished, openable{Value: Figure(a, unit, n)})
	}
	if n := len(f.Damaged); n > 0 {
		v.Damaged = a.T("statistics.damaged", "n", n, "id", int64(f.Damaged[0].Case))
	}
	v.Excel = "/statistics/figures.xlsx?" + a.Request.URL.RawQuery
}

// Figure is a number as the page shows it: money in yuan, grouped.
func Figure(a *page.Ask, u statistics.Unit, n int64) string {
	if u == statistics.Money {
		return text.Yuan(n)
	}
	return strconv.FormatInt(n, 10)
}

// InUnit is a figure's title with its unit: 追回工资（元）.
func InUnit(a *page.Ask, title string, u statistics.Unit) string {
	return a.T("statistics.in-unit", "title", title, "unit", a.T("statistics.unit."+string(u)))
}

// grown is how much a figure grew since the year before, in percent; "" where nothing was.
func grown(n, was int64) string {
	if was == 0 {
		return ""
	}
	p := strconv.FormatFloat(float64(n-was)*100/float64(was), 'f', 1, 64) + "%"
	if n > was {
		return "+" + p
	}
	return p
}

// share is tenths of a percent; "" of none.
func share(tenths int) string {
	if tenths < 0 {
		return ""
	}
	return strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64) + "%"
}

// CasesBehind is the address of the cases behind a figure.
func CasesBehind(q statistics.Query, more ...string) string {
	u := url.Values{"from": {q.From.String()}, "to": {q.To.String()}}
	if q.By != "" {
		u.Set("by", string(q.By))
	}
	if q.Only != "" {
		u.Set("workflow", string(q.Only))
	}
	for i := 0; i+1 < len(more); i += 2 {
		u.Set(more[i], more[i+1])
	}
	return "/statistics/cases?" + u.Encode()
}

// periods are the present and the past month, quarter and year, by name.
func periods(a *page.Ask, q statistics.Query) []page.Option {
	y, m, _ := a.Today.YMD()
	month := func(y, m int) calendar.Date { return calendar.Of(y+(m-1)/12, (m-1)%12+1, 1) }
	quarter := (m-1)/3*3 + 1
	var out []page.Option
	for _, p := range []struct {
		key      string
		from, to calendar.Date
	}{
		{"month", month(y, m), month(y, m+1) - 1},
		{"last-month", month(y-1, m+11), month(y, m) - 1},
		{"quarter", month(y, quarter), month(y, quarter+3) - 1},
		{"last-quarter", month(y-1, quarter+9), month(y, quarter) - 1},
		{"year", month(y, 1), month(y, 13) - 1},
		{"last-year", month(y-1, 1), month(y, 1) - 1},
	} {
		u := url.Values{"from": {p.from.String()}, "to": {p.to.String()}}
		for _, k := range []string{"by", "workflow"} {
			if s := a.Query(k); s != "" {
				u.Set(k, s)
			}
		}
		out = append(out, page.Option{Value: "/statistics?" + u.Encode(), Label: a.T("statistics.period." + p.key), On: q.From == p.from && q.To == p.to})
	}
	return out
}

// StatisticsFile answers with the figures as a spreadsheet.
func StatisticsFile(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	if len(faults) > 0 {
		return a.See("/statistics?" + a.Request.URL.RawQuery)
	}
	if q.By == "" {
		q.By = statistics.ByMonth
	}
	t, err := a.Site.Statistics.Told(q, a.Language)
	if err != nil {
		return a.See("/statistics?" + a.Request.URL.RawQuery)
	}
	kept, err := quotas(a, q)
	if err != nil {
		return err
	}
	data, err := sheet.Write(append(statisticsGrids(a, t), quotasGrid(a, kept))...)
	if err != nil {
		return err
	}
	spreadsheet(a, data, a.T("statistics.file", "from", q.From.String(), "to", q.To.String()))
	return nil
}

// statisticsGrids are an answer's sheets: the total with the meanings, the table, the clocks, the posts.
func statisticsGrids(a *page.Ask, t *statistics.Told) []sheet.Grid {
	kind := map[statistics.Unit]sheet.Kind{statistics.Money: sheet.MoneyColumn, statistics.Cases: sheet.NumberColumn, statistics.People: sheet.NumberColumn}
	total := sheet.Grid{Name: a.T("statistics.total"), Wrap: true, Still: 1, Columns: []sheet.Column{{Title: a.T("statistics.figure"), Width: 22}, {Title: a.T("statistics.now"), Kind: sheet.NumberColumn, Width: 16},
		{Title: a.T("statistics.before"), Kind: sheet.NumberColumn, Width: 16}, {Title: a.T("statistics.unit")}, {Title: a.T("statistics.means"), Width: 70}}}
	rows := sheet.Grid{Name: a.T("statistics.by." + string(t.By)), Still: 1, Columns: []sheet.Column{{Title: a.T("statistics.by." + string(t.By)), Width: 26}}}
	for _, c := range t.Total {
		total.Rows = append(total.Rows, []string{c.Title, c.Unit.Value(c.N), c.Unit.Value(c.Before), a.T("statistics.unit." + string(c.Unit)), c.Means})
		rows.Columns = append(rows.Columns, sheet.Column{Title: c.Title, Kind: kind[c.Unit]})
	}
	for _, r := range t.Rows {
		row := []string{r.Title}
		for _, c := range t.Total {
			row = append(row, c.Unit.Value(r.Cells[c.Measure]))
		}
		rows.Rows = append(rows.Rows, row)
	}
	heads := func(keys ...string) (cs []sheet.Column) {
		for i, k := range keys {
			c := sheet.Column{Title: a.T("statistics." + k), Kind: sheet.NumberColumn}
			if i == 0 {
				c.Kind, c.Width = sheet.TextColumn, 26
			}
			cs = append(cs, c)
		}
		return cs
	}
	clocks := sheet.Grid{Name: a.T("statistics.clocks"), Still: 1, Columns: heads("clock", "done", "in-time", "late", "share", "median", "ninth", "still")}
	for _, c := range t.Clocks {
		clocks.Rows = append(clocks.Rows, []string{c.Title, strconv.Itoa(c.Done), strconv.Itoa(c.InTime), strconv.Itoa(c.Late), share(c.Share), strconv.Itoa(c.Median), strconv.Itoa(c.Ninth), strconv.Itoa(c.Still)})
	}
	gates := sheet.Grid{Name: a.T("statistics.gates"), Still: 1, Columns: heads("post", "signed", "returned", "median", "ninth")}
	for _, g := range t.Gates {
		gates.Rows = append(gates.Rows, []string{g.Title, strconv.Itoa(g.Signed), strconv.Itoa(g.Returned), strconv.Itoa(g.Median), strconv.Itoa(g.Ninth)})
	}
	penalties := sheet.Grid{Name: a.T("statistics.penalties"), Still: 1, Columns: heads("standard", "tier", "punished", "sum-fined", "sum-taken")}
	penalties.Columns[1].Kind = sheet.TextColumn
	for i := 3; i < 5; i++ {
		penalties.Columns[i].Kind = sheet.MoneyColumn
	}
	for _, p := range t.Fines {
		penalties.Rows = append(penalties.Rows, []string{p.Title, p.Tier.In(a.Language), strconv.Itoa(p.N), statistics.Money.Value(p.Fine), statistics.Money.Value(p.Took)})
	}
	return []sheet.Grid{total, rows, clocks, gates, penalties}
}

// mostBehind is how many cases a list behind a figure shows.
const mostBehind = 500

// behindView is the cases behind a figure.
type behindView struct {
	page.Base
	What, Sum, Means, Back string
	Rows                   []behindRow
	N, Withheld            int
	More                   bool
}

type behindRow struct{ Number, Address, Party, State, Officers, Received, Value string }

func StatisticsCases(a *page.Ask) error {
	q, faults := statisticsQuery(a)
	x := statistics.Behind{Query: q, Measure: a.Query("measure"), Key: a.Query("key"), Total: a.Query("row") == "", Row: a.Query("clock"), Column: a.Query("column")}
	book := a.Site.Statistics
	i := slices.IndexFunc(book.Measures, func(m statistics.Measure) bool { return m.ID == x.Measure })
	if len(faults) > 0 || i < 0 && !slices.Contains([]string{statistics.OfClock, statistics.OfGate, statistics.OfPenalty}, x.Measure) {
		return a.NotFound()
	}
	parts, err := book.Cases(x)
	if err != nil {
		return a.NotFound()
	}
	v := behindView{Base: a.Base(a.T("statistics.behind"), "statistics"), N: len(parts)}
	v.Wide = true
	v.Base.Back = a.Request.URL.RequestURI()
	unit, sum := statistics.Cases, int64(0)
	what := a.T("statistics." + x.Measure)
	if i >= 0 {
		unit, what, v.Means = book.Measures[i].Unit, a.L(book.Measures[i].Title), a.L(book.Measures[i].Means)
	} else {
		what += " · " + a.T("statistics."+page.Or(x.Column, "done"))
		if x.Column == statistics.ColumnFined || x.Column == statistics.ColumnTook {
			unit = statistics.Money
		}
	}
	if !x.Total {
		what += " · " + book.Titles(a.Language).Row(q.By, x.Key)
	}
	v.What = a.T("statistics.behind-of", "what", what, "from", a.Date(q.From), "to", a.Date(q.To))
	for _, p := range parts {
		sum += p.N
	}
	if unit != statistics.Cases { // the number of cases stands beside it
		v.Sum = a.T("statistics.with-unit", "n", Figure(a, unit, sum), "unit", a.T("statistics.unit."+string(unit)))
	}
	if v.More = len(parts) > mostBehind; v.More {
		parts = parts[:mostBehind]
	}
	if err := behind(a, &v, parts, unit); err != nil {
		return err
	}
	u := a.Request.URL.Query()
	for _, k := range []string{"measure", "key", "row", "clock", "column"} {
		u.Del(k)
	}
	v.Back = "/statistics?" + u.Encode()
	return a.Draw(http.StatusOK, "statisticscases", v)
}
