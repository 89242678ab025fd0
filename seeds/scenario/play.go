package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dossier/engine"
	"dossier/engine/calendar"
	"dossier/engine/casefile"
	"dossier/engine/change"
	"dossier/engine/desk"
	"dossier/engine/ledger"
	"dossier/engine/office"
	"dossier/engine/procedure"
	"dossier/engine/refusal"
	"dossier/engine/registry"
	"dossier/engine/specimen"
	"dossier/engine/text"
)

// Stage is where scenarios are played: an engine on a store of its own whose time the player sets.
type Stage struct {
	Engine *engine.Engine
	At     *time.Time // what the engine's Now answers

	Registry *registry.Registry // where the objects of a scenario's `registry` are entered; nil: nowhere

	// Watch, if any, is told of each step: the case after it (nil: there is none yet), and the refusal.
	Watch func(*desk.CaseView, *refusal.Error)
}

// player is one run of a scenario.
type player struct {
	s     *Scenario
	stage *Stage
	ids   map[string]office.PersonID // a name's user; the name itself when it has none
	cases map[string]casefile.CaseID
	hours *hours
}

// hours is how time passes on a stage.
type hours struct {
	swept  calendar.Date
	day    calendar.Date
	minute int // of the day, since midnight
	plan   int // the minute from which the next step may be; 0: whenever
}

// Play plays a scenario and writes a line per step. The error is a *Difference at the first that differs.
func Play(ctx context.Context, s *Scenario, stage *Stage, out io.Writer) error {
	if len(s.People) == 0 {
		for _, p := range stage.Engine.Posts() {
			if len(p.Sample) > 0 {
				s.People[p.ID] = p.Sample
			}
		}
	}
	p := &player{s: s, stage: stage, cases: map[string]casefile.CaseID{}, hours: &hours{}}
	if err := p.hire(ctx); err != nil {
		return err
	}
	for i := range s.Steps {
		if err := p.step(ctx, i, out); err != nil {
			return err
		}
	}
	return nil
}

// hire makes the scenario's people users: a user's id is the name.
func (p *player) hire(ctx context.Context) error {
	var ws []ledger.RecordWrite
	for i, name := range p.s.names() {
		u := office.Person{ID: office.PersonID(name), Name: name}
		for post, names := range p.s.People {
			if !slices.Contains(names, name) {
				continue
			}
			u.Posts = append(u.Posts, office.Held{Post: post})
		}
		u.Certificates = p.certificates(name, i+1)
		slices.SortFunc(u.Posts, func(a, b office.Held) int { return strings.Compare(string(a.Post), string(b.Post)) })
		data, err := json.Marshal(u)
		if err != nil {
			return err
		}
		ws = append(ws, ledger.RecordWrite{Kind: ledger.KindPerson, ID: name, Data: data, Ledgered: true})
	}
	if err := change.KeepRecords(ctx, p.stage.Engine, ws...); err != nil {
		return err
	}
	return p.prepare(ctx)
}

// id is the user whom a name or a post means.
func (p *player) id(who string) office.PersonID {
	if names := p.s.People[procedure.Actor(who)]; len(names) > 0 {
		who = names[0]
	}
	if id, ok := p.ids[who]; ok {
		return id
	}
	return office.PersonID(who)
}

func (p *player) crew() map[procedure.Actor][]office.PersonID {
	m := map[procedure.Actor][]office.PersonID{}
	for post, names := range p.s.People {
		for _, n := range names {
			m[post] = append(m[post], p.id(n))
		}
	}
	return m
}

