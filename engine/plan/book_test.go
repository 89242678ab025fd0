package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/change"
	"dossier/engine/draw"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/engine/refusal"
	"dossier/engine/typed"
	"dossier/engine/verify"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

var cal = fixture.Calendar

// stage is an office with its book, whose time the test sets.
type stage struct {
	*plan.Book
	t   *testing.T
	now time.Time
}

// open opens an office on a store of its own and plays the steps of training checks.
func open(t *testing.T, steps ...string) *stage {
	t.Helper()
	s := &stage{t: t}
	e, err := engine.New(fixture.Config(fixture.Bolt(t), func() time.Time { return s.now }, fixture.Brought(t).Editions...))
	if err != nil {
		t.Fatal(err)
	}
	s.Book = &plan.Book{Engine: e, Quotas: quotas, Units: func(kinds []string, _ calendar.Date) ([]plan.Unit, error) {
		if slices.Contains(kinds, "training-institution") {
			return schools(), nil
		}
		return nil, nil
	}}
	var b bytes.Buffer
	b.WriteString("title: t\nworkflow: training-check\nfill: true\npeople: {training: [沈训, 邢教, 曹培], officer: [李察, 赵办], leader: 周局}\nsteps:\n")
	steps = append(steps, "date: 2026-05-20, pass: true")
	for _, l := range steps {
		fmt.Fprintf(&b, "  - {%s}\n", l)
	}
	sc, err := scenario.Read("t.yaml", b.Bytes(), calendar.Of(2026, 5, 20), cal)
	if err != nil {
		t.Fatal(err)
	}
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: e, At: &s.now}, t.Output()); err != nil {
		t.Fatal(err)
	}
	s.at("2026-05-20")
	return s
}

func (s *stage) at(day string) {
	d, err := calendar.Parse(day)
	if err != nil {
		s.t.Fatal(err)
	}
	y, m, n := d.YMD()
	s.now = time.Date(y, time.Month(m), n, 1, 0, 0, 0, time.UTC)
}

// set gives a setting a value.
func (s *stage) set(name, value string) {
	s.t.Helper()
	r, err := s.Engine.Store.Record(ledger.KindSetting, name)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		s.t.Fatal(err)
	}
	data, err := json.Marshal([]office.SettingRow{{Value: value}})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := change.KeepRecords(s.t.Context(), s.Engine, ledger.RecordWrite{Kind: ledger.KindSetting, ID: name, Read: r.Seq, Data: data, Ledgered: true}); err != nil {
		s.t.Fatal(err)
	}
}

// who finds a person by name.
func (s *stage) who(name string) office.PersonID {
	for _, p := range s.Engine.Office().People() {
		if p.Name == name {
			return p.ID
		}
	}
	s.t.Fatalf("nobody is called %s", name)
	return ""
}

// code is the credit code of a unit.
func code(name string) string { return numbered(int(name[len(name)-1] - '0')) }

// numbered is the n-th credit code of the county.
func numbered(n int) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if s := fmt.Sprintf("52130526%09d%c", n, c); isCode(s) {
			return s
		}
	}
	panic(n)
}

func schools() []plan.Unit {
	us := units(7)
	for i, u := range us {
		us[i].Keys = append(u.Keys, code(u.Name))
	}
	return us
}

func check(name, kind, day string) []string {
	return []string{
		fmt.Sprintf("case: %s, date: %s, as: training, do: open, with: {kind: %s, employer: %s, credit-code: %s}", name, day, kind, name, code(name)),
		fmt.Sprintf("case: %s, date: %s, as: training, do: enter-site", name, day),
		fmt.Sprintf("case: %s, date: %s, as: training, do: record-check", name, day)}
}

// has tells whether an error holds the code, "" for none.
func has(err error, code string) bool {
	if code == "" || err == nil {
		return code == "" && err == nil
	}
	e := refusal.As(err)
	return e != nil && (e.Has(refusal.Code(code)) || slices.ContainsFunc(e.Fields, func(f refusal.FieldFault) bool { return f.Path+" "+f.Why == code }))
}

