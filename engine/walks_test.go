package engine_test

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dossier/engine/casefile"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/rules"
	"dossier/engine/specimen"
	"dossier/seeds/fixture"
	"dossier/seeds/scenario"
)

// A walk goes through a procedure at random: somebody does something that is offered, filled with samples, sometimes with
// another choice or an earlier day; days pass; what every procedure has is thrown in. Whatever happens, the invariants hold.
func TestRandomWalks(t *testing.T) {
	eds, err := brought()
	if err != nil {
		t.Fatal(err)
	}
	for seed, ed := range eds {
		t.Run(string(ed.Def.ID), func(t *testing.T) {
			t.Parallel()
			w := newWalker(t, ed.Def.ID, uint64(seed))
			w.record(t, ledger.KindSetting, office.SettingRegimes, []office.SettingRow{{Value: ed.Def.Regime}}) // also what the office begins without
			w.walk(t, 40)
			w.counted(t)
		})
	}
}

// A walk begins where a scenario was left at some step, so that it comes where chance alone seldom does.
func TestRandomWalksFromScenarios(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for seed, file := range some(files) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			sc := read(t, file)
			w := unstaffed(t, sc.Workflow, uint64(seed)) // who stands in where the only one may not is the scenario's own office
			sc.Steps = sc.Steps[:1+w.rnd.IntN(len(sc.Steps))]
			w.told = append(w.told, fmt.Sprintf("%s, %d steps", sc.Title, len(sc.Steps)))
			if err := scenario.Play(t.Context(), sc, &scenario.Stage{Engine: w.Engine, At: w.now, Registry: fixture.Registry(t, w.Engine)}, io.Discard); err != nil {
				t.Fatal(err)
			}
			w.staff(t)
			if n := w.cases(t); n > 0 {
				w.id = 1 + casefile.CaseID(w.rnd.IntN(int(n)))
				w.flow = w.snapshot(t, w.id).Workflow
			}
			w.walk(t, 5)
		})
	}
}

// newWalker is a walk on a stage of its own.
func newWalker(t *testing.T, flow procedure.WorkflowID, seed uint64) *walker {
	t.Helper()
	w := unstaffed(t, flow, seed)
	w.staff(t)
	return w
}

// unstaffed is a walk in an office that nobody has entered yet.
func unstaffed(t *testing.T, flow procedure.WorkflowID, seed uint64) *walker {
	t.Helper()
	return &walker{stage: newStage(t, brought), rnd: rand.New(rand.NewPCG(seed, 7)), flow: flow}
}

// walk takes so many steps, and proves the record that they leave.
func (w *walker) walk(t *testing.T, steps int) {
	t.Helper()
	for range steps {
		w.step(t)
		if t.Failed() {
			t.Fatalf("after:\n%s", strings.Join(w.told, "\n"))
		}
	}
	w.prove(t)
}

// walker is one walk: a stage of its own, its case, and what was done so far.
type walker struct {
	*stage
	rnd  *rand.Rand
	flow procedure.WorkflowID
	crew map[procedure.Actor][]office.PersonID
	id   casefile.CaseID
	told []string
}

// staff gives every post three people.
func (w *walker) staff(t *testing.T) {
	posts := map[office.PersonID]procedure.Actor{}
	w.crew = map[procedure.Actor][]office.PersonID{}
	for _, post := range w.Posts() {
		post := post.ID
		for i := range 3 {
			id := office.PersonID(fmt.Sprintf("%s%d", post, i+1))
			posts[id], w.crew[post] = post, append(w.crew[post], id)
		}
	}
	for id, post := range posts {
		p := office.Person{ID: id, Name: string(id), Posts: []office.Held{{Post: post}}}
		if post == "training" || procedure.FindPost(w.Posts(), post).Certificate {
			p.Certificates = []office.Certificate{{Number: "证" + string(id)}}
		}
		w.record(t, ledger.KindPerson, string(id), p)
	}
}

// offer is something that somebody may do.
type offer struct {
	who office.PersonID
	desk.Available
}

