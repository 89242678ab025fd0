package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/office"
	"dossier/engine/plan"
	"dossier/seeds"
)

var quotas = seeds.Quotas()

func entry(t *testing.T, id string) plan.Entry {
	t.Helper()
	e, ok := quotas.Find(id, calendar.Of(2026, 5, 20))
	if !ok {
		t.Fatalf("no entry %s", id)
	}
	return e
}

// The table of the quotas, row by row, as the list has it.
func TestTable(t *testing.T) {
	var got []string
	for _, q := range quotas.All() {
		row := fmt.Sprintf("%s per %s %d", q.Name(), q.Per, q.Times)
		for _, x := range []struct {
			name string
			n    int
		}{{"objects", q.Objects}, {"share", q.Share}, {"each", q.Each}, {"staff", q.Staff}, {"ceiling", q.Ceiling}} {
			if x.n > 0 {
				row += fmt.Sprintf(" %s %d", x.name, x.n)
			}
		}
		for _, s := range q.Strata {
			row += fmt.Sprintf(" %s %d", s.Mark, s.Share)
		}
		if q.By != "" {
			row += " by " + q.By
		}
		if q.Regime().Superior {
			row += " superior"
		}
		got = append(got, row)
	}
	want := `training-patrol per month 2 objects 2 superior
training-special per year 1 share 30 superior
training-full per year 1 share 20 superior
training-session-each per year 1 share 100 each 2 superior
special-hours-patrol per month 1 objects 2 superior
special-hours-special per year 2 share 30 irregular 50 superior
special-hours-full per year 1 share 20 superior
special-hours-each per year 1 share 100 superior
dispatch-full per year 1 share 20 superior
dispatch-licence per year 1 share 100 by 03-31 superior
agency-patrol per month 1 share 100 staff 2 superior
agency-special per year 2 share 100 staff 2 superior
agency-licence per year 1 share 100 superior
medical-regular per year 1 share 30
fund-spot per year 1 share 50 superior
fund-special per half 1 superior
fund-audit per year 1 superior
subsidy-daily per quarter 1 share 50 superior
subsidy-special per year 1 share 100 superior
audit-special per year 1 share 20 superior
audit-full per year 1 share 30 superior
internal-audit-monthly per month 1 superior
written-review-year per year 1 share 90
campaign-spring-thunder per year 1
campaign-spring-warm per year 1
campaign-spring-rain per year 1
campaign-spring-sprout per year 1
campaign-publicity per year 1
file-review-year per year 1`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("the quotas are\n%s\nwant\n%s", s, want)
	}
}

func TestPeriods(t *testing.T) {
	for _, test := range []struct{ id, name, start, end string }{
		{"training-patrol", "2026-05", "2026-05-01", "2026-05-31"},
		{"training-patrol-2026-02", "2026-02", "2026-02-01", "2026-02-28"},
		{"training-patrol-2024-02", "2024-02", "2024-02-01", "2024-02-29"},
		{"training-patrol-2026-12", "2026-12", "2026-12-01", "2026-12-31"},
		{"subsidy-daily", "2026-Q2", "2026-04-01", "2026-06-30"},
		{"fund-special-2026-H2", "2026-H2", "2026-07-01", "2026-12-31"},
		{"training-session-each", "2026", "2026-01-01", "2026-12-31"},
		{"dispatch-licence-2027", "2027", "2027-01-01", "2027-03-31"},
	} {
		e := entry(t, test.id)
		if p := e.Period; p.Name != test.name || p.Start.String() != test.start || p.End.String() != test.end {
			t.Errorf("%s is %s, %s to %s, want %s, %s to %s", test.id, p.Name, p.Start, p.End, test.name, test.start, test.end)
		}
		if again := entry(t, e.ID()); again != e {
			t.Errorf("%s is found as %s", e.ID(), again.ID())
		}
		if next := e.Quota.Next(e.Period); next.Start != e.Quota.At(next.Start).Start || next.Start <= e.Period.Start {
			t.Errorf("after %s comes %s", e.Period.Name, next.Name)
		}
	}
	for _, none := range []string{"", "training", "training-patrol-2026", "training-patrol-2026-13", "training-special-2026-05", "training-special-", "training-special2026", "training-patrol-2026-5"} {
		if e, ok := quotas.Find(none, calendar.Of(2026, 5, 20)); ok {
			t.Errorf("%q is %s", none, e.ID())
		}
	}
}

