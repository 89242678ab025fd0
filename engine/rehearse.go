package engine

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dossier/engine/calendar"
)

// KindBegun is the record that a case begun on paper was taken over. Its id is the [Begun.Key]; it never expires, so that
// the same row taken over again makes no second case.
const KindBegun = "begun"

// Begun is a case begun on paper, told at once: what its opening knew, and where it stands.
type Begun struct {
	Workflow WorkflowID
	Actor    PersonID
	Received calendar.Date // the day of the opening
	Opening  Values        // of [PaperForm.Opening]
	At       Values        // of open-at: state, facts, numbers, officers, in-charge
	Files    []Upload      // its scans
	Key      string        // what tells this case from every other: a hash of all that is told; "" asks nothing
}

// Rehearsal is what taking over a case begun on paper would bring, or why it can't be.
//
// The paths of Err's fields are "received", a field of the opening ("employer", "workers[2].owed"), "state",
// "facts.FACT", "numbers.KIND", "officers" and "in-charge".
type Rehearsal struct {
	Err     *Error
	Prior   CaseID // the case that was made of the very same before; nothing is done again
	State   Label
	Ended   bool
	Clocks  []Running
	Similar []Row // open cases of the same party
}

type begunRow struct {
	Case CaseID `json:"case"`
	Body string `json:"body,omitempty"` // a hash of what was told with the key
}

// body is a hash of all that is told, but for who tells it.
func (b Begun) body() string {
	return bodyOf(Command{Workflow: b.Workflow, Day: b.Received, Values: Values{"opening": {Text: digest(b.Opening)}, "at": {Text: digest(b.At)}}, Files: b.Files})
}

