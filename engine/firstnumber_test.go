package engine_test

import (
	"strings"
	"testing"

	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
)

// An office that begins in the middle of a year goes on where its paper stopped, in that year only, whatever day is told;
// once numbers were given here the first can't change.
func TestFirstNumbers(t *testing.T) {
	s := staffed(t)
	for _, bad := range []string{"立", "38", "立 0", "立 38 罚", "立 38、立 39", "Li 3"} {
		if err := access.KeepSetting(t.Context(), s.Engine, "", "first", office.SettingRow{From: calendar.Of(2026, 3, 2), Value: bad}); refusal.As(err) == nil || refusal.As(err).Fields[0].Why != "field.first" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	typ := s.Office().Text("type/intake", calendar.Of(2026, 3, 2))
	keep := func(value string) error {
		return access.KeepSetting(t.Context(), s.Engine, "", "first", office.SettingRow{From: calendar.Of(2026, 3, 2), Value: value})
	}
	if err := keep(typ + " 113、罚：7"); err != nil {
		t.Fatal(err)
	}
	number := func(d string) string {
		t.Helper()
		received, err := calendar.Parse(d)
		if err != nil {
			t.Fatal(err)
		}
		return s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow, c.Day = "papers", received }).Case.Numbers["intake"]
	}
	if n := number("2026-02-26"); !strings.HasSuffix(n, "〔2026〕113号") { // told late
		t.Error(n)
	}
	if n := number("2026-03-02"); !strings.HasSuffix(n, "〔2026〕114号") {
		t.Error(n)
	}
	if n := number("2025-12-30"); !strings.HasSuffix(n, "〔2025〕1号") {
		t.Error(n)
	}
	if err := keep(typ + " 200"); refusal.As(err) == nil || refusal.As(err).Fields[0].Why != "field.first-given" {
		t.Errorf("after numbers were given: %v", err)
	}
	if err := keep(""); refusal.As(err) == nil || refusal.As(err).Fields[0].Why != "field.first-given" {
		t.Errorf("taken back after numbers were given: %v", err)
	}
	if err := keep(typ + " 113、罚 9"); err != nil {
		t.Errorf("another type: %v", err)
	}
	s.prove(t)
}

// A number that a case brought from paper is not given to another when the counter comes to it, nor taken over twice.
func TestNumbersFromPaperAreNotGivenAgain(t *testing.T) {
	s := staffed(t)
	open := func() (casefile.CaseID, string) {
		t.Helper()
		c := s.do(t, 0, "clerk", "", func(c *casefile.Command) { c.Workflow = "papers" }).Case
		return c.ID, c.Numbers["intake"]
	}
	first, number := open()
	two := strings.Replace(number, "〕1号", "〕2号", 1)
	other := strings.NewReplacer("〔", "［", "〕2", "] 0２").Replace(two) // the same number, as another types it
	take := func(id casefile.CaseID, two string) error {
		_, err := s.Do(t.Context(), casefile.Command{Case: id, Action: "open-at", Actor: "captain", Values: procedure.Values{
			"state": procedure.TextValue(string(s.snapshot(t, id).Main())), "numbers": {Rows: []procedure.Cells{{"kind": "intake", "number": two}}}}})
		return err
	}
	if err := take(first, other); err != nil {
		t.Fatal(err)
	}
	second, next := open()
	if want := strings.Replace(number, "〕1号", "〕3号", 1); next != want {
		t.Errorf("the next number is %s, want %s", next, want)
	}
	if got := s.snapshot(t, first).Numbers["intake"]; got != two {
		t.Errorf("%s is kept as %s, want %s", other, got, two)
	}
	if id, err := s.Resolve(strings.ReplaceAll(other, " ", "")); err != nil || id != first {
		t.Errorf("%s is case %d, %v", other, id, err)
	}
	if err := take(second, two); refusal.As(err) == nil || refusal.As(err).Fields[0].Why != "field.number-taken" {
		t.Errorf("taken over twice: %v", err)
	}
	s.prove(t)
}
