package engine_test

import (
	"strings"
	"testing"

	"dossier/engine"
	"dossier/engine/calendar"
)

// An office that begins in the middle of a year goes on where its paper stopped, in that year only, whatever day is told;
// once numbers were given here the first can't change.
func TestFirstNumbers(t *testing.T) {
	s := staffed(t)
	for _, bad := range []string{"立", "38", "立 0", "立 38 罚", "立 38、立 39", "Li 3"} {
		if err := s.KeepSetting(t.Context(), "", "first", engine.SettingRow{From: calendar.Of(2026, 3, 2), Value: bad}); engine.As(err) == nil || engine.As(err).Fields[0].Why != "field.first" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	typ := s.Office().Text("type/intake", calendar.Of(2026, 3, 2))
	keep := func(value string) error {
		return s.KeepSetting(t.Context(), "", "first", engine.SettingRow{From: calendar.Of(2026, 3, 2), Value: value})
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
		return s.do(t, 0, "clerk", "", func(c *engine.Command) { c.Workflow, c.Day = "papers", received }).Case.Numbers["intake"]
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
	if err := keep(typ + " 200"); engine.As(err) == nil || engine.As(err).Fields[0].Why != "field.first-given" {
		t.Errorf("after numbers were given: %v", err)
	}
	if err := keep(""); engine.As(err) == nil || engine.As(err).Fields[0].Why != "field.first-given" {
		t.Errorf("taken back after numbers were given: %v", err)
	}
	if err := keep(typ + " 113、罚 9"); err != nil {
		t.Errorf("another type: %v", err)
	}
	s.prove(t)
}