func digest(v Values) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// Rehearse tries each of the cases without keeping anything: everything that is wrong with each is told at once, a number
// or a whole case that stands twice among them too.
func (e *Engine) Rehearse(ctx context.Context, all []Begun) ([]Rehearsal, error) {
	out := make([]Rehearsal, len(all))
	keys, numbers := map[string]int{}, map[string]int{}
	for i, b := range all {
		r := &out[i]
		prior, err := e.prior(b.Key)
		if err != nil {
			return nil, err
		}
		if r.Prior = prior.Case; prior.Case != 0 {
			continue
		}
		t := e.turn()
		d, err := e.decideBegun(t, b)
		bad := As(err)
		if err != nil && (bad == nil || len(bad.Conditions)+len(bad.Fields) == 0) { // not of this row: who may not, may not take over any
			return nil, e.named(err, Command{Workflow: b.Workflow})
		}
		if bad == nil {
			bad = &Error{}
		}
		if first, twice := keys[b.Key]; twice && b.Key != "" {
			bad.Conditions = append(bad.Conditions, Condition{Code: "same-row", Args: Args{"n": strconv.Itoa(first + 1)}})
			bad.Code = ConditionUnmet
		}
		keys[b.Key] = i
		for kind, n := range told(b.At["numbers"], "kind", "number") {
			if _, twice := numbers[kind+n]; twice {
				bad.Fields = append(bad.Fields, FieldFault{"numbers." + kind, FieldInvalid, "field.number-twice", Args{"number": n}})
			}
			numbers[kind+n] = i
		}
		bad.ed = e.Workflow(b.Workflow)
		if bad.Code == "" {
			bad = bad.settle()
		}
		if r.Err = bad; bad != nil {
			continue
		}
		s := newScope(d.ed, t.office, d.c, t.today, t.today)
		r.Clocks, r.Ended = s.clocks(), d.c.Ended != 0
		if st := d.ed.Def.Main.State(d.c.Main()); st != nil {
			r.State = st.Title
		}
		if r.Similar, err = e.Similar(ctx, b.Actor, b.Workflow, d.c.Shared["employer"].Text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Begin takes over a case begun on paper: it is opened and put where it stands in one commit, or refused with an *Error
// as [Engine.Rehearse] tells it. A key that came before answers the case that it made.
func (e *Engine) Begin(ctx context.Context, b Begun) (*Outcome, error) {
	cmd := Command{Files: slices.Clone(b.Files)}
	if err := e.receive(&cmd); err != nil {
		return nil, err
	}
	b.Files = cmd.Files
	for try := 0; ; try++ {
		out, err := e.begin(ctx, b)
		var moved *Conflict
		if !errors.As(err, &moved) || try == 50 {
			return out, e.named(movedOn(err), Command{Workflow: b.Workflow})
		}
		if moved.What == "record" {
			if err := e.reloadOffice(); err != nil {
				return nil, err
			}
		}
	}
}

// begin is one pass.
func (e *Engine) begin(ctx context.Context, b Begun) (*Outcome, error) {
	e.deciding.RLock()
	defer e.deciding.RUnlock()
	prior, err := e.prior(b.Key)
	if err != nil {
		return nil, err
	}
	if prior.Case != 0 {
		if prior.Body != "" && prior.Body != b.body() {
			return nil, fail(KeyReused, nil)
		}
		d, err := e.read(prior.Case)
		if err != nil {
			return nil, err
		}
		if !d.ed.sees(e.Office(), d.c, b.Actor, e.Today()) {
			return nil, fail(Forbidden, Args{"who": e.Office().Name(b.Actor)})
		}
		return &Outcome{Case: d.c, Edition: d.ed, Replayed: true}, nil
	}
	t := e.turn()
	if _, err = e.decideBegun(t, b); err != nil {
		return nil, err
	}
	unlock := e.counters.lock(slices.Sorted(maps.Keys(t.taken)))
	defer unlock()
	t = e.turn()
	d, err := e.decideBegun(t, b)
	if err != nil {
		return nil, err
	}
	commit, err := e.seal([]*decided{d})
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(t.taken)) {
		commit.Counters = append(commit.Counters, CounterWrite{name, t.taken[name].read, t.taken[name].value})
	}
	if b.Key != "" {
		data, err := json.Marshal(begunRow{d.c.ID, b.body()})
		if err != nil {
			return nil, err
		}
		commit.Records = append(commit.Records, RecordWrite{Kind: KindBegun, ID: b.Key, Data: data})
	}
	if err := e.Store.Commit(ctx, *commit); err != nil {
		return nil, err
	}
	e.moved(d.c.ID)
	out := &Outcome{Case: d.c, Edition: d.ed}
	for _, ev := range d.events {
		out.Events = append(out.Events, *ev)
	}
	return out, nil
}

// prior is the case that was made under the key, 0 when none was.
func (e *Engine) prior(key string) (row begunRow, err error) {
	if key == "" {
		return row, nil
	}
	r, err := e.Store.Record(KindBegun, key)
	if errors.Is(err, ErrNotFound) {
		return row, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &row)
	}
	return row, err
}

// told are the rows of a table as one column by another.
func told(v Value, name, value FieldID) map[string]string {
	m := map[string]string{}
	for _, r := range v.Rows {
		if k, x := strings.TrimSpace(r[name]), strings.TrimSpace(r[value]); k != "" && x != "" {
			m[k] = x
		}
	}
	return m
}

// decideBegun decides the two events of a case begun on paper, its opening and where it stands, as one.
//
// Who takes it over is the one who may put a case where it stands (the second of the procedure's line, or those after);
// the opening asks for no other post, for it was done on paper. Nothing is issued: the paper is, and its scan is attached.
func (e *Engine) decideBegun(t *turn, b Begun) (*decided, error) {
	ed := e.Workflow(b.Workflow)
	if ed == nil {
		return nil, fail(NotFound, Args{"what": "procedure", "id": string(b.Workflow)})
	}
	bad := &Error{ed: ed}
	day := b.Received
	switch {
	case day == 0:
		bad.Fields = append(bad.Fields, FieldFault{"received", FieldInvalid, "field.required", Args{"field": ed.PaperForm().Received.ZH}})
		day = earliest(b.At["facts"], t.today)
	case day > t.today:
		bad.Fields = append(bad.Fields, FieldFault{"received", FactInFuture, "fact-in-future", Args{"day": day.String(), "today": t.today.String()}})
	}
	n, err := t.next(counterCase)
	if err != nil {
		return nil, err
	}
	first, opened, faults, err := t.opening(ed, b, CaseID(n), day)
	if err != nil {
		return nil, err
	}
	bad.Fields = append(bad.Fields, faults...)
	cmd := &Command{Case: CaseID(n), Action: "open-at", Actor: b.Actor, Values: b.At, Files: b.Files}
	after, second, err := t.builtin(ed, opened, cmd)
	if err != nil {
		x := As(err)
		if x == nil || len(x.Conditions)+len(x.Fields) == 0 {
			return nil, err
		}
		bad.Conditions = append(bad.Conditions, x.Conditions...)
		for _, f := range x.Fields {
			bad.Fields = append(bad.Fields, byName(f, b.At))
		}
	}
	taken, err := e.numbersTaken(b.At["numbers"], 0)
	if err != nil {
		return nil, err
	}
	bad.Fields = append(bad.Fields, taken...)
	if x := bad.settle(); x != nil {
		return nil, x
	}
	if len(b.Files) > 0 {
		attached(opened, second, *cmd)
		after = apply(ed, opened, second)
	}
	return &decided{ed: ed, c: after, events: []*Event{first, second}}, nil
}

// earliest is the first of the days that are told, else today.
func earliest(facts Value, today calendar.Date) calendar.Date {
	first := today
	for _, r := range facts.Rows {
		if d, err := calendar.Parse(r["day"]); err == nil {
			first = min(first, d)
		}
	}
	return first
}

// byName names a fault of open-at by the fact or the kind of number instead of its row.
func byName(f FieldFault, at Values) FieldFault {
	for field, column := range map[FieldID]FieldID{"facts": "name", "numbers": "kind"} {
		rest, ok := strings.CutPrefix(f.Path, string(field))
		switch i := rowAt(rest); {
		case !ok:
		case f.Args["id"] != "":
			f.Path += "." + f.Args["id"]
		case i >= 0 && i < len(at[field].Rows):
			f.Path = string(field) + "." + at[field].Rows[i][column]
		}
	}
	return f
}

// onRecord tells whether a case has this number.
func (e *Engine) onRecord(number string) (bool, error) {
	es, err := e.Store.Scan(Scan{Index: indexNumber, Prefix: number, Limit: 1})
	return len(es) > 0 && es[0].Key.Key == number, err
}

// numbersTaken tells which of the numbers another case than the one that tells them has.
func (e *Engine) numbersTaken(numbers Value, own CaseID) ([]FieldFault, error) {
	var bad []FieldFault
	by := told(numbers, "kind", "number")
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		es, err := e.Store.Scan(Scan{Index: indexNumber, Prefix: by[kind], Limit: 10})
		if err != nil {
			return nil, err
		}
		for _, en := range es {
			if en.Key.Key == by[kind] && atoi(en.ID) != int(own) {
				bad = append(bad, FieldFault{"numbers." + kind, FieldInvalid, "field.number-taken", Args{"number": by[kind], "case": en.ID}})
				break
			}
		}
	}
	return bad, nil
}

