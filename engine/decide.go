package engine

import (
	"maps"
	"slices"
	"time"

	"dossier/engine/calendar"
	"dossier/engine/secret"
)

// System is who acts when nobody does: timers.
const System PersonID = "system"

// turn decides one command. It is pure: everything it asks was read before, or is read through counter and linked, which
// answer from one view of the store.
type turn struct {
	office  *Office
	now     time.Time
	today   calendar.Date
	missing func(string) []rune
	edition func(WorkflowID) *Edition
	linked  func(*Case, WorkflowID) bool
	counter func(string) (uint64, error) // the value read; the turn counts on from it
	taken   map[string]counted           // counters that this turn moves
	opened  []*decided                   // cases that this turn opens
}

type counted struct{ read, value uint64 }

// decided is one case with its new events, before they are sealed.
type decided struct {
	ed     *Edition
	read   uint64 // the sequence number it was read at
	before *Case
	c      *Case
	events []*Event
}

// next takes the next number of a counter.
func (t *turn) next(name string) (uint64, error) {
	n, ok := t.taken[name]
	if !ok {
		v, err := t.counter(name)
		if err != nil {
			return 0, err
		}
		n = counted{v, v}
	}
	n.value++
	t.taken[name] = n
	return n.value, nil
}

// spot is an action found in the place where the case is.
type spot struct {
	def   *Walk
	state *State
	act   *Action
	id    WalkID // of the walk in the case: "evidence-2"
	fresh bool   // the walk begins with this action
}

// spots gives every place where the action can be done now.
func spots(ed *Edition, c *Case, id ActionID) []spot {
	var ss []spot
	add := func(def *Walk, st *State, walk WalkID, fresh bool) {
		if st != nil {
			if a := st.Action(id); a != nil {
				ss = append(ss, spot{def, st, a, walk, fresh})
			}
		}
	}
	main := ed.Def.Main.State(c.Main())
	add(&ed.Def.Main, main, Main, false)
	for i := range ed.Def.Sides {
		def := &ed.Def.Sides[i]
		if main == nil || !def.Lives(main) {
			continue
		}
		n, idle := 0, false
		for _, w := range c.Walks[1:] {
			if w.Def != def.ID {
				continue
			}
			n++
			idle = idle || w.State == def.States[0].ID // returned or taken back: the next request is made there
			add(def, def.State(w.State), w.ID, false)
		}
		if n == 0 || def.Repeats && !idle {
			add(def, &def.States[0], instance(def.ID, n+1), true)
		}
	}
	return ss
}

func instance(id WalkID, n int) WalkID {
	if n == 1 {
		return id
	}
	return id + WalkID("-"+itoa(n))
}

// find picks the place that the command means.
func find(ed *Edition, c *Case, cmd *Command) (spot, *Error) {
	ss := spots(ed, c, cmd.Action)
	for _, s := range ss {
		if cmd.Walk == "" || cmd.Walk == s.id || cmd.Walk == s.def.ID && s.fresh {
			return s, nil
		}
	}
	known := false
	ed.Def.Each(func(w *Walk, _ *State, a *Action) {
		known = known || a.ID == cmd.Action
	})
	if known && cmd.Seq != 0 && cmd.Seq < c.Seq { // drawn before somebody moved the case on
		return spot{}, fail(CaseMovedOn, Args{"action": string(cmd.Action), "state": string(c.Main())})
	}
	return spot{}, fail(UnknownAction, Args{"action": string(cmd.Action), "state": string(c.Main())})
}

// parts are the form parts that an action fills, given what is typed.
func (s *scope) parts(a *Action) ([]FormPart, []*Part) {
	var fps []FormPart
	if f, ok := choose(s, a.Form); ok && f.Form != "" {
		fps = append(fps, f)
	}
	for _, o := range a.Forms {
		if s.holds(o.When) && !o.None {
			fps = append(fps, o.Value)
		}
	}
	var ps []*Part
	for _, fp := range fps {
		if f := s.ed.Forms[fp.Form]; f != nil {
			if p := f.Part(fp.Part); p != nil {
				ps = append(ps, p)
			}
		}
	}
	return fps, ps
}

