package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
)

// practiceView is how discretion is used: which tiers, how far above their lower ends, where it departed from what was proposed.
type practiceView struct {
	base
	Years     []option
	Standards []option
	Tiers     []option
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

func practicePage(a *ask) error {
	v := practiceView{base: a.base(a.T("practice.title"), "penalty")}
	v.Wide = true
	for _, t := range penalty.Tiers() {
		v.Tiers = append(v.Tiers, option{Value: string(t), Label: t.In(a.lang)})
	}
	this, _, _ := a.today.YMD()
	from, to := calendar.Of(this-4, 1, 1), a.today
	year, _ := strconv.Atoi(a.Query("year"))
	for y := this; y > this-5; y-- {
		v.Years = append(v.Years, option{Value: strconv.Itoa(y), Label: strconv.Itoa(y), On: y == year})
		if y == year {
			from, to = calendar.Of(y, 1, 1), min(calendar.Of(y, 12, 31), a.today)
		}
	}
	id := penalty.ID(a.Query("standard"))
	all, unread, err := a.s.statistics.Discretion("", from, to)
	if err != nil {
		return err
	}
	title := func(id penalty.ID) string {
		if s := a.office.Standards.Near(id, a.today); s != nil {
			return s.Title + "（" + s.Basis.In(a.lang) + "）"
		}
		return string(id)
	}
	known := map[penalty.ID]bool{}
	for i := range all {
		if s := all[i].Standard; !known[s] {
			known[s] = true
			v.Standards = append(v.Standards, option{Value: string(s), Label: title(s), On: s == id})
		}
	}
	slices.SortFunc(v.Standards, func(x, y option) int { return cmp.Compare(x.Value, y.Value) })
	if known[id] {
		all = slices.DeleteFunc(all, func(d statistics.Decided) bool { return d.Standard != id })
	}
	v.N, v.Unread = len(all), unread
	v.Tables = []practiceTable{
		{a.T("practice.by-standard"), practiceRows(all, func(d *statistics.Decided) string { return string(d.Standard) }, func(key string) (string, string) {
			return title(penalty.ID(key)), "/penalty?standard=" + key
		})},
		{a.T("practice.by-officer"), practiceRows(all, func(d *statistics.Decided) string { return a.Name(d.Officer) }, func(key string) (string, string) {
			return or(key, "—"), ""
		})},
		{a.T("practice.by-year"), practiceRows(all, func(d *statistics.Decided) string { return d.Decided.String()[:4] }, func(key string) (string, string) { return key, "" })},
	}
	for i := range all {
		if d := &all[i]; d.Deviates() {
			v.Deviate = append(v.Deviate, deviationView{int64(d.Case), a.Date(d.Decided), title(d.Standard), d.Tier.In(a.lang), a.Money(penalty.Fen(d.Fine).String()), a.Money(d.Low.String()), a.Money(d.High.String()), a.Name(d.Officer), d.Reason})
		}
	}
	return a.draw(http.StatusOK, "practice", v)
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

// alikeView are the decided cases of a standard beside the form in which it is about to be applied, without names.
type alikeView struct {
	Title                string
	N                    int
	Median, Lower, Upper string
	Rows                 []alikeRow
	More                 int
	Odd                  string // the sum of a row lies apart from these
}

type alikeRow struct{ Year, Tier, Sum, Bounds, Grounds string }

// mostAlike is how many decided cases stand beside the form.
const mostAlike = 10

// alike finds what was decided by the standards that the form's rows name.
func (a *act) alike(b *desk.Blank) ([]alikeView, error) {
	t := &a.edition.Def.Terms.Severity.Violations
	book := a.office.Standards
	if t.Table == "" || book == nil {
		return nil, nil
	}
	var out []alikeView
	seen := map[string]bool{}
	for _, p := range b.Parts {
		for _, row := range p.Values[t.Table].Rows {
			id, refused := book.Find(row[t.Standard])
			key := string(id) + "/" + row[t.Fine]
			if row[t.Standard] == "" || refused != nil || seen[key] {
				continue
			}
			seen[key] = true
			v, err := a.alikeBy(id, row, t)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
	}
	return out, nil
}

func (a *act) alikeBy(id penalty.ID, row procedure.Cells, t *procedure.Violations) (v alikeView, err error) {
	all, _, err := a.s.statistics.Discretion(id, 0, a.today)
	if err != nil {
		return v, err
	}
	all = slices.DeleteFunc(all, func(d statistics.Decided) bool { return d.Case == a.caseID() })
	v = alikeView{Title: string(id), N: len(all)}
	if s := a.office.Standards.Near(id, a.today); s != nil {
		v.Title = s.Title
	}
	sum := func(f penalty.Fen) string { return a.Money(f.String()) }
	var sums []penalty.Fen
	for i := range all {
		d := &all[i]
		if d.Fine > 0 {
			sums = append(sums, penalty.Fen(d.Fine))
		}
		if i >= mostAlike {
			v.More++
			continue
		}
		r := alikeRow{Year: d.Decided.String()[:4], Tier: d.Tier.In(a.lang), Sum: "—", Grounds: "—"}
		if d.Fine > 0 {
			r.Sum = sum(penalty.Fen(d.Fine))
		}
		if d.Known {
			r.Bounds = sum(d.Low) + "–" + sum(d.High)
		}
		for j, g := range d.Grounds {
			if j == 0 {
				r.Grounds = ""
			} else {
				r.Grounds += a.T("list.comma")
			}
			if c := a.office.Standards.Ground(g); c != nil {
				g = c.Title
			}
			r.Grounds += g
		}
		v.Rows = append(v.Rows, r)
	}
	spread := penalty.SpreadOf(sums)
	v.Median, v.Lower, v.Upper = sum(spread.Median), sum(spread.Lower), sum(spread.Upper)
	if fen, err := procedure.ParseMoney(row[t.Fine]); err == nil && spread.Outlier(penalty.Fen(fen)) {
		key := "alike.odd"
		if row[t.Reason] == "" {
			key = "alike.odd-why"
		}
		v.Odd = a.T(key, "sum", a.Money(procedure.FormatMoney(fen)))
	}
	return v, nil
}
