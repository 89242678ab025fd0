package seeds_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/lacks"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/review"
	"dossier/engine/rules"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

var cal = fixture.Calendar

// ends are the cases that were played; a test that spoils one takes a copy.
var ends = map[string]*review.File{}

// played plays a scenario, once, and gives its case as it stands at the end.
func played(t *testing.T, name string) *review.File {
	t.Helper()
	if v := ends[name]; v != nil {
		return v
	}
	county := fixture.Brought(t)
	eds, blanks := county.Editions, county.Blanks
	file := "../testdata/" + name + ".yaml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(file, data, calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	at := new(time.Time)
	config := fixture.Config(fixture.Bolt(t), func() time.Time { return *at }, eds...)
	config.Renderer = documents.NewRenderer(blanks)
	e, err := engine.New(config)
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	if err := scenario.Play(t.Context(), s, &scenario.Stage{Engine: e, At: at}, &told); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	view, err := desk.View(e, office.System, 1)
	if err != nil {
		t.Fatal(err)
	}
	ends[name] = &review.File{Case: view.Case, Edition: view.Edition, Clocks: view.Clocks, Today: view.Today,
		Lacks: lacks.Due(rules.NewView(view.Edition, e.Office(), view.Case, view.Today, view.Today))}
	return ends[name]
}

// copied is the view with a case of its own, which a test may spoil.
func copied(t *testing.T, v *review.File) *review.File {
	t.Helper()
	data, err := json.Marshal(v.Case)
	if err != nil {
		t.Fatal(err)
	}
	x := *v
	x.Case, x.Clocks = &casefile.Case{}, slices.Clone(v.Clocks)
	if err := json.Unmarshal(data, x.Case); err != nil {
		t.Fatal(err)
	}
	return &x
}

// The ways in which a file is spoilt or mended.

type spoil func(v *review.File)

func late(clock procedure.ClockID) spoil {
	return func(v *review.File) {
		for i := range v.Clocks {
			if v.Clocks[i].Def.ID == clock {
				v.Clocks[i].State = rules.MissedClock
			}
		}
	}
}

// day moves every day of a fact to a day before or after that of another fact.
func day(fact, other procedure.FactID, by int) spoil {
	return func(v *review.File) {
		at := calendar.Date(0)
		for _, d := range v.Case.Days {
			if d.Fact == other && d.Void == 0 && (at == 0 || by < 0 && d.Day < at || by > 0 && d.Day > at) {
				at = d.Day
			}
		}
		for i := range v.Case.Days {
			if v.Case.Days[i].Fact == fact {
				v.Case.Days[i].Day = at.Add(by)
			}
		}
	}
}

func without(fact procedure.FactID) spoil {
	return func(v *review.File) {
		v.Case.Days = slices.DeleteFunc(v.Case.Days, func(d casefile.Day) bool { return d.Fact == fact })
	}
}

// filled changes every present filling of a form's part; part "" of all.
func filled(form procedure.FormID, part procedure.PartID, f func(*casefile.Filled)) spoil {
	return func(v *review.File) {
		for i := range v.Case.Papers {
			p := &v.Case.Papers[i]
			for j := range p.Parts {
				if x := &p.Parts[j]; p.Form == form && x.Past == 0 && (part == "" || x.Part == part) {
					f(x)
				}
			}
		}
	}
}

func signed(form procedure.FormID, part procedure.PartID, by int) spoil {
	return filled(form, part, func(f *casefile.Filled) { f.Day = f.Day.Add(by) })
}

func value(form procedure.FormID, field procedure.FieldID, v procedure.Value) spoil {
	return filled(form, "", func(f *casefile.Filled) {
		if _, ok := f.Values[field]; ok {
			f.Values[field] = v
		}
	})
}

// items gives the opinion of an audit its list of sums.
func items(sums ...string) spoil {
	return filled("JH09", "", func(f *casefile.Filled) {
		if _, ok := f.Values["amount"]; ok {
			var v procedure.Value
			for _, sum := range sums {
				v.Rows = append(v.Rows, procedure.Cells{"item": "住院票据", "sum": sum})
			}
			f.Values["items"] = v
		}
	})
}

func gone(forms ...procedure.FormID) spoil {
	return func(v *review.File) {
		for i := range v.Case.Issued {
			if slices.Contains(forms, v.Case.Issued[i].Form) {
				v.Case.Issued[i].Void = 1
			}
		}
		v.Case.Papers = slices.DeleteFunc(v.Case.Papers, func(p casefile.Paper) bool { return p.Open && slices.Contains(forms, p.Form) })
	}
}