// act decides one action of the procedure. The case is nil for `open`.
func (t *turn) act(ed *Edition, before *Case, cmd *Command) (*Case, *Event, error) {
	sp := spot{&ed.Def.Main, nil, &ed.Def.Open, Main, false}
	c := before
	if before == nil {
		c = &Case{ID: cmd.Case, Workflow: ed.Def.ID, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{}}
	} else {
		var err *Error
		if sp, err = find(ed, c, cmd); err != nil {
			return nil, nil, err
		}
	}
	day := cmd.Day
	if day == 0 {
		day = t.today
	}
	s := newScope(ed, t.office, c, day, t.today)
	s.act, s.walk, s.actor, s.behalf = sp.act, sp.id, cmd.Actor, cmd.For
	if t.linked != nil {
		s.linked = func(w WorkflowID) bool { return t.linked(c, w) }
	}
	r := &reader{s: s, missing: t.missing, brief: s.brief(sp), uploads: len(cmd.Files)}
	values, ps := s.prepare(sp.act, cmd.Values, r)
	fps := s.fills

	as, err := t.admit(s, sp, cmd)
	if err != nil {
		return nil, nil, err
	}
	fills, err := s.papers(fps, values, cmd.Paper)
	if err != nil {
		return nil, nil, err
	}
	if sp.act.Decision != "" || len(fps) > 0 {
		if err := s.duty(fills); err != nil {
			return nil, nil, err
		}
	}

	if cmd.Seq != 0 && before != nil {
		if cmd.Seq > before.Seq {
			return nil, nil, fail(Unreadable, Args{"what": "seq"})
		}
		if s.rests(sp, fills, cmd.Seq) {
			return nil, nil, fail(CaseMovedOn, Args{"action": string(cmd.Action), "state": string(c.Main())})
		}
	}
	bad := &Error{Fields: r.faults}
	if cmd.opened { // what the other case could not carry over is asked when this one goes on
		bad.Fields = slices.DeleteFunc(bad.Fields, func(f FieldFault) bool { return f.Why == "field.required" })
	}
	if day > t.today {
		bad.Fields = append(bad.Fields, FieldFault{"day", FactInFuture, "fact-in-future", Args{"day": day.String(), "today": t.today.String()}})
	}
	if before != nil && sp.def.ID == Main && !sp.act.Halted {
		for _, w := range c.Walks[1:] {
			if st := ed.Def.Walk(w.Def).State(w.State); st != nil && st.Halts {
				bad.Conditions = append(bad.Conditions, Condition{Code: Suspended, Args: Args{"walk": string(w.Def)}, Law: sp.act.Law})
			}
		}
	}
	var soft []Finding
	ev := &Event{Schema: EventSchema, Case: c.ID, Seq: c.Seq + 1, At: t.now, Actor: cmd.Actor, For: s.behalf, As: as,
		Action: sp.act.ID, Walk: sp.id, Day: day, Calendar: t.office.Calendar.Version(), Decision: sp.act.Decision, Papers: fills,
		Voids: sp.act.Voids, Barred: s.barred(), Aside: s.aside()}
	ev.Marks, _ = choose(s, sp.act.Marks)
	if sp.state != nil {
		ev.From = sp.state.ID
	}
	if sp.fresh {
		ev.WalkDef = sp.def.ID
	}
	for i := range sp.act.Guards {
		g := &sp.act.Guards[i]
		cond := s.guard(g)
		if cond == nil {
			continue
		}
		if g.Soft {
			soft = append(soft, finding(ev.Seq, sp.act, i, cond))
			continue
		}
		bad.Conditions = append(bad.Conditions, *cond)
	}

	// From here on the event is built on a working copy, so that choices see what this action itself brings.
	work := c.draft()
	if before == nil {
		ev.Open = &Opening{ed.Def.ID, ed.Def.Version, ed.Hash}
	}
	ev.Shared = s.shared(ps, values)
	t.assign(s, sp.act, values, ev)
	work.Seq = ev.Seq
	work.fill(ed, ev)
	w := *s
	w.c, w.fills, w.runs = work, nil, nil
	work.date(&Event{Seq: ev.Seq, Voids: ev.Voids})
	if err := t.number(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	if err := t.issue(&w, sp, ev); err != nil {
		return nil, nil, err
	}
	work.keep(&Event{Issued: ev.Issued})
	if fs, ok := choose(&w, sp.act.Fact); ok {
		for _, id := range fs {
			faults := w.setDay(ev, sp, id)
			bad.Fields = append(bad.Fields, faults...)
		}
	}
	if before != nil && len(ev.Days) == 0 {
		if d, ok := w.opening(); ok && day < d.Day {
			bad.Fields = append(bad.Fields, w.tooEarly(d))
		}
	}
	work.date(&Event{Seq: ev.Seq, Days: ev.Days})
	w.runs = nil
	if to, ok := choose(&w, sp.act.To); ok || sp.fresh {
		at, err := sp.machine(to).take(sp.act.ID)
		if err != nil {
			return nil, nil, err
		}
		ev.To = at
	}
	ev.MovesMain = sp.act.Moves
	bad.Conditions = append(bad.Conditions, w.leave(ev, sp)...)
	if e := bad.settle(); e != nil {
		return nil, nil, e
	}
	ev.Findings = soft
	after := apply(ed, before, ev)
	if before != nil && late(before, ev) {
		t.recheck(ed, after, ev)
		after = apply(ed, before, ev)
	}
	return after, ev, nil
}

// settle gives the error its code; nil when nothing is wrong.
func (e *Error) settle() *Error {
	switch {
	case len(e.Conditions) > 0:
		e.Code = ConditionUnmet
		if c := e.Conditions[0].Code; one(e.Conditions, func(x Condition) bool { return x.Code == c }) && len(e.Fields) == 0 {
			switch c {
			case ClockExpired, AlreadyOpen, SideWalkOpen, Suspended:
				e.Code, e.Args = c, e.Conditions[0].Args
			case SeparationOfDuty: // its own words name a part of a paper, which a condition doesn't
				e.Code = c
			}
		}
		return e
	case len(e.Fields) > 0:
		e.Code = FieldInvalid
		if c := e.Fields[0].Code; one(e.Fields, func(x FieldFault) bool { return x.Code == c }) {
			e.Code = c
		}
		return e
	}
	return nil
}

func one[T any](list []T, same func(T) bool) bool {
	for _, x := range list {
		if !same(x) {
			return false
		}
	}
	return true
}

// admit asks whether the person may do this: by a post of their own, by a role of the case, or as delegate. It sets the
// scope's principal.
func (t *turn) admit(s *scope, sp spot, cmd *Command) (Actor, error) {
	by, _ := choose(s, sp.act.By)
	if cmd.Actor == System {
		if slices.Contains(by, Timer) {
			return Timer, nil
		}
		return "", fail(NotYourGate, Args{"action": string(sp.act.ID)})
	}
	p := t.office.Person(cmd.Actor)
	if p == nil || !p.Active(t.today) {
		return "", fail(Forbidden, Args{"who": string(cmd.Actor)})
	}
	if cmd.Token && sp.act.Decision != "" {
		return "", fail(Forbidden, Args{"who": p.Name, "action": string(sp.act.ID)})
	}
	if cmd.opened {
		return by[0], nil
	}
	for _, a := range by {
		if cmd.For == "" && (p.Holds(a, t.today) || slices.Contains(s.role(a), cmd.Actor)) {
			return a, nil
		}
	}
	for _, a := range by {
		for _, q := range t.office.Lent(cmd.Actor, a, t.today) {
			if cmd.For == "" || cmd.For == q {
				s.behalf = q
				return a, nil
			}
		}
	}
	var names []string
	for _, a := range by {
		names = append(names, string(a))
	}
	return "", fail(NotYourGate, Args{"action": string(sp.act.ID), "by": joinWords(names), "who": p.Name})
}

// papers says which papers the action fills.
func (s *scope) papers(fps []FormPart, values Values, chosen int) ([]PaperFill, error) {
	var fills []PaperFill
	n := len(s.c.Papers)
	for _, fp := range fps {
		form := s.ed.Forms[fp.Form]
		people := []string{""}
		if fp.Per == "respondent" {
			people = s.addressees(values)
		}
		own := Values{}
		part := form.Part(fp.Part)
		for i := range part.Fields {
			if v, ok := values[part.Fields[i].ID]; ok {
				own[part.Fields[i].ID] = v
			}
		}
		for _, who := range people {
			mine := own
			if _, ok := own["respondent"]; ok && fp.Per != "" {
				mine = maps.Clone(own)
				mine["respondent"] = TextValue(who)
			}
			f := PaperFill{Form: fp.Form, Part: fp.Part, For: who, Values: mine}
			for i := range s.c.Papers {
				p := &s.c.Papers[i]
				if p.Form == fp.Form && p.Open && p.Walk == s.walk && p.For == who && (chosen == 0 || chosen == p.P) {
					f.P = p.P
				}
			}
			if f.P == 0 {
				n++
				f.P, f.New = n, true
				if !form.First(fp.Part) {
					for _, d := range s.c.Issued {
						if d.Form == fp.Form && d.Void == 0 && s.c.Papers[d.P-1].For == who {
							f.From = d.P
						}
					}
				}
			}
			fills = append(fills, f)
		}
	}
	return fills, nil
}

// addressees are those for whom a paper each is made: the parties, or of an action that sets a fact kept per respondent
// those that its values name.
func (s *scope) addressees(values Values) []string {
	named := values["respondent"].Strings()
	for _, fs := range s.act.Fact.Values() {
		for _, id := range fs {
			if f := s.ed.Def.Fact(id); f != nil && contains(f.Per, "respondent") && len(named) > 0 {
				return named
			}
		}
	}
	return s.respondents()
}

// duty holds one person to one part of one paper, delegations included.
func (s *scope) duty(fills []PaperFill) error {
	for _, f := range fills {
		p := s.c.Paper(f.P)
		if f.New {
			p = s.c.Paper(f.From)
		}
		if p == nil {
			continue
		}
		order := partOrder(s.ed, f.Form)
		for _, x := range p.Parts {
			if x.Part == f.Part || f.New && (x.Past != 0 || order[x.Part] > order[f.Part]) {
				continue // what the new paper does not take over
			}
			for _, a := range []PersonID{x.By, x.For} {
				if a != "" && (a == s.actor || a == s.behalf) {
					return fail(SeparationOfDuty, Args{"who": s.office.Name(a), "form": string(f.Form), "part": string(x.Part)})
				}
			}
		}
	}
	return nil
}

// brief are the parts of which a return or a refusal asks for the opinion alone: those that an approving action of the
// same state signs too.
func (s *scope) brief(sp spot) map[FormPart]bool {
	if sp.state == nil || sp.act.Decision != Return && sp.act.Decision != Refuse {
		return nil
	}
	parts := map[FormPart]bool{}
	for i := range sp.state.Actions {
		if a := &sp.state.Actions[i]; a.Decision == Approve {
			for _, fp := range a.blanks() {
				parts[FormPart{Form: fp.Form, Part: fp.Part}] = true
			}
		}
	}
	return parts
}

// rests tells whether something that the action rests on has changed since the page was drawn: its walk's state, its
// paper, a fact that it or its guards name.
func (s *scope) rests(sp spot, fills []PaperFill, seq uint64) bool {
	if w := s.c.Walk(sp.id); w != nil && w.Seq > seq {
		return true
	}
	for _, f := range fills {
		if p := s.c.Paper(f.P); p != nil {
			for _, x := range p.Parts {
				if x.Seq > seq || x.Past > seq {
					return true
				}
			}
		}
	}
	named := map[FactID]bool{}
	for _, fs := range sp.act.Fact.Values() {
		for _, id := range fs {
			if f := s.ed.Def.Fact(id); f != nil && f.After != "" {
				named[f.After] = true
			}
		}
	}
	clock := func(id string) {
		if c := s.ed.Def.Clock(ClockID(id)); c != nil {
			for _, src := range c.From.Sources {
				named[src.Fact] = true
			}
			for _, f := range append(slices.Clone(c.Until), c.Stopped...) {
				named[f] = true
			}
		}
	}
	for _, g := range sp.act.Guards {
		shape := GuardArgs[g.Name]
		for _, x := range g.Arg.Strings() {
			switch shape.One + shape.Many {
			case ArgFact:
				named[FactID(x)] = true
			case ArgClock:
				clock(x)
			}
		}
	}
	for _, d := range s.c.Days {
		if named[d.Fact] && (d.Seq > seq || d.Fixed > seq || d.Void > seq) {
			return true
		}
	}
	return false
}

// shared are the values of the case that these parts bring.
func (s *scope) shared(ps []*Part, values Values) Values {
	var out Values
	for _, p := range ps {
		for i := range p.Fields {
			f := &p.Fields[i]
			if v, ok := values[f.ID]; ok && f.Shared && !v.Equal(s.c.Shared[f.ID]) {
				if out == nil {
					out = Values{}
				}
				out[f.ID] = v
			}
		}
	}
	return out
}

// assign gives and takes roles, and notes the certificates that stood on the fact day.
func (t *turn) assign(s *scope, a *Action, values Values, ev *Event) {
	for role, field := range a.Assigns {
		if v := values[field]; !v.Empty() {
			if ev.Roles == nil {
				ev.Roles = map[Actor][]PersonID{}
			}
			ev.Roles[role] = personIDs(v)
		}
	}
	for _, role := range a.Releases {
		if ev.Roles == nil {
			ev.Roles = map[Actor][]PersonID{}
		}
		ev.Roles[role] = nil
	}
	for _, g := range a.Guards {
		if g.Name != "certified" {
			continue
		}
		for _, id := range s.people(g.Arg.Named["people"]) {
			if n, ok := t.office.Certificate(id, s.day); ok {
				if ev.Certificates == nil {
					ev.Certificates = map[PersonID]string{}
				}
				ev.Certificates[id] = n
			}
		}
	}
}

// opening is the day of the case's first fact: nothing of the case happened before it.
func (s *scope) opening() (Day, bool) {
	for _, fs := range s.ed.Def.Open.Fact.Values() {
		for _, id := range fs {
			if d, ok := s.latest(id); ok {
				return d, true
			}
		}
	}
	return Day{}, false
}

func (s *scope) tooEarly(cause Day) FieldFault {
	title := string(cause.Fact)
	if f := s.ed.Def.Fact(cause.Fact); f != nil {
		title = f.Title.ZH
	}
	return FieldFault{"day", FactBeforeCause, "fact-before-cause",
		Args{"day": s.day.String(), "cause": title, "limit": cause.Day.String()}}
}

// setDay adds the settings of one fact to the event, for each document and respondent that the values name.
func (s *scope) setDay(ev *Event, sp spot, id FactID) []FieldFault {
	f := s.ed.Def.Fact(id)
	if f == nil {
		return nil
	}
	var faults []FieldFault
	if f.After != "" {
		if cause, ok := s.latest(f.After); ok && s.day < cause.Day {
			faults = append(faults, s.tooEarly(cause))
		}
	}
	if open, ok := s.opening(); ok && len(faults) == 0 && s.day < open.Day && open.Fact != id {
		faults = append(faults, s.tooEarly(open))
	}
	if f.Workday {
		if work, _ := s.office.Calendar.Workday(s.day); !work {
			faults = append(faults, FieldFault{"day", FieldInvalid, "field.workday", Args{"day": s.day.String(), "next": s.office.Calendar.Next(s.day).String()}})
		}
	}
	day, raw := s.day, calendar.Date(0)
	if f.Shift != nil {
		v, _ := s.values[f.Shift.Field]
		if p, ok := f.Shift.Periods[v.Text]; ok {
			raw = day
			day, _, _ = s.office.Calendar.Add(day, p)
		}
	}
	keys := []key{{}}
	if sp.def.Repeats {
		keys[0].walk = string(sp.id)
	}
	for _, per := range f.Per {
		var names []string
		switch per {
		case "document":
			names = s.values["document"].Strings()
			if _, asked := s.values["document"]; !asked { // the documents that this very action issues
				for _, d := range ev.Issued {
					names = append(names, itoa(d.N))
				}
			}
		case "respondent":
			names = s.values["respondent"].Strings()
		default:
			_, field, _ := cut(per)
			names = s.values[field].Strings()
		}
		if len(names) == 0 {
			continue
		}
		var more []key
		for _, k := range keys {
			for _, n := range names {
				k := k
				if per == "document" {
					k.doc = n
				} else {
					k.respondent = n
				}
				more = append(more, k)
			}
		}
		keys = more
	}
	for _, k := range keys {
		if !s.addressed(k) {
			continue
		}
		ev.Days = append(ev.Days, DaySet{Fact: id, Key: k.String(), Day: day, Raw: raw})
	}
	return faults
}

func cut(s string) (FormID, FieldID, bool) {
	r := ref(s)
	return r.Form, r.Field, r.Form != ""
}

// leave asks whether the main walk may go where the event takes it, and puts side walks to rest where it may.
func (s *scope) leave(ev *Event, sp spot) []Condition {
	to := ev.MovesMain
	if sp.def.ID == Main {
		to = ev.To
	}
	if to == "" || len(s.c.Walks) == 0 {
		return nil
	}
	main := s.ed.Def.Main.State(to)
	if main == nil {
		return nil
	}
	old := s.ed.Def.Main.State(s.c.Main())
	if main.End && (old == nil || !old.End) {
		ev.Ends = true
	}
	var cs []Condition
	for _, w := range s.c.Walks[1:] {
		def := s.ed.Def.Walk(w.Def)
		st := def.State(w.State)
		if w.ID == ev.Walk || st == nil || def.resting(st) {
			continue
		}
		open := Condition{Code: SideWalkOpen, Args: Args{"walk": string(w.Def), "title": def.Title.ZH, "state": string(w.State)}, Law: sp.act.Law}
		switch {
		case main.End && st.Holds:
			cs = append(cs, open)
		case ev.MovesMain != "":
			if ev.Rests == nil {
				ev.Rests = map[WalkID]StateID{}
			}
			ev.Rests[w.ID] = def.States[0].ID
		case !def.Lives(main):
			cs = append(cs, open)
		}
	}
	return cs
}

// number gives the case its intake or case number.
func (t *turn) number(s *scope, sp spot, ev *Event) error {
	kind := sp.act.Number
	if kind == "" || s.c.Numbers[kind] != "" {
		return nil
	}
	text, err := t.printed(s, kind, ev)
	if err != nil {
		return err
	}
	ev.Numbers = map[string]string{kind: text}
	s.c.Numbers = written(s.c.Numbers)
	s.c.Numbers[kind] = text
	return nil
}

// printed takes the next number of a kind and prints it by the office's template.
func (t *turn) printed(s *scope, kind string, ev *Event) (string, error) {
	year, _, _ := s.day.YMD()
	flow := string(s.ed.Def.ID)
	setting := func(names ...string) string {
		for _, n := range names {
			if v := t.office.Text(n, s.day); v != "" {
				return v
			}
		}
		return ""
	}
	word := setting("word/"+flow, "word")
	typ := setting("type/"+flow+"/"+kind, "type/"+kind)
	if typ == "" {
		typ = kind
	}
	counter := "number/" + word + typ + "/" + itoa(year)
	n, err := t.next(counter)
	if err != nil {
		return "", err
	}
	ev.Counted = append(ev.Counted, Count{counter, n})
	template := setting("number/"+flow+"/"+kind, "number/"+kind, "number")
	if template == "" {
		template = "{word}{type}〔{year}〕{n}号"
	}
	return fillTemplate(template, map[string]string{"word": word, "type": typ, "year": itoa(year), "n": itoa(int(n) + t.office.paperNumbers(typ, year))}), nil
}

// issue freezes the papers that the action issues: number, code, day. Their bytes are drawn after the decision.
func (t *turn) issue(s *scope, sp spot, ev *Event) error {
	work := s.c
	n := len(work.Issued)
	for _, id := range sp.act.Issues {
		for i := range work.Papers {
			p := &work.Papers[i]
			if p.Form != id || !p.Open || p.Walk != sp.id {
				continue
			}
			n++
			d := Issued{N: n, P: p.P, Form: id, Day: s.day, Seq: ev.Seq, Code: secret.Code(int64(s.c.ID), int64(n))}
			switch kind := s.ed.Forms[id].Number; kind {
			case "", "case":
				d.Number = work.Number()
			default:
				text, err := t.printed(s, kind, ev)
				if err != nil {
					return err
				}
				d.Number = text
			}
			ev.Issued = append(ev.Issued, d)
		}
	}
	return nil
}
