package acting

import (
	"slices"

	"dossier/engine/desk"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
	"dossier/engine/statistics"
)

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
	book := a.Office.Standards
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
	all, _, err := a.Site.Statistics.Discretion(id, 0, a.Today)
	if err != nil {
		return v, err
	}
	all = slices.DeleteFunc(all, func(d statistics.Decided) bool { return d.Case == a.caseID() })
	v = alikeView{Title: string(id), N: len(all)}
	if s := a.Office.Standards.Near(id, a.Today); s != nil {
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
		r := alikeRow{Year: d.Decided.String()[:4], Tier: d.Tier.In(a.Language), Sum: "—", Grounds: "—"}
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
			if c := a.Office.Standards.Ground(g); c != nil {
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
