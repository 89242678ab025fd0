package listing

import (
	"reflect"
	"strings"
	"testing"

	"dossier/engine/calendar"
)

func day(t testing.TB, s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A row reads back as it was written, whatever stands in its texts but the marks that part it.
func TestFactRow(t *testing.T) {
	d := day(t, "2026-03-02")
	for _, f := range []Fact{
		{},
		{Case: 7, Workflow: "labour-case", State: "closed", Officer: "officer", Source: "complaint", Category: "wages,hours", Township: "任城镇", Marked: true,
			Opened: d, Filed: d + 4, Ended: d + 90, Workers: 3, Claimed: 6540000, Wages: 1, Fined: -5,
			Runs:  []FactRun{{"filing", d, d + 7, d + 4, 4, 0, true}, {"decision", d, 0, 0, 0, 0, false}},
			Gates: []FactGate{{"filing-review", "reviewer", "reviewer", d, d + 1, true}},
			Paid:  []FactPaid{{d + 80, 6540000, true}}},
		{Case: 8, Paid: []FactPaid{{d, 1, false}, {d + 1, 2, true}}},
		{Case: 9, Charges: []FactCharge{{"reg/30", "usual", 740000, 0}, {"agency/25.4", "none", 0, 0}}},
		{Case: 10, Paid: []FactPaid{{d, 1, false}}, Charges: []FactCharge{{"lcl/92.1", "light", 1, 12840000}}},
	} {
		got, err := ReadFact(f.Row(), Intern{})
		if err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("%+v, %v\nwant %+v", got, err, f)
		}
	}
	f := Fact{Township: "a\tb\nc;d"}
	if got, err := ReadFact(f.Row(), Intern{}); err != nil || got.Township != "a b c；d" {
		t.Errorf("%q, %v", got.Township, err)
	}
}

func TestFactMonths(t *testing.T) {
	d := day(t, "2026-03-31")
	f := Fact{Opened: d, Runs: []FactRun{{Due: d + 1}, {Due: d + 200, Done: d + 40}}, Gates: []FactGate{{Day: d + 1}}}
	if got := strings.Join(f.Months(), " "); got != "2026-03 2026-04 2026-05 open" {
		t.Error(got)
	}
	f.Ended = d + 40
	if got := strings.Join(f.Months(), " "); got != "2026-03 2026-04 2026-05" {
		t.Error(got)
	}
}

func FuzzReadFact(f *testing.F) {
	seed := Fact{Case: 7, Source: "complaint", Runs: []FactRun{{Clock: "filing"}}, Gates: []FactGate{{State: "x"}}, Paid: []FactPaid{{1, 2, true}}, Charges: []FactCharge{{"reg/30", "usual", 5, 6}}}
	f.Add(seed.Row())
	f.Add([]byte("7\t\t\t"))
	f.Fuzz(func(t *testing.T, row []byte) {
		x, err := ReadFact(row, Intern{})
		if err != nil {
			return
		}
		again, err := ReadFact(x.Row(), Intern{})
		if err != nil || !reflect.DeepEqual(again, x) {
			t.Errorf("%+v, then %+v, %v", x, again, err)
		}
	})
}