// step opens a case when there is none, else lets somebody do something that is offered, and asks the invariants.
func (w *walker) step(t *testing.T) {
	t.Helper()
	if w.rnd.IntN(3) == 0 {
		*w.now = w.now.AddDate(0, 0, 1+w.rnd.IntN(6))
		if _, err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if w.id == 0 {
		w.open(t)
		return
	}
	offers, left := w.offers(t)
	if !left {
		w.id = 0
		return
	}
	o := offers[w.rnd.IntN(len(offers))]
	cmd := casefile.Command{Case: w.id, Action: o.Action, Actor: o.who, Walk: o.Walk, Values: w.vary(o.Available)}
	if w.rnd.IntN(4) == 0 {
		cmd.Day = w.Today().Add(-w.rnd.IntN(4))
	}
	if o.Builtin {
		cmd.Walk = ""
		w.builtin(t, &cmd)
	}
	w.press(t, cmd)
}

func (w *walker) open(t *testing.T) {
	ed := w.Workflow(w.flow)
	var by []procedure.Actor
	for _, list := range ed.Def.Open.By.Values() {
		by = append(by, list...)
	}
	who := w.crew[by[w.rnd.IntN(len(by))]][w.rnd.IntN(3)]
	w.press(t, casefile.Command{Workflow: w.flow, Actor: who, Values: w.vary(desk.Available{Forms: ed.Def.Open.Form.Values()})})
}

// press does the command and asks what must hold; a refusal changes nothing, and any other error is a failure.
func (w *walker) press(t *testing.T, cmd casefile.Command) {
	t.Helper()
	values, files, err := specimen.Samples(w.stage.Engine, cmd, w.crew)
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i].Data = []byte(files[i].Name)
	}
	cmd.Values, cmd.Files = values, append(cmd.Files, files...)
	seen, err := desk.Foresee(w.stage.Engine, cmd)
	if err != nil {
		t.Fatalf("foreseen: %v", err)
	}
	line := fmt.Sprintf("%s %s %s %s %v", w.Today(), cmd.Actor, cmd.Action, cmd.Walk, cmd.Values)
	var before uint64
	if cmd.Case != 0 {
		before = w.snapshot(t, cmd.Case).Seq
	}
	out, err := w.Do(t.Context(), cmd)
	if err != nil {
		e := refusal.As(err)
		w.told = append(w.told, line+" ✗ "+err.Error())
		switch {
		case e == nil:
			t.Errorf("%s: %v", line, err)
		case seen.Err == nil || seen.Err.Code != e.Code:
			t.Errorf("%s: refused with %v, foreseen was %v", line, e, seen.Err)
		case cmd.Case != 0 && w.snapshot(t, cmd.Case).Seq != before:
			t.Errorf("%s: refused, and the case has moved", line)
		}
		return
	}
	w.told = append(w.told, line+" → "+string(out.Case.Main()))
	w.id = out.Case.ID
	if seen.Err != nil {
		t.Errorf("%s: done, foreseen was %v", line, seen.Err)
	}
	w.hold(t)
}

// vary chooses now and then another value of a choice than the sample's.
func (w *walker) vary(a desk.Available) procedure.Values {
	values := procedure.Values{}
	for _, fp := range a.Forms {
		form := w.Workflow(w.flow).Forms[fp.Form]
		if form == nil || form.Part(fp.Part) == nil {
			continue
		}
		for _, f := range form.Part(fp.Part).Fields {
			if f.Shows != nil || w.rnd.IntN(4) != 0 {
				continue
			}
			switch f.Type {
			case procedure.ChoiceType:
				values[f.ID] = procedure.TextValue(f.Choices[w.rnd.IntN(len(f.Choices))].Value)
			case procedure.Choices:
				values[f.ID] = procedure.Value{List: []string{f.Choices[w.rnd.IntN(len(f.Choices))].Value}}
			case procedure.YesNo:
				values[f.ID] = procedure.TextValue([]string{"yes", "no"}[w.rnd.IntN(2)])
			case procedure.Money:
				values[f.ID] = procedure.TextValue([]string{"0.00", "3000.00", "20000.00"}[w.rnd.IntN(3)])
			}
		}
	}
	return values
}