// A commit keeps what quotas count. In a folder of a program that didn't, it is read from the cases until it is brought.
func TestVisitsAreIndexed(t *testing.T) {
	s := open(t, slices.Concat(check("单位2", "patrol", "2026-05-12"), check("单位3", "patrol", "2026-05-12"), check("单位4", "special", "2026-05-13"))...)
	regimes := s.Engine.Regimes
	brought := func(rs []office.Regime) *engine.Engine {
		t.Helper()
		c := s.Engine.Config
		c.Regimes = rs
		e, err := engine.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := change.Bring(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		report, err := verify.Run(t.Context(), e, fixture.Bolt(t), nil)
		if err != nil || len(report.Flaws) > 0 {
			t.Fatalf("%v %v", err, report.Flaws)
		}
		return e
	}
	for _, rs := range [][]office.Regime{regimes, nil, regimes} {
		e := brought(rs)
		rows, err := e.Store.Scan(ledger.Scan{Index: listing.IndexVisit})
		if err != nil || len(rows) != len(rs)/len(regimes)*6 { // each check is told to two regimes
			t.Errorf("%d rows, %v", len(rows), err)
		}
		b := &plan.Book{Engine: e, Quotas: quotas, Units: s.Units}
		vs, err := b.Visits(&quotas.Regimes[0], 2026)
		if err != nil || len(vs) != 3 || vs[0].Day != calendar.Of(2026, 5, 12) || vs[2].Kind != "special" || len(vs[0].Team) != 3 {
			t.Errorf("%+v, %v", vs, err)
		}
	}
}

// What the cases tell is counted; nothing else is.
func TestVisits(t *testing.T) {
	s := open(t, slices.Concat(check("单位2", "patrol", "2026-05-12"), check("单位3", "patrol", "2026-05-12"), check("单位4", "special", "2026-05-13"),
		[]string{"case: 计划, date: 2026-05-14, as: training, do: open, with: {kind: patrol, employer: 单位5, source: complaint, credit-code: " + code("单位5") + "}"})...)
	r := &quotas.Regimes[0]
	vs, err := s.Visits(r, 2026)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range vs {
		day := "planned"
		if v.Day != 0 {
			day = v.Day.String()
		}
		got = append(got, fmt.Sprintf("%s %s %s %v", v.Kind, day, v.Team, v.Exempt))
	}
	want := "[patrol 2026-05-12"
	if len(got) != 4 || !strings.HasPrefix(fmt.Sprint(got), want) || !strings.HasPrefix(got[3], "patrol planned") || !strings.HasSuffix(got[3], "true") {
		t.Errorf("%q", got)
	}
	ps, err := s.Read(calendar.Of(2026, 5, 20))
	if err != nil {
		t.Fatal(err)
	}
	if ps[0].ID() != "training-patrol-2026-05" || ps[0].Done != 1 || ps[0].State != plan.Running {
		t.Errorf("%s: done %d, %s", ps[0].ID(), ps[0].Done, ps[0].State)
	}
	if ps[1].Parts != 1 || ps[1].Whole != 3 {
		t.Errorf("%s: %d of %d, want 1 of 3", ps[1].ID(), ps[1].Parts, ps[1].Whole)
	}
	if slices.ContainsFunc(ps, func(p plan.Progress) bool { return p.Quota.Regime().Name == "medical" }) {
		t.Error("a regime that is off is shown")
	}
}

// A superior's figure wins where the list says so, for the periods that it is for, and never without its document.
func TestOverride(t *testing.T) {
	s := open(t)
	o := plan.Override{Figures: plan.Figures{Times: 1, Share: 60}, From: calendar.Of(2026, 1, 1), To: calendar.Of(2026, 12, 31), Document: "冀人社函〔2026〕9号", Day: calendar.Of(2026, 1, 15)}
	for _, test := range []struct {
		name, quota, as string
		do              func(*plan.Override)
		code            string
	}{
		{"by whom it is no business of", "special-hours-special", "沈训", nil, "not-your-gate"},
		{"over 100 %", "training-special", "沈训", func(o *plan.Override) { o.Share = 101 }, "share field.plan-share"},
		{"no round", "training-special", "沈训", func(o *plan.Override) { o.Times = 0 }, "times field.plan-times"},
		{"without its end", "training-special", "沈训", func(o *plan.Override) { o.To = 0 }, "to field.required"},
		{"backward", "training-special", "沈训", func(o *plan.Override) { o.To = o.From - 1 }, "to field.plan-backward"},
		{"without document", "training-special", "沈训", func(o *plan.Override) { o.Document = "  " }, "document field.required"},
		{"without its day", "training-special", "沈训", func(o *plan.Override) { o.Day = 0 }, "day field.required"},
		{"a document of tomorrow", "training-special", "沈训", func(o *plan.Override) { o.Day = calendar.Of(2026, 5, 21) }, "fact-in-future"},
		{"as the list has it", "training-special", "沈训", func(o *plan.Override) { o.Share = 30 }, "times field.plan-same"},
		{"a regime that is off", "medical-regular", "周局", nil, "regime-off"},
		{"good", "training-special", "沈训", nil, ""},
		{"good, of the brigade's", "written-review-year", "周局", func(o *plan.Override) { o.Share = 95 }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := o
			if test.do != nil {
				test.do(&x)
			}
			q := entry(t, test.quota).Quota
			before, _ := s.Overrides(q)
			err := s.Override(t.Context(), s.who(test.as), q, x)
			if !has(err, test.code) {
				t.Errorf("%v, want %q", err, test.code)
			}
			if after, _ := s.Overrides(q); test.code != "" && len(after) != len(before) {
				t.Error("what is refused was entered")
			}
		})
	}
	for _, test := range []struct {
		entry string
		share int
		won   bool
		told  bool
	}{{"training-special-2026", 60, true, true}, {"training-special-2027", 30, false, false}, {"written-review-year-2026", 90, false, true}} {
		p, err := s.Progress(entry(t, test.entry))
		if err != nil {
			t.Fatal(err)
		}
		if p.Share != test.share || p.Won != test.won || (p.Override != nil) != test.told {
			t.Errorf("%s: share %d, won %v, told %v, want %+v", test.entry, p.Share, p.Won, p.Override != nil, test)
		}
		if p.Override != nil && (p.Override.By == "" || p.Override.At.IsZero()) {
			t.Errorf("%s: nobody entered it", test.entry)
		}
	}
}

