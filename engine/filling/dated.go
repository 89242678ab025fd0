package filling

import (
	"maps"
	"strconv"
	"strings"

	"dossier/engine/calendar"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
)

// Dated holds days to the first year of the office's record, and to the edges that their fields name.
func (r *Reader) Dated(fields []procedure.Field, values procedure.Values) {
	for i := range fields {
		f := &fields[i]
		for j, row := range values[f.ID].Rows {
			for k := range f.Columns {
				at := string(f.ID) + "[" + strconv.Itoa(j) + "]." + string(f.Columns[k].ID)
				r.dated(at, &f.Columns[k], row[f.Columns[k].ID], f.Columns, func(id procedure.FieldID) string { return row[id] })
			}
		}
		r.dated(string(f.ID), f, values[f.ID].Text, fields, func(id procedure.FieldID) string { return values[id].Text })
	}
}

// Beside holds the days of a part to their edges when one field of it is corrected; every fault is the correction's.
func (r *Reader) Beside(p *procedure.Part, values procedure.Values, id procedure.FieldID, v procedure.Value) {
	if p == nil || len(r.Faults) > 0 {
		return
	}
	with := maps.Clone(values)
	with[id] = v
	r.Dated(p.Fields, with)
	for i := range r.Faults {
		r.Faults[i].Path = "value"
	}
}

// dated holds one day. What is no day was told already.
func (r *Reader) dated(path string, f *procedure.Field, s string, beside []procedure.Field, other func(procedure.FieldID) string) {
	if f.Shows != nil || f.Type != procedure.DateType && f.Type != procedure.DateTime {
		return
	}
	d, err := dayOf(s)
	if err != nil {
		return
	}
	if first := FirstYear(r.View.Office, r.View.Today); yearOf(d) < first {
		r.Fault(path, "field.date-early", refusal.Args{"field": f.Title.ZH, "year": strconv.Itoa(first)})
		return
	}
	for _, edge := range []struct {
		of    procedure.Edge
		why   string
		wrong func(s, than string) bool
	}{
		{f.NotBefore, "field.not-before", func(s, than string) bool { return s < than }},
		{f.NotAfter, "field.not-after", func(s, than string) bool { return s > than }},
	} {
		than, title := r.edge(edge.of, beside, other)
		if n := min(len(s), len(than)); n > 0 && edge.wrong(s[:n], than[:n]) {
			r.Fault(path, edge.why, refusal.Args{"field": f.Title.ZH, "than": title + than})
			return
		}
	}
}

// edge is the day, or the day and hour, that an edge means, with the title of the field that it stands in; "" where there
// is none.
func (r *Reader) edge(e procedure.Edge, beside []procedure.Field, other func(procedure.FieldID) string) (than, title string) {
	switch p, err := calendar.ParsePeriod(string(e)); {
	case e == "":
		return "", ""
	case err == nil:
		due, _, _ := r.View.Office.Calendar.Add(r.View.Day, p)
		return due.String(), ""
	case e == procedure.EdgeToday:
		return r.View.Today.String(), ""
	case e == procedure.EdgeDay:
		return r.View.Day.String(), ""
	case e == procedure.EdgeNext:
		return r.View.Day.Add(1).String(), ""
	}
	than = other(procedure.FieldID(e))
	if _, err := dayOf(than); err != nil {
		return "", ""
	}
	for i := range beside {
		if beside[i].ID == procedure.FieldID(e) {
			title = beside[i].Title.ZH
		}
	}
	return than, title
}

// dayOf is the day of a kept day, or of a kept day with its hour.
func dayOf(s string) (calendar.Date, error) {
	day, _, _ := strings.Cut(s, " ")
	return calendar.Parse(day)
}

func yearOf(d calendar.Date) int {
	y, _, _ := d.YMD()
	return y
}

// earliest is the first year of an office that sets none.
const earliest = 1950

// FirstYear is the first year of the office's record: no day lies before it.
func FirstYear(o *office.Office, on calendar.Date) int {
	if n, err := strconv.Atoi(o.Text("first-year", on)); err == nil {
		return n
	}
	return earliest
}

// FactDay tells what is wrong with the day on which something is said to have happened.
func FactDay(s *rules.View, path string, day calendar.Date) []refusal.FieldFault {
	switch first := FirstYear(s.Office, s.Today); {
	case day > s.Today:
		return []refusal.FieldFault{{Path: path, Code: refusal.FactInFuture, Why: string(refusal.FactInFuture), Args: refusal.Args{"day": day.String(), "today": s.Today.String()}}}
	case yearOf(day) < first:
		return []refusal.FieldFault{{Path: path, Code: refusal.FieldInvalid, Why: "field.day-early", Args: refusal.Args{"year": strconv.Itoa(first)}}}
	}
	return nil
}
