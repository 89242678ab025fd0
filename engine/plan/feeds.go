package plan

import (
	"slices"
	"strconv"

	"dossier/engine/calendar"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// Fed is the table of an action that the year's checks fill, as far as the person may see them.
func (b *Book) Fed(who office.PersonID, v *desk.CaseView, action procedure.ActionID) (procedure.Values, error) {
	for i := range b.Quotas.Regimes {
		r := &b.Quotas.Regimes[i]
		f := r.Feeds
		if f == nil || f.Workflow != v.Edition.Def.ID || f.Action != action || !b.On(r) {
			continue
		}
		year, _, _ := b.Engine.Today().YMD()
		if y, err := strconv.Atoi(asked(v, f.Year, b.Engine.Today()).Text); err == nil {
			year = y
		}
		var names []string
		for _, id := range f.Unit {
			if s := v.Case.Shared[id].Text; s != "" {
				names = append(names, s)
			}
		}
		rows, err := b.fed(who, r, names, year)
		return procedure.Values{f.Table: {Rows: rows}}, err
	}
	return nil, nil
}

// fed are the rows: the year's checks of whoever goes by one of the names, in the order of their days.
func (b *Book) fed(who office.PersonID, r *Regime, names []string, year int) ([]procedure.Cells, error) {
	w, err := b.witness(r, b.Engine.Today())
	if err != nil {
		return nil, err
	}
	for i := range w.units {
		if u := &w.units[i]; slices.ContainsFunc(names, u.is) {
			names = append(slices.Clone(u.Keys), u.ID)
			break
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	visits := slices.DeleteFunc(w.of(year, names), func(v Visit) bool { return v.Day == 0 })
	slices.SortStableFunc(visits, func(x, y Visit) int { return int(x.Day) - int(y.Day) })
	var rows []procedure.Cells
	for _, x := range visits {
		check, err := desk.View(b.Engine, who, x.Case)
		if refusal.As(err) != nil { // not theirs to see
			continue
		}
		if err != nil {
			return nil, err
		}
		row := procedure.Cells{r.Feeds.Day: x.Day.String(), r.Feeds.Outcome: check.Title.ZH}
		for column, field := range r.Feeds.Fills {
			row[column] = asked(check, field, x.Day).Text
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// asked is a value of a check: the case's own, or what the last paper up to a day said, else the first after it.
func asked(v *desk.CaseView, field procedure.FieldID, day calendar.Date) procedure.Value {
	out := v.Case.Shared[field]
	for i := range v.Case.Papers {
		for _, p := range v.Case.Papers[i].Parts {
			if x, said := p.Values[field]; said && p.Past == 0 && (out.Empty() || p.Day <= day) {
				out = x
			}
		}
	}
	return out
}