// From the frozen sheet to the draw, the redraw, and all that is refused between.
func TestDraws(t *testing.T) {
	s := open(t, check("单位2", "special", "2026-05-12")...)
	e := entry(t, "training-special-2026")
	who := s.who("沈训")
	seed := func(text string) draw.Seed {
		sd, err := draw.ParseSeed(text)
		if err != nil {
			t.Fatal(err)
		}
		return sd
	}
	sheet, err := s.Sheet(e, plan.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Count != 2 || len(sheet.Objects) != 6 || len(sheet.Officers) != 3 {
		t.Errorf("%d of %d by %d officers, want the 2 that the round lacks of the 6 that it has not covered, by 3", sheet.Count, len(sheet.Objects), len(sheet.Officers))
	}
	if _, err := s.Draw(t.Context(), who, e, nil, seed("2026-05-20/7"), ""); !has(err, "not-frozen") {
		t.Errorf("drawn before it was frozen: %v", err)
	}
	if _, err := s.Again(e, "停业"); !has(err, "not-drawn") {
		t.Errorf("redrawn before it was drawn: %v", err)
	}
	if _, err := s.Freeze(t.Context(), "nobody", e, sheet); !has(err, "not-your-gate") {
		t.Errorf("frozen by nobody: %v", err)
	}
	frozen, err := s.Freeze(t.Context(), who, e, sheet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Draw(t.Context(), who, e, nil, seed("2026-05-19/7"), ""); !has(err, "seed-older") {
		t.Errorf("with yesterday's number: %v", err)
	}
	if _, err := s.Draw(t.Context(), who, e, nil, seed("2026-05-21/7"), ""); !has(err, "seed-in-future") {
		t.Errorf("with tomorrow's number: %v", err)
	}
	d, err := s.Draw(t.Context(), who, e, nil, seed("2026-05-20/0417"), "驻局纪检组")
	if err != nil {
		t.Fatal(err)
	}
	if d.Hash != frozen.Hash || len(d.Picks) != 2 || !d.Same() || d.By != who || d.Stated != "驻局纪检组" {
		t.Errorf("%+v", d)
	}
	changed := *d
	changed.Picks = slices.Clone(d.Picks)
	changed.Picks[0].Object = "u7"
	if d.Picks[0].Object == "u7" {
		changed.Picks[0].Object = "u6"
	}
	if changed.Same() {
		t.Error("a draw that was changed is taken for the same")
	}
	if _, err := s.Draw(t.Context(), who, e, nil, seed("2026-05-20/0417"), ""); !has(err, "seed-used") {
		t.Errorf("twice with one seed: %v", err)
	}
	if _, err := s.Again(e, "  ", d.Picks[0].Object); !has(err, "redraw-no-reason") {
		t.Errorf("redrawn without a reason: %v", err)
	}
	next, err := s.Again(e, "停业", d.Picks[0].Object)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Draw(t.Context(), who, e, next, seed("2026-05-20/0418"), "")
	if err != nil {
		t.Fatal(err)
	}
	if again.N != 2 || again.Again != 1 || again.Picks[0].Object != d.Picks[1].Object || !again.Picks[0].Kept || !again.Same() {
		t.Errorf("%+v after %+v", again, d)
	}
	ds, err := s.Draws(e)
	if err != nil || len(ds) != 2 {
		t.Errorf("%d draws on record, %v", len(ds), err)
	}
	if v, err := s.Engine.Store.Versions(plan.KindDraw, "training-special-2026/02"); err != nil || len(v) != 1 {
		t.Errorf("the redraw has %d versions, want one act: %v", len(v), err)
	}
	versions, err := s.Engine.Store.Versions(plan.KindDraw, "training-special-2026/01")
	if err != nil || len(versions) != 2 {
		t.Errorf("the first draw has %d versions, want the frozen sheet and the draw: %v", len(versions), err)
	}
}

// A sheet can't be frozen with one officer, of nobody, or past the ceiling; the settings are read.
func TestSheets(t *testing.T) {
	s := open(t, check("单位2", "patrol", "2026-05-12")...)
	who := s.who("周局")
	few := []draw.Object{{ID: "x", Name: "甲"}, {ID: "y", Name: "乙", Visits: 2}}
	for _, test := range []struct {
		name     string
		settings map[string]string
		wanted   plan.Wanted
		code     string
	}{
		{"good", nil, plan.Wanted{Units: few}, ""},
		{"of nobody", nil, plan.Wanted{Units: []draw.Object{}}, "population-empty"},
		{"larger than its population", nil, plan.Wanted{Units: few, Count: 3}, "population-too-small"},
		{"one officer", nil, plan.Wanted{Units: few, Without: []office.PersonID{s.who("邢教"), s.who("曹培")}}, "staff-too-few"},
		{"two recused", nil, plan.Wanted{Units: few, Recused: map[office.PersonID][]string{s.who("邢教"): {"x"}, s.who("曹培"): {"x"}}}, "staff-too-few"},
		{"past the ceiling", map[string]string{"ceiling": "2"}, plan.Wanted{Units: few, Count: 2}, "population-too-small"},
		{"exempt", map[string]string{"ceiling": "2"}, plan.Wanted{Units: few, Count: 2, Exempt: "上级交办"}, ""},
		{"the regime's own ceiling", map[string]string{"ceiling": "2", "ceiling/training": "3"}, plan.Wanted{Units: few, Count: 2}, ""},
		{"a ceiling that is none", map[string]string{"ceiling": "两次"}, plan.Wanted{Units: few}, "setting-unreadable"},
		{"risks", map[string]string{"risks": "C 2、D 4"}, plan.Wanted{Units: few}, ""},
		{"risks that are none", map[string]string{"risks": "C、D"}, plan.Wanted{Units: few}, "setting-unreadable"},
		{"a risk of no tickets", map[string]string{"risks": "C 0"}, plan.Wanted{Units: few}, "setting-unreadable"},
		{"the registry's", map[string]string{"ceiling": "1"}, plan.Wanted{Count: 6}, ""},
		{"the registry's, past the ceiling", map[string]string{"ceiling": "1"}, plan.Wanted{Count: 7}, "population-too-small"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, v := range test.settings {
				defer s.set(name, "")
				s.set(name, v)
			}
			e := entry(t, "training-full-2026")
			sheet, err := s.Sheet(e, test.wanted)
			if err == nil {
				_, err = s.Freeze(t.Context(), who, e, sheet)
			}
			if !has(err, test.code) {
				t.Errorf("%v, want %q", err, test.code)
			}
		})
	}
}
func isCode(s string) bool {
	_, bad := typed.CreditCode(s)
	return bad == nil
}