// scanned puts a signed scan beside every document.
func scanned(v *review.File) {
	for _, d := range v.Case.Issued {
		v.Case.Files = append(v.Case.Files, casefile.Attachment{N: len(v.Case.Files) + 1, Doc: d.N})
	}
}

// placed gives each respondent an address.
func placed(v *review.File) {
	for _, r := range v.Case.Shared["respondents"].Rows {
		r["address"] = "任县开发区纬一路6号"
	}
}

func found(v *review.File) {
	v.Case.Findings = append(v.Case.Findings, casefile.Finding{Action: "record-service"})
}

// owing says that the file lacks documents of these forms, as package lacks finds them, and nothing else.
func owing(forms ...procedure.FormID) spoil {
	return func(v *review.File) {
		v.Lacks = nil
		for _, d := range v.Edition.Def.AllOwed() {
			if slices.ContainsFunc(d.Items(), func(it procedure.Item) bool { return slices.Contains(forms, it.Form) }) {
				v.Lacks = append(v.Lacks, lacks.Lack{Owed: d.Owed})
			}
		}
	}
}

// Each rule is kept by a case that was played, in order or mended, and broken by the same case spoilt in one place.
func TestEachRuleIsKeptAndBroken(t *testing.T) {
	tried := map[string]bool{}
	one := procedure.Value{List: []string{"李察"}}
	for _, x := range []struct {
		rule, base string
		mend       spoil // before the rule is kept
		spoil      spoil
	}{
		{"filing-late", "real-subcontractor-wages", nil, late("filing")},
		{"investigation-late", "real-subcontractor-wages", nil, late("investigation")},
		{"decision-late", "real-subcontractor-wages", nil, late("decision")},
		{"hearing-notice-late", "labour-hearing-court", nil, late("hearing-notice")},
		{"service-late", "real-subcontractor-wages", nil, late("service")},
		{"court-late", "labour-hearing-court", nil, late("court")},
		{"approval-after-notice", "labour-handle-and-punish", nil, day("notice-served", "approved", -1)},
		{"notice-after-decision", "labour-handle-and-punish", nil, day("decided", "notice-served", -1)},
		{"review-after-decision", "labour-hearing-court", nil, day("decided", "legally-reviewed", -1)},
		{"discussion-after-decision", "labour-hearing-court", nil, day("decided", "discussed", -1)},
		{"hearing-after-decision", "labour-hearing-court", nil, day("decided", "hearing-held", -1)},
		{"demand-after-court", "labour-hearing-court", nil, day("court-applied", "demand-served", -1)},
		{"no-notice", "labour-handle-and-punish", nil, without("notice-served")},
		{"filing-signed-backward", "real-subcontractor-wages", nil, signed("LJ04", "approval", -30)},
		{"proposal-signed-backward", "real-subcontractor-wages", nil, signed("LJ16", "review", 30)},
		{"closing-signed-backward", "real-subcontractor-wages", nil, signed("LJ30", "endorsement", -30)},
		{"penalty-signed-after-service", "labour-handle-and-punish", nil, signed("LJ24", "approval", 60)},
		{"handling-signed-after-service", "labour-handle-and-punish", nil, signed("LJ23", "approval", 60)},
		{"order-signed-after-service", "labour-handle-and-punish", nil, signed("LJ15", "approval", 60)},
		{"not-served", "labour-handle-and-punish", nil, without("served")},
		{"no-scan-of-decision", "labour-handle-and-punish", scanned, func(v *review.File) { v.Case.Files = nil }},
		{"no-scan-of-record", "real-subcontractor-wages", scanned, func(v *review.File) { v.Case.Files = nil }},
		{"no-scan-of-approval", "labour-handle-and-punish", scanned, func(v *review.File) { v.Case.Files[0].Superseded = 1; v.Case.Files[1].Superseded = 1 }},
		{"one-inspector", "real-subcontractor-wages", nil, value("LJ09", "inspectors", one)},
		{"one-interviewer", "real-subcontractor-wages", nil, value("LJ08", "interviewers", one)},
		{"one-collector", "real-subcontractor-wages", nil, value("LJ10", "collectors", one)},
		{"one-server", "real-subcontractor-wages", nil, value("LJ25", "servers", one)},
		{"no-verdict", "real-subcontractor-wages", nil, value("LJ10", "lawful", procedure.Value{})},
		{"not-authentic", "real-subcontractor-wages", nil, value("LJ10", "authentic", procedure.TextValue("no"))},
		{"not-lawful", "real-subcontractor-wages", nil, value("LJ10", "lawful", procedure.TextValue("no"))},
		{"no-basis", "labour-handle-and-punish", nil, value("LJ24", "basis", procedure.Value{})},
		{"no-facts", "labour-handle-and-punish", nil, value("LJ23", "violation", procedure.Value{})},
		{"no-address", "labour-handle-and-punish", nil, value("LJ24", "address", procedure.Value{})},
		{"no-address", "labour-two-respondents", placed, func(v *review.File) { v.Case.Shared["respondents"].Rows[1]["address"] = "" }},
		{"name-differs", "real-subcontractor-wages", nil, value("LJ23", "employer", procedure.TextValue("任县裕城建筑劳务有限公司"))},
		{"cause-differs", "real-subcontractor-wages", nil, value("LJ30", "cause", procedure.TextValue("未签订劳动合同"))},
		{"payable-differs", "labour-handle-and-punish", nil, value("LJ16", "payable", procedure.TextValue("65400.01"))},
		{"instalments-differ", "labour-late-payment", nil, filled("LJ26", "", func(f *casefile.Filled) {
			if rows := f.Values["plan"].Rows; len(rows) > 0 {
				rows[0]["sum"] = "0.01"
			}
		})},
		{"paid-differs", "labour-many-workers", func(v *review.File) { // up to the first payment, which has its list
			i := slices.IndexFunc(v.Case.Papers, func(p casefile.Paper) bool { return p.Form == "LJ23P" })
			v.Case.Papers = v.Case.Papers[:i+1]
		}, value("LJ23P", "amount", procedure.TextValue("1.00"))},
		{"nobody-asked", "real-subcontractor-wages", nil, gone("LJ08", "LJ09")},
		{"not-published", "labour-fine-paid", nil, late("publication-penalty")},
		{"not-withdrawn", "labour-publication", nil, late("publication-withdrawal")},
		{"no-proof-of-service", "real-subcontractor-wages", scanned, func(v *review.File) { v.Case.Files = nil }},

		{"notice-late", "audit-loss-recovered", nil, late("notice")},
		{"result-late", "audit-no-violation", nil, late("result")},
		{"decision-late", "audit-loss-recovered", nil, late("decision")},
		{"started-before-notice", "audit-loss-recovered", nil, day("audit-started", "notice-served", -1)},
		{"recovery-before-decision", "audit-loss-recovered", nil, day("section-notified", "decision-served", -1)},
		{"slip-signed-backward", "audit-loss-recovered", nil, signed("JH01", "approval", -30)},
		{"opinion-signed-backward", "audit-loss-recovered", nil, signed("JH09", "approval", -30)},
		{"opinion-after-decision", "audit-loss-recovered", nil, signed("JH09", "approval", 60)},
		{"one-auditor", "audit-loss-recovered", nil, value("JH04", "officers", one)},
		{"one-interviewer", "audit-loss-recovered", nil, value("JH05", "officers", one)},
		{"no-basis", "audit-loss-recovered", nil, value("JH10", "basis", procedure.Value{})},
		{"loss-differs", "audit-loss-recovered", nil, value("JH09", "amount", procedure.TextValue("12859.99"))},
		{"items-differ", "audit-loss-recovered", items("6420.00", "6440.00"), items("6420.00", "6439.99")},
		{"name-differs", "audit-loss-recovered", nil, value("JH10", "employer", procedure.TextValue("任县另一家公司"))},
		{"no-scan-of-decision", "audit-loss-recovered", scanned, func(v *review.File) { v.Case.Files = nil }},

		{"no-scan-of-visit", "audit-loss-recovered", scanned, func(v *review.File) { v.Case.Files = nil }},

		{"report-late", "fund-silence", nil, late("report")},
		{"no-scan-of-opinion", "fund-silence", scanned, func(v *review.File) { v.Case.Files = nil }},
		{"entered-before-notice", "fund-silence", nil, day("entered", "notice-served", -1)},
		{"decided-before-comment", "fund-silence", nil, day("decided", "draft-served", -1)},
		{"report-signed-backward", "fund-silence", nil, signed("JD04F", "approval", -60)},
		{"report-approved-after-service", "fund-silence", nil, signed("JD04F", "approval", 60)},
		{"one-inspector", "fund-silence", nil, value("JD09", "officers", one)},
		{"notice-names-one", "fund-silence", nil, value("JD01", "officers", one)},
		{"no-working-paper", "fund-silence", nil, gone("JD03")},
		{"no-basis", "fund-silence", nil, value("JD04", "legal-basis", procedure.Value{})},
		{"name-differs", "fund-silence", nil, value("JD04", "employer", procedure.TextValue("任县另一家单位"))},

		{"no-scan-of-record", "training-rectified", scanned, func(v *review.File) { v.Case.Files = nil }},
		{"one-checker", "training-rectified", nil, value("PX01", "officers", one)},
		{"handling-signed-backward", "training-rectified", nil, signed("PX06", "approval", -60)},
		{"handled-before-approval", "training-rectified", nil, day("handled", "handling-approved", -1)},
		{"name-differs", "training-rectified", nil, value("PX06", "employer", procedure.TextValue("任县另一家学校"))},

		// what is asked of every file
		{"owed", "labour-handle-and-punish", owing(), owing("LJ10")},
		{"owed", "training-rectified", owing(), owing("PX05")},
		{"legal-late", "special-hours-hearing", nil, late("hearing-notice")},
		{"archiving-late", "real-subcontractor-wages", nil, late("archiving")},
		{"archiving-late", "special-hours-withdrawn", nil, late("archiving")},
		{"signed-backward", "special-hours-withdrawn", nil, signed("TS06", "approval", -90)},
		{"open-finding", "real-subcontractor-wages", nil, found},
		{"open-finding", "campaign-publicity", nil, found},
	} {
		end := played(t, x.base)
		of := end.Case.Workflow
		asked := seeds.Reviews().Of(of)
		i := slices.IndexFunc(asked, func(r review.Rule) bool { return r.ID == x.rule })
		if i < 0 {
			t.Errorf("no rule %s", x.rule)
			continue
		}
		if i >= len(seeds.Reviews().Rules[of]) {
			of = ""
		}
		tried[string(of)+" "+x.rule] = true
		look := func(v *review.File) (marks []review.Mark, kept bool) {
			r := review.Look(asked, v, cal)
			for _, m := range r.Marks {
				if m.Rule == &asked[i] {
					marks = append(marks, m)
				}
			}
			return marks, slices.Contains(r.Kept, &asked[i])
		}
		v := copied(t, end)
		if x.mend != nil {
			x.mend(v)
		}
		if marks, kept := look(v); !kept {
			t.Errorf("%s: %s keeps it not: %+v", x.rule, x.base, marks)
		}
		x.spoil(v)
		if marks, _ := look(v); len(marks) == 0 {
			t.Errorf("%s: %s spoilt still keeps it", x.rule, x.base)
		}
	}
	for of, rules := range seeds.Reviews().Rules {
		for _, r := range rules {
			if !tried[string(of)+" "+r.ID] {
				t.Errorf("nothing keeps and breaks %s of %s", r.ID, of)
			}
		}
	}
}

