package plan_test

import (
	"slices"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/draw"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/procedure"
)

// staffed is an office whose schools are as the registry would tell them, each with a class session; the seventh's licence has
// ended, and the sixth has no session.
func staffed(t *testing.T) *stage {
	s := open(t)
	text := func(pairs ...string) procedure.Values {
		v := procedure.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v[procedure.FieldID(pairs[i])] = procedure.TextValue(pairs[i+1])
		}
		return v
	}
	s.Units = func(kinds []string, _ calendar.Date) ([]plan.Unit, error) {
		us := schools()
		for i := range us {
			us[i].Values = text("name", us[i].Name, "credit-code", code(us[i].Name), "head", "石瑞霞", "address", "任县人民路218号")
		}
		us[6].Until = calendar.Of(2026, 5, 1)
		switch {
		case slices.Contains(kinds, "training-institution"):
			return us, nil
		case slices.Contains(kinds, "class-session"):
			var out []plan.Unit
			for _, u := range slices.Delete(us, 5, 6) {
				for n, from := range []string{"2026-01-05", "2026-05-11"} {
					out = append(out, plan.Unit{ID: u.ID + from, Name: u.Name + "班", Values: text("name", u.Name+"第"+string(rune('1'+n))+"期", "institution", u.Name, "trainees", "40", "valid-from", from, "valid-to", "2026-06-30")})
				}
			}
			return out, nil
		}
		return nil, nil
	}
	return s
}

// A plan makes its checks in one press, from what the registry knows; what stands against them refuses all of them.
func TestMake(t *testing.T) {
	s := staffed(t)
	e := entry(t, "training-special-2026")
	who, other := s.who("沈训"), s.who("邢教")
	blank, err := s.Asked(who, e)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, f := range blank.Parts[0].Part.Fields {
		if blank.Parts[0].Asked[f.ID] {
			asked = append(asked, string(f.ID))
		}
	}
	if !slices.Equal(asked, []string{"matter"}) {
		t.Errorf("asked once for all: %v", asked)
	}
	good := plan.Making{Objects: []string{"u1", "u2"}, Team: []office.PersonID{who, other}, Day: calendar.Of(2026, 5, 25), Values: procedure.Values{"matter": procedure.TextValue("专项督查")}}
	for _, test := range []struct {
		name, as string
		do       func(*plan.Making)
		code     string
	}{
		{"by whom it is no business of", "周局", nil, "not-your-gate"},
		{"of nobody", "沈训", func(m *plan.Making) { m.Objects = nil }, "objects field.required"},
		{"without its day", "沈训", func(m *plan.Making) { m.Day = 0 }, "day field.required"},
		{"for yesterday", "沈训", func(m *plan.Making) { m.Day = calendar.Of(2026, 5, 19) }, "day field.plan-past"},
		{"one officer", "沈训", func(m *plan.Making) { m.Team = m.Team[:1] }, "staff-too-few"},
		{"one officer twice", "沈训", func(m *plan.Making) { m.Team = []office.PersonID{who, who} }, "staff-too-few"},
		{"an object that is gone", "沈训", func(m *plan.Making) { m.Objects = []string{"u1", "u9"} }, "object-gone"},
		{"a licence that ended", "沈训", func(m *plan.Making) { m.Objects = []string{"u7"} }, "licence-ended"},
		{"without what is asked of all", "沈训", func(m *plan.Making) { m.Values = nil }, "matter field.required"},
		{"a draw that is none", "沈训", func(m *plan.Making) { m.Draw = 1 }, "not-drawn"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := good
			if test.do != nil {
				test.do(&m)
			}
			if _, err := s.Make(t.Context(), s.who(test.as), e, m); !has(err, test.code) {
				t.Errorf("%v, want %q", err, test.code)
			}
			if made, err := s.MadeOf(e); err != nil || len(made) != 0 {
				t.Errorf("what is refused was made: %v %v", made, err)
			}
		})
	}
	made, err := s.Make(t.Context(), who, e, good)
	if err != nil {
		t.Fatal(err)
	}
	if made.Open() != len(made.Checks) || made.N != 1 {
		t.Fatalf("%+v", made)
	}
	d, err := s.Engine.Read(made.Checks[0].Case)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Case
	if c.Shared["employer"].Text != "单位1" || c.Shared["session"].Text != "单位1第2期" || c.Shared["source"].Text != "plan" || c.Shared["kind"].Text != "special" ||
		!slices.Equal(c.Roles["assigned-officers"], []office.PersonID{who, other}) {
		t.Errorf("%v %v", c.Shared, c.Roles)
	}
	p, err := s.Progress(e)
	if err != nil || p.Done != 0 || p.Planning != 2 || p.Planned != 0 {
		t.Errorf("done %d, %d of %d planned: %v", p.Done, p.Planning, p.Whole, err)
	}
	if _, err := s.Resume(t.Context(), other, e, 1); !has(err, "not-your-gate") {
		t.Errorf("gone on with by another: %v", err)
	}
	if again, err := s.Resume(t.Context(), who, e, 1); err != nil || again.Checks[1].Case != made.Checks[1].Case {
		t.Errorf("gone on with: %+v %v", again, err)
	}
}

