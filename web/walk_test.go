package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/specimen"
	"dossier/seeds"
	"dossier/seeds/scenario"
)

// Whole cases, carried by their people in a real browser: each step of a scenario is a form filled and sent, each page is
// looked at, and at the end every document is opened and read.
func TestWalks(t *testing.T) {
	browser := chromium(t)
	stories := []string{
		"real-subcontractor-wages", // complaint to archive, with the facts of a published case
		"labour-hearing-court",     // hearing, collective discussion, the court
		"labour-public-notice",     // an absent party
		"labour-three-places",      // three respondents, each at a place of their own
		"audit-telling-under-preservation",
		"fund-silence",
	}
	if testing.Short() {
		stories = stories[:1]
	}
	for _, name := range stories {
		t.Run(name, func(t *testing.T) { walk(t, browser, name) })
	}
}

// chromium starts one browser for all walks.
func chromium(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.DisableGPU, chromedp.Flag("disable-software-rasterizer", true),
		chromedp.WindowSize(1366, 768))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	browser, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("Chromium does not start; install it (make tools): %v", err)
	}
	return browser
}

// walker is a bureau whose people each have a window of the browser.
type walker struct {
	*bureau
	s       *scenario.Scenario
	browser context.Context
	windows map[office.PersonID]context.Context
	id      casefile.CaseID
	day     calendar.Date
	minute  int
}