// opening decides the opening of a case begun on paper: its values are those of the case, its form is on file, not issued;
// where the case still stands at its opening and the form goes on being filled, it stays open.
func (t *turn) opening(ed *Edition, b Begun, id CaseID, day calendar.Date) (*Event, *Case, []FieldFault, error) {
	open := &ed.Def.Open
	c := &Case{ID: id, Workflow: ed.Def.ID, Walks: []WalkState{{ID: Main, Def: Main}}, Shared: Values{}}
	s := newScope(ed, t.office, c, day, t.today)
	s.act, s.walk, s.actor = open, Main, b.Actor
	r := &reader{s: s, missing: t.missing}
	values := r.begun(ed.PaperForm().Opening, b.Opening)
	fps, _ := s.parts(open)
	state := StateID(stateNamed(ed, b.At["state"].Text))
	r.required(ed, fps, state, values)

	as, _ := maySecond(t, s)
	ev := &Event{Schema: EventSchema, Case: id, Seq: 1, At: t.now, Actor: b.Actor, For: s.behalf, As: as, Action: open.ID, Walk: Main, Day: day,
		Calendar: t.office.Calendar.Version(), Open: &Opening{ed.Def.ID, ed.Def.Version, ed.Hash}, Shared: values}
	ev.Marks, _ = choose(s, open.Marks)
	var err error
	if ev.Papers, err = s.papers(fps, values, 0); err != nil {
		return nil, nil, nil, err
	}
	sp := spot{&ed.Def.Main, nil, open, Main, false}
	work := c.draft()
	work.Seq = 1
	work.fill(ed, ev)
	w := *s
	w.c = work
	numbers := told(b.At["numbers"], "kind", "number")
	if n := numbers[open.Number]; n != "" && open.Number != "" {
		ev.Numbers = map[string]string{open.Number: n}
	} else if err := t.number(&w, sp, ev); err != nil {
		return nil, nil, nil, err
	}
	if fs, ok := choose(&w, open.Fact); ok {
		for _, f := range fs {
			for _, fault := range w.setDay(ev, sp, f) {
				fault.Path = "received"
				r.faults = append(r.faults, fault)
			}
		}
	}
	ev.To, _ = choose(&w, open.To)
	for i := range ev.Papers {
		ev.Papers[i].Shut = state != ev.To || slices.Contains(open.Issues, ev.Papers[i].Form)
	}
	return ev, apply(ed, nil, ev), r.faults, nil
}