// Every rule names what its procedure has, and cites what stands in the list or the statutes.
func TestRulesFitTheirProcedure(t *testing.T) {
	eds := fixture.Brought(t).Editions
	for of, rules := range seeds.Reviews().Rules {
		files := slices.DeleteFunc(slices.Clone(eds), func(ed *procedure.Edition) bool { return of != "" && ed.Def.ID != of })
		if len(files) == 0 {
			t.Errorf("rules of %s, which is no procedure", of)
		}
		for _, r := range rules {
			for _, ed := range files {
				if lacks := r.Fits(ed); len(lacks) > 0 {
					t.Errorf("%s names what %s doesn't have: %s", r.ID, ed.Def.ID, strings.Join(lacks, ", "))
				}
			}
			for _, c := range r.Law.Cites {
				if _, a := seeds.Register().Article(c); c.Act != "ours" && !(c.Act == "list" && seeds.Register().Has(c.Ref)) && a == nil {
					t.Errorf("%s cites %s, which isn't there", r.ID, c)
				}
			}
		}
	}
}

// What rests on time alone: a case that begins has no fault, and what may still be done in time is none.
func TestNothingIsMarkedTooEarly(t *testing.T) {
	v := copied(t, played(t, "labour-handle-and-punish"))
	asked := seeds.Reviews().Of("labour-case")
	v.Today = calendar.Of(2026, 12, 1)
	without("served")(v)
	for i := range v.Clocks {
		if v.Clocks[i].Def.ID == "service" {
			v.Clocks[i].State = rules.RunningClock
		}
	}
	for _, m := range review.Look(asked, v, cal).Marks {
		if m.Rule.ID == "not-served" {
			t.Error("what may still be served in time is marked as not served")
		}
	}
	fresh := &review.File{Case: &casefile.Case{}, Edition: v.Edition, Today: v.Today}
	if r := review.Look(asked, fresh, cal); len(r.Marks) != 0 || r.Points != 100 {
		t.Errorf("an empty case has %+v", r.Marks)
	}
	all := copied(t, v)
	all.Today = calendar.Of(2026, 12, 1)
	if r := review.Look(asked, all, cal); r.Points < 0 || len(r.Marks) == 0 {
		t.Errorf("%d points, %d marks", r.Points, len(r.Marks))
	}
}
