package plan_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/office"
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
	var team []office.PersonID
	for _, p := range s.Engine.Office().Holders("officer", s.Engine.Today()) {
		team = append(team, p)
	}
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
	at := time.Now()
	made, err := s.Make(t.Context(), team[0], e, m)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("one press: %d of %d in %v", n-made.Left(), n, time.Since(at))
	for tries := 0; made.Left() > 1 && tries < 20; tries++ {
		at = time.Now()
		if made, err = s.Resume(t.Context(), team[0], e, made.N); err != nil {
			t.Fatal(err)
		}
		t.Logf("gone on with: %d left after %v", made.Left(), time.Since(at))
	}
	if made.Left() != 1 || made.Checks[7].Case != 0 || made.Checks[7].Fault == "" {
		t.Errorf("%d are left, the eighth says %q", made.Left(), made.Checks[7].Fault)
	}
	again, err := s.Make(t.Context(), team[0], e, m)
	if err != nil || again.N != made.N {
		t.Errorf("a second press made %+v, %v", again, err)
	}
	at = time.Now()
	p, err := s.Progress(e)
	t.Logf("counted in %v", time.Since(at))
	if err != nil || p.Planning != min(n-1, plan.RoundUp(90, n)) || p.Parts != 0 || p.Whole != plan.RoundUp(90, n) {
		t.Errorf("%d planned, %d of %d done, %v", p.Planning, p.Parts, p.Whole, err)
	}
	at = time.Now()
	if p, err = s.Progress(e); err != nil {
		t.Fatal(err)
	}
	t.Logf("counted again in %v", time.Since(at))
	if cases, err := s.Engine.Store.Counter("case"); err != nil || int(cases) != n-1 {
		t.Errorf("%d cases, %v", cases, err)
	}
}
