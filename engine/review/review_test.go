package review_test

import (
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/rules"
)

var cal = calendar.New(calendar.Schedule{Year: 2026, Published: true})

func at(day int) calendar.Date { return calendar.Of(2026, 3, day) }

// view is a case with one document of a form F, signed by two, and one that was voided.
func view() *review.File {
	form := &procedure.Form{ID: "F", Parts: []procedure.Part{{ID: "body", Fields: []procedure.Field{{ID: "officers"}, {ID: "ok"}}}, {ID: "approval", Fields: []procedure.Field{{ID: "opinion"}}}}}
	clock := &procedure.Clock{ID: "filing"}
	return &review.File{Today: at(30), Edition: &procedure.Edition{Def: &procedure.Definition{}, Forms: map[procedure.FormID]*procedure.Form{"F": form}},
		Clocks: []rules.Running{{ID: "filing", Def: clock, State: rules.MetClock}},
		Case: &casefile.Case{
			Papers: []casefile.Paper{
				{P: 1, Form: "F", Doc: 1, Parts: []casefile.Filled{
					{Part: "body", Day: at(9), Past: 3, Values: procedure.Values{"officers": {List: []string{"甲"}}}}, // returned, and filled anew
					{Part: "body", Day: at(2), Values: procedure.Values{"officers": {List: []string{"甲", "乙"}}, "ok": procedure.TextValue("yes")}},
					{Part: "approval", Day: at(3)}}},
				{P: 2, Form: "F", Doc: 2, Parts: []casefile.Filled{{Part: "body", Day: at(9)}, {Part: "approval", Day: at(1)}}},
			},
			Issued: []casefile.Issued{{N: 1, P: 1, Form: "F", Day: at(3)}, {N: 2, P: 2, Form: "F", Day: at(3), Void: 9}},
			Days:   []casefile.Day{{Fact: "served", Key: "1/1", Day: at(5)}, {Fact: "decided", Day: at(4)}, {Fact: "decided", Day: at(1), Void: 7}},
		}}
}

