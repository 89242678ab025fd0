package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/engine/specimen"
)

// hire makes these people users, each with one post; officers hold certificates.
func (s *stage) hire(t testing.TB, posts map[office.PersonID]procedure.Actor) {
	t.Helper()
	for id, post := range posts {
		p := office.Person{ID: id, Name: string(id), Posts: []office.Held{{Post: post}}}
		if post == "officer" {
			p.Certificates = []office.Certificate{{Number: "13052600" + string(id)}}
		}
		s.record(t, ledger.KindPerson, string(id), p)
	}
}

// record writes the next version of a record.
func (s *stage) record(t testing.TB, kind, id string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	w := ledger.RecordWrite{Kind: kind, ID: id, Data: data, Ledgered: true}
	if r, err := s.store.Record(kind, id); err == nil {
		w.Read = r.Seq
	}
	if err := change.KeepRecords(t.Context(), s.Engine, w); err != nil {
		t.Fatal(err)
	}
}

// day reads 03-02 as a day of 2026.
func day(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse("2026-" + s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// texts makes values of "field=text" or "field=one,two".
func texts(pairs ...string) procedure.Values {
	vs := procedure.Values{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		if strings.Contains(v, ",") {
			vs[procedure.FieldID(k)] = procedure.Value{List: strings.Split(v, ",")}
			continue
		}
		vs[procedure.FieldID(k)] = procedure.TextValue(v)
	}
	return vs
}

// rows makes a value of rows with one column.
func rows(column procedure.FieldID, texts ...string) procedure.Value {
	var v procedure.Value
	for _, x := range texts {
		v.Rows = append(v.Rows, procedure.Cells{column: x})
	}
	return v
}

// clocks tells every clock of a case as "state due remaining", a ? behind a provisional day.
func (s *stage) clocks(t testing.TB, id casefile.CaseID) map[procedure.ClockID]string {
	t.Helper()
	v, err := desk.View(s.Engine, office.System, id)
	if err != nil {
		t.Fatal(err)
	}
	out := map[procedure.ClockID]string{}
	for _, r := range v.Clocks {
		text := string(r.State)
		if r.Due != 0 {
			text += " " + r.Due.String()[5:]
		}
		if r.Provisional {
			text += "?"
		}
		if r.State == rules.RunningClock || r.State == rules.OverdueClock || r.State == rules.SuspendedClock {
			text += fmt.Sprintf(" %d", r.Remaining)
		}
		if _, twice := out[r.ID]; twice {
			t.Errorf("two clocks are called %s", r.ID)
		}
		out[r.ID] = text
	}
	return out
}

// move is one step of a clock's table: something is done on a day, or only a day comes; then the clocks are as told.
type move struct {
	on   string
	do   procedure.ActionID
	fact string // the day on which it happened; on that day by default
	with procedure.Values
	walk procedure.WalkID
	want string // "clock: state due remaining; …", none for a clock that does not run
}

func TestClocks(t *testing.T) {
	everybody := texts("document=all", "respondent=all")
	tests := []struct {
		name  string
		moves []move
	}{
		{"runs, ends and runs again", []move{
			{on: "03-02", want: "plain: none; natural: none"},
			{on: "03-02", do: "set-one", want: "plain: running 03-16 10; natural: running 03-17 15; months: running 04-02 1"},
			{on: "03-13", want: "plain: running 03-16 1; natural: running 03-17 4"},
			{on: "03-16", want: "plain: running 03-16 0"},
			{on: "03-17", want: "plain: overdue 03-16 -1; natural: running 03-17 0"},
			{on: "03-17", do: "set-two", fact: "03-10", want: "plain: met 03-16; natural: met 03-17"}, // told late
			{on: "03-18", do: "set-two", want: "plain: met 03-16; natural: met 03-17"},                // it had ended already
			{on: "03-18", do: "set-one", want: "plain: running 04-01 10"},                             // the same day, but after
			{on: "03-18", do: "set-two", want: "plain: met 04-01"},
			{on: "03-20", do: "set-one", want: "plain: running 04-03 10"},
			{on: "03-23", do: "set-two", fact: "03-19", want: "plain: running 04-03 9"}, // before the start: ends nothing
			{on: "03-23", do: "void-one", want: "plain: none; natural: none; months: none"},
		}},
		{"the first of several ends ends it", []move{
			{on: "03-02", do: "set-one"},
			{on: "03-05", do: "set-three", want: "natural: met 03-17; plain: running 03-16 7"},
			{on: "03-20", do: "set-two", want: "natural: met 03-17; plain: missed 03-16"},
			{on: "03-20", do: "void-two", want: "natural: overdue 03-17 -3; plain: overdue 03-16 -4"},
		}},
		{"a fact that keeps its first day", []move{
			{on: "03-02", do: "set-first", want: "keeps-first: running 03-16 10"},
			{on: "03-05", do: "set-first", want: "keeps-first: running 03-16 7"},
		}},
		{"months end on the same day, or the last, and roll", []move{
			{on: "01-30", do: "set-one", want: "months: running 02-28 1"}, // a make-up Saturday
			{on: "01-31", do: "set-one", want: "months: running 02-28 1"},
			{on: "03-03", do: "set-one", want: "months: running 04-03 1"},
			{on: "03-04", do: "set-one", want: "months: running 04-07 1"}, // 4 to 6 April are a holiday
		}},
		{"the length that the office sets, on the day it starts", []move{
			{on: "03-31", do: "set-one", want: "by-setting: running 04-03 3"},
			{on: "04-01", do: "set-one", want: "by-setting: running 04-08 4"},
		}},
		{"from the latest, from the first that is set", []move{
			{on: "03-02", do: "set-one", want: "latest: running 03-09 7; first-of: running 03-09 7"}, // 7 March is a Saturday
			{on: "03-04", do: "set-two", want: "latest: running 03-09 5; first-of: running 03-09 5"},
			{on: "03-05", do: "set-two", fact: "03-03", want: "latest: running 03-09 4"}, // the later recorded of the two settings counts
			{on: "03-06", do: "set-three", want: "latest: running 03-11 5; first-of: running 03-11 5"},
			{on: "03-06", do: "void-two", want: "latest: running 03-09 3; first-of: running 03-09 3"},
		}},
		{"from the end of others", []move{
			{on: "03-02", want: "follows: none; later-of: none"},
			{on: "03-02", do: "set-one", want: "follows: running 03-23 21; later-of: running 03-23 21"}, // from 16 and 17 March, both roll to Monday
			{on: "03-05", do: "set-three", want: "follows: running 03-23 18; later-of: running 03-23 18"},
			{on: "03-10", do: "set-two", want: "follows: running 03-16 6; later-of: running 03-16 6"},
			{on: "03-17", want: "follows: over 03-16"},
			{on: "03-17", do: "void-one", want: "follows: none; later-of: none"},
		}},
		{"suspended, resumed and extended", []move{
			{on: "03-02", do: "set-one", want: "stops: running 03-16 10"},
			{on: "03-05", do: "stop", want: "stops: suspended 7"},
			{on: "03-09", want: "stops: suspended 7"},
			{on: "03-10", do: "resume", want: "stops: running 03-19 7"},
			{on: "03-11", do: "extend", with: texts("days=4"), want: "stops: running 03-26 11; by-form: running 03-16 5"},
			{on: "03-11", do: "extend", with: texts("days=2"), want: "stops: running 03-26 11; by-form: running 03-18 7"}, // once only; twice
			{on: "03-11", do: "extend", with: texts("days=9"), want: "stops: running 03-26 11; by-form: running 03-18 7"},
			{on: "03-12", do: "stop", want: "stops: suspended 10"},
			{on: "03-17", do: "resume", want: "stops: running 03-31 10"},
			{on: "03-18", do: "set-two", want: "stops: met 03-31"},
		}},
		{"suspended until it ends", []move{
			{on: "03-02", do: "set-one"},
			{on: "03-05", do: "stop", want: "stops: suspended 7"},
			{on: "03-20", do: "set-two", want: "stops: met"},
		}},
		{"an earlier suspension told late", []move{
			{on: "03-02", do: "set-one"},
			{on: "03-10", do: "stop", want: "stops: suspended 4"},
			{on: "03-12", do: "resume", want: "stops: running 03-18 4"},
			{on: "03-12", do: "stop", fact: "03-04", want: "stops: suspended 8"}, // still open
			{on: "03-12", do: "resume", fact: "03-12", want: "stops: running 03-24 8"},
		}},
		{"two suspensions, the earlier told last", []move{
			{on: "03-02", do: "set-one"},
			{on: "03-10", do: "stop"},
			{on: "03-12", do: "resume", want: "stops: running 03-18 4"},
			{on: "03-12", do: "stop", fact: "03-04"},
			{on: "03-13", do: "correct-fact", with: texts("name=stopped", "day=2026-03-06", "reason=更正"), want: "stops: suspended 6"},
		}},
		{"days that a person fixes", []move{
			{on: "03-02", do: "set-one", want: "dated: none; on-form: none; back: none; if-a: none"},
			{on: "03-02", do: "fill-in", with: texts("deadline=2026-03-20", "start=2026-03-05", "pick=a"),
				want: "dated: running 03-20 18; on-form: running 03-10 8; if-a: running 03-09 7"},
			{on: "03-03", do: "fill-in", with: texts("deadline=2026-03-12", "start=2026-03-04", "pick=b"),
				want: "dated: running 03-12 9; on-form: running 03-09 6; if-a: none"},
			{on: "03-13", want: "dated: overdue 03-12 -1"},
		}},
		{"backward", []move{
			{on: "03-02", do: "fill-in", with: texts("hearing=2026-03-20 09:00"), want: "back: running 03-16 10"}, // 17, 18 and 19 are full days between
			{on: "03-17", want: "back: overdue 03-16 -1"},
			{on: "03-17", do: "set-two", fact: "03-16", want: "back: met 03-16"},
			{on: "03-17", do: "fill-in", with: texts("hearing=2026-04-10 09:00"), want: "back: running 04-03 13"}, // 7, 8 and 9 April
			{on: "03-17", do: "plan", fact: "03-11", want: "back-fact: overdue 03-06 -11"},                        // 8 to 10; 7 is a Saturday, and what counts backward moves back
		}},
		{"each document and each respondent", []move{
			{on: "03-02", do: "set-one", want: "all-served: running 03-11 7; payment: none"},
			{on: "03-02", do: "issue"},
			{on: "03-02", do: "issue"},
			{on: "03-03", do: "serve", with: texts("document=1", "respondent=甲"), want: "payment: running 03-18 15; payment-2: none; all-served: running 03-11 6"},
			{on: "03-04", do: "serve", with: texts("document=1", "respondent=乙"), want: "payment: running 03-18 14; payment-2: running 03-19 15"},
			{on: "03-05", do: "serve", with: texts("document=2", "respondent=all"), want: "payment-3: running 03-20 15; payment-4: running 03-20 15; all-served: met 03-11"},
			{on: "03-06", do: "pay", with: texts("document=1", "respondent=甲"), want: "payment: met 03-18; payment-2: running 03-19 13; payment-3: met 03-20; payment-4: running 03-20 14"},
			{on: "03-06", do: "give-up", with: texts("document=1", "respondent=乙"), want: "payment-2: waived 03-19; payment-4: waived 03-20"},
			{on: "03-06", do: "void-document", with: texts("n=1", "reason=作废"), want: "payment: none; payment-2: none; payment-3: met 03-20"}, // and no other takes their numbers
		}},
		{"served by public notice", []move{
			{on: "03-02", do: "issue"},
			{on: "03-03", do: "serve", with: texts("document=1", "respondent=甲", "method=public"), want: "payment: running 04-17 45"},       // 30 days: 2 April
			{on: "03-06", do: "correct-fact", with: texts("name=served", "day=2026-03-05", "reason=更正"), want: "payment: running 04-22 47"}, // 4 April rolls to 7
		}},
		{"served again", []move{
			{on: "03-02", do: "issue"},
			{on: "03-03", do: "serve", with: everybody, want: "payment: running 03-18 15; payment-2: running 03-18 15"},
			{on: "03-05", do: "serve", with: texts("document=1", "respondent=甲"), want: "payment: running 03-20 15; payment-2: running 03-18 13; payment-3: none"},
		}},
		{"a side walk's own, several at once", []move{
			{on: "03-02", do: "register", want: "keeping: running 03-11 7"},
			{on: "03-03", do: "register", want: "keeping: running 03-11 6; keeping-2: running 03-12 7"},
			{on: "03-05", do: "settle", walk: "keep", want: "keeping: met 03-11; keeping-2: running 03-12 5"},
			{on: "03-13", want: "keeping-2: overdue 03-12 -1"},
			{on: "03-13", do: "settle", walk: "keep-2", want: "keeping-2: missed 03-12"},
			{on: "03-13", do: "register", want: "keeping: met 03-11; keeping-3: running 03-24 7"},
		}},
		{"the end of the case voids what runs, but for windows and what starts there", []move{
			{on: "03-02", do: "set-one"},
			{on: "03-02", do: "issue"},
			{on: "03-02", do: "serve", with: everybody},
			{on: "03-03", do: "set-three", want: "natural: met 03-17"},
			{on: "03-20", do: "finish", want: "plain: void 03-16; months: void 04-02; natural: met 03-17; payment: over 03-17; follows: running 03-23 3; away: running 04-20 31"}, // 19 April is a Sunday
			{on: "03-24", want: "plain: void 03-16; follows: over 03-23; away: running 04-20 27"},
			{on: "03-25", do: "file-away", want: "away: met 04-20"},
		}},
		{"provisional in a year not yet published", []move{
			{on: "12-21", do: "set-one", want: "plain: running 01-04? 10; natural: running 01-05? 15; by-setting: running 12-25 4"},
		}},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, scratch)
			s.hire(t, map[office.PersonID]procedure.Actor{"clerk": "clerk", "officer": "officer", "captain": "captain"})
			s.on(day(t, "01-04"))
			out, err := s.Do(t.Context(), casefile.Command{Workflow: "clocks", Actor: "clerk",
				Values: procedure.Values{"employer": procedure.TextValue("甲"), "respondents": rows("name", "甲", "乙")}})
			if err != nil {
				t.Fatal(err)
			}
			id := out.Case.ID
			for i, m := range x.moves {
				s.on(day(t, m.on))
				if m.do != "" {
					s.move(t, id, m)
				}
				have := s.clocks(t, id)
				for _, w := range strings.Split(m.want, "; ") {
					clock, want, _ := strings.Cut(w, ": ")
					got, ok := have[procedure.ClockID(clock)]
					if !ok {
						got = "none"
					}
					if clock != "" && got != want {
						t.Errorf("move %d, %s %s: %s is %q, want %q", i+1, m.on, m.do, clock, got, want)
					}
				}
			}
			s.prove(t)
		})
	}
}

// move does one move of a table; corrections and the voiding of documents are the captain's.
func (s *stage) move(t testing.TB, id casefile.CaseID, m move) {
	t.Helper()
	cmd := casefile.Command{Case: id, Action: m.do, Actor: "officer", Values: procedure.Values{}, Walk: m.walk}
	if procedure.BuiltinForm(m.do) != nil {
		cmd.Actor = "captain"
	}
	if m.fact != "" {
		cmd.Day = day(t, m.fact)
	}
	for k, v := range m.with {
		cmd.Values[k] = v
	}
	values, _, err := specimen.Samples(s.Engine, cmd, nil)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Values = values
	if _, err := s.Do(t.Context(), cmd); err != nil {
		t.Fatalf("%s %s: %v", m.on, m.do, err)
	}
}
