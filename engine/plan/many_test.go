package plan_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/plan"
	"dossier/engine/procedure"
)

// A written review of every employer is opened by one press, is told as refused where its row can't be, is made once however
// often the press is repeated, and is counted at once.
func TestReviewOfEveryEmployer(t *testing.T) {
	s := open(t)
	n := 60
	if more, err := strconv.Atoi(os.Getenv("EMPLOYERS")); err == nil {
		n = more
	}
	var units []plan.Unit
	for i := range n {
		name := fmt.Sprintf("任县第%d建筑有限公司", i+1)
		u := plan.Unit{ID: numbered(i), Name: name, Keys: []string{name}, Object: "employer-" + strconv.Itoa(i+1), Values: procedure.Values{}}
		for f, v := range map[procedure.FieldID]string{"name": name, "credit-code": u.ID, "head": "石瑞霞", "address": "任县人民路218号", "phone": "0319-7513860"} {
			u.Values[f] = procedure.TextValue(v)
		}
		units = append(units, u)
	}
	units[7].Values["credit-code"] = procedure.TextValue("12345") // as an old list has it
	s.Units = func(kinds []string, _ calendar.Date) ([]plan.Unit, error) {
		if slices.Contains(kinds, "employer") {
			return units, nil
		}
		return nil, nil
	}
	s.now = time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)
	e := entry(t, "written-review-year-2026")
	team := s.Engine.Office().Holders("officer", s.Engine.Today())
	blank, err := s.Asked(team[0], e)
	if err != nil {
		t.Fatal(err)
	}
	m := plan.Making{Team: team[:2], Day: calendar.Of(2026, 5, 20), Key: "once", Values: procedure.Values{}}
	for _, p := range blank.Parts {
		for i := range p.Part.Fields {
			if f := &p.Part.Fields[i]; p.Asked[f.ID] {
				switch m.Values[f.ID] = procedure.TextValue("2026-06-30"); f.Type {
				case procedure.Number:
					m.Values[f.ID] = procedure.TextValue("2026")
				case procedure.Choices:
					m.Values[f.ID] = procedure.Value{List: []string{f.Choices[0].Value}}
				}
			}
		}
	}
	for i := range units {
		m.Objects = append(m.Objects, units[i].ID)
	}
	// The press is cut off at once, as one of thousands is after a while; what it left is opened behind the answer.
	left := 0
	s.Left = func() { left++ }
	at := time.Now()
	made, err := s.Make(t.Context(), team[0], e, m)
	if err != nil || left != 1 || made.Waiting() == 0 {
		t.Fatalf("%d times left, %d wait, %v", left, made.Waiting(), err)
	}
	early, err := s.Make(t.Context(), team[0], e, m)
	if err != nil || early.N != made.N {
		t.Errorf("a second press made %+v, %v", early, err)
	}
	opened := made.Open() + made.Refused()
	went, err := s.GoOn(t.Context())
	if err != nil || went != n-opened {
		t.Errorf("%d of %d gone on with, %v", went, n-opened, err)
	}
	t.Logf("%d opened in %v", n, time.Since(at))
	if went, err := s.GoOn(t.Context()); went != 0 || err != nil {
		t.Errorf("%d once more, %v", went, err)
	}
	all, err := s.MadeOf(e)
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	if made = &all[0]; made.Waiting() != 0 || made.Refused() != 1 || made.Checks[7].Case != 0 || made.Checks[7].Fault == "" {
		t.Errorf("%d wait, %d are refused, the eighth says %q", made.Waiting(), made.Refused(), made.Checks[7].Fault)
	}
	units[7].Values["credit-code"] = procedure.TextValue(units[7].ID) // whoever keeps the registry has mended it
	if made, err = s.Resume(t.Context(), team[0], e, made.N); err != nil || made.Waiting()+made.Open() != n {
		t.Errorf("after it was mended: %d wait, %d are open, %v", made.Waiting(), made.Open(), err)
	}
	if _, err := s.GoOn(t.Context()); err != nil {
		t.Error(err)
	}
	again, err := s.Make(t.Context(), team[0], e, m)
	if err != nil || again.N != made.N {
		t.Errorf("a second press made %+v, %v", again, err)
	}
	at = time.Now()
	p, err := s.Progress(e)
	t.Logf("counted in %v", time.Since(at))
	if err != nil || p.Planning != plan.RoundUp(90, n) || p.Parts != 0 || p.Whole != plan.RoundUp(90, n) {
		t.Errorf("%d planned, %d of %d done, %v", p.Planning, p.Parts, p.Whole, err)
	}
	at = time.Now()
	if p, err = s.Progress(e); err != nil {
		t.Fatal(err)
	}
	t.Logf("counted again in %v", time.Since(at))
	if cases, err := s.Engine.Store.Counter("case"); err != nil || int(cases) != n {
		t.Errorf("%d cases, %v", cases, err)
	}
}
