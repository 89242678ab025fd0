package engine_test

import (
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/office"
	"dossier/engine/procedure"
)

// Of a day that was set several times each setting can be chosen and corrected: the first suspension as well as the last.
func TestEachSettingOfADayIsOffered(t *testing.T) {
	s := newStage(t, brought)
	s.play(t, "../testdata/labour-suspension.yaml")
	v, err := desk.View(s.Engine, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	captain := office.PersonID("")
	for _, p := range s.Engine.Office().Holders("captain", v.Today) {
		captain = p
	}
	b, err := desk.BlankFor(s.Engine, captain, 1, "", "correct-fact", procedure.Main, nil)
	if err != nil {
		t.Fatal(err)
	}
	var first string
	for _, o := range b.Parts[0].Part.Fields[0].Choices {
		if strings.HasPrefix(o.Label.ZH, "中止日 2026年7月20日") {
			first = o.Value
		}
	}
	if !strings.HasPrefix(first, "suspended~") {
		t.Fatalf("the first suspension is offered as %q", first)
	}
	if _, err := s.Engine.Do(t.Context(), casefile.Command{Case: 1, Action: "correct-fact", Actor: captain, Values: procedure.Values{
		"name": procedure.TextValue(first), "day": procedure.TextValue("2026-07-21"), "reason": procedure.TextValue("审批表上的日期写早了一天")}}); err != nil {
		t.Fatal(err)
	}
	if v, err = desk.View(s.Engine, office.System, 1); err != nil {
		t.Fatal(err)
	}
	var days []calendar.Date
	for _, d := range v.Case.Days {
		if d.Fact == "suspended" && d.Void == 0 {
			days = append(days, d.Day)
		}
	}
	if len(days) != 2 || days[0] != calendar.Of(2026, 7, 21) || days[1] != calendar.Of(2026, 9, 21) {
		t.Errorf("suspended on %v", days)
	}
}
