package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dossier/documents"
	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/listing"
	"dossier/engine/office"
	"dossier/engine/paper"
	"dossier/engine/procedure"
	"dossier/engine/rules"
	"dossier/seeds"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
	"dossier/store"
)

// bare renders nothing, so that a test of what happened doesn't pay for paper.
type bare struct{}

func (bare) Render(s paper.Sheet) ([]byte, error)         { return []byte(s.Form.ID), nil }
func (bare) Deadline(paper.DeadlineSheet) ([]byte, error) { return nil, nil }
func (bare) Inspect(string, []byte) (string, error)       { return "image/png", nil }
func (bare) Missing(string) []rune                        { return nil }

// town is a filled county and how its cases look today.
type town struct {
	*engine.Engine
	today calendar.Date
	cal   *calendar.Calendar
	store ledger.Store
	files []file
}

// file is one case file's case.
type file struct {
	name string
	view *desk.CaseView
}

func (f file) ended() bool {
	return f.view.Edition.Def.Main.State(f.view.Case.Main()).End
}

// found fills a county as of the day and looks at it at noon of that day.
func found(t testing.TB, day string, paper paper.Renderer) *town {
	t.Helper()
	today, err := calendar.Parse(day)
	if err != nil {
		t.Fatal(err)
	}
	eds := fixture.Brought(t).Editions
	st, err := store.Open("bolt:"+t.TempDir(), store.Options{Create: true, Owner: "a test", NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	at := new(time.Time)
	w := &town{today: today, cal: calendar.New(seeds.Schedules()...), store: st}
	config := fixture.Config(st, func() time.Time { return *at }, eds...)
	config.Renderer = paper
	e, err := engine.New(config)
	if err != nil {
		t.Fatal(err)
	}
	w.Engine = e
	all, err := fill(context.Background(), &scenario.Stage{Engine: e, At: at}, today, w.cal, "hash")
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := today.YMD()
	*at = time.Date(y, time.Month(m), d, 4, 0, 0, 0, time.UTC)
	for _, p := range all {
		v, err := desk.View(e, office.System, p.cases[""])
		if err != nil {
			t.Fatal(err)
		}
		w.files = append(w.files, file{p.File, v})
	}
	return w
}

// states are where the county must have a case, whatever the day.
var states = map[procedure.WorkflowID][]procedure.StateID{
	"labour-case": {"intake", "filing-review", "filing-approval", "investigating", "handling-proposal", "handling-review", "legal-review",
		"bureau-approval", "prior-notice", "hearing", "investigation-report", "decision", "decision-confirmation", "service", "performance",
		"under-review", "demand", "enforcement-approval", "closing-proposal", "closing-review", "closing-endorsement", "closing-approval",
		"closed", "archived", "not-filed", "referred", "withdrawn"},
	"insurance-audit":  {"lead", "leader-approval", "auditing", "opinion-approval", "recovery", "archived"},
	"fund-supervision": {"rectifying", "archived"},
	"training-check":   {"rectifying", "archived"},
}

// walks are the side walks on which a case must be under way.
var walks = map[procedure.WalkID]procedure.StateID{
	"extension": "endorsed", "suspension": "suspended", "evidence": "registered", "instalments": "requested", "preservation": "in-force",
}

func TestCounty(t *testing.T) {
	days := []string{
		"2026-11-24", // a Tuesday
		"2025-10-09", // the first day after the National Day holiday
		"2026-02-24", // the first day after Spring Festival
		"2026-08-15", // a Saturday
		"2027-03-01", // of a year whose schedule is not known
	}
	if testing.Short() {
		days = days[:1]
	}
	for _, day := range days {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			w := found(t, day, bare{})
			w.complete(t)
			w.timely(t)
			w.urgent(t)
			w.past(t)
			w.lists(t)
		})
	}
}

// lists: whichever index answers, a list is the cases that fit, page by page; the desk's own are the open ones of all that an
// officer ever had.
func (w *town) lists(t *testing.T) {
	ids := func(rows []listing.Row) (out []casefile.CaseID) {
		for _, r := range rows {
			out = append(out, r.ID)
		}
		return slices.Sorted(slices.Values(out))
	}
	paged := func(q desk.Query) (rows []listing.Row) {
		for q.Limit = 7; ; {
			p, err := desk.Find(w.Engine, office.System, q)
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, p.Rows...)
			if q.After = p.Next; q.After == "" {
				return rows
			}
		}
	}
	all := paged(desk.Query{})
	if len(all) < len(w.files) {
		t.Fatalf("%d rows of %d files", len(all), len(w.files))
	}
	mine := 0
	for _, p := range People() {
		for _, flow := range []procedure.WorkflowID{"", "labour-case"} {
			want := slices.DeleteFunc(slices.Clone(all), func(r listing.Row) bool {
				return r.Ended || !slices.Contains(r.Officers, p.ID) || flow != "" && r.Workflow != flow
			})
			if got := paged(desk.Query{Officer: p.ID, Open: true, Workflow: flow}); !slices.Equal(ids(got), ids(want)) {
				t.Errorf("open ones of %s, %q: %v, want %v", p.ID, flow, ids(got), ids(want))
			}
			if flow != "" {
				continue
			}
			d, err := desk.Of(w.Engine, p.ID)
			if err != nil || !slices.Equal(ids(d.Mine), ids(want)) {
				t.Errorf("the desk of %s: %v, want %v (%v)", p.ID, ids(d.Mine), ids(want), err)
			}
			if n, err := desk.OpenCasesOf(w.Engine, p.ID); n != len(want) || err != nil {
				t.Errorf("%s has %d open cases, want %d (%v)", p.ID, n, len(want), err)
			}
			mine += len(want)
		}
	}
	if mine == 0 {
		t.Error("nobody has an open case")
	}
}

