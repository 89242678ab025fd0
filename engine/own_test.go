package engine_test

import (
	"bytes"
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"dossier/documents"
	"dossier/engine/access"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/seeds/scenario"
	"dossier/workflows"
)

// A procedure that calls its party, its people, its sums and its order by names of its own has lists, search, warnings,
// sums, hand-over and supervision like those that the program brings.
func TestProcedureInItsOwnWords(t *testing.T) {
	s := newStage(t, func() ([]*procedure.Edition, error) {
		return editions(os.DirFS("testdata/own"), os.DirFS("testdata/own/forms"))
	})
	sc, err := scenario.Read("own.yaml", []byte(`
workflow: noise
fill: true
steps:
  - {date: 2026-03-02, as: clerk, do: open, with: {venue: 夜来香歌厅, matter: music, owners: [{called: 夜来香歌厅}, {called: 丁业主}], neighbours: [{called: 甲, due: "300.00", given: "50.00"}, {called: 乙, due: "20.00"}]}}
  - {date: 2026-03-02, as: captain, do: take}
  - {date: 2026-03-03, as: officer, do: propose, with: {measures: [talk, sanction], sanction: "500.00", refund: "10.00", portions: [{whose: 丁业主, sanction: "200.00"}]}}
  - {date: 2026-03-03, as: captain, do: agree, with: {conclusion: 太重, measures: [talk, closure]}, refuse: no-heavier}
  - {date: 2026-03-03, as: captain, do: agree, with: {conclusion: 太重, sanction: "500.01"}, refuse: no-heavier}
  - {date: 2026-03-03, as: captain, do: agree, with: {conclusion: 照办}}
  - {date: 2026-03-04, as: officer, do: shut, refuse: major}
  - {date: 2026-03-04, as: officer, do: settle, refuse: [nothing-owed, "700.00"]}
  - {date: 2026-03-05, as: officer, do: propose, with: {measures: [closure], sanction: "500.00"}}
  - {date: 2026-03-05, as: officer, do: shut, with: {said: 关停, given-now: "100.00"}}
  - {date: 2026-03-06, as: leader, do: supervise, with: {day: 2026-03-11, reason: 三日内报来}}
`), calendar.Of(2026, 3, 2), cal)
	if err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: s.Engine, At: s.now}, &told); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}

	for _, words := range []string{"夜来香", "丁业主"} {
		page, err := desk.Find(s.Engine, "孙队", desk.Query{Text: words, Limit: 10})
		if err != nil || len(page.Rows) != 1 {
			t.Fatalf("%s is not found: %v %v", words, page.Rows, err)
		}
		r := page.Rows[0]
		if r.Party != "夜来香歌厅" || r.Cause != "夜间音响" || r.Workers != 2 || r.Amount != "270.00" || len(r.Officers) != 2 {
			t.Errorf("the row: %+v", r)
		}
	}
	if rows, err := desk.Similar(s.Engine, "孙队", "noise", "夜来香歌厅"); err != nil || len(rows) != 1 {
		t.Errorf("similar cases: %v %v", rows, err)
	}

	s.on(calendar.Of(2026, 3, 9)) // the inquiry is due
	warned, err := desk.Warnings(s.Engine, 1)
	if err != nil || !slices.ContainsFunc(warned, func(x listing.Crossing) bool { return x.Party == "夜来香歌厅" }) {
		t.Errorf("nobody is warned of the party: %+v %v", warned, err)
	}

	c := s.snapshot(t, 1)
	order := c.Issued[len(c.Issued)-1]
	if order.Form != "N5" {
		t.Fatalf("supervised by %s", order.Form)
	}
	values := c.Paper(order.P).Parts[0].Values
	if values["report-by"].Text != "2026-03-11" || values["demand"].Text != "三日内报来" {
		t.Errorf("the order says %v", values)
	}

	officers := c.Roles["team"]
	if c.Roles["lead"][0] != officers[0] {
		t.Errorf("%v is in charge, of %v", c.Roles["lead"], officers)
	}
	s.do(t, 1, "孙队", "hand-over", func(c *casefile.Command) {
		c.Values = procedure.Values{"officers": {List: []string{string(officers[1]), string(officers[0])}},
			"in-charge": procedure.TextValue(string(officers[1])), "reason": procedure.TextValue("换人")}
	})
	if after := s.snapshot(t, 1); after.Roles["lead"][0] != officers[1] || len(after.Roles["team"]) != 2 {
		t.Errorf("handed over: %v", after.Roles)
	}
	history, err := desk.History(t.Context(), s.Engine, "孙队", 1)
	if err != nil || !slices.ContainsFunc(history, func(x desk.Step) bool { return strings.Contains(x.Opinion, "照办") }) {
		t.Errorf("the story doesn't tell the conclusion: %v", err)
	}
}