// pass lets time pass to the step's day: one sweep a day at 08:00.
func (p *player) pass(ctx context.Context, st Step) error {
	h := p.hours
	if h.swept == 0 {
		h.swept = st.Date - 1
		if len(p.cases) == 0 && !st.Pass {
			h.swept = st.Date // nothing to sweep before the first step
		}
	}
	for h.swept < st.Date && !st.NoSweep {
		h.swept++
		p.set(h.swept, 8*60)
		if _, err := p.stage.Engine.Sweep(ctx); err != nil {
			return err
		}
		if p.s.watched() {
			if _, err := p.alerts().Pass(ctx); err != nil {
				return err
			}
		}
	}
	if st.NoSweep && h.swept < st.Date {
		h.swept = st.Date
	}
	if h.day != st.Date {
		h.day, h.minute = st.Date, 9*60
		if h.plan > 0 {
			h.minute = 0
		}
	}
	h.minute = min(max(h.minute+1, h.plan), 23*60+59)
	p.set(st.Date, h.minute)
	return nil
}

func (p *player) set(d calendar.Date, minute int) {
	y, m, day := d.YMD()
	*p.stage.At = time.Date(y, time.Month(m), day, 0, minute, 0, 0, time.FixedZone("CST", 8*3600))
}

func (p *player) step(ctx context.Context, i int, out io.Writer) error {
	st := p.s.Steps[i]
	differ := func(what string, want, got any) error {
		return &Difference{p.s.File, st.Line, st.Col, i + 1, what, want, got}
	}
	if i > 0 && st.Date < p.s.Steps[i-1].Date {
		return differ("date", text.Say("on or after %s", p.s.Steps[i-1].Date), st.Date)
	}
	if err := p.pass(ctx, st); err != nil {
		return err
	}
	var done *engine.Outcome
	var err error
	if st.Do != "" {
		done, err = p.act(ctx, st)
	}
	if want := st.Expect.Refuse; want != "" || err != nil {
		e := refusal.As(err)
		switch {
		case err == nil:
			return differ("refuse", want, text.Words("done"))
		case e == nil:
			return fmt.Errorf("%s:%d:%d: %d: %w", p.s.File, st.Line, st.Col, i+1, err)
		case want == "":
			return differ(string(st.Do), text.Words("done"), e)
		}
		for _, w := range append([]string{want}, st.Expect.Also...) {
			if !refused(e, w) {
				return differ("refuse", w, e)
			}
		}
	}
	if done != nil && p.s.watched() {
		if _, err := p.alerts().Case(ctx, done.Case.ID); err != nil {
			return err
		}
	}
	if out == io.Discard && !st.Expect.any() {
		return nil
	}
	refusal := refusal.As(err)
	view, err := p.check(ctx, st, done, differ)
	if err != nil {
		return err
	}
	if p.stage.Watch != nil {
		p.stage.Watch(view, refusal)
	}
	state := ""
	if view != nil {
		state = string(view.Case.Main())
	}
	what := string(st.Do)
	if st.Pass {
		what = "…"
	}
	if st.Expect.Refuse != "" {
		what += " ✗ " + st.Expect.Refuse
	}
	fmt.Fprintf(out, "%s %-10s %-28s %s\n", st.Date, st.As, what, state)
	return nil
}