// One that its procedure refuses is told beside it, and the others are opened; the leader approves, nobody their own.
func TestMakePart(t *testing.T) {
	s := staffed(t)
	e := entry(t, "training-full-2026")
	who := s.who("沈训")
	m := plan.Making{Objects: []string{"u1", "u6"}, Team: []office.PersonID{who, s.who("曹培")}, Day: calendar.Of(2026, 5, 25), Values: procedure.Values{"matter": procedure.TextValue("全面检查")}}
	made, err := s.Make(t.Context(), who, e, m)
	if err != nil {
		t.Fatal(err)
	}
	if made.Refused() != 1 || made.Checks[0].Case == 0 || !strings.Contains(made.Checks[1].Fault, "班次") {
		t.Errorf("%+v", made.Checks)
	}
	if err := s.Approve(t.Context(), who, e, 1); !has(err, "not-your-gate") {
		t.Errorf("approved by who plans: %v", err)
	}
	for range 2 {
		if err := s.Approve(t.Context(), s.who("周局"), e, 1); err != nil {
			t.Fatal(err)
		}
	}
	if made, err := s.MadeOf(e); err != nil || made[0].Approved != s.who("周局") {
		t.Errorf("%+v %v", made, err)
	}
	s.set("ceiling", "1")
	if _, err := s.Make(t.Context(), who, e, m); !has(err, "ceiling-reached") {
		t.Errorf("past the ceiling: %v", err)
	}
	m.Reason = "上级交办，冀人社函〔2026〕12号"
	if made, err := s.Make(t.Context(), who, e, m); err != nil || made.Reason != m.Reason {
		t.Errorf("with its reason: %v", err)
	}
}

// What was drawn is made into checks once, each by its own team, and bears a number; whoever has the address reads it once it is published.
func TestMakeDrawn(t *testing.T) {
	s := staffed(t)
	e := entry(t, "training-special-2026")
	who := s.who("沈训")
	sheet, err := s.Sheet(e, plan.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), who, e, 1); !has(err, "not-drawn") {
		t.Errorf("published before it was drawn: %v", err)
	}
	seed, err := draw.ParseSeed("2026-05-20/0417")
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Draw(t.Context(), who, e, sheet, seed, "")
	if err != nil || !strings.HasSuffix(d.Number, "双抽〔2026〕1号") && !strings.Contains(d.Number, "双抽") {
		t.Fatalf("%+v %v", d, err)
	}
	m := plan.Making{Draw: 1, Day: calendar.Of(2026, 5, 25), Reason: "检查是否仍在办学", Values: procedure.Values{"matter": procedure.TextValue("双随机检查")}}
	made, err := s.Make(t.Context(), who, e, m)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range made.Checks {
		if string(c.Team[0]) != d.Picks[i].Team[0] {
			t.Errorf("%s is checked by %v, %v were drawn", c.Name, c.Team, d.Picks[i].Team)
		}
	}
	if _, err := s.Make(t.Context(), who, e, m); !has(err, "checks-made") {
		t.Errorf("made twice: %v", err)
	}
	if err := s.Publish(t.Context(), who, e, 1); err != nil {
		t.Fatal(err)
	}
	if ds, err := s.Draws(e); err != nil || ds[0].Public.IsZero() || !ds[0].Same() {
		t.Errorf("%+v %v", ds, err)
	}
}
