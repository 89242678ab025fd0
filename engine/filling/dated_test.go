package filling

import (
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
)

// A value is held to the bounds that its field names: numbers, days in the past and the future, pairs, the first year.
func TestValuesAreHeldToTheirBounds(t *testing.T) {
	day := calendar.Of(2026, 3, 2)
	o := office.NewOffice("", calendar.New(), nil, nil, map[string][]office.SettingRow{"first-year": {{Value: "2004"}}})
	fields := []procedure.Field{
		{ID: "extra", Type: procedure.Number, Min: 1, Max: 60},
		{ID: "ended", Type: procedure.DateType, NotAfter: "today"},
		{ID: "began", Type: procedure.DateType},
		{ID: "started", Type: procedure.DateTime, NotAfter: "today"},
		{ID: "finished", Type: procedure.DateTime, NotBefore: "started", NotAfter: "today"},
		{ID: "due", Type: procedure.DateType, NotBefore: "day", NotAfter: "24 months"},
		{ID: "visits", Type: procedure.Table, Columns: []procedure.Field{{ID: "from", Type: procedure.DateType}, {ID: "to", Type: procedure.DateType, NotBefore: "from"}}},
	}
	for _, tt := range []struct {
		given procedure.Values
		path  string
		why   string
	}{
		{procedure.Values{"extra": procedure.TextValue("60")}, "", ""},
		{procedure.Values{"extra": procedure.TextValue("６０")}, "", ""},
		{procedure.Values{"extra": procedure.TextValue("600")}, "extra", "field.number-between"},
		{procedure.Values{"extra": procedure.TextValue("0")}, "extra", "field.number-between"},
		{procedure.Values{"ended": procedure.TextValue("2026-03-03")}, "", ""}, // typed on the 4th
		{procedure.Values{"ended": procedure.TextValue("2026-03-05")}, "ended", "field.not-after"},
		{procedure.Values{"ended": procedure.TextValue("9999-12-31")}, "ended", "field.not-after"},
		{procedure.Values{"began": procedure.TextValue("2003-12-31")}, "began", "field.date-early"},
		{procedure.Values{"began": procedure.TextValue("0001-01-01")}, "began", "field.date-early"},
		{procedure.Values{"began": procedure.TextValue("2004-01-01")}, "", ""},
		{procedure.Values{"started": procedure.TextValue("2026-03-02 09:30"), "finished": procedure.TextValue("2026-03-02 09:30")}, "", ""},
		{procedure.Values{"started": procedure.TextValue("2026-03-02 09:30"), "finished": procedure.TextValue("2026-03-02 09:29")}, "finished", "field.not-before"},
		{procedure.Values{"started": procedure.TextValue("2026-03-02 09:30"), "finished": procedure.TextValue("2026-03-02")}, "", ""},
		{procedure.Values{"finished": procedure.TextValue("2026-03-02 09:29")}, "", ""},
		{procedure.Values{"due": procedure.TextValue("2026-03-02")}, "", ""},
		{procedure.Values{"due": procedure.TextValue("2026-03-01")}, "due", "field.not-before"},
		{procedure.Values{"due": procedure.TextValue("2028-03-03")}, "due", "field.not-after"},
		{procedure.Values{"visits": {Rows: []procedure.Cells{{"from": "2026-03-01", "to": "2026-03-02"}, {"from": "2026-03-02", "to": "2026-03-01"}}}}, "visits[1].to", "field.not-before"},
	} {
		r := &Reader{View: rules.NewView(&procedure.Edition{Def: &procedure.Definition{}}, o, &casefile.Case{}, day, day+2)}
		r.Read(nil, []*procedure.Part{{Fields: fields}}, tt.given)
		switch {
		case tt.why == "" && len(r.Faults) > 0:
			t.Errorf("%v: %v", tt.given, r.Faults)
		case tt.why != "" && (len(r.Faults) != 1 || r.Faults[0].Path != tt.path || r.Faults[0].Why != tt.why):
			t.Errorf("%v: %v, want %s %s", tt.given, r.Faults, tt.path, tt.why)
		}
	}
}