// stateNamed is the id of a state that is named by its id or its title.
func stateNamed(ed *Edition, name string) string {
	for _, st := range ed.PaperForm().States {
		if name == st.Value || name == st.Label.ZH {
			return st.Value
		}
	}
	return name
}

// begun reads what the opening of a case begun on paper knew.
func (r *reader) begun(fields []Field, given Values) Values {
	out := Values{}
	known := map[FieldID]bool{}
	for i := range fields {
		f := &fields[i]
		known[f.ID] = true
		if v := given[f.ID]; !v.Empty() {
			if p, ok := r.parse(string(f.ID), f, v); ok {
				v = p
			}
			out[f.ID] = v
		}
	}
	r.s.values = out
	for i := range fields {
		f := &fields[i]
		if v := out[f.ID]; v.Empty() {
			delete(out, f.ID)
		} else if !r.s.holds(f.When) {
			r.fault(string(f.ID), "field.unasked", Args{"field": f.Title.ZH})
		}
		r.among(f, out)
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !known[id] {
			r.fault(string(id), "field.unknown", Args{"field": string(id)})
		}
	}
	return out
}

// required tells what is missing: the values that the opening's form, and the forms that every way to the state has
// filled, ask of every case. Lists of people and what is confidential may stay on paper.
func (r *reader) required(ed *Edition, fps []FormPart, state StateID, values Values) {
	fields := ed.PaperForm().Opening
	forms := map[FormID]bool{}
	for _, fp := range fps {
		forms[fp.Form] = true
	}
	for _, fp := range ed.Def.Open.blanks() {
		if st := ed.Def.Main.State(state); st != nil && !st.End && ed.Def.behind(state, func(a *Action) bool { return a != &ed.Def.Open && a.fills(fp.Form) }) {
			forms[fp.Form] = true
		}
	}
	for i := range fields {
		f := &fields[i]
		if !values[f.ID].Empty() || f.Secret || f.Type == Table || !r.s.holds(f.When) {
			continue
		}
		for id := range forms {
			if x := ed.Forms[id].Field(f.ID); x != nil && x.Required && r.s.holds(x.When) {
				r.fault(string(f.ID), "field.required", Args{"field": f.Title.ZH})
				break
			}
		}
	}
}