// units are n objects u1 … un, of which some bear a mark.
func units(n int, marked ...int) []plan.Unit {
	var us []plan.Unit
	for i := range n {
		us = append(us, plan.Unit{ID: fmt.Sprintf("u%d", i+1), Name: fmt.Sprintf("单位%d", i+1), Keys: []string{fmt.Sprintf("单位%d", i+1)}})
	}
	for _, i := range marked {
		us[i-1].Marks = []string{"irregular"}
	}
	return us
}

// visits reads checks: "05-12 patrol u1 u2 by a b", without a day when they are planned, "as R" of a named round.
func visits(t *testing.T, lines ...string) []plan.Visit {
	t.Helper()
	var vs []plan.Visit
	for n, line := range lines {
		v := plan.Visit{Asked: calendar.Of(2026, 5, 1), Team: []office.PersonID{"a", "b"}}
		words := strings.Fields(line)
		if d, err := calendar.Parse("2026-" + words[0]); err == nil {
			v.Day, v.Asked, words = d, d, words[1:]
		}
		v.Kind = words[0]
		var objects []string
		for i := 1; i < len(words); i++ {
			switch words[i] {
			case "by":
				v.Team, i = []office.PersonID{office.PersonID(words[i+1])}, i+1
			case "as":
				v.Round, i = words[i+1], i+1
			default:
				objects = append(objects, words[i])
			}
		}
		for i, o := range objects {
			v.Object = o
			v.Case = casefile.CaseID(n*100 + i + 1)
			vs = append(vs, v)
		}
	}
	return vs
}