// builtin fills an action that every procedure has.
func (w *walker) builtin(t *testing.T, cmd *casefile.Command) {
	c := w.snapshot(t, w.id)
	set := func(pairs ...string) {
		for k, v := range texts(append(pairs, "reason=核对原件")...) {
			cmd.Values[k] = v
		}
	}
	cmd.Values = procedure.Values{}
	switch cmd.Action {
	case "note":
		cmd.Values = texts("text=看过")
	case "attach":
		cmd.Values = texts("proves=考勤")
		cmd.Files = []casefile.Upload{{Name: "考勤.txt", Data: []byte("考勤")}}
	case "correct-fact":
		d := c.Days[w.rnd.IntN(len(c.Days))]
		set("name="+named(d), "day="+d.Day.Add(w.rnd.IntN(7)-3).String())
	case "correct-value":
		p := c.Papers[w.rnd.IntN(len(c.Papers))]
		for f, v := range p.Parts[w.rnd.IntN(len(p.Parts))].Values {
			if v.Text != "" {
				set("name="+string(p.Form)+"."+string(f), "value="+v.Text)
			}
		}
	case "hand-over":
		set("officers=officer2,officer3")
	case "mark":
		cmd.Values = texts("mark=urgent", "off="+[]string{"yes", "no"}[w.rnd.IntN(2)])
	case "supervise":
		set("day=" + w.Today().Add(w.rnd.IntN(9)).String())
	case "void-document":
		set(fmt.Sprintf("n=%d", 1+w.rnd.IntN(max(1, len(c.Issued)))))
	case "answer-finding":
		for _, f := range c.Findings {
			set("finding=" + string(f.Action))
		}
	case "link-case":
		set(fmt.Sprintf("case=%d", 1+w.rnd.IntN(int(w.cases(t)))))
	default:
		set()
	}
}

// offers lists what is offered, the likelier the more often; false when the case's business is over and nobody has
// anything to do.
func (w *walker) offers(t *testing.T) ([]offer, bool) {
	t.Helper()
	var out []offer
	acts, free, voids := false, false, false
	lacking := map[refusal.Code]bool{}
	people := w.Office().People()
	for _, k := range w.rnd.Perm(len(people)) {
		who := people[k].ID
		v, err := desk.View(w.stage.Engine, who, w.id)
		if err != nil {
			if e := refusal.As(err); e == nil || e.Code != refusal.NotFound {
				t.Fatal(err)
			}
			continue
		}
		for _, a := range v.Actions {
			weight := 3
			switch {
			case a.Builtin && w.rnd.IntN(12) != 0, len(a.Missing) > 0 && w.rnd.IntN(8) != 0, a.Walk != procedure.Main && w.rnd.IntN(3) != 0:
				weight = 0
			case a.Builtin, a.Decision == procedure.Return, a.Decision == procedure.Refuse, a.Walk != procedure.Main:
				weight = 1
			case a.Moves:
				weight = 9
			}
			voids = voids || a.Action == "void-document"
			if !a.Builtin {
				acts, free = true, free || len(a.Missing) == 0
				for _, m := range a.Missing {
					lacking[m.Code] = true
				}
			}
			for range weight {
				out = append(out, offer{who, a})
			}
		}
		if free && len(out) > 40 {
			break
		}
	}
	c := w.snapshot(t, w.id)
	st := w.Workflow(w.flow).Def.Main.State(c.Main())
	switch {
	case st.End:
	case !acts:
		t.Fatalf("case %d stands in %s, where nobody can act", w.id, c.Main())
	case !free && !lacking["window-over"] && !lacking["pending"] && !(lacking["to-issue"] && voids):
		// neither time nor a later issue opens the way, nor the voiding of a document that waits to be served
		t.Fatalf("case %d stands in %s, where everything that is offered lacks %v", w.id, c.Main(), slices.Collect(maps.Keys(lacking)))
	}
	return out, acts && len(out) > 0
}