// story reads a scenario.
func story(t *testing.T, name string) *scenario.Scenario {
	t.Helper()
	file := filepath.Join("..", "testdata", name+".yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read(file, data, calendar.Of(2026, 11, 24), calendar.New(seeds.Schedules()...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func walk(t *testing.T, browser context.Context, name string) {
	w := &walker{bureau: newBureau(t), s: story(t, name), browser: browser, windows: map[office.PersonID]context.Context{}}
	w.employ()
	for i := range w.s.Steps {
		w.step(i)
	}
	w.read()
}

// employ makes the scenario's people users who sign in with the bureau's password.
func (w *walker) employ() {
	hash := w.Office().Person("admin").Password
	people := map[office.PersonID]*office.Person{}
	for post, names := range w.s.People {
		for _, n := range names {
			p := people[office.PersonID(n)]
			if p == nil {
				p = &office.Person{ID: office.PersonID(n), Name: n, Password: hash}
				people[p.ID] = p
			}
			p.Posts = append(p.Posts, office.Held{Post: post})
			if slices.Contains([]procedure.Actor{"officer", "audit", "fund"}, post) {
				p.Certificates = []office.Certificate{{Number: "13052600" + fmt.Sprint(100+len(people))}}
			}
		}
	}
	var ws []ledger.RecordWrite
	for _, p := range people {
		data, err := json.Marshal(p)
		if err != nil {
			w.t.Fatal(err)
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: string(p.ID), Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(w.t.Context(), w.bureau.Engine, ws...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walker) person(who string) office.PersonID {
	if names := w.s.People[procedure.Actor(who)]; len(names) > 0 {
		return office.PersonID(names[0])
	}
	return office.PersonID(who)
}

// window is the person's own.
func (w *walker) window(who office.PersonID) context.Context {
	if c := w.windows[who]; c != nil {
		return c
	}
	c, stop := chromedp.NewContext(w.browser, chromedp.WithNewBrowserContext())
	w.t.Cleanup(stop)
	w.windows[who] = c
	if err := chromedp.Do(c); err != nil { // the first call opens the window: no time limit may close it again
		w.t.Fatal(err)
	}
	return c
}

// visitAs opens a page in the person's window, signing in with the keyboard where that is asked: at first, and when a session
// has run out over night.
func (w *walker) visitAs(who office.PersonID, path string) context.Context {
	w.t.Helper()
	c := w.window(who)
	w.run(c, chromedp.Navigate(w.srv.URL+path))
	if at := ask(w, c, chromedp.Location()); strings.Contains(at, "/login") {
		w.run(c, chromedp.SendKeys(chromedp.CSS("#name"), string(who)), chromedp.SendKeys(chromedp.CSS("#password"), password))
		w.sent(c, `form[action="/login"] button`)
	}
	return c
}

func (w *walker) run(c context.Context, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ask(w, c, chromedp.Steps(steps...))
}

// ask runs an action in a window and gives what it answers.
func ask[T any](w *walker, c context.Context, action chromedp.Action[T]) T {
	w.t.Helper()
	limited, stop := context.WithTimeout(c, time.Minute)
	defer stop()
	v, err := chromedp.Run(limited, action)
	if err != nil {
		at, _ := chromedp.Run(c, chromedp.Location())
		text, _ := chromedp.Run(c, chromedp.Evaluate[string]("document.body.innerText"))
		w.t.Fatalf("at %s: %v\n%.2000s", at, err, text)
	}
	return v
}

// sent presses a button and waits for the page that answers.
func (w *walker) sent(c context.Context, selector string) {
	w.t.Helper()
	ask(w, c, chromedp.WaitEvent(cdpage.LoadEventFired, nil, chromedp.Evaluate[bool](`document.querySelector('`+selector+`').click() ?? true`)))
}

func (w *walker) step(i int) {
	st := w.s.Steps[i]
	if st.Date != w.day {
		w.day, w.minute = st.Date, 9*60
		y, m, d := st.Date.YMD()
		w.now.set(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)) // 08:00 in Shanghai
		if _, err := w.Sweep(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	w.minute++
	y, m, d := st.Date.YMD()
	w.now.set(time.Date(y, time.Month(m), d, 0, w.minute-8*60, 0, 0, time.UTC))
	if st.Expect.Refuse != "" || st.Do == "" {
		return // refusals are the scenarios' own business; here a step is one that goes through
	}
	cmd := casefile.Command{Case: w.id, Action: st.Do, Actor: w.person(st.As), Day: st.Fact, Walk: st.Walk, Values: procedure.Values{}}
	for k, v := range st.With {
		cmd.Values[k] = v
	}
	if cmd.Day == 0 {
		cmd.Day = st.Date
	}
	at := fmt.Sprintf("/cases/%d/do/%s", w.id, st.Do)
	if st.Do == "open" {
		cmd.Workflow = w.s.Workflow
		at = "/cases/new/" + string(w.s.Workflow)
	}
	crew := map[procedure.Actor][]office.PersonID{}
	for post, names := range w.s.People {
		for _, n := range names {
			crew[post] = append(crew[post], office.PersonID(n))
		}
	}
	values, files, err := specimen.Samples(w.bureau.Engine, cmd, crew)
	if err != nil {
		w.t.Fatalf("step %d: %v", i+1, err)
	}
	c := w.visitAs(cmd.Actor, at)
	w.run(c, chromedp.WaitVisible(chromedp.CSS("form#act")))
	w.fill(c, values, cmd.Day, files)
	w.sent(c, `form#act button[value="do"]`)
	where := ask(w, c, chromedp.Location())
	if strings.Contains(where, "/do/") || strings.Contains(where, "/new") {
		told := ask(w, c, chromedp.Text(chromedp.CSS("main")))
		w.t.Fatalf("step %d, %s by %s: %.1500s", i+1, st.Do, st.As, told)
	}
	if st.Do == "open" {
		if _, err := fmt.Sscanf(where[strings.LastIndex(where, "/cases/"):], "/cases/%d", &w.id); err != nil {
			w.t.Fatalf("after open at %s", where)
		}
	}
	w.look(c, i)
}

// fill types into the form as it stands; a value can bring up further fields, so that the form is checked in between.
func (w *walker) fill(c context.Context, values procedure.Values, day calendar.Date, files []casefile.Upload) {
	w.t.Helper()
	plain := map[string]any{}
	tables := map[string]string{}
	for id, v := range values {
		switch {
		case len(v.Rows) > 0:
			tables[string(id)] = ""
		case len(v.List) > 0:
			plain[string(id)] = v.List
		default:
			plain[string(id)] = []string{v.Text}
		}
	}
	data, err := json.Marshal(plain)
	if err != nil {
		w.t.Fatal(err)
	}
	for range 3 {
		left := ask(w, c, chromedp.Evaluate[int](`(`+typing+`)(`+string(data)+`, "`+day.String()+`")`))
		w.sent(c, `form#act button[value="check"], form#act input[value="check"]`)
		if left == 0 {
			break
		}
	}
	for id := range tables {
		w.paste(c, id, values[procedure.FieldID(id)].Rows)
	}
	for _, f := range files {
		name := filepath.Join(w.t.TempDir(), filepath.Base(f.Name))
		if err := os.WriteFile(name, []byte("%PDF-1.4\n%%EOF\n"), 0o600); err != nil {
			w.t.Fatal(err)
		}
		w.run(c, chromedp.SetUploadFiles(chromedp.CSS(`[name="v.`+string(f.Field)+`"]`), []string{name}))
	}
}

// typing sets each field of the form that has a value, and answers how many of the values have no field yet.
const typing = `(values, day) => {
	const form = document.querySelector('form#act'); let left = 0;
	const d = form.querySelector('[name="day"]'); if (d) d.value = day;
	for (const [id, texts] of Object.entries(values)) {
		const inputs = [...form.querySelectorAll('[name="v.' + id + '"]')].filter(x => x.type !== 'hidden');
		if (!inputs.length) { left++; continue }
		for (const x of inputs) {
			if (x.type === 'checkbox' || x.type === 'radio') x.checked = texts.includes(x.value);
			else if (x.type === 'datetime-local') x.value = texts[0].replace(' ', 'T');
			else x.value = texts[0];
		}
	}
	return left
}`

// paste reads rows into a table as a clerk pastes them from a spreadsheet.
func (w *walker) paste(c context.Context, field string, rows []procedure.Cells) {
	w.t.Helper()
	columns := ask(w, c, chromedp.Evaluate[[]string](`[...new Set([...document.querySelectorAll('[name^="t.`+field+`.0."]')].map(x => x.name.split('.')[3]))]`))
	var b strings.Builder
	for _, r := range rows {
		for i, col := range columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(r[procedure.FieldID(col)])
		}
		b.WriteByte('\n')
	}
	text, err := json.Marshal(b.String())
	if err != nil {
		w.t.Fatal(err)
	}
	ask(w, c, chromedp.Evaluate[int](`(() => { const x = document.querySelector('[name="paste.`+field+`"]'); x.closest('details').open = true; x.value = `+string(text)+`; return 1 })()`))
	w.sent(c, `button[value="paste:`+field+`"]`)
}

// look holds the page after a step to what the scenario expects: no fault on it, the stage line, the clocks' days.
func (w *walker) look(c context.Context, i int) {
	w.t.Helper()
	st := w.s.Steps[i]
	view, err := desk.View(w.bureau.Engine, office.System, w.id)
	if err != nil {
		w.t.Fatal(err)
	}
	if st.Expect.State != "" && view.Case.Main() != st.Expect.State {
		w.t.Fatalf("step %d, %s: state %s, want %s", i+1, st.Do, view.Case.Main(), st.Expect.State)
	}
	text := ask(w, c, chromedp.Evaluate[string](`document.querySelector("main").textContent`)) // also what is folded: the party's own clocks
	for clock, due := range st.Expect.Due {
		if due == "none" {
			continue
		}
		d, err := calendar.Parse(due)
		if err != nil {
			w.t.Fatal(err)
		}
		if !strings.Contains(text, d.HanShort()) {
			w.t.Errorf("step %d, %s: the page does not say %s of %s", i+1, st.Do, d.HanShort(), clock)
		}
	}
	for _, word := range []string{"{", "}", "<nil>", "%!"} {
		if strings.Contains(text, word) {
			w.t.Errorf("step %d, %s: the page says %q", i+1, st.Do, word)
		}
	}
}

// read opens every issued document as the browser does, and reads its text.
func (w *walker) read() {
	w.t.Helper()
	view, err := desk.View(w.bureau.Engine, office.System, w.id)
	if err != nil {
		w.t.Fatal(err)
	}
	who := office.PersonID("")
	for p := range w.windows {
		if view.Case.Holds(p, view.Edition.Def.Line[0]) || who == "" {
			who = p
		}
	}
	cookies := ask(w, w.windows[who], func(ctx context.Context, t *chromedp.Target) ([]*network.Cookie, error) {
		r, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{})
		return r.Cookies, err
	})
	for _, d := range view.Case.Issued {
		if d.Void != 0 {
			continue
		}
		text := w.pdf(fmt.Sprintf("/cases/%d/documents/%d.pdf", w.id, d.N), cookies)
		for _, want := range []string{d.Code, d.Number} {
			if !strings.Contains(strip(text), strip(want)) {
				w.t.Errorf("document %d (%s) does not say %q", d.N, d.Form, want)
			}
		}
	}
}

func strip(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\u3000", "", "\u00a0", "", "\f", "").Replace(s)
}

// pdf is the text of a PDF page behind a sign-in.
func (w *walker) pdf(path string, cookies []*network.Cookie) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.srv.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return pdfText(w.t, data)
}

// pdfText is what a PDF says.
func pdfText(t *testing.T, data []byte) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	c.Stdin = bytes.NewReader(data)
	text, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext (make tools installs it): %v", err)
	}
	return string(text)
}