// A post that the office adds is held, asked for by a procedure, lent by whom it says and said by its title.
func TestPostOfTheOfficesOwn(t *testing.T) {
	blanks, err := documents.Load(os.DirFS("testdata/own/forms"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/own/noise.yaml")
	if err != nil {
		t.Fatal(err)
	}
	source := bytes.Replace(data, []byte("by: [clerk]"), []byte("by: [warden]"), 1)
	if _, err := workflows.Open("noise.yaml", source, blanks); err == nil || !strings.Contains(err.Error(), `no post or role "warden"`) {
		t.Fatalf("without the post: %v", err)
	}
	warden := procedure.Post{ID: "warden", Title: procedure.Label{ZH: "值守", EN: "Warden"}, Leads: procedure.LeadsSection, LentBy: []procedure.Actor{"captain"}}
	l, err := workflows.Open("noise.yaml", source, blanks, warden)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, func() ([]*procedure.Edition, error) {
		return []*procedure.Edition{{Hash: l.Hash, Def: l.Definition, Forms: blanks}}, nil
	})
	s.Random = rand.Reader
	for _, p := range []office.Person{{ID: "night", Name: "夜班"}, {ID: "day", Name: "白班"}, {ID: "boss", Name: "队长"}} {
		p.Posts = []office.Held{{Post: map[office.PersonID]procedure.Actor{"night": "warden", "day": "clerk", "boss": "captain"}[p.ID]}}
		if err := access.KeepPerson(t.Context(), s.Engine, "", p, "", 0); err != nil {
			t.Fatal(err)
		}
	}
	if o := s.Office(); !o.Leads(o.Person("night"), procedure.LeadsSection, s.Today()) || o.Leads(o.Person("day"), procedure.LeadsSection, s.Today()) {
		t.Error("the warden leads, the clerk doesn't")
	}
	open := func(who office.PersonID) error {
		_, err := s.Do(t.Context(), casefile.Command{Workflow: "noise", Actor: who, Action: "open", Values: procedure.Values{
			"venue": procedure.TextValue("夜来香歌厅"), "matter": procedure.TextValue("music")}})
		return err
	}
	if err := open("night"); err != nil {
		t.Errorf("the warden opens: %v", err)
	}
	if err := open("day"); !refusal.As(err).Has(refusal.NotYourGate) {
		t.Errorf("a clerk opens: %v", err)
	}
	lend := office.Delegation{Post: "warden", From: "night", To: "day", Start: s.Today(), End: s.Today().Add(1)}
	if _, err := access.Delegate(t.Context(), s.Engine, "day", lend); !refusal.As(err).Has(refusal.Forbidden) {
		t.Errorf("a clerk lends the warden's post: %v", err)
	}
	if _, err := access.Delegate(t.Context(), s.Engine, "boss", lend); err != nil {
		t.Errorf("the captain lends the warden's post: %v", err)
	}
	if err := open("day"); err != nil {
		t.Errorf("who stands in opens: %v", err)
	}
	if title := s.edition(t, l.Hash).ActorTitle("warden"); title.EN != "Warden" {
		t.Errorf("called %v", title)
	}
	if title := s.edition(t, l.Hash).ActorTitle("team"); title.ZH != "承办" {
		t.Errorf("the role is called %v", title)
	}
}