// hold asks what must be true of a case at any time.
func (w *walker) hold(t *testing.T) {
	t.Helper()
	v, err := desk.View(w.stage.Engine, office.System, w.id)
	if err != nil {
		t.Fatal(err)
	}
	c := w.snapshot(t, w.id)
	clocks := map[procedure.ClockID]bool{}
	for _, r := range v.Clocks {
		if clocks[r.ID] {
			t.Errorf("two clocks are called %s", r.ID)
		}
		clocks[r.ID] = true
		if r.State == rules.VoidClock && r.Due == 0 && r.Run.By != 0 && r.Run.By < r.Start { // its day had passed when the party got it
			continue
		}
		open := len(r.Run.Pauses) > 0 && r.Run.Pauses[len(r.Run.Pauses)-1].To == 0
		if (r.Due == 0) != open {
			t.Errorf("clock %s is due %v with suspensions %v", r.ID, r.Due, r.Run.Pauses)
		}
		done := r.State == rules.MetClock || r.State == rules.MissedClock || r.State == rules.WaivedWindow
		if done != (r.Ended != 0) {
			t.Errorf("clock %s is %s, ended %v", r.ID, r.State, r.Ended)
		}
		if r.State == rules.MissedClock && r.Ended <= r.Due || r.State == rules.MetClock && r.Due != 0 && r.Ended > r.Due {
			t.Errorf("clock %s, due %s and ended %s, is %s", r.ID, r.Due, r.Ended, r.State)
		}
		if r.Def.Kind == procedure.Window && r.State == rules.OverdueClock {
			t.Errorf("the window %s is overdue", r.ID)
		}
	}
	papers := map[string]bool{}
	for i, p := range c.Papers {
		key := fmt.Sprintf("%s of %s in %s", p.Form, p.For, p.Walk)
		if p.Open && papers[key] {
			t.Errorf("two papers %s are open", key)
		}
		papers[key] = papers[key] || p.Open
		if p.P != i+1 || p.Open && p.Doc != 0 || p.Doc != 0 && c.Issued[p.Doc-1].P != p.P {
			t.Errorf("paper %d: %+v", i+1, p)
		}
		now := map[procedure.PartID]bool{}
		for _, x := range p.Parts {
			if x.Past == 0 && now[x.Part] {
				t.Errorf("part %s of paper %d stands twice", x.Part, p.P)
			}
			now[x.Part] = now[x.Part] || x.Past == 0
		}
	}
	numbers := map[string]int{}
	for i, d := range c.Issued {
		if d.N != i+1 || d.Code == "" || d.SHA256 == "" {
			t.Errorf("document %d: %+v", i+1, d)
		}
		if d.Number != c.Numbers["case"] && d.Number != c.Numbers["intake"] {
			if n, twice := numbers[d.Number]; twice {
				t.Errorf("documents %d and %d have the number %s", n, d.N, d.Number)
			}
			numbers[d.Number] = d.N
		}
	}
	for _, x := range c.Walks {
		if w.Workflow(w.flow).Def.Walk(x.Def).State(x.State) == nil {
			t.Errorf("walk %s stands nowhere: %q", x.ID, x.State)
		}
	}
}

// counted holds the numbers that all events took to their counters: each once, without a gap.
func (w *walker) counted(t *testing.T) {
	t.Helper()
	taken := map[string][]uint64{}
	for id := range w.cases(t) {
		evs, err := desk.Events(w.stage.Engine, office.System, id+1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, ev := range evs {
			for _, n := range ev.Counted {
				taken[n.Counter] = append(taken[n.Counter], n.N)
			}
		}
	}
	if len(taken) == 0 {
		t.Error("no number was taken")
	}
	for counter, ns := range taken {
		slices.Sort(ns)
		for i, n := range ns {
			if n != uint64(i+1) {
				t.Errorf("counter %s: %v", counter, ns)
				break
			}
		}
		if last, err := w.store.Counter(counter); err != nil || last != uint64(len(ns)) {
			t.Errorf("counter %s stands at %d, %d numbers were taken (%v)", counter, last, len(ns), err)
		}
	}
}