// Where a quota stands, counted by hand.
func TestCount(t *testing.T) {
	for _, test := range []struct {
		name    string
		id, day string
		units   []plan.Unit
		visits  []string
		want    string // done planned to-do, parts of whole, state
	}{
		{"nothing yet", "training-patrol", "05-10", units(4), nil, "0 0 2, 0+0/4 running"},
		{"an outing to two", "training-patrol", "05-20", units(4), []string{"05-12 patrol u1 u2"}, "1 0 1, 2+0/4 running"},
		{"two teams on one day", "training-patrol", "05-20", units(4), []string{"05-12 patrol u1 u2", "05-12 patrol u3 u4 by c"}, "2 0 0, 4+0/4 met"},
		{"an outing to one is none", "training-patrol", "05-20", units(4), []string{"05-12 patrol u1", "05-13 patrol u2", "05-14 patrol u1"}, "0 0 2, 3+0/4 running"},
		{"one object twice on a day is one", "training-patrol", "05-20", units(4), []string{"05-12 patrol u1 u1"}, "0 0 2, 1+0/4 running"},
		{"another kind doesn't count", "training-patrol", "05-20", units(4), []string{"05-12 special u1 u2"}, "0 0 2, 0+0/4 running"},
		{"last month doesn't count", "training-patrol", "05-20", units(4), []string{"04-30 patrol u1 u2", "06-01 patrol u1 u2"}, "0 0 2, 0+0/4 running"},
		{"planned", "training-patrol", "05-20", units(4), []string{"05-12 patrol u1 u2", "patrol u3 u4"}, "1 1 0, 2+2/4 running"},
		{"near its end", "training-patrol", "05-24", units(4), []string{"05-12 patrol u1 u2"}, "1 0 1, 2+0/4 short"},
		{"over", "training-patrol-2026-04", "05-10", units(4), []string{"04-12 patrol u1 u2"}, "1 0 1, 2+0/4 missed"},
		{"30 % of 7 is 3", "training-special", "05-20", units(7), []string{"05-12 special u1 u2"}, "0 0 1, 2+0/3 running"},
		{"3 of 7", "training-special", "05-20", units(7), []string{"05-12 special u1 u2", "05-13 special u7"}, "1 0 0, 3+0/3 met"},
		{"by its name", "training-special", "05-20", units(7), []string{"05-12 special 单位1 u2", "05-13 special u7 u1"}, "1 0 0, 3+0/3 met"},
		{"one that is gone", "training-special", "05-20", units(7), []string{"05-12 special u1 u2 u8"}, "0 0 1, 2+0/3 running"},
		{"planned ones would do", "training-special", "05-20", units(7), []string{"05-12 special u1 u2", "special u3"}, "0 1 0, 2+1/3 running"},
		{"an empty population", "training-special", "05-20", nil, nil, "0 0 1, 0+0/0 unknown"},
		{"one unit", "training-special", "05-20", units(1), nil, "0 0 1, 0+0/1 running"},
		{"a year's threshold", "training-special", "10-05", units(7), nil, "0 0 1, 0+0/3 short"},
		{"each twice", "training-session-each", "05-20", units(2), []string{"05-12 patrol u1", "05-13 special u1", "05-13 patrol u2"}, "0 0 1, 1+0/2 running"},
		{"each twice, planned", "training-session-each", "05-20", units(2), []string{"05-12 patrol u1 u2", "05-13 patrol u1", "patrol u2"}, "0 1 0, 1+1/2 running"},
		{"two rounds by halves", "agency-special", "09-20", units(2), []string{"05-12 special u1 u2", "08-01 special u1"}, "1 0 1, 3+0/4 running"},
		{"two named rounds in one half", "agency-special", "09-20", units(2), []string{"05-12 special u1 u2 as x", "06-12 special u1 u2 as y"}, "2 0 0, 4+0/4 met"},
		{"a stratum is short", "special-hours-special", "05-20", units(10, 1, 2, 3, 4), []string{"05-12 special u1 u5 u6 u7"}, "0 0 2, 3+0/6 running"},
		{"a stratum is full", "special-hours-special", "05-20", units(10, 1, 2, 3, 4), []string{"05-12 special u1 u2 u5"}, "1 0 1, 3+0/6 running"},
		{"licences of the first quarter", "dispatch-licence", "03-31", units(2), []string{"03-30 licence u1 u2"}, "1 0 0, 2+0/2 met"},
		{"licences on the last day", "dispatch-licence", "03-31", units(2), []string{"03-30 licence u1"}, "0 0 1, 1+0/2 short"},
		{"licences too late", "dispatch-licence", "04-01", units(2), []string{"03-30 licence u1", "04-01 licence u2"}, "0 0 1, 1+0/2 missed"},
		{"a campaign", "campaign-publicity", "05-20", nil, []string{"05-12 publicity x"}, "1 0 0, 1+0/1 met"},
		{"half a year's", "fund-special-2026-H1", "07-01", nil, nil, "0 0 1, 0+0/1 missed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			day, err := calendar.Parse("2026-" + test.day)
			if err != nil {
				t.Fatal(err)
			}
			e := entry(t, test.id)
			p := plan.Count(e, e.Quota.Figures, test.units, visits(t, test.visits...), day)
			if got := fmt.Sprintf("%d %d %d, %d+%d/%d %s", p.Done, p.Planned, p.ToDo, p.Parts, p.Planning, p.Whole, p.State); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// The rounds of a year's quota share it out without a gap.
func TestRoundsShareThePeriod(t *testing.T) {
	for times := 1; times <= 12; times++ {
		e := entry(t, "training-special")
		f := e.Quota.Figures
		f.Times = times
		p := plan.Count(e, f, units(3), nil, calendar.Of(2026, 5, 20))
		next := e.Period.Start
		for _, r := range p.Rounds {
			if r.Start != next || r.End < r.Start {
				t.Errorf("%d rounds: one is %s to %s, want it from %s", times, r.Start, r.End, next)
			}
			next = r.End.Add(1)
		}
		if next != e.Period.End.Add(1) || len(p.Rounds) != times {
			t.Errorf("%d rounds end before %s", times, next)
		}
	}
}

// A file that can't be is refused by the name of its row.
func TestReadFaults(t *testing.T) {
	row := `{"id": "x", "title": {"zh": "甲"}, "per": "year", "times": 1, "kinds": [], "whom": {"zh": "乙"}, "share": 30, "law": ["list/四"]}`
	file := func(row string) string {
		return `{"warn": {"year": [30]}, "regimes": [{"regime": "r", "on": "r", "title": {"zh": "丙"}, "law": "list/四", "staff": "labour", "plans": ["leader"], "quotas": [` + row + `]}]}`
	}
	if _, err := plan.Read([]byte(file(row))); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ from, to, want string }{
		{`"share": 30`, `"share": 130`, "r-x: share"},
		{`"times": 1`, `"times": 0`, "r-x: times"},
		{`"year"`, `"week"`, "r-x: per"},
		{`"year"`, `"month"`, "r-x: no threshold"},
		{`"share": 30`, `"staff": 1`, "r-x: staff"},
		{`"share": 30`, `"by": "31 March"`, "r-x: by"},
		{`"share": 30`, `"shaer": 30`, "shaer"},
		{`"law": ["list/四"]`, `"law": []`, "r-x: it lacks"},
		{row, row + "," + row, "r-x stands there twice"},
	} {
		if _, err := plan.Read([]byte(file(strings.Replace(row, test.from, test.to, 1)))); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.to, err, test.want)
		}
	}
}
