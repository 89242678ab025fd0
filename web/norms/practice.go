package norms

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/penalty"
	"dossier/engine/statistics"
	"dossier/web/page"
)

// practiceView is how discretion is used: which tiers, how far above their lower ends, where it departed from what was proposed.
type practiceView struct {
	page.Base
	Years     []page.Option
	Standards []page.Option
	Tiers     []page.Option
	N         int
	Tables    []practiceTable
	Deviate   []deviationView
	Unread    int
}

// practiceTable tells the violations apart by one thing.
type practiceTable struct {
	Title string
	Rows  []practiceRow
}

// practiceRow is one line with its picture: the tiers' shares of a bar of 1000.
type practiceRow struct {
	Title, Address string
	N              int
	Counts         []int
	Bars           []tierView
	Above          string // the median of how far above the lower end
	Deviate        int
}

type deviationView struct {
	Case                                                 int64
	Day, Standard, Tier, Sum, Low, High, Officer, Reason string
}

func PracticePage(a *page.Ask) error {
	v := practiceView{Base: a.Base(a.T("practice.title"), "penalty")}
	v.Wide = true
	for _, t := range penalty.Tiers() {
		v.Tiers = append(v.Tiers, page.Option{Value: string(t), Label: t.In(a.Language)})
	}
	this, _, _ := a.Today.YMD()
	from, to := calendar.Of(this-4, 1, 1), a.Today
	year, _ := strconv.Atoi(a.Query("year"))
	for y := this; y > this-5; y-- {
		v.Years = append(v.Years, page.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y), On: y == year})
		if y == year {
			from, to = calendar.Of(y, 1, 1), min(calendar.Of(y, 12, 31), a.Today)
		}
	}
	id := penalty.ID(a.Query("standard"))
	all, unread, err := a.Site.Statistics.Discretion("", from, to)
	if err != nil {
		return err
	}
	title := func(id penalty.ID) string {
		if s := a.Office.Standards.Near(id, a.Today); s != nil {
			return s.Title + "（" + s.Basis.In(a.Language) + "）"
		}
		return string(id)
	}
	known := map[penalty.ID]bool{}
	for i := range all {
		if s := all[i].Standard; !known[s] {
			known[s] = true
			v.Standards = append(v.Standards, page.Option{Value: string(s), Label: title(s), On: s == id})
		}
	}
	slices.SortFunc(v.Standards, func(x, y page.Option) int { return cmp.Compare(x.Value, y.Value) })
	if known[id] {
		all = slices.DeleteFunc(all, func(d statistics.Decided) bool { return d.Standard != id })
	}
	v.N, v.Unread = len(all), unread
	v.Tables = []practiceTable{
		{a.T("practice.by-standard"), practiceRows(all, func(d *statistics.Decided) string { return string(d.Standard) }, func(key string) (string, string) {
			return title(penalty.ID(key)), "/penalty?standard=" + key
		})},
		{a.T("practice.by-officer"), practiceRows(all, func(d *statistics.Decided) string { return a.Name(d.Officer) }, func(key string) (string, string) {
			return page.Or(key, "—"), ""
		})},
		{a.T("practice.by-year"), practiceRows(all, func(d *statistics.Decided) string { return d.Decided.String()[:4] }, func(key string) (string, string) { return key, "" })},
	}
	for i := range all {
		if d := &all[i]; d.Deviates() {
			v.Deviate = append(v.Deviate, deviationView{int64(d.Case), a.Date(d.Decided), title(d.Standard), d.Tier.In(a.Language), a.Money(penalty.Fen(d.Fine).String()), a.Money(d.Low.String()), a.Money(d.High.String()), a.Name(d.Officer), d.Reason})
		}
	}
	return a.Draw(http.StatusOK, "practice", v)
}

// practiceRows counts the violations by a key, in the order of the keys.
func practiceRows(all []statistics.Decided, key func(*statistics.Decided) string, told func(key string) (title, address string)) []practiceRow {
	groups := map[string][]*statistics.Decided{}
	var keys []string
	for i := range all {
		k := key(&all[i])
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], &all[i])
	}
	slices.Sort(keys)
	var rows []practiceRow
	for _, k := range keys {
		r := practiceRow{N: len(groups[k])}
		r.Title, r.Address = told(k)
		var above []penalty.Fen
		for _, d := range groups[k] {
			if n, ok := d.Above(); ok {
				above = append(above, penalty.Fen(n))
			}
			if d.Deviates() {
				r.Deviate++
			}
		}
		at := 0
		for _, t := range penalty.Tiers() {
			n := 0
			for _, d := range groups[k] {
				if d.Tier == t {
					n++
				}
			}
			r.Counts = append(r.Counts, n)
			if width := n * 1000 / r.N; n > 0 {
				r.Bars = append(r.Bars, tierView{Tier: string(t), Class: string(t), X: strconv.Itoa(at), Width: strconv.Itoa(width)})
				at += width
			}
		}
		r.Above = "—"
		if len(above) > 0 {
			r.Above = strconv.Itoa(int(penalty.SpreadOf(above).Median)) + "%"
		}
		rows = append(rows, r)
	}
	return rows
}