// What was returned, voided or can't be counted yet is nobody's fault; what counts is.
func TestWhatCounts(t *testing.T) {
	forms := []procedure.FormID{"F"}
	for _, x := range []struct {
		name  string
		check review.Check
		spoil func(*review.File)
		marks int
		kept  bool
	}{
		{"backward passes over history and voided documents", review.Backward(forms), nil, 0, true},
		{"backward", review.Backward(forms), func(v *review.File) { v.Case.Papers[0].Parts[2].Day = at(1) }, 1, false},
		{"few passes over history", review.Few{At: procedure.FieldRef{Form: "F", Field: "officers"}, Least: 2}, nil, 0, true},
		{"few", review.Few{At: procedure.FieldRef{Form: "F", Field: "officers"}, Least: 3}, nil, 1, false},
		{"unserved counts the document's own day", review.Unserved{Forms: forms, Fact: "served"}, nil, 0, true},
		{"unserved", review.Unserved{Forms: forms, Fact: "served"}, func(v *review.File) { v.Case.Days[0].Key = "2/1" }, 1, false},
		{"unserved in time", review.Unserved{Forms: forms, Fact: "none", While: "filing"}, func(v *review.File) { v.Clocks[0].State = rules.RunningClock }, 0, false},
		{"after", review.After{Form: "F", Part: "approval", Fact: "served"}, nil, 0, true},
		{"after its own service", review.After{Form: "F", Part: "approval", Fact: "served"}, func(v *review.File) { v.Case.Days[0].Day = at(2) }, 1, false},
		{"order passes over voided days", review.Order{"decided", "served"}, nil, 0, true},
		{"order", review.Order{"served", "decided"}, nil, 1, false},
		{"order of what has no day", review.Order{"none", "served"}, nil, 0, false},
		{"skipped", review.Skipped{Fact: "none", Forms: forms}, nil, 1, false},
		{"late", review.Late{"filing"}, func(v *review.File) { v.Clocks[0].State = rules.OverdueClock }, 1, false},
		{"late, but the schedule isn't published", review.Late{"filing"}, func(v *review.File) { v.Clocks[0].State, v.Clocks[0].Provisional = rules.OverdueClock, true }, 0, false},
		{"unsigned", review.Unsigned(forms), nil, 1, false},
		{"signed", review.Unsigned(forms), func(v *review.File) { v.Case.Files = []casefile.Attachment{{N: 1, Doc: 1}} }, 0, true},
		{"the scan was replaced", review.Unsigned(forms), func(v *review.File) { v.Case.Files = []casefile.Attachment{{N: 1, Doc: 1, Superseded: 4}} }, 1, false},
		{"empty", review.Empty{{Form: "F", Field: "opinion"}}, nil, 1, false},
		{"not", review.Not{At: procedure.FieldRef{Form: "F", Field: "ok"}, Want: "yes"}, nil, 0, true},
		{"a form that the case doesn't have", review.Not{At: procedure.FieldRef{Form: "G", Field: "ok"}, Want: "yes"}, nil, 0, false},
		{"missing", review.Missing{Forms: []procedure.FormID{"G"}, After: "decided"}, nil, 1, false},
		{"missing, but nothing asks for it", review.Missing{Forms: []procedure.FormID{"G"}, After: "decided", When: []procedure.FormID{"H"}}, nil, 0, false},
		{"open", review.Open{}, func(v *review.File) { v.Case.Findings = []casefile.Finding{{Answered: 3}, {}} }, 1, false},
	} {
		v := view()
		if x.spoil != nil {
			x.spoil(v)
		}
		r := review.Look([]review.Rule{{ID: "r", Points: 10, Severity: review.Slight, Check: x.check}}, v, cal)
		if len(r.Marks) != x.marks || (len(r.Kept) == 1) != x.kept {
			t.Errorf("%s: %d marks, kept %v", x.name, len(r.Marks), len(r.Kept) == 1)
		}
		if x.check.Name() == "" {
			t.Errorf("%s: the check has no name", x.name)
		}
	}
}

// A rule costs its points once, wherever it is broken; no case has less than none; the heaviest stand first.
func TestPoints(t *testing.T) {
	v := view()
	v.Case.Findings = []casefile.Finding{{}, {}, {}}
	rules := []review.Rule{{ID: "a", Points: 30, Severity: review.Slight, Check: review.Open{}},
		{ID: "b", Points: 60, Severity: review.Grave, Check: review.Unsigned{"F"}}}
	r := review.Look(rules, v, cal)
	if r.Points != 10 || len(r.Marks) != 4 || r.Marks[0].Rule.ID != "b" || r.Marks[1].Rule.ID != "a" {
		t.Errorf("%d points, %d marks", r.Points, len(r.Marks))
	}
	rules[0].Points = 90
	if r := review.Look(rules, v, cal); r.Points != 0 {
		t.Errorf("%d points", r.Points)
	}
}

// A rule that names what its procedure doesn't have says so.
func TestFits(t *testing.T) {
	ed := view().Edition
	ed.Def.Facts = []procedure.Fact{{ID: "served"}}
	for _, x := range []struct {
		check review.Check
		want  string
	}{
		{review.Order{"served", "signed"}, "fact signed"},
		{review.Late{"none"}, "clock none"},
		{review.Backward{"F", "G"}, "form G"},
		{review.Few{At: procedure.FieldRef{Form: "F", Field: "people"}}, "field F.people"},
		{review.After{Form: "F", Part: "review", Fact: "served"}, "part review of F"},
		{review.Empty{{Form: "F", Field: "opinion"}}, ""},
	} {
		r := review.Rule{Check: x.check}
		if got := strings.Join(r.Fits(ed), ", "); got != x.want {
			t.Errorf("%s lacks %q, want %q", x.check.Name(), got, x.want)
		}
	}
	if got := (&review.Rule{By: "none", Check: review.Open{}}).Fits(ed); len(got) != 1 || got[0] != "action none" {
		t.Errorf("lacks %v", got)
	}
}