func (p *player) act(ctx context.Context, st Step) (*engine.Outcome, error) {
	if done, err := p.staff(ctx, st); done {
		return nil, err
	}
	cmd := casefile.Command{Case: p.cases[st.Case], Action: st.Do, Actor: p.id(st.As), Day: st.Fact, Walk: st.Walk, Paper: st.Paper,
		Values: procedure.Values{}}
	if st.For != "" {
		cmd.For = p.id(st.For)
		if err := p.lend(ctx, cmd.For, cmd.Actor, st.Date); err != nil {
			return nil, err
		}
	}
	if cmd.Day == 0 {
		cmd.Day = st.Date
	}
	for k, v := range st.With {
		cmd.Values[k] = v
	}
	fresh := st.Do == "open"
	if fresh {
		cmd.Case, cmd.Workflow = 0, p.s.Workflow
		if w, ok := cmd.Values["workflow"]; ok {
			cmd.Workflow = procedure.WorkflowID(w.Text)
			delete(cmd.Values, "workflow")
		}
	} else if cmd.Case == 0 {
		return nil, &refusal.Error{Code: refusal.NotFound, Args: refusal.Args{"what": "case", "id": st.Case}}
	}
	if len(p.ids) > 0 {
		for k, v := range cmd.Values {
			cmd.Values[k] = p.named(p.field(cmd, k), v)
		}
	}
	if p.s.Fill {
		if p.asks(cmd, st.Given) {
			var err error
			if cmd.Values, err = p.give(ctx, cmd, st.Given); err != nil {
				return nil, err
			}
		}
		values, files, err := specimen.Samples(p.stage.Engine, cmd, p.crew())
		if err != nil {
			return nil, err
		}
		cmd.Values = values
		for i := range files {
			files[i].Data = sampleFile(files[i].Name)
		}
		cmd.Files = files
	}
	if st.Do == "attach" && len(cmd.Files) == 0 {
		cmd.Files = []casefile.Upload{{Name: "考勤表.png", Data: sampleFile("考勤表.png")}}
	}
	out, err := p.stage.Engine.Do(ctx, cmd)
	if err == nil && fresh {
		p.cases[st.Case] = out.Case.ID
		if _, ok := p.cases[""]; !ok {
			p.cases[""] = out.Case.ID
		}
	}
	if err == nil {
		for n, id := range out.Opened {
			p.cases[fmt.Sprintf("opened-%d", len(p.cases)+n)] = id
		}
	}
	return out, err
}

// lend records that the principal's posts are the delegate's on that day: a step with `for:` means that they are, where the
// scenario doesn't say itself what is lent.
func (p *player) lend(ctx context.Context, from, to office.PersonID, on calendar.Date) error {
	e := p.stage.Engine
	principal := e.Office().Person(from)
	if principal == nil || p.s.lends() {
		return nil
	}
	for _, h := range principal.Posts {
		if slices.Contains(e.Office().Lent(to, h.Post, on), from) {
			continue
		}
		w, err := lent(Lent{Post: h.Post, Days: Spell{on, on}}, from, to)
		if err != nil {
			return err
		}
		if err := change.KeepRecords(ctx, e, w); err != nil {
			return err
		}
	}
	return nil
}

// named turns the names of people in a value into users, where the field asks for people: everywhere else a name is a name.
func (p *player) named(f *procedure.Field, v procedure.Value) procedure.Value {
	if len(p.ids) == 0 || f == nil || f.Type != procedure.PersonType && f.Type != procedure.People {
		return v
	}
	to := func(s string) string {
		if id, ok := p.ids[s]; ok {
			return string(id)
		}
		return s
	}
	v.Text = to(v.Text)
	v.List = slices.Clone(v.List)
	for i := range v.List {
		v.List[i] = to(v.List[i])
	}
	return v
}

// field is the field that a value of the action is typed into, nil where it has none.
func (p *player) field(cmd casefile.Command, id procedure.FieldID) *procedure.Field {
	if form := procedure.BuiltinForm(cmd.Action); form != nil {
		return form.Field(id)
	}
	ed := p.stage.Engine.Workflow(p.s.Workflow)
	if cmd.Workflow != "" {
		ed = p.stage.Engine.Workflow(cmd.Workflow)
	} else if v, err := desk.View(p.stage.Engine, office.System, cmd.Case); err == nil {
		ed = v.Edition
	}
	if ed == nil {
		return nil
	}
	var found *procedure.Field
	ed.Def.Each(func(_ *procedure.Walk, _ *procedure.State, a *procedure.Action) {
		if found != nil || a.ID != cmd.Action {
			return
		}
		for _, fp := range a.Blanks() {
			if form := ed.Forms[fp.Form]; form != nil && found == nil {
				found = form.Field(id)
			}
		}
	})
	return found
}

// specimen makes the bytes of a file that a sample names: a small picture, or a text.
func sampleFile(name string) []byte {
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	img.SetGray(3, 3, color.Gray{200})
	var b bytes.Buffer
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg":
		_ = jpeg.Encode(&b, img, nil)
	case ".png":
		_ = png.Encode(&b, img)
	default:
		b.WriteString(name + "\n")
	}
	return b.Bytes()
}
