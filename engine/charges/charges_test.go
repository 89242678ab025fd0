package charges_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/charges"
	"dossier/engine/penalty"
	"dossier/engine/procedure"
)

// columns are a table of violations as a form has one.
var columns = &procedure.Violations{Form: "A01", Table: "violations", Party: "respondent", As: "as", Standard: "standard", Day: "day", Persons: "persons", Gains: "gains", Grounds: "grounds",
	Evidence: "evidence", Tier: "tier", Kinds: "penalties", Fine: "fine", Confiscation: "confiscation", Compensation: "compensation", LateFee: "late-fee", Until: "until", Act: "act", Ordered: "ordered", Reason: "reason",
	Override: "override", Applied: "applied", Working: "working"}

var today = calendar.Of(2026, 3, 2)

// table has one standard of each kind of range.
func table(t *testing.T, low, high int64) charges.Table {
	t.Helper()
	var all []*penalty.Standard
	for id, kind := range map[penalty.ID]penalty.RangeKind{"x/1": penalty.Fixed, "x/2": penalty.PerPerson} {
		all = append(all, &penalty.Standard{ID: id, Title: "行为" + string(id), From: calendar.Of(2020, 1, 1), Basis: penalty.Provision{Act: "x", Ref: "1", Title: "条例"},
			Unit: &penalty.Range{Kind: kind, Low: low, High: high, Of: "人"}, Kinds: []penalty.KindRule{{Kind: penalty.Fine, When: penalty.May}}})
	}
	book, err := penalty.NewBook(all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return charges.Table{Violations: columns, Book: book}
}

// 社会保险法86: 万分之五 a day, the first and the last counted; what isn't a whole fen is cut off once, at the end of each row.
func TestLateFee(t *testing.T) {
	book, err := penalty.NewBook([]*penalty.Standard{{ID: "x/86.1", Title: "滞纳金", From: calendar.Of(2011, 7, 1), Basis: penalty.Provision{Act: "x", Ref: "86", Title: "社会保险法"},
		Unit: &penalty.Range{Kind: penalty.Daily, Low: 5, High: 5, Of: "欠缴数额"}, Kinds: []penalty.KindRule{{Kind: penalty.LateFee, When: penalty.Must}}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tab := charges.Table{Violations: columns, Book: book}
	for _, x := range []struct {
		owed, from, until, fine string
		column                  procedure.FieldID // at fault
		sum                     string
	}{
		{"12345.67", "2026-01-16", "", "", "", "283.95"},         // 46 days to today: 283.95041
		{"12345.67", "2026-01-16", "2026-01-16", "", "", "6.17"}, // one day: 6.172835
		{"12345.67", "2026-01-16", "2026-01-16", "6.17", "", "6.17"},
		{"12345.67", "2026-01-16", "2026-01-16", "6.18", columns.Fine, ""},
		{"10000000000.00", "1950-01-01", "", "", "", "139100000000.00"}, // 27 820 days: no product leaves what can be counted
		{"12345.67", "", "", "", columns.Day, ""},
		{"", "2026-01-16", "", "", columns.Gains, ""},
		{"12345.67", "2026-01-16", "2026-01-15", "", columns.Until, ""},
		{"12345.67", "2026-01-16", "2026-03-03", "", columns.Until, ""},
		{"12345.67", "1850-01-16", "", "", columns.Standard, ""}, // before the law
	} {
		row := procedure.Cells{columns.Party: "甲", columns.Standard: "x/86.1", columns.Tier: string(penalty.Usual), columns.Gains: x.owed, columns.Day: x.from, columns.Until: x.until, columns.Fine: x.fine, columns.Reason: "另定"}
		if x.from == "1950-01-01" {
			row[columns.Override] = "周局：试算"
		}
		j := tab.Judge(row, charges.Circumstances{Day: today, Ended: today, Owed: 500, Rules: rules})
		if x.column != "" {
			if len(j.Faults) != 1 || j.Faults[0].Column != x.column {
				t.Errorf("%v: %v, want a fault at %q", row, j.Faults, x.column)
			}
			continue
		}
		if len(j.Faults) > 0 || j.Row[columns.Fine] != x.sum || !slices.Contains(strings.Fields(j.Row[columns.Kinds]), "late-fee") {
			t.Errorf("%v: %s, want %s %v", row, j.Row[columns.Fine], x.sum, j.Faults)
		}
		tab.Rows = []procedure.Cells{j.Row, j.Row}
		if fen(tab.Sum(columns.LateFee)) != 2*fen(procedure.TextValue(x.sum)) || fen(tab.Sum(columns.Fine)) != 0 || fen(tab.Sum(columns.Compensation)) != 0 {
			t.Errorf("%v: %v and %v", row, tab.Sum(columns.LateFee), tab.Sum(columns.Fine))
		}
		if !strings.Contains(tab.Tell(procedure.TellLateDays).Text, "每日万分之5") || tab.Tell(procedure.TellHandling).Text != "" || tab.Tell(procedure.TellBasis).Text != "" {
			t.Errorf("%v: %q", row, tab.Tell(procedure.TellLateDays).Text)
		}
	}
}

var rules = penalty.Rules{Light: 30, Heavy: 30, Floor: 50}

func fen(v procedure.Value) int64 { return procedure.Fen(v) }

// Of random rows: what is completed is judged again to the same, a sum outside the tier is refused at its cell, another one
// inside it asks for a reason, and a row more never lowers what the rows add up to.
func TestRowsHoldToTheirTier(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		low := 100 + r.Int64N(1000)
		tab := table(t, low, low+100+r.Int64N(5000))
		of := charges.Circumstances{Day: today, Ended: today.Add(-10), Persons: 1 + r.IntN(9), Rules: rules}
		before := int64(0)
		for range 1 + r.IntN(4) {
			row := procedure.Cells{columns.Party: "甲", columns.Standard: []string{"x/1", "x/2"}[r.IntN(2)], columns.Tier: string(penalty.Usual)}
			j := tab.Judge(row, of)
			if len(j.Faults) > 0 {
				t.Fatalf("%v: %v", row, j.Faults)
			}
			a := j.Applies
			if again := tab.Judge(j.Row, of); len(again.Faults) > 0 || again.Row[columns.Fine] != j.Row[columns.Fine] || again.Row[columns.Working] != j.Row[columns.Working] {
				t.Fatalf("%v judged again is %v, %v", j.Row, again.Row, again.Faults)
			}
			for _, x := range []struct {
				sum    penalty.Fen
				reason string
				column procedure.FieldID
			}{{a.High + 1, "理由", columns.Fine}, {a.Low - 1, "理由", columns.Fine}, {a.High, "", columns.Reason}, {a.High, "理由", ""}, {a.Low, "", ""}} {
				other := procedure.Cells{}
				for k, v := range row {
					other[k] = v
				}
				other[columns.Fine], other[columns.Reason] = x.sum.String(), x.reason
				got := tab.Judge(other, of)
				if x.column == "" && len(got.Faults) > 0 || x.column != "" && (len(got.Faults) != 1 || got.Faults[0].Column != x.column) {
					t.Fatalf("%v of %s to %s: %v, want a fault at %q", other, a.Low, a.High, got.Faults, x.column)
				}
			}
			tab.Rows = append(tab.Rows, j.Row)
			sum := fen(tab.Sum(columns.Fine))
			if sum < before+int64(a.Low) {
				t.Fatalf("%s after %d make %d", a.Low, before, sum)
			}
			before = sum
		}
	}
}

// A sum that lies apart from what other cases were fined asks for a reason, the proposed one too; so few that nothing can be
// told of them, or another standard's, ask for none.
func TestRowApartFromOthersSaysWhy(t *testing.T) {
	tab := table(t, 1000, 11000)
	row := procedure.Cells{columns.Party: "甲", columns.Standard: "x/1", columns.Tier: string(penalty.Usual)}
	for _, x := range []struct {
		name   string
		fines  []penalty.Fen
		reason string
		want   bool
	}{
		{"alike", []penalty.Fen{4000, 4000, 4100, 4200, 4000}, "", false},
		{"far below", []penalty.Fen{9000, 9100, 9000, 9200, 9000}, "", true},
		{"far above", []penalty.Fen{1000, 1100, 1000, 1200, 1000}, "", true},
		{"with its reason", []penalty.Fen{9000, 9100, 9000, 9200, 9000}, "后果轻微", false},
		{"too few", []penalty.Fen{9000, 9100, 9000, 9200}, "", false},
		{"none", nil, "", false},
	} {
		row[columns.Reason] = x.reason
		j := tab.Judge(row, charges.Circumstances{Day: today, Ended: today, Rules: rules, Fines: func(id penalty.ID) []penalty.Fen {
			if id != "x/1" {
				t.Errorf("asked for the fines of %s", id)
			}
			return x.fines
		}})
		if asked := len(j.Faults) == 1 && j.Faults[0].Column == columns.Reason; asked != x.want || len(j.Faults) > 1 {
			t.Errorf("%s: %v", x.name, j.Faults)
		}
	}
}

// More persons never cost less.
func TestRowsGrowWithPersons(t *testing.T) {
	tab := table(t, 100, 500)
	last := int64(0)
	for n := 1; n < 30; n++ {
		j := tab.Judge(procedure.Cells{columns.Party: "甲", columns.Standard: "x/2", columns.Tier: string(penalty.Usual)}, charges.Circumstances{Day: today, Ended: today, Persons: n, Rules: rules})
		sum := fen(procedure.TextValue(j.Row[columns.Fine]))
		if len(j.Faults) > 0 || sum <= last {
			t.Fatalf("%d persons: %d after %d, %v", n, sum, last, j.Faults)
		}
		last = sum
	}
}
