package scenario_test

import (
	"io"
	"os"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/statistics"
	"dossier/seeds/scenario"
)

// What was decided by a standard is found again, with the sums between which its tier lay; an undecided case is not there.
func TestDecidedViolationsAreFound(t *testing.T) {
	data, err := os.ReadFile("../../testdata/labour-handle-and-punish.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read("labour-handle-and-punish.yaml", data, calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	stage := newStage(t)
	if err := scenario.Play(t.Context(), s, stage, io.Discard); err != nil {
		t.Fatal(err)
	}
	book := statistics.New(stage.Engine, nil)
	f, err := book.Answer(statistics.Query{From: calendar.Of(2026, 1, 1), To: calendar.Of(2026, 12, 31)})
	if err != nil || len(f.Penalties) == 0 {
		t.Fatalf("%+v, %v", f, err)
	}
	sum := int64(0)
	for _, p := range f.Penalties {
		sum += p.Fine + p.Took
	}
	if sum == 0 || sum != f.Total.Cell("fines-decided") {
		t.Errorf("the standards make %d, the decisions %d", sum, f.Total.Cell("fines-decided"))
	}
	all, unread, err := book.Discretion("", 0, calendar.Of(2030, 1, 1))
	if err != nil || unread != 0 || len(all) == 0 {
		t.Fatalf("%d found, %d unread, %v", len(all), unread, err)
	}
	for _, d := range all {
		by, _, err := book.Discretion(d.Standard, d.Decided, d.Decided)
		if err != nil || len(by) == 0 {
			t.Errorf("%s on %s: %d, %v", d.Standard, d.Decided, len(by), err)
		}
		if !d.Known || d.Fine != 0 && (int64(d.Low) > d.Fine || d.Fine > int64(d.High)) || d.Officer == "" || d.Decided < d.Day {
			t.Errorf("%+v", d)
		}
		if before, _, _ := book.Discretion(d.Standard, 0, d.Day.Add(-1)); len(before) != 0 {
			t.Errorf("%s was decided on before the act", d.Standard)
		}
	}
}