// complete: a case in every state, none with a finding.
func (w *town) complete(t *testing.T) {
	has := map[procedure.WorkflowID]map[procedure.StateID]bool{}
	side := map[procedure.WalkID][]procedure.StateID{}
	for _, f := range w.files {
		c := f.view.Case
		if has[c.Workflow] == nil {
			has[c.Workflow] = map[procedure.StateID]bool{}
		}
		has[c.Workflow][c.Main()] = true
		for _, x := range c.Walks {
			side[x.Def] = append(side[x.Def], x.State)
		}
		for _, x := range c.Findings {
			t.Errorf("%s: finding on %s: %s", f.name, x.Action, x.Code)
		}
	}
	for flow, want := range states {
		for _, s := range want {
			if !has[flow][s] {
				t.Errorf("no %s in %s", flow, s)
			}
		}
	}
	for walk, s := range walks {
		if !slices.Contains(side[walk], s) {
			t.Errorf("no %s in %s", walk, s)
		}
	}
}

// timely: nothing is recorded today or later, no person acts on a rest day; something is due today and something late.
func (w *town) timely(t *testing.T) {
	var due, late []string
	for _, f := range w.files {
		for _, x := range f.view.Case.Taken {
			recorded := calendar.In(x.At)
			if recorded >= w.today || x.Day > recorded {
				t.Errorf("%s: %s of %s was recorded on %s, today is %s", f.name, x.Action, x.Day, recorded, w.today)
			}
			if working, _ := w.cal.Workday(recorded); !working && x.By != office.System {
				t.Errorf("%s: %s was recorded on %s, a rest day", f.name, x.Action, recorded)
			}
		}
		for _, r := range f.view.Clocks {
			if r.Def.Kind != procedure.Legal || f.ended() {
				continue
			}
			if r.Due == w.today && r.State == rules.RunningClock {
				due = append(due, f.name+" "+string(r.ID))
			}
			if r.State == rules.OverdueClock && w.cal.Count(r.Due, w.today) <= 3 {
				late = append(late, f.name+" "+string(r.ID))
			}
		}
	}
	if working, _ := w.cal.Workday(w.today); working && len(due) < 4 {
		t.Errorf("due today: %v, want four at least", due)
	}
	if len(late) < 3 {
		t.Errorf("a day or two late: %v, want three at least", late)
	}
}

// urgent: one urgent case is open, and several over migrant workers' wages.
func (w *town) urgent(t *testing.T) {
	n := map[string]int{}
	for _, f := range w.files {
		for _, m := range f.view.Case.Marks {
			if !f.ended() {
				n[m]++
			}
		}
	}
	if n["urgent"] < 1 || n["migrant"] < 4 {
		t.Errorf("open and marked: %v, want urgent 1 and migrant 4 at least", n)
	}
}

// mentioned is a day or a month as a text tells it; of months from one to another, the last.
var mentioned = regexp.MustCompile(`(\d{4})年(?:\d{1,2}月至)?(\d{1,2})月(?:(\d{1,2})日)?`)

// past: what was done on a day tells of nothing later.
func (w *town) past(t *testing.T) {
	n := 0
	for _, f := range w.files {
		recorded := map[uint64]calendar.Date{}
		for _, x := range f.view.Case.Taken {
			recorded[x.Seq] = calendar.In(x.At)
		}
		for i := range f.view.Case.Papers {
			for _, part := range f.view.Case.Papers[i].Parts {
				on, ok := recorded[part.Seq]
				for id, v := range part.Values {
					texts := []string{v.Text}
					for _, r := range v.Rows {
						texts = append(texts, slices.Collect(maps.Values(r))...)
					}
					for _, m := range mentioned.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
						n++
						if from := first(m); ok && from > on {
							t.Errorf("%s: %s of %s, recorded on %s, tells of %s", f.name, id, f.view.Case.Papers[i].Form, on, m[0])
						}
					}
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d days are told", n)
	}
}

// first is the day that was mentioned, or the first of the month.
func first(m []string) calendar.Date {
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	return calendar.Of(n[0], n[1], max(n[2], 1))
}

// TestSame: the same day gives the same record, byte for byte.
func TestSame(t *testing.T) {
	sum := func() string {
		h := sha256.New()
		w := found(t, "2026-11-24", bare{})
		if err := w.store.Dump(func(bucket string, key, value []byte) error {
			fmt.Fprintf(h, "%s\x00%x\x00%x\n", bucket, key, value)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	if a, b := sum(), sum(); a != b {
		t.Errorf("two counties of one day differ: %s, %s", a, b)
	}
}

// TestPapers: what the county prints can be printed, was written for it, and adds up.
func TestPapers(t *testing.T) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	w := found(t, "2026-11-24", documents.NewRenderer(blanks))
	t.Run("printed", w.printed)
	t.Run("own words", w.ownWords)
	t.Run("sums", w.sums)
}

// printed: every document went through the program's own forms and fonts.
func (w *town) printed(t *testing.T) {
	n := 0
	for _, f := range w.files {
		for _, d := range f.view.Case.Issued {
			pdf, err := w.store.Blob(d.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("%s: document %d is no PDF", f.name, d.N)
			}
			n++
		}
	}
	if n < 250 {
		t.Errorf("%d documents were issued", n)
	}
}

func BenchmarkFill(b *testing.B) {
	blanks, err := documents.Blanks(documents.Embedded())
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		found(b, "2026-11-24", documents.NewRenderer(blanks))
	}
}
